//! A bench for proofs: a desk over memory, the calls of a day, and what must hold after each.
#![allow(dead_code, reason = "each test needs its own part of it")]

#[path = "later_deeds.rs"]
mod later_deeds;
#[path = "rarer_deeds.rs"]
mod rarer_deeds;

use std::collections::BTreeSet;
use std::sync::Arc;

use gost_ca::audit::inspect::Inspection;
use gost_ca::audit::verify::verify;
use gost_ca::authority::{AuthorityKey, LocalAuthority};
use gost_ca::command::{Command, Envelope, Means, Outcome, Register};
use gost_ca::entry::Entry;
use gost_ca::fact::Notice;
use gost_ca::fact::{AccountFact, CaseFact};
use gost_ca::id::{CaseId, CommandId, UserId, WriterId};
use gost_ca::lifecycle::{Account, Case};
use gost_ca::provider::journal::{AccountFilter, CaseFilter, Page, Query, StreamId};
use gost_ca::provider::key_store::{Access, CarrierId, KeyId};
use gost_ca::provider::{
    CertificateAuthority, Journal, KeyStore, PasswordHasher, Rng, UserDirectory, UserRecord,
};
use gost_ca::reason::{Ground, GroundKind, Reason};
use gost_ca::registration::Login;
use gost_ca::registration_authority::Swept;
use gost_ca::secret::Secret;
use gost_ca::view::{CaseState, Role, View};
use gost_ca::x509::{Certificate, TbsCertificate};
use gost_ca::{Providers, RegistrationAuthority, Session, Settings};
use gost_ca_memory::{MemoryDirectory, MemoryJournal, MemoryKeyStore};
use gost_ca_software::{GostSigner, GostVerifier};
use gost3410::SigningKey;

use crate::desk::{self, Desk, Result, Storage, algorithm, answer, people};
use crate::doubles::{Hook, Hooked, Recording};

pub(crate) struct Bench {
    pub(crate) desk: Desk,
    pub(crate) signer: Arc<Recording>,
}

pub(crate) const STORE: &str = "memory";
pub(crate) const PIN: &str = "ПИН-код-314159";
pub(crate) const OWN_PASSWORD: &str = "own-password-1";

impl Bench {
    pub(crate) async fn open() -> Result<Self> {
        let storage = Storage {
            journal: Arc::new(MemoryJournal::new(WriterId::new([1; 16]))),
            directory: Arc::new(MemoryDirectory::default()),
        };
        let mut desk = Desk::found(storage).await?;
        let signer = Recording::new(desk::key(1, &desk.rng));
        let (verifier, certificate) = (Arc::new(GostVerifier), desk.local.certificate().clone());
        let key = AuthorityKey::new(Arc::clone(&signer) as _, certificate, &*verifier)?;
        let authority = Arc::new(LocalAuthority::new(key, verifier, &*desk.rng)?);
        let keys = MemoryKeyStore::new(CarrierId(STORE.to_owned()), Arc::clone(&desk.rng));
        let providers = desk.ra.providers().clone().with_authority(desk.authority, authority);
        let providers = providers.with_key_store(STORE.parse()?, Arc::new(keys));
        desk.ra = RegistrationAuthority::new(providers, desk::settings());
        Ok(Self { desk, signer })
    }

    /// The same record after a restart, with a hook around every call of a provider.
    pub(crate) fn hooked(&self, hook: &Arc<dyn Hook>) -> RegistrationAuthority {
        self.hooked_with(hook, desk::settings())
    }

    pub(crate) fn hooked_with(
        &self,
        hook: &Arc<dyn Hook>,
        settings: Settings,
    ) -> RegistrationAuthority {
        let mut providers: Providers = self.desk.ra.providers().clone();
        let journal: Arc<dyn Journal> = Hooked::new(&providers.journal, hook);
        let directory: Arc<dyn UserDirectory> = Hooked::new(&providers.directory, hook);
        let hasher: Arc<dyn PasswordHasher> = Hooked::new(&providers.password_hasher, hook);
        let authority: Arc<dyn CertificateAuthority> =
            Hooked::new(&providers.authorities[&self.desk.authority], hook);
        let keys: Arc<dyn KeyStore> =
            Hooked::new(&providers.key_stores[&STORE.parse().unwrap()], hook);
        providers.journal = journal;
        providers.directory = directory;
        providers.password_hasher = hasher;
        let providers = providers.with_authority(self.desk.authority, authority);
        let providers = providers.with_key_store(STORE.parse().unwrap(), keys);
        RegistrationAuthority::new(providers, settings)
    }

