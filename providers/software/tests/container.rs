//! The container codec: RFC 9548's keys, damage, wrong PINs, other software.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests"
)]

use std::process::Command;
use std::sync::LazyLock;

use der::Decode;
use gost_ca::hex;
use gost_ca::provider::Rng;
use gost_ca_software::SystemRng;
use gost_ca_software::container::{Container, Damaged, EncryptedKey, Freshness, Unopened};
use gost3410::{ParameterSet, SigningKey};
use pkcs8::PrivateKeyInfoRef;
use proptest::prelude::*;

fn fresh_octets() -> Freshness {
    Freshness::draw(|out| SystemRng.fill(out)).unwrap()
}

/// Three keys of `vectors/pbes2.json`: two of RFC 9337's algorithms, one of GOST 28147-89.
fn vectors() -> Vec<serde_json::Value> {
    let file: serde_json::Value = serde_json::from_str(include_str!("vectors/pbes2.json")).unwrap();
    file["vectors"].as_array().unwrap().clone()
}

fn octets(vector: &serde_json::Value, name: &str) -> Vec<u8> {
    hex::decode(vector[name].as_str().unwrap()).unwrap()
}

#[test]
fn rfc9548_keys_open() {
    for vector in &vectors() {
        let encrypted = EncryptedKey::from_der(&octets(vector, "encrypted")).unwrap();
        let password = vector["password"].as_str().unwrap();
        let info = encrypted.open(password.as_bytes()).unwrap();
        assert_eq!(*info, octets(vector, "info"), "{}", vector["id"]);
        let key = SigningKey::from_pkcs8(&PrivateKeyInfoRef::from_der(&info).unwrap()).unwrap();
        let d: Vec<u8> = key.to_le_bytes().iter().rev().copied().collect();
        assert_eq!(d, octets(vector, "d"));
    }
    let omac = EncryptedKey::from_der(&octets(&vectors()[0], "encrypted")).unwrap();
    assert_eq!(omac.open(b"password").unwrap_err(), Unopened::WrongPin);
}

#[test]
fn other_algorithms_are_named() {
    let mut other = octets(&vectors()[2], "encrypted");
    let gost28147 = [0x2a, 0x85, 0x03, 0x02, 0x02, 0x15];
    let at = other.windows(6).position(|window| window == gost28147).unwrap();
    other[at + 5] = 0x16;
    let oid = der::asn1::ObjectIdentifier::new_unwrap("1.2.643.2.2.22");
    assert_eq!(EncryptedKey::from_der(&other).unwrap_err(), Unopened::Unsupported(oid));
}

/// A file must not make a machine work for hours: 800 of the iterations' octets become 7f ff ff ff.
#[test]
fn iterations_are_bounded() {
    let vector = octets(&vectors()[0], "encrypted");
    let iterations = [0x02, 0x02, 0x08, 0x00];
    let at = vector.windows(4).position(|window| window == iterations).unwrap();
    for (octets, good) in [([0x7f, 0xff], true), ([0x00, 0x00], false), ([0xff, 0xff], false)] {
        let mut bent = vector.clone();
        bent[at + 2..at + 4].copy_from_slice(&octets);
        assert_eq!(EncryptedKey::from_der(&bent).is_ok(), good, "{octets:?}");
    }
    let fresh = || fresh_octets();
    let many = gost_ca_software::container::MAX_ITERATIONS + 1;
    assert_eq!(EncryptedKey::seal(b"", b"", many, fresh()).unwrap_err(), Unopened::Malformed);
    assert_eq!(EncryptedKey::seal(b"", b"", 0, fresh()).unwrap_err(), Unopened::Malformed);
}

const PIN: &[u8] = "пин-код".as_bytes();

fn key(set: ParameterSet) -> SigningKey {
    SigningKey::from_le_bytes(set, &vec![5; set.size()]).unwrap()
}

static CONTAINER: LazyLock<(Container, Vec<u8>)> = LazyLock::new(|| {
    let fresh = fresh_octets();
    let key = key(ParameterSet::TC26_256_A);
    let container = Container::seal(&key, PIN, true, 1, fresh).unwrap();
    let bytes = container.to_bytes().unwrap();
    (container, bytes)
});

#[test]
fn every_set_comes_back() {
    for set in ParameterSet::ALL {
        let fresh = fresh_octets();
        let sealed = Container::seal(&key(*set), PIN, false, 2, fresh).unwrap();
        let read = Container::from_bytes(&sealed.to_bytes().unwrap()).unwrap();
        assert_eq!(read, sealed);
        let opened = read.open(PIN).unwrap();
        assert_eq!(opened.to_le_bytes(), key(*set).to_le_bytes());
        assert_eq!(opened.parameter_set(), *set);
        assert_eq!(read.open(b"wrong").unwrap_err(), Unopened::WrongPin);
    }
}

#[test]
fn changing_the_pin_needs_the_old_one() {
    let fresh = || fresh_octets();
    let mut container = CONTAINER.0.clone();
    assert_eq!(container.change_pin(b"wrong", b"new", 1, fresh()), Err(Unopened::WrongPin));
    assert_eq!(container, CONTAINER.0);
    container.change_pin(PIN, b"new", 1, fresh()).unwrap();
    assert!(!container.has_temporary_pin());
    assert_eq!(container.open(PIN).unwrap_err(), Unopened::WrongPin);
    container.open(b"new").unwrap();
}

