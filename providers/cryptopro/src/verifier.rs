//! Checking of signatures by the CSP.

use std::sync::{Mutex, PoisonError};

use der::asn1::AnyRef;
use gost_ca::provider::verifier::{Check, DigestCheck, DigestVerifier};
use gost_ca::provider::{Result, Unverified, Verifier};
use gost_ca::x509::{KeyIdentity, PublicKey};
use gost3410::{KeyAlgorithm, ParameterSet, VerifyingKey};
use spki::AlgorithmIdentifierOwned;

use crate::Provider;
use crate::error::CspError;
use crate::ffi::{Context, Hashed};
use crate::public_key::{blob, hash_of, provider_type};
use crate::session::{KINDS, Opener};
use crate::sys::NTE_BAD_SIGNATURE;

/// Verifies signatures of GOST R 34.10-2012 in the CSP, in the caller's thread.
///
/// Keys are read and named without it. Where the CSP gives no verdict, neither does this.
#[derive(Debug)]
pub struct CspVerifier {
    /// By the provider's type.
    contexts: Vec<(u32, Mutex<Context>)>,
}

impl CspVerifier {
    /// Opens a context for each size of keys that the CSP has a provider for.
    ///
    /// # Errors
    /// `Unsupported` where it has none of GOST R 34.10-2012.
    pub fn new(provider: &Provider) -> Result<Self> {
        let opener = Opener::new(provider);
        let mut contexts = Vec::new();
        let mut refusal = None;
        for kind in KINDS {
            match opener.keyless(kind, false) {
                Ok(context) => contexts.push((kind, Mutex::new(context))),
                Err(error) => refusal = Some(error),
            }
        }
        match refusal.filter(|_| contexts.is_empty()) {
            Some(error) => Err(opener.none_installed(error)),
            None => Ok(Self { contexts }),
        }
    }

    fn check(
        &self,
        key: &VerifyingKey,
        what: Hashed<'_>,
        signature: &[u8],
    ) -> core::result::Result<(), Unverified> {
        let set = key.parameter_set();
        if signature.len() != set.size().saturating_mul(2) {
            return Err(Unverified::Malformed("the signature has a wrong length"));
        }
        let unsupported = || Unverified::Unsupported(key.key_algorithm().oid().to_string());
        let hash = hash_of(key.key_algorithm()).ok_or_else(unsupported)?;
        let wanted = provider_type(set);
        let context = self.contexts.iter().find(|(kind, _)| *kind == wanted);
        let (_, context) = context.ok_or_else(unsupported)?;
        let blob = blob(key).map_err(|_| unsupported())?;
        let context = context.lock().unwrap_or_else(PoisonError::into_inner);
        context.verify(&blob, hash, what, signature).map_err(verdict)
    }
}

/// A code other than "forged" is none over the signature.
fn verdict(error: CspError) -> Unverified {
    if error.code == NTE_BAD_SIGNATURE {
        Unverified::Forged
    } else {
        Unverified::Unsupported(error.to_string())
    }
}

impl Verifier for CspVerifier {
    fn verify(&self, check: &Check<'_>) -> core::result::Result<(), Unverified> {
        let key = read(check.key)?;
        fits(check.algorithm, &key)?;
        self.check(&key, Hashed::Message(check.message), check.signature)
    }

    fn identify(&self, key: &PublicKey) -> core::result::Result<KeyIdentity, Unverified> {
        let key = read(key)?;
        // identities are made with the first name of a curve
        let first = ParameterSet::ALL.iter().find(|set| set.curve() == key.curve());
        let name = first.map_or_else(|| key.parameter_set().name(), |set| set.name());
        Ok(KeyIdentity::of_point(name, &key.x_be(), &key.y_be()))
    }

    fn signature_algorithm(
        &self,
        key: &PublicKey,
    ) -> core::result::Result<AlgorithmIdentifierOwned, Unverified> {
        let oid = read(key)?.key_algorithm().signature_oid();
        Ok(AlgorithmIdentifierOwned { oid, parameters: None }) // absent: RFC 9215 §3
    }

    fn digests(&self) -> Option<&dyn DigestVerifier> {
        Some(self)
    }
}

impl DigestVerifier for CspVerifier {
    fn verify_digest(&self, check: &DigestCheck<'_>) -> core::result::Result<(), Unverified> {
        let key = read(check.key)?;
        fits(check.algorithm, &key)?;
        let hash = match key.parameter_set().size() {
            64 => "1.2.643.7.1.1.2.3",
            _ => "1.2.643.7.1.1.2.2",
        };
        let size = key.parameter_set().size();
        if check.digest.algorithm.to_string() != hash || check.digest.octets.len() != size {
            return Err(Unverified::Malformed("the digest is not the signature's"));
        }
        self.check(&key, Hashed::Digest(&check.digest.octets), check.signature)
    }
}

fn read(key: &PublicKey) -> core::result::Result<VerifyingKey, Unverified> {
    VerifyingKey::from_spki(&key.info()).map_err(|error| match error {
        gost3410::Error::UnknownAlgorithm(oid) | gost3410::Error::UnknownParameterSet(oid) => {
            Unverified::Unsupported(oid.to_string())
        }
        gost3410::Error::PublicKey(_) => {
            Unverified::Malformed("the public key is not a point of order q")
        }
        _ => Unverified::Malformed("the public key does not fit its algorithm"),
    })
}

/// The stated algorithm is that of the key, with parameters absent or NULL (RFC 9215 §3).
fn fits(
    algorithm: &AlgorithmIdentifierOwned,
    key: &VerifyingKey,
) -> core::result::Result<(), Unverified> {
    let known = [KeyAlgorithm::Gost2012_256, KeyAlgorithm::Gost2012_512, KeyAlgorithm::Gost2001];
    if !known.iter().any(|known| known.signature_oid() == algorithm.oid) {
        return Err(Unverified::Unsupported(algorithm.oid.to_string()));
    }
    if algorithm.oid != key.key_algorithm().signature_oid() {
        return Err(Unverified::Malformed("the signature's algorithm is not the key's"));
    }
    match &algorithm.parameters {
        Some(parameters) if !AnyRef::from(parameters).is_null() => {
            Err(Unverified::Malformed("the signature's algorithm has parameters"))
        }
        _ => Ok(()),
    }
}
