//! The office of the day: providers, the authority's keys, profiles, offices.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gost_ca::command::{Command, Envelope, Outcome, Register};
use gost_ca::id::{AuthorityId, CommandId, OfficeId, WriterId};
use gost_ca::profile::{Locations, OnEnd, Preset, Suspension};
use gost_ca::provider::key_store::{KeyAlgorithm, KeyId};
use gost_ca::provider::verifier::FirstThatKnows;
use gost_ca::provider::{Clock, Journal, Rng, Signer, UserRecord, Verifier};
use gost_ca::providers::Essentials;
use gost_ca::registration::ApplicationDocument;
use gost_ca::registration_authority::Founding;
use gost_ca::request::RequestBuilder;
use gost_ca::view::Role;
use gost_ca::x509::Certificate;
use gost_ca::{Providers, RegistrationAuthority, Session, Settings, Timestamp};
use gost_ca_ecdsa_rsa::EcdsaRsaVerifier;
use gost_ca_mail::{MailFolder, Sender};
use gost_ca_software::argon2_hasher::Cost;
use gost_ca_software::biological::BiologicalRng;
use gost_ca_software::{Argon2Hasher, GostVerifier, SystemRng};
use gost_ca_sqlite::SqliteStore;
use jiff::SignedDuration;

use crate::Result;
use crate::arguments::Arguments;
use crate::authority::{Authority, tools};
use crate::events::Events;
use crate::keys::Keys;
use crate::letterhead::Letterhead;
use crate::people::staff;
use crate::report::Summary;
use crate::staff::{Operator, answer, staff_pin};

pub(crate) struct Office {
    pub(crate) ra: RegistrationAuthority,
    pub(crate) keys: Keys,
    pub(crate) authority: AuthorityId,
    pub(crate) algorithm: KeyAlgorithm,
    pub(crate) out: PathBuf,
    pub(crate) administrator: Session,
    pub(crate) letterhead: Letterhead,
    events: Events,
    rng: Arc<dyn Rng>,
}

/// The machine's own clock.
#[derive(Debug)]
struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

impl Office {
    /// From an empty folder to a record with an administrator and an authority.
    pub(crate) async fn found(arguments: &Arguments) -> Result<Self> {
        std::fs::create_dir_all(&arguments.out)?;
        let rng: Arc<dyn Rng> = Arc::new(SystemRng);
        let mut keys = Keys::in_folders(&arguments.out, &rng).await?;
        if let Some(token) = &arguments.key_store {
            keys = keys.elsewhere(token, arguments.algorithm, &arguments.out).await?;
        }
        let providers = keys.register(providers(&arguments.out, &rng)?);

        // the first administrator signs in by a bare key, until there is a certificate for it
        let (key, pin) = (keys.staff.key("administrator"), staff_pin());
        let signer = keys.staff.make(&key.container, arguments.algorithm, (&pin, &*rng)).await?;
        let ra = RegistrationAuthority::new(providers.clone(), Settings::default());
        let id = CommandId::new(random(&*rng)?);
        let founding = Founding {
            id,
            administrator: staff(1, "administrator")?,
            key: signer.public_key().clone(),
        };
        ra.found(founding).await?;
        let session = ra.sign_in_by_key(signer.public_key(), &answer(&ra, &*signer).await?).await?;

        // an authority is known to the record first, and then to the providers
        let title = TITLE.to_owned();
        let open = Envelope::new(CommandId::new(random(&*rng)?), Command::OpenAuthority { title });
        let Outcome::AuthorityOpened { authority } = ra.execute(&session, &open).await? else {
            return Err("the authority was not opened".into());
        };
        let algorithm = arguments.authority_algorithm;
        let root = keys.authority.make("root", algorithm, (&pin, &*rng)).await?;
        let issuing = keys.authority.make("issuing", algorithm, (&pin, &*rng)).await?;
        let made = Authority::make(root, issuing, algorithm, &*rng).await?;
        let certificate = made.issuing.certificate().clone();
        write_authority(&arguments.out, &made.root, &certificate)?;
        let providers = providers.with_authority(authority, Arc::new(made.issuing));
        let mut settings = Settings::default();
        TITLE.clone_into(&mut settings.notices.authority);
        let ra = RegistrationAuthority::new(providers, settings);

        let events = Events::read(&arguments.events)?;
        let (algorithm, out) = (arguments.algorithm, arguments.out.clone());
        let letterhead = Letterhead::new()?;
        let mut office = Self {
            ra,
            keys,
            authority,
            algorithm,
            out,
            administrator: session,
            letterhead,
            events,
            rng,
        };
        let certificate = certificate.as_der().to_vec();
        office
            .execute(&office.administrator, Command::InstallAuthorityKey { authority, certificate })
            .await?;
        office.adopt_profiles().await?;
        office.certify_administrator(&*signer, &key).await?;
        Ok(office)
    }

