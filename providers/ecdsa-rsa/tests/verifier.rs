//! Signatures that OpenSSL and a standard made, and what is none.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::sync::Arc;

use der::Encode;
use der::asn1::{Any, ObjectIdentifier};
use gost_ca::provider::key_store::Digest;
use gost_ca::provider::verifier::{Check, DigestCheck, FirstThatKnows};
use gost_ca::provider::{Unverified, Verifier};
use gost_ca::x509::PublicKey;
use gost_ca_ecdsa_rsa::EcdsaRsaVerifier;
use gost_ca_software::GostVerifier;
use spki::AlgorithmIdentifierOwned;

const MESSAGE: &[u8] = b"what was signed";

fn file(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)).unwrap()
}

fn key(kind: &str) -> PublicKey {
    PublicKey::from_der(&file(&format!("{kind}.key"))).unwrap()
}

fn algorithm(oid: &str) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid: ObjectIdentifier::new(oid).unwrap(), parameters: None }
}

fn verify(key: &PublicKey, oid: &str, message: &[u8], signature: &[u8]) -> Result<(), Unverified> {
    EcdsaRsaVerifier.verify(&Check { key, algorithm: &algorithm(oid), message, signature })
}

/// Signature algorithms, by key and hash.
const SIGNED: [(&str, &str, &str); 8] = [
    ("p256", "sha256", "1.2.840.10045.4.3.2"),
    ("p256", "sha384", "1.2.840.10045.4.3.3"),
    ("p256", "sha512", "1.2.840.10045.4.3.4"),
    ("rsa2048", "sha256", "1.2.840.113549.1.1.11"),
    ("rsa2048", "sha384", "1.2.840.113549.1.1.12"),
    ("rsa2048", "sha512", "1.2.840.113549.1.1.13"),
    ("rsa4096", "sha256", "1.2.840.113549.1.1.11"),
    ("rsa4096", "sha512", "1.2.840.113549.1.1.13"),
];

#[test]
fn openssls_signatures_verify_and_changed_ones_do_not() {
    for (kind, hash, oid) in SIGNED {
        let (key, signature) = (key(kind), file(&format!("{kind}.{hash}.sig")));
        assert_eq!(verify(&key, oid, MESSAGE, &signature), Ok(()), "{kind} {hash}");
        assert_eq!(verify(&key, oid, b"what was not", &signature), Err(Unverified::Forged));
        for at in 0..signature.len() {
            let mut changed = signature.clone();
            changed[at] ^= 1;
            assert!(verify(&key, oid, MESSAGE, &changed).is_err(), "{kind} {hash}: octet {at}");
        }
        for wrong in [&[][..], &signature[1..], &[&signature[..], &[0]].concat()] {
            assert!(verify(&key, oid, MESSAGE, wrong).is_err(), "{kind} {hash}");
        }
    }
}

/// RFC 6979 A.2.5: P-256, SHA-256, "sample".
#[test]
fn the_rfcs_signature_verifies() {
    let point = "0460FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6\
                 7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299";
    let head = "3059301306072A8648CE3D020106082A8648CE3D030107034200";
    let signature = "3046022100EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716\
                     022100F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8";
    let key = PublicKey::from_der(&hex::decode([head, point].concat()).unwrap()).unwrap();
    let signature = hex::decode(signature).unwrap();
    assert_eq!(verify(&key, "1.2.840.10045.4.3.2", b"sample", &signature), Ok(()));
}

#[test]
fn a_digest_has_the_verdict_of_its_message() {
    use sha2::Digest as _;
    let (key, signature) = (key("rsa2048"), file("rsa2048.sha256.sig"));
    let algorithm = algorithm("1.2.840.113549.1.1.11");
    let sha_256 = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
    let check = |hash, octets: &[u8]| {
        let digest = Digest { algorithm: hash, octets: octets.to_vec() };
        let (key, algorithm, signature) = (&key, &algorithm, &signature);
        let check = DigestCheck { key, algorithm, digest: &digest, signature };
        EcdsaRsaVerifier.digests().unwrap().verify_digest(&check)
    };
    let digest = sha2::Sha256::digest(MESSAGE);
    assert_eq!(check(sha_256, &digest), Ok(()));
    assert_eq!(check(sha_256, &sha2::Sha256::digest(b"other")), Err(Unverified::Forged));
    assert!(matches!(check(sha_256, &digest[1..]), Err(Unverified::Malformed(_))));
    let sha_512 = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
    assert!(matches!(check(sha_512, &digest), Err(Unverified::Malformed(_))));
}

