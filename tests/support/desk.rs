//! A desk for tests: a founded record with an authority, an office, an administrator and an operator.
#![allow(dead_code, reason = "each test uses its part of the desk")]

use std::error::Error;
use std::sync::Arc;

use gost_ca::authority::{AuthorityKey, LocalAuthority, SelfSigned};
use gost_ca::command::{Command, Envelope, Outcome, Register};
use gost_ca::id::{AuthorityId, CaseId, CommandId, OfficeId, UserId};
use gost_ca::oid::Oid;
use gost_ca::profile::{Locations, Preset, Profile, SignTools};
use gost_ca::provider::key_store::{KeyAlgorithm, Message};
use gost_ca::provider::{CertificateAuthority, Journal, Rng, Signer, UserDirectory, UserRecord};
use gost_ca::providers::Essentials;
use gost_ca::registration::{StringType, SubjectAttribute};
use gost_ca::registration_authority::{Answer, Founding};
use gost_ca::request::RequestBuilder;
use gost_ca::view::Role;
use gost_ca::x509::SerialNumber;
use gost_ca::{Providers, RegistrationAuthority, Session, Settings, Timestamp};
use gost_ca_memory::{MemoryClock, SeededRng};
use gost_ca_software::{CheapHasher, GostSigner, GostVerifier};
use gost3410::{ParameterSet, SigningKey};

#[path = "../../examples/operator_day/people.rs"]
pub(crate) mod people;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// When tests happen.
pub(crate) const START: &str = "2026-03-02T09:00:00Z";
pub(crate) const SET: ParameterSet = ParameterSet::TC26_256_A;

pub(crate) struct Desk {
    pub(crate) ra: RegistrationAuthority,
    pub(crate) clock: MemoryClock,
    pub(crate) rng: Arc<dyn Rng>,
    pub(crate) authority: AuthorityId,
    pub(crate) local: Arc<LocalAuthority>,
    pub(crate) office: OfficeId,
    pub(crate) founding: CommandId,
    pub(crate) founder: Session,
    pub(crate) administrator: Session,
    pub(crate) operator: Session,
}

/// Where the desk keeps its record.
pub(crate) struct Storage {
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) directory: Arc<dyn UserDirectory>,
}

/// As by default, but sessions last: in tests, months pass between two clicks.
pub(crate) fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.session = jiff::SignedDuration::MAX;
    settings.idle = jiff::SignedDuration::MAX;
    settings
}

/// A key whose private half is a function of its number.
pub(crate) fn key(number: u8, rng: &Arc<dyn Rng>) -> Arc<GostSigner> {
    let mut octets = [number; 32];
    octets[31] = 0x1f;
    let key = SigningKey::from_le_bytes(SET, &octets).unwrap();
    Arc::new(GostSigner::new(key, Arc::clone(rng)).unwrap())
}

/// A key that nobody had before.
pub(crate) fn fresh_key(rng: &Arc<dyn Rng>) -> Arc<GostSigner> {
    let mut octets = [0; 32];
    rng.fill(&mut octets).unwrap();
    octets[31] &= 0x1f;
    let key = SigningKey::from_le_bytes(SET, &octets).unwrap();
    Arc::new(GostSigner::new(key, Arc::clone(rng)).unwrap())
}

/// Answers a challenge.
pub(crate) async fn answer(ra: &RegistrationAuthority, signer: &dyn Signer) -> Result<Answer> {
    let challenge = ra.challenge().await?;
    let signature = signer.sign(Message::Bytes(&challenge.signed_bytes())).await?;
    Ok(Answer::new(challenge, signer.algorithm().clone(), signature))
}

/// The root that tests issue under; the same key each time.
pub(crate) async fn authority(rng: &Arc<dyn Rng>, at: Timestamp) -> Result<LocalAuthority> {
    authority_by(key(1, rng), rng, at).await
}

/// A root with this key.
pub(crate) async fn authority_by(
    signer: Arc<GostSigner>,
    rng: &Arc<dyn Rng>,
    at: Timestamp,
) -> Result<LocalAuthority> {
    let verifier = Arc::new(GostVerifier);
    let profile = Preset::Root.profile(Some(tools()), Locations::default());
    let root = SelfSigned {
        subject: &subject(),
        profile: &profile,
        validity: profile.validity_from(at),
        serial: SerialNumber::from_magnitude(&[0x51; 16])?,
    };
    let key = AuthorityKey::self_signed(signer, &root, &*verifier).await?;
    Ok(LocalAuthority::new(key, verifier, &**rng)?)
}

