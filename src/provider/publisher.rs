//! Places from which relying parties fetch CRLs.

use core::fmt::Debug;

use async_trait::async_trait;

use super::Result;

/// Puts files where others fetch them: a directory, a web server, a partner's exchange.
#[async_trait]
pub trait Publisher: Debug + Send + Sync {
    /// Publishes a file under a name, in the place of the one before: at every moment there is the old one
    /// or the new one, whole. The same file again does no harm.
    ///
    /// # Errors
    /// `Unavailable` when it is not known to be there: it is tried again. Nothing is half there.
    async fn publish(&self, name: &str, file: &mut dyn Source) -> Result<()>;
}

/// A file to be published, read from its beginning to its end.
#[async_trait]
pub trait Source: Debug + Send + Sync {
    /// The next octets; none at the end.
    ///
    /// # Errors
    /// Of whoever keeps it.
    async fn next(&mut self) -> Result<Vec<u8>>;
}
