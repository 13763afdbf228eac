//! The file itself: its versions, damage, what erasing leaves, and two processes at once.
#![expect(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use std::path::Path;

use gost_ca::Timestamp;
use gost_ca::commitment::{Document, DocumentKind};
use gost_ca::id::{CaseId, CommandId, WriterId};
use gost_ca::provider::journal::{
    Batch, Change, Claim, CommandMark, Expected, Holder, KeySpace, Receipt, StoredEntry, StreamId,
    UniqueKey,
};
use gost_ca::provider::{Conflict, ErrorKind, Journal, Result};
use gost_ca_sqlite::SqliteStore;
use rusqlite::Connection;

fn open(path: &Path, writer: u8) -> SqliteStore {
    SqliteStore::open(path, WriterId::new([writer; 16])).unwrap()
}

fn batch(command: u8, length: u64) -> Batch {
    let change = Change {
        stream: StreamId::Case(CaseId::new([9; 16])),
        expected: Expected::Exactly(length),
        entries: vec![StoredEntry(vec![command; 100])],
        views: Vec::new(),
    };
    Batch {
        command: CommandMark { id: CommandId::new([command; 16]), digest: [command; 32] },
        at: Timestamp::UNIX_EPOCH,
        changes: vec![change],
        claims: Vec::new(),
        documents: Vec::new(),
        outcome: Vec::new(),
    }
}

fn refusal(path: &Path) -> ErrorKind {
    SqliteStore::open(path, WriterId::new([1; 16])).unwrap_err().kind().clone()
}

#[tokio::test]
async fn a_newer_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("office.db");
    open(&path, 1).commit(&batch(1, 0)).await.unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute("INSERT INTO migrations (digest) VALUES (?1)", [[7_u8; 32]]).unwrap();
    drop(other);
    assert_eq!(refusal(&path), ErrorKind::Unsupported);
}

#[tokio::test]
async fn a_file_of_other_steps_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("office.db");
    drop(open(&path, 1));
    let other = Connection::open(&path).unwrap();
    other.execute("UPDATE migrations SET digest = ?1", [[7_u8; 32]]).unwrap();
    drop(other);
    assert_eq!(refusal(&path), ErrorKind::Invalid);
}

#[tokio::test]
async fn other_databases_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let foreign = folder.path().join("foreign.db");
    Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE t (a)").unwrap();
    let before = std::fs::read(&foreign).unwrap();
    assert_eq!(refusal(&foreign), ErrorKind::Invalid);
    assert_eq!(std::fs::read(&foreign).unwrap(), before);
    let text = folder.path().join("text.db");
    std::fs::write(&text, "not a database".repeat(100)).unwrap();
    assert_eq!(refusal(&text), ErrorKind::Fault);
    assert_eq!(std::fs::read_to_string(&text).unwrap(), "not a database".repeat(100));
    assert_eq!(refusal(&folder.path().join("no/such/folder/x.db")), ErrorKind::Unavailable);
}

#[tokio::test]
async fn damage_is_a_fault() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("office.db");
    let store = open(&path, 1);
    let document = Document::seal(DocumentKind::Paper, [1; 32], b"contents".to_vec());
    let batch = Batch { documents: vec![document.clone()], ..batch(1, 0) };
    store.commit(&batch).await.unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute("UPDATE documents SET octets = x'00'", ()).unwrap();
    other.execute("UPDATE links SET hash = x'00' WHERE number = 1", ()).unwrap();
    let error = store.documents().get(document.commitment()).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Fault);
    let error = store.audit().chain(&WriterId::new([1; 16]), 0, 9).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Fault);
}

#[tokio::test]
async fn erased_octets_leave_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("office.db");
    let store = open(&path, 1);
    let secret: Vec<u8> = b"personal data, to be erased ".repeat(500);
    let document = Document::seal(DocumentKind::Paper, [1; 32], secret.clone());
    let batch = Batch { documents: vec![document.clone()], ..batch(1, 0) };
    store.commit(&batch).await.unwrap();
    assert!(lies_in(folder.path(), &secret[..28]), "the test sees what is there");
    store.documents().erase(document.commitment()).await.unwrap();
    assert!(!lies_in(folder.path(), &secret[..28]), "erased octets lie in the files");
}

fn lies_in(folder: &Path, needle: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().any(|file| {
        let octets = std::fs::read(file.unwrap().path()).unwrap();
        octets.windows(needle.len()).any(|window| window == needle)
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_stores_write_to_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("office.db");
    let stores = [open(&path, 1), open(&path, 2)];
    let [one, two] = &stores;
    let (first, second) = tokio::join!(writes(one, 1), writes(two, 2));
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!((first.len(), second.len()), (50, 50));
    let stream = StreamId::Case(CaseId::new([9; 16]));
    let entries = one.load(&stream, 0).await.unwrap();
    assert_eq!(entries.length, 100);
    for head in two.audit().heads().await.unwrap() {
        let links = one.audit().chain(&head.writer, 0, usize::MAX).await.unwrap();
        assert_eq!(links.len(), 51, "an opening and fifty entries");
        assert_eq!(links.last().unwrap().hash, head.hash);
    }
}

/// Fifty entries to the common stream, each repeated until it wins.
async fn writes(store: &SqliteStore, who: u8) -> Result<Vec<Receipt>> {
    let mut receipts = Vec::new();
    let mut length = 0;
    for turn in 0..50 {
        loop {
            match store.commit(&batch(who * 100 + turn, length)).await {
                Ok(receipt) => break receipts.push(receipt),
                Err(error) => match error.kind() {
                    ErrorKind::Conflict(Conflict::Stream { actual, .. }) => length = *actual,
                    _ => return Err(error),
                },
            }
        }
    }
    Ok(receipts)
}

#[tokio::test]
async fn times_out_of_range_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("office.db"), 1);
    let mut late = batch(1, 0);
    let key = UniqueKey { space: KeySpace::Login, digest: [1; 32] };
    let until = Some(Timestamp::MAX);
    late.claims.push(Claim::Take { key, holder: Holder([1; 16]), until });
    assert_eq!(*store.commit(&late).await.unwrap_err().kind(), ErrorKind::Invalid);
    assert_eq!(store.load(&StreamId::Case(CaseId::new([9; 16])), 0).await.unwrap().length, 0);
}
