//! Every code of the CSP gives its typed error, and leaves nothing behind.

use std::error::Error;

use gost_ca::oid::Oid;
use gost_ca::provider::key_store::{Access, KeyAlgorithm, KeySpec, Message};
use gost_ca::provider::{
    Conflict, ErrorKind, KeyStore, ProviderError, Rng, RngKind, WritableKeyStore,
};
use gost_ca::secret::Secret;
use gost_ca_cryptopro::{
    CspError, CspKeyStore, CspRng, CspVerifier, Libraries, Provider, Settings,
};
use gost_ca_software::SystemRng;

use crate::support::{double, id};

const DENIED: ErrorKind = ErrorKind::Denied { tries_left: None };

/// Codes with the caller's next move; `docs/cryptopro.md` has the same table.
fn table() -> Vec<(u32, ErrorKind)> {
    vec![
        (0x8009_0016, ErrorKind::NotFound),
        (0x8009_000d, ErrorKind::NotFound),
        (0x8009_000f, ErrorKind::Conflict(Conflict::Name)),
        (0x8009_0017, ErrorKind::Unsupported),
        (0x8009_0019, ErrorKind::Unsupported),
        (0x8009_0008, ErrorKind::Unsupported),
        (0x8009_0022, DENIED),
        (0x8010_006b, DENIED),
        (0x8010_006c, ErrorKind::Locked),
        (0x8010_006e, DENIED),
        (0x8010_0069, ErrorKind::Unavailable),
        (0x8010_002a, ErrorKind::Invalid),
        (0x8007_065b, ErrorKind::Locked),
        (0x8009_0010, ErrorKind::Invalid),
        (0x8009_0020, ErrorKind::Fault),
        (0, ErrorKind::Fault),
        (0xdead_beef, ErrorKind::Fault),
    ]
}

fn algorithm() -> KeyAlgorithm {
    KeyAlgorithm::Gost3410(Oid::new_unwrap("1.2.643.7.1.2.1.1.1"))
}

fn spec(name: &str) -> KeySpec {
    KeySpec { id: id(name), algorithm: algorithm(), temporary_pin: false }
}

fn new() -> Access {
    Access::New(Secret::from("password"))
}

fn pin() -> Access {
    Access::Existing(Secret::from("password"))
}

/// The code is kept with the foreign name.
fn assert_told(error: &ProviderError, function: &str, code: u32, kind: &ErrorKind) {
    assert_eq!(error.kind(), kind, "{function} {code:#x}");
    assert_eq!(error.operation(), function);
    let source = error.source().unwrap().downcast_ref::<CspError>().unwrap();
    assert_eq!((source.function, source.code), (function, code));
}

async fn make(store: &CspKeyStore, name: &str) -> std::sync::Arc<dyn gost_ca::provider::Signer> {
    store.generate(&spec(name), &new(), &SystemRng).await.unwrap()
}

#[tokio::test]
async fn every_code_of_a_signature_is_told() {
    let (double, _turn) = double();
    let store = double.store(Settings::default());
    let signer = make(&store, "errors").await;
    for (code, kind) in table() {
        for (function, after) in [
            ("CryptCreateHash", 0),
            ("CryptHashData", 0),
            ("CryptSignHash", 0),
            ("CryptSignHash", 1),
        ] {
            double.fail(function, code, after);
            let error = signer.sign(Message::Bytes(b"message")).await.unwrap_err();
            assert_told(&error, function, code, &kind);
        }
        signer.sign(Message::Bytes(b"message")).await.unwrap();
    }
    store.delete(&id("errors"), &pin()).await.unwrap();
}

/// A key that is not made leaves no container that would take its name.
#[tokio::test]
async fn every_code_of_generation_is_told_and_leaves_nothing() {
    let (double, _turn) = double();
    let store = double.store(Settings::default());
    for (code, kind) in table() {
        for function in ["CryptSetProvParam", "CryptGenKey", "CryptExportKey"] {
            double.fail(function, code, 0);
            let error = store.generate(&spec("unmade"), &new(), &SystemRng).await.unwrap_err();
            assert_told(&error, function, code, &kind);
            assert_eq!(store.keys(&id("").carrier).await.unwrap(), []);
        }
    }
    make(&store, "unmade").await;
    store.delete(&id("unmade"), &pin()).await.unwrap();
}

#[tokio::test]
async fn names_are_taken_once() {
    let (double, _turn) = double();
    let store = double.store(Settings::default());
    make(&store, "taken").await;
    let error = store.generate(&spec("taken"), &new(), &SystemRng).await.unwrap_err();
    assert_told(&error, "CryptAcquireContext", 0x8009_000f, &ErrorKind::Conflict(Conflict::Name));
    store.delete(&id("taken"), &pin()).await.unwrap();
}

