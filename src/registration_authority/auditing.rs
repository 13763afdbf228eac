//! Checkpoints: made, kept outside, and compared with what is kept there.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};

use super::RegistrationAuthority;
use super::job::{Job, Work, append};
use crate::audit::checkpoint::{Batch, Checkpoint, Grown, SignedCheckpoint, VERSION};
use crate::audit::log::{Kept, Log};
use crate::audit::{Head, Link, Linked};
use crate::command::{Command, Envelope, Outcome};
use crate::entry::Entry;
use crate::error::Error;
use crate::fact::AuditFact;
use crate::id::CommandId;
use crate::lifecycle::Refusal;
use crate::provider::ErrorKind;
use crate::provider::journal::{Change, Expected, StreamId};
use crate::provider::key_store::Message;
use crate::providers::Auditor;

/// When a sweep makes a checkpoint.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct CheckpointSchedule {
    /// After so many links.
    pub links: u64,
    /// After this time, where there is any news.
    pub age: SignedDuration,
}

impl Default for CheckpointSchedule {
    fn default() -> Self {
        Self { links: 1_000, age: SignedDuration::from_hours(1) }
    }
}

/// What is known of the audit.
#[derive(Debug, Default)]
pub(super) struct Audit {
    log: Mutex<Arc<Log>>,
    /// Whether the record has the newest checkpoint that is kept outside.
    continues: AtomicBool,
}

impl Job<'_> {
    pub(super) async fn register_audit_key(&self, public_key: &[u8]) -> Result<Outcome, Error> {
        self.administrator_only()?;
        let log = self.ra.audit_log().await?;
        self.expect(StreamId::Audit, log.length())?;
        let (identity, _) = self.ra.public_key(public_key)?;
        if log.key().is_some_and(|(known, _)| *known == identity) {
            return Ok(Outcome::Done);
        }
        let fact = AuditFact::KeyRegistered { key: identity, public_key: public_key.to_vec() };
        self.finish(Work::of(self.audit_change(&log, fact)), Outcome::Done).await
    }

    pub(super) async fn make_checkpoint(&self) -> Result<Outcome, Error> {
        self.administrator_only()?;
        let made = self.checkpoint().await?;
        let number = made.map(|signed| signed.checkpoint.number);
        self.finish(Work::default(), Outcome::CheckpointMade { number }).await
    }

    /// The record is an older copy, which is known, and work goes on from it.
    pub(super) async fn acknowledge_restore(&self, document: &str) -> Result<Outcome, Error> {
        self.administrator_only()?;
        let log = self.ra.audit_log().await?;
        let kept = self.ra.auditor()?.sink.newest().await?;
        let lost = kept.filter(|kept| log.compare(kept) == Kept::Lost);
        let kept = lost.ok_or(Refusal::NotFound("restore to be acknowledged"))?;
        let document = document.to_owned();
        let fact = AuditFact::RestoreAcknowledged { kept: Box::new(kept), document };
        let done = self.finish(Work::of(self.audit_change(&log, fact)), Outcome::Done).await?;
        self.ra.check_continuity().await?;
        Ok(done)
    }

    fn audit_change(&self, log: &Log, fact: AuditFact) -> Change {
        let entry: Entry<AuditFact> = self.entry(fact);
        append(StreamId::Audit, Expected::Exactly(log.length()), entry.encode())
    }

    /// Makes a checkpoint over what is new; none where nothing is.
    async fn checkpoint(&self) -> Result<Option<SignedCheckpoint>, Error> {
        let log = self.ra.audit_log().await?;
        let Some(news) = self.ra.news(&log).await? else { return Ok(None) };
        let auditor = self.ra.auditor()?;
        // 1. What is to be signed, by the key that the record knows.
        let (key, public_key) = log.key().ok_or(Refusal::NotFound("key of the audit"))?;
        let (links, batch) = news.batch.close().ok_or(Refusal::NotFound("news"))?;
        let (size, root) = log.grow(links, &batch);
        let (number, at, chains) = (log.next_number(), self.now, news.chains);
        let (key, version) = (*key, VERSION);
        let checkpoint = Checkpoint { version, number, at, key, links, batch, size, root, chains };
        // 2. Signed, where it can be recorded afterwards, and the signature checked: the signer's word is not taken.
        self.step(&format!("checkpoint-intent-{number}"), Work::default()).await?;
        let message = checkpoint.signed_bytes();
        let signature = auditor.signer.sign(Message::Bytes(&message)).await?;
        let signed = SignedCheckpoint { checkpoint, signature };
        signed
            .verify(&*self.ra.providers.verifier, public_key)
            .map_err(|error| ErrorKind::Fault.at("Signer::sign").because(error))?;
        // 3. Recorded, and then kept outside; a sweep repeats the latter.
        let fact = AuditFact::CheckpointMade(Box::new(signed.clone()));
        let work = Work::of(self.audit_change(&log, fact));
        let receipt = self.step(&format!("checkpoint-{number}"), work).await?;
        if receipt.repeated {
            return Ok(None); // another process was faster, and keeps the one that it recorded
        }
        auditor.sink.keep(&signed).await?;
        Ok(Some(signed))
    }
}

/// What came since the newest checkpoint.
struct News {
    chains: Vec<Grown>,
    batch: Batch,
}

