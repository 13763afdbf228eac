//! Every check of the journal catches somebody: journals that break one promise each, and what they trip.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU8, Ordering};

use async_trait::async_trait;
use gost_ca::Timestamp;
use gost_ca::audit::{Head, Link, Linked};
use gost_ca::commitment::{Commitment, Document, DocumentKind};
use gost_ca::id::{CaseId, CommandId, WriterId};
use gost_ca::provider::journal::{
    Batch, CarrierFilter, CaseFilter, Claim, CommandMark, Expected, Found, Holder, KeySpace,
    ListPart, ListedPage, Loaded, Page, Query, Receipt, StreamId, UniqueKey,
};
use gost_ca::provider::{AuditTrail, Conflict, Documents, ErrorKind, Journal, Listings, Result};
use gost_ca::view::View;
use gost_ca::x509::SerialNumber;
use gost_ca_conformance::{block_on, journal, journal_checks, on_threads};
use gost_ca_memory::MemoryJournal;

/// Streams with their lengths.
type Streams = Vec<(StreamId, u64)>;

/// A journal in memory, some of whose calls are replaced.
#[derive(Clone, Copy)]
struct Saboteur {
    commit: fn(&MemoryJournal, &Batch) -> Result<Receipt>,
    receipt: fn(&MemoryJournal, &CommandId) -> Result<Option<Receipt>>,
    load: fn(&MemoryJournal, &StreamId, u64) -> Result<Loaded>,
    find: fn(&MemoryJournal, &Query, &Page) -> Result<Found>,
    listed: fn(&MemoryJournal, &ListPart, Option<&SerialNumber>, usize) -> Result<ListedPage>,
    holder: fn(&MemoryJournal, &UniqueKey, Timestamp) -> Result<Option<Holder>>,
    forget: fn(&MemoryJournal, Timestamp, usize) -> Result<usize>,
    heads: fn(&MemoryJournal) -> Result<Vec<Head>>,
    chain: fn(&MemoryJournal, &WriterId, u64, usize) -> Result<Vec<Link>>,
    streams: fn(&MemoryJournal, Option<&StreamId>, usize) -> Result<Streams>,
    rows: fn(&MemoryJournal, &Page) -> Result<Found>,
    get: fn(&MemoryJournal, &Commitment) -> Result<Option<Document>>,
    erase: fn(&MemoryJournal, &Commitment) -> Result<()>,
    reopen: fn(&MemoryJournal, WriterId) -> MemoryJournal,
}

const HONEST: Saboteur = Saboteur {
    commit: |honest, batch| block_on(honest.commit(batch)),
    receipt: |honest, command| block_on(honest.receipt(command)),
    load: |honest, stream, from| block_on(honest.load(stream, from)),
    find: |honest, query, page| block_on(honest.find(query, page)),
    listed: |honest, part, after, limit| block_on(honest.listed(part, after, limit)),
    holder: |honest, key, at| block_on(honest.holder(key, at)),
    forget: |honest, by, limit| block_on(honest.forget(by, limit)),
    heads: |honest| block_on(honest.heads()),
    chain: |honest, writer, from, limit| block_on(honest.chain(writer, from, limit)),
    streams: |honest, after, limit| block_on(honest.streams(after, limit)),
    rows: |honest, page| block_on(honest.rows(page)),
    get: |honest, commitment| block_on(honest.get(commitment)),
    erase: |honest, commitment| block_on(honest.erase(commitment)),
    reopen: |honest, writer| honest.reopen(writer),
};

struct Row {
    /// What it does wrong.
    does: &'static str,
    saboteur: Saboteur,
    trips: &'static [&'static str],
}

