//! The provider over Debian's SoftHSM 2: sessions, PINs, objects, P-256 and RSA.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "support/process.rs"]
mod process;
#[path = "support/softhsm.rs"]
mod softhsm;

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use async_trait::async_trait;
use gost_ca::provider::key_store::{
    Access, Carrier, CarrierId, KeyAlgorithm, KeyId, KeySpec, Message, PinRule, StoredKey,
};
use gost_ca::provider::{ErrorKind, KeyStore, Result, RngKind, Signer, WritableKeyStore};
use gost_ca::provider::{Rng, Verifier, verifier::Check};
use gost_ca::secret::Secret;
use gost_ca_conformance as conformance;
use gost_ca_ecdsa_rsa::EcdsaRsaVerifier;
use gost_ca_pkcs11::token_info::Tries;
use gost_ca_pkcs11::{PinSource, Settings, TokenKeyStore};
use gost_ca_software::SystemRng;

use process::apart;
use softhsm::{MODULE, OFFICER, PIN, store, tokens};

fn one_token(folder: &Path) -> Vec<(&'static str, std::path::PathBuf)> {
    tokens(folder, &["Первый токен"])
}

/// The kit's checks of containers' passwords, which tokens have not.
const PASSWORDS: usize = 5;

#[test]
#[ignore = "needs softhsm2"]
fn keeps_its_promises_with_p256() {
    apart("keeps_its_promises_with_p256", one_token, async |_| {
        let report = conformance::key_store(Arc::new(store()), Arc::new(EcdsaRsaVerifier)).await;
        report.assert_conformant(&[]);
        assert_eq!(report.skipped().len(), PASSWORDS, "{report}");
    });
}

#[test]
#[ignore = "needs softhsm2"]
fn keeps_its_promises_with_rsa() {
    apart("keeps_its_promises_with_rsa", one_token, async |_| {
        let store = Arc::new(RsaAlone(store()));
        let report = conformance::key_store(store, Arc::new(EcdsaRsaVerifier)).await;
        report.assert_conformant(&[]);
        assert_eq!(report.skipped().len(), PASSWORDS, "{report}");
    });
}

#[test]
#[ignore = "needs softhsm2"]
fn its_generator_keeps_its_promises() {
    apart("its_generator_keeps_its_promises", one_token, async |_| {
        let store = store();
        let rng = store.rng(&only(&store).await.id).await.unwrap();
        // A program's generator is no hardware, whatever the program says.
        assert_eq!(rng.kind(), RngKind::System);
        std::thread::spawn(move || conformance::rng(&rng).assert_conformant(&[])).join().unwrap();
    });
}

#[test]
#[ignore = "needs softhsm2"]
fn a_carrier_is_what_the_token_says() {
    let two = |folder: &Path| tokens(folder, &["Первый", "Второй"]);
    apart("a_carrier_is_what_the_token_says", two, async |_| {
        let store = store();
        let carriers = store.carriers().await.unwrap();
        let mut labels: Vec<_> = carriers.iter().map(|one| one.label.as_str()).collect();
        labels.sort_unstable();
        assert_eq!(labels, ["Второй", "Первый"]);
        let first = carriers.iter().find(|one| one.label == "Первый").unwrap();
        let serial = first.serial.clone().unwrap();
        assert_eq!(first.id, CarrierId(format!("softhsm:{serial}")));
        assert_eq!(first.pin, PinRule::OwnPin { min: 4, max: 255 });
        assert!(!first.hardware_rng);
        let rsa = [2048, 3072, 4096].map(KeyAlgorithm::Rsa);
        assert_eq!(first.algorithms, [&[KeyAlgorithm::EcdsaP256], &rsa[..]].concat());
        for carrier in &carriers {
            make(&store, &carrier.id, "ключ", KeyAlgorithm::EcdsaP256).await.unwrap();
            assert_eq!(store.keys(&carrier.id).await.unwrap().len(), 1);
        }
    });
}

