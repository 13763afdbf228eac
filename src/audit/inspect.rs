//! The inspection of a whole record: chains, entries, rows of lists, documents, registrations and claims.
//!
//! Everything is made anew from the entries, and compared. Memory does not grow with the record, but for the
//! entries of one stream at a time. Nothing is changed.

mod claims;

use core::fmt::Debug;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::checkpoint::{BadProof, Batch, Checkpoint, SignedCheckpoint, batch_leaf, verify_all};
use super::log::{Kept, Log};
use super::merkle::{Frontier, Hash, Streebog};
use super::rows;
use super::tally::{Seed, Suspects, Tally};
use super::verify::{Finding, Report, RowFault, STREAMS_AT_ONCE, Walk};
use crate::commitment::Commitment;
use crate::entry::Entry;
use crate::fact::{AccountFact, CaseFact};
use crate::id::UserId;
use crate::lifecycle::Account;
use crate::provider::directory::SealedRecord;
use crate::provider::journal::{Loaded, Page, StoredEntry, StreamId};
use crate::provider::{ErrorKind, Journal, ProviderError, UserDirectory, Verifier};
use crate::registration_authority::ClaimKey;
use crate::view::View;

type Result<T, E = ProviderError> = core::result::Result<T, E>;

/// What is inspected, and against what.
#[derive(Debug)]
pub struct Inspection<'a> {
    journal: &'a dyn Journal,
    verifier: &'a dyn Verifier,
    directory: Option<&'a dyn UserDirectory>,
    kept: Vec<SignedCheckpoint>,
    seed: Seed,
}

impl<'a> Inspection<'a> {
    /// Of a journal. The seed must be random: whoever altered the record must not have known it.
    pub const fn new(journal: &'a dyn Journal, verifier: &'a dyn Verifier, seed: Seed) -> Self {
        Self { journal, verifier, directory: None, kept: Vec::new(), seed }
    }

    /// Against a checkpoint that was kept elsewhere.
    #[must_use]
    pub fn with_kept(mut self, kept: SignedCheckpoint) -> Self {
        self.kept.push(kept);
        self
    }

    /// With the registration data, where it is at hand.
    #[must_use]
    pub const fn with_directory(mut self, directory: &'a dyn UserDirectory) -> Self {
        self.directory = Some(directory);
        self
    }

    /// Inspects.
    ///
    /// # Errors
    /// Only where the storage is out of reach; all that is wrong with the record is in the [`Report`].
    pub async fn run(&self) -> Result<Report> {
        let trail = self.journal.audit();
        // 1. The chains in the order of the checkpoints, and that each entry has its link.
        let mut walk = Walk::new(trail, trail.heads().await?, self.seed);
        let log = self.log(&mut walk).await?;
        self.checkpoints(&mut walk, &log).await?;
        walk.chains().await?;
        walk.compare_streams().await?;
        // 2. What each stream's entries come to.
        let mut work = Work {
            of: self,
            report: walk.report,
            rows: Tally::new(self.seed),
            claim_key: None,
            erased: BTreeSet::new(),
        };
        work.streams().await?;
        // 3. The rows that are stored.
        work.compare_rows().await?;
        Ok(work.report)
    }
}

