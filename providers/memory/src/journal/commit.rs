//! Writing: every check first, then every change.

use std::collections::{BTreeMap, BTreeSet};

use gost_ca::Timestamp;
use gost_ca::audit::{Head, Link, Linked, link, open, unnamed};
use gost_ca::id::WriterId;
use gost_ca::provider::journal::{
    Batch, Change, Claim, Expected, Receipt, StoredEntry, StreamId, UniqueKey,
};
use gost_ca::provider::{Conflict, ErrorKind, ProviderError, Result};
use gost_ca::view::View;

use super::{Held, Record, ViewKey, length};

impl Record {
    pub(super) fn commit(&mut self, writer: &WriterId, batch: &Batch) -> Result<Receipt> {
        // 1. The command: a repetition gives the first receipt.
        if let Some(first) = self.receipts.get(&batch.command.id) {
            let same = first.command == batch.command;
            let repeated = Receipt { repeated: true, ..first.clone() };
            return if same { Ok(repeated) } else { Err(conflict(Conflict::Command)) };
        }
        // 2. The lengths of the streams, 3. the claims.
        check_shape(batch)?;
        batch.changes.iter().try_for_each(|change| self.check_length(change))?;
        let claims = self.check_claims(batch)?;
        let views = keyed(batch)?;
        // Nothing fails from here on.
        for (key, held) in claims {
            match held {
                Some(held) => self.claims.insert(key, held),
                None => self.claims.remove(&key),
            };
        }
        for change in &batch.changes {
            change.entries.iter().for_each(|entry| self.append(writer, &change.stream, entry));
        }
        self.views.extend(views);
        let documents = batch.documents.iter();
        self.documents.extend(documents.map(|document| (*document.commitment(), document.clone())));
        let streams = batch.changes.iter().map(|change| change.stream);
        let lengths = streams.map(|stream| (stream, length(self.stream(&stream)))).collect();
        let outcome = batch.outcome.clone();
        let receipt = Receipt { command: batch.command, lengths, outcome, repeated: false };
        self.receipts.insert(batch.command.id, receipt.clone());
        Ok(receipt)
    }

    fn check_length(&self, change: &Change) -> Result<()> {
        let (stream, actual) = (change.stream, length(self.stream(&change.stream)));
        match change.expected {
            Expected::Exactly(expected) if expected != actual => {
                Err(conflict(Conflict::Stream { stream, actual }))
            }
            Expected::Exactly(_) | Expected::Any => Ok(()),
            _ => Err(ErrorKind::Unsupported.at("expected length")),
        }
    }

    /// What the claims come to, in their order; `None` for keys given back.
    fn check_claims(&self, batch: &Batch) -> Result<BTreeMap<UniqueKey, Option<Held>>> {
        let mut after = BTreeMap::new();
        for claim in &batch.claims {
            let (key, held) = match *claim {
                Claim::Take { key, holder, until } => (key, Some(Held { holder, until })),
                Claim::Release { key } => (key, None),
                _ => return Err(ErrorKind::Unsupported.at("claim")),
            };
            let before = after.get(&key).copied();
            let before = before.unwrap_or_else(|| self.claims.get(&key).copied());
            check_free(key, before, held, batch.at)?;
            after.insert(key, held);
        }
        Ok(after)
    }

    fn append(&mut self, writer: &WriterId, stream: &StreamId, entry: &StoredEntry) {
        let index = length(self.stream(stream));
        let head = link(&self.head(writer), stream, index, entry);
        let linked = Linked::Entry { stream: *stream, index, entry: None };
        self.push(&head, linked);
        self.streams.entry(*stream).or_default().push(entry.clone());
    }

    /// The head of the writer's chain; a writer without one opens it over the others' heads.
    fn head(&mut self, writer: &WriterId) -> Head {
        if let Some(links) = self.chains.get(writer)
            && let Some(last) = links.last()
        {
            return Head { writer: *writer, length: length(links), hash: last.hash };
        }
        let openings = self.chains.values().filter_map(|links| links.first());
        let named = openings.filter_map(|link| match &link.linked {
            Linked::Opening(heads) => Some(heads),
            _ => None,
        });
        let heads = unnamed(self.heads(), named.flatten());
        let head = open(writer, &heads);
        self.push(&head, Linked::Opening(heads));
        head
    }

    fn push(&mut self, head: &Head, linked: Linked) {
        let number = head.length.saturating_sub(1);
        self.chains.entry(head.writer).or_default().push(Link { number, linked, hash: head.hash });
    }
}

/// Whether a key may pass from one holder to the next; whoever gives it back may always do so.
fn check_free(
    key: UniqueKey,
    before: Option<Held>,
    after: Option<Held>,
    at: Timestamp,
) -> Result<()> {
    match (before, after) {
        (Some(before), Some(after)) if before.holder != after.holder && before.lasts(at) => {
            Err(conflict(Conflict::Taken { key, holder: before.holder }))
        }
        _ => Ok(()),
    }
}

/// A stream at most once, and never without entries.
fn check_shape(batch: &Batch) -> Result<()> {
    let streams: BTreeSet<_> = batch.changes.iter().map(|change| change.stream).collect();
    let empty = batch.changes.iter().any(|change| change.entries.is_empty());
    let good = streams.len() == batch.changes.len() && !empty;
    good.then_some(()).ok_or_else(|| ErrorKind::Invalid.at("commit"))
}

fn keyed(batch: &Batch) -> Result<Vec<(ViewKey, View)>> {
    let views = batch.changes.iter().flat_map(|change| &change.views);
    views.map(|view| Ok((key(view)?, view.clone()))).collect()
}

fn key(view: &View) -> Result<ViewKey> {
    Ok(match view {
        View::Account(row) => ViewKey::Account(row.user),
        View::Case(row) => ViewKey::Case(row.case),
        View::Certificate(row) => ViewKey::Certificate(row.issuer, row.serial.clone()),
        View::Authority(row) => ViewKey::Authority(row.authority),
        View::Notice(row) => ViewKey::Notice(row.notice),
        View::Carrier(row) => ViewKey::Carrier(row.token),
        View::Approval(row) => ViewKey::Approval(row.approval),
        _ => return Err(ErrorKind::Unsupported.at("view")),
    })
}

fn conflict(conflict: Conflict) -> ProviderError {
    ErrorKind::Conflict(conflict).at("commit")
}
