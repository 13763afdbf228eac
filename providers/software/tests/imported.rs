//! Keys that CryptoPro CSP made, in a directory of this software.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use gost_ca::provider::key_store::{Access, CarrierId, KeyId, Message};
use gost_ca::provider::verifier::Check;
use gost_ca::provider::{Conflict, ErrorKind, KeyStore, Verifier};
use gost_ca::secret::Secret;
use gost_ca::x509::Certificate;
use gost_ca_software::directory_key_store::Settings;
use gost_ca_software::{DirectoryKeyStore, GostVerifier, SystemRng};
use gost_key_files::{CspContainer, CspKey, Files};

fn keys(name: &str) -> Vec<CspKey> {
    let samples =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/samples/csp/containers");
    let file = |file: &str| fs::read(samples.join(name).join(file)).unwrap();
    let files = Files {
        header: &file("header.key"),
        name: &file("name.key"),
        main: (&file("masks.key"), &file("primary.key")),
        reserve: None,
    };
    CspContainer::read(&files).unwrap().open("").unwrap()
}

fn id(container: &str) -> KeyId {
    KeyId { carrier: CarrierId("folder".into()), container: container.into() }
}

fn pin() -> Secret {
    Secret::from("password")
}

/// Keys of three generations sign as their certificates say; the hash is that of 1994 where the key is of
/// 2001.
#[tokio::test]
async fn keys_of_the_csp_are_imported_and_sign() {
    let directory = tempfile::tempdir().unwrap();
    let settings = Settings { iterations: 1000, ..Settings::default() };
    let store = DirectoryKeyStore::new(settings, Arc::new(SystemRng)).unwrap();
    let store = store.with_carrier(CarrierId("folder".into()), "Папка", directory.path());
    for name in ["G2001256.000", "G2012256.001", "G2012512.000"] {
        for (number, key) in keys(name).into_iter().enumerate() {
            let id = id(&format!("{name} {number}"));
            let certificate = Certificate::from_der(key.certificate.as_ref().unwrap()).unwrap();
            store.import(&id, key.key, &pin(), Some(&certificate)).await.unwrap();
            let signer = store.open(&id, &Access::Existing(pin())).await.unwrap();
            let message = b"imported";
            let signature = signer.sign(Message::Bytes(message)).await.unwrap();
            let (key, algorithm) = (certificate.public_key(), signer.algorithm());
            let check = Check { key, algorithm, message, signature: &signature };
            GostVerifier.verify(&check).unwrap_or_else(|error| panic!("{name}: {error}"));
            let listed = store.keys(&id.carrier).await.unwrap();
            let listed = listed.into_iter().find(|key| key.id == id).unwrap();
            assert_eq!(listed.certificate, Some(certificate), "{name}");
        }
    }
}

#[tokio::test]
async fn what_does_not_fit_is_not_imported() {
    let directory = tempfile::tempdir().unwrap();
    let store = DirectoryKeyStore::new(Settings::default(), Arc::new(SystemRng)).unwrap();
    let store = store.with_carrier(CarrierId("folder".into()), "Папка", directory.path());
    let certificate = keys("G2012512.000").remove(0).certificate.unwrap();
    let foreign = Certificate::from_der(&certificate).unwrap();
    let key = || keys("G2012256.001").remove(0).key;
    let error = store.import(&id("a"), key(), &pin(), Some(&foreign)).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Invalid);
    let error = store.import(&id("a"), key(), &Secret::from("1"), None).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Invalid);
    let error = store.import(&id("../a"), key(), &pin(), None).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Invalid);
    assert!(store.keys(&id("a").carrier).await.unwrap().is_empty());
    store.import(&id("a"), key(), &pin(), None).await.unwrap();
    let error = store.import(&id("a"), key(), &pin(), None).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Conflict(Conflict::Name));
}
