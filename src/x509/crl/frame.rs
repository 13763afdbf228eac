//! Writing a CRL around its entries, which may be too many for memory.
//!
//! ```text
//! seal.head  frame.head  entry entry …  frame.tail  seal.tail
//!            └──────────── signed ───────────────┘
//! ```

use jiff::Timestamp;
use spki::AlgorithmIdentifierOwned;

use super::super::extensions::{Extension, encode_all};
use super::super::write;

/// What a CRL says besides its entries (RFC 5280 §5.1.2).
#[derive(Clone, Copy, Debug)]
pub struct CrlFields<'a> {
    /// The algorithm of the issuer's signatures.
    pub algorithm: &'a AlgorithmIdentifierOwned,
    /// The issuer's `Name`, DER.
    pub issuer: &'a [u8],
    /// When it is made.
    pub this_update: Timestamp,
    /// When the next one will be there at the latest.
    pub next_update: Timestamp,
    /// `cRLNumber`, `authorityKeyIdentifier` and others.
    pub extensions: &'a [Extension],
}

/// The signed octets before and after the entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrlFrame {
    head: Vec<u8>,
    tail: Vec<u8>,
    length: u64,
    entries: u64,
    algorithm: AlgorithmIdentifierOwned,
}

/// The octets before and after the signed part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrlSeal {
    /// Before.
    pub head: Vec<u8>,
    /// After: algorithm and signature.
    pub tail: Vec<u8>,
}

impl CrlFrame {
    /// The frame of entries of that length in octets, all together; without entries their list is left out
    /// (RFC 5280 §5.1.2.6).
    pub fn new(fields: &CrlFields<'_>, entries: u64) -> Self {
        let list = if entries == 0 { Vec::new() } else { write::header(write::SEQUENCE, entries) };
        let tail = write::tlv(write::constructed(0), &encode_all(fields.extensions));
        let inner = [
            write::integer(1),
            write::algorithm(fields.algorithm),
            fields.issuer.to_vec(),
            write::time(fields.this_update),
            write::time(fields.next_update),
            list,
        ]
        .concat();
        let around = write::length(&inner).saturating_add(write::length(&tail));
        let contents = around.saturating_add(entries);
        let head = [write::header(write::SEQUENCE, contents), inner].concat();
        let length =
            write::length(&head).saturating_add(entries).saturating_add(write::length(&tail));
        Self { head, tail, length, entries, algorithm: fields.algorithm.clone() }
    }

    /// Before the entries.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// After them.
    pub fn tail(&self) -> &[u8] {
        &self.tail
    }

    /// The length of all entries together, in octets.
    pub const fn entries_length(&self) -> u64 {
        self.entries
    }

    /// The length of the signed part, entries included, in octets.
    pub const fn signed_length(&self) -> u64 {
        self.length
    }

    /// The algorithm of the signature.
    pub const fn algorithm(&self) -> &AlgorithmIdentifierOwned {
        &self.algorithm
    }

    /// What stands around the signed part.
    pub fn seal(&self, signature: &[u8]) -> CrlSeal {
        let tail = [write::algorithm(&self.algorithm), write::bit_string(signature)].concat();
        let contents = self.length.saturating_add(write::length(&tail));
        CrlSeal { head: write::header(write::SEQUENCE, contents), tail }
    }
}
