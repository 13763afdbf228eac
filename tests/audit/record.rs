//! A day's record in a file, to be tampered with.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gost_ca::audit::inspect::Inspection;
use gost_ca::audit::verify::{Finding, Report};
use gost_ca::command::Command;
use gost_ca::id::WriterId;
use gost_ca::reason::{Ground, GroundKind, Reason};
use gost_ca_software::GostVerifier;
use gost_ca_sqlite::SqliteStore;
use rusqlite::Connection;

use crate::desk::{Desk, Result, Storage};

/// The seed that tampering hands do not know.
pub(crate) const SEED: [u8; 32] = *b"unknown to whoever held the pen.";

/// A record in a folder of its own.
pub(crate) struct Record {
    folder: tempfile::TempDir,
}

impl Record {
    pub(crate) fn empty() -> Result<Self> {
        Ok(Self { folder: tempfile::tempdir()? })
    }

    /// Two writers' work: users, certificates of every state, a CRL, refusals.
    pub(crate) async fn of_a_day() -> Result<Self> {
        let record = Self::empty()?;
        let desk = Desk::found(open(&record.path(), 1)?).await?;
        let (active, held, gone) =
            (desk.active(10).await?, desk.active(11).await?, desk.active(12).await?);
        desk.run(&desk.operator, Command::Hide { case: active }).await.unwrap_err();
        let twin = desk.twin(open(&record.path(), 2)?);
        let run = async |command| twin.execute(&desk.operator, &desk.envelope(command)).await;
        run(Command::Suspend { case: held, ground: ground(), until: None, on_end: None }).await?;
        let (reason, invalidity) = (Reason::KeyCompromise, None);
        run(Command::Revoke {
            case: gone,
            reason,
            ground: ground(),
            invalidity,
            date: None,
            notice: gost_ca::fact::Notice::default(),
        })
        .await?;
        let next_update = "2026-03-09T09:00:00Z".parse()?;
        let list = Command::IssueCrl { authority: desk.authority, next_update };
        twin.execute(&desk.administrator, &desk.envelope(list)).await?;
        Ok(record)
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("office.db")
    }

    /// Another file like this one.
    pub(crate) fn copy(&self) -> Result<Self> {
        let copy = Self::empty()?;
        Connection::open(self.path())?
            .execute("VACUUM INTO ?1", [copy.path().to_str().unwrap()])?;
        Ok(copy)
    }

    /// Somebody's hand.
    pub(crate) fn hand(&self) -> Result<Connection> {
        let connection = Connection::open(self.path())?;
        connection.pragma_update(None, "foreign_keys", false)?;
        Ok(connection)
    }

    pub(crate) async fn inspect(&self) -> Result<Report> {
        let store = SqliteStore::inspect(self.path())?;
        let inspection = Inspection::new(&store, &GostVerifier, SEED);
        Ok(inspection.with_directory(&store).run().await?)
    }

    /// What is found after somebody's hand was in a copy of the file.
    pub(crate) async fn after(&self, hand: &str) -> Result<Vec<Finding>> {
        let copy = self.copy()?;
        copy.hand()?.execute_batch(hand)?;
        Ok(copy.inspect().await?.findings)
    }
}

pub(crate) fn open(path: &Path, writer: u8) -> Result<Storage> {
    let store = Arc::new(SqliteStore::open(path, WriterId::new([writer; 16]))?);
    Ok(Storage { journal: store.clone(), directory: store })
}

pub(crate) fn ground() -> Ground {
    Ground { kind: GroundKind::OwnerApplication, document: "№ 17 от 02.03.2026".to_owned() }
}
