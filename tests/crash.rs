//! `kill -9` at random instants of a run of many issuances.
//!
//! A child process issues over `SQLite` as fast as it can, and suspends, terminates, renews, registers and makes
//! CRLs in between, telling each answer on its standard output; it is killed, the record is opened again and
//! swept, and then: no certificate is unknown to the record, no acknowledged command is lost, no number of a
//! certificate or CRL is used twice, the chains are whole.
//!
//! `KILL_POINTS=1000 cargo test --release --test crash` for the long run.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command as Process, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use gost_ca::audit::verify::verify;
use gost_ca::authority::{AuthorityKey, LocalAuthority};
use gost_ca::command::{Command, Envelope, Outcome, Register};
use gost_ca::entry::{Entry, Method};
use gost_ca::fact::AuthorityFact;
use gost_ca::id::{AuthorityId, CaseId, UserId, WriterId};
use gost_ca::provider::journal::{CaseFilter, Page, StreamId};
use gost_ca::provider::key_store::Message;
use gost_ca::provider::{Rng, Signer, UserRecord};
use gost_ca::providers::Essentials;
use gost_ca::reason::{Ground, GroundKind, Reason};
use gost_ca::request::RequestBuilder;
use gost_ca::view::{CaseState, Role};
use gost_ca::x509::{Certificate, PublicKey, TbsCertificate};
use gost_ca::{Providers, RegistrationAuthority, Session, Timestamp};
use gost_ca_memory::MemoryClock;
use gost_ca_software::{CheapHasher, GostSigner, GostVerifier, SystemRng};
use gost_ca_sqlite::SqliteStore;
use jiff::SignedDuration;
use spki::AlgorithmIdentifierOwned;

#[path = "support/desk.rs"]
mod desk;
use desk::{Desk, Result, START, Storage, answer, command_id, fresh_key, key};

/// Where the child works; absent in the parent.
const FOLDER: &str = "GOST_CA_CRASH_FOLDER";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_at_any_kill_point() -> Result<()> {
    let points = std::env::var("KILL_POINTS").ok().and_then(|text| text.parse().ok());
    let (points, mut issued) = (points.unwrap_or(10_u64), 0);
    // a record for every twenty points: each check reads the whole of it
    for first in (0..points).step_by(20) {
        let folder = tempfile::tempdir()?;
        found(folder.path()).await?;
        let mut acknowledged = Acknowledged::default();
        for point in first..points.min(first + 20) {
            acknowledged.absorb(kill_a_child(folder.path(), point)?);
            check(folder.path(), &acknowledged).await?;
        }
        issued += acknowledged.issued.len();
    }
    assert!(issued > 0, "the children lived too short to prove anything");
    println!("{points} kill points, {issued} issuances acknowledged");
    Ok(())
}

/// Not a test: what the child process runs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run by the other test, in a process of its own"]
async fn child() -> Result<()> {
    let Some(folder) = std::env::var_os(FOLDER) else { return Ok(()) };
    let office = Arc::new(Office::open(Path::new(&folder)).await?);
    let tasks = (0..8).map(|_| tokio::spawn(issue_for_ever(Arc::clone(&office))));
    for task in tasks.collect::<Vec<_>>() {
        task.await?;
    }
    Ok(())
}

async fn issue_for_ever(office: Arc<Office>) {
    while office.issue().await.is_ok() {}
    panic!("an issuance failed");
}

/// What the children were told was done.
#[derive(Default)]
struct Acknowledged {
    issued: BTreeMap<CaseId, String>,
    /// The event that each other command is recorded by.
    did: BTreeSet<(StreamId, String)>,
}

impl Acknowledged {
    fn absorb(&mut self, lines: Vec<String>) {
        for line in lines {
            let words: Vec<_> = line.split(' ').collect();
            match words.as_slice() {
                ["issued", case, serial] => {
                    assert_eq!(
                        self.issued.insert(case.parse().unwrap(), (*serial).to_owned()),
                        None
                    );
                }
                ["did", stream, event] => {
                    self.did.insert((stream.parse().unwrap(), (*event).to_owned()));
                }
                _ => {}
            }
        }
    }
}