#[test]
#[ignore = "needs softhsm2"]
fn wrong_pins_are_told_and_never_repeated() {
    apart("wrong_pins_are_told_and_never_repeated", one_token, async |_| {
        let store = store();
        let carrier = only(&store).await.id;
        drop(make(&store, &carrier, "k", KeyAlgorithm::EcdsaP256).await.unwrap());
        let fresh = || TokenKeyStore::new(Settings::default(), PinSource::none());
        let other = fresh().with_module("softhsm", MODULE).unwrap();
        let key = KeyId { carrier: carrier.clone(), container: "k".into() };
        for _ in 0..15 {
            let wrong = Access::Existing(Secret::from("00000000"));
            let error = other.open(&key, &wrong).await.unwrap_err();
            // SoftHSM never locks; it tells that there was a wrong one.
            assert_eq!(error.kind(), &ErrorKind::Denied { tries_left: None });
            assert_eq!(error.operation(), "C_Login");
            assert_eq!(store.tokens().await.unwrap()[0].1.tries, Tries::Fewer);
        }
        let right = Access::Existing(Secret::from(PIN));
        other.open(&key, &right).await.unwrap();
        assert_eq!(store.tokens().await.unwrap()[0].1.tries, Tries::All);
        let nobody = other.open(&key, &Access::Prompted).await.unwrap_err();
        assert_eq!(nobody.kind(), &ErrorKind::Denied { tries_left: None });
    });
}

#[test]
#[ignore = "needs softhsm2"]
fn a_wrong_pin_does_not_end_the_work_of_open_keys_but_many_do() {
    let name = "a_wrong_pin_does_not_end_the_work_of_open_keys_but_many_do";
    apart(name, one_token, async |_| {
        let store = store();
        let carrier = only(&store).await.id;
        let signer = make(&store, &carrier, "k", KeyAlgorithm::EcdsaP256).await.unwrap();
        let key = KeyId { carrier, container: "k".into() };
        let wrong = || Access::Existing(Secret::from("00000000"));
        for _ in 0..2 {
            store.open(&key, &wrong()).await.unwrap_err();
            signer.sign(Message::Bytes(b"still open")).await.unwrap();
        }
        // Else somebody could guess for ever, while the right PIN forgives each guess.
        store.open(&key, &wrong()).await.unwrap_err();
        let error = signer.sign(Message::Bytes(b"closed")).await.unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::Denied { tries_left: None });
        store.open(&key, &Access::Existing(Secret::from(PIN))).await.unwrap();
        signer.sign(Message::Bytes(b"open again")).await.unwrap();
    });
}

#[test]
#[ignore = "needs softhsm2"]
fn pins_change_and_the_officer_sets_new_ones() {
    apart("pins_change_and_the_officer_sets_new_ones", one_token, async |_| {
        let store = store();
        let carrier = only(&store).await.id;
        let signer = make(&store, &carrier, "k", KeyAlgorithm::EcdsaP256).await.unwrap();
        let key = KeyId { carrier: carrier.clone(), container: "k".into() };
        let pin = |text: &str| Access::Existing(Secret::from(text));
        let new = Secret::from("новый пин");
        let wrong = store.change_pin(&key, &pin("00000000"), &new).await.unwrap_err();
        assert!(matches!(wrong.kind(), ErrorKind::Denied { .. }));
        let short = store.change_pin(&key, &pin(PIN), &Secret::from("abc")).await.unwrap_err();
        assert_eq!(short.kind(), &ErrorKind::Invalid);
        let same = store.change_pin(&key, &pin(PIN), &Secret::from(PIN)).await.unwrap_err();
        assert_eq!(same.kind(), &ErrorKind::Invalid);
        store.change_pin(&key, &pin(PIN), &new).await.unwrap();
        signer.sign(Message::Bytes(b"open still")).await.unwrap();
        store.open(&key, &pin("новый пин")).await.unwrap();
        assert!(store.open(&key, &pin(PIN)).await.is_err());

        let (officer, third) = (Secret::from(OFFICER), Secret::from("третий-пин"));
        let denied = store.unblock(&carrier, &Secret::from("00000000"), &third).await.unwrap_err();
        assert!(matches!(denied.kind(), ErrorKind::Denied { .. }));
        store.unblock(&carrier, &officer, &third).await.unwrap();
        assert!(store.open(&key, &pin("новый пин")).await.is_err());
        store.open(&key, &pin("третий-пин")).await.unwrap();
    });
}

