//! Durable commits of the shape that issuing has: `cargo bench -p gost-ca-sqlite`.
//!
//! One issuance is two commits: the intent with the request and the bytes to be signed, then the result
//! with the certificate; four entries, three documents of 1.5 kB, two claims, four rows, two receipts.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a measurement that cannot go on panics"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use gost_ca::Timestamp;
use gost_ca::commitment::{Document, DocumentKind};
use gost_ca::id::{CaseId, CommandId, UserId, WriterId};
use gost_ca::provider::Journal;
use gost_ca::provider::journal::{
    Batch, Change, Claim, CommandMark, Expected, Holder, KeySpace, StoredEntry, StreamId, UniqueKey,
};
use gost_ca::view::{CaseState, CaseView, CertificateView, View};
use gost_ca::x509::{KeyIdentity, SerialNumber};
use gost_ca_sqlite::SqliteStore;

const CALLERS: u64 = 64;
const ISSUANCES: u64 = 10_000;

fn main() {
    let folder = std::env::var_os("BENCH_FOLDER").map_or_else(std::env::temp_dir, Into::into);
    let folder = tempfile::tempdir_in(folder).unwrap();
    let path = folder.path().join("office.db");
    let store = Arc::new(SqliteStore::open(&path, WriterId::new([1; 16])).unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    for round in 1..=3 {
        let before = (Instant::now(), processor());
        let waited = runtime.block_on(issue(&store));
        let (wall, busy) = (before.0.elapsed(), processor().saturating_sub(before.1));
        let rate = u128::from(ISSUANCES) * 1_000_000 / wall.as_micros();
        let each = busy / u32::try_from(ISSUANCES).unwrap();
        println!(
            "round {round}: {rate} issuances/s, {each:?} of processor each, \
             median {:?}, 99 % {:?}",
            waited[waited.len() / 2],
            waited[waited.len() * 99 / 100],
        );
    }
    let size = std::fs::metadata(&path).unwrap().len() / (3 * ISSUANCES);
    println!("{size} octets of file for each issuance");
}

/// Issues from all callers at once; gives how long each issuance took, sorted.
async fn issue(store: &Arc<SqliteStore>) -> Vec<Duration> {
    let next = Arc::new(AtomicU64::new(0));
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let (store, next) = (Arc::clone(store), Arc::clone(&next));
            tokio::spawn(async move {
                let mut waited = Vec::new();
                while next.fetch_add(1, Ordering::Relaxed) < ISSUANCES {
                    let (start, case) = (Instant::now(), Case::new());
                    store.commit(&case.intent()).await.unwrap();
                    store.commit(&case.result()).await.unwrap();
                    waited.push(start.elapsed());
                }
                waited
            })
        })
        .collect();
    let mut waited = Vec::new();
    for caller in callers {
        waited.extend(caller.await.unwrap());
    }
    waited.sort_unstable();
    waited
}

/// One case, from its request to its certificate.
struct Case {
    id: CaseId,
    user: UserId,
    key: KeyIdentity,
    serial: SerialNumber,
    created: Timestamp,
}

impl Case {
    fn new() -> Self {
        let (id, user) = (CaseId::new(random()), UserId::new(random()));
        let serial = SerialNumber::from_magnitude(&random::<15>()).unwrap();
        Self { id, user, key: KeyIdentity::from_octets(random()), serial, created: now() }
    }

    fn intent(&self) -> Batch {
        let mut batch = self.batch(0, CaseState::Issuing);
        batch.claims = vec![
            self.claim(KeySpace::PublicKey, *self.key.octets()),
            self.claim(KeySpace::Serial, random()),
        ];
        batch.documents = vec![document(DocumentKind::Request), document(DocumentKind::Tbs)];
        batch
    }

    fn result(&self) -> Batch {
        let mut batch = self.batch(2, CaseState::Active);
        batch.documents = vec![document(DocumentKind::Certificate)];
        batch
    }

    fn batch(&self, length: u64, state: CaseState) -> Batch {
        let entries = (0..2).map(|_| StoredEntry(random::<400>().to_vec())).collect();
        let stream = StreamId::Case(self.id);
        let views = vec![self.row(state), self.certificate(state)];
        let change = Change { stream, expected: Expected::Exactly(length), entries, views };
        Batch {
            command: CommandMark { id: CommandId::new(random()), digest: random() },
            at: self.created,
            changes: vec![change],
            claims: Vec::new(),
            documents: Vec::new(),
            outcome: random::<100>().to_vec(),
        }
    }

    fn row(&self, state: CaseState) -> View {
        View::Case(CaseView {
            case: self.id,
            user: self.user,
            office: Some("office-1".parse().unwrap()),
            state,
            lineage: self.id,
            created: self.created,
            not_after: (state == CaseState::Active).then_some(self.created),
            hidden: false,
            due: (state == CaseState::Issuing).then_some(self.created),
        })
    }

    fn certificate(&self, state: CaseState) -> View {
        View::Certificate(CertificateView {
            issuer: KeyIdentity::from_octets([7; 32]),
            serial: self.serial.clone(),
            case: self.id,
            thumbprint: (state == CaseState::Active).then(random),
            subject_key: self.key,
            not_after: self.created,
            listed: None,
        })
    }

    fn claim(&self, space: KeySpace, digest: [u8; 32]) -> Claim {
        let holder = Holder(*self.id.octets());
        Claim::Take { key: UniqueKey { space, digest }, holder, until: None }
    }
}

fn document(kind: DocumentKind) -> Document {
    Document::seal(kind, random(), random::<1500>().to_vec())
}

/// A hash of a counter: no two are the same, and none costs anything.
fn random<const N: usize>() -> [u8; N] {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let words = u64::try_from(N.div_ceil(8)).unwrap();
    let first = COUNTER.fetch_add(words, Ordering::Relaxed);
    let mut octets = [0; N];
    for (word, chunk) in (first..).zip(octets.chunks_mut(8)) {
        let z = word.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        chunk.copy_from_slice(&(z ^ (z >> 31)).to_be_bytes()[..chunk.len()]);
    }
    octets
}

/// Processor time of this process so far, from Linux; nothing elsewhere.
fn processor() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks =
        after_name.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

/// Time goes on, so that lists by time grow at their end.
fn now() -> Timestamp {
    static CLOCK: AtomicU64 = AtomicU64::new(0);
    let tick = CLOCK.fetch_add(1, Ordering::Relaxed);
    Timestamp::from_microsecond(1_800_000_000_000_000 + i64::try_from(tick).unwrap()).unwrap()
}
