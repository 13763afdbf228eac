//! Issuing: from a built request to a recorded certificate, in memory and durable in `SQLite`.
//!
//! One issuance is the whole `Submit` command: the request's possession checked, the exact bytes examined and
//! recorded, signed, verified and recorded. `cargo bench --bench issuing` prints certificates a second.

use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use gost_ca::command::{Command, Outcome};
use gost_ca::id::{CaseId, UserId, WriterId};
use gost_ca_memory::{MemoryDirectory, MemoryJournal};
use gost_ca_sqlite::SqliteStore;
use tokio::runtime::Runtime;

#[path = "../tests/support/desk.rs"]
mod desk;
use desk::{Desk, Storage};

fn issuing(criterion: &mut Criterion) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut group = criterion.benchmark_group("issuing");
    group.sample_size(10).measurement_time(Duration::from_secs(8));
    let writer = WriterId::new([1; 16]);
    group.throughput(Throughput::Elements(ROUND));
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(SqliteStore::open(folder.path().join("office.db"), writer).unwrap());
    let bench = Bench::new(&runtime, Storage { journal: store.clone(), directory: store });
    for callers in [1, 8, 64] {
        let name = format!("SQLite, {callers} caller(s)");
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|count| bench.run(&runtime, count, callers));
        });
    }
    drop(bench);
    // before the journal in memory, which keeps what it is told
    println!(
        "peak memory of durable issuing: {} MB",
        peak_memory().map_or(0, |kilobytes| kilobytes / 1024)
    );

    let memory = Storage {
        journal: Arc::new(MemoryJournal::new(writer)),
        directory: Arc::new(MemoryDirectory::default()),
    };
    let bench = Bench::new(&runtime, memory);
    group.bench_function("memory, 1 caller", |bencher| {
        bencher.iter_custom(|count| bench.run(&runtime, count, 1));
    });
    group.finish();
}

/// Issuances that are timed together: several for each of many callers.
const ROUND: u64 = 256;

struct Bench {
    desk: Arc<Desk>,
    user: UserId,
}

impl Bench {
    fn new(runtime: &Runtime, storage: Storage) -> Self {
        let desk = runtime.block_on(Desk::found(storage)).unwrap();
        let user = runtime.block_on(desk.register(10)).unwrap();
        Self { desk: Arc::new(desk), user }
    }

    /// Issues for so many rounds of built requests, `callers` at a time; building them is not counted.
    fn run(&self, runtime: &Runtime, rounds: u64, callers: usize) -> Duration {
        runtime.block_on(async {
            let mut cases = Vec::new();
            for _ in 0..rounds * ROUND {
                cases.push(self.build().await);
            }
            let share = cases.len().div_ceil(callers);
            let begin = Instant::now();
            let tasks = cases.chunks(share).map(|chunk| {
                let (desk, chunk) = (Arc::clone(&self.desk), chunk.to_vec());
                tokio::spawn(async move { submit(&desk, chunk).await })
            });
            for task in tasks.collect::<Vec<_>>() {
                task.await.unwrap();
            }
            begin.elapsed()
        })
    }

    async fn build(&self) -> CaseId {
        let (desk, signer) = (&self.desk, desk::fresh_key(&self.desk.rng));
        desk.build(&desk.operator, self.user, "commercial", &signer).await.unwrap()
    }
}

async fn submit(desk: &Desk, cases: Vec<CaseId>) {
    for case in cases {
        let outcome = desk.run(&desk.operator, Command::Submit { case }).await.unwrap();
        assert!(matches!(outcome, Outcome::Issued { .. }), "{outcome:?}");
    }
}

/// Peak resident memory in kilobytes, where the system tells it.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

criterion_group!(benches, issuing);
criterion_main!(benches);
