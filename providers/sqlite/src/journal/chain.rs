//! The writers' hash chains.

use async_trait::async_trait;
use gost_ca::audit::{self, Head, Link, Linked};
use gost_ca::id::WriterId;
use gost_ca::provider::journal::{Found, Page, StoredEntry, StreamId};
use gost_ca::provider::{AuditTrail, Result};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::every;
use crate::column;
use crate::failure::{Failure, Outcome};
use crate::store::SqliteStore;

#[async_trait]
impl AuditTrail for SqliteStore {
    async fn heads(&self) -> Result<Vec<Head>> {
        self.readers.ask("heads", heads).await
    }

    async fn chain(&self, writer: &WriterId, from: u64, limit: usize) -> Result<Vec<Link>> {
        let writer = *writer;
        self.readers.ask("chain", move |connection| links(connection, &writer, from, limit)).await
    }

    async fn streams(
        &self,
        after: Option<&StreamId>,
        limit: usize,
    ) -> Result<Vec<(StreamId, u64)>> {
        let after = after.copied();
        self.readers.ask("streams", move |connection| streams(connection, after, limit)).await
    }

    async fn rows(&self, page: &Page) -> Result<Found> {
        let page = page.clone();
        self.readers.ask("rows", move |connection| every::rows(connection, &page)).await
    }
}

/// What is really there, whatever the links say.
fn streams(
    connection: &Connection,
    after: Option<StreamId>,
    limit: usize,
) -> Outcome<Vec<(StreamId, u64)>> {
    let after = after.as_ref().map(column::stream).transpose()?;
    let after = after.as_ref().map_or(&[][..], <[u8; 17]>::as_slice);
    let mut statement = connection.prepare_cached(STREAMS)?;
    let mut rows = statement.query(params![after, column::limit(limit)])?;
    let mut streams = Vec::new();
    while let Some(row) = rows.next()? {
        let stream = column::read_stream(&row.get::<_, Vec<u8>>(0)?)?;
        streams.push((stream, column::read_number(row.get(1)?)?));
    }
    Ok(streams)
}

/// The end of a writer's chain, to be grown.
pub(super) struct End {
    writer: i64,
    pub(super) head: Head,
}

