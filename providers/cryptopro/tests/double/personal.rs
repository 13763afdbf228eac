//! The personal store: certificates go there, and tell the keys of containers that keep theirs to themselves.

use gost_ca::oid::Oid;
use gost_ca::provider::key_store::{Access, KeyAlgorithm, KeySpec, Message};
use gost_ca::provider::{ErrorKind, KeyStore, Signer, WritableKeyStore};
use gost_ca::secret::Secret;
use gost_ca::x509::Certificate;
use gost_ca_cryptopro::{Certificates, CspKeyStore, Provider, Settings};
use gost_ca_software::SystemRng;

use crate::support::{double, id};

fn personal() -> Settings {
    Settings { certificates: Certificates::PersonalStoreToo, ..Settings::default() }
}

fn pin() -> Access {
    Access::Existing(Secret::from("password"))
}

async fn make(store: &CspKeyStore, name: &str) -> std::sync::Arc<dyn Signer> {
    let algorithm = KeyAlgorithm::Gost3410(Oid::new_unwrap("1.2.643.2.2.36.0"));
    let spec = KeySpec { id: id(name), algorithm, temporary_pin: false };
    store.generate(&spec, &Access::New(Secret::from("password")), &SystemRng).await.unwrap()
}

/// A certificate of a key, as far as the store looks at it.
async fn certificate(signer: &dyn Signer) -> Certificate {
    let sample = include_bytes!("../../../../tests/data/samples/generated/person.cer");
    let sample = Certificate::from_der(sample).unwrap();
    let (old, new) = (sample.public_key().as_der(), signer.public_key().as_der());
    let tbs = sample.tbs();
    let at = tbs.windows(old.len()).position(|window| window == old).unwrap();
    assert_eq!(old.len(), new.len(), "keys of one size");
    let tbs = [&tbs[..at], new, &tbs[at + new.len()..]].concat();
    let signature = signer.sign(Message::Bytes(&tbs)).await.unwrap();
    let whole = sample.as_der();
    let start = whole.windows(sample.tbs().len()).position(|part| part == sample.tbs()).unwrap();
    let mut der = whole.to_vec();
    der[start..start + tbs.len()].copy_from_slice(&tbs);
    let end = der.len() - signature.len();
    der[end..].copy_from_slice(&signature);
    Certificate::from_der(&der).unwrap()
}

#[tokio::test]
async fn certificates_go_there_and_are_found_by_their_containers() {
    let (double, _turn) = double();
    let store = double.store(personal());
    let signer = make(&store, "personal").await;
    let certificate = certificate(signer.as_ref()).await;
    store.install(&id("personal"), &certificate).await.unwrap();
    store.install(&id("personal"), &certificate).await.unwrap();
    store.delete(&id("personal"), &pin()).await.unwrap();
    // Another key in a container of the same name: a container has no word of it without the password.
    let other = make(&double.store(Settings::default()), "personal").await;
    let containers = double.store(personal()).containers(&id("").carrier).await.unwrap();
    let without = double.store(Settings::default()).containers(&id("").carrier).await.unwrap();
    assert_eq!(containers[0].certificate.as_ref(), Some(&certificate), "what the link says");
    assert_eq!(without[0].certificate, None);
    let opened = store.open(&id("personal"), &pin()).await.unwrap();
    assert_eq!(opened.public_key(), other.public_key(), "the link is not believed");
    store.delete(&id("personal"), &pin()).await.unwrap();
}

#[tokio::test]
#[cfg_attr(windows, ignore = "the stores there are not the double's")]
async fn every_code_of_the_store_is_told() {
    let (double, _turn) = double();
    let store = double.store(personal());
    let signer = make(&store, "told").await;
    let certificate = certificate(signer.as_ref()).await;
    let functions = [
        "CryptEnumProviders",
        "CertAddEncodedCertificateToStore",
        "CertSetCertificateContextProperty",
    ];
    for function in functions {
        double.fail(function, 5, 0);
        let error = store.install(&id("told"), &certificate).await.unwrap_err();
        assert_eq!((error.operation(), error.kind()), (function, &ErrorKind::Locked));
    }
    store.install(&id("told"), &certificate).await.unwrap();
    double.fail("CertGetCertificateContextProperty", 5, 0);
    let error = store.keys(&id("").carrier).await.unwrap_err();
    assert_eq!(error.operation(), "CertGetCertificateContextProperty");
    store.delete(&id("told"), &pin()).await.unwrap();
}

#[test]
fn without_its_library_there_is_none() {
    let (_double, _turn) = double();
    let mut libraries = crate::support::libraries();
    libraries.certificates = "/nowhere/libcapi20.so".into();
    let provider = Provider::load(&libraries).unwrap();
    let error = CspKeyStore::new(&provider, personal()).unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Unavailable);
    assert!(CspKeyStore::new(&provider, Settings::default()).is_ok());
}
