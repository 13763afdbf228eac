//! Users' records in tables, found by their terms.

mod drafts;
pub(crate) mod terms;

use async_trait::async_trait;
use gost_ca::commitment::{Commitment, Salt};
use gost_ca::id::UserId;
use gost_ca::provider::directory::{FoundUsers, SealedRecord};
use gost_ca::provider::journal::{Cursor, Page};
use gost_ca::provider::{
    Drafts, ErrorKind, Result, UserDirectory, UserFilter, UserRecord, UserSummary,
};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};

use self::terms::Term;
use crate::column;
use crate::failure::{Failure, Outcome};
use crate::store::SqliteStore;
use crate::writer::Traces;

#[async_trait]
impl UserDirectory for SqliteStore {
    async fn put(&self, user: &UserId, version: &SealedRecord) -> Result<()> {
        let (user, version) = (*user, version.clone());
        let work = move |connection: &Connection| put(connection, &user, &version);
        self.writer.perform("put", Traces::Kept, work).await
    }

    async fn get(&self, user: &UserId, version: &Commitment) -> Result<Option<SealedRecord>> {
        let (user, version) = (*user, *version);
        self.readers.ask("get", move |connection| get(connection, &user, &version)).await
    }

    async fn search(&self, filter: &UserFilter, page: &Page) -> Result<FoundUsers> {
        let (filter, page) = (filter.clone(), page.clone());
        self.readers.ask("search", move |connection| search(connection, &filter, &page)).await
    }

    async fn erase(&self, user: &UserId) -> Result<()> {
        let user = *user;
        let work = move |connection: &Connection| {
            connection
                .prepare_cached("DELETE FROM user_versions WHERE user = ?1")?
                .execute([user.octets()])?;
            Ok(())
        };
        self.writer.perform("erase", Traces::Wiped, work).await
    }

    fn drafts(&self) -> Option<&dyn Drafts> {
        Some(self)
    }
}

fn put(connection: &Connection, user: &UserId, version: &SealedRecord) -> Outcome<()> {
    let octets = version.record.to_bytes();
    let written = connection
        .prepare_cached(
            "INSERT INTO user_versions (user, commitment, salt, octets) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![user.octets(), version.commitment.octets(), version.salt, octets])?;
    if written == 0 {
        return Ok(());
    }
    let id = connection.last_insert_rowid();
    let mut statement =
        connection.prepare_cached("INSERT INTO user_terms (term, version) VALUES (?1, ?2)")?;
    for term in terms::of(&version.record) {
        statement.execute(params![term, id])?;
    }
    Ok(())
}

fn get(
    connection: &Connection,
    user: &UserId,
    commitment: &Commitment,
) -> Outcome<Option<SealedRecord>> {
    let mut statement = connection.prepare_cached(
        "SELECT salt, octets FROM user_versions WHERE user = ?1 AND commitment = ?2",
    )?;
    let row = statement.query_row(params![user.octets(), commitment.octets()], |row| {
        Ok((row.get::<_, Salt>(0)?, row.get::<_, Vec<u8>>(1)?))
    });
    let Some((salt, octets)) = row.optional()? else { return Ok(None) };
    if Commitment::of(&salt, &octets) != *commitment {
        return Err(Failure::Damaged("a record that does not fit its commitment"));
    }
    Ok(Some(SealedRecord { record: read_record(&octets)?, salt, commitment: *commitment }))
}

fn search(connection: &Connection, filter: &UserFilter, page: &Page) -> Outcome<FoundUsers> {
    let mut others = terms::asked(filter);
    let (place, after) = match &page.after {
        None => (fewest(connection, &others)?, None),
        Some(cursor) => read_cursor(cursor).map(|(place, version)| (place, Some(version)))?,
    };
    if usize::from(place) >= others.len() {
        return Err(FOREIGN);
    }
    let first = others.remove(usize::from(place));
    let (term, after) = match after {
        None => (first.from.clone(), -1),
        Some(version) => (resume(connection, &first, version)?, version),
    };
    let limit = column::limit(page.limit.saturating_add(1));
    let mut params: Vec<&dyn ToSql> = vec![&term, &after, &first.to, &first.from, &limit];
    for other in &others {
        params.push(&other.from);
        params.push(&other.to);
    }
    let mut statement = connection.prepare_cached(&terms::question(others.len()))?;
    let mut rows = statement.query(params.as_slice())?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push((row.get::<_, i64>(0)?, read_summary(row)?));
    }
    let more = found.len() > page.limit;
    found.truncate(page.limit);
    let next = found.last().filter(|_| more).map(|(id, _)| write_cursor(place, *id));
    // The question holds so many words only; whoever types more gets shorter pages.
    found.retain(|(_, user)| filter.fits(&user.record));
    Ok(FoundUsers { users: found.into_iter().map(|(_, user)| user).collect(), next })
}

/// Which of the ranges has the fewest terms, as far as they are counted: it is read in its order.
fn fewest(connection: &Connection, ranges: &[Term]) -> Outcome<u8> {
    let mut statement = connection.prepare_cached(terms::COUNTED)?;
    let (mut fewest, mut least) = (0, COUNTED);
    for (place, range) in (0..).zip(ranges) {
        let mut rows = statement.query(params![range.from, range.to, column::limit(least)])?;
        let mut count = 0_usize;
        while rows.next()?.is_some() {
            count = count.saturating_add(1);
        }
        if count < least {
            (fewest, least) = (place, count);
        }
    }
    Ok(fewest)
}

/// Which range was read, and the last version: nothing of the person.
fn write_cursor(place: u8, version: i64) -> Cursor {
    Cursor([&[place][..], &version.to_be_bytes()].concat())
}

fn read_cursor(cursor: &Cursor) -> Outcome<(u8, i64)> {
    let (place, version) = cursor.0.split_first().ok_or(FOREIGN)?;
    let version = <[u8; 8]>::try_from(version).map_err(|_| FOREIGN)?;
    Ok((*place, i64::from_be_bytes(version)))
}

/// Where a version stands in the order of the first range; one that was erased since is nobody's.
fn resume(connection: &Connection, first: &Term, version: i64) -> Outcome<String> {
    let mut statement = connection.prepare_cached(terms::PLACE)?;
    let term = statement.query_row(params![version, first.from, first.to], |row| row.get(0));
    term.optional()?.ok_or(FOREIGN)
}

fn read_summary(row: &Row<'_>) -> Outcome<UserSummary> {
    let record = read_record(row.get_ref(3)?.as_blob().map_err(|_| DAMAGED)?)?;
    let version = Commitment::from_octets(row.get(2)?);
    Ok(UserSummary { user: UserId::new(row.get(1)?), version, record })
}

fn read_record(octets: &[u8]) -> Outcome<UserRecord> {
    serde_json::from_slice(octets).map_err(|_| DAMAGED)
}

/// Terms of a range that are counted.
const COUNTED: usize = 1_000;
/// A cursor of somebody else.
const FOREIGN: Failure = Failure::Refused(ErrorKind::Invalid);
const DAMAGED: Failure = Failure::Damaged("a user's record");
