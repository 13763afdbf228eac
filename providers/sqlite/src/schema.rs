//! The tables, and how a file of an older version gets them.

use gost_ca::provider::ErrorKind;
use gost_hash::streebog256;
use rusqlite::{Connection, TransactionBehavior};

use crate::failure::{Failure, Outcome};

/// The steps from an empty file to this version; only ever added to.
const MIGRATIONS: &[&str] = &[
    include_str!("schema/0001_office.sql"),
    include_str!("schema/0002_carriers.sql"),
    include_str!("schema/0003_notices.sql"),
    include_str!("schema/0004_listed.sql"),
    include_str!("schema/0005_approvals.sql"),
    include_str!("schema/0006_ends_of_claims.sql"),
    include_str!("schema/0007_drafts.sql"),
    include_str!("schema/0008_states_of_accounts.sql"),
];

/// «GOST», so that `file` and we tell our files from others.
const APPLICATION: i32 = 0x474f_5354;

/// Tells our files from others before anything is changed.
///
/// # Errors
/// `Unsupported` for a file of a newer version, `Invalid` for somebody else's database or one whose
/// tables were made by other steps than ours.
pub(crate) fn recognise(connection: &Connection) -> Outcome<()> {
    taken(connection).map(|_| ())
}

/// Whether the file is of this very version.
///
/// # Errors
/// As [`recognise`]; `Unsupported` for a file of an older version too.
pub(crate) fn be_current(connection: &Connection) -> Outcome<()> {
    let current = taken(connection)? == MIGRATIONS.len();
    current.then_some(()).ok_or(Failure::Refused(ErrorKind::Unsupported))
}

/// Brings the file to this version.
///
/// # Errors
/// As [`recognise`].
pub(crate) fn migrate(connection: &mut Connection) -> Outcome<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let taken = taken(&transaction)?;
    if taken == 0 {
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.execute_batch(
            "CREATE TABLE migrations (number INTEGER PRIMARY KEY, digest BLOB NOT NULL) STRICT",
        )?;
    }
    for sql in MIGRATIONS.iter().skip(taken) {
        transaction.execute_batch(sql)?;
        let digest = streebog256(sql.as_bytes());
        transaction.execute("INSERT INTO migrations (digest) VALUES (?1)", [digest])?;
    }
    Ok(transaction.commit()?)
}

/// How many steps were taken; none in an empty file.
fn taken(connection: &Connection) -> Outcome<usize> {
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
    if tables == 0 {
        return Ok(0);
    }
    let application: i32 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if application != APPLICATION {
        return Err(Failure::Refused(ErrorKind::Invalid));
    }
    let digests = digests(connection)?;
    if digests.len() > MIGRATIONS.len() {
        return Err(Failure::Refused(ErrorKind::Unsupported));
    }
    let ours = |(digest, sql): (&[u8; 32], &&str)| *digest == streebog256(sql.as_bytes());
    let all_ours = digests.iter().zip(MIGRATIONS).all(ours);
    all_ours.then_some(digests.len()).ok_or(Failure::Refused(ErrorKind::Invalid))
}

/// The digests of the steps that were taken, in their order.
fn digests(connection: &Connection) -> Outcome<Vec<[u8; 32]>> {
    let mut statement = connection.prepare("SELECT digest FROM migrations ORDER BY number")?;
    let rows = statement.query_map((), |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
