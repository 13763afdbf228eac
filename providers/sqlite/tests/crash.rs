//! Killed at any instant, and cut off at any write: what was acknowledged is there, and nothing is half there.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use gost_ca::Timestamp;
use gost_ca::audit::{Linked, link, open};
use gost_ca::commitment::{Document, DocumentKind};
use gost_ca::id::{CaseId, CommandId, UserId, WriterId};
use gost_ca::provider::Journal;
use gost_ca::provider::journal::{
    Batch, Change, Claim, CommandMark, Expected, Holder, KeySpace, Page, Query, StoredEntry,
    StreamId, UniqueKey,
};
use gost_ca::view::{CaseState, CaseView, View};
use gost_ca_sqlite::SqliteStore;

/// The n-th batch of a caller: two streams, a row, a key and a document, all told by the two numbers.
fn batch(caller: u8, n: u32) -> Batch {
    let name = |kind: u8| {
        let mut octets = [caller; 16];
        octets[0] = kind;
        octets[12..].copy_from_slice(&n.to_be_bytes());
        octets
    };
    let case = CaseView {
        case: CaseId::new(name(1)),
        user: UserId::new(name(2)),
        office: None,
        state: CaseState::Draft,
        lineage: CaseId::new(name(1)),
        created: Timestamp::UNIX_EPOCH,
        not_after: None,
        hidden: false,
        due: None,
    };
    let change = |id, length: u64, views| Change {
        stream: StreamId::Case(CaseId::new(id)),
        expected: Expected::Exactly(length),
        entries: vec![StoredEntry(name(3).repeat(20)), StoredEntry(name(4).to_vec())],
        views,
    };
    let mut all = [caller; 16];
    all[0] = 9;
    let key = UniqueKey {
        space: KeySpace::Serial,
        digest: [name(5), name(6)].concat().try_into().unwrap(),
    };
    Batch {
        command: CommandMark { id: CommandId::new(name(7)), digest: [caller; 32] },
        at: Timestamp::UNIX_EPOCH,
        changes: vec![
            change(name(1), 0, vec![View::Case(case)]),
            change(all, u64::from(n) * 2, Vec::new()),
        ],
        claims: vec![Claim::Take { key, holder: Holder(name(8)), until: None }],
        documents: vec![Document::seal(DocumentKind::Paper, [caller; 32], name(9).repeat(200))],
        outcome: n.to_be_bytes().to_vec(),
    }
}

/// How many parts of a batch are there: all of them, or none.
async fn parts(store: &SqliteStore, batch: &Batch) -> usize {
    let mut there = Vec::new();
    for change in &batch.changes {
        let Expected::Exactly(from) = change.expected else { unreachable!() };
        let loaded = store.load(&change.stream, from).await.unwrap();
        for number in 0..change.entries.len() {
            there.push(loaded.entries.get(number) == change.entries.get(number));
        }
        for view in &change.views {
            let View::Case(row) = view else { unreachable!() };
            let found = store.find(&Query::CasesOf(vec![row.user]), &Page::first(2)).await.unwrap();
            there.push(found.views == [view.clone()]);
        }
    }
    for claim in &batch.claims {
        let Claim::Take { key, holder, .. } = claim else { unreachable!() };
        there.push(store.holder(key, batch.at).await.unwrap() == Some(*holder));
    }
    for document in &batch.documents {
        let found = store.documents().get(document.commitment()).await.unwrap();
        there.push(found.as_ref() == Some(document));
    }
    let receipt = store.receipt(&batch.command.id).await.unwrap();
    there.push(receipt.is_some_and(|receipt| receipt.outcome == batch.outcome));
    let count = there.iter().filter(|part| **part).count();
    assert!(count == 0 || count == there.len(), "{count} of {} parts are there", there.len());
    count
}

/// Every chain verifies from its opening to its head.
async fn chains_verify(store: &SqliteStore) {
    for head in store.audit().heads().await.unwrap() {
        let links = store.audit().chain(&head.writer, 0, usize::MAX).await.unwrap();
        let Some(Linked::Opening(others)) = links.first().map(|link| &link.linked) else {
            panic!()
        };
        let mut at = open(&head.writer, others);
        for found in &links[1..] {
            let Linked::Entry { stream, index, entry: Some(entry) } = &found.linked else {
                panic!()
            };
            at = link(&at, stream, *index, entry);
            assert_eq!(at.hash, found.hash);
        }
        assert_eq!(at, head);
    }
}

/// Checks a file after a crash: how far each caller's acknowledgements went, and how far the file goes.
async fn survives(path: &Path, writer: u8, acknowledged: &BTreeMap<u8, u32>) -> BTreeMap<u8, u32> {
    let store = SqliteStore::open(path, WriterId::new([writer; 16])).unwrap();
    let mut reached = BTreeMap::new();
    for caller in 0..CALLERS {
        let mut n = 0;
        while parts(&store, &batch(caller, n)).await > 0 {
            n += 1;
        }
        let known = acknowledged.get(&caller).copied().unwrap_or_default();
        assert!(n >= known, "caller {caller}: {known} acknowledged, {n} there");
        // Only the one that was under way can be there without an acknowledgement.
        assert!(n <= known + 1, "caller {caller}: {known} acknowledged, {n} there");
        reached.insert(caller, n);
    }
    chains_verify(&store).await;
    reached
}

