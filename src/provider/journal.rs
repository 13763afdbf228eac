//! The record: state, history, uniqueness, idempotency and audit in one transaction.

mod batch;
mod listing;
mod query;
mod stream;
mod unique;

use core::fmt::Debug;

use async_trait::async_trait;
use jiff::Timestamp;

use super::Result;
use crate::audit::{Head, Link};
use crate::commitment::{Commitment, Document};
use crate::id::{CommandId, WriterId};
pub use batch::{Batch, Change, Claim, CommandMark, Expected, Loaded, Receipt, StoredEntry};
pub use listing::{ListPart, ListedPage, Listings};
pub use query::{
    AccountFilter, ApprovalFilter, CarrierFilter, CaseFilter, Cursor, Found, NoticeFilter, Page,
    Query,
};
pub use stream::{BadStream, StreamId};
pub use unique::{Holder, KeySpace, UniqueKey};

/// Keeps the record.
#[async_trait]
pub trait Journal: Debug + Send + Sync {
    /// Writes a batch, durably, all or nothing.
    ///
    /// Checks in this order: the command (a repetition gives the first receipt and writes nothing), the
    /// lengths of the streams, the claims. Links each entry into the writer's hash chain.
    ///
    /// # Errors
    /// `Conflict` names the stream, the taken key or the command, and nothing was written. `Unavailable`:
    /// the outcome is unknown; repeat the same batch.
    async fn commit(&self, batch: &Batch) -> Result<Receipt>;

    /// Gives the receipt of a command, if it was committed.
    ///
    /// # Errors
    /// `Unavailable` when out of reach.
    async fn receipt(&self, command: &CommandId) -> Result<Option<Receipt>>;

    /// Reads a stream from its entry number `from` on; an unknown stream is empty.
    ///
    /// # Errors
    /// `Unavailable` when out of reach, `Fault` when damaged.
    async fn load(&self, stream: &StreamId, from: u64) -> Result<Loaded>;

    /// Answers a query, at most `page.limit` rows.
    ///
    /// # Errors
    /// `Invalid` for a cursor that is not this journal's.
    async fn find(&self, query: &Query, page: &Page) -> Result<Found>;

    /// Who holds a unique key at that time.
    ///
    /// # Errors
    /// `Unavailable` when out of reach.
    async fn holder(&self, key: &UniqueKey, at: Timestamp) -> Result<Option<Holder>>;

    /// Gives back at most `limit` claims whose terms had ended by that time; tells how many.
    ///
    /// They hold nothing any more: only room is won.
    ///
    /// # Errors
    /// `Unavailable` when out of reach.
    async fn forget(&self, by: Timestamp, limit: usize) -> Result<usize>;

    /// The chains, for whoever verifies them.
    fn audit(&self) -> &dyn AuditTrail;

    /// The documents.
    fn documents(&self) -> &dyn Documents;

    /// What CRLs list.
    fn listings(&self) -> &dyn Listings;
}

/// Reads the hash chains.
#[async_trait]
pub trait AuditTrail: Debug + Send + Sync {
    /// The last link of every writer's chain, by writer.
    ///
    /// # Errors
    /// `Unavailable` when out of reach.
    async fn heads(&self) -> Result<Vec<Head>>;

    /// At most `limit` links of a chain from number `from` on, in order.
    ///
    /// # Errors
    /// `Unavailable` when out of reach, `Fault` when damaged.
    async fn chain(&self, writer: &WriterId, from: u64, limit: usize) -> Result<Vec<Link>>;

    /// At most `limit` streams after that one, in their order, each with the number of entries that are
    /// really there, linked or not.
    ///
    /// # Errors
    /// `Unavailable` when out of reach, `Fault` when damaged.
    async fn streams(&self, after: Option<&StreamId>, limit: usize)
    -> Result<Vec<(StreamId, u64)>>;

    /// Every row of every list, each once, in an order of its own that pages keep.
    ///
    /// # Errors
    /// `Unavailable` when out of reach, `Fault` when damaged, `Invalid` for a foreign cursor.
    async fn rows(&self, page: &Page) -> Result<Found>;
}

/// Reads and erases documents.
#[async_trait]
pub trait Documents: Debug + Send + Sync {
    /// Reads a document; `None` when there is none, or it was erased.
    ///
    /// # Errors
    /// `Fault` when the stored octets do not fit the commitment.
    async fn get(&self, commitment: &Commitment) -> Result<Option<Document>>;

    /// Erases a document with its salt; one that is not there is erased already.
    ///
    /// # Errors
    /// `Unavailable` when it is not known to be erased.
    async fn erase(&self, commitment: &Commitment) -> Result<()>;
}
