//! The provider over our soft token: GOST on every curve, agreement, lock-out, loss at every call.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[path = "support/process.rs"]
mod process;
#[path = "support/soft_token.rs"]
mod soft_token;

use std::path::Path;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use gost_ca::oid::Oid;
use gost_ca::provider::key_store::{Access, CarrierId, KeyAlgorithm, KeyId, KeySpec, Message};
use gost_ca::provider::verifier::Check;
use gost_ca::provider::{ErrorKind, KeyStore, Result, Signer, Verifier, WritableKeyStore};
use gost_ca::secret::Secret;
use gost_ca_conformance as conformance;
use gost_ca_pkcs11::token_info::Tries;
use gost_ca_pkcs11::{Quirks, Settings, TokenEvent, TokenKeyStore};
use gost_ca_software::{GostVerifier, SystemRng};

use process::apart;
use soft_token::{OFFICER, PIN, order, slot, store};

/// The kit's checks of containers' passwords, which tokens have not.
const PASSWORDS: usize = 5;

async fn conforms(quirks: Option<Quirks>, name: &str) {
    let (store, _) = store(Settings::default(), quirks).await;
    assert_eq!(Quirks::of(&store.tokens().await.unwrap()[0].1).name, name);
    let report = conformance::key_store(Arc::new(store), Arc::new(GostVerifier)).await;
    report.assert_conformant(&[]);
    assert_eq!(report.skipped().len(), PASSWORDS, "{report}");
}

#[test]
fn keeps_its_promises() {
    apart(
        "keeps_its_promises",
        |folder| slot(folder, "plain"),
        async |_| {
            conforms(None, "soft-token").await;
        },
    );
}

#[test]
fn keeps_its_promises_as_softhsm() {
    apart(
        "keeps_its_promises_as_softhsm",
        |folder| slot(folder, "softhsm"),
        async |_| {
            conforms(None, "softhsm").await;
        },
    );
}

#[test]
fn keeps_its_promises_as_rutoken() {
    apart(
        "keeps_its_promises_as_rutoken",
        |folder| slot(folder, "rutoken"),
        async |_| {
            conforms(None, "rutoken").await;
        },
    );
}

#[test]
fn keeps_its_promises_as_jacarta() {
    apart(
        "keeps_its_promises_as_jacarta",
        |folder| slot(folder, "jacarta"),
        async |_| {
            conforms(None, "jacarta").await;
        },
    );
}

#[test]
fn keeps_its_promises_when_the_token_hashes() {
    let name = "keeps_its_promises_when_the_token_hashes";
    apart(
        name,
        |folder| slot(folder, "plain"),
        async |_| {
            let quirks = r#"{"name": "own", "hashing": "token", "hardware": false}"#;
            conforms(Some(Quirks::from_json(quirks).unwrap()), "soft-token").await;
        },
    );
}

/// A profile that is wrong about the private template is put right by the token's refusal.
#[test]
fn a_refused_template_is_tried_the_other_way() {
    let name = "a_refused_template_is_tried_the_other_way";
    apart(
        name,
        |folder| slot(folder, "softhsm"),
        async |_| {
            let quirks = r#"{"name": "wrong", "params_in_private_template": true}"#;
            let quirks = Quirks::from_json(quirks).unwrap();
            let (store, carrier) = store(Settings::default(), Some(quirks)).await;
            make(&store, &carrier, "k").await.unwrap();
        },
    );
}