    /// A registration authority over another authority.
    pub(crate) fn with_authority(
        &self,
        authority: Arc<dyn CertificateAuthority>,
    ) -> RegistrationAuthority {
        let providers = self.desk.ra.providers().clone();
        let providers = providers.with_authority(self.desk.authority, authority);
        RegistrationAuthority::new(providers, desk::settings())
    }

    pub(crate) fn journal(&self) -> &dyn Journal {
        &*self.desk.ra.providers().journal
    }

    pub(crate) async fn user(&self, number: u32) -> Result<(UserId, Option<Secret>)> {
        match self.desk.run(&self.desk.operator, register(&self.desk, number)?).await? {
            Outcome::Registered { user, temporary_password } => Ok((user, temporary_password)),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn built(&self, number: u32) -> Result<CaseId> {
        let (user, _) = self.user(number).await?;
        let signer = user_key(number, &self.desk.rng);
        self.desk.build(&self.desk.operator, user, "commercial", &signer).await
    }

    pub(crate) async fn active(&self, number: u32) -> Result<CaseId> {
        let case = self.built(number).await?;
        self.desk.run(&self.desk.operator, Command::Submit { case }).await?;
        Ok(case)
    }

    pub(crate) async fn draft(&self, number: u32) -> Result<CaseId> {
        let (user, _) = self.user(number).await?;
        let create = create(&self.desk, user);
        match self.desk.run(&self.desk.operator, create).await? {
            Outcome::RequestCreated { case } => Ok(case),
            other => panic!("{other:?}"),
        }
    }

    /// The events of a stream from an entry on.
    pub(crate) async fn events(&self, stream: StreamId, from: u64) -> Result<Vec<String>> {
        let loaded = self.journal().load(&stream, from).await?;
        let event = |octets: &[u8]| -> Result<String> {
            let entry: serde_json::Value = serde_json::from_slice(octets)?;
            Ok(entry["fact"]["kind"].as_str().unwrap().to_owned())
        };
        loaded.entries.iter().map(|entry| event(&entry.0)).collect()
    }

    pub(crate) async fn length(&self, stream: StreamId) -> Result<u64> {
        Ok(self.journal().load(&stream, 0).await?.length)
    }

    pub(crate) async fn case(&self, id: CaseId) -> Result<Case> {
        Ok(self.desk.ra.case(&self.desk.administrator, &id).await?.case)
    }

    /// What must hold at any time: views are folds, the chain is whole, no signature is unknown.
    pub(crate) async fn check(&self) -> Result<()> {
        self.check_views().await?;
        self.check_signatures().await?;
        let report = verify(self.journal().audit()).await?;
        assert!(report.is_whole(), "{:?}", report.findings);
        let inspection = Inspection::new(self.journal(), &GostVerifier, [0; 32]);
        let directory = &*self.desk.ra.providers().directory;
        let report = inspection.with_directory(directory).run().await?;
        assert!(report.is_whole(), "{:?}", report.findings);
        Ok(())
    }

    /// Every view is the fold of its entries, and no serial number is used twice.
    pub(crate) async fn check_views(&self) -> Result<()> {
        let page = Page::first(usize::MAX);
        let filter = CaseFilter { hidden: true, ..CaseFilter::default() };
        let mut serials = BTreeSet::new();
        for view in self.journal().find(&Query::Cases(filter), &page).await?.views {
            let View::Case(view) = view else { panic!("{view:?}") };
            let case = self.folded(view.case).await?;
            assert_eq!(view, case.view());
            if let Some(row) = case.certificate_view() {
                assert!(serials.insert((row.issuer, row.serial.clone())), "a serial number twice");
                let found = self.journal().find(&Query::Serial(row.serial.clone()), &page).await?;
                assert_eq!(found.views, [View::Certificate(row)]);
            }
        }
        let accounts = Query::Accounts(AccountFilter::default());
        for view in self.journal().find(&accounts, &page).await?.views {
            let View::Account(view) = view else { panic!("{view:?}") };
            let entries = self.journal().load(&StreamId::Account(view.user), 0).await?.entries;
            let entries: std::result::Result<Vec<Entry<AccountFact>>, _> =
                entries.iter().map(Entry::decode).collect();
            assert_eq!(view, Account::fold(view.user, &entries?)?.unwrap().view());
        }
        Ok(())
    }

    pub(crate) async fn folded(&self, case: CaseId) -> Result<Case> {
        Ok(Case::fold(case, &self.case_entries(case).await?)?.unwrap())
    }

    pub(crate) async fn case_entries(&self, case: CaseId) -> Result<Vec<Entry<CaseFact>>> {
        let entries = self.journal().load(&StreamId::Case(case), 0).await?.entries;
        Ok(entries.iter().map(Entry::decode).collect::<std::result::Result<_, _>>()?)
    }

    /// Every certificate that was ever signed is the one of the case that the record names.
    async fn check_signatures(&self) -> Result<()> {
        let signed = self.signer.signed.lock().unwrap().clone();
        for message in signed {
            let Ok(tbs) = TbsCertificate::from_der(&message) else { continue }; // a CRL
            let query = Query::Serial(tbs.serial().clone());
            let found = self.journal().find(&query, &Page::first(2)).await?.views;
            let [View::Certificate(row)] = found.as_slice() else { panic!("unknown: {found:?}") };
            let case = self.case(row.case).await?;
            if let Some(issued) = case.issued() {
                let document = self.journal().documents().get(&issued.certificate).await?;
                let Some(document) = document else {
                    assert_eq!(case.state(), CaseState::Erased, "a certificate is lost");
                    continue;
                };
                let certificate = Certificate::from_der(document.bytes())?;
                assert_eq!(certificate.tbs(), message, "other bytes under a known serial number");
            }
        }
        Ok(())
    }
}

/// The calls of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    Register,
    IssueTemporaryPassword,
    ChangePassword,
    EditData,
    CreateRequest,
    EditRequest,
    GenerateKey,
    ImportRequest,
    Submit,
    Cancel,
    Issue,
    Install,
    Suspend,
    Resume,
    Revoke,
    Renew,
    Hide,
    Print,
    IssueCrl,
    SignIn,
    SignInByPassword,
    StartRegistration,
    SaveDraft,
    CompleteRegistration,
    DiscardDraft,
    ResetPassword,
    Block,
    Unblock,
    ArchiveUser,
    ApplyForTermination,
    DismissTermination,
    Schedule,
    WithdrawSchedule,
    ChangeSuspension,
    AmendReason,
    Reissue,
    Accept,
    Waive,
    Reject,
    Approve,
    UseKey,
    DestroyKey,
    BlockKey,
    Erase,
}

/// A call ready to be made, as often as one likes.
pub(crate) struct Call {
    what: What,
    /// What it changes, and how long that was before.
    pub(crate) stream: StreamId,
    pub(crate) from: u64,
    /// What it must have written once it is done.
    pub(crate) events: &'static [&'static str],
}

