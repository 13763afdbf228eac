//! Writing a batch.

use std::collections::BTreeSet;

use gost_ca::audit;
use gost_ca::commitment::Document;
use gost_ca::id::{CommandId, WriterId};
use gost_ca::provider::journal::{
    Batch, Change, Claim, CommandMark, Expected, Receipt, StreamId, UniqueKey,
};
use gost_ca::provider::{Conflict, ErrorKind};
use rusqlite::{Connection, OptionalExtension, params};

use super::{chain, documents, holder, length, rows, stream_id};
use crate::column;
use crate::failure::{Failure, Outcome};

/// Writes a batch inside the writer's savepoint: on a failure nothing of it stays.
pub(super) fn commit(
    connection: &Connection,
    writer: &WriterId,
    batch: &Batch,
) -> Outcome<Receipt> {
    // 1. The command: a repetition gives the first receipt.
    if let Some(first) = receipt(connection, &batch.command.id)? {
        let same = first.command == batch.command;
        return if same { Ok(first) } else { Err(Conflict::Command.into()) };
    }
    // 2. The lengths of the streams.
    check_shape(batch)?;
    let streams = batch.changes.iter().map(|change| check_length(connection, change));
    let streams: Vec<Stream> = streams.collect::<Outcome<_>>()?;
    // 3. The claims, in their order.
    batch.claims.iter().try_for_each(|claim| write_claim(connection, batch, claim))?;
    let lengths = write_changes(connection, writer, batch, streams)?;
    batch.documents.iter().try_for_each(|document| write_document(connection, document))?;
    let (command, outcome) = (batch.command, batch.outcome.clone());
    let receipt = Receipt { command, lengths, outcome, repeated: false };
    write_receipt(connection, &receipt)?;
    Ok(receipt)
}

/// The receipt of an earlier commit.
pub(super) fn receipt(connection: &Connection, command: &CommandId) -> Outcome<Option<Receipt>> {
    let mut statement = connection.prepare_cached(RECEIPT)?;
    let row = statement.query_row([command.octets()], |row| {
        Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?, row.get(2)?))
    });
    let Some((digest, lengths, outcome)) = row.optional()? else { return Ok(None) };
    let command = CommandMark { id: *command, digest };
    Ok(Some(Receipt { command, lengths: read_lengths(&lengths)?, outcome, repeated: true }))
}

/// A stream that is about to grow.
struct Stream {
    name: [u8; 17],
    /// None where it has no entry yet.
    id: Option<i64>,
    length: u64,
}

/// A stream at most once, and never without entries.
fn check_shape(batch: &Batch) -> Outcome<()> {
    let streams: BTreeSet<_> = batch.changes.iter().map(|change| change.stream).collect();
    let empty = batch.changes.iter().any(|change| change.entries.is_empty());
    let good = streams.len() == batch.changes.len() && !empty;
    good.then_some(()).ok_or(Failure::Refused(ErrorKind::Invalid))
}

fn check_length(connection: &Connection, change: &Change) -> Outcome<Stream> {
    let name = column::stream(&change.stream)?;
    let id = stream_id(connection, &name)?;
    let actual = id.map_or(Ok(0), |id| length(connection, id))?;
    match change.expected {
        Expected::Exactly(expected) if expected != actual => {
            Err(Conflict::Stream { stream: change.stream, actual }.into())
        }
        Expected::Exactly(_) | Expected::Any => Ok(Stream { name, id, length: actual }),
        _ => Err(Failure::Refused(ErrorKind::Unsupported)),
    }
}

fn write_claim(connection: &Connection, batch: &Batch, claim: &Claim) -> Outcome<()> {
    match *claim {
        Claim::Take { key, holder: taker, until } => {
            match holder(connection, &key, batch.at)? {
                Some(holder) if holder != taker => {
                    return Err(Conflict::Taken { key, holder }.into());
                }
                _ => {}
            }
            let until = column::optional_time(until)?;
            connection
                .prepare_cached(
                    "INSERT INTO claims (space, digest, holder, until) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT DO UPDATE SET holder = excluded.holder, until = excluded.until",
                )?
                .execute(params![key.space.name(), key.digest, taker.0, until])?;
            Ok(())
        }
        Claim::Release { key } => release(connection, &key),
        _ => Err(Failure::Refused(ErrorKind::Unsupported)),
    }
}