#[test]
fn wrong_pins_lock_as_the_policy_says_and_the_last_try_is_told() {
    let name = "wrong_pins_lock_as_the_policy_says_and_the_last_try_is_told";
    apart(
        name,
        |folder| slot(folder, "plain"),
        async |_| {
            let (owner, carrier) = store(Settings::default(), None).await;
            drop(make(&owner, &carrier, "k").await.unwrap());
            drop(owner);
            // The owner is away: nobody puts the count right.
            let store = TokenKeyStore::new(Settings::default(), gost_ca_pkcs11::PinSource::none())
                .with_module("soft", soft_token::module())
                .unwrap();
            let key = KeyId { carrier: carrier.clone(), container: "k".into() };
            let wrong = || Access::Existing(Secret::from("00000000"));
            let tries = async || store.tokens().await.unwrap()[0].1.tries;
            for number in 1..=15 {
                let error = store.open(&key, &wrong()).await.unwrap_err();
                let (kind, left) = match number {
                    1..=8 => (ErrorKind::Denied { tries_left: None }, Tries::Fewer),
                    9 => (ErrorKind::Denied { tries_left: Some(1) }, Tries::Last),
                    _ => (ErrorKind::Locked, Tries::None),
                };
                assert_eq!((error.kind(), tries().await), (&kind, left), "wrong PIN {number}");
            }
            let right = Access::Existing(Secret::from(PIN));
            let locked = store.open(&key, &right).await.unwrap_err();
            assert_eq!(locked.kind(), &ErrorKind::Locked);
            let new = Secret::from("новый пин");
            store.unblock(&carrier, &Secret::from(OFFICER), &new).await.unwrap();
            assert_eq!(tries().await, Tries::All);
            store.open(&key, &Access::Existing(new)).await.unwrap();
        },
    );
}

/// Opening and signing, with the token pulled at every call in turn, before and after it is done.
#[test]
fn a_token_pulled_at_any_call_of_a_signature_loses_nothing() {
    let name = "a_token_pulled_at_any_call_of_a_signature_loses_nothing";
    apart(
        name,
        |folder| slot(folder, "plain"),
        async |folder| {
            let (store, carrier) = store(Settings::default(), Some(one_session())).await;
            let signer = make(&store, &carrier, "k").await.unwrap();
            for moment in ["before", "after"] {
                let sign = async || signs(signer.as_ref()).await;
                let calls = pulled(folder, moment, sign).await;
                assert!(calls >= 2, "{calls} calls of a signature, {moment}");
                let open = async || {
                    let key = KeyId { carrier: carrier.clone(), container: "k".into() };
                    let opened = store.open(&key, &Access::Existing(Secret::from(PIN))).await?;
                    signs(opened.as_ref()).await
                };
                let calls = pulled(folder, moment, open).await;
                assert!(calls >= 5, "{calls} calls of opening and signing, {moment}");
            }
            assert_eq!(store.keys(&carrier).await.unwrap().len(), 1);
        },
    );
}

/// Making a key: what was in doubt is there whole and can be deleted, or its name is free.
#[test]
fn a_token_pulled_at_any_call_of_a_generation_leaves_no_half_key() {
    let name = "a_token_pulled_at_any_call_of_a_generation_leaves_no_half_key";
    apart(
        name,
        |folder| slot(folder, "plain"),
        async |folder| {
            let (store, carrier) = store(Settings::default(), Some(one_session())).await;
            for moment in ["before", "after"] {
                let key = KeyId { carrier: carrier.clone(), container: "doubtful".into() };
                let generate = async || {
                    // What the last try made in doubt.
                    match store.delete(&key, &Access::Prompted).await {
                        Err(error) if *error.kind() != ErrorKind::NotFound => Err(error),
                        _ => signs(make(&store, &carrier, "doubtful").await?.as_ref()).await,
                    }
                };
                let calls = pulled(folder, moment, generate).await;
                assert!(calls >= 5, "{calls} calls of a generation, {moment}");
                let keys = store.keys(&carrier).await.unwrap();
                assert_eq!(keys.len(), 1, "{moment}");
                store.delete(&keys[0].id, &Access::Prompted).await.unwrap();
            }
        },
    );
}

