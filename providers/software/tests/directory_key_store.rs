//! A directory as a key carrier: PINs, locks, damage and rights.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use gost_ca::oid::Oid;
use gost_ca::provider::key_store::{
    Access, CarrierId, Digest, KeyAlgorithm, KeyId, KeySpec, Message, PinRule,
};
use gost_ca::provider::verifier::Check;
use gost_ca::provider::{
    Conflict, ErrorKind, KeyStore, ProviderError, Rng, RngKind, Signer, Verifier, WritableKeyStore,
};
use gost_ca::secret::Secret;
use gost_ca_software::directory_key_store::Settings;
use gost_ca_software::{DirectoryKeyStore, GostVerifier, SystemRng};
use tempfile::TempDir;

const PIN: &str = "пин-код";
const CHEAP: Settings =
    Settings { iterations: 1000, tries: 3, shortest_pin: 4, threads: 2, waiting: 64 };

fn store(directory: &Path) -> DirectoryKeyStore {
    let store = DirectoryKeyStore::new(CHEAP, Arc::new(SystemRng)).unwrap();
    store.with_carrier(CarrierId("folder".into()), "Папка", directory)
}

fn id(container: &str) -> KeyId {
    KeyId { carrier: CarrierId("folder".into()), container: container.into() }
}

fn spec(container: &str) -> KeySpec {
    let algorithm = KeyAlgorithm::Gost3410(Oid::new_unwrap("1.2.643.7.1.2.1.1.1"));
    KeySpec { id: id(container), algorithm, temporary_pin: false }
}

fn existing(pin: &str) -> Access {
    Access::Existing(Secret::from(pin))
}

async fn generate(store: &DirectoryKeyStore, spec: &KeySpec) -> Arc<dyn Signer> {
    store.generate(spec, &Access::New(Secret::from(PIN)), &SystemRng).await.unwrap()
}

fn kind<T>(result: Result<T, ProviderError>) -> ErrorKind {
    result.map(|_| ()).unwrap_err().kind().clone()
}

fn denied(tries_left: u32) -> ErrorKind {
    ErrorKind::Denied { tries_left: Some(tries_left) }
}

#[tokio::test]
async fn a_key_survives_the_store() {
    let directory = TempDir::new().unwrap();
    let made = generate(&store(directory.path()), &spec("ключ")).await;
    let store = store(directory.path());
    let key = store.open(&id("ключ"), &existing(PIN)).await.unwrap();
    assert_eq!(key.public_key(), made.public_key());
    let signature = key.sign(Message::Bytes(b"message")).await.unwrap();
    let verdict = GostVerifier.verify(&Check {
        key: made.public_key(),
        algorithm: made.algorithm(),
        message: b"message",
        signature: &signature,
    });
    assert_eq!(verdict, Ok(()));
    let carriers = store.carriers().await.unwrap();
    assert_eq!(carriers[0].pin, PinRule::PerContainer { min: 4 });
    assert!(!carriers[0].hardware_rng);
    assert_eq!(carriers[0].algorithms.len(), 12, "without the sets of examples");
}

#[tokio::test]
async fn wrong_pins_lock_and_a_right_one_forgives() {
    let directory = TempDir::new().unwrap();
    let store = store(directory.path());
    generate(&store, &spec("a")).await;
    assert_eq!(kind(store.open(&id("a"), &existing("wrong")).await), denied(2));
    assert_eq!(kind(store.open(&id("a"), &existing("wrong")).await), denied(1));
    store.open(&id("a"), &existing(PIN)).await.unwrap();
    for left in [2, 1, 0] {
        assert_eq!(kind(store.open(&id("a"), &existing("wrong")).await), denied(left));
    }
    assert_eq!(kind(store.open(&id("a"), &existing(PIN)).await), ErrorKind::Locked);
    assert_eq!(kind(store.delete(&id("a"), &existing(PIN)).await), ErrorKind::Locked);
    let again = store.change_pin(&id("a"), &existing(PIN), &Secret::from("другой")).await;
    assert_eq!(kind(again), ErrorKind::Locked);
}

/// A try is on the disk before it is made: a crash in between costs it.
#[tokio::test]
async fn a_try_counts_although_its_process_died() {
    let directory = TempDir::new().unwrap();
    let first = store(directory.path());
    generate(&first, &spec("a")).await;
    fs::write(directory.path().join("a.tries"), "xx").unwrap();
    assert_eq!(kind(store(directory.path()).open(&id("a"), &existing("wrong")).await), denied(0));
    assert_eq!(kind(first.open(&id("a"), &existing(PIN)).await), ErrorKind::Locked);
}