const SABOTEURS: &[Row] = &[
    Row { does: "nothing", saboteur: HONEST, trips: &[] },
    Row {
        does: "tells streams only that have more than one entry",
        saboteur: Saboteur {
            streams: |honest, after, limit| {
                let streams = (HONEST.streams)(honest, after, limit)?;
                Ok(streams.into_iter().filter(|(_, length)| *length > 1).collect())
            },
            ..HONEST
        },
        trips: &["journal/streams-are-counted"],
    },
    Row {
        does: "forgets claims a day before their end",
        saboteur: Saboteur {
            forget: |honest, by, limit| {
                let early = Timestamp::from_second(by.as_second() + 86_400).unwrap();
                (HONEST.forget)(honest, early, limit)
            },
            ..HONEST
        },
        trips: &["journal/forgets-what-is-over"],
    },
    Row {
        does: "says that it forgot, and does not",
        saboteur: Saboteur { forget: |_, _, limit| Ok(limit.min(1)), ..HONEST },
        trips: &["journal/forgets-what-is-over"],
    },
    Row {
        does: "shows verifiers no certificates",
        saboteur: Saboteur {
            rows: |honest, page| {
                let mut found = (HONEST.rows)(honest, page)?;
                found.views.retain(|view| !matches!(view, View::Certificate(_)));
                Ok(found)
            },
            ..HONEST
        },
        trips: &["journal/every-row"],
    },
    Row {
        does: "shows verifiers its first rows alone",
        saboteur: Saboteur {
            rows: |honest, page| Ok(Found { next: None, ..(HONEST.rows)(honest, page)? }),
            ..HONEST
        },
        trips: &["journal/every-row"],
    },
    Row {
        does: "fails on unknown streams",
        saboteur: Saboteur {
            load: |honest, stream, from| match (HONEST.load)(honest, stream, from)? {
                Loaded { length: 0, .. } => Err(ErrorKind::NotFound.at("load")),
                loaded => Ok(loaded),
            },
            ..HONEST
        },
        trips: &[
            "journal/conflict-writes-nothing",
            "journal/malformed-batch",
            "journal/one-holder",
            "journal/streams-apart",
            "journal/unknown-stream-is-empty",
        ],
    },
    Row {
        does: "gives the latest entry first",
        saboteur: Saboteur {
            load: |honest, stream, from| {
                let mut loaded = (HONEST.load)(honest, stream, from)?;
                loaded.entries.reverse();
                Ok(loaded)
            },
            ..HONEST
        },
        trips: &["journal/all-in-order", "journal/any-length", "journal/keeps-order"],
    },
    Row {
        does: "counts only what it gives",
        saboteur: Saboteur {
            load: |honest, stream, from| {
                let loaded = (HONEST.load)(honest, stream, from)?;
                Ok(Loaded { length: loaded.entries.len().try_into().unwrap_or(0), ..loaded })
            },
            ..HONEST
        },
        trips: &["journal/keeps-order"],
    },
    Row {
        does: "keeps entries as C strings",
        saboteur: Saboteur {
            commit: |honest, batch| {
                let mut batch = batch.clone();
                for entry in batch.changes.iter_mut().flat_map(|change| &mut change.entries) {
                    let end = entry.0.iter().position(|octet| *octet == 0);
                    entry.0.truncate(end.unwrap_or(entry.0.len()));
                }
                (HONEST.commit)(honest, &batch)
            },
            ..HONEST
        },
        trips: &["journal/all-in-order", "journal/binary-entries", "journal/large-entry"],
    },
    Row {
        does: "cuts entries at 64 KiB",
        saboteur: Saboteur {
            commit: |honest, batch| {
                let mut batch = batch.clone();
                for entry in batch.changes.iter_mut().flat_map(|change| &mut change.entries) {
                    entry.0.truncate(65_536);
                }
                (HONEST.commit)(honest, &batch)
            },
            ..HONEST
        },
        trips: &["journal/large-entry"],
    },
    Row {
        does: "mixes accounts with cases",
        saboteur: Saboteur {
            commit: |honest, batch| {
                let mut batch = batch.clone();
                batch.changes.iter_mut().for_each(|change| change.stream = mixed(change.stream));
                (HONEST.commit)(honest, &batch)
            },
            load: |honest, stream, from| (HONEST.load)(honest, &mixed(*stream), from),
            ..HONEST
        },
        trips: &["journal/streams-apart"],
    },
    Row {
        does: "takes a hundred changes at once",
        saboteur: Saboteur {
            commit: |honest, batch| {
                let mut batch = batch.clone();
                batch.changes.truncate(100);
                (HONEST.commit)(honest, &batch)
            },
            ..HONEST
        },
        trips: &["journal/many-cases"],
    },
    Row {
        does: "does not look at lengths",
        saboteur: Saboteur {
            commit: |honest, batch| {
                let mut batch = batch.clone();
                batch.changes.iter_mut().for_each(|change| change.expected = Expected::Any);
                (HONEST.commit)(honest, &batch)
            },
            ..HONEST
        },
        trips: &[
            "journal/check-order",
            "journal/conflict-writes-nothing",
            "journal/exact-length",
            "journal/one-winner",
        ],
    },
    Row {
        does: "looks at lengths, and writes a moment later",
        saboteur: Saboteur {
            commit: |honest, batch| {
                let mut later = batch.clone();
                for change in &mut later.changes {
                    let actual = (HONEST.load)(honest, &change.stream, 0)?.length;
                    if change.expected != Expected::Exactly(actual) {
                        return (HONEST.commit)(honest, batch);
                    }
                    change.expected = Expected::Any;
                }
                a_moment(batch);
                (HONEST.commit)(honest, &later)
            },
            ..HONEST
        },
        trips: &["journal/one-winner"],
    },
    Row {
        does: "wants exact lengths always",
        saboteur: Saboteur {
            commit: |honest, batch| {
                let mut batch = batch.clone();
                for change in &mut batch.changes {
                    if change.expected == Expected::Any {
                        change.expected = Expected::Exactly(0);
                    }
                }
                (HONEST.commit)(honest, &batch)
            },
            ..HONEST
        },
        trips: &["journal/any-length"],
    },
    Row {
        does: "writes the first change before it looks at the second",
        saboteur: Saboteur {
            commit: |honest, batch| {
                let answer = (HONEST.commit)(honest, batch);
                if answer.is_err() && batch.changes.len() > 1 {
                    let mut first = batch.clone();
                    first.command = CommandMark { id: CommandId::new([0; 16]), ..first.command };
                    first.changes.truncate(1);
                    first.claims.clear();
                    let _it_may_fail = (HONEST.commit)(honest, &first);
                }
                answer
            },
            ..HONEST
        },
        trips: &["journal/conflict-writes-nothing"],
    },
    Row {
        does: "takes empty changes and streams twice",
        saboteur: Saboteur {
            commit: |honest, batch| {
                let mut batch = batch.clone();
                batch.changes.retain(|change| !change.entries.is_empty());
                batch.changes.dedup_by_key(|change| change.stream);
                (HONEST.commit)(honest, &batch)
            },
            ..HONEST
        },
        trips: &["journal/malformed-batch"],
    },
    Row {
        does: "begins anew at each start",
        saboteur: Saboteur { reopen: |_, writer| MemoryJournal::new(writer), ..HONEST },
        trips: &["journal/chain-after-reopen", "journal/survives-reopen", "journal/two-writers"],
    },
    Row {
        does: "takes a repetition for a new command",
        saboteur: Saboteur {
            commit: |honest, batch| {
                let known = (HONEST.receipt)(honest, &batch.command.id)?.is_some();
                let mut batch = batch.clone();
                if known {
                    batch.command.id = batch.command.id.step("again");
                }
                (HONEST.commit)(honest, &batch)
            },
            ..HONEST
        },
        trips: &[
            "journal/check-order",
            "journal/erased-stays-erased",
            "journal/one-command",
            "journal/other-command",
            "journal/repetition",
            "journal/survives-reopen",
        ],
    },
    Row {
        does: "says of a repetition that it is the first",
        saboteur: Saboteur {
            commit: |honest, batch| {
                let receipt = (HONEST.commit)(honest, batch)?;
                Ok(Receipt { repeated: false, ..receipt })
            },
            ..HONEST
        },
        trips: &[
            "journal/check-order",
            "journal/one-command",
            "journal/repetition",
            "journal/survives-reopen",
        ],
    },
    Row {
        does: "looks at a command's id only",
        saboteur: Saboteur {
            commit: |honest, batch| match (HONEST.receipt)(honest, &batch.command.id)? {
                Some(first) => Ok(first),
                None => (HONEST.commit)(honest, batch),
            },
            ..HONEST
        },
        trips: &["journal/check-order", "journal/other-command"],
    },
    Row {
        does: "forgets receipts",
        saboteur: Saboteur { receipt: |_, _| Ok(None), ..HONEST },
        trips: &["journal/receipt-by-id"],
    },
    Row {
        does: "gives receipts without outcomes",
        saboteur: Saboteur {
            commit: |honest, batch| {
                (HONEST.commit)(honest, &Batch { outcome: Vec::new(), ..batch.clone() })
            },
            ..HONEST
        },
        trips: &["journal/receipt"],
    },
    Row {
        does: "looks at claims before lengths",
        saboteur: Saboteur {
            commit: |honest, batch| {
                for claim in &batch.claims {
                    if let Claim::Take { key, holder, .. } = *claim
                        && let Some(other) = (HONEST.holder)(honest, &key, batch.at)?
                        && other != holder
                        && (HONEST.receipt)(honest, &batch.command.id)?.is_none()
                        && !batch.changes.is_empty()
                    {
                        let conflict = Conflict::Taken { key, holder: other };
                        return Err(ErrorKind::Conflict(conflict).at("commit"));
                    }
                }
                (HONEST.commit)(honest, batch)
            },
            ..HONEST
        },
        trips: &["journal/check-order"],
    },
    Row {
        does: "does not say who holds a key",
        saboteur: Saboteur {
            commit: |honest, batch| {
                (HONEST.commit)(honest, batch).map_err(|error| match error.kind() {
                    ErrorKind::Conflict(Conflict::Taken { key, .. }) => {
                        let conflict = Conflict::Taken { key: *key, holder: Holder([0; 16]) };
                        ErrorKind::Conflict(conflict).at("commit")
                    }
                    _ => error,
                })
            },
            ..HONEST
        },
        trips: &["journal/claims-in-order", "journal/taken-key", "journal/term"],
    },
    Row {
        does: "lets anybody take any key",
        saboteur: Saboteur {
            commit: |honest, batch| {
                let mut batch = batch.clone();
                let released =
                    batch.claims.iter().map(|claim| Claim::Release { key: key_of(claim) });
                batch.claims =
                    released.collect::<Vec<_>>().into_iter().chain(batch.claims).collect();
                (HONEST.commit)(honest, &batch)
            },
            ..HONEST
        },
        trips: &[
            "journal/claims-in-order",
            "journal/conflict-writes-nothing",
            "journal/one-holder",
            "journal/taken-key",
            "journal/term",
        ],
    },
    Row {
        does: "refuses a key to its own holder",
        saboteur: Saboteur {
            commit: |honest, batch| {
                for claim in &batch.claims {
                    let Claim::Take { key, .. } = *claim else { continue };
                    let known = (HONEST.receipt)(honest, &batch.command.id)?;
                    let given = batch.claims.contains(&Claim::Release { key });
                    if let (Some(holder), None, false) =
                        ((HONEST.holder)(honest, &key, batch.at)?, known, given)
                        && batch.changes.is_empty()
                    {
                        let conflict = Conflict::Taken { key, holder };
                        return Err(ErrorKind::Conflict(conflict).at("commit"));
                    }
                }
                (HONEST.commit)(honest, batch)
            },
            ..HONEST
        },
        trips: &["journal/own-key"],
    },
    Row {
        does: "keeps keys for ever",
        saboteur: Saboteur {
            commit: |honest, batch| {
                let mut batch = batch.clone();
                for claim in &mut batch.claims {
                    if let Claim::Take { until, .. } = claim {
                        *until = None;
                    }
                }
                (HONEST.commit)(honest, &batch)
            },
            ..HONEST
        },
        trips: &["journal/forgets-what-is-over", "journal/term"],
    },
    Row {
        does: "keeps a key in the instant when its term ends",
        saboteur: Saboteur {
            holder: |honest, key, at| (HONEST.holder)(honest, key, instant_before(at)),
            commit: |honest, batch| {
                (HONEST.commit)(honest, &Batch { at: instant_before(batch.at), ..batch.clone() })
            },
            ..HONEST
        },
        trips: &["journal/term"],
    },
    Row {
        does: "does not take keys back",
        saboteur: Saboteur {
            commit: |honest, batch| {
                let mut batch = batch.clone();
                batch.claims.retain(|claim| matches!(claim, Claim::Take { .. }));
                (HONEST.commit)(honest, &batch)
            },
            ..HONEST
        },
        trips: &["journal/claims-in-order", "journal/release"],
    },
    Row {
        does: "releases keys after it has given them",
        saboteur: Saboteur {
            commit: |honest, batch| {
                let mut batch = batch.clone();
                batch.claims.sort_by_key(|claim| matches!(claim, Claim::Release { .. }));
                (HONEST.commit)(honest, &batch)
            },
            ..HONEST
        },
        trips: &["journal/claims-in-order"],
    },
    Row {
        does: "has one name space",
        saboteur: Saboteur {
            commit: |honest, batch| {
                let mut batch = batch.clone();
                for claim in &mut batch.claims {
                    match claim {
                        Claim::Take { key, .. } | Claim::Release { key } => {
                            key.space = KeySpace::Login;
                        }
                        _ => {}
                    }
                }
                (HONEST.commit)(honest, &batch)
            },
            holder: |honest, key, at| {
                (HONEST.holder)(honest, &UniqueKey { space: KeySpace::Login, ..*key }, at)
            },
            ..HONEST
        },
        trips: &["journal/key-spaces-apart"],
    },
    Row {
        does: "gives every document as a paper",
        saboteur: Saboteur {
            get: |honest, commitment| {
                let found = (HONEST.get)(honest, commitment)?;
                Ok(found.map(|document| {
                    let salt = *document.salt();
                    Document::seal(DocumentKind::Paper, salt, document.into_bytes())
                }))
            },
            ..HONEST
        },
        trips: &["journal/document", "journal/document-erased", "journal/survives-reopen"],
    },
    Row {
        does: "does not erase",
        saboteur: Saboteur { erase: |_, _| Ok(()), ..HONEST },
        trips: &["journal/document-erased", "journal/erased-stays-erased"],
    },
    Row {
        does: "erases only what is there",
        saboteur: Saboteur {
            erase: |honest, commitment| match (HONEST.get)(honest, commitment)? {
                Some(_) => (HONEST.erase)(honest, commitment),
                None => Err(ErrorKind::NotFound.at("erase")),
            },
            ..HONEST
        },
        trips: &["journal/document-erased"],
    },
    Row {
        does: "brings erased documents back",
        saboteur: Saboteur {
            commit: |honest, batch| {
                let receipt = (HONEST.commit)(honest, batch)?;
                if receipt.repeated {
                    let id = batch.command.id.step("documents");
                    let command = CommandMark { id, ..batch.command };
                    let documents = batch.documents.clone();
                    let again = Batch { command, documents, ..empty(batch) };
                    (HONEST.commit)(honest, &again)?;
                }
                Ok(receipt)
            },
            ..HONEST
        },
        trips: &["journal/erased-stays-erased"],
    },
    Row {
        does: "keeps whole seconds",
        saboteur: Saboteur {
            commit: |honest, batch| {
                let mut batch = batch.clone();
                for view in batch.changes.iter_mut().flat_map(|change| &mut change.views) {
                    if let View::Case(row) = view {
                        row.not_after = row.not_after.map(whole);
                    }
                }
                (HONEST.commit)(honest, &batch)
            },
            ..HONEST
        },
        trips: &["journal/rows-exact"],
    },
    Row {
        does: "keeps the first row",
        saboteur: Saboteur {
            commit: |honest, batch| {
                let mut batch = batch.clone();
                for change in &mut batch.changes {
                    change.views.retain(|view| match view {
                        View::Case(row) => {
                            let of = Query::CasesOf(vec![row.user]);
                            let found = (HONEST.find)(honest, &of, &Page::first(99));
                            let same = |view: &View| matches!(view, View::Case(known) if known.case == row.case);
                            !found.is_ok_and(|found| found.views.iter().any(same))
                        }
                        _ => true,
                    });
                }
                (HONEST.commit)(honest, &batch)
            },
            ..HONEST
        },
        trips: &["journal/due-first", "journal/row-replaced"],
    },
    Row {
        does: "gives the oldest cases first",
        saboteur: Saboteur {
            find: |honest, query, page| match query {
                Query::Cases(CaseFilter { expires: None, .. }) | Query::CasesOf(_) => {
                    backwards(honest, query, page)
                }
                _ => (HONEST.find)(honest, query, page),
            },
            ..HONEST
        },
        trips: &["journal/case-filter", "journal/cases-newest-first", "journal/pages"],
    },
    Row {
        does: "shows hidden cases",
        saboteur: Saboteur {
            find: |honest, query, page| match query {
                Query::Cases(filter) => {
                    let mut filter = filter.clone();
                    filter.hidden = true;
                    (HONEST.find)(honest, &Query::Cases(filter), page)
                }
                _ => (HONEST.find)(honest, query, page),
            },
            ..HONEST
        },
        trips: &["journal/case-filter"],
    },
    Row {
        does: "shows the cases of all offices",
        saboteur: Saboteur {
            find: |honest, query, page| match query {
                Query::Cases(filter) if filter.states.len() > 1 => {
                    let mut filter = filter.clone();
                    filter.offices.clear();
                    (HONEST.find)(honest, &Query::Cases(filter), page)
                }
                _ => (HONEST.find)(honest, query, page),
            },
            ..HONEST
        },
        trips: &["journal/case-filter"],
    },
    Row {
        does: "counts the end of a term in",
        saboteur: Saboteur {
            find: |honest, query, page| match query {
                Query::Cases(filter) => {
                    let mut filter = filter.clone();
                    if let Some(term) = &mut filter.expires {
                        term.end = Timestamp::new(term.end.as_second(), 1).unwrap_or(term.end);
                    }
                    (HONEST.find)(honest, &Query::Cases(filter), page)
                }
                _ => (HONEST.find)(honest, query, page),
            },
            ..HONEST
        },
        trips: &["journal/expiring-first"],
    },
    Row {
        does: "shows accounts of every role",
        saboteur: Saboteur {
            find: |honest, query, page| match query {
                Query::Accounts(filter) => {
                    let mut filter = filter.clone();
                    filter.role = None;
                    (HONEST.find)(honest, &Query::Accounts(filter), page)
                }
                _ => (HONEST.find)(honest, query, page),
            },
            ..HONEST
        },
        trips: &["journal/account-filter"],
    },
    Row {
        does: "shows carriers whoever has them",
        saboteur: Saboteur {
            find: |honest, query, page| match query {
                Query::Carriers(filter) => {
                    let filter = CarrierFilter { user: None, ..filter.clone() };
                    (HONEST.find)(honest, &Query::Carriers(filter), page)
                }
                _ => (HONEST.find)(honest, query, page),
            },
            ..HONEST
        },
        trips: &["journal/carriers"],
    },
    Row {
        does: "lists notices of any state",
        saboteur: Saboteur {
            find: |honest, query, page| match query {
                Query::Notices(filter) => {
                    let mut filter = filter.clone();
                    filter.states.clear();
                    (HONEST.find)(honest, &Query::Notices(filter), page)
                }
                _ => (HONEST.find)(honest, query, page),
            },
            ..HONEST
        },
        trips: &["journal/notice-filter"],
    },
    Row {
        does: "lists approvals of any state",
        saboteur: Saboteur {
            find: |honest, query, page| match query {
                Query::Approvals(filter) => {
                    let mut filter = filter.clone();
                    filter.states.clear();
                    (HONEST.find)(honest, &Query::Approvals(filter), page)
                }
                _ => (HONEST.find)(honest, query, page),
            },
            ..HONEST
        },
        trips: &["journal/approvals"],
    },
    Row {
        does: "keeps approvals without their case",
        saboteur: Saboteur {
            commit: |honest, batch| {
                let mut batch = batch.clone();
                for view in batch.changes.iter_mut().flat_map(|change| &mut change.views) {
                    if let View::Approval(row) = view {
                        row.case = None;
                    }
                }
                (HONEST.commit)(honest, &batch)
            },
            ..HONEST
        },
        trips: &["journal/approval-exact"],
    },
    Row {
        does: "forgets approvals that are due",
        saboteur: Saboteur {
            find: |honest, query, page| {
                let mut found = (HONEST.find)(honest, query, page)?;
                if matches!(query, Query::Due(_)) {
                    found.views.retain(|view| !matches!(view, View::Approval(_)));
                }
                Ok(found)
            },
            ..HONEST
        },
        trips: &["journal/due-first"],
    },
    Row {
        does: "finds one certificate by serial number",
        saboteur: Saboteur {
            find: |honest, query, page| {
                let mut found = (HONEST.find)(honest, query, page)?;
                if matches!(query, Query::Serial(_)) {
                    found.views.truncate(1);
                    found.next = None;
                }
                Ok(found)
            },
            ..HONEST
        },
        trips: &["journal/certificate-lookup"],
    },
    Row {
        does: "finds no thumbprints",
        saboteur: Saboteur {
            find: |honest, query, page| match query {
                Query::Thumbprint(_) => Ok(Found::default()),
                _ => (HONEST.find)(honest, query, page),
            },
            ..HONEST
        },
        trips: &["journal/certificate-lookup", "journal/foreign-cursor"],
    },
    Row {
        does: "lists serial numbers as octets",
        saboteur: Saboteur {
            listed: |honest, part, after, limit| {
                let whole = (HONEST.listed)(honest, part, after, usize::MAX)?;
                let mut rows: Vec<_> = whole.rows().collect();
                rows.sort_by_key(|(_, entry)| entry.to_vec());
                Ok(page_of(rows.into_iter().take(limit)))
            },
            ..HONEST
        },
        trips: &["journal/listed-ascending", "journal/listed-now", "journal/listed-pages"],
    },
    Row {
        does: "lists all parts of a CRL as one",
        saboteur: Saboteur {
            listed: |honest, part, after, limit| {
                let partition = if part.partition == 2 { 1 } else { part.partition };
                (HONEST.listed)(honest, &ListPart { partition, ..*part }, after, limit)
            },
            ..HONEST
        },
        trips: &["journal/listed-ascending"],
    },
    Row {
        does: "begins each page of a CRL with the last row of the one before",
        saboteur: Saboteur {
            listed: |honest, part, after, limit| {
                let whole = (HONEST.listed)(honest, part, None, usize::MAX)?;
                let later = (HONEST.listed)(honest, part, after, usize::MAX)?;
                let passed = whole.len().saturating_sub(later.len()).saturating_sub(1);
                let passed = if after.is_some() { passed } else { 0 };
                Ok(page_of(whole.rows().skip(passed).take(limit)))
            },
            ..HONEST
        },
        trips: &["journal/listed-pages"],
    },
    Row {
        does: "leaves what was resumed on the CRL",
        saboteur: Saboteur {
            commit: |honest, batch| {
                let mut batch = batch.clone();
                for change in &mut batch.changes {
                    let off = |view: &View| match view {
                        View::Certificate(row) => {
                            row.listed.is_none() && row.serial.magnitude() == [0x80]
                        }
                        _ => false,
                    };
                    change.views.retain(|view| !off(view));
                }
                (HONEST.commit)(honest, &batch)
            },
            ..HONEST
        },
        trips: &["journal/listed-now"],
    },
    Row {
        does: "gives the least urgent first",
        saboteur: Saboteur {
            find: |honest, query, page| match query {
                Query::Due(_) => backwards(honest, query, page),
                _ => (HONEST.find)(honest, query, page),
            },
            ..HONEST
        },
        trips: &["journal/due-first"],
    },
    Row {
        does: "gives one row too many",
        saboteur: Saboteur {
            find: |honest, query, page| {
                let limit = page.limit.saturating_add(1);
                (HONEST.find)(honest, query, &Page { limit, ..page.clone() })
            },
            ..HONEST
        },
        trips: &[
            "journal/account-filter",
            "journal/approvals",
            "journal/case-filter",
            "journal/cases-newest-first",
            "journal/certificate-lookup",
            "journal/due-first",
            "journal/expiring-first",
            "journal/notice-filter",
            "journal/pages",
        ],
    },
    Row {
        does: "gives the first page only",
        saboteur: Saboteur {
            find: |honest, query, page| {
                Ok(Found { next: None, ..(HONEST.find)(honest, query, page)? })
            },
            ..HONEST
        },
        trips: &[
            "journal/account-filter",
            "journal/approvals",
            "journal/case-filter",
            "journal/cases-newest-first",
            "journal/certificate-lookup",
            "journal/due-first",
            "journal/expiring-first",
            "journal/notice-filter",
            "journal/pages",
        ],
    },
    Row {
        does: "begins again at a foreign cursor",
        saboteur: Saboteur {
            find: |honest, query, page| {
                let answer = (HONEST.find)(honest, query, page);
                answer.or_else(|_| (HONEST.find)(honest, query, &Page::first(page.limit)))
            },
            ..HONEST
        },
        trips: &["journal/foreign-cursor"],
    },
    Row {
        does: "has one writer",
        saboteur: Saboteur { reopen: |honest, _| honest.reopen(WriterId::new([1; 16])), ..HONEST },
        trips: &["journal/chain-after-reopen", "journal/two-writers"],
    },
    Row {
        does: "opens its chain over nothing",
        saboteur: Saboteur {
            chain: |honest, writer, from, limit| {
                let mut links = (HONEST.chain)(honest, writer, from, limit)?;
                for link in &mut links {
                    if let Linked::Opening(heads) = &mut link.linked {
                        heads.clear();
                    }
                }
                Ok(links)
            },
            ..HONEST
        },
        trips: &["journal/chain-after-reopen", "journal/chain-verifies", "journal/two-writers"],
    },
    Row {
        does: "gives chains without their entries",
        saboteur: Saboteur {
            chain: |honest, writer, from, limit| {
                let mut links = (HONEST.chain)(honest, writer, from, limit)?;
                for link in &mut links {
                    if let Linked::Entry { entry, .. } = &mut link.linked {
                        *entry = None;
                    }
                }
                Ok(links)
            },
            ..HONEST
        },
        trips: &["journal/chain-after-reopen", "journal/chain-verifies", "journal/two-writers"],
    },
    Row {
        does: "gives whole chains always",
        saboteur: Saboteur {
            chain: |honest, writer, _, _| (HONEST.chain)(honest, writer, 0, usize::MAX),
            ..HONEST
        },
        trips: &["journal/chain-range"],
    },
    Row {
        does: "forgets the heads of others",
        saboteur: Saboteur {
            heads: |honest| {
                let heads = (HONEST.heads)(honest)?;
                Ok(heads.into_iter().next_back().into_iter().collect())
            },
            ..HONEST
        },
        trips: &["journal/chain-after-reopen", "journal/two-writers"],
    },
    Row {
        does: "commits now and then without the lock",
        saboteur: Saboteur {
            commit: |honest, batch| {
                let known = (HONEST.receipt)(honest, &batch.command.id)?;
                a_moment(batch);
                let mut batch = batch.clone();
                if known.is_none() {
                    batch.command.id = CommandId::new(unheard_of());
                }
                (HONEST.commit)(honest, &batch)
            },
            ..HONEST
        },
        trips: &[
            "journal/check-order",
            "journal/erased-stays-erased",
            "journal/one-command",
            "journal/other-command",
            "journal/receipt",
            "journal/receipt-by-id",
            "journal/repetition",
            "journal/survives-reopen",
        ],
    },
];