fn release(connection: &Connection, key: &UniqueKey) -> Outcome<()> {
    connection
        .prepare_cached("DELETE FROM claims WHERE space = ?1 AND digest = ?2")?
        .execute(params![key.space.name(), key.digest])?;
    Ok(())
}

/// Appends and links the entries, writes the rows; gives the streams' lengths.
fn write_changes(
    connection: &Connection,
    writer: &WriterId,
    batch: &Batch,
    streams: Vec<Stream>,
) -> Outcome<Vec<(StreamId, u64)>> {
    if batch.changes.is_empty() {
        return Ok(Vec::new());
    }
    let mut chain = chain::End::of(connection, writer)?;
    let mut lengths = Vec::with_capacity(streams.len());
    for (change, stream) in batch.changes.iter().zip(streams) {
        lengths.push((change.stream, append(connection, &mut chain, change, &stream)?));
        change.views.iter().try_for_each(|view| rows::write(connection, view))?;
    }
    Ok(lengths)
}

/// Appends the entries of a change; gives the stream's length.
fn append(
    connection: &Connection,
    chain: &mut chain::End,
    change: &Change,
    stream: &Stream,
) -> Outcome<u64> {
    let id = stream.id.map_or_else(|| insert_stream(connection, &stream.name), Ok)?;
    let mut place = stream.length;
    for entry in &change.entries {
        connection
            .prepare_cached("INSERT INTO entries (stream, place, octets) VALUES (?1, ?2, ?3)")?
            .execute(params![id, column::number(place)?, entry.0])?;
        let head = audit::link(&chain.head, &change.stream, place, entry);
        chain.push(connection, head, (id, place))?;
        place = place.saturating_add(1);
    }
    Ok(place)
}

fn insert_stream(connection: &Connection, name: &[u8; 17]) -> Outcome<i64> {
    connection.prepare_cached("INSERT INTO streams (name) VALUES (?1)")?.execute([name])?;
    Ok(connection.last_insert_rowid())
}

fn write_document(connection: &Connection, document: &Document) -> Outcome<()> {
    let kind = documents::kind_name(document.kind())?;
    connection
        .prepare_cached(
            "INSERT INTO documents (commitment, kind, salt, octets) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (commitment) DO NOTHING",
        )?
        .execute(params![
            document.commitment().octets(),
            kind,
            document.salt(),
            document.bytes()
        ])?;
    Ok(())
}

fn write_receipt(connection: &Connection, receipt: &Receipt) -> Outcome<()> {
    let mut lengths = Vec::new();
    for (stream, length) in &receipt.lengths {
        lengths.extend(column::stream(stream)?);
        lengths.extend(length.to_be_bytes());
    }
    connection
        .prepare_cached(
            "INSERT INTO receipts (command, digest, lengths, outcome) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![
            receipt.command.id.octets(),
            receipt.command.digest,
            lengths,
            receipt.outcome
        ])?;
    Ok(())
}

fn read_lengths(octets: &[u8]) -> Outcome<Vec<(StreamId, u64)>> {
    let read = |row: &[u8]| {
        let (stream, length) = row.split_at_checked(17).ok_or(DAMAGED)?;
        let length = length.try_into().map_err(|_| DAMAGED)?;
        Ok((column::read_stream(stream)?, u64::from_be_bytes(length)))
    };
    octets.chunks(25).map(read).collect()
}

pub(super) const RECEIPT: &str = "SELECT digest, lengths, outcome FROM receipts WHERE command = ?1";

const DAMAGED: Failure = Failure::Damaged("the lengths of a receipt");
