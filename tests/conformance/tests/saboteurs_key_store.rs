//! A saboteur for every promise of a key store.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use gost_ca::oid::Oid;
use gost_ca::provider::key_store::{
    Access, Carrier, CarrierId, Derivation, KeyAgreement, KeyAlgorithm, KeyId, KeySpec, Message,
    StoredKey,
};
use gost_ca::provider::{
    Conflict, ErrorKind, KeyStore, Result, Rng, RngKind, Signer, WritableKeyStore,
};
use gost_ca::secret::{Pin, Secret};
use gost_ca::x509::{Certificate, PublicKey};
use gost_ca_conformance::{Report, key_store, key_store_checks};
use gost_ca_software::directory_key_store::Settings;
use gost_ca_software::{DirectoryKeyStore, GostSigner, GostVerifier, SystemRng};
use gost3410::{ParameterSet, SigningKey};
use spki::AlgorithmIdentifierOwned;
use tempfile::TempDir;

/// One mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mistake {
    None,
    NoCarrier,
    ReadOnly,
    FaultsOnUnknown,
    EmptyUnknownCarrier,
    ListsAnotherKey,
    Overwrites,
    ListsAscii,
    KeepsDeleted,
    OpensAnotherKey,
    ForgetsCertificates,
    InstallsForeign,
    HidesTheRefusal,
    OpensWithoutPin,
    TakesShortPins,
    IgnoresTheNewPin,
    ForgetsTemporary,
    OpensTemporary,
    ClosesTheNewKey,
    OneAlgorithm,
    StatesParameters,
    SwapsHalves,
    Truncates,
    SignsTheBeginning,
    RefusesLong,
    HashesDigests,
    SignsAnyDigest,
    RepeatsNonces,
    ReversesLists,
    OneThreadOnly,
    OneSignerOnly,
    ReversesMaterial,
    AgreesWithAnybody,
}

#[derive(Debug)]
struct Saboteur {
    good: DirectoryKeyStore,
    mistake: Mistake,
    open: Arc<AtomicU32>,
    _directory: TempDir,
}

impl Saboteur {
    fn new(mistake: Mistake) -> Self {
        let directory = TempDir::new().unwrap();
        let cheap =
            Settings { iterations: 1, tries: 100, shortest_pin: 6, threads: 2, waiting: 64 };
        let constant = mistake == Mistake::RepeatsNonces;
        let rng: Arc<dyn Rng> = if constant { Arc::new(Constant) } else { Arc::new(SystemRng) };
        let good = DirectoryKeyStore::new(cheap, rng).unwrap();
        let good = good.with_carrier(CarrierId("folder".into()), "Папка", directory.path());
        Self { good, mistake, open: Arc::default(), _directory: directory }
    }

    fn is(&self, mistake: Mistake) -> bool {
        self.mistake == mistake
    }

    fn dress(&self, signer: Arc<dyn Signer>, open: &Arc<AtomicU32>) -> Arc<dyn Signer> {
        let mut algorithm = signer.algorithm().clone();
        if self.is(Mistake::StatesParameters) {
            algorithm.parameters = Some(der::Any::null());
        }
        open.fetch_add(1, Ordering::SeqCst);
        let (mistake, open) = (self.mistake, Arc::clone(open));
        Arc::new(SabotagedSigner { signer, mistake, algorithm, open, thread: OnceLock::new() })
    }
}

#[async_trait]
impl KeyStore for Saboteur {
    async fn carriers(&self) -> Result<Vec<Carrier>> {
        let mut carriers = self.good.carriers().await?;
        // A short set, a long one, one of CryptoPro's.
        let sets = ["1.2.643.7.1.2.1.1.1", "1.2.643.7.1.2.1.2.1", "1.2.643.2.2.35.1"];
        for carrier in &mut carriers {
            carrier.algorithms =
                sets.map(|set| KeyAlgorithm::Gost3410(Oid::new_unwrap(set))).into();
        }
        Ok(if self.is(Mistake::NoCarrier) { Vec::new() } else { carriers })
    }

