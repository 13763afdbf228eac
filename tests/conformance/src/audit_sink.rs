//! What every place for checkpoints promises.

use gost_ca::Timestamp;
use gost_ca::audit::checkpoint::{Checkpoint, Grown, SignedCheckpoint, VERSION};
use gost_ca::id::WriterId;
use gost_ca::provider::{AuditSink, ErrorKind};
use gost_ca::x509::KeyIdentity;

use crate::broken::{Broken, Kept, ensure, same};
use crate::check::{Check, run};
use crate::fresh::fresh;
use crate::report::Report;

/// Opens the place under test; each call is a restart, or a second process.
pub struct AuditSinkUnderTest<'a> {
    open: &'a dyn Fn() -> Box<dyn AuditSink>,
}

impl core::fmt::Debug for AuditSinkUnderTest<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("AuditSinkUnderTest(..)")
    }
}

/// Checks a place for checkpoints. It may hold others; the invented ones of the checks stay there.
pub async fn audit_sink(name: &str, open: &dyn Fn() -> Box<dyn AuditSink>) -> Report {
    run(name, &AuditSinkUnderTest { open }, &audit_sink_checks()).await
}

/// Declares a table of checks: `id: why => body`.
macro_rules! promises {
    ($($id:literal: $why:literal => $body:path;)+) => {
        /// The promises of a place for checkpoints.
        pub fn audit_sink_checks<'a>() -> Vec<Check<AuditSinkUnderTest<'a>>> {
            vec![$(Check {
                id: concat!("audit-sink/", $id),
                why: $why,
                run: |subject| Box::pin(async move { $body(subject).await.into() }),
            }),+]
        }
    };
}

promises! {
    "newest": "AuditSink::newest: the kept checkpoint with the highest number" => newest;
    "keeps-twice": "AuditSink::keep: the same one again does nothing" => keeps_twice;
    "never-replaces": "AuditSink::keep: Invalid where another one has its number" => never_replaces;
    "survives-reopen": "AuditSink::keep: durably" => survives_reopen;
}

/// A checkpoint that nobody made, after those that are there.
async fn after(sink: &dyn AuditSink, step: u64) -> Result<SignedCheckpoint, Broken> {
    let last = sink.newest().await?.map_or(0, |newest| newest.checkpoint.number);
    let writer = WriterId::new(fresh());
    let checkpoint = Checkpoint {
        version: VERSION,
        number: last.saturating_add(step),
        at: Timestamp::UNIX_EPOCH,
        key: KeyIdentity::from_octets(fresh()),
        links: 1,
        batch: fresh(),
        size: 1,
        root: fresh(),
        chains: vec![Grown { writer, from: 0, length: 1, hash: fresh() }],
    };
    Ok(SignedCheckpoint { checkpoint, signature: fresh::<64>().to_vec() })
}

async fn newest(subject: &AuditSinkUnderTest<'_>) -> Kept {
    let sink = (subject.open)();
    let (second, third) = (after(&*sink, 200).await?, after(&*sink, 1_100).await?);
    sink.keep(&second).await?;
    sink.keep(&third).await?;
    same("the newest", &sink.newest().await?, &Some(third.clone()))?;
    let mut first = second;
    first.checkpoint.number = first.checkpoint.number.saturating_sub(100);
    sink.keep(&first).await?;
    same("the newest after an older one", &sink.newest().await?, &Some(third))
}

async fn keeps_twice(subject: &AuditSinkUnderTest<'_>) -> Kept {
    let sink = (subject.open)();
    let checkpoint = after(&*sink, 1).await?;
    sink.keep(&checkpoint).await?;
    sink.keep(&checkpoint).await?;
    same("the newest", &sink.newest().await?, &Some(checkpoint))
}

async fn never_replaces(subject: &AuditSinkUnderTest<'_>) -> Kept {
    let sink = (subject.open)();
    let checkpoint = after(&*sink, 1).await?;
    sink.keep(&checkpoint).await?;
    let mut other = checkpoint.clone();
    other.checkpoint.root = fresh();
    match sink.keep(&other).await {
        Err(error) => same("the refusal", error.kind(), &ErrorKind::Invalid)?,
        Ok(()) => ensure(false, "another checkpoint took its place")?,
    }
    same("the newest", &sink.newest().await?, &Some(checkpoint))
}

async fn survives_reopen(subject: &AuditSinkUnderTest<'_>) -> Kept {
    let sink = (subject.open)();
    let checkpoint = after(&*sink, 1).await?;
    sink.keep(&checkpoint).await?;
    drop(sink);
    same("the newest", &(subject.open)().newest().await?, &Some(checkpoint))
}
