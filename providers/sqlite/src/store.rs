//! The store: one file, open.

use std::path::Path;
use std::thread::available_parallelism;

use gost_ca::id::WriterId;
use gost_ca::provider::Result;

use crate::failure::Outcome;
use crate::readers::Readers;
use crate::writer::Writer;
use crate::{connection, schema};

/// Journal and user directory over one file, for as long as it lives.
///
/// ```
/// use std::sync::Arc;
/// use gost_ca::id::WriterId;
/// use gost_ca::provider::{Journal, UserDirectory};
/// use gost_ca_sqlite::SqliteStore;
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("office.db");
/// let writer = WriterId::new([7; 16]); // random, another one at each start
/// let store = Arc::new(SqliteStore::open(&path, writer)?);
/// let journal: Arc<dyn Journal> = store.clone();
/// let directory: Arc<dyn UserDirectory> = store;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Dropping it waits for what is being written.
#[derive(Debug)]
pub struct SqliteStore {
    pub(crate) id: WriterId,
    pub(crate) readers: Readers,
    /// Dropped last: whoever closes the file last empties its log, and readers cannot.
    pub(crate) writer: Writer,
}

impl SqliteStore {
    /// Opens the file, makes it where there is none, and brings its tables to this version.
    ///
    /// Blocks, for ten seconds at most while another process writes.
    ///
    /// `writer` names this process's chain in the audit trail: random, another one at each start.
    ///
    /// # Errors
    /// `Unavailable` where the file cannot be opened, `Unsupported` for a file of a newer version,
    /// `Invalid` for a database that is not ours, `Fault` for a damaged one.
    pub fn open(path: impl AsRef<Path>, writer: WriterId) -> Result<Self> {
        Self::start(path.as_ref(), writer).map_err(|failure| failure.at("open"))
    }

    /// Opens a file for looking only: nothing in it can be changed, not even by a commit, which is refused.
    ///
    /// For verifiers, over the file in use, or over a copy of it.
    ///
    /// # Errors
    /// `Unavailable` where there is no such file, `Unsupported` for a file of another version, `Invalid` for
    /// a database that is not ours, `Fault` for a damaged one.
    pub fn inspect(path: impl AsRef<Path>) -> Result<Self> {
        Self::look(path.as_ref()).map_err(|failure| failure.at("inspect"))
    }

    fn look(path: &Path) -> Outcome<Self> {
        let connection = connection::for_reading(path)?;
        schema::be_current(&connection)?;
        let readers = Readers::start(path, 2)?;
        Ok(Self { id: WriterId::new([0; 16]), readers, writer: Writer::start(connection)? })
    }

    fn start(path: &Path, id: WriterId) -> Outcome<Self> {
        let mut connection = connection::for_writing(path)?;
        schema::recognise(&connection)?;
        connection::make_durable(&connection)?;
        schema::migrate(&mut connection)?;
        let count = available_parallelism().map_or(2, |cores| cores.get().clamp(2, 8));
        let readers = Readers::start(path, count)?;
        Ok(Self { id, readers, writer: Writer::start(connection)? })
    }
}
