//! Containers that the CSP made, through binding and double.

use std::path::Path;

use gost_ca::provider::key_store::{Access, Message};
use gost_ca::provider::verifier::Check;
use gost_ca::provider::{ErrorKind, KeyStore, Verifier};
use gost_ca::secret::Secret;
use gost_ca_cryptopro::{CspVerifier, Settings};
use gost_ca_software::GostVerifier;

use crate::support::{double, id};

const SAMPLES: [(&str, &str); 4] = [
    ("G2012256.001", "G2012256"),
    ("G2012512.000", "G2012512"),
    ("0000rtin.001", "0000_tinyCA_83d9af76-99ed-4b75-9135-90e86a18d927"),
    ("pfx-6b72.000", "pfx-6b7225db-1680-1f0f-041f-4e8e1d6117ed"),
];

fn lay_out(keys: &Path, folder: &str) {
    let samples =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/samples/csp/containers");
    std::fs::create_dir(keys.join(folder)).unwrap();
    for file in std::fs::read_dir(samples.join(folder)).unwrap().map(Result::unwrap) {
        std::fs::copy(file.path(), keys.join(folder).join(file.file_name())).unwrap();
    }
}

/// Their keys have ended, which the CSP minds; then it does not.
#[tokio::test]
async fn keys_of_the_csp_sign() {
    let (double, _turn) = double();
    for (folder, _) in SAMPLES {
        lay_out(double.keys.path(), folder);
    }
    let store = double.store(Settings::default());
    let listed = store.keys(&id("").carrier).await.unwrap();
    assert_eq!(listed.len(), SAMPLES.len());
    let verifier = CspVerifier::new(&double.provider).unwrap();
    for (_, name) in SAMPLES {
        let stored = listed.iter().find(|key| key.id == id(name)).unwrap();
        let certificate = stored.certificate.as_ref().unwrap();
        assert_eq!(stored.public_key.key_octets(), certificate.public_key().key_octets());

        let access = Access::Existing(Secret::from(""));
        let error = store.open(&id(name), &access).await.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::Invalid, "the key's term has ended: {error}");
        double.policy("terms", 0);
        let signer = store.open(&id(name), &access).await.unwrap();
        let (message, key) = (name.as_bytes(), certificate.public_key());
        let signature = signer.sign(Message::Bytes(message)).await.unwrap();
        double.policy("terms", 1);
        let check = Check { key, algorithm: signer.algorithm(), message, signature: &signature };
        GostVerifier.verify(&check).unwrap();
        verifier.verify(&check).unwrap();
    }
    for (folder, _) in SAMPLES {
        std::fs::remove_dir_all(double.keys.path().join(folder)).unwrap();
    }
}

/// It is shown, and opens nothing: before any password is tried.
#[tokio::test]
async fn a_key_of_2001_is_listed_and_not_opened() {
    let (double, _turn) = double();
    lay_out(double.keys.path(), "G2001256.000");
    let store = double.store(Settings::default());
    let listed = store.containers(&id("").carrier).await.unwrap();
    let access = Access::Existing(Secret::from(""));
    let error = store.open(&id("G2001256"), &access).await.unwrap_err();
    std::fs::remove_dir_all(double.keys.path().join("G2001256.000")).unwrap();
    let [container] = listed.as_slice() else { panic!("{listed:?}") };
    assert_eq!((&container.id, container.kind), (&id("G2001256"), 75));
    let (key, certificate) = (&container.public_key, container.certificate.as_ref().unwrap());
    assert_eq!(key.as_ref().unwrap().key_octets(), certificate.public_key().key_octets());
    assert_eq!(*error.kind(), ErrorKind::Unsupported);
    assert!(std::error::Error::source(&error).unwrap().to_string().contains("type 75"));
}

/// The certificates are signed by the CSP itself.
#[test]
fn signatures_of_the_csp_verify() {
    let (double, _turn) = double();
    let verifier = CspVerifier::new(&double.provider).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/samples/csp/certs");
    let mut certificates = 0;
    for file in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let der = std::fs::read(file.path()).unwrap();
        let certificate = gost_ca::x509::Certificate::from_der(&der).unwrap();
        if file.file_name().to_str().unwrap().starts_with("G2001") {
            continue; // this provider has no keys of 2001
        }
        certificate.verify(certificate.public_key(), &verifier).unwrap();
        certificates += 1;
    }
    assert_eq!(certificates, 6);
}