enum What {
    Command(Session, Envelope),
    NewPassword { session: Session, id: CommandId, old: Secret },
    Certificate(Box<Certificate>, Arc<GostSigner>),
    Password(Login, Secret),
}

impl Call {
    /// The same call as somebody makes it who saw the stream when it was so long.
    pub(crate) fn expecting(mut self, length: u64) -> Self {
        let What::Command(_, envelope) = &mut self.what else { panic!("not a command") };
        envelope.expected = Some(length);
        self
    }

    /// Makes the call; `None` where it is a sign-in.
    pub(crate) async fn make(
        &self,
        ra: &RegistrationAuthority,
    ) -> std::result::Result<Option<Outcome>, gost_ca::Error> {
        match &self.what {
            What::Command(session, envelope) => {
                let access = Access::New(Secret::from(PIN));
                let means = Means::for_key(&access, &*ra.providers().rng);
                ra.execute_with(session, envelope, means).await.map(Some)
            }
            What::NewPassword { session, id, old } => {
                let new = Secret::from(OWN_PASSWORD);
                ra.change_own_password(session, *id, (old, &new)).await.map(Some)
            }
            What::Certificate(certificate, signer) => {
                let answer = answer(ra, &**signer).await;
                let answer =
                    answer.map_err(|error| *error.downcast::<gost_ca::Error>().unwrap())?;
                ra.sign_in(certificate, &answer).await.map(|_| None)
            }
            What::Password(login, password) => {
                ra.sign_in_by_password(login, password).await.map(|_| None)
            }
        }
    }
}