impl End {
    /// Finds it; a writer without a chain opens one over the others' heads.
    pub(super) fn of(connection: &Connection, writer: &WriterId) -> Outcome<Self> {
        let mut statement = connection.prepare_cached(END)?;
        let row = statement
            .query_row([writer.octets()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        match row.optional()? {
            Some((id, length, hash)) => {
                let head = Head { writer: *writer, length: column::read_number(length)?, hash };
                Ok(Self { writer: id, head })
            }
            None => Self::open(connection, writer),
        }
    }

    fn open(connection: &Connection, writer: &WriterId) -> Outcome<Self> {
        let others = audit::unnamed(heads(connection)?, &named(connection)?);
        connection
            .prepare_cached("INSERT INTO writers (name, opening) VALUES (?1, ?2)")?
            .execute(params![writer.octets(), write_heads(&others)])?;
        let id = connection.last_insert_rowid();
        let head = audit::open(writer, &others);
        insert(connection, id, &head, None)?;
        Ok(Self { writer: id, head })
    }

    /// Grows it to a new head, which links the entry at that place of a stream.
    pub(super) fn push(
        &mut self,
        connection: &Connection,
        head: Head,
        entry: (i64, u64),
    ) -> Outcome<()> {
        self.head = head;
        insert(connection, self.writer, &head, Some(entry))
    }
}

fn insert(
    connection: &Connection,
    writer: i64,
    head: &Head,
    entry: Option<(i64, u64)>,
) -> Outcome<()> {
    let number = column::number(head.length.saturating_sub(1))?;
    let place = entry.map(|(_, place)| column::number(place)).transpose()?;
    let stream = entry.map(|(stream, _)| stream);
    connection
        .prepare_cached(
            "INSERT INTO links (writer, number, stream, place, hash) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![writer, number, stream, place, head.hash])?;
    Ok(())
}

fn heads(connection: &Connection) -> Outcome<Vec<Head>> {
    let mut statement = connection.prepare_cached(HEADS)?;
    let mut rows = statement.query(())?;
    let mut heads = Vec::new();
    while let Some(row) = rows.next()? {
        let writer = WriterId::new(row.get(0)?);
        let length = column::read_number(row.get(1)?)?;
        heads.push(Head { writer, length, hash: row.get(2)? });
    }
    Ok(heads)
}

/// All heads that openings name.
fn named(connection: &Connection) -> Outcome<Vec<Head>> {
    let mut statement = connection.prepare_cached("SELECT opening FROM writers")?;
    let mut rows = statement.query(())?;
    let mut named = Vec::new();
    while let Some(row) = rows.next()? {
        named.extend(read_heads(row.get_ref(0)?.as_blob().map_err(|_| DAMAGED)?)?);
    }
    Ok(named)
}

fn links(
    connection: &Connection,
    writer: &WriterId,
    from: u64,
    limit: usize,
) -> Outcome<Vec<Link>> {
    let (Some(id), Ok(from)) = (writer_id(connection, writer)?, i64::try_from(from)) else {
        return Ok(Vec::new());
    };
    let mut statement = connection.prepare_cached(LINKS)?;
    let mut rows = statement.query(params![id, from, column::limit(limit)])?;
    let mut links = Vec::new();
    while let Some(row) = rows.next()? {
        links.push(read_link(row)?);
    }
    Ok(links)
}

fn writer_id(connection: &Connection, writer: &WriterId) -> Outcome<Option<i64>> {
    let mut statement = connection.prepare_cached("SELECT id FROM writers WHERE name = ?1")?;
    Ok(statement.query_row([writer.octets()], |row| row.get(0)).optional()?)
}

fn read_link(row: &Row<'_>) -> Outcome<Link> {
    let number = column::read_number(row.get(0)?)?;
    let hash = row.get(1)?;
    let linked = match row.get(2)? {
        None => Linked::Opening(read_heads(&row.get::<_, Vec<u8>>(5)?)?),
        Some(index) => Linked::Entry {
            stream: column::read_stream(&row.get::<_, Vec<u8>>(3)?)?,
            index: column::read_number(index)?,
            entry: row.get::<_, Option<_>>(4)?.map(StoredEntry),
        },
    };
    Ok(Link { number, linked, hash })
}

fn write_heads(heads: &[Head]) -> Vec<u8> {
    let mut octets = Vec::new();
    for head in heads {
        octets.extend(head.writer.octets());
        octets.extend(head.length.to_be_bytes());
        octets.extend(head.hash);
    }
    octets
}

fn read_heads(octets: &[u8]) -> Outcome<Vec<Head>> {
    let read = |row: &[u8]| {
        let (writer, rest) = row.split_first_chunk().ok_or(DAMAGED)?;
        let (length, hash) = rest.split_first_chunk().ok_or(DAMAGED)?;
        let hash = hash.try_into().map_err(|_| DAMAGED)?;
        Ok(Head { writer: WriterId::new(*writer), length: u64::from_be_bytes(*length), hash })
    };
    octets.chunks(56).map(read).collect()
}

const DAMAGED: Failure = Failure::Damaged("the heads of an opening");

pub(super) const END: &str = "
    SELECT id, number + 1, hash FROM writers JOIN links ON links.writer = writers.id
    WHERE name = ?1 ORDER BY number DESC LIMIT 1";

/// By the writer's name; the newest link of each is one step into its key.
const HEADS: &str = "
    SELECT name, number + 1, hash FROM writers JOIN links ON links.writer = writers.id
    WHERE number = (SELECT max(number) FROM links WHERE links.writer = writers.id)
    ORDER BY name";

pub(super) const LINKS: &str = "
    SELECT links.number, links.hash, links.place, streams.name, entries.octets, writers.opening
    FROM links
    LEFT JOIN streams ON streams.id = links.stream
    LEFT JOIN entries ON entries.stream = links.stream AND entries.place = links.place
    LEFT JOIN writers ON writers.id = links.writer AND links.number = 0
    WHERE links.writer = ?1 AND links.number >= ?2
    ORDER BY links.number LIMIT ?3";

pub(super) const STREAMS: &str = "\
    SELECT name, (SELECT count(*) FROM entries WHERE stream = streams.id) \
    FROM streams WHERE name > ?1 ORDER BY name LIMIT ?2";
