//! Tokens pulled at every moment, slow ones, broken ones, and several threads at once.

use std::thread;
use std::time::{Duration, Instant};

use cryptoki_sys::*;

use crate::client::{Client, QUICK, Value, call, len, number, octets, of, plain, truth};
use crate::signatures::CURVES;

/// A signing sequence as a client does it; says at which call it failed.
fn sequence(client: &Client) -> Result<Vec<u8>, CK_RV> {
    let session = client.open(0)?;
    client.login(session, CKU_USER, crate::client::USER_PIN)?;
    let wanted = [number(CKA_CLASS, CKO_PRIVATE_KEY)];
    let key = *client.find(session, &wanted)?.first().ok_or(CKR_OBJECT_HANDLE_INVALID)?;
    let curve = &CURVES[0];
    call!(client, C_SignInit(session, &mut plain(curve.hashing()), key))?;
    call!(client, C_SignUpdate(session, of(b"message"), 7))?;
    let (mut out, mut length) = (vec![0; 64], 64);
    call!(client, C_SignFinal(session, out.as_mut_ptr(), &raw mut length))?;
    client.logout(session)?;
    client.close(session)?;
    Ok(out)
}

#[test]
fn a_token_pulled_at_any_call_says_so_and_loses_nothing() {
    let (client, session) = Client::ready();
    let private = [truth(CKA_TOKEN, true)];
    client
        .generate_pair(session, CKM_GOSTR3410_KEY_PAIR_GEN, &CURVES[0].public(), &private)
        .unwrap();
    client.close(session).unwrap();
    for moment in ["before", "after"] {
        let mut pulled = 0;
        for at in 1.. {
            client.control(&format!(r#"{{"remove": {{"call": {at}, "moment": "{moment}"}}}}"#));
            match sequence(&client) {
                Ok(_) => break,
                Err(code) => {
                    let typed = [CKR_DEVICE_REMOVED, CKR_TOKEN_NOT_PRESENT];
                    assert!(typed.contains(&code), "{moment} {at}: {code:#x}");
                    pulled += 1;
                }
            }
        }
        assert!(pulled >= 10, "{moment}: {pulled}");
        client.control("{}");
        sequence(&client).unwrap();
    }
}

#[test]
fn a_lost_session_says_so_once_and_is_no_more() {
    let (client, session) = Client::ready();
    client.control(r#"{"removed": [0]}"#);
    assert_eq!(client.find(session, &[]), Err(CKR_DEVICE_REMOVED));
    assert_eq!(client.find(session, &[]), Err(CKR_SESSION_HANDLE_INVALID));
    assert_eq!(client.open(0), Err(CKR_TOKEN_NOT_PRESENT));
    assert_eq!(client.token_info(0).map(drop), Err(CKR_TOKEN_NOT_PRESENT));
    assert_eq!((client.slots(CK_TRUE), client.slots(CK_FALSE)), (vec![], vec![0]));
    client.control("{}");
    assert_eq!(client.slots(CK_TRUE), [0]);
    let session = client.open(0).unwrap();
    assert_eq!(client.logout(session), Err(CKR_USER_NOT_LOGGED_IN));
}

#[test]
fn nobody_gives_orders_where_the_settings_do_not_let_them() {
    let client = Client::with_token(r#"{"iterations": 1}"#);
    client.control(r#"{"removed": [0], "fail": {"call": 1}}"#);
    client.token_info(0).unwrap();
    client.restart();
    assert_eq!(client.slots(CK_TRUE), [0]);
}

#[test]
fn a_token_comes_back_after_so_many_calls() {
    let client = Client::with_token(QUICK);
    client.control(r#"{"remove": {"call": 2, "back_after": 1}}"#);
    client.token_info(0).unwrap();
    assert_eq!(client.token_info(0).map(drop), Err(CKR_TOKEN_NOT_PRESENT));
    assert_eq!(client.token_info(0).map(drop), Err(CKR_TOKEN_NOT_PRESENT));
    client.token_info(0).unwrap();
}

#[test]
fn one_call_fails_as_ordered() {
    let client = Client::with_token(QUICK);
    client.control(r#"{"fail": {"call": 2}}"#);
    client.token_info(0).unwrap();
    assert_eq!(client.token_info(0).map(drop), Err(CKR_DEVICE_ERROR));
    client.token_info(0).unwrap();
    client.control(r#"{"fail": {"call": 1, "code": 512}, "note": "again"}"#);
    assert_eq!(client.token_info(0).map(drop), Err(CKR_FUNCTION_REJECTED));
}

#[test]
fn a_slow_token_takes_its_time() {
    let client = Client::with_token(QUICK);
    client.control(r#"{"delay": 30}"#);
    let begun = Instant::now();
    client.token_info(0).unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(30));
}

#[test]
fn comings_and_goings_are_told_once_each() {
    let client = Client::with_token(QUICK);
    let event = |flags| {
        let mut slot = 99;
        call!(client, C_WaitForSlotEvent(flags, &raw mut slot, std::ptr::null_mut())).map(|()| slot)
    };
    assert_eq!(event(CKF_DONT_BLOCK), Err(CKR_NO_EVENT));
    for orders in [r#"{"removed": [0]}"#, "{}"] {
        client.control(orders);
        assert_eq!(event(CKF_DONT_BLOCK), Ok(0));
        assert_eq!(event(CKF_DONT_BLOCK), Err(CKR_NO_EVENT));
    }
    thread::scope(|scope| {
        let control = client.folder.path().join("control.json");
        scope.spawn(move || std::fs::write(control, r#"{"removed": [0]}"#).unwrap());
        assert_eq!(event(0), Ok(0));
    });
}

#[test]
fn whoever_waits_is_told_that_the_module_ended() {
    let client = Client::with_token(QUICK);
    let functions = *client.functions();
    thread::scope(|scope| {
        let waiting = scope.spawn(move || {
            let mut slot = 0;
            let wait = functions.C_WaitForSlotEvent.unwrap();
            // SAFETY: there is room for a slot.
            unsafe { wait(0, &raw mut slot, std::ptr::null_mut()) }
        });
        client.restart();
        // Whether it began to wait before or after, it ends: the second module sees a removal.
        client.control(r#"{"removed": [0]}"#);
        assert!([CKR_OK, CKR_CRYPTOKI_NOT_INITIALIZED].contains(&waiting.join().unwrap()));
    });
}

#[test]
fn softhsm_waits_for_nobody_and_jacarta_hides_empty_slots() {
    let client = Client::new(r#"{"slots": [{"flavour": "softhsm"}]}"#);
    let mut slot = 0;
    assert_eq!(
        call!(client, C_WaitForSlotEvent(0, &raw mut slot, std::ptr::null_mut())),
        Err(CKR_FUNCTION_NOT_SUPPORTED)
    );
    drop(client);
    let slots = r#"[{"flavour": "jacarta"}, {"flavour": "rutoken"}]"#;
    let client = Client::new(&format!(r#"{{"misbehaves": true, "slots": {slots}}}"#));
    client.control(r#"{"removed": [0, 1]}"#);
    assert_eq!(client.slots(CK_FALSE), [1]);
}

#[test]
fn threads_work_side_by_side() {
    let (client, session) = Client::ready();
    let private = [truth(CKA_TOKEN, true)];
    let pair = client
        .generate_pair(session, CKM_GOSTR3410_KEY_PAIR_GEN, &CURVES[0].public(), &private)
        .unwrap();
    let functions = client.functions();
    thread::scope(|scope| {
        for number in 0..4_u8 {
            scope.spawn(move || work(functions, pair, number));
        }
    });
}

/// Signs, verifies, makes and destroys objects in a session of its own.
fn work(functions: &CK_FUNCTION_LIST, pair: (CK_OBJECT_HANDLE, CK_OBJECT_HANDLE), number: u8) {
    let worker = Worker(functions);
    let mut session = 0;
    let flags = CKF_SERIAL_SESSION | CKF_RW_SESSION;
    call!(worker, C_OpenSession(0, flags, std::ptr::null_mut(), None, &raw mut session)).unwrap();
    for round in 0..20 {
        let digest = [number ^ round; 32];
        let (mut out, mut length) = ([0; 64], 64);
        call!(worker, C_SignInit(session, &mut plain(CKM_GOSTR3410), pair.1)).unwrap();
        call!(worker, C_Sign(session, of(&digest), 32, out.as_mut_ptr(), &raw mut length)).unwrap();
        call!(worker, C_VerifyInit(session, &mut plain(CKM_GOSTR3410), pair.0)).unwrap();
        call!(worker, C_Verify(session, of(&digest), 32, of(&out), len(&out))).unwrap();
        let template: [Value; 2] =
            [crate::client::number(CKA_CLASS, CKO_DATA), octets(CKA_LABEL, &[number])];
        let mut template = crate::client::attributes(&template);
        let mut object = 0;
        call!(worker, C_CreateObject(session, template.as_mut_ptr(), 2, &raw mut object)).unwrap();
        call!(worker, C_DestroyObject(session, object)).unwrap();
    }
    call!(worker, C_CloseSession(session)).unwrap();
}

struct Worker<'a>(&'a CK_FUNCTION_LIST);

impl Worker<'_> {
    fn functions(&self) -> &CK_FUNCTION_LIST {
        self.0
    }
}
