//! An office whose CRLs are looked at.

use async_trait::async_trait;
use gost_ca::RegistrationAuthority;
use gost_ca::authority::CrlPolicy;
use gost_ca::command::{Command, Outcome};
use gost_ca::entry::{Actor, Entry, VERSION};
use gost_ca::fact::AccessFact;
use gost_ca::id::{CaseId, CommandId, WriterId};
use gost_ca::lifecycle::CrlLine;
use gost_ca::provider::journal::{Batch, Change, CommandMark, Expected, Page, Query, StreamId};
use gost_ca::provider::publisher::Source;
use gost_ca::provider::{ErrorKind, Publisher};
use gost_ca::reason::{Ground, GroundKind, Reason};
use gost_ca::registration_authority::Swept;
use gost_ca::view::{CertificateView, View};
use gost_ca::x509::{CertificateList, SerialNumber};
use gost_ca_memory::{MemoryCrls, MemoryDirectory, MemoryJournal};
use gost_ca_software::GostVerifier;
use jiff::SignedDuration;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::desk::{self, Desk, Result, Storage, settings};

pub(crate) const ENDPOINT: &str = "web";

/// A publisher that is out of reach, or not.
#[derive(Debug, Default)]
pub(crate) struct Web {
    pub(crate) files: MemoryCrls,
    pub(crate) down: AtomicBool,
}

#[async_trait]
impl Publisher for Web {
    async fn publish(&self, name: &str, file: &mut dyn Source) -> gost_ca::provider::Result<()> {
        if self.down.load(Ordering::Relaxed) {
            return Err(ErrorKind::Unavailable.at("publish"));
        }
        self.files.publish(name, file).await
    }
}

/// A desk whose CRLs lie in a sink and are fetched from a web server.
pub(crate) struct Office {
    pub(crate) desk: Desk,
    pub(crate) web: Arc<Web>,
}

pub(crate) fn ground() -> Ground {
    Ground { kind: GroundKind::OwnerApplication, document: "№ 1".to_owned() }
}

pub(crate) fn suspend(case: CaseId) -> Command {
    Command::Suspend { case, ground: ground(), until: None, on_end: None }
}

pub(crate) fn resume(case: CaseId) -> Command {
    Command::Resume { case, ground: ground() }
}

pub(crate) fn revoke(case: CaseId) -> Command {
    let (reason, invalidity) = (Reason::CessationOfOperation, None);
    Command::Revoke {
        case,
        reason,
        ground: ground(),
        invalidity,
        date: None,
        notice: gost_ca::fact::Notice::default(),
    }
}

pub(crate) fn policy() -> CrlPolicy {
    CrlPolicy {
        delta: true,
        delta_locations: vec!["http://ca.example/delta.crl".to_owned()],
        endpoints: vec![ENDPOINT.parse().unwrap()],
        ..CrlPolicy::default()
    }
}

impl Office {
    pub(crate) async fn open(policy: CrlPolicy) -> Result<Self> {
        let journal = Arc::new(MemoryJournal::new(WriterId::new([1; 16])));
        let directory = Arc::new(MemoryDirectory::default());
        let mut desk = Desk::found(Storage { journal, directory }).await?;
        let web = Arc::new(Web::default());
        let providers = desk.ra.providers().clone().with_crl_sink(Arc::new(MemoryCrls::default()));
        let providers = providers.with_publisher(ENDPOINT.parse()?, Arc::clone(&web) as _);
        desk.ra = RegistrationAuthority::new(providers, settings());
        let adopt = Command::AdoptCrlPolicy { authority: desk.authority, policy: Box::new(policy) };
        desk.run(&desk.administrator, adopt).await?;
        Ok(Self { desk, web })
    }

    pub(crate) async fn operator(&self, command: Command) -> Result<()> {
        self.desk.run(&self.desk.operator, command).await?;
        Ok(())
    }

    /// Time passes, and the engine looks at what is to be done.
    pub(crate) async fn sweep_after(&self, hours: i64) -> Result<Swept> {
        self.desk.clock.advance(SignedDuration::from_hours(hours).as_secs());
        Ok(self.desk.ra.sweep().await?)
    }

    pub(crate) async fn full(&self) -> Result<CertificateList> {
        let crls = self.desk.ra.crls(&self.desk.authority).await?;
        Ok(self.checked(&crls[0]))
    }

    pub(crate) fn checked(&self, der: &[u8]) -> CertificateList {
        let crl = CertificateList::from_der(der).unwrap();
        crl.verify(self.desk.local.certificate().public_key(), &GostVerifier).unwrap();
        crl
    }

    pub(crate) async fn delta(&self) -> Result<Option<CertificateList>> {
        let part = self.line().await?.part;
        let delta = self.desk.ra.delta_crl(&self.desk.authority, &part).await?;
        Ok(delta.map(|der| self.checked(&der)))
    }

    pub(crate) async fn line(&self) -> Result<CrlLine> {
        Ok(self.desk.ra.crl_lines(&self.desk.authority).await?.remove(0))
    }

    pub(crate) async fn issue(&self) -> std::result::Result<Outcome, gost_ca::Error> {
        let next_update = self.desk.clock_now() + SignedDuration::from_hours(24);
        let command = Command::IssueCrl { authority: self.desk.authority, next_update };
        self.desk.run(&self.desk.administrator, command).await
    }

    pub(crate) async fn serial(&self, case: CaseId) -> Result<SerialNumber> {
        let card = self.desk.ra.case(&self.desk.administrator, &case).await?;
        Ok(card.case.issued().unwrap().serial.clone())
    }

    pub(crate) async fn row(&self, case: CaseId) -> Result<CertificateView> {
        let query = Query::Serial(self.serial(case).await?);
        let found = self.desk.ra.providers().journal.find(&query, &Page::first(1)).await?;
        let [View::Certificate(row)] = found.views.as_slice() else { panic!("{found:?}") };
        Ok(row.clone())
    }

    /// What somebody does who may write to the database, and cannot make entries of cases.
    pub(crate) async fn overwrite(&self, row: CertificateView) -> Result<()> {
        let fact = AccessFact::SignedIn;
        let (at, command) = (self.desk.clock_now(), desk::command_id(&self.desk.rng));
        let entry =
            Entry { version: VERSION, at, effective: at, actor: Actor::SYSTEM, command, fact };
        let change = Change {
            stream: StreamId::Access,
            expected: Expected::Any,
            entries: vec![entry.encode()],
            views: vec![View::Certificate(row)],
        };
        let command = CommandMark { id: CommandId::new(*command.octets()), digest: [0; 32] };
        let batch = Batch {
            command,
            at,
            changes: vec![change],
            claims: Vec::new(),
            documents: Vec::new(),
            outcome: Vec::new(),
        };
        self.desk.ra.providers().journal.commit(&batch).await?;
        Ok(())
    }
}

pub(crate) fn serials(crl: &CertificateList) -> Vec<SerialNumber> {
    crl.listed().map(|listed| listed.serial).collect()
}
