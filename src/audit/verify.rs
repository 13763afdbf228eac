//! The verifier of the chains: reads all links, recomputes every hash, and believes nothing else.
//!
//! It takes as much memory as there are writers, however long the record is.

use std::collections::{BTreeMap, BTreeSet};

use gost_hash::streebog256;
use serde::Serialize;

use super::tally::{Seed, Suspects, Tally};
use super::{Head, Link, Linked, link, open};
use crate::id::WriterId;
use crate::provider::journal::StreamId;
use crate::provider::{AuditTrail, ErrorKind, ProviderError, Result};

pub use super::finding::{Finding, RowFault};

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// How many chains.
    pub writers: usize,
    /// How many links, the opening ones included.
    pub links: u64,
    /// The number of the newest checkpoint; 0 where there is none, or none was looked at.
    pub checkpoints: u64,
    /// Kept checkpoints that a restore lost, which an administrator acknowledged.
    pub restores: Vec<u64>,
    /// What is wrong; nothing where the record is whole.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether nothing is wrong.
    pub const fn is_whole(&self) -> bool {
        self.findings.is_empty()
    }

    /// Tells one more finding; only counts it where there are very many.
    pub(super) fn tell(&mut self, finding: Finding) {
        let full = self.findings.len() >= FINDINGS;
        match self.findings.last_mut() {
            Some(Finding::More { count }) if full => *count = count.saturating_add(1),
            _ if full => self.findings.push(Finding::More { count: 1 }),
            _ => self.findings.push(finding),
        }
    }

    /// Damage is a finding; that a storage is out of reach is none.
    pub(super) fn tell_damage(&mut self, place: String, error: ProviderError) -> Result<()> {
        if *error.kind() != ErrorKind::Fault {
            return Err(error);
        }
        self.tell(Finding::Unreadable { place, why: error.to_string() });
        Ok(())
    }
}

/// Verifies all chains of a record, and that each entry has exactly one link.
///
/// # Errors
/// Only where the trail cannot be reached; all that is wrong with it is in the [`Report`].
pub async fn verify(trail: &dyn AuditTrail) -> Result<Report> {
    let heads = trail.heads().await?;
    let octets: Vec<u8> = heads.iter().flat_map(|head| head.hash).collect();
    let mut walk = Walk::new(trail, heads, streebog256(&octets));
    walk.chains().await?;
    walk.compare_streams().await?;
    Ok(walk.report)
}

/// One reading of the chains, as far as it is.
pub(super) struct Walk<'a> {
    pub(super) report: Report,
    trail: &'a dyn AuditTrail,
    heads: Vec<Head>,
    /// How far each chain was read.
    read: BTreeMap<WriterId, Head>,
    tally: Tally,
}

impl<'a> Walk<'a> {
    pub(super) fn new(trail: &'a dyn AuditTrail, heads: Vec<Head>, seed: Seed) -> Self {
        let report = Report { writers: heads.len(), ..Report::default() };
        Self { report, trail, heads, read: BTreeMap::new(), tally: Tally::new(seed) }
    }

    /// Reads every chain from where its reading stands to its end.
    pub(super) async fn chains(&mut self) -> Result<()> {
        for head in self.heads.clone() {
            self.advance(&head.writer, u64::MAX, &mut |_| {}).await?;
            if self.read.get(&head.writer) != Some(&head) {
                self.report.tell(Finding::Head { writer: head.writer });
            }
        }
        Ok(())
    }

    /// How far a chain was read.
    pub(super) fn position(&self, writer: &WriterId) -> Option<Head> {
        self.read.get(writer).copied()
    }

    /// Reads on in a chain until it is `length` long, or ends; shows each link.
    pub(super) async fn advance(
        &mut self,
        writer: &WriterId,
        length: u64,
        show: &mut (dyn FnMut(&Link) + Send),
    ) -> Result<()> {
        loop {
            let from = self.position(writer).map_or(0, |last| last.length);
            let wanted = usize::try_from(length.saturating_sub(from)).unwrap_or(LINKS_AT_ONCE);
            if wanted == 0 {
                return Ok(());
            }
            let links = self.trail.chain(writer, from, wanted.min(LINKS_AT_ONCE)).await;
            let links = match links {
                Ok(links) if links.is_empty() => return Ok(()),
                Ok(links) => links,
                Err(error) => {
                    let place = format!("the chain of {writer} from link {from} on");
                    return self.report.tell_damage(place, error);
                }
            };
            for link in &links {
                self.step(writer, link).await?;
                show(link);
            }
        }
    }

    /// Recomputes one link; goes on from the stored hash, so that each break shows once.
    async fn step(&mut self, writer: &WriterId, found: &Link) -> Result<()> {
        let last = self.position(writer);
        let number = last.map_or(0, |last| last.length);
        let fits = self.expected(writer, last, found).is_some_and(|head| head.hash == found.hash);
        if !fits || found.number != number {
            self.report.tell(Finding::Broken { writer: *writer, number });
        }
        if let Linked::Opening(others) = &found.linked {
            self.compare_witnessed(writer, others).await?;
        }
        self.report.links = self.report.links.saturating_add(1);
        // also over a gap, so that reading goes on
        let length = number.max(found.number).saturating_add(1);
        self.read.insert(*writer, Head { writer: *writer, length, hash: found.hash });
        Ok(())
    }

