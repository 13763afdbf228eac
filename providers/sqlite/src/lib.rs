//! Journal, documents and user directory in one `SQLite` file.
//!
//! One thread writes: it takes whatever commits are waiting into one transaction, each in a savepoint of
//! its own, and answers after the transaction is on disk (WAL, `synchronous=FULL`). A few threads read.
//! Several processes may have the file open at once; the file must be on a local disk, because locks and
//! shared memory do not work over a network.
#![forbid(unsafe_code)]

mod column;
mod connection;
mod directory;
mod failure;
mod journal;
mod readers;
mod schema;
mod store;
mod writer;

#[cfg(test)]
mod plans;

pub use store::SqliteStore;
