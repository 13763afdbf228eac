//! One error for all providers: it names the caller's next move.

use core::fmt;
use std::borrow::Cow;

use crate::provider::journal::{Holder, StreamId, UniqueKey};

/// A provider could not do what it was asked.
#[derive(Debug)]
pub struct ProviderError {
    kind: ErrorKind,
    operation: Cow<'static, str>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The caller's next move.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Somebody was faster, or has it already: load again and decide anew.
    #[error("conflict: {0}")]
    Conflict(Conflict),
    /// Wrong PIN or password, or no right to it: ask the person, never repeat by itself.
    #[error("denied")]
    Denied {
        /// Tries left before the lock, where the provider knows.
        tries_left: Option<u32>,
    },
    /// Locked: somebody with more rights must unlock it.
    #[error("locked")]
    Locked,
    /// No such thing.
    #[error("not found")]
    NotFound,
    /// The argument is wrong; the same call will fail again.
    #[error("invalid argument")]
    Invalid,
    /// This provider cannot do it at all.
    #[error("unsupported")]
    Unsupported,
    /// Out of reach for now; the outcome of the call is unknown.
    #[error("unavailable")]
    Unavailable,
    /// The provider broke its contract, or its data is damaged: stop.
    #[error("fault")]
    Fault,
}

/// What a conflict is about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Conflict {
    /// The stream is not as long as expected.
    #[error("stream {stream} has {actual} entries")]
    Stream {
        /// Which stream.
        stream: StreamId,
        /// Its length now.
        actual: u64,
    },
    /// The unique key is taken.
    #[error("{key} is taken by {holder}")]
    Taken {
        /// Which key.
        key: UniqueKey,
        /// Who has it.
        holder: Holder,
    },
    /// The command's id was used by another command.
    #[error("the command id belongs to another command")]
    Command,
    /// The name of a key or container is in use.
    #[error("the name is in use")]
    Name,
}

impl ErrorKind {
    /// Makes the error of a foreign function (`C_Sign`, `open`).
    pub fn at(self, operation: impl Into<Cow<'static, str>>) -> ProviderError {
        ProviderError { kind: self, operation: operation.into(), source: None }
    }
}

impl ProviderError {
    /// Keeps the foreign cause.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The caller's next move.
    pub const fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// The foreign name of what failed.
    pub fn operation(&self) -> &str {
        &self.operation
    }
}

impl fmt::Display for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation, self.kind)
    }
}

impl std::error::Error for ProviderError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| -> &(dyn std::error::Error + 'static) { source.as_ref() })
    }
}
