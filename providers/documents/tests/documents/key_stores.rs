//! The example's keys in a folder of containers.

use std::sync::Arc;

use gost_ca::oid::Oid;
use gost_ca::provider::KeyStore;
use gost_ca::provider::key_store::{Access, CarrierId, KeyAlgorithm, KeyId, KeySpec};
use gost_ca::secret::Secret;
use gost_ca_software::{DirectoryKeyStore, SystemRng, directory_key_store};

#[path = "../../examples/documents/keys.rs"]
mod keys;

#[tokio::test]
async fn a_container_in_a_folder_opens_with_its_pin() {
    let folder = tempfile::tempdir().unwrap();
    let (keys, pin) = (folder.path().join("keys"), folder.path().join("pin"));
    let carrier = CarrierId("folder".into());
    let settings = directory_key_store::Settings { iterations: 1000, ..Default::default() };
    let store = DirectoryKeyStore::new(settings, Arc::new(SystemRng)).unwrap();
    let store = store.with_carrier(carrier.clone(), "folder", &keys);
    store.make_directory(&carrier).await.unwrap();
    let algorithm = KeyAlgorithm::Gost3410(Oid::new_unwrap("1.2.643.7.1.2.1.1.1"));
    let id = KeyId { carrier, container: "director".into() };
    let spec = KeySpec { id: id.clone(), algorithm, temporary_pin: false };
    let access = Access::New(Secret::from("12345678"));
    store.writable().unwrap().generate(&spec, &access, &SystemRng).await.unwrap();
    let place = format!("software:{}", keys.display());
    std::fs::write(&pin, "12345678\n").unwrap();
    let key = keys::open(&place, "director", Some(&pin)).await.unwrap();
    let known = store.open(&id, &Access::Existing(Secret::from("12345678"))).await.unwrap();
    assert_eq!(key.public_key(), known.public_key());
    std::fs::write(&pin, "87654321\n").unwrap();
    assert!(keys::open(&place, "director", Some(&pin)).await.is_err());
    let lost = keys::open(&place, "accountant", Some(&pin)).await.unwrap_err();
    assert!(lost.to_string().contains("accountant"), "{lost}");
}
