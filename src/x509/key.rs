//! Public keys as they came, and their identity.

use core::fmt;
use core::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use der::{Decode, Encode};
use gost_hash::streebog256;
use gost3410::VerifyingKey;
use serde::{Deserialize, Serialize};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoRef};

use super::BadDer;

/// A `SubjectPublicKeyInfo` with its original octets.
///
/// Real ones state their parameters in many ways (RFC 9215 §4.2 and what CAs made of it): they are copied
/// into certificates unchanged.
#[derive(Clone)]
pub struct PublicKey {
    der: Vec<u8>,
    /// Whether it is a point of prime order is costly to say: clones share the answer.
    gost: Arc<OnceLock<Result<VerifyingKey, gost3410::Error>>>,
}

impl PublicKey {
    /// Takes the DER of a `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7).
    ///
    /// # Errors
    /// [`BadDer`] where the octets are something else; whether the key is good only a verifier knows.
    pub fn from_der(der: &[u8]) -> Result<Self, BadDer> {
        let key = SubjectPublicKeyInfoRef::from_der(der)
            .map_err(|error| BadDer::new("public key", error))?;
        if key.subject_public_key.unused_bits() != 0 {
            return Err(BadDer::new("public key", "no key of whole octets"));
        }
        Ok(Self { der: der.to_vec(), gost: Arc::default() })
    }

    /// The original octets.
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// The parsed form, borrowing the original octets.
    ///
    /// # Panics
    /// Never: the octets were parsed before.
    pub fn info(&self) -> SubjectPublicKeyInfoRef<'_> {
        #[expect(clippy::expect_used, reason = "the octets were parsed when the key was made")]
        SubjectPublicKeyInfoRef::from_der(&self.der).expect("parsed before")
    }

    /// The key of GOST R 34.10 that it is, read and checked at the first call.
    ///
    /// # Errors
    /// The reader's, for a key of another algorithm and for what is no point of prime order.
    pub fn gost(&self) -> Result<&VerifyingKey, gost3410::Error> {
        let read = self.gost.get_or_init(|| VerifyingKey::from_spki(&self.info()));
        read.as_ref().map_err(|error| *error)
    }

    /// The key's algorithm with its parameters.
    ///
    /// # Panics
    /// Never: the octets were parsed before.
    pub fn algorithm(&self) -> AlgorithmIdentifierOwned {
        #[expect(clippy::expect_used, reason = "the octets were parsed when the key was made")]
        let der = self.info().algorithm.to_der().expect("parsed before");
        #[expect(clippy::expect_used, reason = "the octets were parsed when the key was made")]
        AlgorithmIdentifierOwned::from_der(&der).expect("parsed before")
    }

    /// The octets inside the `BIT STRING`: for GOST keys the DER of an `OCTET STRING`.
    pub fn key_octets(&self) -> &[u8] {
        self.info().subject_public_key.raw_bytes()
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for PublicKey {}

impl Hash for PublicKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.der.hash(state);
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", crate::hex::encode(&self.der))
    }
}

/// Names a key whatever its encoding: `Streebog-256(curve ‖ x ‖ y)`.
///
/// Not the hash of the `SubjectPublicKeyInfo`: one curve has several object identifiers, and one key could
/// come again under another of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct KeyIdentity(#[serde(with = "crate::hex::octets")] [u8; 32]);

impl KeyIdentity {
    /// Names a key by its curve's name and its coordinates, big-endian.
    pub fn of_point(curve: &str, x: &[u8], y: &[u8]) -> Self {
        Self(streebog256(&[curve.as_bytes(), &[0], x, y].concat()))
    }

    /// Wraps the octets of an identity read from storage.
    pub const fn from_octets(octets: [u8; 32]) -> Self {
        Self(octets)
    }

    /// The octets.
    pub const fn octets(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for KeyIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::hex::encode(&self.0))
    }
}

impl fmt::Debug for KeyIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyIdentity({self})")
    }
}