impl Bench {
    /// Prepares a call that is allowed, about somebody new.
    pub(crate) async fn prepare(&self, deed: Deed, number: u32) -> Result<Call> {
        match deed {
            Deed::Register
            | Deed::IssueTemporaryPassword
            | Deed::ChangePassword
            | Deed::EditData
            | Deed::SignIn
            | Deed::SignInByPassword => self.prepare_account(deed, number).await,
            Deed::IssueCrl => self.prepare_crl(number).await,
            Deed::StartRegistration
            | Deed::SaveDraft
            | Deed::CompleteRegistration
            | Deed::DiscardDraft => self.prepare_draft(deed, number).await,
            Deed::ResetPassword | Deed::Block | Deed::Unblock | Deed::ArchiveUser => {
                self.prepare_end(deed, number).await
            }
            Deed::ApplyForTermination
            | Deed::DismissTermination
            | Deed::Schedule
            | Deed::WithdrawSchedule
            | Deed::ChangeSuspension
            | Deed::AmendReason
            | Deed::Reissue
            | Deed::Accept => self.prepare_term(deed, number).await,
            Deed::Waive
            | Deed::Reject
            | Deed::Approve
            | Deed::UseKey
            | Deed::DestroyKey
            | Deed::BlockKey
            | Deed::Erase => self.prepare_rare(deed, number).await,
            _ => self.prepare_case(deed, number).await,
        }
    }

    async fn prepare_account(&self, deed: Deed, number: u32) -> Result<Call> {
        let desk = &self.desk;
        if deed == Deed::Register {
            let envelope = desk.envelope(register(desk, number)?);
            let stream = StreamId::Account(UserId::made_by(&envelope.id));
            let what = What::Command(desk.operator.clone(), envelope);
            return Ok(Call { what, stream, from: 0, events: &["user.registered"] });
        }
        let (user, temporary) = self.user(number).await?;
        let (login, temporary) = (Login::try_from(format!("user-{number}"))?, temporary.unwrap());
        let operator = |command| What::Command(desk.operator.clone(), desk.envelope(command));
        let (what, events): (_, &[&str]) = match deed {
            Deed::IssueTemporaryPassword => {
                (operator(Command::IssueTemporaryPassword { user }), &["user.temp_password_issued"])
            }
            Deed::ChangePassword => {
                let session = desk.ra.sign_in_by_password(&login, &temporary).await?;
                let id = desk::command_id(&desk.rng);
                (What::NewPassword { session, id, old: temporary }, &["user.password_changed"])
            }
            Deed::EditData => (operator(self.edit(user, number).await?), &["user.data_changed"]),
            Deed::SignIn => {
                let gost_ca::entry::Method::Certificate(case) = desk.operator.actor().method else {
                    panic!("operators sign in by certificate")
                };
                let certificate = desk.ra.certificate(&desk.operator, &case).await?;
                (What::Certificate(Box::new(certificate), desk::key(102, &desk.rng)), &[])
            }
            _ => (What::Password(login, temporary), &[]),
        };
        let stream = StreamId::Account(user);
        Ok(Call { what, stream, from: self.length(stream).await?, events })
    }

    pub(crate) async fn edit(&self, user: UserId, number: u32) -> Result<Command> {
        let record = self.desk.ra.user(&self.desk.operator, &user).await?.record;
        let mut data = record.data.into_particulars();
        data.certificate_email = Some(format!("new-{number}@example.org").try_into()?);
        Ok(Command::EditData { user, data: Box::new(data.try_into()?) })
    }

