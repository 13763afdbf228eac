//! PINs: lengths, wrong tries, locks, and who may unlock.

use cryptoki_sys::*;

use crate::client::{Client, QUICK, SO_PIN, USER_PIN};

#[test]
fn fifteen_wrong_pins_lock_as_the_policy_says() {
    let client = Client::with_token(
        r#"{"iterations": 1, "slots": [{"user_pin": {"shortest": 6, "longest": 32, "tries": 10}}]}"#,
    );
    let session = client.open(0).unwrap();
    for wrong in 1..=15 {
        let expected = if wrong <= 10 { CKR_PIN_INCORRECT } else { CKR_PIN_LOCKED };
        assert_eq!(client.login(session, CKU_USER, b"wrong-pin"), Err(expected), "try {wrong}");
        let flags = client.token_info(0).unwrap().flags;
        assert_eq!(flags & CKF_USER_PIN_COUNT_LOW, CKF_USER_PIN_COUNT_LOW, "try {wrong}");
        assert_eq!(flags & CKF_USER_PIN_FINAL_TRY != 0, wrong == 9, "try {wrong}");
        assert_eq!(flags & CKF_USER_PIN_LOCKED != 0, wrong >= 10, "try {wrong}");
    }
    assert_eq!(client.login(session, CKU_USER, USER_PIN), Err(CKR_PIN_LOCKED));
}

#[test]
fn wrong_tries_outlive_the_process_and_end_with_a_right_one() {
    let client = Client::with_token(QUICK);
    for _ in 0..9 {
        let session = client.open(0).unwrap();
        assert_eq!(client.login(session, CKU_USER, b"wrong-pin"), Err(CKR_PIN_INCORRECT));
        client.restart();
    }
    let last = client.token_info(0).unwrap().flags & CKF_USER_PIN_FINAL_TRY;
    assert_eq!(last, CKF_USER_PIN_FINAL_TRY);
    client.user_session();
    let pins = CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED;
    assert_eq!(client.token_info(0).unwrap().flags & pins, 0);
}

#[test]
fn the_officer_unlocks_with_a_new_pin_and_the_keys_are_still_there() {
    let (client, session) = Client::ready();
    let secret = crate::objects::data(&client, session, b"kept");
    client.close(session).unwrap();
    let session = client.open(0).unwrap();
    for _ in 0..10 {
        assert_eq!(client.login(session, CKU_USER, b"wrong-pin"), Err(CKR_PIN_INCORRECT));
    }
    assert_eq!(client.login(session, CKU_USER, USER_PIN), Err(CKR_PIN_LOCKED));
    client.login(session, CKU_SO, SO_PIN).unwrap();
    client.init_pin(session, b"another-pin").unwrap();
    client.logout(session).unwrap();
    assert_eq!(client.login(session, CKU_USER, USER_PIN), Err(CKR_PIN_INCORRECT));
    client.login(session, CKU_USER, b"another-pin").unwrap();
    assert_eq!(client.get(session, secret, CKA_VALUE).unwrap(), b"kept");
}

#[test]
fn the_officer_is_locked_too_and_cannot_be_got_round_by_a_new_token() {
    let client = Client::with_token(QUICK);
    for _ in 0..10 {
        assert_eq!(client.init_token(0, b"wrong-pin"), Err(CKR_PIN_INCORRECT));
    }
    let flags = client.token_info(0).unwrap().flags;
    assert_eq!(flags & CKF_SO_PIN_LOCKED, CKF_SO_PIN_LOCKED);
    assert_eq!(client.init_token(0, SO_PIN), Err(CKR_PIN_LOCKED));
    let session = client.open(0).unwrap();
    assert_eq!(client.login(session, CKU_SO, SO_PIN), Err(CKR_PIN_LOCKED));
}

#[test]
fn lengths_are_those_the_token_names() {
    let client = Client::with_token(QUICK);
    let info = client.token_info(0).unwrap();
    assert_eq!((info.ulMinPinLen, info.ulMaxPinLen), (6, 255));
    let session = client.user_session();
    for bad in [&b"12345"[..], &[b'1'; 256]] {
        assert_eq!(client.set_pin(session, USER_PIN, bad), Err(CKR_PIN_LEN_RANGE));
    }
    client.set_pin(session, USER_PIN, "шесть6".as_bytes()).unwrap();
    client.logout(session).unwrap();
    client.login(session, CKU_USER, "шесть6".as_bytes()).unwrap();
    assert_eq!(client.set_pin(session, USER_PIN, b"123456"), Err(CKR_PIN_INCORRECT));
}

#[test]
fn before_the_pin_is_set_there_is_no_user() {
    let client = Client::new(QUICK);
    assert_eq!(client.token_info(0).unwrap().flags & CKF_TOKEN_INITIALIZED, 0);
    assert_eq!(client.open(0), Err(CKR_TOKEN_NOT_RECOGNIZED));
    assert_eq!(client.init_token(0, b"123"), Err(CKR_PIN_LEN_RANGE));
    client.init_token(0, SO_PIN).unwrap();
    let session = client.open(0).unwrap();
    assert_eq!(client.login(session, CKU_USER, USER_PIN), Err(CKR_USER_PIN_NOT_INITIALIZED));
    assert_eq!(client.init_pin(session, USER_PIN), Err(CKR_USER_NOT_LOGGED_IN));
    let flags = client.token_info(0).unwrap().flags;
    assert_eq!(flags & CKF_USER_PIN_INITIALIZED, 0);
}

#[test]
fn tokens_like_softhsm_never_lock() {
    let client = Client::with_token(r#"{"iterations": 1, "slots": [{"flavour": "softhsm"}]}"#);
    let session = client.open(0).unwrap();
    for _ in 0..15 {
        assert_eq!(client.login(session, CKU_USER, b"wrong-pin"), Err(CKR_PIN_INCORRECT));
        let flags = client.token_info(0).unwrap().flags;
        assert_eq!(flags & CKF_USER_PIN_COUNT_LOW, CKF_USER_PIN_COUNT_LOW);
        assert_eq!(flags & (CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED), 0);
    }
    client.login(session, CKU_USER, USER_PIN).unwrap();
}

#[test]
fn no_pin_and_no_private_object_is_on_disk() {
    let (client, session) = Client::ready();
    crate::objects::data(&client, session, b"a secret of the user");
    let folder = client.folder.path().join("slot-0");
    for entry in std::fs::read_dir(folder).unwrap() {
        let octets = std::fs::read(entry.unwrap().path()).unwrap();
        for secret in [USER_PIN, SO_PIN, b"a secret of the user"] {
            assert!(!octets.windows(secret.len()).any(|window| window == secret));
        }
    }
}
