//! What went wrong inside, and what the caller is told.

use gost_ca::provider::{Conflict, ErrorKind, ProviderError};
use rusqlite::ErrorCode;

/// Why a piece of work failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The caller's next move is known.
    Refused(ErrorKind),
    /// A row holds what this crate never writes there.
    Damaged(&'static str),
    /// `SQLite` failed.
    Sqlite(rusqlite::Error),
}

pub(crate) type Outcome<T> = Result<T, Failure>;

impl Failure {
    /// The error of a provider's operation; its text has the names of tables at most, never a value.
    pub(crate) fn at(self, operation: &'static str) -> ProviderError {
        match self {
            Self::Refused(kind) => kind.at(operation),
            Self::Damaged(what) => ErrorKind::Fault.at(operation).because(what),
            Self::Sqlite(error) => kind(&error).at(operation).because(error),
        }
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<Conflict> for Failure {
    fn from(conflict: Conflict) -> Self {
        Self::Refused(ErrorKind::Conflict(conflict))
    }
}

/// Trouble of the disk or of locks passes; everything else is damage or a mistake of ours.
fn kind(error: &rusqlite::Error) -> ErrorKind {
    match error.sqlite_error_code() {
        Some(
            ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::SystemIoFailure
            | ErrorCode::DiskFull
            | ErrorCode::CannotOpen
            | ErrorCode::ReadOnly
            | ErrorCode::OutOfMemory
            | ErrorCode::OperationInterrupted
            | ErrorCode::FileLockingProtocolFailed,
        ) => ErrorKind::Unavailable,
        _ => ErrorKind::Fault,
    }
}