    async fn keys(&self, carrier: &CarrierId) -> Result<Vec<StoredKey>> {
        let keys = self.good.keys(carrier).await;
        if self.is(Mistake::EmptyUnknownCarrier) {
            return Ok(keys.unwrap_or_default());
        }
        let mut keys = keys?;
        for key in &mut keys {
            match self.mistake {
                Mistake::ListsAnotherKey => key.public_key = other_signer().public_key().clone(),
                Mistake::ForgetsCertificates => key.certificate = None,
                Mistake::ForgetsTemporary => key.must_change_pin = false,
                _ => {}
            }
        }
        if self.is(Mistake::ListsAscii) {
            keys.retain(|key| key.id.container.is_ascii());
        }
        Ok(keys)
    }

    async fn open(&self, key: &KeyId, access: &Access) -> Result<Arc<dyn Signer>> {
        let opened = match self.good.open(key, access).await {
            Ok(opened) => opened,
            Err(error) => match error.kind() {
                ErrorKind::NotFound if self.is(Mistake::FaultsOnUnknown) => {
                    return Err(ErrorKind::Fault.at("open"));
                }
                ErrorKind::Denied { tries_left: Some(_) } if self.is(Mistake::OpensWithoutPin) => {
                    Arc::new(other_signer())
                }
                ErrorKind::Denied { tries_left: None } if self.is(Mistake::OpensTemporary) => {
                    Arc::new(other_signer())
                }
                _ => return Err(error),
            },
        };
        if self.is(Mistake::OneSignerOnly) && self.open.load(Ordering::SeqCst) > 0 {
            return Err(ErrorKind::Unavailable.at("open"));
        }
        let another = self.is(Mistake::OpensAnotherKey);
        let opened: Arc<dyn Signer> = if another { Arc::new(other_signer()) } else { opened };
        Ok(self.dress(opened, &self.open))
    }

    fn writable(&self) -> Option<&dyn WritableKeyStore> {
        if self.is(Mistake::ReadOnly) { None } else { Some(self) }
    }
}

#[async_trait]
impl WritableKeyStore for Saboteur {
    async fn generate(
        &self,
        spec: &KeySpec,
        access: &Access,
        rng: &dyn Rng,
    ) -> Result<Arc<dyn Signer>> {
        let mut spec = spec.clone();
        let longer = match access {
            Access::New(pin) if self.is(Mistake::TakesShortPins) && pin.expose().len() < 11 => {
                Some(Access::New(Secret::from("longer than that")))
            }
            _ => None,
        };
        if self.is(Mistake::OneAlgorithm) {
            spec.algorithm = KeyAlgorithm::Gost3410(Oid::new_unwrap("1.2.643.2.2.35.1"));
        }
        let rng = if self.is(Mistake::HidesTheRefusal) { &SystemRng } else { rng };
        let made = self.good.generate(&spec, longer.as_ref().unwrap_or(access), rng).await;
        let made = match made {
            Err(error)
                if *error.kind() == ErrorKind::Conflict(Conflict::Name)
                    && self.is(Mistake::Overwrites) =>
            {
                Arc::new(other_signer())
            }
            other => other?,
        };
        if self.is(Mistake::ClosesTheNewKey) && spec.temporary_pin {
            return Ok(Arc::new(Closed(made)));
        }
        Ok(self.dress(made, &Arc::default()))
    }

    async fn install(&self, key: &KeyId, certificate: &Certificate) -> Result<()> {
        let installed = self.good.install(key, certificate).await;
        if self.is(Mistake::InstallsForeign) { Ok(()) } else { installed }
    }

    async fn change_pin(&self, key: &KeyId, old: &Access, new: &Pin) -> Result<()> {
        if self.is(Mistake::IgnoresTheNewPin) && new.expose().len() > 11 {
            return Ok(());
        }
        self.good.change_pin(key, old, new).await
    }

    async fn delete(&self, key: &KeyId, access: &Access) -> Result<()> {
        if self.is(Mistake::KeepsDeleted) {
            // Asks for the PIN all the same.
            return self.good.open(key, access).await.map(drop);
        }
        self.good.delete(key, access).await
    }
}

/// A key of nobody.
fn other_signer() -> GostSigner {
    let key = SigningKey::from_le_bytes(ParameterSet::TC26_256_A, &[7; 32]).unwrap();
    GostSigner::new(key, Arc::new(SystemRng)).unwrap()
}

/// A signer that wants the PIN to be changed first.
#[derive(Debug)]
struct Closed(Arc<dyn Signer>);

