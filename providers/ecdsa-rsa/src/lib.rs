//! Verifier of ECDSA P-256 and RSA signatures, for authorities whose keys are not of GOST.
//!
//! A crate of its own, so that who uses GOST alone carries no RSA. Beside the verifier of GOST:
//!
//! ```
//! use std::sync::Arc;
//!
//! use gost_ca::provider::verifier::FirstThatKnows;
//! use gost_ca_ecdsa_rsa::EcdsaRsaVerifier;
//! use gost_ca_software::GostVerifier;
//!
//! let verifier = FirstThatKnows::new(vec![Arc::new(GostVerifier), Arc::new(EcdsaRsaVerifier)]);
//! # let _ = verifier;
//! ```
//!
//! Signatures are those of SHA-256, SHA-384 and SHA-512; keys those on P-256, and RSA with 2048 to 8192 bits.
#![forbid(unsafe_code)]

mod ecdsa;
mod rsa_keys;

use der::asn1::{AnyRef, ObjectIdentifier};
use gost_ca::provider::key_store::Digest;
use gost_ca::provider::verifier::{Check, DigestCheck, DigestVerifier};
use gost_ca::provider::{Unverified, Verifier};
use gost_ca::x509::{KeyIdentity, PublicKey};
use rsa::Pkcs1v15Sign;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use spki::AlgorithmIdentifierOwned;

/// Verifies signatures of ECDSA on P-256 and of RSA by PKCS#1 v1.5.
#[derive(Clone, Copy, Debug, Default)]
pub struct EcdsaRsaVerifier;

/// A signature algorithm: a row of [`ALGORITHMS`].
#[derive(Debug)]
struct Algorithm {
    oid: ObjectIdentifier,
    key: ObjectIdentifier,
    hash: &'static Hash,
}

/// A hash function that signatures are made with.
#[derive(Debug)]
struct Hash {
    oid: ObjectIdentifier,
    length: usize,
    digest: fn(&[u8]) -> Vec<u8>,
    /// The padding of RSA, with the hash's name in it.
    scheme: fn() -> Pkcs1v15Sign,
}

impl Verifier for EcdsaRsaVerifier {
    fn verify(&self, check: &Check<'_>) -> Result<(), Unverified> {
        let algorithm = algorithm(check.algorithm, check.key)?;
        verify(algorithm, check.key, &(algorithm.hash.digest)(check.message), check.signature)
    }

    fn identify(&self, key: &PublicKey) -> Result<KeyIdentity, Unverified> {
        match key.algorithm().oid {
            EC_PUBLIC_KEY => ecdsa::identify(key),
            RSA_ENCRYPTION => rsa_keys::identify(key),
            other => Err(Unverified::Unsupported(other.to_string())),
        }
    }

    fn signature_algorithm(&self, key: &PublicKey) -> Result<AlgorithmIdentifierOwned, Unverified> {
        self.identify(key)?;
        let oid = key.algorithm().oid;
        let first = ALGORITHMS.iter().find(|algorithm| algorithm.key == oid);
        let algorithm = first.ok_or_else(|| Unverified::Unsupported(oid.to_string()))?;
        // RFC 4055 §5: NULL for RSA; RFC 5758 §3.2: nothing for ECDSA.
        let parameters = (algorithm.key == RSA_ENCRYPTION).then(der::Any::null);
        Ok(AlgorithmIdentifierOwned { oid: algorithm.oid, parameters })
    }

    fn digests(&self) -> Option<&dyn DigestVerifier> {
        Some(self)
    }
}

impl DigestVerifier for EcdsaRsaVerifier {
    fn verify_digest(&self, check: &DigestCheck<'_>) -> Result<(), Unverified> {
        let row = algorithm(check.algorithm, check.key)?;
        let Digest { algorithm, octets } = check.digest;
        if *algorithm != row.hash.oid || octets.len() != row.hash.length {
            return Err(Unverified::Malformed("the digest is not the signature's"));
        }
        verify(row, check.key, octets, check.signature)
    }
}

fn verify(
    algorithm: &Algorithm,
    key: &PublicKey,
    digest: &[u8],
    signature: &[u8],
) -> Result<(), Unverified> {
    match algorithm.key {
        EC_PUBLIC_KEY => ecdsa::verify(key, digest, signature),
        _ => rsa_keys::verify(key, algorithm.hash, digest, signature),
    }
}

/// The row of a stated algorithm, which must be one for this key.
fn algorithm(
    stated: &AlgorithmIdentifierOwned,
    key: &PublicKey,
) -> Result<&'static Algorithm, Unverified> {
    let row = ALGORITHMS.iter().find(|algorithm| algorithm.oid == stated.oid);
    let row = row.ok_or_else(|| Unverified::Unsupported(stated.oid.to_string()))?;
    let key = key.algorithm().oid;
    if !ALGORITHMS.iter().any(|algorithm| algorithm.key == key) {
        return Err(Unverified::Unsupported(key.to_string()));
    }
    if row.key != key {
        return Err(Unverified::Malformed("the signature's algorithm is not the key's"));
    }
    match &stated.parameters {
        None => Ok(row),
        Some(parameters) if AnyRef::from(parameters).is_null() => Ok(row),
        Some(_) => Err(Unverified::Malformed("the signature's algorithm has parameters")),
    }
}

const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

static SHA_256: Hash = Hash {
    oid: ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1"),
    length: 32,
    digest: |message| Sha256::digest(message).to_vec(),
    scheme: Pkcs1v15Sign::new::<Sha256>,
};
static SHA_384: Hash = Hash {
    oid: ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2"),
    length: 48,
    digest: |message| Sha384::digest(message).to_vec(),
    scheme: Pkcs1v15Sign::new::<Sha384>,
};
static SHA_512: Hash = Hash {
    oid: ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3"),
    length: 64,
    digest: |message| Sha512::digest(message).to_vec(),
    scheme: Pkcs1v15Sign::new::<Sha512>,
};

/// RFC 5758 §3.2 and RFC 4055 §5; a key's first is what new signatures state.
static ALGORITHMS: [Algorithm; 6] = [
    row("1.2.840.10045.4.3.2", EC_PUBLIC_KEY, &SHA_256),
    row("1.2.840.10045.4.3.3", EC_PUBLIC_KEY, &SHA_384),
    row("1.2.840.10045.4.3.4", EC_PUBLIC_KEY, &SHA_512),
    row("1.2.840.113549.1.1.11", RSA_ENCRYPTION, &SHA_256),
    row("1.2.840.113549.1.1.12", RSA_ENCRYPTION, &SHA_384),
    row("1.2.840.113549.1.1.13", RSA_ENCRYPTION, &SHA_512),
];

const fn row(oid: &str, key: ObjectIdentifier, hash: &'static Hash) -> Algorithm {
    Algorithm { oid: ObjectIdentifier::new_unwrap(oid), key, hash }
}
