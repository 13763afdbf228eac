//! An office whose audit is signed, over a file, with a folder for its checkpoints.

use std::sync::Arc;

use gost_ca::audit::checkpoint::SignedCheckpoint;
use gost_ca::audit::inspect::Inspection;
use gost_ca::audit::verify::Report;
use gost_ca::command::{Command, Envelope, Outcome};
use gost_ca::provider::{AuditSink, Signer as _};
use gost_ca::x509::PublicKey;
use gost_ca::{RegistrationAuthority, Session, Settings};
use gost_ca_software::{CheckpointFolder, GostSigner, GostVerifier};
use gost_ca_sqlite::SqliteStore;

use crate::desk::{self, Desk, Result};
use crate::record::{Record, SEED, open};

pub(crate) struct Office {
    pub(crate) record: Record,
    pub(crate) desk: Desk,
    pub(crate) ra: RegistrationAuthority,
    pub(crate) signer: Arc<GostSigner>,
    pub(crate) sink: Arc<CheckpointFolder>,
    _folder: tempfile::TempDir,
}

impl Office {
    pub(crate) async fn found() -> Result<Self> {
        let record = Record::empty()?;
        let desk = Desk::found(open(&record.path(), 1)?).await?;
        let signer = desk::key(77, &desk.rng);
        let folder = tempfile::tempdir()?;
        let sink = Arc::new(CheckpointFolder::open(folder.path())?);
        let providers = desk.ra.providers().clone();
        let providers = providers.with_auditor(signer.clone(), sink.clone());
        let ra = RegistrationAuthority::new(providers, Settings::default());
        let office = Self { record, desk, ra, signer, sink, _folder: folder };
        let public_key = office.key().as_der().to_vec();
        office.run(Command::RegisterAuditKey { public_key }).await?;
        Ok(office)
    }

    /// The same office, restarted over a copy of its record.
    pub(crate) fn over(&self, copy: &Record) -> Result<RegistrationAuthority> {
        let storage = open(&copy.path(), 9)?;
        let mut providers = self.ra.providers().clone();
        (providers.journal, providers.directory) = (storage.journal, storage.directory);
        Ok(RegistrationAuthority::new(providers, Settings::default()))
    }

    pub(crate) fn key(&self) -> PublicKey {
        self.signer.public_key().clone()
    }

    pub(crate) fn administrator(&self) -> &Session {
        &self.desk.administrator
    }

    pub(crate) fn envelope(&self, command: Command) -> Envelope {
        self.desk.envelope(command)
    }

    pub(crate) async fn run(
        &self,
        command: Command,
    ) -> std::result::Result<Outcome, gost_ca::Error> {
        self.ra.execute(self.administrator(), &self.envelope(command)).await
    }

    /// Makes a checkpoint; its number.
    pub(crate) async fn checkpoint(&self) -> Result<Option<u64>> {
        match self.run(Command::MakeCheckpoint).await? {
            Outcome::CheckpointMade { number } => Ok(number),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn kept(&self) -> Result<SignedCheckpoint> {
        Ok(self.sink.newest().await?.unwrap())
    }

    /// Inspects the record against the newest kept checkpoint.
    pub(crate) async fn inspect(&self, record: &Record) -> Result<Report> {
        inspect(record, Some(self.kept().await?)).await
    }
}

pub(crate) async fn inspect(record: &Record, kept: Option<SignedCheckpoint>) -> Result<Report> {
    let store = SqliteStore::inspect(record.path())?;
    let inspection = Inspection::new(&store, &GostVerifier, SEED).with_directory(&store);
    Ok(kept.into_iter().fold(inspection, Inspection::with_kept).run().await?)
}