#[test]
fn each_trips_what_it_breaks() {
    let wrong = on_threads(4, |thread| async move {
        let mut wrong = Vec::new();
        for row in SABOTEURS.iter().skip(thread).step_by(4) {
            let (tripped, expected) = (tripped(row), row.trips.iter().copied().collect());
            if tripped != expected {
                wrong.push(format!("{}: {tripped:?}", row.does));
            }
        }
        wrong
    });
    assert_eq!(wrong.len(), 4);
    let wrong = wrong.concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_check_is_tripped() {
    let tripped: BTreeSet<&str> = SABOTEURS.iter().flat_map(|row| row.trips).copied().collect();
    let checks: BTreeSet<&str> = journal_checks().iter().map(|check| check.id).collect();
    let idle: Vec<_> = checks.difference(&tripped).collect();
    assert!(idle.is_empty(), "no saboteur trips {idle:?}");
}

fn tripped(row: &Row) -> BTreeSet<&'static str> {
    let store = MemoryJournal::new(WriterId::new([0; 16]));
    let count = AtomicU8::new(1);
    let open = || -> Box<dyn Journal> {
        let writer = WriterId::new([count.fetch_add(1, Ordering::Relaxed); 16]);
        let honest = (row.saboteur.reopen)(&store, writer);
        Box::new(Sabotaged { honest, saboteur: row.saboteur })
    };
    block_on(journal(row.does, &open)).failed()
}

