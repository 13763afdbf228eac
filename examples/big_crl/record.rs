//! A record with that many certificates on its CRL.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gost_ca::command::{Command, Envelope, ImportedCertificate, Outcome};
use gost_ca::commitment::Commitment;
use gost_ca::entry::{Actor, Entry, VERSION};
use gost_ca::fact::{CaseFact, Imported, ImportedStatus, Issued, RequestCreated};
use gost_ca::id::{AuthorityId, CaseId, CommandId, UserId, WriterId};
use gost_ca::lifecycle::Case;
use gost_ca::provider::authority::Validity;
use gost_ca::provider::journal::{Batch, Change, CommandMark, Expected, StreamId};
use gost_ca::provider::key_store::Message;
use gost_ca::provider::{Clock, Rng, Signer};
use gost_ca::providers::Essentials;
use gost_ca::reason::Reason;
use gost_ca::registration_authority::{Answer, Founding};
use gost_ca::view::{Role, View};
use gost_ca::x509::{Certificate, KeyIdentity, SerialNumber};
use gost_ca::{Providers, RegistrationAuthority, Session, Settings, Timestamp};
use gost_ca_files::CrlFolder;
use gost_ca_software::{CheapHasher, GostSigner, GostVerifier, SystemRng};
use gost_ca_sqlite::SqliteStore;
use indicatif::ProgressBar;
use jiff::SignedDuration;

use crate::issuer::{authority, certify, key, profile, public_key};
use crate::{Result, people};

/// The record, open, with its administrator signed in.
pub(crate) struct Record {
    ra: RegistrationAuthority,
    session: Session,
    folder: PathBuf,
}

/// The time of the workplace.
#[derive(Debug)]
struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

impl Record {
    /// Opens the record of that many entries beside the CRL, and makes it where there is none.
    pub(crate) async fn open(entries: u64, out: &Path) -> Result<Self> {
        let folder = beside(out, "office");
        let whole = folder.join("entries");
        if fs::read_to_string(&whole).is_ok_and(|made| made == entries.to_string()) {
            let issuer = Certificate::from_der(&fs::read(beside(out, "issuer.cer"))?)?;
            let ra = registration_authority(&folder, Some(issuer)).await?;
            let session = sign_in(&ra, &*key(2)?).await?;
            return Ok(Self { ra, session, folder });
        }
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let record = Self::make(entries, out, folder).await?;
        fs::write(whole, entries.to_string())?;
        Ok(record)
    }

    /// Makes a CRL; gives the file in which it lies.
    pub(crate) async fn issue(&self) -> Result<PathBuf> {
        let next_update = Timestamp::now() + SignedDuration::from_hours(7 * 24);
        let command = Command::IssueCrl { authority: authority_id(), next_update };
        self.ra.execute(&self.session, &Envelope::new(random_id()?, command)).await?;
        let lines = self.ra.crl_lines(&authority_id()).await?;
        let full = lines.first().and_then(|line| line.full.as_ref()).ok_or("no CRL")?;
        Ok(self.folder.join("crls").join(full.file.as_ref().ok_or("no file")?))
    }

    /// Looks for what is due; nothing is.
    pub(crate) async fn sweep(&self) -> Result<()> {
        self.ra.sweep().await?;
        Ok(())
    }

    async fn make(entries: u64, out: &Path, folder: PathBuf) -> Result<Self> {
        let root = authority(None).await?;
        fs::write(beside(out, "issuer.cer"), root.certificate().as_der())?;
        let ra = registration_authority(&folder, Some(root.certificate().clone())).await?;
        let founder = Founding {
            id: CommandId::new(FOUNDING),
            administrator: people::staff(1, "administrator")?,
            key: public_key(&*key(2)?),
        };
        let session = ra.found(founder).await?;
        let record = Self { ra, session, folder };
        let open = Command::OpenAuthority { title: "big_crl".to_owned() };
        record.ra.execute(&record.session, &Envelope::new(CommandId::new(OPENING), open)).await?;
        let certificate = root.certificate().as_der().to_vec();
        record.run(Command::InstallAuthorityKey { authority: authority_id(), certificate }).await?;
        record.run(Command::AdoptProfile { profile: Box::new(profile()) }).await?;
        record.import_three(&root, out).await?;
        let issuer = *root.keys().next().ok_or("no key")?.identity();
        println!("{entries} certificates are recorded once; then they are counted once.");
        record.fill(entries.saturating_sub(2), issuer).await?;
        record.issue().await?;
        Ok(record)
    }

    async fn run(&self, command: Command) -> Result<Outcome> {
        Ok(self.ra.execute(&self.session, &Envelope::new(random_id()?, command)).await?)
    }

    /// The three that can be asked about, by the command that everybody uses.
    async fn import_three(
        &self,
        root: &gost_ca::authority::LocalAuthority,
        out: &Path,
    ) -> Result<()> {
        let since = now();
        let revoked = ImportedStatus::Revoked {
            date: since,
            reason: Reason::KeyCompromise,
            invalidity: None,
        };
        let three = [
            ("good", ImportedStatus::Good),
            ("revoked", revoked),
            ("suspended", ImportedStatus::Suspended { since }),
        ];
        let mut certificates = Vec::new();
        for (number, (name, status)) in (10..).zip(three) {
            let certificate = certify(root, number).await?.as_der().to_vec();
            fs::write(beside(out, &format!("{name}.cer")), &certificate)?;
            let user = UserId::made_by(&CommandId::new(FOUNDING));
            certificates.push(ImportedCertificate { user, certificate, status, partition: 0 });
        }
        let (authority, profile) = (authority_id(), profile().id);
        self.run(Command::Import { authority, profile, certificates }).await?;
        Ok(())
    }

