//! The verifier of the chains: reads all links, recomputes every hash, and believes nothing else.

use std::collections::{BTreeMap, BTreeSet};

use super::{Head, Link, LinkHash, Linked, link, open};
use crate::id::WriterId;
use crate::provider::journal::StreamId;
use crate::provider::{AuditTrail, Result};

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// How many chains.
    pub writers: usize,
    /// How many links, the opening ones included.
    pub links: u64,
    /// What is wrong; nothing where the record is whole.
    pub findings: Vec<Finding>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Finding {
    /// A link's hash is not that of its contents: something was edited, moved or put in.
    #[error("link {number} of {writer} does not fit its contents")]
    Broken {
        /// Whose chain.
        writer: WriterId,
        /// Which link.
        number: u64,
    },
    /// An entry that a link names is gone.
    #[error("entry {index} of {stream} is gone")]
    Gone {
        /// Which stream.
        stream: StreamId,
        /// Which entry.
        index: u64,
    },
    /// A chain does not have the length or the end that its head says.
    #[error("the chain of {writer} does not end at its head")]
    Head {
        /// Whose chain.
        writer: WriterId,
    },
    /// A chain was longer, or other, when a later writer saw it.
    #[error("the chain of {writer} was another when {witness} began")]
    Rewritten {
        /// Whose chain.
        writer: WriterId,
        /// Who saw it.
        witness: WriterId,
    },
    /// A stream's entries are not numbered without gaps, each linked once.
    #[error("the entries of {stream} are not linked one by one")]
    Stream {
        /// Which stream.
        stream: StreamId,
    },
}

impl Report {
    /// Whether nothing is wrong.
    pub const fn is_whole(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Verifies all chains of a record.
///
/// # Errors
/// Only where the trail cannot be read; all that is wrong with it is in the [`Report`].
pub async fn verify(trail: &dyn AuditTrail) -> Result<Report> {
    let mut walk = Walk::default();
    let heads = trail.heads().await?;
    for head in &heads {
        walk.chain(trail, head).await?;
    }
    walk.compare_witnesses();
    walk.compare_streams(trail).await?;
    walk.report.writers = heads.len();
    Ok(walk.report)
}

#[derive(Default)]
struct Walk {
    report: Report,
    hashes: BTreeMap<(WriterId, u64), LinkHash>,
    witnessed: Vec<(WriterId, Head)>,
    streams: BTreeMap<StreamId, BTreeSet<u64>>,
    twice: BTreeSet<StreamId>,
}

impl Walk {
    async fn chain(&mut self, trail: &dyn AuditTrail, head: &Head) -> Result<()> {
        let mut last: Option<Head> = None;
        loop {
            let from = last.map_or(0, |last| last.length);
            let links = trail.chain(&head.writer, from, LINKS_AT_ONCE).await?;
            if links.is_empty() {
                break;
            }
            for link in &links {
                last = Some(self.step(&head.writer, last, link));
            }
        }
        if last.is_none_or(|last| last != *head) {
            self.report.findings.push(Finding::Head { writer: head.writer });
        }
        Ok(())
    }

    /// Recomputes one link; goes on from the stored hash, so that each break shows once.
    fn step(&mut self, writer: &WriterId, last: Option<Head>, found: &Link) -> Head {
        let number = last.map_or(0, |last| last.length);
        let fits = self.expected(writer, last, found).is_some_and(|head| head.hash == found.hash);
        if !fits || found.number != number {
            self.report.findings.push(Finding::Broken { writer: *writer, number });
        }
        self.report.links = self.report.links.saturating_add(1);
        self.hashes.insert((*writer, number), found.hash);
        Head { writer: *writer, length: number.saturating_add(1), hash: found.hash }
    }

    /// What the link should be; `None` where it can be none.
    fn expected(&mut self, writer: &WriterId, last: Option<Head>, found: &Link) -> Option<Head> {
        match (&found.linked, last) {
            (Linked::Opening(others), None) => {
                self.witnessed.extend(others.iter().map(|other| (*writer, *other)));
                Some(open(writer, others))
            }
            (Linked::Entry { stream, index, entry }, Some(last)) => {
                self.count(*stream, *index);
                if entry.is_none() {
                    self.report.findings.push(Finding::Gone { stream: *stream, index: *index });
                }
                entry.as_ref().map(|entry| link(&last, stream, *index, entry))
            }
            _ => None,
        }
    }

    fn count(&mut self, stream: StreamId, index: u64) {
        if !self.streams.entry(stream).or_default().insert(index) {
            self.twice.insert(stream);
        }
    }

    /// Every head that a writer found at its beginning must still be a link of that chain.
    fn compare_witnesses(&mut self) {
        for (witness, head) in &self.witnessed {
            let now = self.hashes.get(&(head.writer, head.length.saturating_sub(1)));
            if now != Some(&head.hash) {
                let (writer, witness) = (head.writer, *witness);
                self.report.findings.push(Finding::Rewritten { writer, witness });
            }
        }
    }

    /// Every entry is linked once, every link has its entry, and there are no others.
    async fn compare_streams(&mut self, trail: &dyn AuditTrail) -> Result<()> {
        let mut after = None;
        loop {
            let streams = trail.streams(after.as_ref(), STREAMS_AT_ONCE).await?;
            let Some((last, _)) = streams.last() else { break };
            after = Some(*last);
            for (stream, length) in streams {
                self.compare_stream(stream, length);
            }
        }
        let gone = self.streams.keys().map(|stream| Finding::Stream { stream: *stream });
        self.report.findings.extend(gone);
        Ok(())
    }

    fn compare_stream(&mut self, stream: StreamId, length: u64) {
        let linked = self.streams.remove(&stream).unwrap_or_default();
        let whole = linked.into_iter().eq(0..length);
        if !whole || self.twice.contains(&stream) {
            self.report.findings.push(Finding::Stream { stream });
        }
    }
}

/// Streams that are read at once.
const STREAMS_AT_ONCE: usize = 1_000;
/// Links that are read at once.
const LINKS_AT_ONCE: usize = 1_000;
