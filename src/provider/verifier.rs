//! Checking of signatures and public keys.

use core::fmt::Debug;

use spki::AlgorithmIdentifierOwned;

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
}