/// A legal entity, as the qualified form wants it.
fn subject() -> Vec<SubjectAttribute> {
    use StringType::{Numeric, Printable, Utf8};
    [
        ("2.5.4.3", Utf8, "Учебный УЦ"),
        ("2.5.4.10", Utf8, "Учебный УЦ"),
        ("2.5.4.6", Printable, "RU"),
        ("2.5.4.8", Utf8, "77 г. Москва"),
        ("2.5.4.7", Utf8, "г. Москва"),
        ("2.5.4.9", Utf8, "ул. Учебная, д. 1"),
        ("1.2.643.100.1", Numeric, "1027700132195"),
        ("1.2.643.100.4", Numeric, "7707083893"),
    ]
    .map(|(oid, string, value)| SubjectAttribute {
        oid: Oid::new_unwrap(oid),
        string,
        value: value.to_owned(),
    })
    .into()
}

pub(crate) fn tools() -> SignTools {
    let text = |text: &str| text.to_owned();
    SignTools {
        subject: text("Средство владельца"),
        issuer: text("Средство УЦ"),
        authority: text("ПО УЦ"),
        issuer_document: text("Документ № 1"),
        authority_document: text("Документ № 2"),
    }
}

/// The profile for users, with its own key algorithm alone.
pub(crate) fn profile() -> Profile {
    let locations =
        Locations { crl: vec!["http://ca.example/ca.crl".to_owned()], ..Locations::default() };
    let mut profile = Preset::Commercial.profile(Some(tools()), locations);
    profile.key_algorithms = vec![algorithm()];
    profile
}

pub(crate) fn algorithm() -> KeyAlgorithm {
    KeyAlgorithm::Gost3410(Oid(SET.oid()))
}

fn providers(storage: Storage, clock: &MemoryClock, rng: &Arc<dyn Rng>) -> Providers {
    Providers::new(Essentials {
        journal: storage.journal,
        directory: storage.directory,
        verifier: Arc::new(GostVerifier),
        rng: Arc::clone(rng),
        password_hasher: Arc::new(CheapHasher),
        clock: Arc::new(clock.clone()),
    })
}

impl Desk {
    /// Another registration authority over the same record.
    pub(crate) fn twin(&self, storage: Storage) -> RegistrationAuthority {
        let local = Arc::clone(&self.local) as Arc<dyn CertificateAuthority>;
        let providers = providers(storage, &self.clock, &self.rng);
        RegistrationAuthority::new(providers.with_authority(self.authority, local), settings())
    }

    /// Founds an empty record and sets the desk up.
    pub(crate) async fn found(storage: Storage) -> Result<Self> {
        let clock = MemoryClock::at(START.parse()?);
        let rng: Arc<dyn Rng> = Arc::new(SeededRng::new(2026));
        let local = Arc::new(authority(&rng, START.parse()?).await?);
        let providers = providers(storage, &clock, &rng);
        let administrator = key(2, &rng);
        let ra = RegistrationAuthority::new(providers.clone(), settings());
        let founding_id = command_id(&rng);
        let founding = Founding {
            id: founding_id,
            administrator: people::staff(1, "administrator")?,
            key: administrator.public_key().clone(),
        };
        let session = ra.found(founding).await?;
        let open = Command::OpenAuthority { title: "Учебный УЦ".to_owned() };
        let opened = ra.execute(&session, &Envelope::new(command_id(&rng), open)).await?;
        let Outcome::AuthorityOpened { authority } = opened else { panic!("{opened:?}") };
        let dynamic = Arc::clone(&local) as Arc<dyn CertificateAuthority>;
        let ra =
            RegistrationAuthority::new(providers.with_authority(authority, dynamic), settings());
        let office: OfficeId = "main".parse()?;
        let (founder, operator) = (session.clone(), session.clone());
        let mut desk = Self {
            ra,
            clock,
            rng,
            authority,
            local,
            office,
            founding: founding_id,
            founder,
            administrator: session,
            operator,
        };
        desk.set_up(&administrator).await?;
        Ok(desk)
    }

    async fn set_up(&mut self, administrator: &Arc<GostSigner>) -> Result<()> {
        let by = self.administrator.clone();
        let certificate = self.local.certificate().as_der().to_vec();
        self.run(&by, Command::InstallAuthorityKey { authority: self.authority, certificate })
            .await?;
        self.run(
            &by,
            Command::OpenOffice { office: self.office.clone(), title: "Главный".to_owned() },
        )
        .await?;
        for profile in [profile(), Preset::SignIn.profile(None, Locations::default())] {
            self.run(&by, Command::AdoptProfile { profile: Box::new(profile) }).await?;
        }
        let user = by.actor().user.unwrap();
        self.administrator = self.certify_staff(&by, user, administrator).await?;
        let by = self.administrator.clone();
        self.operator = self.new_operator(&by, 2, &self.office.clone()).await?;
        Ok(())
    }