/// Lets a child work for a while that differs from point to point, and kills it.
fn kill_a_child(folder: &Path, point: u64) -> Result<Vec<String>> {
    let mut child = Process::new(std::env::current_exe()?)
        .args(["--exact", "child", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let lines = BufReader::new(child.stdout.take().unwrap());
    let reader = std::thread::spawn(move || lines.lines().map_while(std::io::Result::ok).collect());
    let mut random = [0; 2];
    SystemRng.fill(&mut random)?;
    // now and then while it opens, mostly while it issues
    let span = if point.is_multiple_of(8) { 40 } else { 400 };
    std::thread::sleep(Duration::from_micros(u64::from(u16::from_be_bytes(random)) * span / 65));
    kill(&mut child)?;
    Ok(reader.join().unwrap())
}

/// `SIGKILL`, on systems that have it.
fn kill(child: &mut Child) -> Result<()> {
    child.kill()?;
    child.wait()?;
    Ok(())
}

async fn check(folder: &Path, acknowledged: &Acknowledged) -> Result<()> {
    let office = Office::open(folder).await?;
    let swept = office.ra.sweep().await?;
    assert_eq!(swept.failed, [], "{swept:?}");
    let record = office.certificates().await?;
    for (case, serial) in &acknowledged.issued {
        assert_eq!(record.get(case), Some(serial), "an acknowledged certificate is lost");
    }
    for (stream, event) in &acknowledged.did {
        let recorded = office.events(stream).await?;
        assert!(recorded.contains(event), "{stream}: an acknowledged {event} is lost");
    }
    office.check_crls().await?;
    let serials: BTreeSet<_> = record.values().collect();
    assert_eq!(serials.len(), record.len(), "a serial number is used twice");
    for serial in signed(folder)? {
        assert!(serials.contains(&serial), "{serial} was signed and is not on record");
    }
    let report = verify(office.ra.providers().journal.audit()).await?;
    assert!(report.is_whole(), "{:?}", report.findings);
    Ok(())
}

/// The serial numbers of everything that the issuing key ever signed.
fn signed(folder: &Path) -> Result<BTreeSet<String>> {
    let lines = fs::read_to_string(folder.join("signed.log"))?;
    let whole = lines.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
    Ok(whole.map(str::to_owned).collect())
}

/// A signer that notes what it signs before anybody gets the signature.
#[derive(Debug)]
struct NotingSigner {
    inner: Arc<GostSigner>,
    log: Mutex<File>,
}

#[async_trait]
impl Signer for NotingSigner {
    fn public_key(&self) -> &PublicKey {
        self.inner.public_key()
    }

    fn algorithm(&self) -> &AlgorithmIdentifierOwned {
        self.inner.algorithm()
    }

    async fn sign(&self, message: Message<'_>) -> gost_ca::provider::Result<Vec<u8>> {
        // CRLs come as digests
        if let Message::Bytes(bytes) = message {
            let serial = TbsCertificate::from_der(bytes).unwrap().serial().to_string();
            self.log.lock().unwrap().write_all(format!("{serial}\n").as_bytes()).unwrap();
        }
        self.inner.sign(message).await
    }
}

/// The desk after a restart.
struct Office {
    ra: RegistrationAuthority,
    operator: Session,
    administrator: Session,
    rng: Arc<dyn Rng>,
    authority: AuthorityId,
    user: UserId,
}

/// Founds the record that all children work on.
async fn found(folder: &Path) -> Result<()> {
    let store = Arc::new(SqliteStore::open(folder.join("office.db"), WriterId::new([1; 16]))?);
    let desk = Desk::found(Storage { journal: store.clone(), directory: store }).await?;
    let user = desk.register(10).await?;
    for (name, session) in [("operator", &desk.operator), ("administrator", &desk.administrator)] {
        let Method::Certificate(case) = session.actor().method else { panic!() };
        let certificate = desk.ra.certificate(session, &case).await?;
        fs::write(folder.join(name).with_extension("cer"), certificate.as_der())?;
    }
    fs::write(folder.join("authority.cer"), desk.local.certificate().as_der())?;
    fs::write(folder.join("ids"), format!("{} {user}", desk.authority))?;
    fs::write(folder.join("signed.log"), "")?;
    Ok(())
}

impl Office {
    async fn open(folder: &Path) -> Result<Self> {
        let rng: Arc<dyn Rng> = Arc::new(SystemRng);
        let mut writer = [0; 16];
        rng.fill(&mut writer)?;
        let store = Arc::new(SqliteStore::open(folder.join("office.db"), WriterId::new(writer))?);
        let ids = fs::read_to_string(folder.join("ids"))?;
        let (authority, user) = ids.split_once(' ').unwrap();
        let (authority, user): (AuthorityId, UserId) = (authority.parse()?, user.parse()?);
        let providers = Providers::new(Essentials {
            journal: store.clone(),
            directory: store,
            verifier: Arc::new(GostVerifier),
            rng: Arc::clone(&rng),
            password_hasher: Arc::new(CheapHasher),
            clock: Arc::new(MemoryClock::at(START.parse()?)),
        });
        let local = Arc::new(local_authority(folder, &rng)?);
        let mut settings = desk::settings();
        settings.patience = SignedDuration::ZERO;
        let ra = RegistrationAuthority::new(providers.with_authority(authority, local), settings);
        let operator = sign_in(folder, &ra, "operator", &key(102, &rng)).await?;
        let administrator = sign_in(folder, &ra, "administrator", &key(2, &rng)).await?;
        Ok(Self { ra, operator, administrator, rng, authority, user })
    }

    /// One certificate, every fourth of them suspended at once; tells what is acknowledged.
    async fn issue(&self) -> Result<()> {
        let created = self.run(Command::CreateRequest {
            user: self.user,
            profile: "commercial".parse()?,
            authority: self.authority,
        });
        let Outcome::RequestCreated { case } = created.await? else { panic!() };
        let signer = fresh_key(&self.rng);
        let profile = self.ra.case(&self.operator, &case).await?.profile;
        let subject =
            self.ra.user(&self.operator, &self.user).await?.record.data.subject_attributes();
        let request = RequestBuilder::new(&subject)?.with_profile(&profile).sign(&*signer).await?;
        self.run(Command::ImportRequest { case, request: request.as_der().to_vec() }).await?;
        let Outcome::Issued { serial, .. } = self.run(Command::Submit { case }).await? else {
            panic!()
        };
        tell(&format!("issued {case} {serial}"));
        let stream = StreamId::Case(case);
        for (command, event) in Self::afterwards(case) {
            let stream = match self.run(command).await? {
                Outcome::Registered { user, .. } => StreamId::Account(user),
                Outcome::RequestCreated { case } => StreamId::Case(case),
                _ => stream,
            };
            tell(&format!("did {stream} {event}"));
        }
        if case.octets()[0].is_multiple_of(16) {
            self.make_crls().await?;
        }
        Ok(())
    }

    /// Another task's may be under way, which is the answer then.
    async fn make_crls(&self) -> Result<()> {
        let next_update = START.parse::<Timestamp>()? + SignedDuration::from_hours(24);
        let command = Command::IssueCrl { authority: self.authority, next_update };
        let envelope = Envelope::new(command_id(&self.rng), command);
        self.ra.execute(&self.administrator, &envelope).await?;
        tell(&format!("did {} crl.issued", StreamId::Authority(self.authority)));
        Ok(())
    }

    /// What is done after an issuance, and the event that it is recorded by.
    fn afterwards(case: CaseId) -> Vec<(Command, &'static str)> {
        let ground = || Ground { kind: GroundKind::OwnerApplication, document: "№ 1".to_owned() };
        let suspend = || Command::Suspend { case, ground: ground(), until: None, on_end: None };
        let resume = Command::Resume { case, ground: ground() };
        let revoke = || Command::revoke(case, Reason::Superseded, ground());
        match case.octets()[0] % 12 {
            0 => vec![(suspend(), "certificate.suspended")],
            1 => vec![(suspend(), "certificate.suspended"), (resume, "certificate.resumed")],
            2 => vec![(revoke(), "certificate.revoked")],
            3 => vec![(Command::Renew { case }, "request.created")],
            4 => {
                let (title, items) = ("Пачка".to_owned(), vec![suspend(), revoke()]);
                vec![(Command::Bulk { title, items }, "certificate.revoked")]
            }
            5 => vec![(Self::register(case), "user.registered")],
            _ => Vec::new(),
        }
    }

    /// Somebody whom nobody registered before.
    fn register(case: CaseId) -> Command {
        let [a, b, c, ..] = case.octets();
        let number = u32::from_be_bytes([0, *a, *b, *c]);
        let (office, login) = (Some("main".parse().unwrap()), format!("user-{case}"));
        let UserRecord { login, data } = desk::people::staff(number, &login[..20]).unwrap();
        let (role, person_known) = (Role::User, true);
        Command::Register(Box::new(Register { role, office, login, data, person_known }))
    }

    /// The events of a stream.
    async fn events(&self, stream: &StreamId) -> Result<Vec<String>> {
        let entries = self.ra.providers().journal.load(stream, 0).await?.entries;
        let event = |octets: &[u8]| -> Result<String> {
            let entry: serde_json::Value = serde_json::from_slice(octets)?;
            Ok(entry["fact"]["kind"].as_str().unwrap().to_owned())
        };
        entries.iter().map(|entry| event(&entry.0)).collect()
    }

    /// No number of a CRL is given twice, and none is issued without having been intended.
    async fn check_crls(&self) -> Result<()> {
        let stream = StreamId::Authority(self.authority);
        let entries = self.ra.providers().journal.load(&stream, 0).await?.entries;
        let (mut intended, mut last) = (BTreeSet::new(), 0);
        for entry in &entries {
            match Entry::<AuthorityFact>::decode(entry)?.fact {
                AuthorityFact::CrlIntended { number, .. } => {
                    assert!(intended.insert(number), "CRL {number} was leased twice");
                }
                AuthorityFact::CrlIssued(issued) => {
                    assert!(intended.contains(&issued.number) && issued.number > last);
                    last = issued.number;
                }
                _ => {}
            }
        }
        Ok(())
    }

    async fn run(&self, command: Command) -> Result<Outcome> {
        let envelope = Envelope::new(command_id(&self.rng), command);
        Ok(self.ra.execute(&self.operator, &envelope).await?)
    }

    /// The serial numbers on record, by case; nothing is left half-way.
    async fn certificates(&self) -> Result<BTreeMap<CaseId, String>> {
        let (mut certificates, mut page) = (BTreeMap::new(), Page::first(500));
        loop {
            let (cases, next) =
                self.ra.list_cases(&self.operator, CaseFilter::default(), &page).await?;
            for view in cases {
                let card = self.ra.case(&self.operator, &view.case).await?;
                let unfinished = [CaseState::Submitted, CaseState::Approved, CaseState::Issuing];
                assert!(
                    !unfinished.contains(&card.case.state()),
                    "{:?} after a sweep",
                    card.case.state()
                );
                if let Some(issued) = card.case.issued() {
                    certificates.insert(view.case, issued.serial.to_string());
                }
            }
            match next {
                Some(cursor) => page.after = Some(cursor),
                None => return Ok(certificates),
            }
        }
    }
}

async fn sign_in(
    folder: &Path,
    ra: &RegistrationAuthority,
    name: &str,
    key: &GostSigner,
) -> Result<Session> {
    let certificate = Certificate::from_der(&fs::read(folder.join(name).with_extension("cer"))?)?;
    Ok(ra.sign_in(&certificate, &answer(ra, key).await?).await?)
}

fn local_authority(folder: &Path, rng: &Arc<dyn Rng>) -> Result<LocalAuthority> {
    let log: PathBuf = folder.join("signed.log");
    let log = Mutex::new(OpenOptions::new().append(true).open(log)?);
    let signer = Arc::new(NotingSigner { inner: key(1, rng), log });
    let certificate = Certificate::from_der(&fs::read(folder.join("authority.cer"))?)?;
    let key = AuthorityKey::new(signer, certificate, &GostVerifier)?;
    Ok(LocalAuthority::new(key, Arc::new(GostVerifier), &**rng)?)
}

/// One write, so that a line is whole or not there.
fn tell(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("{line}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}