    async fn prepare_crl(&self, number: u32) -> Result<Call> {
        let desk = &self.desk;
        let case = self.active(number).await?;
        desk.run(&desk.operator, revoke(case)).await?;
        let next_update = desk.clock_now() + jiff::SignedDuration::from_hours(24);
        let command = Command::IssueCrl { authority: desk.authority, next_update };
        let stream = StreamId::Authority(desk.authority);
        let what = What::Command(desk.administrator.clone(), desk.envelope(command));
        Ok(Call { what, stream, from: self.length(stream).await?, events: &["crl.issued"] })
    }

    async fn prepare_case(&self, deed: Deed, number: u32) -> Result<Call> {
        let desk = &self.desk;
        let case = self.case_for(deed, number).await?;
        let key =
            KeyId { carrier: CarrierId(STORE.to_owned()), container: format!("key-{number}") };
        let (command, events): (_, &[&str]) = match deed {
            Deed::CreateRequest => {
                let (user, _) = self.user(100_000 + number).await?;
                let envelope = desk.envelope(create(desk, user));
                let stream = StreamId::Case(CaseId::made_by(&envelope.id));
                let what = What::Command(desk.operator.clone(), envelope);
                return Ok(Call { what, stream, from: 0, events: &["request.created"] });
            }
            Deed::EditRequest => (Command::EditRequest { case }, &["request.edited"]),
            Deed::GenerateKey => (
                Command::GenerateKey {
                    case,
                    store: STORE.parse()?,
                    key,
                    algorithm: algorithm(),
                    temporary_pin: false,
                },
                &["key.generation_started", "request.built"],
            ),
            Deed::ImportRequest => (self.import(case, number).await?, &["request.imported"]),
            Deed::Submit => (
                Command::Submit { case },
                &["request.submitted", "request.approved", "issuance.intent", "certificate.issued"],
            ),
            Deed::Cancel => (Command::Cancel { case }, &["request.cancelled"]),
            Deed::Issue => (
                Command::Issue { case },
                &["issuance.retry", "issuance.intent", "certificate.issued"],
            ),
            Deed::Install => (Command::Install { case }, &["certificate.installed"]),
            Deed::Suspend => (suspend(case), &["certificate.suspended"]),
            Deed::Resume => (resume(case), &["certificate.resumed"]),
            Deed::Revoke => (revoke(case), &["certificate.revoked"]),
            Deed::Renew => (Command::Renew { case }, &["certificate.renewal_started"]),
            Deed::Hide => (Command::Hide { case }, &["certificate.hidden"]),
            Deed::Print => (
                Command::Print {
                    case,
                    form: "copy".to_owned(),
                    paper: "Копия".to_owned(),
                    template: None,
                },
                &["certificate.printed"],
            ),
            other => panic!("{other:?} is about no case"),
        };
        let stream = StreamId::Case(case);
        let what = What::Command(desk.operator.clone(), desk.envelope(command));
        Ok(Call { what, stream, from: self.length(stream).await?, events })
    }

    /// A case in the state that the deed wants.
    async fn case_for(&self, deed: Deed, number: u32) -> Result<CaseId> {
        let by = &self.desk.operator;
        match deed {
            Deed::CreateRequest | Deed::EditRequest | Deed::GenerateKey | Deed::ImportRequest => {
                self.draft(number).await
            }
            Deed::Submit | Deed::Cancel => self.built(number).await,
            Deed::Issue => self.failed(number).await,
            Deed::Install => {
                let case = self.draft(number).await?;
                let Call { what: What::Command(_, envelope), .. } =
                    Box::pin(self.prepare_case(Deed::GenerateKey, 200_000 + number)).await?
                else {
                    panic!("a command")
                };
                let Command::GenerateKey { store, key, algorithm, temporary_pin, .. } =
                    envelope.command
                else {
                    panic!("a key")
                };
                let command = Command::GenerateKey { case, store, key, algorithm, temporary_pin };
                let access = Access::New(Secret::from(PIN));
                let means = Means::for_key(&access, &*self.desk.rng);
                self.desk.ra.execute_with(by, &self.desk.envelope(command), means).await?;
                self.desk.run(by, Command::Submit { case }).await?;
                Ok(case)
            }
            Deed::Resume => {
                let case = self.active(number).await?;
                self.desk.run(by, suspend(case)).await?;
                Ok(case)
            }
            Deed::Hide => {
                let case = self.active(number).await?;
                self.desk.run(by, revoke(case)).await?;
                Ok(case)
            }
            _ => self.active(number).await,
        }
    }

