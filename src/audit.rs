//! The tamper-evident chain: every writer links the entries it commits, in the storage transaction.
//!
//! A link is `Streebog-256(0x01 ‖ previous ‖ writer ‖ number ‖ stream ‖ 0x00 ‖ index ‖ entry)`, numbers as eight
//! octets, big-endian. A writer's chain begins with an opening link that names the heads it found, so that
//! cutting off another writer's tail later shows. A head that an earlier opening names as it is need not be
//! named again: it is bound by the chain of that opening. So openings do not grow with the number of starts.

pub mod checkpoint;
pub mod extract;
mod finding;
pub mod inspect;
pub mod log;
pub mod merkle;
pub mod proof;
pub mod rows;
pub mod tally;
pub mod verify;

use std::collections::BTreeSet;

use gost_hash::streebog256;

use crate::id::WriterId;
use crate::provider::journal::{StoredEntry, StreamId};

/// The hash of a link.
pub type LinkHash = [u8; 32];

/// The last link of a writer's chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Whose chain.
    pub writer: WriterId,
    /// How many links it has, the opening one included.
    pub length: u64,
    /// The hash of the last one.
    pub hash: LinkHash,
}

/// One link as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its number in the chain, from 0.
    pub number: u64,
    /// What it links.
    pub linked: Linked,
    /// Its hash.
    pub hash: LinkHash,
}

/// What a link links.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Linked {
    /// Heads of other chains when this writer began, by writer: at least those that [no other opening
    /// names](unnamed).
    Opening(Vec<Head>),
    /// An entry.
    Entry {
        /// Of which stream.
        stream: StreamId,
        /// Its number there, from 0.
        index: u64,
        /// Its octets; `None` where the stream has no such entry (it was removed).
        entry: Option<StoredEntry>,
    },
}

/// The heads that a new opening must name: those which no other opening names as they are.
pub fn unnamed<'a>(heads: Vec<Head>, openings: impl IntoIterator<Item = &'a Head>) -> Vec<Head> {
    let named: BTreeSet<_> =
        openings.into_iter().map(|head| (head.writer, head.length, head.hash)).collect();
    let fresh = |head: &Head| !named.contains(&(head.writer, head.length, head.hash));
    heads.into_iter().filter(fresh).collect()
}

/// Opens a writer's chain over the heads that it finds.
pub fn open(writer: &WriterId, others: &[Head]) -> Head {
    Head { writer: *writer, length: 1, hash: opening_hash(writer, others) }
}

/// Links one more entry.
pub fn link(head: &Head, stream: &StreamId, index: u64, entry: &StoredEntry) -> Head {
    let hash = entry_hash(head, stream, index, entry);
    Head { writer: head.writer, length: head.length.saturating_add(1), hash }
}

fn opening_hash(writer: &WriterId, others: &[Head]) -> LinkHash {
    let mut bytes = vec![0];
    bytes.extend(writer.octets());
    for head in others {
        bytes.extend(head.writer.octets());
        bytes.extend(head.length.to_be_bytes());
        bytes.extend(head.hash);
    }
    streebog256(&bytes)
}

fn entry_hash(head: &Head, stream: &StreamId, index: u64, entry: &StoredEntry) -> LinkHash {
    let mut bytes = vec![1];
    bytes.extend(head.hash);
    bytes.extend(head.writer.octets());
    bytes.extend(head.length.to_be_bytes());
    bytes.extend(stream.to_string().bytes());
    bytes.push(0);
    bytes.extend(index.to_be_bytes());
    bytes.extend(&entry.0);
    streebog256(&bytes)
}