struct Sabotaged {
    honest: MemoryJournal,
    saboteur: Saboteur,
}

impl core::fmt::Debug for Sabotaged {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Sabotaged(..)")
    }
}

#[async_trait]
impl Journal for Sabotaged {
    async fn commit(&self, batch: &Batch) -> Result<Receipt> {
        (self.saboteur.commit)(&self.honest, batch)
    }

    async fn receipt(&self, command: &CommandId) -> Result<Option<Receipt>> {
        (self.saboteur.receipt)(&self.honest, command)
    }

    async fn load(&self, stream: &StreamId, from: u64) -> Result<Loaded> {
        (self.saboteur.load)(&self.honest, stream, from)
    }

    async fn find(&self, query: &Query, page: &Page) -> Result<Found> {
        (self.saboteur.find)(&self.honest, query, page)
    }

    async fn holder(&self, key: &UniqueKey, at: Timestamp) -> Result<Option<Holder>> {
        (self.saboteur.holder)(&self.honest, key, at)
    }

    async fn forget(&self, by: Timestamp, limit: usize) -> Result<usize> {
        (self.saboteur.forget)(&self.honest, by, limit)
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
impl Listings for Sabotaged {
    async fn listed(
        &self,
        part: &ListPart,
        after: Option<&SerialNumber>,
        limit: usize,
    ) -> Result<ListedPage> {
        (self.saboteur.listed)(&self.honest, part, after, limit)
    }
}

fn page_of<'a>(rows: impl Iterator<Item = (Timestamp, &'a [u8])>) -> ListedPage {
    let mut page = ListedPage::default();
    rows.for_each(|(not_after, entry)| page.push(not_after, entry));
    page
}