#[tokio::test]
async fn many_at_once_get_no_more_tries() {
    let directory = TempDir::new().unwrap();
    let store = Arc::new(store(directory.path()));
    generate(&store, &spec("a")).await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let store = Arc::clone(&store);
        tasks.spawn(async move { kind(store.open(&id("a"), &existing("wrong")).await) });
    }
    let kinds = tasks.join_all().await;
    assert_eq!(kinds.iter().filter(|kind| **kind != ErrorKind::Locked).count(), 3, "{kinds:?}");
}

#[tokio::test]
async fn a_temporary_pin_opens_nothing_until_it_is_changed() {
    let directory = TempDir::new().unwrap();
    let store = store(directory.path());
    let key = generate(&store, &KeySpec { temporary_pin: true, ..spec("a") }).await;
    key.sign(Message::Bytes(b"its own request")).await.unwrap();
    let carrier = CarrierId("folder".into());
    assert!(store.keys(&carrier).await.unwrap()[0].must_change_pin);
    let refused = store.open(&id("a"), &existing(PIN)).await.unwrap_err();
    assert_eq!(*refused.kind(), ErrorKind::Denied { tries_left: None });
    let why = std::error::Error::source(&refused).unwrap().to_string();
    assert_eq!(why, "the temporary PIN must be changed first");

    let own = Secret::from("свой-пин");
    assert_eq!(kind(store.change_pin(&id("a"), &existing("wrong"), &own).await), denied(2));
    let short = store.change_pin(&id("a"), &existing(PIN), &Secret::from("три")).await;
    assert_eq!(kind(short), ErrorKind::Invalid);
    let same = store.change_pin(&id("a"), &existing(PIN), &Secret::from(PIN)).await;
    assert_eq!(kind(same), ErrorKind::Invalid, "a temporary PIN does not become the owner's");
    store.change_pin(&id("a"), &existing(PIN), &own).await.unwrap();
    assert!(!store.keys(&carrier).await.unwrap()[0].must_change_pin);
    assert_eq!(kind(store.open(&id("a"), &existing(PIN)).await), denied(2));
    let opened = store.open(&id("a"), &Access::Existing(own)).await.unwrap();
    assert_eq!(opened.public_key(), key.public_key());
}

#[tokio::test]
async fn refusals_change_nothing() {
    let directory = TempDir::new().unwrap();
    let store = store(directory.path());
    let new = || Access::New(Secret::from(PIN));
    generate(&store, &spec("a")).await;
    let before = listing(directory.path());
    let again = store.generate(&spec("a"), &new(), &SystemRng).await;
    assert_eq!(kind(again), ErrorKind::Conflict(Conflict::Name));
    for name in ["../a", "..", "", "a/b", ".x"] {
        assert_eq!(kind(store.generate(&spec(name), &new(), &SystemRng).await), ErrorKind::Invalid);
        assert_eq!(kind(store.open(&id(name), &existing(PIN)).await), ErrorKind::NotFound);
    }
    let short = store.generate(&spec("b"), &Access::New(Secret::from("три")), &SystemRng).await;
    assert_eq!(kind(short), ErrorKind::Invalid);
    let old = store.generate(&spec("b"), &existing(PIN), &SystemRng).await;
    assert_eq!(kind(old), ErrorKind::Invalid);
    let asked = store.generate(&spec("b"), &Access::Prompted, &SystemRng).await;
    assert_eq!(kind(asked), ErrorKind::Unsupported);
    for oid in ["1.2.643.2.2.35.0", "1.2.643.7.1.2.1.2.0", "1.2.840.10045.3.1.7"] {
        let algorithm = KeyAlgorithm::Gost3410(Oid::new_unwrap(oid));
        let foreign = KeySpec { algorithm, ..spec("b") };
        let refused = store.generate(&foreign, &new(), &SystemRng).await;
        assert_eq!(kind(refused), ErrorKind::Unsupported, "{oid}");
    }
    assert_eq!(kind(store.generate(&spec("b"), &new(), &Broken).await), ErrorKind::Unavailable);
    assert_eq!(listing(directory.path()), before);
}

/// Never ready, as a biological generator nobody moved the mouse for.
#[derive(Debug)]
struct Broken;

impl Rng for Broken {
    fn fill(&self, _: &mut [u8]) -> Result<(), ProviderError> {
        Err(ErrorKind::Unavailable.at("mouse"))
    }
    fn kind(&self) -> RngKind {
        RngKind::Biological
    }
}

fn listing(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|e| (e.file_name().into_string().unwrap(), fs::read(e.path()).unwrap()))
        .collect();
    files.sort();
    files
}

#[tokio::test]
async fn deleting_leaves_nothing() {
    let directory = TempDir::new().unwrap();
    let store = store(directory.path());
    generate(&store, &KeySpec { temporary_pin: true, ..spec("a") }).await;
    assert_eq!(kind(store.delete(&id("a"), &existing("wrong")).await), denied(2));
    store.delete(&id("a"), &existing(PIN)).await.unwrap();
    let names: Vec<_> = listing(directory.path()).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, [".lock"]);
    assert_eq!(kind(store.open(&id("a"), &existing(PIN)).await), ErrorKind::NotFound);
    generate(&store, &spec("a")).await;
}

