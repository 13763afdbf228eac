//! The kit's checks over one file.

use std::sync::atomic::{AtomicU8, Ordering};

use gost_ca::id::WriterId;
use gost_ca::provider::{Journal, UserDirectory};
use gost_ca_conformance::{directory, journal};
use gost_ca_sqlite::SqliteStore;

#[tokio::test]
async fn journal_keeps_the_promises() {
    let folder = tempfile::tempdir().unwrap();
    let (path, count) = (folder.path().join("office.db"), AtomicU8::new(1));
    let open = || -> Box<dyn Journal> {
        let writer = WriterId::new([count.fetch_add(1, Ordering::Relaxed); 16]);
        Box::new(SqliteStore::open(&path, writer).unwrap())
    };
    journal("sqlite", &open).await.assert_conformant(&[]);
}

#[tokio::test]
async fn directory_keeps_the_promises() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("office.db");
    let open = || -> Box<dyn UserDirectory> {
        Box::new(SqliteStore::open(&path, WriterId::new([1; 16])).unwrap())
    };
    directory("sqlite", &open).await.assert_conformant(&[]);
}
