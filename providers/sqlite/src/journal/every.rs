//! Every row of every list, in the order of writing: for whoever compares them with the entries.

use gost_ca::provider::ErrorKind;
use gost_ca::provider::journal::{Cursor, Found, Page};
use gost_ca::view::View;
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params};

use super::rows;
use crate::column;
use crate::failure::{Failure, Outcome};

/// A list: the question for its rows after a place, what reads a row, and in which column its place is.
struct List {
    sql: &'static str,
    read: fn(&Row<'_>) -> Outcome<View>,
    place: usize,
    least: fn() -> Value,
}

const LISTS: &[List] = &[
    List { sql: ACCOUNTS, read: rows::account, place: 7, least: numbered },
    List { sql: CASES, read: rows::case, place: 9, least: numbered },
    List {
        sql: CERTIFICATES,
        read: |row| rows::certificate(row).map(View::Certificate),
        place: 8,
        least: numbered,
    },
    List { sql: AUTHORITIES, read: rows::authority, place: 0, least: || Value::Blob(Vec::new()) },
    List { sql: CARRIERS, read: rows::carrier, place: 7, least: numbered },
    List { sql: NOTICES, read: rows::notice, place: 7, least: numbered },
    List { sql: APPROVALS, read: rows::approval, place: 0, least: || Value::Blob(Vec::new()) },
];

fn numbered() -> Value {
    Value::Integer(i64::MIN)
}

pub(super) fn rows(connection: &Connection, page: &Page) -> Outcome<Found> {
    let (first, mut after) = page.after.as_ref().map_or(Ok((0, None)), read_cursor)?;
    let mut found = Found::default();
    for (number, list) in (0_u8..).zip(LISTS).skip(usize::from(first)) {
        let left = page.limit.saturating_sub(found.views.len());
        let place = after.take().unwrap_or_else(list.least);
        // one more than asked for tells whether there is more
        let mut statement = connection.prepare_cached(list.sql)?;
        let mut rows = statement.query(params![place, column::limit(left.saturating_add(1))])?;
        let mut last = place;
        for _ in 0..left {
            let Some(row) = rows.next()? else { break };
            last = row.get(list.place)?;
            found.views.push((list.read)(row)?);
        }
        if rows.next()?.is_some() {
            found.next = Some(write_cursor(number, &last)?);
            return Ok(found);
        }
    }
    Ok(found)
}

/// The list's number, and the place in it.
fn write_cursor(list: u8, place: &Value) -> Outcome<Cursor> {
    let octets = match place {
        Value::Integer(number) => number.to_be_bytes().to_vec(),
        Value::Blob(octets) => octets.clone(),
        _ => return Err(Failure::Damaged("a row's place")),
    };
    Ok(Cursor([&[b'E', list][..], &octets].concat()))
}

fn read_cursor(cursor: &Cursor) -> Outcome<(u8, Option<Value>)> {
    let foreign = Failure::Refused(ErrorKind::Invalid);
    let Some((list, place)) = cursor.0.strip_prefix(b"E").and_then(|rest| rest.split_first())
    else {
        return Err(foreign);
    };
    let Some(of) = LISTS.get(usize::from(*list)) else { return Err(foreign) };
    let place = match ((of.least)(), <[u8; 8]>::try_from(place)) {
        (Value::Integer(_), Ok(number)) => Value::Integer(i64::from_be_bytes(number)),
        (Value::Blob(_), _) => Value::Blob(place.to_vec()),
        _ => return Err(foreign),
    };
    Ok((*list, Some(place)))
}

pub(super) const ACCOUNTS: &str = "
    SELECT id, role, office, state, registration, created, due, number
    FROM accounts WHERE number > ?1 ORDER BY number LIMIT ?2";

pub(super) const CASES: &str = "
    SELECT id, user, office, state, lineage, created, not_after, hidden, due, number
    FROM cases WHERE number > ?1 ORDER BY number LIMIT ?2";

pub(super) const CERTIFICATES: &str = "
    SELECT serial, issuer, \"case\", thumbprint, subject_key, not_after, partition, entry, number
    FROM certificates WHERE number > ?1 ORDER BY number LIMIT ?2";

pub(super) const APPROVALS: &str = "
    SELECT id, office, state, act, \"case\", created, due FROM approvals
    WHERE id > ?1 ORDER BY id LIMIT ?2";

pub(super) const AUTHORITIES: &str = "
    SELECT id, due FROM authorities WHERE id > ?1 ORDER BY id LIMIT ?2";

pub(super) const CARRIERS: &str = "
    SELECT id, serial, model, office, state, user, created, number
    FROM carriers WHERE number > ?1 ORDER BY number LIMIT ?2";

pub(super) const NOTICES: &str = "
    SELECT id, user, \"case\", office, state, created, due, number
    FROM notices WHERE number > ?1 ORDER BY number LIMIT ?2";
