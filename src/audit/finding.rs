//! What can be wrong with a record.

use serde::Serialize;

use crate::commitment::Commitment;
use crate::id::WriterId;
use crate::provider::journal::StreamId;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(tag = "finding", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Finding {
    /// A link's hash is not that of its contents: something was edited, moved or put in.
    #[error("link {number} of {writer} does not fit its contents")]
    Broken {
        /// Whose chain.
        writer: WriterId,
        /// Which link.
        number: u64,
    },
    /// An entry that a link names is gone.
    #[error("entry {index} of {stream} is gone")]
    Gone {
        /// Which stream.
        stream: StreamId,
        /// Which entry.
        index: u64,
    },
    /// A chain does not have the length or the end that its head says.
    #[error("the chain of {writer} does not end at its head")]
    Head {
        /// Whose chain.
        writer: WriterId,
    },
    /// A chain was longer, or other, when a later writer saw it.
    #[error("the chain of {writer} was another when {witness} began")]
    Rewritten {
        /// Whose chain.
        writer: WriterId,
        /// Who saw it.
        witness: WriterId,
    },
    /// A stream's entries are not numbered without gaps, each linked once.
    #[error("the entries of {stream} are not linked one by one")]
    Stream {
        /// Which stream.
        stream: StreamId,
    },
    /// The storage cannot read what is stored.
    #[error("{place} cannot be read: {why}")]
    Unreadable {
        /// What was to be read.
        place: String,
        /// What the storage says.
        why: String,
    },
    /// An entry is none of its stream's, or does not follow from those before it.
    #[error("entry {index} of {stream} makes no sense: {why}")]
    Entry {
        /// Which stream.
        stream: StreamId,
        /// Which entry.
        index: u64,
        /// Why.
        why: String,
    },
    /// A row of a list is not what its entries say, or is missing, or belongs to no entries.
    #[error("{row} of {stream} is {what}")]
    Row {
        /// From whose entries it is.
        stream: StreamId,
        /// Which row.
        row: String,
        /// Altered, missing or made up.
        what: RowFault,
    },
    /// A document is not what its entry committed to.
    #[error("the document {commitment} of entry {index} of {stream} is another")]
    Document {
        /// Whose entry names it.
        stream: StreamId,
        /// Which entry.
        index: u64,
        /// What the entry says.
        commitment: Commitment,
    },
    /// A document that is never erased is gone.
    #[error("the {field} {commitment} of entry {index} of {stream} is gone")]
    Lost {
        /// Whose entry names it.
        stream: StreamId,
        /// Which entry.
        index: u64,
        /// What it is.
        field: String,
        /// What the entry says.
        commitment: Commitment,
    },
    /// The registration data that an account follows is another, or gone.
    #[error("the registration data {version} of {stream} is another, or gone")]
    Registration {
        /// Whose.
        stream: StreamId,
        /// Which version.
        version: Commitment,
    },
    /// Something that must be unique is not held by whom it belongs to.
    #[error("the {space} of {stream} is not held by it")]
    Claim {
        /// Whose entries take it.
        stream: StreamId,
        /// The name space.
        space: &'static str,
    },
    /// A checkpoint does not say what the record is, or is not signed by the audit's key.
    #[error("checkpoint {number} is not the record's: {why}")]
    Checkpoint {
        /// Which.
        number: u64,
        /// Why.
        why: String,
    },
    /// A checkpoint that was kept elsewhere is not in the record: it is an older copy, or was made anew.
    #[error(
        "checkpoint {kept}, which was kept, is not in the record, whose newest is {newest}: rolled back?"
    )]
    RolledBack {
        /// The kept one.
        kept: u64,
        /// The newest one of the record; 0 where it has none.
        newest: u64,
    },
    /// So many more were found, and are not told one by one.
    #[error("{count} more places are not whole")]
    More {
        /// How many.
        count: u64,
    },
}

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::exhaustive_enums, reason = "a row is another, not there, or should not be")]
pub enum RowFault {
    /// It says something else than its entries.
    Altered,
    /// It is not there.
    Missing,
    /// No entries make it.
    MadeUp,
}

impl core::fmt::Display for RowFault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Altered => "altered",
            Self::Missing => "missing",
            Self::MadeUp => "made up",
        })
    }
}