impl Inspection<'_> {
    /// The audit's stream: what is said of the record as a whole.
    async fn log(&self, walk: &mut Walk<'_>) -> Result<Log> {
        let (mut log, stream) = (Log::default(), StreamId::Audit);
        let loaded = match self.journal.load(&stream, 0).await {
            Ok(loaded) => loaded,
            Err(error) => {
                walk.report.tell_damage(stream.to_string(), error)?;
                return Ok(log);
            }
        };
        for (index, entry) in (0..).zip(&loaded.entries) {
            match Entry::decode(entry) {
                Ok(entry) => log.apply(&entry),
                Err(error) => {
                    walk.report.tell(Finding::Entry { stream, index, why: error.to_string() });
                }
            }
        }
        Ok(log)
    }

    /// Every checkpoint of the record says what its links come to; those kept elsewhere are among them.
    async fn checkpoints(&self, walk: &mut Walk<'_>, log: &Log) -> Result<()> {
        let (mut record, mut last) = (Frontier::default(), 0);
        let batches = log.checkpoints().chunks(SIGNATURES_AT_ONCE);
        let verdicts = batches.flat_map(|batch| self.check_signatures(batch, log));
        for (signed, verdict) in log.checkpoints().iter().zip(verdicts) {
            let checkpoint = &signed.checkpoint;
            let batch = read_batch(walk, checkpoint).await?;
            if let Some((links, root)) = batch {
                record.push::<Streebog>(batch_leaf(links, &root));
            }
            let rises = last < checkpoint.number;
            last = checkpoint.number;
            let fits = rises
                && batch == Some((checkpoint.links, checkpoint.batch))
                && record.size() == checkpoint.size
                && record.root::<Streebog>() == Some(checkpoint.root);
            let number = checkpoint.number;
            if !fits {
                walk.report.tell(Finding::Checkpoint { number, why: BadProof::Hashes.to_string() });
            }
            if let Err(why) = verdict {
                walk.report.tell(Finding::Checkpoint { number, why: why.to_string() });
            }
        }
        walk.report.checkpoints = last;
        for (kept, verdict) in self.kept.iter().zip(self.check_signatures(&self.kept, log)) {
            compare_kept(&mut walk.report, (kept, verdict), log);
        }
        Ok(())
    }

    fn check_signatures(
        &self,
        signed: &[SignedCheckpoint],
        log: &Log,
    ) -> Vec<Result<(), BadProof>> {
        let keyed = signed.iter().map(|signed| (signed, log.key_of(&signed.checkpoint.key)));
        verify_all(self.verifier, &keyed.collect::<Vec<_>>())
    }
}

fn compare_kept(
    report: &mut Report,
    (kept, verdict): (&SignedCheckpoint, Result<(), BadProof>),
    log: &Log,
) {
    let (number, newest) = (kept.checkpoint.number, report.checkpoints);
    if let Err(why) = verdict {
        report.tell(Finding::Checkpoint { number, why: format!("kept elsewhere: {why}") });
    }
    match log.compare(kept) {
        Kept::Known => {}
        Kept::Acknowledged => report.restores.push(number),
        Kept::Lost => report.tell(Finding::RolledBack { kept: number, newest }),
    }
}

/// Reads the links of a checkpoint's batch; gives their number, and the root over them.
async fn read_batch(walk: &mut Walk<'_>, checkpoint: &Checkpoint) -> Result<Option<(u64, Hash)>> {
    let (mut batch, mut fits) = (Batch::default(), true);
    for grown in &checkpoint.chains {
        fits &= walk.position(&grown.writer).map_or(0, |head| head.length) == grown.from;
        walk.advance(&grown.writer, grown.length, &mut |link| batch.push(&link.hash)).await?;
        fits &= walk.position(&grown.writer) == Some(grown.head());
    }
    Ok(batch.close().filter(|_| fits))
}

/// Rows with the streams that they are of, by what they are called.
type Rows = BTreeMap<String, (StreamId, View)>;

/// An inspection as far as it is.
struct Work<'a> {
    of: &'a Inspection<'a>,
    report: Report,
    rows: Tally,
    claim_key: Option<Arc<ClaimKey>>,
    erased: BTreeSet<UserId>,
}

