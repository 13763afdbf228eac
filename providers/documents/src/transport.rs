//! How requests reach services: HTTP, a queue, a courier with a disk.

use core::fmt::Debug;

use async_trait::async_trait;
use gost_ca::provider;

/// What is asked of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Service {
    /// The status of certificates (RFC 6960, appendix A).
    Ocsp,
    /// Time stamps (RFC 3161 §3.4).
    TimeStamp,
}

impl Service {
    /// The media types of a request and of its answer.
    pub const fn media_types(self) -> [&'static str; 2] {
        match self {
            Self::Ocsp => ["application/ocsp-request", "application/ocsp-response"],
            Self::TimeStamp => ["application/timestamp-query", "application/timestamp-reply"],
        }
    }
}

/// Brings a request to a service, and its answer back. The answer proves itself: no transport is trusted.
#[async_trait]
pub trait Transport: Debug + Send + Sync {
    /// Asks once.
    ///
    /// # Errors
    /// `Unavailable` where there was no answer.
    async fn ask(&self, service: Service, url: &str, request: &[u8]) -> provider::Result<Vec<u8>>;
}
