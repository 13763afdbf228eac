//! Checking of signatures and keys of GOST R 34.10-2012.

mod caching;

use std::collections::BTreeMap;

use der::asn1::{AnyRef, ObjectIdentifier};
use gost_ca::provider::verifier::{Check, DigestCheck, DigestVerifier};
use gost_ca::provider::{Unverified, Verifier};
use gost_ca::x509::{KeyIdentity, PublicKey};
use gost_hash::legacy::Gost94;
use gost_hash::{Digest as _, streebog256, streebog512};
use gost3410::{Error, KeyAlgorithm, Signature, Verification, VerifyingKey, verify_batch};
use spki::AlgorithmIdentifierOwned;

use crate::curve_name::curve_name;
pub use caching::CachingVerifier;

/// Verifies signatures of GOST R 34.10-2012, and of 34.10-2001 for old chains.
///
/// Keeps nothing between calls; [`CachingVerifier`] does.
#[derive(Clone, Copy, Debug, Default)]
pub struct GostVerifier;

impl Verifier for GostVerifier {
    fn verify(&self, check: &Check<'_>) -> Result<(), Unverified> {
        let key = read(check.key)?;
        let (digest, signature) = digested(key, check)?;
        key.verify_prehash(&digest, &signature).map_err(unverified)
    }

    fn verify_all(&self, checks: &[Check<'_>]) -> Vec<Result<(), Unverified>> {
        // Most are by few issuers: each key is read once.
        let mut keys = BTreeMap::new();
        for check in checks {
            keys.entry(check.key.as_der()).or_insert_with(|| read(check.key));
        }
        let claims: Vec<_> = checks.iter().map(|check| claim(&keys, check)).collect();
        let sound = claims.iter().filter_map(|claim| claim.as_ref().ok());
        let batch: Vec<_> =
            sound.map(|(key, digest, signature)| Verification { key, digest, signature }).collect();
        let mut verdicts = verify_batch(&batch).into_iter();
        let mut next = || verdicts.next().unwrap_or(Err(Error::Forged)).map_err(unverified);
        claims.into_iter().map(|claim| claim.and_then(|_| next())).collect()
    }

    fn identify(&self, key: &PublicKey) -> Result<KeyIdentity, Unverified> {
        let key = read(key)?;
        let curve = curve_name(key.curve())
            .ok_or_else(|| Unverified::Unsupported(key.parameter_set().oid().to_string()))?;
        Ok(KeyIdentity::of_point(curve, &key.x_be(), &key.y_be()))
    }

    fn signature_algorithm(&self, key: &PublicKey) -> Result<AlgorithmIdentifierOwned, Unverified> {
        let oid = read(key)?.key_algorithm().signature_oid();
        Ok(AlgorithmIdentifierOwned { oid, parameters: None }) // absent: RFC 9215 §3
    }

    fn digests(&self) -> Option<&dyn DigestVerifier> {
        Some(self)
    }
}

impl DigestVerifier for GostVerifier {
    fn verify_digest(&self, check: &DigestCheck<'_>) -> Result<(), Unverified> {
        let key = read(check.key)?;
        fits(check.algorithm, key.key_algorithm())?;
        let hash = match key.key_algorithm() {
            KeyAlgorithm::Gost2012_256 => STREEBOG_256,
            KeyAlgorithm::Gost2012_512 => STREEBOG_512,
            KeyAlgorithm::Gost2001 => GOST94,
            other => return Err(Unverified::Unsupported(other.oid().to_string())),
        };
        if check.digest.algorithm != hash {
            return Err(Unverified::Malformed("the digest is not the signature's"));
        }
        let signature = Signature::from_slice(check.signature).map_err(unverified)?;
        key.verify_prehash(&check.digest.octets, &signature).map_err(unverified)
    }
}

/// A key, the digest of the message by its algorithm, and the signature.
type Claim<'a> = (&'a VerifyingKey, Vec<u8>, Signature);

fn claim<'a>(
    keys: &BTreeMap<&[u8], Result<&'a VerifyingKey, Unverified>>,
    check: &Check<'_>,
) -> Result<Claim<'a>, Unverified> {
    let unread = Err(Unverified::Malformed("the public key was not read"));
    let key = keys.get(check.key.as_der()).map_or(unread, Clone::clone)?;
    let (digest, signature) = digested(key, check)?;
    Ok((key, digest, signature))
}

fn digested(key: &VerifyingKey, check: &Check<'_>) -> Result<(Vec<u8>, Signature), Unverified> {
    fits(check.algorithm, key.key_algorithm())?;
    let signature = Signature::from_slice(check.signature).map_err(unverified)?;
    Ok((digest(key.key_algorithm(), check.message)?, signature))
}

fn read(key: &PublicKey) -> Result<&VerifyingKey, Unverified> {
    key.gost().map_err(unverified)
}

/// The stated algorithm is that of the key: the issuer's key chooses it (RFC 9215 §2).
fn fits(algorithm: &AlgorithmIdentifierOwned, key: KeyAlgorithm) -> Result<(), Unverified> {
    if !SIGNATURES.iter().any(|known| known.signature_oid() == algorithm.oid) {
        return Err(Unverified::Unsupported(algorithm.oid.to_string()));
    }
    if algorithm.oid != key.signature_oid() {
        return Err(Unverified::Malformed("the signature's algorithm is not the key's"));
    }
    match &algorithm.parameters {
        // RFC 9215 §3 wants them absent; samples of TC26 and old tokens have NULL.
        None => Ok(()),
        Some(parameters) if AnyRef::from(parameters).is_null() => Ok(()),
        Some(_) => Err(Unverified::Malformed("the signature's algorithm has parameters")),
    }
}

fn digest(key: KeyAlgorithm, message: &[u8]) -> Result<Vec<u8>, Unverified> {
    match key {
        KeyAlgorithm::Gost2012_256 => Ok(streebog256(message).to_vec()),
        KeyAlgorithm::Gost2012_512 => Ok(streebog512(message).to_vec()),
        // The parameter set of the hash is CryptoPro's in all that was ever certified (RFC 4491, 2.1).
        KeyAlgorithm::Gost2001 => Ok(Gost94::digest(message).to_vec()),
        other => Err(Unverified::Unsupported(other.oid().to_string())),
    }
}

fn unverified(error: Error) -> Unverified {
    match error {
        Error::Forged => Unverified::Forged,
        Error::UnknownAlgorithm(oid) | Error::UnknownParameterSet(oid) => {
            Unverified::Unsupported(oid.to_string())
        }
        Error::SignatureLength => Unverified::Malformed("the signature has a wrong length"),
        Error::PublicKey(_) => Unverified::Malformed("the public key is not a point of order q"),
        _ => Unverified::Malformed("the public key does not fit its algorithm"),
    }
}

const SIGNATURES: [KeyAlgorithm; 3] =
    [KeyAlgorithm::Gost2012_256, KeyAlgorithm::Gost2012_512, KeyAlgorithm::Gost2001];

/// RFC 4490 §2.1.
const GOST94: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.2.2.9");
/// RFC 9215 §2.
const STREEBOG_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.2");
const STREEBOG_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.3");
