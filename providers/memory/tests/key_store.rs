//! Keys in memory sign, and their PINs are asked for.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use gost_ca::oid::Oid;
use gost_ca::provider::key_store::{Access, CarrierId, KeyAlgorithm, KeyId, KeySpec, Message};
use gost_ca::provider::{Conflict, ErrorKind, KeyStore, Signer};
use gost_ca::secret::Secret;
use gost_ca_memory::{MemoryKeyStore, SeededRng};
use gost3410::{Signature, VerifyingKey};

fn store() -> MemoryKeyStore {
    MemoryKeyStore::new(CarrierId("memory".into()), Arc::new(SeededRng::new(1)))
}

fn spec(container: &str, oid: &str, temporary_pin: bool) -> KeySpec {
    let id = KeyId { carrier: CarrierId("memory".into()), container: container.into() };
    KeySpec { id, algorithm: KeyAlgorithm::Gost3410(Oid(oid.parse().unwrap())), temporary_pin }
}

async fn assert_signs(signer: &dyn Signer) {
    let key = VerifyingKey::from_spki(&signer.public_key().info()).unwrap();
    let signature = signer.sign(Message::Bytes(b"message")).await.unwrap();
    let digest = match key.parameter_set().size() {
        64 => gost_hash::streebog512(b"message").to_vec(),
        _ => gost_hash::streebog256(b"message").to_vec(),
    };
    key.verify_prehash(&digest, &Signature::from_slice(&signature).unwrap()).unwrap();
}

#[tokio::test]
async fn keys_sign() {
    let (store, rng) = (store(), SeededRng::new(2));
    for oid in [A_256, "1.2.643.7.1.2.1.2.1"] {
        let spec = spec(oid, oid, false);
        let made = store.writable().unwrap();
        let made = made.generate(&spec, &Access::New("123456".into()), &rng).await.unwrap();
        assert_signs(made.as_ref()).await;
        let opened = store.open(&spec.id, &Access::Existing("123456".into())).await.unwrap();
        assert_eq!(opened.public_key(), made.public_key());
        assert_signs(opened.as_ref()).await;
    }
    assert_eq!(store.keys(&CarrierId("memory".into())).await.unwrap().len(), 2);
}

#[tokio::test]
async fn names_are_taken_once() {
    let (store, rng, spec) = (store(), SeededRng::new(2), spec("one", A_256, false));
    let writable = store.writable().unwrap();
    writable.generate(&spec, &Access::New("123456".into()), &rng).await.unwrap();
    let again = writable.generate(&spec, &Access::New("123456".into()), &rng).await.unwrap_err();
    assert_eq!(*again.kind(), ErrorKind::Conflict(Conflict::Name));
    writable.delete(&spec.id, &Access::Existing("123456".into())).await.unwrap();
    writable.generate(&spec, &Access::New("123456".into()), &rng).await.unwrap();
}

#[tokio::test]
async fn wrong_pins_lock() {
    let (store, rng, spec) = (store(), SeededRng::new(2), spec("one", A_256, false));
    let new = Access::New("123456".into());
    store.writable().unwrap().generate(&spec, &new, &rng).await.unwrap();
    for left in (0..10).rev() {
        let denied = store.open(&spec.id, &Access::Existing("654321".into())).await.unwrap_err();
        assert_eq!(*denied.kind(), ErrorKind::Denied { tries_left: Some(left) });
    }
    let locked = store.open(&spec.id, &Access::Existing("123456".into())).await.unwrap_err();
    assert_eq!(*locked.kind(), ErrorKind::Locked);
}

#[tokio::test]
async fn temporary_pins_open_nothing_until_changed() {
    let (store, rng, spec) = (store(), SeededRng::new(2), spec("one", A_256, true));
    let (old, new) = (Access::Existing("123456".into()), Secret::from("234567"));
    let writable = store.writable().unwrap();
    writable.generate(&spec, &Access::New("123456".into()), &rng).await.unwrap();
    assert!(store.open(&spec.id, &old).await.is_err());
    let short = writable.change_pin(&spec.id, &old, &"12345".into()).await.unwrap_err();
    assert_eq!(*short.kind(), ErrorKind::Invalid);
    writable.change_pin(&spec.id, &old, &new).await.unwrap();
    assert!(store.open(&spec.id, &old).await.is_err());
    assert!(store.open(&spec.id, &Access::Existing(new)).await.is_ok());
}

const A_256: &str = "1.2.643.7.1.2.1.1.1";