    /// A case whose issuing failed before anything was signed.
    pub(crate) async fn failed(&self, number: u32) -> Result<CaseId> {
        let case = self.built(number).await?;
        let ra = self.with_authority(Arc::new(crate::authorities::Refusing));
        let envelope = self.desk.envelope(Command::Submit { case });
        assert_eq!(
            ra.execute(&self.desk.operator, &envelope).await.unwrap_err().code(),
            "authority.refused"
        );
        Ok(case)
    }

    pub(crate) async fn import(&self, case: CaseId, number: u32) -> Result<Command> {
        let card = self.desk.ra.case(&self.desk.operator, &case).await?;
        let user = card.case.begun().user;
        let record = self.desk.ra.user(&self.desk.operator, &user).await?.record;
        let builder = gost_ca::request::RequestBuilder::new(&record.data.subject_attributes())?;
        let signer = user_key(number, &self.desk.rng);
        let request = builder.with_profile(&card.profile).sign(&*signer).await?;
        Ok(Command::ImportRequest { case, request: request.as_der().to_vec() })
    }
}

pub(crate) fn register(desk: &Desk, number: u32) -> Result<Command> {
    let UserRecord { login, data } = people::staff(number, &format!("user-{number}"))?;
    let (role, office, person_known) = (Role::User, Some(desk.office.clone()), false);
    Ok(Command::Register(Box::new(Register { role, office, login, data, person_known })))
}

pub(crate) fn create(desk: &Desk, user: UserId) -> Command {
    let (profile, authority) = ("commercial".parse().unwrap(), desk.authority);
    Command::CreateRequest { user, profile, authority }
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
        notice: Notice::default(),
    }
}

/// A key whose private half is a function of its number; never one of the staff's.
pub(crate) fn user_key(number: u32, rng: &Arc<dyn Rng>) -> Arc<GostSigner> {
    let mut octets = [0xa5; 32];
    octets[..4].copy_from_slice(&number.to_le_bytes());
    octets[31] = 0x1f;
    let key = SigningKey::from_le_bytes(desk::SET, &octets).unwrap();
    Arc::new(GostSigner::new(key, Arc::clone(rng)).unwrap())
}

/// Long enough for the engine to take over.
const PATIENCE: i64 = 31;

/// The same again does it, or says that it is done; again and again.
pub(crate) async fn repeat(
    call: &Call,
    ra: &RegistrationAuthority,
) -> std::result::Result<(), gost_ca::Error> {
    let done = call.make(ra).await?;
    let again = call.make(ra).await?;
    let is_repetition = matches!(again, None | Some(Outcome::AlreadyDone(_)));
    assert!(is_repetition, "{done:?}, and then {again:?}");
    if let Some(Outcome::AlreadyDone(again)) = again {
        let done = match done.unwrap() {
            Outcome::AlreadyDone(done) => *done,
            Outcome::Registered { user, .. } => {
                Outcome::Registered { user, temporary_password: None }
            }
            done => done,
        };
        assert_eq!(*again, done);
    }
    Ok(())
}

impl Bench {
    pub(crate) async fn sweep(&self) -> Result<()> {
        self.desk.clock.advance(PATIENCE);
        let swept = self.desk.ra.sweep().await?;
        assert_eq!(swept.failed, []);
        assert_eq!(self.desk.ra.sweep().await?, Swept::default(), "nothing is left to do");
        Ok(())
    }

    /// The call did its thing, once.
    pub(crate) async fn check_done_once(&self, call: &Call) -> Result<()> {
        let events = self.events(call.stream, call.from).await?;
        assert_eq!(told(&events), call.events, "{events:?}");
        Ok(())
    }
}

/// What was done, whatever interrupted it: recovered is issued, given up and begun again is begun.
fn told(events: &[String]) -> Vec<&str> {
    let mut told: Vec<&str> = Vec::new();
    for event in events {
        match event.as_str() {
            "crl.intent" | "crl.failed" | "issuance.in_doubt" => {}
            "issuance.recovered" => told.push("certificate.issued"),
            "key.generation_failed" => {
                told.pop();
            }
            event => told.push(event),
        }
    }
    told
}
