//! Reading the audit: by person, by serial number, by time; each entry with its proof.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Deserialize;

use super::reading::sees;
use super::session::Doing;
use super::{RegistrationAuthority, Session};
use crate::audit::LinkHash;
use crate::audit::Linked;
use crate::audit::checkpoint::link_leaf;
use crate::audit::extract::{Extract, Line};
use crate::audit::log::Log;
use crate::audit::merkle::{self, Hash, Streebog};
use crate::audit::proof::{ConsistencyProof, InclusionProof, Path};
use crate::error::Error;
use crate::id::{UserId, WriterId};
use crate::lifecycle::{Act, Refusal};
use crate::provider::journal::{Page, Query, StoredEntry, StreamId};
use crate::view::{Role, View};
use crate::x509::SerialNumber;

/// Which entries; every field that is set must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Of this person's account and cases.
    pub user: Option<UserId>,
    /// Of the cases of certificates with this serial number.
    pub serial: Option<SerialNumber>,
    /// Recorded at this time or later.
    pub from: Option<Timestamp>,
    /// Recorded before this time.
    pub until: Option<Timestamp>,
}

impl RegistrationAuthority {
    /// Reads entries, the oldest first, each with the proof that it is in the newest checkpoint.
    ///
    /// Administrators and auditors read all; operators what is of a person or serial number of their office.
    /// That a person's were read is recorded before they are shown.
    ///
    /// # Errors
    /// [`Refusal::Scope`], [`Refusal::Role`] for what is not the session's to read; as the providers.
    pub async fn read_audit(
        &self,
        session: &Session,
        filter: &AuditFilter,
    ) -> Result<Extract, Error> {
        let now = self.now();
        self.check_session(session, Doing::Other, now).await?;
        let log = self.audit_log().await?;
        let entries = if filter.user.is_some() || filter.serial.is_some() {
            self.entries_of(session, filter, now).await?
        } else {
            self.entries_of_all(session, filter, &log).await?
        };
        let mut entries: Vec<_> =
            entries.into_iter().filter(|(_, _, entry)| filter.takes(entry)).collect();
        entries.sort_by_key(|(stream, index, entry)| (recorded(entry), *stream, *index));
        let mut prover = Prover { ra: self, log: &log, batches: BTreeMap::new() };
        let mut lines = Vec::with_capacity(entries.len());
        for (stream, index, entry) in entries {
            let proof = prover.prove(stream, index, &entry).await?;
            lines.push(Line { stream, index, entry, proof });
        }
        Ok(Extract { checkpoint: log.newest().cloned(), lines })
    }

    /// Proves that one checkpoint continues another; none where the record does not have both.
    ///
    /// # Errors
    /// As the providers.
    pub async fn prove_consistency(
        &self,
        first: u64,
        second: u64,
    ) -> Result<Option<ConsistencyProof>, Error> {
        Ok(self.audit_log().await?.consistency(first, second))
    }

    /// The entries of a person, or of a serial number, that the session may see.
    async fn entries_of(
        &self,
        session: &Session,
        filter: &AuditFilter,
        now: Timestamp,
    ) -> Result<Vec<Numbered>, Error> {
        let mut streams = Vec::new();
        if let Some(serial) = &filter.serial {
            let found = self.rows_of(Query::Serial(serial.clone())).await?;
            streams.extend(found.iter().filter_map(|row| match row {
                View::Certificate(row) => Some(StreamId::Case(row.case)),
                _ => None,
            }));
        }
        if let Some(user) = filter.user {
            let found = self.rows_of(Query::CasesOf(vec![user])).await?;
            let cases = found.iter().filter_map(|row| match row {
                View::Case(row) => Some(StreamId::Case(row.case)),
                _ => None,
            });
            let own: Vec<_> = cases.chain([StreamId::Account(user)]).collect();
            match filter.serial {
                Some(_) => streams.retain(|stream| own.contains(stream)),
                None => streams = own,
            }
        }
        let mut entries = Vec::new();
        for stream in streams {
            let user = self.check_sight(session, &stream).await?;
            self.note_read(session.actor(), user, "audit", now).await?;
            let loaded = self.providers.journal.load(&stream, 0).await?;
            let numbered = (0..).zip(loaded.entries);
            entries.extend(numbered.map(|(index, entry)| (stream, index, entry)));
        }
        Ok(entries)
    }

    /// Whose stream it is, where the session may see it.
    async fn check_sight(&self, session: &Session, stream: &StreamId) -> Result<UserId, Error> {
        let (user, office) = match stream {
            StreamId::Case(case) => {
                let case = self.load_case(case).await?;
                (case.begun().user, case.begun().office.clone())
            }
            StreamId::Account(user) => (*user, self.load_account(user).await?.office().cloned()),
            _ => return Err(Refusal::Scope.into()),
        };
        let visible = sees(session.actor(), office.as_ref(), &user);
        if visible { Ok(user) } else { Err(Refusal::Scope.into()) }
    }

    async fn rows_of(&self, query: Query) -> Result<Vec<View>, Error> {
        let (mut rows, mut page) = (Vec::new(), Page::first(AT_ONCE));
        loop {
            let found = self.providers.journal.find(&query, &page).await?;
            rows.extend(found.views);
            match found.next {
                Some(next) => page.after = Some(next),
                None => return Ok(rows),
            }
        }
    }