    /// All others: entries as `Import` makes them, without the certificates themselves and the claims.
    async fn fill(&self, entries: u64, issuer: KeyIdentity) -> Result<()> {
        let bar = ProgressBar::new(entries);
        let journal = &*self.ra.providers().journal;
        let mut next = 0;
        while next < entries {
            let end = entries.min(next.saturating_add(AT_ONCE));
            let changes = (next..end).map(|number| change(number, issuer));
            let batch = Batch {
                command: CommandMark { id: random_id()?, digest: [0; 32] },
                at: now(),
                changes: changes.collect::<Result<_>>()?,
                claims: Vec::new(),
                documents: Vec::new(),
                outcome: Vec::new(),
            };
            journal.commit(&batch).await?;
            bar.inc(end.saturating_sub(next));
            next = end;
        }
        bar.finish_and_clear();
        Ok(())
    }
}

async fn registration_authority(
    folder: &Path,
    issuer: Option<Certificate>,
) -> Result<RegistrationAuthority> {
    let rng: Arc<dyn Rng> = Arc::new(SystemRng);
    let mut writer = [0; 16];
    rng.fill(&mut writer)?;
    let store = Arc::new(SqliteStore::open(folder.join("office.db"), WriterId::new(writer))?);
    let essentials = Essentials {
        journal: store.clone(),
        directory: store,
        verifier: Arc::new(GostVerifier),
        rng,
        password_hasher: Arc::new(CheapHasher),
        clock: Arc::new(SystemClock),
    };
    let providers = Providers::new(essentials)
        .with_crl_sink(Arc::new(CrlFolder::open(folder.join("crls"))?))
        .with_authority(authority_id(), Arc::new(authority(issuer).await?));
    let mut settings = Settings::default();
    // millions of certificates are recorded in one session
    (settings.session, settings.idle) = (SignedDuration::MAX, SignedDuration::MAX);
    Ok(RegistrationAuthority::new(providers, settings))
}

async fn sign_in(ra: &RegistrationAuthority, signer: &GostSigner) -> Result<Session> {
    let challenge = ra.challenge().await?;
    let signature = signer.sign(Message::Bytes(&challenge.signed_bytes())).await?;
    let answer = Answer::new(challenge, signer.algorithm().clone(), signature);
    Ok(ra.sign_in_by_key(&public_key(signer), &answer).await?)
}

/// One certificate more: every tenth is on hold, the others are revoked.
fn change(number: u64, issuer: KeyIdentity) -> Result<Change> {
    let octets = [[0x51; 8], number.to_be_bytes()].concat();
    let octets = <[u8; 16]>::try_from(octets).map_err(|_| "sixteen octets")?;
    let (case, since) = (CaseId::new(octets), now());
    let entry = Entry {
        version: VERSION,
        at: since,
        effective: since,
        actor: Actor::SYSTEM,
        command: CommandId::new(octets),
        fact: CaseFact::CertificateImported(Box::new(imported(octets, issuer, since)?)),
    };
    let folded = Case::begin(case, &entry)?;
    let certificate = folded.certificate_view().ok_or("a certificate")?;
    Ok(Change {
        stream: StreamId::Case(case),
        expected: Expected::Exactly(0),
        entries: vec![entry.encode()],
        views: vec![View::Case(folded.view()), View::Certificate(certificate)],
    })
}

fn imported(octets: [u8; 16], issuer: KeyIdentity, since: Timestamp) -> Result<Imported> {
    let wide: [u8; 32] = [octets, octets].concat().try_into().map_err(|_| "32 octets")?;
    let [.., last] = octets;
    let status = match last % 10 {
        0 => ImportedStatus::Suspended { since },
        _ => ImportedStatus::Revoked { date: since, reason: Reason::Superseded, invalidity: None },
    };
    let begun = RequestCreated {
        user: UserId::made_by(&CommandId::new(FOUNDING)),
        role: Role::User,
        office: None,
        registration: Commitment::from_octets(wide),
        profile: "sign-in".parse()?,
        profile_version: 1,
        authority: authority_id(),
        lineage: CaseId::new(octets),
        renews: None,
        succession: None,
        ends: None,
    };
    let mut thumbprint = [0; 20];
    thumbprint[..16].copy_from_slice(&octets);
    let years = SignedDuration::from_hours(24 * 365 * 3);
    let issuance = Issued {
        certificate: Commitment::from_octets(wide),
        issuer,
        serial: SerialNumber::from_magnitude(&octets)?,
        validity: Validity { not_before: since, not_after: since + years },
        thumbprint,
        partition: 0,
    };
    Ok(Imported { begun, public_key: KeyIdentity::from_octets(wide), issued: issuance, status })
}

/// Now in whole seconds, as CRLs have them.
fn now() -> Timestamp {
    Timestamp::from_second(Timestamp::now().as_second()).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn random_id() -> Result<CommandId> {
    let mut octets = [0; 16];
    SystemRng.fill(&mut octets)?;
    Ok(CommandId::new(octets))
}

/// `FILE.name`.
fn beside(out: &Path, name: &str) -> PathBuf {
    let mut path = out.as_os_str().to_owned();
    path.push(format!(".{name}"));
    path.into()
}

fn authority_id() -> AuthorityId {
    AuthorityId::made_by(&CommandId::new(OPENING))
}

const FOUNDING: [u8; 16] = [0x71; 16];
const OPENING: [u8; 16] = [0x72; 16];
/// Certificates in one commit.
const AT_ONCE: u64 = 2_000;