#[test]
#[ignore = "needs softhsm2 and opensc"]
fn other_programs_keys_are_found_and_ours_are_theirs() {
    let name = "other_programs_keys_are_found_and_ours_are_theirs";
    apart(name, one_token, async |folder| {
        let tool = |arguments: &[&str]| {
            let common = ["--module", MODULE, "--login", "--pin", PIN];
            run("pkcs11-tool", &[&common[..], arguments].concat())
        };
        tool(&["--keypairgen", "--key-type", "EC:prime256v1", "--label", "theirs", "--id", "01"]);
        tool(&["--keypairgen", "--key-type", "rsa:2048", "--label", "twice", "--id", "02"]);
        tool(&["--keypairgen", "--key-type", "rsa:2048", "--label", "twice", "--id", "03"]);
        tool(&["--keypairgen", "--key-type", "EC:secp384r1", "--label", "strange", "--id", "04"]);
        let store = store();
        let carrier = only(&store).await.id;
        let keys = store.keys(&carrier).await.unwrap();
        let mut names: Vec<_> = keys.iter().map(|key| key.id.container.as_str()).collect();
        names.sort_unstable();
        // A label that is not the only one names nothing; a curve that we do not know is left out.
        assert_eq!(names, ["id:02", "id:03", "theirs"]);
        for key in &keys {
            let signer = store.open(&key.id, &Access::Prompted).await.unwrap();
            assert_eq!(signer.public_key(), &key.public_key);
            openssl_verifies(folder, signer.as_ref()).await;
        }
        let twice = KeyId { carrier: carrier.clone(), container: "twice".into() };
        let error = store.open(&twice, &Access::Prompted).await.unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::NotFound);

        let ours = make(&store, &carrier, "наш", KeyAlgorithm::Rsa(2048)).await.unwrap();
        openssl_verifies(folder, ours.as_ref()).await;
        let listed = tool(&["--list-objects"]);
        assert_eq!(listed.matches("наш").count(), 2, "{listed}");
        assert!(listed.contains("never extractable"), "{listed}");
    });
}

/// Runs a program that must succeed; gives what it printed.
fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    let (out, error) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{program} {arguments:?}: {out}{error}");
    out.into_owned()
}

/// OpenSSL is the judge: of the key's encoding too.
async fn openssl_verifies(folder: &Path, signer: &dyn Signer) {
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let message = b"what was signed";
    let signature = signer.sign(Message::Bytes(message)).await.unwrap();
    std::fs::write(path("key"), signer.public_key().as_der()).unwrap();
    std::fs::write(path("message"), message).unwrap();
    std::fs::write(path("signature"), &signature).unwrap();
    let (key, proof) = (path("key"), path("signature"));
    let arguments = ["dgst", "-sha256", "-keyform", "DER", "-verify", &key, "-signature", &proof];
    run("openssl", &[&arguments[..], &[&path("message")]].concat());
    let (key, algorithm) = (signer.public_key(), signer.algorithm());
    let check = Check { key, algorithm, message, signature: &signature };
    EcdsaRsaVerifier.verify(&check).unwrap();
}

async fn only(store: &TokenKeyStore) -> Carrier {
    let mut carriers = store.carriers().await.unwrap();
    assert_eq!(carriers.len(), 1);
    carriers.remove(0)
}

async fn make(
    store: &TokenKeyStore,
    carrier: &CarrierId,
    container: &str,
    algorithm: KeyAlgorithm,
) -> Result<Arc<dyn Signer>> {
    let id = KeyId { carrier: carrier.clone(), container: container.into() };
    let spec = KeySpec { id, algorithm, temporary_pin: false };
    store.generate(&spec, &Access::Existing(Secret::from(PIN)), &SystemRng).await
}

/// A store that says it makes RSA keys alone: the kit takes the first algorithm.
#[derive(Debug)]
struct RsaAlone(TokenKeyStore);

#[async_trait]
impl KeyStore for RsaAlone {
    async fn carriers(&self) -> Result<Vec<Carrier>> {
        let mut carriers = self.0.carriers().await?;
        for carrier in &mut carriers {
            carrier.algorithms.retain(|algorithm| matches!(algorithm, KeyAlgorithm::Rsa(_)));
        }
        Ok(carriers)
    }

    async fn keys(&self, carrier: &CarrierId) -> Result<Vec<StoredKey>> {
        self.0.keys(carrier).await
    }

    async fn open(&self, key: &KeyId, access: &Access) -> Result<Arc<dyn Signer>> {
        self.0.open(key, access).await
    }

    fn writable(&self) -> Option<&dyn WritableKeyStore> {
        self.0.writable()
    }
}
