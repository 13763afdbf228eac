//! Opening the file with the settings that durability and distrust of the file ask for.

use std::path::Path;
use std::time::Duration;

use gost_ca::provider::ErrorKind;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Row};

use crate::failure::{Failure, Outcome};

/// How long a writer waits for another process's writer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// Opens the one connection that writes; makes the file where there is none.
pub(crate) fn for_writing(path: &Path) -> Outcome<Connection> {
    open(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)
}

/// What is committed is on disk, and what is erased is gone. Only for a file that is known to be ours.
///
/// # Errors
/// `Unsupported` where the file system cannot have a write-ahead log.
pub(crate) fn make_durable(connection: &Connection) -> Outcome<()> {
    let mode = |row: &Row<'_>| row.get::<_, String>(0);
    let mode = connection.pragma_update_and_check(None, "journal_mode", "WAL", mode)?;
    if mode != "wal" {
        return Err(Failure::Refused(ErrorKind::Unsupported));
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    // Identifiers are random, so a commit touches many pages here and there: 16 MB of them are kept, and
    // 64 MB are gathered in the log before each is written to its place once.
    connection.pragma_update(None, "cache_size", -16_384)?;
    connection.pragma_update(None, "wal_autocheckpoint", 16_384)?;
    Ok(connection.pragma_update(None, "journal_size_limit", 128 << 20)?)
}

/// Opens a connection that only reads.
pub(crate) fn for_reading(path: &Path) -> Outcome<Connection> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.pragma_update(None, "query_only", "ON")?;
    Ok(connection)
}

fn open(path: &Path, access: OpenFlags) -> Outcome<Connection> {
    // Each connection stays on one thread, so it needs no mutex of its own.
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.pragma_update(None, "trusted_schema", "OFF")?;
    connection.pragma_update(None, "cell_size_check", "ON")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    // Plans do not depend on the values asked for, so statements are not prepared again for them.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // Savepoints keep the pages they would restore in memory.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(connection)
}