#[async_trait]
impl AuditTrail for Sabotaged {
    async fn heads(&self) -> Result<Vec<Head>> {
        (self.saboteur.heads)(&self.honest)
    }

    async fn chain(&self, writer: &WriterId, from: u64, limit: usize) -> Result<Vec<Link>> {
        (self.saboteur.chain)(&self.honest, writer, from, limit)
    }

    async fn streams(&self, after: Option<&StreamId>, limit: usize) -> Result<Streams> {
        (self.saboteur.streams)(&self.honest, after, limit)
    }

    async fn rows(&self, page: &Page) -> Result<Found> {
        (self.saboteur.rows)(&self.honest, page)
    }
}

#[async_trait]
impl Documents for Sabotaged {
    async fn get(&self, commitment: &Commitment) -> Result<Option<Document>> {
        (self.saboteur.get)(&self.honest, commitment)
    }

    async fn erase(&self, commitment: &Commitment) -> Result<()> {
        (self.saboteur.erase)(&self.honest, commitment)
    }
}

/// Long enough for seven others, in the checks where eight do the same at once.
fn a_moment(batch: &Batch) {
    let entries = batch.changes.iter().flat_map(|change| &change.entries);
    let rivals = |octets: &[u8]| octets == b"once" || matches!(octets, [0..8]);
    if entries.into_iter().any(|entry| rivals(&entry.0)) {
        std::thread::sleep(std::time::Duration::from_millis(300));
    }
}