    async fn adopt_profiles(&self) -> Result<()> {
        for preset in [Preset::Commercial, Preset::TaxService, Preset::Departmental, Preset::SignIn]
        {
            let tools = (preset != Preset::SignIn).then(tools);
            let mut profile = Box::new(preset.profile(tools, locations()));
            if preset != Preset::SignIn {
                profile.suspension = Suspension::Allowed { max_days: 30, on_end: OnEnd::Resume }; // this authority's regulations (R4)
            }
            self.execute(&self.administrator, Command::AdoptProfile { profile }).await?;
        }
        Ok(())
    }

    /// A certificate for the very key that the record was founded with: no bare key signs in after it.
    async fn certify_administrator(&mut self, signer: &dyn Signer, key: &KeyId) -> Result<()> {
        let session = self.administrator.clone();
        let user = session.actor().user.ok_or("the founding session has no account")?;
        let case = self.create_request(&session, user, "sign-in").await?;
        let card = self.ra.case(&session, &case).await?;
        let subject = self.ra.user(&session, &user).await?.record.data.subject_attributes();
        let request =
            RequestBuilder::new(&subject)?.with_profile(&card.profile).sign(signer).await?;
        let request = request.as_der().to_vec();
        self.execute(&session, Command::ImportRequest { case, request }).await?;
        self.submit(&session, case).await?;
        self.administrator = self.sign_in(&session, case, key).await?;
        Ok(())
    }

    /// Opens every office that the applications name and one more, and registers an operator for each.
    pub(crate) async fn open_offices(
        &self,
        documents: &[ApplicationDocument],
    ) -> Result<BTreeMap<OfficeId, Operator>> {
        let mut offices = documents.iter().map(office_of).collect::<Result<BTreeSet<_>>>()?;
        offices.insert(OTHER_OFFICE.parse()?);
        let mut operators = BTreeMap::new();
        for (number, office) in (2..).zip(offices) {
            let title = format!("Пункт выдачи «{office}»");
            self.execute(
                &self.administrator,
                Command::OpenOffice { office: office.clone(), title },
            )
            .await?;
            let login = format!("operator-{office}");
            let UserRecord { login, data } = staff(number, &login)?;
            let register = Register {
                role: Role::Operator,
                office: Some(office.clone()),
                login: login.clone(),
                data,
                person_known: false,
            };
            let registered =
                self.execute(&self.administrator, Command::Register(Box::new(register))).await?;
            let Outcome::Registered { user, .. } = registered else {
                return Err(format!("an operator was to be registered, not {registered:?}").into());
            };
            let session = self.certify_staff(user, login.as_str()).await?;
            operators.insert(office, Operator { session });
        }
        Ok(operators)
    }

    /// Makes the CRL and puts it where verifiers would look.
    pub(crate) async fn publish(&self) -> Result<()> {
        let next_update = Timestamp::now() + SignedDuration::from_hours(7 * 24);
        let next_update = Timestamp::from_second(next_update.as_second())?;
        let command = Command::IssueCrl { authority: self.authority, next_update };
        self.execute(&self.administrator, command).await?;
        let crls = self.ra.crls(&self.authority).await?;
        let newest = crls.last().ok_or("no CRL")?;
        Ok(std::fs::write(self.out.join("authority/issuing.crl"), newest)?)
    }

    /// U16: what owners are to be told goes out; gives how many letters, and how many had no address.
    pub(crate) async fn send_letters(&self) -> Result<(usize, usize)> {
        let (mut letters, mut unsent) = (0, 0);
        loop {
            let swept = self.ra.sweep().await?;
            if swept.sent.is_empty() && swept.unsent.is_empty() {
                return Ok((letters, unsent));
            }
            (letters, unsent) = (letters + swept.sent.len(), unsent + swept.unsent.len());
        }
    }

    /// U18: all about the first user who has a certificate.
    pub(crate) async fn write_dossier(&self, summary: &Summary) -> Result<PathBuf> {
        for user in summary.0.iter().filter_map(|line| line.user) {
            let cases = self.ra.user(&self.administrator, &user).await?.cases;
            if let Some(row) = cases.last() {
                let stationery = self.letterhead.stationery();
                let dossier = self.ra.dossier(&self.administrator, &row.case, &stationery).await?;
                let path = self.out.join(format!("{}.zip", dossier.name));
                std::fs::write(&path, gost_ca_dossier::to_zip(&dossier)?)?;
                return Ok(path);
            }
        }
        Err("nobody has a certificate".into())
    }

