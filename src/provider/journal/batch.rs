//! What is committed at once.

use jiff::Timestamp;

use super::{Holder, StreamId, UniqueKey};
use crate::commitment::Document;
use crate::id::CommandId;
use crate::view::View;

/// What is committed at once: all of it, or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Whose it is; the same command again gives the first receipt.
    pub command: CommandMark,
    /// When it was decided: claims that end by then are free.
    pub at: Timestamp,
    /// Entries and views, by stream; a stream at most once.
    pub changes: Vec<Change>,
    /// Unique keys taken and given back.
    pub claims: Vec<Claim>,
    /// Documents that the entries name.
    pub documents: Vec<Document>,
    /// What the command answered, for its repetition: no secrets.
    pub outcome: Vec<u8>,
}

/// A command's id, and what it said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandMark {
    /// Its id.
    pub id: CommandId,
    /// `Streebog-256` of its canonical octets: another command under the same id is a conflict.
    pub digest: [u8; 32],
}

/// What happens to one stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which stream.
    pub stream: StreamId,
    /// How long it must be for the change to hold.
    pub expected: Expected,
    /// Entries to be appended, at least one.
    pub entries: Vec<StoredEntry>,
    /// Rows that lists and searches use; each replaces the one with its key.
    pub views: Vec<View>,
}

/// How long a stream must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expected {
    /// Exactly this many entries.
    Exactly(u64),
    /// Any number: for streams that only collect.
    Any,
}

/// An entry as it is stored: its canonical octets, written once and never again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry(pub Vec<u8>);

/// A change of the set of unique keys.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Claim {
    /// Takes a key; a conflict where another holder has it and its term ends after the batch's time.
    /// Its holder may take it again.
    Take {
        /// Which key.
        key: UniqueKey,
        /// For whom.
        holder: Holder,
        /// Until when; for ever where there is none.
        until: Option<Timestamp>,
    },
    /// Gives a key back; nothing where nobody has it.
    Release {
        /// Which key.
        key: UniqueKey,
    },
}

/// The journal's answer to a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Whose it is.
    pub command: CommandMark,
    /// The streams with their lengths after the commit.
    pub lengths: Vec<(StreamId, u64)>,
    /// What the command answered.
    pub outcome: Vec<u8>,
    /// Whether this very call wrote it, or an earlier one did.
    pub repeated: bool,
}

/// A stream, read from some entry on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Its whole length.
    pub length: u64,
    /// The entries from the asked one to the end.
    pub entries: Vec<StoredEntry>,
}