impl RegistrationAuthority {
    /// The audit's stream, folded; only what is new since the last time is read.
    pub(super) async fn audit_log(&self) -> Result<Arc<Log>, Error> {
        let known = self.audit.log.lock().map(|log| Arc::clone(&log)).unwrap_or_default();
        let loaded = self.providers.journal.load(&StreamId::Audit, known.length()).await?;
        if loaded.entries.is_empty() {
            return Ok(known);
        }
        let mut log = (*known).clone();
        for entry in &loaded.entries {
            log.apply(&Entry::decode(entry)?);
        }
        let log = Arc::new(log);
        if let Ok(mut cached) = self.audit.log.lock() {
            *cached = Arc::clone(&log);
        }
        Ok(log)
    }

    fn auditor(&self) -> Result<&Auditor, Error> {
        Ok(self.providers.auditor.as_ref().ok_or(Refusal::NotFound("signer of the audit"))?)
    }

    /// Reads the links that no checkpoint covers; none where they are only of the audit itself.
    async fn news(&self, log: &Log) -> Result<Option<News>, Error> {
        let mut news = News { chains: Vec::new(), batch: Batch::default() };
        let mut counts = false;
        for head in self.providers.journal.audit().heads().await? {
            let from = log.covered().get(&head.writer).map_or(0, |covered| covered.length);
            if from >= head.length {
                continue;
            }
            for link in self.links(&head, from).await? {
                counts |= matches!(&link.linked, Linked::Entry { stream, .. } if *stream != StreamId::Audit);
                news.batch.push(&link.hash);
            }
            let Head { writer, length, hash } = head;
            news.chains.push(Grown { writer, from, length, hash });
        }
        Ok(counts.then_some(news))
    }

    /// The links of a chain from one number up to its head.
    pub(super) async fn links(&self, head: &Head, from: u64) -> Result<Vec<Link>, Error> {
        let (mut links, mut from) = (Vec::new(), from);
        while from < head.length {
            let left = usize::try_from(head.length.saturating_sub(from)).unwrap_or(LINKS_AT_ONCE);
            let page = left.min(LINKS_AT_ONCE);
            let found = self.providers.journal.audit().chain(&head.writer, from, page).await?;
            let last = found.last().ok_or_else(|| Error::Damaged("a chain is too short".into()))?;
            from = last.number.saturating_add(1);
            links.extend(found);
        }
        let ends = links.last().is_none_or(|last| last.hash == head.hash);
        ends.then_some(links).ok_or_else(|| Error::Damaged("a chain is not its head's".into()))
    }

    /// Compares the record with what is kept outside: an older copy of it shows here.
    pub(super) async fn check_continuity(&self) -> Result<bool, Error> {
        let Some(auditor) = &self.providers.auditor else { return Ok(true) };
        let kept = auditor.sink.newest().await?;
        let log = self.audit_log().await?;
        let continues = kept.as_ref().is_none_or(|kept| log.compare(kept) != Kept::Lost);
        self.audit.continues.store(continues, Ordering::Release);
        Ok(continues)
    }

    /// Nothing is done in an older copy of the record before an administrator acknowledged that it is one.
    pub(super) async fn check_restore(&self, command: &Command) -> Result<(), Error> {
        let told = matches!(command, Command::AcknowledgeRestore { .. });
        let known = self.audit.continues.load(Ordering::Acquire);
        if told || known || self.check_continuity().await? {
            return Ok(());
        }
        Err(Refusal::Restored.into())
    }

    /// Keeps outside what is not there yet, and makes a checkpoint where it is time.
    pub(super) async fn sweep_audit(&self, now: Timestamp) -> Result<Option<u64>, Error> {
        let Some(auditor) = &self.providers.auditor else { return Ok(None) };
        if !self.check_continuity().await? {
            return Err(Refusal::Restored.into());
        }
        let log = self.audit_log().await?;
        if log.key().is_none() {
            return Ok(None);
        }
        let kept = auditor.sink.newest().await?.map_or(0, |kept| kept.checkpoint.number);
        let lacking = |signed: &&SignedCheckpoint| signed.checkpoint.number > kept;
        for signed in log.checkpoints().iter().rev().take_while(lacking) {
            auditor.sink.keep(signed).await?;
        }
        if !self.is_checkpoint_due(&log, now).await? {
            return Ok(None);
        }
        // a function of the record as it stands: of two sweeps at once, one does it
        let id = CommandId::new([0; 16]).step(&format!("checkpoint-{}", log.next_number()));
        let envelope = Envelope::new(id, Command::MakeCheckpoint);
        let job = Job::by_engine(self, &envelope, now);
        Ok(job.checkpoint().await?.map(|signed| signed.checkpoint.number))
    }

    async fn is_checkpoint_due(&self, log: &Log, now: Timestamp) -> Result<bool, Error> {
        let schedule = self.settings.checkpoints;
        let young = log
            .newest()
            .is_some_and(|newest| now.duration_since(newest.checkpoint.at) < schedule.age);
        if !young {
            return Ok(true);
        }
        let heads = self.providers.journal.audit().heads().await?;
        let covered = |head: &Head| log.covered().get(&head.writer).map_or(0, |head| head.length);
        let news = heads.iter().map(|head| head.length.saturating_sub(covered(head)));
        Ok(news.fold(0, u64::saturating_add) >= schedule.links)
    }
}

/// Links that are read at once.
const LINKS_AT_ONCE: usize = 1_000;