impl Work<'_> {
    /// The record comes first in the order of streams: it has the key of the claims.
    async fn streams(&mut self) -> Result<()> {
        let mut after = None;
        loop {
            // damage of the list was told with the chains
            let trail = self.of.journal.audit();
            let Ok(streams) = trail.streams(after.as_ref(), STREAMS_AT_ONCE).await else {
                return Ok(());
            };
            let Some((last, _)) = streams.last() else { return Ok(()) };
            after = Some(*last);
            for (stream, length) in streams.into_iter().filter(|(stream, _)| is_folded(stream)) {
                self.stream(stream, length).await?;
            }
        }
    }

    async fn stream(&mut self, stream: StreamId, length: u64) -> Result<()> {
        let Some(entries) = self.load(stream, length).await? else { return Ok(()) };
        self.note_erased(stream, &entries);
        let erased = self.is_erased(stream, &entries);
        for (index, entry) in (0..).zip(&entries) {
            self.documents(stream, (index, erased), entry).await?;
        }
        match rows::fold(&stream, &entries) {
            Ok((rows, folded)) => {
                let name = stream.to_string();
                for row in &rows {
                    self.rows.expect(&name, octets(row).as_bytes());
                }
                self.certificate_claims(stream, &rows, folded.case()).await?;
            }
            Err(rows::Senseless { index, why }) => {
                self.report.tell(Finding::Entry { stream, index, why });
            }
        }
        match stream {
            StreamId::Record => self.founding(&entries).await,
            StreamId::Account(user) => self.account(user, &entries).await,
            _ => Ok(()),
        }
    }

    /// A stream's entries as commands read them, which is another way than that along the chains.
    async fn load(&mut self, stream: StreamId, length: u64) -> Result<Option<Vec<StoredEntry>>> {
        let loaded = match self.of.journal.load(&stream, 0).await {
            Ok(Loaded { length: all, entries }) => {
                let counted = u64::try_from(entries.len()).unwrap_or(u64::MAX);
                (all == length && counted == length).then_some(entries)
            }
            Err(error) => {
                self.report.tell_damage(stream.to_string(), error)?;
                return Ok(None);
            }
        };
        if loaded.is_none() {
            self.report.tell(Finding::Stream { stream });
        }
        Ok(loaded)
    }

    /// Remembers whose personal data was erased: accounts come before cases in the order of streams.
    fn note_erased(&mut self, stream: StreamId, entries: &[StoredEntry]) {
        let StreamId::Account(user) = stream else { return };
        let erases = |entry: &StoredEntry| {
            let entry = Entry::<AccountFact>::decode(entry);
            entry.is_ok_and(|entry| matches!(entry.fact, AccountFact::Erased { .. }))
        };
        if entries.iter().any(erases) {
            self.erased.insert(user);
        }
    }

    /// Whether the stream's documents went with the personal data of their owner.
    fn is_erased(&self, stream: StreamId, entries: &[StoredEntry]) -> bool {
        let last = entries.last().map(Entry::<CaseFact>::decode);
        match (stream, entries.first().map(Entry::<CaseFact>::decode)) {
            (StreamId::Case(_), _)
                if matches!(last, Some(Ok(Entry { fact: CaseFact::Erased, .. }))) =>
            {
                true
            }
            (StreamId::Account(user), _) => self.erased.contains(&user),
            (StreamId::Case(_), Some(Ok(Entry { fact: CaseFact::RequestCreated(begun), .. }))) => {
                self.erased.contains(&begun.user)
            }
            _ => false,
        }
    }

    /// Every document that an entry names is what the entry committed to.
    async fn documents(
        &mut self,
        stream: StreamId,
        (index, erased): (u64, bool),
        entry: &StoredEntry,
    ) -> Result<()> {
        let Ok(value) = serde_json::from_slice::<Value>(&entry.0) else { return Ok(()) };
        let mut named = Vec::new();
        commitments(&value, "", &mut named);
        for (field, commitment) in named {
            let found = self.of.journal.documents().get(&commitment).await;
            let another = match damaged(found)? {
                Some(Some(document)) => {
                    Commitment::of(document.salt(), document.bytes()) != commitment
                }
                Some(None) if KEPT.contains(&field) && !erased => {
                    let field = field.to_owned();
                    self.report.tell(Finding::Lost { stream, index, field, commitment });
                    false
                }
                Some(None) => false,
                None => true,
            };
            if another {
                self.report.tell(Finding::Document { stream, index, commitment });
            }
        }
        Ok(())
    }

    /// The registration data that the account follows, and the login and person that it holds.
    async fn account(&mut self, user: UserId, entries: &[StoredEntry]) -> Result<()> {
        let Some(directory) = self.of.directory else { return Ok(()) };
        // what makes no sense was told
        let folded = claims::account(user, entries);
        let Some(account) = folded.filter(keeps_data) else { return Ok(()) };
        let stream = StreamId::Account(user);
        for verifier in
            account.password().into_iter().chain(account.temporary().map(|t| &t.verifier))
        {
            if matches!(damaged(self.of.journal.documents().get(verifier).await)?, Some(None)) {
                let (field, commitment) = ("password".to_owned(), *verifier);
                self.report.tell(Finding::Lost { stream, index: 0, field, commitment });
            }
        }
        let version = *account.registration();
        let found = damaged(directory.get(&user, &version).await)?.flatten();
        let sound = |sealed: &SealedRecord| {
            Commitment::of(&sealed.salt, &sealed.record.to_bytes()) == version
        };
        let Some(sealed) = found.filter(sound) else {
            self.report.tell(Finding::Registration { stream, version });
            return Ok(());
        };
        self.account_claims(&account, &sealed).await
    }

    /// The rows that are stored are those that the entries make, and no others.
    async fn compare_rows(&mut self) -> Result<()> {
        let mut page = Page::first(ROWS_AT_ONCE);
        loop {
            let found = match self.of.journal.audit().rows(&page).await {
                Ok(found) => found,
                Err(error) => {
                    return self.report.tell_damage("a row of the lists".to_owned(), error);
                }
            };
            for row in &found.views {
                self.rows.add(&rows::stream(row).to_string(), octets(row).as_bytes());
            }
            match found.next {
                Some(next) => page.after = Some(next),
                None => break,
            }
        }
        match self.rows.suspects() {
            Some(suspects) => self.find_rows(&suspects).await,
            None => Ok(()),
        }
    }

    /// Reads the suspected streams and rows once more, and names the rows that differ.
    async fn find_rows(&mut self, suspects: &Suspects) -> Result<()> {
        let mut stored = self.stored(suspects).await?;
        for (key, (stream, right)) in self.suspected(suspects).await? {
            match stored.remove(&key) {
                Some((_, row)) if row == right => {}
                Some(_) => self.tell_row(stream, key, RowFault::Altered),
                None => self.tell_row(stream, key, RowFault::Missing),
            }
        }
        for (key, (stream, _)) in stored {
            self.tell_row(stream, key, RowFault::MadeUp);
        }
        Ok(())
    }

    /// The rows that say they are of the suspected streams.
    async fn stored(&self, suspects: &Suspects) -> Result<Rows> {
        let (mut stored, mut page) = (Rows::new(), Page::first(ROWS_AT_ONCE));
        loop {
            let found = self.of.journal.audit().rows(&page).await?;
            let own =
                found.views.into_iter().map(|row| (rows::key(&row), (rows::stream(&row), row)));
            stored.extend(own.filter(|(_, (stream, _))| suspects.include(&stream.to_string())));
            match found.next {
                Some(next) => page.after = Some(next),
                None => return Ok(stored),
            }
        }
    }

    /// The rows that the suspected streams make.
    async fn suspected(&self, suspects: &Suspects) -> Result<Rows> {
        let (mut expected, mut after) = (Rows::new(), None);
        loop {
            let streams = self.of.journal.audit().streams(after.as_ref(), STREAMS_AT_ONCE).await;
            let streams = streams.unwrap_or_default();
            let Some((last, _)) = streams.last() else { return Ok(expected) };
            after = Some(*last);
            let suspected = |stream: &StreamId| suspects.include(&stream.to_string());
            let streams = streams.into_iter().map(|(stream, _)| stream);
            for stream in streams.filter(|stream| is_folded(stream) && suspected(stream)) {
                let loaded = damaged(self.of.journal.load(&stream, 0).await)?.unwrap_or_default();
                let rows = rows::of(&stream, &loaded.entries).unwrap_or_default();
                expected.extend(rows.into_iter().map(|row| (rows::key(&row), (stream, row))));
            }
        }
    }

    fn tell_row(&mut self, stream: StreamId, row: String, what: RowFault) {
        self.report.tell(Finding::Row { stream, row, what });
    }
}

