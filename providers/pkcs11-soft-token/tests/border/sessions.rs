//! Initialising, slots, sessions, and who is logged in.

use std::ptr::null_mut;

use cryptoki_sys::*;

use crate::client::{Client, QUICK, SO_PIN, USER_PIN, call, len, of};

#[test]
fn a_process_initialises_once() {
    let client = Client::new(QUICK);
    assert_eq!(call!(client, C_Initialize(null_mut())), Err(CKR_CRYPTOKI_ALREADY_INITIALIZED));
    call!(client, C_Finalize(null_mut())).unwrap();
    assert_eq!(call!(client, C_Finalize(null_mut())), Err(CKR_CRYPTOKI_NOT_INITIALIZED));
    let mut count = 0;
    assert_eq!(
        call!(client, C_GetSlotList(CK_FALSE, null_mut(), &raw mut count)),
        Err(CKR_CRYPTOKI_NOT_INITIALIZED)
    );
    call!(client, C_Initialize(null_mut())).unwrap();
}

#[test]
fn locks_are_the_systems_or_none() {
    extern "C" fn create(_: *mut *mut std::ffi::c_void) -> CK_RV {
        CKR_OK
    }
    extern "C" fn act(_: *mut std::ffi::c_void) -> CK_RV {
        CKR_OK
    }
    let client = Client::new(QUICK);
    call!(client, C_Finalize(null_mut())).unwrap();
    let own = CK_C_INITIALIZE_ARGS {
        CreateMutex: Some(create),
        DestroyMutex: Some(act),
        LockMutex: Some(act),
        UnlockMutex: Some(act),
        flags: 0,
        pReserved: null_mut(),
    };
    let half = CK_C_INITIALIZE_ARGS { UnlockMutex: None, ..own };
    for (arguments, expected) in [
        (own, Err(CKR_CANT_LOCK)),
        (half, Err(CKR_ARGUMENTS_BAD)),
        (CK_C_INITIALIZE_ARGS { flags: CKF_OS_LOCKING_OK, ..own }, Ok(())),
    ] {
        let mut arguments = arguments;
        assert_eq!(call!(client, C_Initialize((&raw mut arguments).cast())), expected);
    }
}

#[test]
fn settings_that_are_not_understood_are_refused() {
    let client = Client::new(QUICK);
    call!(client, C_Finalize(null_mut())).unwrap();
    let file = client.folder.path().join("settings.json");
    for bad in ["{", r#"{"slot": []}"#, r#"{"slots": []}"#, r#"{"iterations": 0}"#] {
        std::fs::write(&file, bad).unwrap();
        assert_eq!(call!(client, C_Initialize(null_mut())), Err(CKR_GENERAL_ERROR), "{bad}");
    }
    std::fs::remove_file(&file).unwrap();
    call!(client, C_Initialize(null_mut())).unwrap();
    assert_eq!(client.slots(CK_TRUE), [0]);
}

#[test]
fn states_are_those_of_the_standard() {
    let client = Client::with_token(QUICK);
    let state = |session| {
        let mut info = CK_SESSION_INFO::default();
        call!(client, C_GetSessionInfo(session, &raw mut info)).unwrap();
        info.state
    };
    let reading = client.open_with(0, CKF_SERIAL_SESSION).unwrap();
    let writing = client.open(0).unwrap();
    assert_eq!((state(reading), state(writing)), (CKS_RO_PUBLIC_SESSION, CKS_RW_PUBLIC_SESSION));
    assert_eq!(client.login(writing, CKU_SO, SO_PIN), Err(CKR_SESSION_READ_ONLY_EXISTS));
    client.login(writing, CKU_USER, USER_PIN).unwrap();
    assert_eq!((state(reading), state(writing)), (CKS_RO_USER_FUNCTIONS, CKS_RW_USER_FUNCTIONS));
    assert_eq!(client.login(reading, CKU_USER, USER_PIN), Err(CKR_USER_ALREADY_LOGGED_IN));
    assert_eq!(client.login(reading, CKU_SO, SO_PIN), Err(CKR_USER_ANOTHER_ALREADY_LOGGED_IN));
    client.logout(reading).unwrap();
    assert_eq!(client.logout(reading), Err(CKR_USER_NOT_LOGGED_IN));
    client.close(reading).unwrap();
    client.login(writing, CKU_SO, SO_PIN).unwrap();
    assert_eq!(state(writing), CKS_RW_SO_FUNCTIONS);
    assert_eq!(client.open_with(0, CKF_SERIAL_SESSION), Err(CKR_SESSION_READ_WRITE_SO_EXISTS));
}

#[test]
fn the_last_session_logs_out() {
    let (client, session) = Client::ready();
    client.close(session).unwrap();
    assert_eq!(client.close(session), Err(CKR_SESSION_HANDLE_INVALID));
    let session = client.open(0).unwrap();
    assert_eq!(client.logout(session), Err(CKR_USER_NOT_LOGGED_IN));
    assert_eq!(client.init_token(0, SO_PIN), Err(CKR_SESSION_EXISTS));
    call!(client, C_CloseAllSessions(0)).unwrap();
    client.init_token(0, SO_PIN).unwrap();
}

#[test]
fn bad_pointers_and_lengths_are_refused() {
    let (client, session) = Client::ready();
    assert_eq!(call!(client, C_GetInfo(null_mut())), Err(CKR_ARGUMENTS_BAD));
    assert_eq!(
        call!(client, C_GetSlotList(CK_TRUE, null_mut(), null_mut())),
        Err(CKR_ARGUMENTS_BAD)
    );
    assert_eq!(call!(client, C_GenerateRandom(session, null_mut(), 8)), Err(CKR_ARGUMENTS_BAD));
    assert_eq!(
        call!(client, C_GenerateRandom(session, of(b"x"), CK_ULONG::MAX)),
        Err(CKR_ARGUMENTS_BAD)
    );
    assert_eq!(call!(client, C_SignInit(session, null_mut(), 1)), Err(CKR_ARGUMENTS_BAD));
    assert_eq!(call!(client, C_FindObjectsInit(session, null_mut(), 1)), Err(CKR_ARGUMENTS_BAD));
}

#[test]
fn random_octets_differ() {
    let (client, session) = Client::ready();
    let mut drawn = [[0; 32]; 2];
    for out in &mut drawn {
        call!(client, C_GenerateRandom(session, out.as_mut_ptr(), len(out))).unwrap();
    }
    assert_ne!(drawn[0], drawn[1]);
    assert_ne!(drawn[0], [0; 32]);
}

#[test]
fn every_mechanism_listed_has_its_information() {
    let client = Client::new(QUICK);
    let mut count = 0;
    call!(client, C_GetMechanismList(0, null_mut(), &raw mut count)).unwrap();
    let mut all = vec![0; count as usize];
    call!(client, C_GetMechanismList(0, all.as_mut_ptr(), &raw mut count)).unwrap();
    for mechanism in all {
        let mut info = CK_MECHANISM_INFO::default();
        call!(client, C_GetMechanismInfo(0, mechanism, &raw mut info)).unwrap();
        assert_ne!(info.flags, 0, "{mechanism:#x}");
    }
    let mut info = CK_MECHANISM_INFO::default();
    assert_eq!(
        call!(client, C_GetMechanismInfo(0, CKM_RSA_PKCS, &raw mut info)),
        Err(CKR_MECHANISM_INVALID)
    );
}
