//! Whoever writes into the file by hand is found out by the verifier of the chains.

use std::path::Path;
use std::sync::Arc;

use gost_ca::audit::verify::{Finding, Report, verify};
use gost_ca::id::{CaseId, CommandId, WriterId};
use gost_ca::provider::Journal;
use gost_ca::provider::journal::{Batch, Change, CommandMark, Expected, StoredEntry, StreamId};
use gost_ca_sqlite::SqliteStore;
use rusqlite::Connection;

fn open(path: &Path, writer: u8) -> SqliteStore {
    SqliteStore::open(path, WriterId::new([writer; 16])).unwrap()
}

fn stream() -> StreamId {
    StreamId::Case(CaseId::new([7; 16]))
}

async fn write(store: &SqliteStore, number: u8) {
    let batch = Batch {
        command: CommandMark { id: CommandId::new([number; 16]), digest: [0; 32] },
        at: "2026-03-02T09:00:00Z".parse().unwrap(),
        changes: vec![Change {
            stream: stream(),
            expected: Expected::Any,
            entries: vec![StoredEntry(vec![number; 20])],
            views: Vec::new(),
        }],
        claims: Vec::new(),
        documents: Vec::new(),
        outcome: Vec::new(),
    };
    store.commit(&batch).await.unwrap();
}

/// Five entries by one writer, then two by the next, then somebody's hand.
async fn after(hand: &str) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("office.db");
    for (writer, numbers) in [(1, 0..5), (2, 5..7)] {
        let store = open(&path, writer);
        for number in numbers {
            write(&store, number).await;
        }
    }
    let connection = Connection::open(&path).unwrap();
    connection.pragma_update(None, "foreign_keys", false).unwrap();
    connection.execute_batch(hand).unwrap();
    drop(connection);
    let store = Arc::new(open(&path, 3));
    verify(store.audit()).await.unwrap()
}

#[tokio::test]
async fn an_untouched_record_is_whole() {
    let report = after("").await;
    assert!(report.is_whole(), "{:?}", report.findings);
    assert_eq!((report.writers, report.links), (2, 9));
}

#[tokio::test]
async fn one_changed_byte_is_found() {
    let report = after(
        "UPDATE entries SET octets = CAST(x'00' || substr(octets, 2) AS BLOB) WHERE place = 3",
    )
    .await;
    assert!(
        matches!(report.findings.as_slice(), [Finding::Broken { number: 4, .. }]),
        "{report:?}"
    );
}

#[tokio::test]
async fn a_removed_entry_is_found() {
    let report = after("DELETE FROM entries WHERE place = 3").await;
    assert!(report.findings.contains(&Finding::Gone { stream: stream(), index: 3 }), "{report:?}");
}

#[tokio::test]
async fn reordered_entries_are_found() {
    let report = after(
        "UPDATE entries SET place = 100 WHERE place = 1; UPDATE entries SET place = 1 WHERE place = 2;
         UPDATE entries SET place = 2 WHERE place = 100",
    )
    .await;
    assert_eq!(report.findings.len(), 2, "{report:?}");
}

#[tokio::test]
async fn an_entry_without_a_link_is_found() {
    let report = after("INSERT INTO entries (stream, place, octets) SELECT stream, 7, octets FROM entries WHERE place = 6").await;
    assert_eq!(report.findings, [Finding::Stream { stream: stream() }]);
}

#[tokio::test]
async fn a_tail_that_a_later_writer_saw_cannot_be_cut_off() {
    let report = after(
        "DELETE FROM links WHERE writer = 1 AND number = 5; DELETE FROM entries WHERE place = 4",
    )
    .await;
    let rewritten = |finding: &Finding| matches!(finding, Finding::Rewritten { .. });
    assert!(report.findings.iter().any(rewritten), "{report:?}");
}