/// `None` where what was asked for is damaged.
fn damaged<T>(answer: Result<T, ProviderError>) -> Result<Option<T>> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error) if *error.kind() == ErrorKind::Fault => Ok(None),
        Err(error) => Err(error),
    }
}

/// The others make no rows, and may be very long.
const fn is_folded(stream: &StreamId) -> bool {
    !matches!(stream, StreamId::Access | StreamId::Audit)
}

/// A row as octets to compare: derived, it names every field, and rows have no secrets.
fn octets(row: &View) -> String {
    format!("{row:?}")
}

/// Whether the account must have its data and its login now.
fn keeps_data(account: &Account) -> bool {
    !matches!(account.state().name(), "draft" | "archived" | "erased")
}

/// All that may be commitments, with the field that each is in.
fn commitments<'v>(value: &'v Value, field: &'v str, named: &mut Vec<(&'v str, Commitment)>) {
    match value {
        Value::String(text) if text.len() == 64 => {
            let octets = crate::hex::array(text).map(Commitment::from_octets);
            named.extend(octets.map(|commitment| (field, commitment)));
        }
        Value::Array(all) => all.iter().for_each(|value| commitments(value, field, named)),
        Value::Object(all) => {
            all.iter().for_each(|(field, value)| commitments(value, field, named));
        }
        _ => {}
    }
}

/// Documents that are kept as long as the person's data, by the fields that name them.
const KEPT: &[&str] = &["certificate", "crl", "pepper", "request", "tbs", "paper", "document"];
/// Rows that are read at once.
const ROWS_AT_ONCE: usize = 1_000;
/// Signatures that are checked together.
const SIGNATURES_AT_ONCE: usize = 64;