#[test]
fn algorithms_fit_their_keys() {
    let (p256, rsa) = (key("p256"), key("rsa2048"));
    let signature = file("rsa2048.sha256.sig");
    let ecdsa = "1.2.840.10045.4.3.2";
    assert!(matches!(verify(&rsa, ecdsa, MESSAGE, &signature), Err(Unverified::Malformed(_))));
    let sha_1 = "1.2.840.113549.1.1.5";
    assert!(matches!(verify(&rsa, sha_1, MESSAGE, &signature), Err(Unverified::Unsupported(_))));
    let stated = EcdsaRsaVerifier.signature_algorithm(&rsa).unwrap();
    assert_eq!(stated.to_der().unwrap(), hex::decode("300d06092a864886f70d01010b0500").unwrap());
    let stated = EcdsaRsaVerifier.signature_algorithm(&p256).unwrap();
    assert_eq!(stated.to_der().unwrap(), hex::decode("300a06082a8648ce3d040302").unwrap());
    let with_parameters =
        AlgorithmIdentifierOwned { parameters: Some(Any::from(sha_1_oid())), ..algorithm(ecdsa) };
    let check = Check { key: &p256, algorithm: &with_parameters, message: b"", signature: b"" };
    assert!(matches!(EcdsaRsaVerifier.verify(&check), Err(Unverified::Malformed(_))));
}

fn sha_1_oid() -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap("1.3.14.3.2.26")
}

#[test]
fn keys_that_are_none_have_no_identity() {
    let identify = |der: &[u8]| EcdsaRsaVerifier.identify(&PublicKey::from_der(der).unwrap());
    let good = file("p256.key");
    assert_ne!(identify(&good).unwrap(), identify(&file("rsa2048.key")).unwrap());
    let mut off = good.clone();
    *off.last_mut().unwrap() ^= 1;
    assert!(matches!(identify(&off), Err(Unverified::Malformed(_))));
    assert!(matches!(identify(&file("p384.key")), Err(Unverified::Unsupported(_))));
    // A key that is too short to be safe is no key.
    assert!(matches!(identify(&file("rsa1024.key")), Err(Unverified::Malformed(_))));
    assert!(matches!(identify(&even_modulus()), Err(Unverified::Malformed(_))));
}

/// An RSA key whose modulus is even.
fn even_modulus() -> Vec<u8> {
    let mut der = file("rsa2048.key");
    let exponent = der.len() - 5; // 02 03 01 00 01
    der[exponent - 1] &= 0xFE;
    der
}

#[test]
fn the_first_that_knows_has_the_word() {
    let both = FirstThatKnows::new(vec![Arc::new(GostVerifier), Arc::new(EcdsaRsaVerifier)]);
    let (key, signature) = (key("p256"), file("p256.sha256.sig"));
    let algorithm = algorithm("1.2.840.10045.4.3.2");
    let check = Check { key: &key, algorithm: &algorithm, message: MESSAGE, signature: &signature };
    let forged = Check { message: b"other", ..check };
    assert_eq!(both.verify_all(&[check, forged]), [Ok(()), Err(Unverified::Forged)]);
    assert!(both.identify(&key).is_ok() && both.digests().is_some());
    let gost = FirstThatKnows::new(vec![Arc::new(GostVerifier)]);
    assert!(matches!(gost.verify(&check), Err(Unverified::Unsupported(_))));
    assert!(matches!(FirstThatKnows::default().identify(&key), Err(Unverified::Unsupported(_))));
}