/// Deleting: again until it is gone.
#[test]
fn a_token_pulled_at_any_call_of_a_deletion_leaves_nothing_in_the_end() {
    let name = "a_token_pulled_at_any_call_of_a_deletion_leaves_nothing_in_the_end";
    apart(
        name,
        |folder| slot(folder, "plain"),
        async |folder| {
            let (store, carrier) = store(Settings::default(), Some(one_session())).await;
            for call in 1..40 {
                order(folder, "{}");
                drop(make(&store, &carrier, "k").await.unwrap());
                order(folder, &format!(r#"{{"remove": {{"call": {call}, "moment": "after"}}}}"#));
                let key = KeyId { carrier: carrier.clone(), container: "k".into() };
                if let Err(error) = store.delete(&key, &Access::Prompted).await {
                    assert_eq!(error.kind(), &ErrorKind::Unavailable, "{error} at {call}");
                }
                order(folder, r#"{"note": "put in again"}"#);
                match store.delete(&key, &Access::Prompted).await {
                    Ok(()) => {}
                    Err(error) => {
                        assert_eq!(error.kind(), &ErrorKind::NotFound, "{error} at {call}");
                    }
                }
                assert!(store.keys(&carrier).await.unwrap().is_empty(), "call {call}");
            }
        },
    );
}

/// A token that was away for a moment: the signature is made all the same.
#[test]
fn a_short_loss_is_not_even_seen() {
    apart(
        "a_short_loss_is_not_even_seen",
        |folder| slot(folder, "plain"),
        async |folder| {
            let (store, carrier) = store(Settings::default(), Some(one_session())).await;
            let signer = make(&store, &carrier, "k").await.unwrap();
            order(folder, r#"{"removed": [0]}"#);
            let error = signs(signer.as_ref()).await.unwrap_err();
            assert_eq!(error.kind(), &ErrorKind::Unavailable);
            order(folder, "{}");
            signs(signer.as_ref()).await.unwrap();
            // Pulled and back between two signatures: the old session is dead, and nobody notices.
            order(folder, r#"{"remove": {"call": 1, "back_after": 0}}"#);
            assert!(store.tokens().await.unwrap().is_empty());
            order(folder, r#"{"note": "back"}"#);
            signs(signer.as_ref()).await.unwrap();
        },
    );
}

#[test]
fn without_kept_pins_a_loss_closes_keys() {
    apart(
        "without_kept_pins_a_loss_closes_keys",
        |folder| slot(folder, "plain"),
        async |folder| {
            let settings = Settings { keeps_pins: false, ..Settings::default() };
            let (store, carrier) = store(settings, None).await;
            let signer = make(&store, &carrier, "k").await.unwrap();
            for seen in [true, false] {
                order(folder, r#"{"removed": [0]}"#);
                if seen {
                    signs(signer.as_ref()).await.unwrap_err();
                } else {
                    assert!(store.tokens().await.unwrap().is_empty());
                }
                order(folder, BUSY);
                for signed in by_both_sessions(signer.as_ref()).await {
                    let error = signed.unwrap_err();
                    assert_eq!(error.kind(), &ErrorKind::Denied { tries_left: None });
                }
                let key = KeyId { carrier: carrier.clone(), container: "k".into() };
                store.open(&key, &Access::Existing(Secret::from(PIN))).await.unwrap();
                for signed in by_both_sessions(signer.as_ref()).await {
                    signed.unwrap();
                }
            }
        },
    );
}

/// One session was never used before the loss, the other one does not know of it.
#[test]
fn a_loss_that_nobody_saw_is_made_good_in_both_sessions() {
    let name = "a_loss_that_nobody_saw_is_made_good_in_both_sessions";
    apart(
        name,
        |folder| slot(folder, "plain"),
        async |folder| {
            let (store, carrier) = store(Settings::default(), None).await;
            let signer = make(&store, &carrier, "k").await.unwrap();
            for _twice in 0..2 {
                order(folder, r#"{"removed": [0]}"#);
                assert!(store.tokens().await.unwrap().is_empty());
                order(folder, BUSY);
                for signed in by_both_sessions(signer.as_ref()).await {
                    signed.unwrap();
                }
            }
        },
    );
}

/// A token that was listed is away; one that never was is unknown.
#[test]
fn a_token_pulled_before_its_first_use_is_away() {
    apart(
        "a_token_pulled_before_its_first_use_is_away",
        |folder| slot(folder, "plain"),
        async |folder| {
            let (store, carrier) = store(Settings::default(), None).await;
            order(folder, r#"{"removed": [0]}"#);
            let away = store.keys(&carrier).await.unwrap_err();
            assert_eq!(away.kind(), &ErrorKind::Unavailable);
            let unknown = store.keys(&CarrierId("soft:none".into())).await.unwrap_err();
            assert_eq!(unknown.kind(), &ErrorKind::NotFound);
            order(folder, "{}");
            assert!(store.keys(&carrier).await.unwrap().is_empty());
        },
    );
}

#[test]
fn a_slow_device_keeps_nobody_waiting() {
    apart(
        "a_slow_device_keeps_nobody_waiting",
        |folder| slot(folder, "plain"),
        async |folder| {
            let settings =
                Settings { patience: Duration::from_millis(1500), ..Settings::default() };
            let (store, carrier) = store(settings, None).await;
            let signer = make(&store, &carrier, "k").await.unwrap();
            order(folder, r#"{"delay": 4000}"#);
            let begun = Instant::now();
            let error = signs(signer.as_ref()).await.unwrap_err();
            assert_eq!(error.kind(), &ErrorKind::Unavailable);
            assert!(begun.elapsed() < Duration::from_secs(4));
        },
    );
}

#[test]
fn tokens_that_come_and_go_are_told() {
    apart(
        "tokens_that_come_and_go_are_told",
        |folder| slot(folder, "plain"),
        async |folder| {
            let (store, carrier) = store(Settings::default(), None).await;
            let (sender, told) = mpsc::channel();
            let tell = move |event| drop(sender.send(event));
            let watcher = store.watch(Duration::from_millis(20), tell).unwrap();
            let next = || told.recv_timeout(Duration::from_secs(60)).unwrap();
            order(folder, r#"{"removed": [0]}"#);
            assert_eq!(next(), TokenEvent::Removed(carrier.clone()));
            order(folder, "{}");
            assert_eq!(next(), TokenEvent::Inserted(carrier));
            drop(watcher);
        },
    );
}

/// Runs an act with the token pulled at its first call, its second, until it is no longer disturbed; each time
/// the error is a typed one, and after the token is back the act is done. Gives the number of calls.
async fn pulled(folder: &Path, moment: &str, act: impl AsyncFn() -> Result<()>) -> u32 {
    for call in 1..200 {
        order(folder, &format!(r#"{{"remove": {{"call": {call}, "moment": "{moment}"}}}}"#));
        let disturbed = act().await;
        order(folder, &format!(r#"{{"note": "back after {call}"}}"#));
        act().await.unwrap_or_else(|error| panic!("after call {call}, {moment}: {error}"));
        match disturbed {
            Ok(()) => return call - 1,
            Err(error) => assert_eq!(error.kind(), &ErrorKind::Unavailable, "{error}, call {call}"),
        }
    }
    panic!("an act of 200 calls");
}

async fn signs(signer: &dyn Signer) -> Result<()> {
    let signature = signer.sign(Message::Bytes(b"message")).await?;
    let (key, algorithm) = (signer.public_key(), signer.algorithm());
    let check = Check { key, algorithm, message: b"message", signature: &signature };
    GostVerifier.verify(&check).unwrap();
    Ok(())
}

/// Two signatures at a time, while every call takes long enough for the other session to begin.
async fn by_both_sessions(signer: &dyn Signer) -> [Result<()>; 2] {
    let (one, other) = tokio::join!(signs(signer), signs(signer));
    [one, other]
}

const BUSY: &str = r#"{"delay": 20}"#;

/// So that calls are counted in their order.
fn one_session() -> Quirks {
    Quirks::from_json(r#"{"name": "one", "sessions": 1, "hardware": false}"#).unwrap()
}

async fn make(store: &TokenKeyStore, carrier: &CarrierId, name: &str) -> Result<Arc<dyn Signer>> {
    let id = KeyId { carrier: carrier.clone(), container: name.into() };
    let algorithm = KeyAlgorithm::Gost3410(Oid::new_unwrap("1.2.643.7.1.2.1.1.1"));
    let spec = KeySpec { id, algorithm, temporary_pin: false };
    store.generate(&spec, &Access::Existing(Secret::from(PIN)), &SystemRng).await
}
