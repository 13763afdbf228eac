//! The record in tables.

mod chain;
mod commit;
mod documents;
mod every;
pub(crate) mod find;
mod keys;
pub(crate) mod listings;
mod rows;

use async_trait::async_trait;
use gost_ca::Timestamp;
use gost_ca::id::CommandId;
use gost_ca::provider::journal::{
    Batch, Found, Holder, Loaded, Page, Query, Receipt, StoredEntry, StreamId, UniqueKey,
};
use gost_ca::provider::{AuditTrail, Documents, Journal, Listings, Result};
use rusqlite::{Connection, OptionalExtension, params};

use crate::column;
use crate::failure::Outcome;
use crate::store::SqliteStore;
use crate::writer::Traces;

#[async_trait]
impl Journal for SqliteStore {
    async fn commit(&self, batch: &Batch) -> Result<Receipt> {
        let (writer, batch) = (self.id, batch.clone());
        let work = move |connection: &Connection| commit::commit(connection, &writer, &batch);
        self.writer.perform("commit", Traces::Kept, work).await
    }

    async fn receipt(&self, command: &CommandId) -> Result<Option<Receipt>> {
        let command = *command;
        self.readers.ask("receipt", move |connection| commit::receipt(connection, &command)).await
    }

    async fn load(&self, stream: &StreamId, from: u64) -> Result<Loaded> {
        let stream = *stream;
        self.readers.ask("load", move |connection| load(connection, &stream, from)).await
    }

    async fn find(&self, query: &Query, page: &Page) -> Result<Found> {
        let (query, page) = (query.clone(), page.clone());
        self.readers.ask("find", move |connection| find::find(connection, &query, &page)).await
    }

    async fn holder(&self, key: &UniqueKey, at: Timestamp) -> Result<Option<Holder>> {
        let key = *key;
        self.readers.ask("holder", move |connection| holder(connection, &key, at)).await
    }

    async fn forget(&self, by: Timestamp, limit: usize) -> Result<usize> {
        let work = move |connection: &Connection| {
            let params = params![column::bound(by), column::limit(limit)];
            Ok(connection.prepare_cached(FORGET)?.execute(params)?)
        };
        self.writer.perform("forget", Traces::Kept, work).await
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

fn load(connection: &Connection, stream: &StreamId, from: u64) -> Outcome<Loaded> {
    let Some(id) = stream_id(connection, &column::stream(stream)?)? else {
        return Ok(Loaded::default());
    };
    let length = length(connection, id)?;
    let Some(from) = i64::try_from(from).ok().filter(|_| from < length) else {
        return Ok(Loaded { length, entries: Vec::new() });
    };
    let mut statement = connection.prepare_cached(ENTRIES)?;
    let entries = statement.query_map(params![id, from], |row| row.get(0).map(StoredEntry))?;
    Ok(Loaded { length, entries: entries.collect::<rusqlite::Result<_>>()? })
}

fn stream_id(connection: &Connection, name: &[u8; 17]) -> Outcome<Option<i64>> {
    let mut statement = connection.prepare_cached(STREAM)?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

fn length(connection: &Connection, stream: i64) -> Outcome<u64> {
    let mut statement = connection.prepare_cached(LENGTH)?;
    let length = statement.query_row([stream], |row| row.get(0)).optional()?;
    column::read_number(length.unwrap_or(0))
}

fn holder(connection: &Connection, key: &UniqueKey, at: Timestamp) -> Outcome<Option<Holder>> {
    let mut statement = connection.prepare_cached(HOLDER)?;
    let params = params![key.space.name(), key.digest, column::bound(at)];
    Ok(statement.query_row(params, |row| row.get(0).map(Holder)).optional()?)
}

const STREAM: &str = "SELECT id FROM streams WHERE name = ?1";

const LENGTH: &str = "SELECT place + 1 FROM entries WHERE stream = ?1 ORDER BY place DESC LIMIT 1";

const ENTRIES: &str = "SELECT octets FROM entries WHERE stream = ?1 AND place >= ?2 ORDER BY place";

const HOLDER: &str = "
    SELECT holder FROM claims
    WHERE space = ?1 AND digest = ?2 AND (until IS NULL OR until > ?3)";

const FORGET: &str = "
    DELETE FROM claims WHERE (space, digest) IN
        (SELECT space, digest FROM claims WHERE until <= ?1 ORDER BY until LIMIT ?2)";

/// Every question that is asked of tables which grow.
#[cfg(test)]
pub(crate) const QUESTIONS: &[&str] = &[
    STREAM,
    LENGTH,
    ENTRIES,
    FORGET,
    HOLDER,
    chain::END,
    chain::LINKS,
    chain::STREAMS,
    commit::RECEIPT,
    documents::DOCUMENT,
    every::ACCOUNTS,
    every::APPROVALS,
    every::AUTHORITIES,
    every::CARRIERS,
    every::CASES,
    every::CERTIFICATES,
    every::NOTICES,
    find::BY_SERIAL,
    find::BY_SUBJECT_KEY,
    find::BY_THUMBPRINT,
    keys::ACCOUNTS_BY_OFFICE,
    keys::ACCOUNTS_BY_OFFICE_AND_STATE,
    keys::ACCOUNTS_BY_ROLE,
    keys::ACCOUNTS_BY_STATE,
    keys::ACCOUNTS_BY_USER,
    keys::ACCOUNTS_DUE,
    keys::APPROVALS_BY_OFFICE,
    keys::APPROVALS_BY_STATE,
    keys::APPROVALS_DUE,
    keys::AUTHORITIES_DUE,
    keys::CARRIERS_BY_OFFICE,
    keys::CARRIERS_BY_STATE,
    keys::CARRIERS_BY_USER,
    keys::CASES_BY_END,
    keys::CASES_BY_OFFICE,
    keys::CASES_BY_STATE,
    keys::CASES_BY_USER,
    keys::CASES_DUE,
    listings::LISTED,
    keys::NOTICES_BY_OFFICE,
    keys::NOTICES_BY_STATE,
    keys::NOTICES_DUE,
    rows::ACCOUNT,
    rows::APPROVAL,
    rows::AUTHORITY,
    rows::CARRIER,
    rows::CASE,
    rows::NOTICE,
];