/// The child: commits from several callers for ever, and tells each acknowledgement in a line.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the child of killed_at_any_instant"]
async fn commits_until_killed() {
    let Some(arguments) = std::env::var_os(CHILD) else { return };
    let arguments = arguments.into_string().unwrap();
    let mut arguments = arguments.split(' ');
    let (path, writer) = (arguments.next().unwrap(), arguments.next().unwrap());
    let writer = WriterId::new([writer.parse().unwrap(); 16]);
    let store = Arc::new(SqliteStore::open(path, writer).unwrap());
    let callers = (0..CALLERS).zip(arguments).map(|(caller, begin)| {
        tokio::spawn(commits(store.clone(), caller, begin.parse().unwrap()))
    });
    for caller in callers.collect::<Vec<_>>() {
        caller.await.unwrap();
    }
}

async fn commits(store: Arc<SqliteStore>, caller: u8, begin: u32) {
    for n in begin.. {
        let receipt = store.commit(&batch(caller, n)).await.unwrap();
        assert!(!receipt.repeated);
        println!("done {caller} {n}");
    }
}

#[tokio::test]
async fn killed_at_any_instant() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("office.db");
    let mut reached: BTreeMap<u8, u32> = (0..CALLERS).map(|caller| (caller, 0)).collect();
    for round in 1..=ROUNDS {
        let begin: Vec<String> = reached.values().map(u32::to_string).collect();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "commits_until_killed", "--nocapture"])
            .env(CHILD, format!("{} {round} {}", path.display(), begin.join(" ")))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        let reader = std::thread::spawn(move || {
            lines.lines().map_while(Result::ok).filter_map(|line| done(&line)).collect::<Vec<_>>()
        });
        // Also before the first commit, and while the file is being made.
        std::thread::sleep(Duration::from_micros(u64::from(round) * 7919 % 90_000 + 500));
        child.kill().unwrap();
        child.wait().unwrap();
        let mut acknowledged = reached.clone();
        for (caller, n) in reader.join().unwrap() {
            let known = acknowledged.entry(caller).or_default();
            assert_eq!(n, *known, "a caller's acknowledgements come in order");
            *known += 1;
        }
        reached = survives(&path, 100 + round, &acknowledged).await;
    }
    assert!(reached.values().sum::<u32>() > 100, "{reached:?}: the child was never let work");
}

/// A line of the child that is whole.
fn done(line: &str) -> Option<(u8, u32)> {
    let (_, line) = line.split_once("done ")?;
    let (caller, n) = line.split_once(' ')?;
    Some((caller.parse().ok()?, n.parse().ok()?))
}

/// The log is cut at every frame and amid frames, as when power fails between two writes.
#[tokio::test]
async fn cut_off_at_any_write() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("office.db");
    // Begin with a file that is whole without its log.
    drop(SqliteStore::open(&path, WriterId::new([1; 16])).unwrap());
    let store = SqliteStore::open(&path, WriterId::new([1; 16])).unwrap();
    let log = folder.path().join("office.db-wal");
    let mut sizes = vec![std::fs::metadata(&log).map_or(0, |log| log.len())];
    for n in 0..6 {
        store.commit(&batch(0, n)).await.unwrap();
        sizes.push(std::fs::metadata(&log).unwrap().len());
    }
    let (file, log) = (std::fs::read(&path).unwrap(), std::fs::read(&log).unwrap());
    assert!(sizes.is_sorted() && sizes[6] > sizes[0], "each commit grows the log: {sizes:?}");
    let frames = (0..).map(|frame| 32 + frame * (24 + 4096)).take_while(|end| *end <= log.len());
    let cuts = frames.flat_map(|end| [end, end + 10, end + 2000]).filter(|cut| *cut <= log.len());
    for cut in cuts {
        let copy = tempfile::tempdir().unwrap();
        let path = copy.path().join("office.db");
        std::fs::write(&path, &file).unwrap();
        std::fs::write(copy.path().join("office.db-wal"), &log[..cut]).unwrap();
        let whole = sizes[1..].iter().filter(|size| **size <= u64::try_from(cut).unwrap()).count();
        let reached =
            survives(&path, 2, &BTreeMap::from([(0, u32::try_from(whole).unwrap())])).await;
        assert_eq!(reached[&0], u32::try_from(whole).unwrap(), "cut at {cut} of {sizes:?}");
    }
}

const CALLERS: u8 = 4;
const ROUNDS: u8 = 30;
const CHILD: &str = "GOST_CA_CRASH_CHILD";
