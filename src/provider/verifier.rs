//! Checking of signatures and public keys.

use core::fmt::Debug;
use std::sync::Arc;

use spki::AlgorithmIdentifierOwned;

use super::key_store::Digest;
use crate::x509::{KeyIdentity, PublicKey};

/// Why a signature or a key was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unverified {
    /// Well formed, but not made by that key over that message.
    #[error("the signature does not verify")]
    Forged,
    /// The key or the signature is not even well formed.
    #[error("malformed: {0}")]
    Malformed(&'static str),
    /// The algorithm is not known here: no verdict.
    #[error("unsupported algorithm {0}")]
    Unsupported(String),
}

/// One signature to be checked.
#[derive(Clone, Copy, Debug)]
pub struct Check<'a> {
    /// Whose key.
    pub key: &'a PublicKey,
    /// The signature's algorithm, as the signed object states it.
    pub algorithm: &'a AlgorithmIdentifierOwned,
    /// What was signed, whole.
    pub message: &'a [u8],
    /// The signature, as X.509 carries it.
    pub signature: &'a [u8],
}

/// Checks signatures and keys of the algorithms it knows.
pub trait Verifier: Debug + Send + Sync {
    /// Checks one signature.
    ///
    /// # Errors
    /// [`Unverified`] says whether it is forged, malformed or out of this verifier's knowledge.
    fn verify(&self, check: &Check<'_>) -> Result<(), Unverified>;

    /// Checks many, each with a verdict of its own.
    fn verify_all(&self, checks: &[Check<'_>]) -> Vec<Result<(), Unverified>> {
        checks.iter().map(|check| self.verify(check)).collect()
    }

    /// Checks that a public key is one (on its curve, of full order) and names it.
    ///
    /// The identity is the same for all encodings and object identifiers of one key:
    /// `Streebog-256(curve ‖ x ‖ y)`.
    ///
    /// # Errors
    /// `Malformed` for a key that is none, `Unsupported` for one of an unknown algorithm.
    fn identify(&self, key: &PublicKey) -> Result<KeyIdentity, Unverified>;

    /// The algorithm that signatures by this key state.
    ///
    /// # Errors
    /// As [`identify`](Self::identify).
    fn signature_algorithm(&self, key: &PublicKey) -> Result<AlgorithmIdentifierOwned, Unverified>;

    /// The ability to check by a digest, where the verifier has it.
    fn digests(&self) -> Option<&dyn DigestVerifier> {
        None
    }
}

/// Checks signatures of messages too long to hand over.
pub trait DigestVerifier: Debug + Send + Sync {
    /// Checks a signature by the digest of what was signed: the same verdict as over the whole message.
    ///
    /// # Errors
    /// As [`Verifier::verify`]; `Malformed` for a digest of another algorithm than the signature's.
    fn verify_digest(&self, check: &DigestCheck<'_>) -> Result<(), Unverified>;
}

/// One signature to be checked by a digest.
#[derive(Clone, Copy, Debug)]
pub struct DigestCheck<'a> {
    /// Whose key.
    pub key: &'a PublicKey,
    /// The signature's algorithm, as the signed object states it.
    pub algorithm: &'a AlgorithmIdentifierOwned,
    /// The digest of what was signed.
    pub digest: &'a Digest,
    /// The signature, as X.509 carries it.
    pub signature: &'a [u8],
}

/// Several verifiers as one: the first that knows an algorithm has the word.
#[derive(Clone, Debug, Default)]
pub struct FirstThatKnows(Vec<Arc<dyn Verifier>>);

impl FirstThatKnows {
    /// Takes them in the order in which they are asked.
    pub fn new(verifiers: Vec<Arc<dyn Verifier>>) -> Self {
        Self(verifiers)
    }

    fn ask<T>(
        &self,
        question: impl Fn(&dyn Verifier) -> Result<T, Unverified>,
    ) -> Result<T, Unverified> {
        let mut answer = Err(Unverified::Unsupported("no verifier".to_owned()));
        for verifier in &self.0 {
            answer = question(verifier.as_ref());
            if !matches!(answer, Err(Unverified::Unsupported(_))) {
                break;
            }
        }
        answer
    }
}

impl Verifier for FirstThatKnows {
    fn verify(&self, check: &Check<'_>) -> Result<(), Unverified> {
        self.ask(|verifier| verifier.verify(check))
    }

    fn verify_all(&self, checks: &[Check<'_>]) -> Vec<Result<(), Unverified>> {
        let Some((first, others)) = self.0.split_first() else {
            return checks.iter().map(|check| self.verify(check)).collect();
        };
        // The first one's batches are kept whole: nearly all are its own.
        let others = Self(others.to_vec());
        let verdicts = first.verify_all(checks).into_iter().zip(checks);
        let second = |(verdict, check): (Result<(), Unverified>, &Check<'_>)| match verdict {
            Err(Unverified::Unsupported(_)) if !others.0.is_empty() => others.verify(check),
            verdict => verdict,
        };
        verdicts.map(second).collect()
    }

    fn identify(&self, key: &PublicKey) -> Result<KeyIdentity, Unverified> {
        self.ask(|verifier| verifier.identify(key))
    }

    fn signature_algorithm(&self, key: &PublicKey) -> Result<AlgorithmIdentifierOwned, Unverified> {
        self.ask(|verifier| verifier.signature_algorithm(key))
    }

    fn digests(&self) -> Option<&dyn DigestVerifier> {
        // With one that cannot check by digests, nobody could rely on it.
        let all = self.0.iter().all(|verifier| verifier.digests().is_some());
        all.then_some(self)
    }
}

impl DigestVerifier for FirstThatKnows {
    fn verify_digest(&self, check: &DigestCheck<'_>) -> Result<(), Unverified> {
        let unsupported = || Unverified::Unsupported("digests".to_owned());
        self.ask(|verifier| verifier.digests().ok_or_else(unsupported)?.verify_digest(check))
    }
}