#[tokio::test]
async fn passwords_are_wrong_once_a_call_and_blocked_in_the_end() {
    let (double, _turn) = double();
    let store = double.store(Settings::default());
    make(&store, "blocked").await;
    double.policy("tries", 3);
    let wrong = Access::Existing(Secret::from("wrong"));
    for _ in 0..3 {
        let error = store.open(&id("blocked"), &wrong).await.unwrap_err();
        assert_eq!(*error.kind(), DENIED, "a call is one try");
    }
    let error = store.open(&id("blocked"), &pin()).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Locked);
    double.policy("tries", 0);
    store.delete(&id("blocked"), &pin()).await.unwrap();
}

/// A silent CSP does not ask for random moves.
#[tokio::test]
async fn without_a_generator_no_key_is_made_in_silence() {
    let (double, _turn) = double();
    let store = double.store(Settings::default());
    double.policy("rng", 0);
    let error = store.generate(&spec("silent"), &new(), &SystemRng).await.unwrap_err();
    assert_told(&error, "CryptGenKey", 0x8009_0022, &DENIED);
    let asking = double.store(Settings { interactive: true, ..Settings::default() });
    make(&asking, "asked").await;
    double.policy("rng", 1);
    asking.delete(&id("asked"), &pin()).await.unwrap();
}

#[tokio::test]
async fn without_a_licence_nothing_is_signed() {
    let (double, _turn) = double();
    let store = double.store(Settings::default());
    let signer = make(&store, "licence").await;
    double.policy("licence", 0);
    let error = signer.sign(Message::Bytes(b"message")).await.unwrap_err();
    assert_told(&error, "CryptSignHash", 0x8007_065b, &ErrorKind::Locked);
    double.policy("licence", 1);
    store.delete(&id("licence"), &pin()).await.unwrap();
}

#[tokio::test]
async fn nobody_is_asked_unless_that_is_allowed() {
    let (double, _turn) = double();
    let store = double.store(Settings::default());
    make(&store, "prompted").await;
    let error = store.open(&id("prompted"), &Access::Prompted).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Unsupported);
    store.delete(&id("prompted"), &pin()).await.unwrap();
}

/// The certificate of a new key is installed without its password, as long as the store lives; else the CSP
/// wants it.
#[tokio::test]
async fn a_restart_before_the_certificate_is_told() {
    let (double, _turn) = double();
    let store = double.store(Settings::default());
    make(&store, "restart").await;
    let restarted = double.store(Settings::default());
    let listed = restarted.keys(&id("").carrier).await.unwrap();
    assert!(listed.is_empty(), "its public key is not to be had without the password");
    let known = restarted.containers(&id("").carrier).await.unwrap();
    let known: Vec<_> = known.iter().map(|one| (&one.id, one.kind, &one.public_key)).collect();
    assert_eq!(known, [(&id("restart"), 80, &None)]);
    let opened = restarted.open(&id("restart"), &pin()).await.unwrap();
    assert!(opened.sign(Message::Bytes(b"message")).await.is_ok());
    restarted.delete(&id("restart"), &pin()).await.unwrap();
}

#[test]
fn the_generators_refusal_is_told() {
    let (double, _turn) = double();
    let rng = CspRng::new(&double.provider, RngKind::Hardware, false).unwrap();
    double.fail("CryptGenRandom", 0x8009_0022, 0);
    let error = rng.fill(&mut [0; 8]).unwrap_err();
    assert_told(&error, "CryptGenRandom", 0x8009_0022, &DENIED);
}

#[test]
fn a_missing_csp_is_unavailable() {
    let nowhere = Libraries::beside("/nowhere/libcapi10.so");
    assert_eq!(*Provider::load(&nowhere).unwrap_err().kind(), ErrorKind::Unavailable);
}

#[tokio::test]
async fn a_csp_of_2001_alone_is_told() {
    let (double, _turn) = double();
    let store = double.store(Settings::default());
    double.policy("only 2001", 1);
    let error = store.carriers().await.unwrap_err();
    let verifier = CspVerifier::new(&double.provider).unwrap_err();
    let installed = double.provider.installed().unwrap();
    double.policy("only 2001", 0);
    for error in [error, verifier] {
        assert_eq!(*error.kind(), ErrorKind::Unsupported);
        assert!(error.source().unwrap().to_string().contains("type 75"), "{error:?}");
    }
    assert!(installed.iter().any(|one| one.kind == 75 && one.name.contains("2001")));
}
