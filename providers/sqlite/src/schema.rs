//! The tables, and how a file of an older version gets them.

use gost_ca::provider::ErrorKind;
use gost_hash::streebog256;
use rusqlite::{Connection, TransactionBehavior};

use crate::failure::{Failure, Outcome};

/// The steps from an empty file to this version; only ever added to.
const MIGRATIONS: &[&str] = &[include_str!("schema/0001_office.sql")];

/// «GOST», so that `file` and we tell our files from others.
const APPLICATION: i32 = 0x474f_5354;

/// Brings the file to this version.
///
/// # Errors
/// `Unsupported` for a file of a newer version, `Invalid` for somebody else's database or one whose
/// tables were made by other steps than ours.
pub(crate) fn migrate(connection: &mut Connection) -> Outcome<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let tables: i64 =
        transaction.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
    let application: i32 =
        transaction.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if tables == 0 {
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.execute_batch(
            "CREATE TABLE migrations (number INTEGER PRIMARY KEY, digest BLOB NOT NULL) STRICT",
        )?;
    } else if application != APPLICATION {
        return Err(Failure::Refused(ErrorKind::Invalid));
    }
    let applied = applied(&transaction)?;
    if applied.len() > MIGRATIONS.len() {
        return Err(Failure::Refused(ErrorKind::Unsupported));
    }
    if applied.iter().zip(MIGRATIONS).any(|(digest, sql)| *digest != streebog256(sql.as_bytes())) {
        return Err(Failure::Refused(ErrorKind::Invalid));
    }
    for sql in MIGRATIONS.iter().skip(applied.len()) {
        transaction.execute_batch(sql)?;
        let digest = streebog256(sql.as_bytes());
        transaction.execute("INSERT INTO migrations (digest) VALUES (?1)", [digest])?;
    }
    Ok(transaction.commit()?)
}

/// The digests of the steps that were taken, in their order.
fn applied(connection: &Connection) -> Outcome<Vec<[u8; 32]>> {
    let mut statement = connection.prepare("SELECT digest FROM migrations ORDER BY number")?;
    let rows = statement.query_map((), |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