    /// Registers an operator, gives them a certificate and signs them in.
    pub(crate) async fn new_operator(
        &self,
        by: &Session,
        number: u32,
        office: &OfficeId,
    ) -> Result<Session> {
        let record = people::staff(number, &format!("operator-{number}"))?;
        let user = self.register_as(by, Role::Operator, Some(office), record).await?;
        self.certify_staff(by, user, &key(u8::try_from(100 + number)?, &self.rng)).await
    }

    /// Another administrator beside the founder, signed in.
    pub(crate) async fn second_administrator(&self) -> Result<(UserId, Session)> {
        let record = people::staff(5, "administrator-2")?;
        let by = &self.administrator;
        let user = self.register_as(by, Role::Administrator, None, record).await?;
        Ok((user, self.certify_staff(by, user, &key(105, &self.rng)).await?))
    }

    async fn certify_staff(
        &self,
        by: &Session,
        user: UserId,
        signer: &Arc<GostSigner>,
    ) -> Result<Session> {
        let case = self.issue(by, user, "sign-in", signer).await?;
        let certificate = self.ra.certificate(by, &case).await?;
        Ok(self.ra.sign_in(&certificate, &answer(&self.ra, &**signer).await?).await?)
    }

    pub(crate) async fn register_as(
        &self,
        by: &Session,
        role: Role,
        office: Option<&OfficeId>,
        record: UserRecord,
    ) -> Result<UserId> {
        let UserRecord { login, data } = record;
        let register = Register { role, office: office.cloned(), login, data, person_known: false };
        match self.run(by, Command::Register(Box::new(register))).await? {
            Outcome::Registered { user, .. } => Ok(user),
            other => panic!("{other:?}"),
        }
    }

    /// A user of the desk's office.
    pub(crate) async fn register(&self, number: u32) -> Result<UserId> {
        let record = people::staff(number, &format!("user-{number}"))?;
        self.register_as(&self.operator, Role::User, Some(&self.office), record).await
    }

    /// From nothing to an issued certificate, over a request made elsewhere.
    pub(crate) async fn issue(
        &self,
        by: &Session,
        user: UserId,
        profile: &str,
        signer: &Arc<GostSigner>,
    ) -> Result<CaseId> {
        let case = self.build(by, user, profile, signer).await?;
        self.run(by, Command::Submit { case }).await?;
        Ok(case)
    }

    /// From nothing to a built request.
    pub(crate) async fn build(
        &self,
        by: &Session,
        user: UserId,
        profile: &str,
        signer: &Arc<GostSigner>,
    ) -> Result<CaseId> {
        let create =
            Command::CreateRequest { user, profile: profile.parse()?, authority: self.authority };
        let created = self.run(by, create).await?;
        let Outcome::RequestCreated { case } = created else { panic!("{created:?}") };
        let card = self.ra.case(by, &case).await?;
        let subject = self.ra.user(by, &user).await?.record.data.subject_attributes();
        let request =
            RequestBuilder::new(&subject)?.with_profile(&card.profile).sign(&**signer).await?;
        let request = request.as_der().to_vec();
        self.run(by, Command::ImportRequest { case, request }).await?;
        Ok(case)
    }

    /// An active certificate of a new user, by the desk's operator.
    pub(crate) async fn active(&self, number: u32) -> Result<CaseId> {
        let user = self.register(number).await?;
        self.issue(&self.operator, user, "commercial", &key(u8::try_from(number)?, &self.rng)).await
    }

    pub(crate) fn envelope(&self, command: Command) -> Envelope {
        Envelope::new(command_id(&self.rng), command)
    }

    pub(crate) async fn run(
        &self,
        by: &Session,
        command: Command,
    ) -> std::result::Result<Outcome, gost_ca::Error> {
        self.ra.execute(by, &self.envelope(command)).await
    }

    /// The code of the refusal that a command gets.
    pub(crate) async fn refusal(&self, by: &Session, command: Command) -> &'static str {
        match self.run(by, command).await {
            Ok(outcome) => panic!("not refused: {outcome:?}"),
            Err(error) => error.code(),
        }
    }
}

pub(crate) fn command_id(rng: &Arc<dyn Rng>) -> CommandId {
    let mut octets = [0; 16];
    rng.fill(&mut octets).unwrap();
    CommandId::new(octets)
}

impl Desk {
    pub(crate) fn clock_now(&self) -> Timestamp {
        use gost_ca::provider::Clock as _;
        let now = self.clock.now();
        Timestamp::from_second(now.as_second()).unwrap()
    }
}