    /// A fresh id.
    pub(crate) fn command_id(&self) -> Result<CommandId> {
        Ok(CommandId::new(random(&*self.rng)?))
    }

    /// A command under a fresh id.
    pub(crate) fn envelope(&self, command: Command) -> Result<Envelope> {
        Ok(Envelope::new(CommandId::new(random(&*self.rng)?), command))
    }

    pub(crate) async fn execute(&self, by: &Session, command: Command) -> Result<Outcome> {
        Ok(self.ra.execute(by, &self.envelope(command)?).await?)
    }

    /// An operator of another office tries what is not theirs; gives the refusals.
    pub(crate) async fn trespass(
        &self,
        operators: &BTreeMap<OfficeId, Operator>,
        summary: &Summary,
    ) -> Result<Vec<String>> {
        let stranger = &operators.get(&OTHER_OFFICE.parse()?).ok_or("no other office")?.session;
        let users = summary.0.iter().filter_map(|line| line.user);
        let mut refusals = Vec::new();
        for user in users.take(2) {
            let command = Command::IssueTemporaryPassword { user };
            match self.ra.execute(stranger, &self.envelope(command)?).await {
                Err(gost_ca::Error::Refused(why)) => {
                    refusals.push(format!("{why} [{}]", why.code()));
                }
                other => {
                    return Err(
                        format!("another office's operator was not refused: {other:?}").into()
                    );
                }
            }
        }
        Ok(refusals)
    }

    /// The workplace's generator: a person's moves, mixed with the system's randomness (V4).
    pub(crate) fn biological(&self) -> Result<BiologicalRng> {
        self.events.collect(Arc::clone(&self.rng))
    }
}

/// The operator who serves an application.
pub(crate) fn operator_for<'a>(
    operators: &'a BTreeMap<OfficeId, Operator>,
    document: &ApplicationDocument,
) -> Result<&'a Operator> {
    Ok(operators.get(&office_of(document)?).ok_or("an office without an operator")?)
}

/// The office that keeps an application; the first one where the document names none.
pub(crate) fn office_of(document: &ApplicationDocument) -> Result<OfficeId> {
    Ok(document.office.clone().map_or_else(|| DEFAULT_OFFICE.parse(), Ok)?)
}

fn providers(out: &Path, rng: &Arc<dyn Rng>) -> Result<Providers> {
    let store = Arc::new(SqliteStore::open(out.join("office.db"), WriterId::new(random(&**rng)?))?);
    let essentials = Essentials {
        journal: Arc::clone(&store) as Arc<dyn Journal>,
        directory: store,
        verifier: verifier(),
        rng: Arc::clone(rng),
        password_hasher: Arc::new(Argon2Hasher::new(Cost::default(), 2, 64)?),
        clock: Arc::new(SystemClock),
    };
    // where a mail program finds the letters to owners
    let sender = Sender::new(TITLE, "notices@ca.example.org")?;
    let letters = MailFolder::open(out.join("letters"), sender)?;
    Ok(Providers::new(essentials).with_notifier(Arc::new(letters)))
}

/// For keys of GOST, and for an authority's on a token that knows others only.
pub(crate) fn verifier() -> Arc<dyn Verifier> {
    Arc::new(FirstThatKnows::new(vec![Arc::new(GostVerifier), Arc::new(EcdsaRsaVerifier)]))
}

fn write_authority(out: &Path, root: &Certificate, issuing: &Certificate) -> Result<()> {
    let folder = out.join("authority");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("root.cer"), root.as_der())?;
    std::fs::write(folder.join("issuing.cer"), issuing.as_der())?;
    Ok(())
}

/// Where verifiers will look; nobody answers there.
pub(crate) fn locations() -> Locations {
    Locations {
        delta: Vec::new(),
        crl: vec!["http://ca.example.org/issuing.crl".to_owned()],
        issuer: vec!["http://ca.example.org/issuing.cer".to_owned()],
        ocsp: Vec::new(),
    }
}

pub(crate) fn random<const N: usize>(rng: &dyn Rng) -> Result<[u8; N]> {
    let mut octets = [0; N];
    rng.fill(&mut octets)?;
    Ok(octets)
}

/// Where applications go that name no office.
const DEFAULT_OFFICE: &str = "main";
/// The office that serves nobody today.
const OTHER_OFFICE: &str = "other";
const TITLE: &str = "Учебный удостоверяющий центр";
