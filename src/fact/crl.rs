//! What is recorded of CRLs.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::issuing::is_zero;
use crate::audit::{Head, LinkHash};
use crate::commitment::Commitment;
use crate::id::{Name, WriterId};
use crate::provider::journal::ListPart;
use crate::x509::KeyIdentity;

/// A CRL that exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrlIssued {
    /// The key that signed.
    pub issuer: KeyIdentity,
    /// The part of a partitioned list; 0 where it is whole.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub partition: u16,
    /// Its number.
    pub number: u64,
    /// The number of the complete CRL that it changes, where it is a delta CRL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<u64>,
    /// When it was made.
    pub this_update: Timestamp,
    /// When the next one is due.
    pub next_update: Timestamp,
    /// The CRL, where the record keeps it whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crl: Option<Commitment>,
    /// The CRL's name, where a [sink](crate::provider::CrlSink) keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The digest that was signed.
    #[serde(default, with = "crate::hex::octets", skip_serializing_if = "Vec::is_empty")]
    pub digest: Vec<u8>,
    /// The SHA-256 digest of the same octets, by which the CRL is known again: of a long one in a fraction of
    /// the time.
    #[serde(default, with = "crate::hex::octets", skip_serializing_if = "Vec::is_empty")]
    pub sha_256: Vec<u8>,
    /// How many certificates it lists.
    #[serde(default, skip_serializing_if = "is_none")]
    pub entries: u64,
    /// How far the chains were when it was collected: those that grew since the CRL before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heads: Vec<KnownHead>,
}

/// Which CRL: its line and its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrlRef {
    /// The list, or the part of it.
    #[serde(flatten)]
    pub part: ListPart,
    /// Its number.
    pub number: u64,
}

/// How far a chain was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownHead {
    /// Whose.
    pub writer: WriterId,
    /// How many links it had.
    pub length: u64,
    /// The hash of the last one.
    #[serde(with = "crate::hex::octets")]
    pub hash: LinkHash,
}

impl From<Head> for KnownHead {
    fn from(Head { writer, length, hash }: Head) -> Self {
        Self { writer, length, hash }
    }
}

impl From<KnownHead> for Head {
    fn from(KnownHead { writer, length, hash }: KnownHead) -> Self {
        Self { writer, length, hash }
    }
}

/// What became of a CRL at a place from which it is fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Which CRL.
    #[serde(flatten)]
    pub crl: CrlRef,
    /// Where.
    pub endpoint: Name,
    /// Why not, where it did not get there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
const fn is_none(entries: &u64) -> bool {
    *entries == 0
}
