//! A place outside the record for its checkpoints: what makes a restored backup show.

use core::fmt::Debug;

use async_trait::async_trait;

use super::Result;
use crate::audit::checkpoint::SignedCheckpoint;

/// Keeps checkpoints where whoever can write the record cannot.
#[async_trait]
pub trait AuditSink: Debug + Send + Sync {
    /// Keeps a checkpoint, durably; the same one again does nothing.
    ///
    /// # Errors
    /// `Invalid` where another one has its number: nothing is ever replaced. `Unavailable` when it is not
    /// known to be kept.
    async fn keep(&self, checkpoint: &SignedCheckpoint) -> Result<()>;

    /// The kept checkpoint with the highest number; none where there is none yet.
    ///
    /// # Errors
    /// `Unavailable` when out of reach, `Fault` when what is kept cannot be read.
    async fn newest(&self) -> Result<Option<SignedCheckpoint>>;
}