    /// What the link should be; `None` where it can be none.
    fn expected(&mut self, writer: &WriterId, last: Option<Head>, found: &Link) -> Option<Head> {
        match (&found.linked, last) {
            (Linked::Opening(others), None) => Some(open(writer, others)),
            (Linked::Entry { stream, index, entry }, Some(last)) => {
                self.tally.add(&stream.to_string(), &index.to_be_bytes());
                if entry.is_none() {
                    self.report.tell(Finding::Gone { stream: *stream, index: *index });
                }
                entry.as_ref().map(|entry| link(&last, stream, *index, entry))
            }
            _ => None,
        }
    }

    /// Every head that a writer found at its beginning must still be a link of that chain.
    async fn compare_witnessed(&mut self, witness: &WriterId, heads: &[Head]) -> Result<()> {
        for head in heads {
            let number = head.length.saturating_sub(1);
            let now = match self.trail.chain(&head.writer, number, 1).await {
                Ok(links) => links.into_iter().next(),
                Err(error) if *error.kind() == ErrorKind::Fault => None,
                Err(error) => return Err(error),
            };
            if now.is_none_or(|link| link.number != number || link.hash != head.hash) {
                let (writer, witness) = (head.writer, *witness);
                self.report.tell(Finding::Rewritten { writer, witness });
            }
        }
        Ok(())
    }

    /// Every entry is linked once, every link has its entry, and there are no others.
    pub(super) async fn compare_streams(&mut self) -> Result<()> {
        let mut after = None;
        while let Some(streams) = self.streams_after(after).await? {
            after = streams.last().map(|(stream, _)| *stream);
            for (stream, length) in streams {
                let name = stream.to_string();
                (0..length).for_each(|index| self.tally.expect(&name, &index.to_be_bytes()));
            }
        }
        match self.tally.suspects() {
            Some(suspects) => self.find_unlinked(&suspects).await,
            None => Ok(()),
        }
    }

    /// The next streams; none at the end, and after damage, which is told.
    async fn streams_after(
        &mut self,
        after: Option<StreamId>,
    ) -> Result<Option<Vec<(StreamId, u64)>>> {
        match self.trail.streams(after.as_ref(), STREAMS_AT_ONCE).await {
            Ok(streams) => Ok(Some(streams).filter(|streams| !streams.is_empty())),
            Err(error) => {
                let first = "the first one".to_owned();
                let place = after.map_or(first, |after| format!("the one after {after}"));
                self.report.tell_damage(format!("the list of streams from {place} on"), error)?;
                Ok(None)
            }
        }
    }

    /// Reads the suspected streams once more, and names those that differ.
    async fn find_unlinked(&mut self, suspects: &Suspects) -> Result<()> {
        let (mut linked, mut wrong) = self.linked(suspects).await;
        let mut after = None;
        while let Ok(streams) = self.trail.streams(after.as_ref(), STREAMS_AT_ONCE).await
            && let Some((last, _)) = streams.last()
        {
            after = Some(*last);
            let streams = streams.into_iter();
            let suspected = streams.filter(|(stream, _)| suspects.include(&stream.to_string()));
            wrong.extend(suspected.filter_map(|(stream, length)| {
                let whole = linked.remove(&stream).unwrap_or_default().into_iter().eq(0..length);
                (!whole).then_some(stream)
            }));
        }
        wrong.extend(linked.into_keys());
        for stream in wrong {
            self.report.tell(Finding::Stream { stream });
        }
        self.tell_more(suspects);
        Ok(())
    }

    /// Which entries of the suspected streams are linked, and in which streams some are twice.
    async fn linked(
        &self,
        suspects: &Suspects,
    ) -> (BTreeMap<StreamId, BTreeSet<u64>>, BTreeSet<StreamId>) {
        let (mut linked, mut twice) = (BTreeMap::<_, BTreeSet<u64>>::new(), BTreeSet::new());
        for head in &self.heads {
            let mut from = 0;
            while let Ok(links) = self.trail.chain(&head.writer, from, LINKS_AT_ONCE).await
                && let Some(last) = links.last()
            {
                from = last.number.saturating_add(1);
                let entries = links.iter().filter_map(entry_of);
                let again = entries
                    .filter(|(stream, _)| suspects.include(&stream.to_string()))
                    .filter(|(stream, index)| !linked.entry(*stream).or_default().insert(*index));
                twice.extend(again.map(|(stream, _)| stream));
            }
        }
        (linked, twice)
    }

    fn tell_more(&mut self, suspects: &Suspects) {
        let count = u64::try_from(suspects.more).unwrap_or(u64::MAX);
        if count > 0 {
            self.report.tell(Finding::More { count });
        }
    }
}

fn entry_of(link: &Link) -> Option<(StreamId, u64)> {
    match &link.linked {
        Linked::Entry { stream, index, .. } => Some((*stream, *index)),
        Linked::Opening(_) => None,
    }
}

/// Streams that are read at once.
pub(super) const STREAMS_AT_ONCE: usize = 1_000;
/// Links that are read at once.
const LINKS_AT_ONCE: usize = 1_000;
/// Findings that are told one by one.
const FINDINGS: usize = 1_000;
