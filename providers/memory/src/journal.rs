//! The record in maps under one lock.

mod commit;
mod find;

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use gost_ca::Timestamp;
use gost_ca::audit::{Head, Link, Linked};
use gost_ca::commitment::{Commitment, Document};
use gost_ca::id::{
    ApprovalId, AuthorityId, CaseId, CommandId, NoticeId, TokenId, UserId, WriterId,
};
use gost_ca::provider::journal::{
    Batch, Found, Holder, ListPart, ListedPage, Loaded, Page, Query, Receipt, StoredEntry,
    StreamId, UniqueKey,
};
use gost_ca::provider::{AuditTrail, Documents, Journal, Listings, Result};
use gost_ca::view::View;
use gost_ca::x509::{KeyIdentity, SerialNumber};

/// A journal that ends with its last clone.
#[derive(Clone, Debug)]
pub struct MemoryJournal {
    writer: WriterId,
    record: Arc<Mutex<Record>>,
}

#[derive(Debug, Default)]
struct Record {
    streams: BTreeMap<StreamId, Vec<StoredEntry>>,
    receipts: HashMap<CommandId, Receipt>,
    claims: BTreeMap<UniqueKey, Held>,
    documents: BTreeMap<Commitment, Document>,
    views: BTreeMap<ViewKey, View>,
    /// The links of each writer, without their entries.
    chains: BTreeMap<WriterId, Vec<Link>>,
}

#[derive(Clone, Copy, Debug)]
struct Held {
    holder: Holder,
    until: Option<Timestamp>,
}

/// What a view replaces another one by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum ViewKey {
    Account(UserId),
    Case(CaseId),
    Certificate(KeyIdentity, SerialNumber),
    Authority(AuthorityId),
    Notice(NoticeId),
    Carrier(TokenId),
    Approval(ApprovalId),
}

impl MemoryJournal {
    /// Begins an empty record.
    pub fn new(writer: WriterId) -> Self {
        Self { writer, record: Arc::default() }
    }

    /// Opens the same record once more, as after a restart or in a second process.
    #[must_use]
    pub fn reopen(&self, writer: WriterId) -> Self {
        Self { writer, record: Arc::clone(&self.record) }
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Journal for MemoryJournal {
    async fn commit(&self, batch: &Batch) -> Result<Receipt> {
        self.record().commit(&self.writer, batch)
    }

    async fn receipt(&self, command: &CommandId) -> Result<Option<Receipt>> {
        let first = self.record().receipts.get(command).cloned();
        Ok(first.map(|receipt| Receipt { repeated: true, ..receipt }))
    }

    async fn load(&self, stream: &StreamId, from: u64) -> Result<Loaded> {
        let record = self.record();
        let entries = record.stream(stream);
        let rest = usize::try_from(from).ok().and_then(|from| entries.get(from..));
        Ok(Loaded { length: length(entries), entries: rest.unwrap_or_default().to_vec() })
    }

    async fn find(&self, query: &Query, page: &Page) -> Result<Found> {
        self.record().find(query, page)
    }

    async fn holder(&self, key: &UniqueKey, at: Timestamp) -> Result<Option<Holder>> {
        let held = self.record().claims.get(key).copied();
        Ok(held.filter(|held| held.lasts(at)).map(|held| held.holder))
    }

    async fn forget(&self, by: Timestamp, limit: usize) -> Result<usize> {
        let mut record = self.record();
        let over = record.claims.iter().filter(|(_, held)| !held.lasts(by));
        let over: Vec<UniqueKey> = over.map(|(key, _)| *key).take(limit).collect();
        record.claims.retain(|key, _| !over.contains(key));
        Ok(over.len())
    }

    fn audit(&self) -> &dyn AuditTrail {
        self
    }

    fn documents(&self) -> &dyn Documents {
        self
    }

    fn listings(&self) -> &dyn Listings {
        self
    }
}

#[async_trait]
impl Listings for MemoryJournal {
    async fn listed(
        &self,
        part: &ListPart,
        after: Option<&SerialNumber>,
        limit: usize,
    ) -> Result<ListedPage> {
        let record = self.record();
        let rows = record.views.values().filter_map(|view| match view {
            View::Certificate(row) if row.issuer == part.issuer => {
                row.listed.as_ref().map(|it| (row, it))
            }
            _ => None,
        });
        let mut rows: Vec<_> = rows
            .filter(|(row, listed)| {
                listed.partition == part.partition && after.is_none_or(|after| row.serial > *after)
            })
            .collect();
        rows.sort_unstable_by_key(|(row, _)| &row.serial);
        let mut page = ListedPage::default();
        rows.iter().take(limit).for_each(|(row, listed)| page.push(row.not_after, &listed.entry));
        Ok(page)
    }
}

#[async_trait]
impl AuditTrail for MemoryJournal {
    async fn heads(&self) -> Result<Vec<Head>> {
        Ok(self.record().heads())
    }

    async fn chain(&self, writer: &WriterId, from: u64, limit: usize) -> Result<Vec<Link>> {
        let record = self.record();
        let links = record.chains.get(writer).map(Vec::as_slice).unwrap_or_default();
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        Ok(links.iter().skip(from).take(limit).map(|link| record.with_entry(link)).collect())
    }

    async fn streams(
        &self,
        after: Option<&StreamId>,
        limit: usize,
    ) -> Result<Vec<(StreamId, u64)>> {
        let record = self.record();
        let after = after.map_or(Bound::Unbounded, Bound::Excluded);
        let later = record.streams.range((after, Bound::Unbounded)).take(limit);
        Ok(later.map(|(stream, entries)| (*stream, length(entries))).collect())
    }

    async fn rows(&self, page: &Page) -> Result<Found> {
        self.record().rows(page)
    }
}

#[async_trait]
impl Documents for MemoryJournal {
    async fn get(&self, commitment: &Commitment) -> Result<Option<Document>> {
        Ok(self.record().documents.get(commitment).cloned())
    }

    async fn erase(&self, commitment: &Commitment) -> Result<()> {
        self.record().documents.remove(commitment);
        Ok(())
    }
}

impl Record {
    fn stream(&self, stream: &StreamId) -> &[StoredEntry] {
        self.streams.get(stream).map(Vec::as_slice).unwrap_or_default()
    }

    fn heads(&self) -> Vec<Head> {
        let last = |(writer, links): (&WriterId, &Vec<Link>)| {
            let hash = links.last()?.hash;
            Some(Head { writer: *writer, length: length(links), hash })
        };
        self.chains.iter().filter_map(last).collect()
    }

    fn with_entry(&self, link: &Link) -> Link {
        let mut link = link.clone();
        if let Linked::Entry { stream, index, entry } = &mut link.linked {
            let place = usize::try_from(*index).ok();
            *entry = place.and_then(|place| self.stream(stream).get(place)).cloned();
        }
        link
    }
}

impl Held {
    /// Whether the term is not over.
    fn lasts(&self, at: Timestamp) -> bool {
        self.until.is_none_or(|until| until > at)
    }
}

fn length<T>(all: &[T]) -> u64 {
    u64::try_from(all.len()).unwrap_or(u64::MAX)
}
