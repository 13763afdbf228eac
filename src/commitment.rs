//! Binding a document to the record without putting its contents there.

use core::fmt;

use gost_hash::streebog256;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// `Streebog-256(salt ‖ bytes)` of a document: all that an entry says of it.
///
/// The salt lies beside the document; once both are erased, the commitment is of no use for guessing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Commitment([u8; 32]);

/// The salt of a commitment, from the random generator.
pub type Salt = [u8; 32];

impl Commitment {
    /// Commits to bytes under a salt.
    pub fn of(salt: &Salt, bytes: &[u8]) -> Self {
        Self(streebog256(&[salt, bytes].concat()))
    }

    /// Wraps the 32 octets of a commitment read from storage.
    pub const fn from_octets(octets: [u8; 32]) -> Self {
        Self(octets)
    }

    /// The 32 octets.
    pub const fn octets(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

impl fmt::Debug for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Commitment({self})")
    }
}

impl Serialize for Commitment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Commitment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::hex::array(&String::deserialize(deserializer)?)
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("64 hexadecimal digits are wanted"))
    }
}

/// What a document is; says who may read it and how long it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum DocumentKind {
    /// A PKCS#10 request, DER.
    Request,
    /// The exact bytes to be signed, DER.
    Tbs,
    /// A certificate, DER.
    Certificate,
    /// A CRL, DER.
    Crl,
    /// The verifier of a password (a PHC string).
    Password,
    /// The record's own secret that keys its uniqueness claims.
    Pepper,
    /// A printed form, as it was given out.
    Paper,
    /// The scan of a paper, PDF or JPEG.
    Scan,
    /// A command that others must approve, frozen.
    Command,
    /// The verifier of a code phrase (a PHC string).
    Phrase,
}

/// Bytes bound to an entry by their commitment.
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    kind: DocumentKind,
    salt: Salt,
    bytes: Vec<u8>,
    commitment: Commitment,
}

impl Document {
    /// Seals bytes under a fresh salt.
    pub fn seal(kind: DocumentKind, salt: Salt, bytes: Vec<u8>) -> Self {
        let commitment = Commitment::of(&salt, &bytes);
        Self { kind, salt, bytes, commitment }
    }

    /// What it is.
    pub const fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// What entries call it by.
    pub const fn commitment(&self) -> &Commitment {
        &self.commitment
    }

    /// The salt, stored beside the bytes and erased with them.
    pub const fn salt(&self) -> &Salt {
        &self.salt
    }

    /// The contents.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Gives up the contents.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// Shows no contents: documents hold personal data.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Document({:?}, {}, {} octets)", self.kind, self.commitment, self.bytes.len())
    }
}