#[tokio::test]
async fn damage_is_not_a_wrong_pin_and_costs_no_try() {
    let directory = TempDir::new().unwrap();
    let store = store(directory.path());
    generate(&store, &spec("a")).await;
    let path = directory.path().join("a.gostkey");
    let good = fs::read(&path).unwrap();
    for at in (0..good.len()).step_by(7) {
        let mut bad = good.clone();
        bad[at] ^= 0x10;
        fs::write(&path, bad).unwrap();
        assert_eq!(kind(store.open(&id("a"), &existing(PIN)).await), ErrorKind::Fault, "{at}");
    }
    assert!(!directory.path().join("a.tries").exists());
    let carrier = CarrierId("folder".into());
    assert!(store.keys(&carrier).await.unwrap().is_empty());
    let damaged = store.damaged(&carrier).await.unwrap();
    assert_eq!((&damaged[0].0, damaged[0].1.kind()), (&id("a"), &ErrorKind::Fault));
    fs::write(&path, good).unwrap();
    assert!(store.damaged(&carrier).await.unwrap().is_empty());
    store.open(&id("a"), &existing(PIN)).await.unwrap();
}

#[tokio::test]
async fn only_the_keys_own_digest_is_signed() {
    let directory = TempDir::new().unwrap();
    let store = store(directory.path());
    let key = generate(&store, &spec("a")).await;
    let digest = |oid, octets: &[u8]| Digest {
        algorithm: der::asn1::ObjectIdentifier::new_unwrap(oid),
        octets: octets.to_vec(),
    };
    let streebog256 = gost_hash::streebog256(b"message");
    let good = digest("1.2.643.7.1.1.2.2", &streebog256);
    let signature = key.sign(Message::Digest(&good)).await.unwrap();
    let check = Check {
        key: key.public_key(),
        algorithm: key.algorithm(),
        message: b"message",
        signature: &signature,
    };
    assert_eq!(GostVerifier.verify(&check), Ok(()));
    for bad in [
        digest("1.2.643.7.1.1.2.3", &streebog256),
        digest("1.2.643.2.2.9", &streebog256),
        digest("1.2.643.7.1.1.2.2", &streebog256[1..]),
    ] {
        assert_eq!(kind(key.sign(Message::Digest(&bad)).await), ErrorKind::Invalid);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_reads() {
    use std::os::unix::fs::PermissionsExt;
    let directory = TempDir::new().unwrap();
    let folder = directory.path().join("новая");
    let store = store(&folder);
    store.make_directory(&CarrierId("folder".into())).await.unwrap();
    generate(&store, &spec("a")).await;
    store.open(&id("a"), &existing(PIN)).await.unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}

#[tokio::test]
async fn a_directory_that_is_away_is_no_carrier() {
    let directory = TempDir::new().unwrap();
    let store = store(&directory.path().join("stick"));
    assert!(store.carriers().await.unwrap().is_empty());
    let carrier = CarrierId("folder".into());
    assert_eq!(kind(store.keys(&carrier).await), ErrorKind::NotFound);
    store.make_directory(&carrier).await.unwrap();
    assert_eq!(store.carriers().await.unwrap().len(), 1);
    assert!(store.keys(&carrier).await.unwrap().is_empty());
    assert_eq!(kind(store.keys(&CarrierId("other".into())).await), ErrorKind::NotFound);
}

/// What a crash left behind is neither a container nor in the way.
#[tokio::test]
async fn half_written_files_are_no_containers() {
    let directory = TempDir::new().unwrap();
    let store = store(directory.path());
    fs::write(directory.path().join(".a.gostkey.new"), b"GOSTKEY\x01 half").unwrap();
    assert!(store.keys(&CarrierId("folder".into())).await.unwrap().is_empty());
    generate(&store, &spec("a")).await;
    store.open(&id("a"), &existing(PIN)).await.unwrap();
    assert!(!directory.path().join(".a.gostkey.new").exists());
}

/// No file of a container holds its PIN or its key in the clear, and nothing prints them.
#[tokio::test]
async fn secrets_stay_inside() {
    let directory = TempDir::new().unwrap();
    let store = store(directory.path());
    let key = generate(&store, &spec("a")).await;
    for (name, contents) in listing(directory.path()) {
        let found = contents.windows(PIN.len()).any(|window| window == PIN.as_bytes());
        assert!(!found, "{name}");
    }
    let wrong = store.open(&id("a"), &existing("wrong-пин")).await.unwrap_err();
    for printed in [format!("{store:?}"), format!("{key:?}"), format!("{wrong:?} {wrong}")] {
        assert!(!printed.contains(PIN) && !printed.contains("wrong-пин"), "{printed}");
    }
}