fn mixed(stream: StreamId) -> StreamId {
    match stream {
        StreamId::Account(user) => StreamId::Case(CaseId::new(*user.octets())),
        other => other,
    }
}

fn key_of(claim: &Claim) -> UniqueKey {
    match *claim {
        Claim::Take { key, .. } | Claim::Release { key } => key,
        _ => unreachable!("there are two kinds of claims"),
    }
}

fn instant_before(at: Timestamp) -> Timestamp {
    Timestamp::from_nanosecond(at.as_nanosecond().saturating_sub(1)).unwrap_or(at)
}

fn whole(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

fn empty(batch: &Batch) -> Batch {
    let mut batch = batch.clone();
    batch.changes.clear();
    batch.claims.clear();
    batch
}

fn unheard_of() -> [u8; 16] {
    static COUNT: AtomicU8 = AtomicU8::new(0);
    let mut id = [0xee; 16];
    id[0] = COUNT.fetch_add(1, Ordering::Relaxed);
    let nanoseconds = std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_nanos());
    id.iter_mut().skip(1).zip(nanoseconds.to_le_bytes()).for_each(|(to, from)| *to = from);
    id
}

/// The whole answer in one page, in the wrong order.
fn backwards(honest: &MemoryJournal, query: &Query, page: &Page) -> Result<Found> {
    let mut found = (HONEST.find)(honest, query, &Page { limit: usize::MAX, ..page.clone() })?;
    found.views.reverse();
    found.views.truncate(page.limit);
    Ok(found)
}
