//! The conformance kit over this crate's providers.

use std::sync::Arc;

use gost_ca::provider::key_store::CarrierId;
use gost_ca::provider::{AuditSink, PasswordHasher, Verifier};
use gost_ca_conformance as conformance;
use gost_ca_software::argon2_hasher::Cost;
use gost_ca_software::directory_key_store::Settings;
use gost_ca_software::{
    Argon2Hasher, CachingVerifier, CheapHasher, CheckpointFolder, DirectoryKeyStore, GostVerifier,
    SystemRng,
};

#[tokio::test]
async fn the_directory_keeps_its_promises() {
    let directory = tempfile::tempdir().unwrap();
    let settings = Settings { iterations: 1000, ..Settings::default() };
    let store = DirectoryKeyStore::new(settings, Arc::new(SystemRng)).unwrap().with_carrier(
        CarrierId("folder".into()),
        "Папка",
        directory.path(),
    );
    let report = conformance::key_store(Arc::new(store), Arc::new(GostVerifier)).await;
    report.assert_conformant(&[]);
    assert!(report.skipped().is_empty(), "{report}");
}

#[tokio::test]
async fn the_folder_of_checkpoints_keeps_its_promises() {
    let folder = tempfile::tempdir().unwrap();
    let open =
        || -> Box<dyn AuditSink> { Box::new(CheckpointFolder::open(folder.path()).unwrap()) };
    conformance::audit_sink("folder", &open).await.assert_conformant(&[]);
}

#[test]
fn the_verifier_keeps_its_promises() {
    let caching = CachingVerifier::default();
    // The second time it knows the keys.
    let verifiers: [&dyn Verifier; 3] = [&GostVerifier, &caching, &caching];
    for verifier in verifiers {
        let report = conformance::verifier(verifier);
        report.assert_conformant(&[]);
        assert!(report.skipped().is_empty(), "{report}");
    }
}

#[test]
fn the_systems_generator_keeps_its_promises() {
    conformance::rng(&SystemRng).assert_conformant(&[]);
}

#[tokio::test]
async fn the_hashers_keep_their_promises() {
    let cost = Cost { memory: 64, passes: 1, lanes: 1 };
    let argon2 =
        || -> Box<dyn PasswordHasher> { Box::new(Argon2Hasher::new(cost, 2, 64).unwrap()) };
    conformance::password_hasher("argon2id", &argon2).await.assert_conformant(&[]);
    let cheap = || -> Box<dyn PasswordHasher> { Box::new(CheapHasher) };
    conformance::password_hasher("cheap", &cheap).await.assert_conformant(&[]);
}