#[async_trait]
impl Signer for Closed {
    fn public_key(&self) -> &PublicKey {
        self.0.public_key()
    }
    fn algorithm(&self) -> &AlgorithmIdentifierOwned {
        self.0.algorithm()
    }
    async fn sign(&self, _: Message<'_>) -> Result<Vec<u8>> {
        Err(ErrorKind::Denied { tries_left: None }.at("sign"))
    }
}

/// Gives the same for ever.
#[derive(Debug)]
struct Constant;

impl Rng for Constant {
    fn fill(&self, out: &mut [u8]) -> Result<()> {
        out.fill(9);
        Ok(())
    }
    fn kind(&self) -> RngKind {
        RngKind::System
    }
}

#[derive(Debug)]
struct SabotagedSigner {
    signer: Arc<dyn Signer>,
    mistake: Mistake,
    algorithm: AlgorithmIdentifierOwned,
    open: Arc<AtomicU32>,
    thread: OnceLock<std::thread::ThreadId>,
}

impl Drop for SabotagedSigner {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl Signer for SabotagedSigner {
    fn public_key(&self) -> &PublicKey {
        self.signer.public_key()
    }

    fn algorithm(&self) -> &AlgorithmIdentifierOwned {
        &self.algorithm
    }

    async fn sign(&self, message: Message<'_>) -> Result<Vec<u8>> {
        let here = std::thread::current().id();
        let first = *self.thread.get_or_init(|| here);
        match (self.mistake, message) {
            (Mistake::OneThreadOnly, _) if first != here => Err(ErrorKind::Unavailable.at("sign")),
            (Mistake::SwapsHalves, message) => {
                let signature = self.signer.sign(message).await?;
                let (s, r) = signature.split_at(signature.len() / 2);
                Ok([r, s].concat())
            }
            (Mistake::Truncates, message) => {
                let signature = self.signer.sign(message).await?;
                Ok(signature.split_last().unwrap().1.to_vec())
            }
            (Mistake::SignsTheBeginning, Message::Bytes(octets)) => {
                let beginning = octets.get(..500).unwrap_or(octets);
                self.signer.sign(Message::Bytes(beginning)).await
            }
            (Mistake::RefusesLong, Message::Bytes(octets)) if octets.len() > 1 << 16 => {
                Err(ErrorKind::Invalid.at("sign"))
            }
            (Mistake::HashesDigests, Message::Digest(digest)) => {
                self.signer.sign(Message::Bytes(&digest.octets)).await
            }
            (Mistake::SignsAnyDigest, message @ Message::Digest(_)) => {
                Ok(self.signer.sign(message).await.unwrap_or_default())
            }
            (_, message) => self.signer.sign(message).await,
        }
    }

