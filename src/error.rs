//! What a command can fail with.

use crate::lifecycle::Refusal;
use crate::provider::{Conflict, ErrorKind, ProviderError};
use crate::registration::FormErrors;

/// A command did nothing, or is not known to have done anything.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It is not allowed; nothing changed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The data has errors; nothing changed.
    #[error(transparent)]
    Form(#[from] FormErrors),
    /// Somebody was faster; load again and decide anew.
    #[error("{0}")]
    Conflict(Conflict),
    /// A provider failed; its kind tells the next move.
    #[error(transparent)]
    Provider(ProviderError),
    /// It would be done; it was only rehearsed.
    #[error("it was only rehearsed")]
    Rehearsed,
    /// The record contradicts itself: stop.
    #[error("the record is damaged: {0}")]
    Damaged(String),
}

impl Error {
    /// A stable code: for front-ends, tests and the audit.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::Form(_) => "form",
            Self::Conflict(_) => "conflict",
            Self::Provider(error) => provider_code(error.kind()),
            Self::Rehearsed => "rehearsed",
            Self::Damaged(_) => "damaged",
        }
    }

    /// The refusal, where it is one.
    pub const fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }
}

impl From<ProviderError> for Error {
    fn from(error: ProviderError) -> Self {
        match error.kind() {
            ErrorKind::Conflict(conflict) => Self::Conflict(conflict.clone()),
            _ => Self::Provider(error),
        }
    }
}

impl From<crate::entry::BadEntry> for Error {
    fn from(error: crate::entry::BadEntry) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl From<crate::lifecycle::case::BrokenHistory> for Error {
    fn from(error: crate::lifecycle::case::BrokenHistory) -> Self {
        Self::Damaged(error.to_string())
    }
}

pub(crate) const fn provider_code(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Conflict(_) => "conflict",
        ErrorKind::Denied { .. } => "provider.denied",
        ErrorKind::Locked => "provider.locked",
        ErrorKind::NotFound => "provider.not-found",
        ErrorKind::Invalid => "provider.invalid",
        ErrorKind::Unsupported => "provider.unsupported",
        ErrorKind::Unavailable => "provider.unavailable",
        ErrorKind::Fault => "provider.fault",
    }
}
