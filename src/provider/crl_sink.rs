//! Where CRLs lie, which may be larger than memory.

use core::fmt::Debug;

use async_trait::async_trait;

use super::Result;

/// Keeps CRLs by name: small letters, digits, `-` and `.`, at most 100 of them, a letter first.
#[async_trait]
pub trait CrlSink: Debug + Send + Sync {
    /// Begins a draft. Nobody sees it before it is kept; one that is dropped leaves nothing.
    ///
    /// # Errors
    /// `Unavailable` when out of reach.
    async fn begin(&self) -> Result<Box<dyn CrlDraft>>;

    /// Reads at most `limit` octets of a CRL from `offset` on; fewer only at its end.
    ///
    /// # Errors
    /// `NotFound` for a name under which nothing is kept, `Invalid` for what is no name.
    async fn read(&self, name: &str, offset: u64, limit: usize) -> Result<Vec<u8>>;

    /// Removes a CRL; one that is not there is removed already.
    ///
    /// # Errors
    /// `Unavailable` when it is not known to be removed.
    async fn remove(&self, name: &str) -> Result<()>;
}

/// A CRL, or a part of one, on its way.
#[async_trait]
pub trait CrlDraft: Debug + Send + Sync {
    /// Appends octets.
    ///
    /// # Errors
    /// `Unavailable` when they are not written.
    async fn append(&mut self, octets: Vec<u8>) -> Result<()>;

    /// Reads at most `limit` octets of what was appended from `offset` on; fewer only at its end.
    ///
    /// # Errors
    /// `Unavailable` when out of reach.
    async fn read(&mut self, offset: u64, limit: usize) -> Result<Vec<u8>>;

    /// Keeps it, durably and at once, in the place of what was under that name.
    ///
    /// # Errors
    /// `Unavailable` when it is not known to be kept; `Invalid` for what is no name.
    async fn keep(self: Box<Self>, name: &str) -> Result<()>;
}
