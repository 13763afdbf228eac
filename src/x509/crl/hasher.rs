//! The digest of a CRL that is never in memory whole.

use const_oid::ObjectIdentifier;
use gost_hash::{Digest as _, Streebog256, Streebog512};
use sha2::Sha256;
use spki::AlgorithmIdentifierOwned;

use crate::provider::key_store::Digest;

/// Hashes what is signed, piece by piece, by the signature algorithm's own hash (RFC 9215 §2; RFC 5758 §3.2;
/// RFC 4055 §5).
#[derive(Clone)]
pub struct SignedPart(Hash);

#[derive(Clone)]
enum Hash {
    Streebog256(Streebog256),
    Streebog512(Streebog512),
    Sha256(Sha256),
}

impl SignedPart {
    /// Begins; `None` for an algorithm whose hash is not known here.
    pub fn of(algorithm: &AlgorithmIdentifierOwned) -> Option<Self> {
        match algorithm.oid {
            WITH_256 => Some(Self(Hash::Streebog256(Streebog256::new()))),
            WITH_512 => Some(Self(Hash::Streebog512(Streebog512::new()))),
            ECDSA_SHA_256 | RSA_SHA_256 => Some(Self(Hash::Sha256(Sha256::new()))),
            _ => None,
        }
    }

    /// Begins with SHA-256, whatever signs.
    pub(crate) fn sha_256() -> Self {
        Self(Hash::Sha256(Sha256::new()))
    }

    /// Takes the next piece.
    pub fn update(&mut self, octets: &[u8]) {
        match &mut self.0 {
            Hash::Streebog256(hash) => hash.update(octets),
            Hash::Streebog512(hash) => hash.update(octets),
            Hash::Sha256(hash) => hash.update(octets),
        }
    }

    /// The digest of all pieces.
    pub fn finish(self) -> Digest {
        match self.0 {
            Hash::Streebog256(hash) => {
                Digest { algorithm: STREEBOG_256, octets: hash.finalize().to_vec() }
            }
            Hash::Streebog512(hash) => {
                Digest { algorithm: STREEBOG_512, octets: hash.finalize().to_vec() }
            }
            Hash::Sha256(hash) => Digest { algorithm: SHA_256, octets: hash.finalize().to_vec() },
        }
    }
}

impl core::fmt::Debug for SignedPart {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SignedPart(..)")
    }
}

/// `id-tc26-signwithdigest-gost3410-12-256`, `-512`, and the digests (RFC 9215 §2).
const WITH_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.3.2");
const WITH_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.3.3");
const ECDSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const RSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const STREEBOG_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.2");
const STREEBOG_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.3");