/// The public half and the sealed half must be one key's, though the checksum be right.
#[test]
fn halves_of_two_keys_are_no_container() {
    let fresh = fresh_octets();
    let other = SigningKey::from_le_bytes(ParameterSet::TC26_256_A, &[6; 32]).unwrap();
    let other = Container::seal(&other, PIN, true, 1, fresh).unwrap().to_bytes().unwrap();
    let ours = &CONTAINER.1;
    // The header and the public key of one, all the rest of the other.
    let length = 9 + 2 + usize::from(u16::from_be_bytes([ours[9], ours[10]]));
    let mut mixed = [&ours[..length], &other[length..other.len() - 32]].concat();
    let checksum = gost_hash::streebog256(&mixed);
    mixed.extend_from_slice(&checksum);
    let container = Container::from_bytes(&mixed).unwrap();
    assert_eq!(container.open(PIN).unwrap_err(), Unopened::Malformed);
}

#[test]
fn later_versions_and_foreign_files_are_told_apart() {
    let mut bytes = CONTAINER.1.clone();
    bytes[7] = 2;
    assert_eq!(Container::from_bytes(&bytes), Err(Damaged::Version(2)));
    assert_eq!(Container::from_bytes(b"-----BEGIN"), Err(Damaged::Foreign));
    assert_eq!(Container::from_bytes(b""), Err(Damaged::Foreign));
    assert_eq!(Container::from_bytes(&bytes[..7]), Err(Damaged::Checksum));
}

proptest! {
    /// Whatever octet is changed: never a panic, never a container, so never another key.
    #[test]
    fn a_changed_octet_is_damage(at in 0..CONTAINER.1.len(), change in 1..=255_u8) {
        let mut bytes = CONTAINER.1.clone();
        bytes[at] ^= change;
        prop_assert!(Container::from_bytes(&bytes).is_err());
    }

    /// With the checksum made right again: damage, a wrong PIN, or the same key; never another one.
    #[test]
    fn a_forged_checksum_gives_no_other_key(at in 0_usize..1000, change in 1..=255_u8) {
        let (container, bytes) = &*CONTAINER;
        let body = bytes.len() - 32;
        let mut bent = bytes[..body].to_vec();
        bent[at % body] ^= change;
        bent.extend_from_slice(&gost_hash::streebog256(&bent));
        let Ok(read) = Container::from_bytes(&bent) else { return Ok(()) };
        if let Ok(key) = read.open(PIN) {
            prop_assert_eq!(key.to_le_bytes(), container.open(PIN).unwrap().to_le_bytes());
        }
    }

    #[test]
    fn truncated_and_extended_are_damage(length in 0..CONTAINER.1.len(), more in 1..100_usize) {
        prop_assert!(Container::from_bytes(&CONTAINER.1[..length]).is_err());
        let extended = [CONTAINER.1.as_slice(), &vec![0; more]].concat();
        prop_assert!(Container::from_bytes(&extended).is_err());
    }

    #[test]
    fn noise_is_refused(noise in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(Container::from_bytes(&noise).is_err());
        prop_assert!(EncryptedKey::from_der(&noise).is_err());
        let body = [b"GOSTKEY\x01".as_slice(), &noise].concat();
        let checked = [body.as_slice(), &gost_hash::streebog256(&body)].concat();
        prop_assert!(Container::from_bytes(&checked).is_err());
    }

    #[test]
    fn only_the_pin_opens(pin in ".{0,20}") {
        prop_assume!(pin.as_bytes() != PIN);
        prop_assert_eq!(CONTAINER.0.open(pin.as_bytes()).unwrap_err(), Unopened::WrongPin);
    }
}

/// OpenSSL and GnuTLS know no cipher of RFC 9337 in PBES2 (OpenSSL 3.0 with the GOST engine: "unsupported
/// cipher ctl command"; GnuTLS: "unsupported schema"), so what they are shown is the decrypted key.
#[test]
#[ignore = "needs OpenSSL with the GOST engine"]
fn openssl_reads_the_decrypted_key() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("key.der");
    for set in ParameterSet::ALL {
        let fresh = fresh_octets();
        let container = Container::seal(&key(*set), PIN, false, 1, fresh).unwrap();
        std::fs::write(&file, container.encrypted_key().open(PIN).unwrap()).unwrap();
        let output = Command::new("openssl")
            .args([
                "pkey", "-engine", "gost", "-inform", "der", "-pubout", "-outform", "der", "-in",
            ])
            .arg(&file)
            .output()
            .unwrap();
        let octets = key(*set).verifying_key().to_le_bytes();
        assert!(output.stdout.ends_with(&octets), "{set:?}: {output:?}");
    }
}

#[test]
#[ignore = "needs certtool of GnuTLS"]
fn gnutls_reads_the_decrypted_key() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("key.der");
    // GnuTLS 3.7 knows these two sets, and wants digestParamSet.
    for set in [ParameterSet::CRYPTO_PRO_A, ParameterSet::XCH_A] {
        let fresh = fresh_octets();
        let container = Container::seal(&key(set), PIN, false, 1, fresh).unwrap();
        std::fs::write(&file, container.encrypted_key().open(PIN).unwrap()).unwrap();
        let output = Command::new("certtool")
            .args(["--inder", "--key-info", "--infile"])
            .arg(&file)
            .output();
        let text =
            String::from_utf8(output.unwrap().stdout).unwrap().replace([':', '\n', '\t'], "");
        let x = hex::encode(&key(set).verifying_key().x_be());
        let x_le = hex::encode(&key(set).verifying_key().to_le_bytes()[..32]);
        assert!(text.contains(&x) || text.contains(&x_le), "{set:?}: {text}");
    }
}