    /// The entries of a period, along the chains; what earlier checkpoints cover is not read.
    async fn entries_of_all(
        &self,
        session: &Session,
        filter: &AuditFilter,
        log: &Log,
    ) -> Result<Vec<Numbered>, Error> {
        let role = session.actor().role;
        if !matches!(role, Role::Administrator | Role::Auditor) {
            return Err(Refusal::Role { act: Act::Administer, role }.into());
        }
        let read = log.covered_before(filter.from.unwrap_or(Timestamp::MIN));
        let mut entries = Vec::new();
        for head in self.providers.journal.audit().heads().await? {
            let from = read.get(&head.writer).copied().unwrap_or(0);
            let links = self.links(&head, from).await?.into_iter();
            let numbered = links.filter_map(|link| match link.linked {
                Linked::Entry { stream, index, entry } => entry.map(|entry| (stream, index, entry)),
                Linked::Opening(_) => None,
            });
            entries.extend(numbered.filter(|(_, _, entry)| filter.takes(entry)));
        }
        Ok(entries)
    }
}

/// An entry with its stream and its number there.
type Numbered = (StreamId, u64, StoredEntry);

impl AuditFilter {
    fn takes(&self, entry: &StoredEntry) -> bool {
        let at = recorded(entry);
        self.from.is_none_or(|from| at.is_some_and(|at| from <= at))
            && self.until.is_none_or(|until| at.is_some_and(|at| at < until))
    }
}

/// When an entry was recorded, whatever it says.
fn recorded(entry: &StoredEntry) -> Option<Timestamp> {
    #[derive(Deserialize)]
    struct Recorded {
        at: Timestamp,
    }
    serde_json::from_slice::<Recorded>(&entry.0).ok().map(|entry| entry.at)
}

/// Makes proofs; batches that were read are kept for the next ones.
struct Prover<'a> {
    ra: &'a RegistrationAuthority,
    log: &'a Log,
    batches: BTreeMap<usize, Arc<Vec<Placed>>>,
}

/// A link in its batch.
struct Placed {
    writer: WriterId,
    number: u64,
    previous: LinkHash,
    hash: LinkHash,
    entry: Option<(StreamId, u64)>,
}

impl Prover<'_> {
    /// The proof of an entry; none where no checkpoint covers it yet.
    async fn prove(
        &mut self,
        stream: StreamId,
        index: u64,
        entry: &StoredEntry,
    ) -> Result<Option<InclusionProof>, Error> {
        let Some(newest) = self.log.newest() else { return Ok(None) };
        // it is not in a batch that was closed before it was decided; clocks of two machines differ a little
        let at = recorded(entry).unwrap_or(Timestamp::MIN);
        let closed = self.log.checkpoints().partition_point(|signed| signed.checkpoint.at < at);
        let begin = closed.saturating_sub(BATCHES_BACK);
        for number in (begin..self.log.checkpoints().len()).chain(0..begin) {
            let batch = self.batch(number).await?;
            let Some(place) = batch.iter().position(|link| link.entry == Some((stream, index)))
            else {
                continue;
            };
            let leaves: Vec<Hash> = batch.iter().map(|link| link_leaf(&link.hash)).collect();
            let hashes = merkle::inclusion::<Streebog>(&leaves, place);
            let paths = hashes.zip(self.log.path_of_batch(number)).zip(batch.get(place));
            return Ok(paths.map(|((hashes, in_record), link)| InclusionProof {
                stream,
                index,
                entry: entry.0.clone(),
                writer: link.writer,
                number: link.number,
                previous: link.previous,
                in_batch: Path { index: count(place), size: count(leaves.len()), hashes },
                in_record,
                checkpoint: newest.clone(),
            }));
        }
        Ok(None)
    }

    /// The links of a batch, in the order of its tree.
    async fn batch(&mut self, number: usize) -> Result<Arc<Vec<Placed>>, Error> {
        if let Some(known) = self.batches.get(&number) {
            return Ok(Arc::clone(known));
        }
        let mut links = Vec::new();
        let chains = self.log.checkpoints().get(number).map(|signed| &signed.checkpoint.chains);
        for grown in chains.into_iter().flatten() {
            let before = grown.from.saturating_sub(1);
            let read = self.ra.links(&grown.head(), before).await?;
            let mut previous = LinkHash::default();
            links.extend(read.into_iter().filter_map(|link| {
                let (writer, number, hash) = (grown.writer, link.number, link.hash);
                let previous = core::mem::replace(&mut previous, hash);
                let entry = match link.linked {
                    Linked::Entry { stream, index, .. } => Some((stream, index)),
                    Linked::Opening(_) => None,
                };
                // the one before the first was read for its hash
                (number >= grown.from).then_some(Placed { writer, number, previous, hash, entry })
            }));
        }
        if self.batches.len() >= BATCHES_KEPT {
            self.batches.pop_first();
        }
        let links = Arc::new(links);
        self.batches.insert(number, Arc::clone(&links));
        Ok(links)
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// Rows that are read at once.
const AT_ONCE: usize = 1_000;
/// Batches that are looked at before the one where an entry should be by its time.
const BATCHES_BACK: usize = 1;
/// Batches that are kept while an extract is made.
const BATCHES_KEPT: usize = 64;