    async fn sign_all(&self, messages: &[Message<'_>]) -> Result<Vec<Vec<u8>>> {
        let mut signatures = self.signer.sign_all(messages).await?;
        if self.mistake == Mistake::ReversesLists {
            signatures.reverse();
        }
        Ok(signatures)
    }

    fn agreement(&self) -> Option<&dyn KeyAgreement> {
        self.signer.agreement().map(|_| -> &dyn KeyAgreement { self })
    }
}

#[async_trait]
impl KeyAgreement for SabotagedSigner {
    async fn agree(&self, peer: &PublicKey, derivation: Derivation<'_>) -> Result<Secret> {
        let good = self.signer.agreement().unwrap();
        match (self.mistake, derivation) {
            (Mistake::ReversesMaterial, Derivation::Vko256 { ukm }) => {
                let ukm: Vec<_> = ukm.iter().rev().copied().collect();
                good.agree(peer, Derivation::Vko256 { ukm: &ukm }).await
            }
            (Mistake::AgreesWithAnybody, derivation) => {
                let agreed = good.agree(peer, derivation).await;
                agreed.or_else(|_| Ok(Secret::from("a secret of nobody")))
            }
            (_, derivation) => good.agree(peer, derivation).await,
        }
    }
}

async fn check(mistake: Mistake) -> Report {
    key_store(Arc::new(Saboteur::new(mistake)), Arc::new(GostVerifier)).await
}

#[tokio::test]
async fn every_mistake_trips_its_promises() {
    let mut wrong = Vec::new();
    for (mistake, ids) in TABLE {
        let failed = check(*mistake).await.failed();
        let expected = ids.iter().map(|id| format!("key-store/{id}")).collect::<BTreeSet<_>>();
        if !failed.iter().copied().eq(expected.iter().map(String::as_str)) {
            wrong.push(format!("{mistake:?} trips {failed:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn every_promise_has_its_saboteur() {
    let tripped: BTreeSet<_> = TABLE.iter().flat_map(|(_, ids)| ids.iter().copied()).collect();
    let promises: BTreeSet<_> =
        key_store_checks().iter().map(|check| check.id.trim_start_matches("key-store/")).collect();
    assert_eq!(promises, tripped);
}

#[tokio::test]
async fn a_good_store_conforms() {
    let report = check(Mistake::None).await;
    report.assert_conformant(&[]);
    assert!(report.skipped().is_empty(), "{report}");
}

#[tokio::test]
async fn stores_without_the_ability_are_seen() {
    let read_only = check(Mistake::ReadOnly).await;
    assert_eq!(read_only.skipped().len(), read_only.findings.len(), "{read_only}");
    let none = check(Mistake::NoCarrier).await;
    assert_eq!(none.failed().len(), none.findings.len(), "{none}");
}

/// What each mistake trips, exactly.
const TABLE: &[(Mistake, &[&str])] = &[
    (Mistake::FaultsOnUnknown, &["deleted-key-is-gone", "unknown-carrier", "unknown-key"]),
    (Mistake::EmptyUnknownCarrier, &["unknown-carrier"]),
    (Mistake::ListsAnotherKey, &["generated-key-is-listed"]),
    (Mistake::Overwrites, &["name-in-use"]),
    (Mistake::ListsAscii, &["label-cyrillic"]),
    (Mistake::KeepsDeleted, &["deleted-key-is-gone", "temporary-pin-signs-once"]),
    (
        Mistake::OpensAnotherKey,
        &[
            "change-pin",
            "install-then-read-back",
            "label-cyrillic",
            "name-in-use",
            "opens-again",
            "short-pin",
            "temporary-pin",
            "two-signers-one-key",
            "wrong-pin-is-denied",
        ],
    ),
    (Mistake::ForgetsCertificates, &["install-then-read-back"]),
    (Mistake::InstallsForeign, &["install-foreign"]),
    (Mistake::HidesTheRefusal, &["rng-refusal"]),
    (Mistake::OpensWithoutPin, &["change-pin", "wrong-pin-is-denied"]),
    (Mistake::TakesShortPins, &["short-pin"]),
    (Mistake::IgnoresTheNewPin, &["change-pin", "temporary-pin", "wrong-pin-is-denied"]),
    (Mistake::ForgetsTemporary, &["temporary-pin"]),
    (Mistake::OpensTemporary, &["temporary-pin"]),
    (Mistake::ClosesTheNewKey, &["temporary-pin-signs-once"]),
    (Mistake::OneAlgorithm, &["public-key-is-spki"]),
    (Mistake::StatesParameters, &["signature-algorithm"]),
    (
        Mistake::SwapsHalves,
        &[
            "change-pin",
            "digest-is-message",
            "message-lengths",
            "nonce-is-fresh",
            "one-signer-eight-threads",
            "opens-again",
            "signature-covers-message",
            "signature-verifies",
            "temporary-pin-signs-once",
            "two-signers-one-key",
        ],
    ),
    (
        Mistake::Truncates,
        &[
            "change-pin",
            "digest-is-message",
            "message-lengths",
            "nonce-is-fresh",
            "one-signer-eight-threads",
            "opens-again",
            "signature-covers-message",
            "signature-length",
            "signature-verifies",
            "temporary-pin-signs-once",
            "two-signers-one-key",
        ],
    ),
    (Mistake::SignsTheBeginning, &["message-lengths", "signature-covers-message"]),
    (Mistake::RefusesLong, &["message-lengths"]),
    (Mistake::HashesDigests, &["digest-is-message", "digest-of-another-algorithm"]),
    (Mistake::SignsAnyDigest, &["digest-of-another-algorithm"]),
    (Mistake::RepeatsNonces, &["nonce-is-fresh"]),
    (Mistake::ReversesLists, &["sign-all-keeps-order"]),
    (Mistake::OneThreadOnly, &["one-signer-eight-threads"]),
    (Mistake::OneSignerOnly, &["two-signers-one-key"]),
    (Mistake::ReversesMaterial, &["agreement-is-vko"]),
    (Mistake::AgreesWithAnybody, &["agreement-is-vko", "agreement-on-another-curve"]),
];
