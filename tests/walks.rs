//! Random walks over the desk against a model of it.
//!
//! Administrators, operators of two offices and users do anything to anything, the authority has its moods,
//! time goes on; after each step the answer, the state, the history and the views are those of the model,
//! and after each walk the chain is whole, no serial number was used twice, and no personal data or secret
//! is in the journal, in an outcome or in an error.
//!
//! `WALK_STEPS=1000000 cargo test --release --test walks` for the long run; `WALK_SEED=7` for other walks.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cognitive_complexity,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use gost_ca::audit::Linked;
use gost_ca::authority::CrlPolicy;
use gost_ca::command::{Command, Envelope, Means, Outcome};
use gost_ca::entry::Method;
use gost_ca::fact::Notice;
use gost_ca::id::{CaseId, UserId};
use gost_ca::lifecycle::StatusAt;
use gost_ca::profile::Profile;
use gost_ca::provider::authority::{
    CertificateAuthority, CrlIssuer, Decision, Prepared, Refused, Submission, Ticket,
};
use gost_ca::provider::key_store::{Access, CarrierId, KeyId};
use gost_ca::provider::{Clock as _, ErrorKind, Result as Provided};
use gost_ca::reason::Reason;
use gost_ca::registration::Login;
use gost_ca::secret::Secret;
use gost_ca::x509::extensions::RevocationReason;
use gost_ca::x509::{Certificate, CertificateList};
use gost_ca::{Error, RegistrationAuthority, Session, Timestamp};
use jiff::SignedDuration;
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

#[path = "support/authorities.rs"]
mod authorities;
#[path = "support/bench.rs"]
mod bench;
#[path = "support/desk.rs"]
mod desk;
#[path = "support/doubles.rs"]
mod doubles;
#[path = "support/model.rs"]
mod model;

use bench::{Bench, OWN_PASSWORD, PIN, STORE, ground, user_key};
use desk::Result;
use model::{Ask, Life, Model, Mood, Move, Person, Request, Who};

/// One step: what, by whom, about which, and the details; whatever the numbers, it means something.
type Step = (u8, u8, u16, u16);

const STEPS_OF_A_WALK: u32 = 200;

#[test]
fn the_desk_does_what_the_model_says() {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u32>().ok());
    let steps = number("WALK_STEPS").unwrap_or(1_000);
    let seed = number("WALK_SEED").unwrap_or(2026).to_be_bytes().repeat(8);
    let config = Config {
        cases: steps.div_ceil(STEPS_OF_A_WALK),
        failure_persistence: None,
        max_shrink_iters: 300,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let length = STEPS_OF_A_WALK as usize;
    let walks = vec(any::<Step>(), length / 2..=length * 3 / 2);
    let answers = Seen::default();
    let done = runner.run(&walks, |steps| {
        // the providers in memory wait for nobody: no runtime is needed
        doubles::poll_at_most(walk(&steps, &answers), usize::MAX).unwrap().unwrap();
        Ok(())
    });
    done.unwrap_or_else(|failure| panic!("{failure}"));
    let answers = answers.lock().unwrap();
    for (answer, times) in &*answers {
        println!("{times:8} {answer}");
    }
    for answer in SEEN_AT_LEAST {
        assert!(steps < 10_000 || answers.contains_key(*answer), "no walk came to {answer}");
    }
}

/// How often each command had each answer.
type Seen = Arc<Mutex<BTreeMap<String, u32>>>;

/// What walks that prove anything come to.
const SEEN_AT_LEAST: &[&str] = &[
    "block ok",
    "block state",
    "cancel ok",
    "create-request owner.out-of-use",
    "create-request session.password-change-required",
    "edit-data permission.role",
    "generate-key ok",
    "hide guard.not-terminated",
    "hide ok",
    "import-request request.key-used",
    "import-request request.not-accepted",
    "issue ok",
    "issue permission.role",
    "issue provider.not-found",
    "issue provider.unavailable",
    "issue-crl ok",
    "print conflict",
    "register permission.scope",
    "register registration.duplicate",
    "renew guard.expired",
    "renew guard.renewed",
    "renew state",
    "reset-password ok",
    "reset-password permission.role",
    "reset-password state",
    "resume guard.expired",
    "resume ok",
    "resume permission.role",
    "revoke guard.reason-not-allowed",
    "revoke state",
    "submit authority.refused",
    "submit ok",
    "submit request.registration-changed",
    "suspend guard.expired",
    "suspend guard.term-beyond-policy",
    "suspend state",
    "unblock guard.blocked-by-administrator",
    "unblock ok",
    "unblock state",
];

async fn walk(steps: &[Step], seen: &Seen) -> Result<()> {
    let mut world = World::begin(Arc::clone(seen)).await?;
    for step in steps {
        world.step(*step).await?;
    }
    world.end().await
}

struct World {
    bench: Bench,
    mood: Arc<Mutex<Mood>>,
    other: Session,
    model: Model,
    users: Vec<Account>,
    cases: Vec<CaseId>,
    keys: u32,
    done: Vec<(Who, Envelope)>,
    told: Vec<String>,
    secrets: Vec<Secret>,
    begin: Timestamp,
    seen: Seen,
}

/// What the world knows of a person, beside the model.
struct Account {
    id: UserId,
    login: Login,
    temporary: Secret,
    session: Option<Session>,
}

/// The desk's authority, in a mood.
#[derive(Debug)]
struct Moody {
    inner: Arc<dyn CertificateAuthority>,
    mood: Arc<Mutex<Mood>>,
}

#[async_trait]
impl CertificateAuthority for Moody {
    async fn submit(&self, submission: &Submission) -> Provided<Decision> {
        let (code, explanation) = ("test.mood".to_owned(), "not today".to_owned());
        match *self.mood.lock().unwrap() {
            Mood::Refusing => return Ok(Decision::Refused(Refused { code, explanation })),
            Mood::Well | Mood::Down | Mood::Keyless => {}
        }
        self.inner.submit(submission).await
    }

    async fn complete(&self, prepared: &Prepared) -> Provided<Certificate> {
        match *self.mood.lock().unwrap() {
            Mood::Down => return Err(ErrorKind::Unavailable.at("Signer::sign")),
            Mood::Keyless => return Err(ErrorKind::NotFound.at("authority key")),
            Mood::Well | Mood::Refusing => {}
        }
        self.inner.complete(prepared).await
    }

    async fn poll(&self, ticket: &Ticket) -> Provided<Decision> {
        self.inner.poll(ticket).await
    }

    fn crl_issuer(&self) -> Option<&dyn CrlIssuer> {
        self.inner.crl_issuer()
    }
}

impl World {
    async fn begin(seen: Seen) -> Result<Self> {
        let mut bench = Bench::open().await?;
        let (desk, by) = (&bench.desk, &bench.desk.administrator);
        let office =
            Command::OpenOffice { office: "other".parse()?, title: "Второй".to_owned() };
        desk.run(by, office).await?;
        let profile = Profile { months: 1, key_months: 1, id: "short".parse()?, ..desk::profile() };
        desk.run(by, Command::AdoptProfile { profile: Box::new(profile) }).await?;
        let other = desk.new_operator(by, 3, &"other".parse()?).await?;
        let colleague = desk.new_operator(by, 4, &desk.office.clone()).await?;
        let Method::Certificate(case) = colleague.actor().method else { panic!("a certificate") };

        let mood = Arc::new(Mutex::new(Mood::Well));
        let providers = desk.ra.providers().clone();
        let inner = Arc::clone(&providers.authorities[&desk.authority]);
        let moody = Arc::new(Moody { inner, mood: Arc::clone(&mood) });
        let providers = providers.with_authority(desk.authority, moody);
        bench.desk.ra = RegistrationAuthority::new(providers, desk::settings());

        let begin = bench.desk.clock_now();
        let issued = bench.case(case).await?.issued().unwrap().validity;
        let staff = Life {
            owner: None,
            request: Request::Done,
            term: Some((issued.not_before, issued.not_after)),
            ..Life::draft(0, 1, begin)
        };
        let model = Model { people: Vec::new(), lives: vec![staff], mood: Mood::Well };
        let secrets = vec![Secret::from(PIN), Secret::from(OWN_PASSWORD)];
        let (users, done, told) = (Vec::new(), Vec::new(), Vec::new());
        let cases = vec![case];
        Ok(Self {
            bench,
            mood,
            other,
            model,
            users,
            cases,
            keys: 1_000,
            done,
            told,
            secrets,
            begin,
            seen,
        })
    }

    fn now(&self) -> Timestamp {
        self.bench.desk.clock.now()
    }

    async fn step(&mut self, (what, who, target, detail): Step) -> Result<()> {
        if self.users.len() < 2 || what < 12 {
            return self.register(self.who(who, 0), detail).await;
        }
        let person = usize::from(target) % self.users.len();
        let case = self.case_of(target, detail);
        let who = self.who(who, case);
        match what {
            12..22 => self.sign_in(person, detail).await,
            22..26 => self.temporary_password(who, person, false).await,
            26..28 => self.temporary_password(who, person, true).await,
            28..32 => self.block(who, person, detail).await,
            32..42 => self.edit(who, person, detail).await,
            42..62 => self.create(who, person).await,
            62..68 => self.replay(target).await,
            68..72 => self.look_is_old(who, case).await,
            72..80 => self.crl(who).await,
            80..88 => self.sweep().await,
            88..98 => {
                let seconds = [1, 31, 3_600, 2 * 86_400, 20 * 86_400][usize::from(detail) % 5];
                self.bench.desk.clock.advance(seconds);
                Ok(())
            }
            98..104 => {
                let moods = [Mood::Well, Mood::Well, Mood::Down, Mood::Keyless, Mood::Refusing];
                self.model.mood = moods[usize::from(detail) % moods.len()];
                *self.mood.lock().unwrap() = self.model.mood;
                Ok(())
            }
            _ if detail.is_multiple_of(3) => self.ask(who, question(what, detail), case).await,
            _ => self.ask(who, question(self.likely(case, what), detail), case).await,
        }
    }

    /// Mostly a user's, now and then the colleague's.
    fn case_of(&self, target: u16, detail: u16) -> usize {
        let users = self.cases.len() - 1;
        if users == 0 || detail.is_multiple_of(16) { 0 } else { 1 + usize::from(target) % users }
    }

    /// Mostly those who may, now and then somebody else.
    fn who(&self, who: u8, case: usize) -> Who {
        let people = self.users.len().max(1);
        let owner = self.model.lives[case].owner;
        let user = match who % 8 {
            0 => return Who::Administrator,
            1 => return Who::Operator(usize::from(who / 8) % 2),
            2..=5 => {
                let office = owner.map_or(0, |owner| self.model.people[owner].office);
                return Who::Operator(office);
            }
            6 => owner.unwrap_or(0),
            _ => usize::from(who) % people,
        };
        match self.users.get(user) {
            Some(Account { session: Some(_), .. }) => Who::User(user),
            _ => Who::Operator(0),
        }
    }

    /// What the case waits for, as a number of [`question`].
    fn likely(&self, case: usize, what: u8) -> u8 {
        let life = &self.model.lives[case];
        let expired = life.has_expired(self.now());
        let likely: &[u8] = match life.request {
            Request::Draft => &[112, 124, 124],
            Request::Built => &[148],
            Request::InDoubt | Request::Failed => &[182],
            Request::Done if expired => &[194, 210, 222, 232, 240],
            Request::Done if life.is_ended() => &[190, 222, 240, 248],
            Request::Done if life.is_held() => &[210, 210, 210, 222],
            Request::Done => &[194, 194, 194, 190, 222, 232, 232, 248],
            Request::Withdrawn => &[176],
        };
        likely[usize::from(what) % likely.len()]
    }

    fn session(&self, who: Who) -> Session {
        match who {
            Who::Administrator => self.bench.desk.administrator.clone(),
            Who::Operator(0) => self.bench.desk.operator.clone(),
            Who::Operator(_) => self.other.clone(),
            Who::User(user) => self.users[user].session.clone().unwrap(),
        }
    }

    /// Executes, and compares the answer with the model's.
    async fn run(
        &mut self,
        who: Who,
        envelope: Envelope,
        verdict: model::Verdict,
    ) -> Option<Outcome> {
        let (access, session) = (Access::New(Secret::from(PIN)), self.session(who));
        let means = Means::for_key(&access, &*self.bench.desk.rng);
        let answer = self.bench.desk.ra.execute_with(&session, &envelope, means).await;
        self.compare(who, &envelope.command, verdict, &answer);
        if answer.is_ok() {
            self.done.push((who, envelope));
        }
        answer.ok()
    }

    fn compare(
        &mut self,
        who: Who,
        command: &Command,
        verdict: model::Verdict,
        answer: &std::result::Result<Outcome, Error>,
    ) {
        let code = answer.as_ref().map(drop).map_err(Error::code);
        assert_eq!(code, verdict, "{who:?} asked {}: {answer:?}", command.name());
        let seen = format!("{} {}", command.name(), code.err().unwrap_or("ok"));
        *self.seen.lock().unwrap().entry(seen).or_default() += 1;
        if let Err(error) = answer {
            self.told.push(format!("{error} {error:?}"));
        }
    }

    async fn register(&mut self, who: Who, detail: u16) -> Result<()> {
        let (office, number) = (usize::from(detail % 2), 100 + u32::try_from(self.users.len())?);
        let mut verdict = self.model.registers(who, office);
        let again = detail.is_multiple_of(7) && !self.users.is_empty();
        let number = if again { number - 1 } else { number };
        if again && verdict.is_ok() {
            verdict = Err("registration.duplicate");
        }
        let Command::Register(mut command) = bench::register(&self.bench.desk, number)? else {
            panic!("a registration")
        };
        command.office = Some(["main", "other"][office].parse()?);
        let login = command.login.clone();
        let envelope = self.bench.desk.envelope(Command::Register(command));
        let Some(done) = self.run(who, envelope, verdict).await else { return Ok(()) };
        let Outcome::Registered { user: id, temporary_password: Some(temporary) } = done else {
            panic!("{done:?}")
        };
        self.secrets.push(Secret::new(temporary.expose()));
        self.users.push(Account { id, login, temporary, session: None });
        let temporary_until = self.now() + SignedDuration::from_hours(72);
        self.model.people.push(Person {
            office,
            temporary_until,
            has_own_password: false,
            blocked: None,
            tries: Vec::new(),
            login_locked: None,
            account_locked: None,
            version: 1,
        });
        Ok(())
    }

    /// Signs in by the password that is in force, changing the temporary one half of the time.
    async fn sign_in(&mut self, person: usize, detail: u16) -> Result<()> {
        let now = self.now();
        let fits = self.model.people[person].knocks(now);
        let (known, account) = (self.model.people[person].clone(), &self.users[person]);
        let own = Secret::from(OWN_PASSWORD);
        let ra = &self.bench.desk.ra;
        let password = if known.has_own_password { &own } else { &account.temporary };
        let answer = ra.sign_in_by_password(&account.login, password).await;
        assert_eq!(
            answer.as_ref().map(drop).map_err(Error::code),
            if fits { Ok(()) } else { Err("sign-in") }
        );
        let Ok(session) = answer else { return Ok(()) };
        if !known.has_own_password && !detail.is_multiple_of(4) {
            let id = desk::command_id(&self.bench.desk.rng);
            ra.change_own_password(&session, id, (&account.temporary, &own)).await?;
            let again = ra.change_own_password(&session, id, (&account.temporary, &own)).await?;
            assert_eq!(again, Outcome::AlreadyDone(Box::new(Outcome::Done)));
            self.model.people[person].has_own_password = true;
        }
        self.users[person].session = Some(session);
        Ok(())
    }

    async fn temporary_password(&mut self, who: Who, person: usize, reset: bool) -> Result<()> {
        let (now, user) = (self.now(), self.users[person].id);
        let (verdict, command) = if reset {
            let identified = "паспорт".to_owned();
            let command = Command::ResetPassword { user, identified };
            (self.model.resets(who, person, now), command)
        } else {
            let command = Command::IssueTemporaryPassword { user };
            (self.model.temporary_password(who, person, now), command)
        };
        let envelope = self.bench.desk.envelope(command);
        if let Some(done) = self.run(who, envelope, verdict).await {
            let Outcome::Registered { temporary_password: Some(temporary), .. } = done else {
                panic!("{done:?}")
            };
            self.secrets.push(Secret::new(temporary.expose()));
            self.users[person].temporary = temporary;
            self.model.people[person].begins_anew(now + SignedDuration::from_hours(72));
            if reset {
                self.users[person].session = None;
            }
        }
        Ok(())
    }

    /// Blocks, or ends a block; both are tried out of turn now and then.
    async fn block(&mut self, who: Who, person: usize, detail: u16) -> Result<()> {
        let (user, reason) = (self.users[person].id, "№ 1".to_owned());
        let blocked = self.model.people[person].blocked.is_some();
        if blocked != detail.is_multiple_of(4) {
            let verdict = self.model.unblocks(who, person);
            let envelope = self.bench.desk.envelope(Command::Unblock { user, reason });
            if self.run(who, envelope, verdict).await.is_some() {
                self.model.people[person].blocked = None;
            }
            return Ok(());
        }
        let verdict = self.model.blocks(who, person);
        let envelope = self.bench.desk.envelope(Command::Block { user, reason });
        if self.run(who, envelope, verdict).await.is_some() {
            let known = &mut self.model.people[person];
            known.blocked = Some(who == Who::Administrator);
            known.account_locked = None;
            self.users[person].session = None;
        }
        Ok(())
    }

    async fn edit(&mut self, who: Who, person: usize, detail: u16) -> Result<()> {
        let (desk, user) = (&self.bench.desk, self.users[person].id);
        let record = desk.ra.user(&desk.administrator, &user).await?.record;
        let mut form = gost_ca::registration::RegistrationForm::from(&record.data);
        if detail.is_multiple_of(2) {
            let surname = ["Соколова", "Журавлёва", "Ковалёва"][usize::from(detail / 2) % 3];
            form.set(gost_ca::registration::Field::Surname, surname.to_owned());
        }
        let version = self.model.people[person].version;
        let email = format!("user-{person}-{version}@example.org");
        form.set(gost_ca::registration::Field::CertificateEmail, email);
        let command = Command::EditData { user, data: Box::new(form.check()?) };
        let envelope = desk.envelope(command);
        let verdict = self.model.edits(who, person);
        if self.run(who, envelope, verdict).await.is_some() {
            self.model.people[person].version += 1;
        }
        Ok(())
    }

    async fn create(&mut self, who: Who, person: usize) -> Result<()> {
        let verdict = self.model.creates(who, person);
        let (user, authority) = (self.users[person].id, self.bench.desk.authority);
        let command = Command::CreateRequest { user, profile: "short".parse()?, authority };
        let envelope = self.bench.desk.envelope(command);
        if let Some(Outcome::RequestCreated { case }) = self.run(who, envelope, verdict).await {
            let (version, now) = (self.model.people[person].version, self.now());
            self.model.lives.push(Life::draft(person, version, now));
            self.cases.push(case);
        }
        Ok(())
    }

    /// A command that was done is done, whatever happened since.
    async fn replay(&mut self, target: u16) -> Result<()> {
        if self.done.is_empty() {
            return Ok(());
        }
        let (who, envelope) = self.done[usize::from(target) % self.done.len()].clone();
        if let Who::User(user) = who
            && self.users[user].session.is_none()
        {
            return Ok(()); // nobody is there to ask again
        }
        let answer = self.bench.desk.ra.execute(&self.session(who), &envelope).await?;
        let Outcome::AlreadyDone(first) = answer else { panic!("done twice: {envelope:?}") };
        assert!(!matches!(*first, Outcome::Registered { temporary_password: Some(_), .. }));
        Ok(())
    }

    /// Whoever looked too long ago is told so, if it is theirs to look at.
    async fn look_is_old(&mut self, who: Who, case: usize) -> Result<()> {
        let id = self.cases[case];
        let length = self.bench.case(id).await?.length();
        let command = Command::Print {
            case: id,
            form: "copy".to_owned(),
            paper: "Копия".to_owned(),
            template: None,
        };
        let envelope = self.bench.desk.envelope(command).expecting(length - 1);
        let verdict = match self.model.verdict(who, Ask::Print, case, self.now()) {
            Err(code) if code != "state" => Err(code),
            _ => Err("conflict"),
        };
        self.run(who, envelope, verdict).await;
        Ok(())
    }

    async fn crl(&mut self, who: Who) -> Result<()> {
        let (now, authority) = (self.now(), self.bench.desk.authority);
        let next_update = now + SignedDuration::from_hours(24);
        let envelope = self.bench.desk.envelope(Command::IssueCrl { authority, next_update });
        let verdict = match who {
            Who::Administrator => Ok(()),
            Who::User(user) => self.model.signed_in_fully(user).and(Err("permission.role")),
            Who::Operator(_) => Err("permission.role"),
        };
        if self.run(who, envelope, verdict).await.is_none() {
            return Ok(());
        }
        let crls = self.bench.desk.ra.crls(&authority).await?;
        let list = CertificateList::from_der(&crls[0])?;
        assert_eq!((list.this_update(), list.next_update()), (now, Some(next_update)));
        let mut expected = Vec::new();
        // RFC 5280 §3.3: what ended longer ago than the look-back is left out
        let kept = |end: Timestamp| now <= end + CrlPolicy::default().look_back;
        for (case, life) in self.cases.iter().zip(&self.model.lives) {
            let ended = life.term.is_some_and(|(_, end)| !kept(end));
            if let Some((date, reason)) = life.listed().filter(|_| !ended) {
                let serial = self.bench.case(*case).await?.issued().unwrap().serial.clone();
                expected.push((serial, date, reason));
            }
        }
        expected.sort();
        let listed: Vec<_> = list
            .listed()
            .map(|row| (row.serial, row.date, row.reason.map(RevocationReason::number)))
            .collect();
        assert_eq!(listed, expected);
        Ok(())
    }

    /// The engine finishes what was left in doubt a while ago.
    async fn sweep(&mut self) -> Result<()> {
        let now = self.now();
        let swept = self.bench.desk.ra.sweep().await?;
        let overdue =
            |life: &Life| now.duration_since(life.touched) >= SignedDuration::from_secs(30);
        let doubts: Vec<usize> = (0..self.cases.len())
            .filter(|case| self.model.lives[*case].request == Request::InDoubt)
            .filter(|case| overdue(&self.model.lives[*case]))
            .collect();
        let ends = self.model.issuing(true).is_ok();
        assert_eq!(swept.finished.len(), if ends { doubts.len() } else { 0 });
        assert_eq!(swept.failed.len(), if ends { 0 } else { doubts.len() });
        for case in doubts {
            self.model.issued_or_not(case, true, now);
            self.check(case, 0).await?;
        }
        Ok(())
    }

    async fn ask(&mut self, who: Who, ask: Ask, case: usize) -> Result<()> {
        let now = self.now();
        let verdict = self.model.verdict(who, ask, case, now);
        let was = self.model.lives[case].request;
        let command = self.command(ask, case).await?;
        let envelope = self.bench.desk.envelope(command);
        let outcome = self.run(who, envelope, verdict).await;
        match ask {
            Ask::Submit | Ask::Issue if came_to_signing(verdict) => {
                self.model.issued_or_not(case, was == Request::InDoubt, now);
            }
            _ if verdict.is_ok() => self.apply(ask, case, &outcome.unwrap()),
            _ => {}
        }
        self.check(case, self.keys).await
    }

    async fn command(&mut self, ask: Ask, number: usize) -> Result<Command> {
        self.keys += 1;
        let (case, now) = (self.cases[number], self.now());
        Ok(match ask {
            Ask::EditRequest => Command::EditRequest { case },
            Ask::GenerateKey => {
                let carrier = CarrierId(STORE.to_owned());
                let key = KeyId { carrier, container: format!("key-{}", self.keys) };
                let (store, algorithm) = (STORE.parse()?, desk::algorithm());
                Command::GenerateKey { case, store, key, algorithm, temporary_pin: false }
            }
            Ask::Import { used_key } => {
                let key = if used_key {
                    desk::key(103, &self.bench.desk.rng)
                } else {
                    user_key(self.keys, &self.bench.desk.rng)
                };
                let admin = &self.bench.desk.administrator;
                let card = self.bench.desk.ra.case(admin, &case).await?;
                let user = self.bench.desk.ra.user(admin, &card.case.begun().user).await?;
                let subject = user.record.data.subject_attributes();
                let builder = gost_ca::request::RequestBuilder::new(&subject)?;
                let request = builder.with_profile(&card.profile).sign(&*key).await?;
                Command::ImportRequest { case, request: request.as_der().to_vec() }
            }
            Ask::Submit => Command::Submit { case },
            Ask::Cancel => Command::Cancel { case },
            Ask::Issue => Command::Issue { case },
            Ask::Install => Command::Install { case },
            Ask::Suspend { days } => {
                let until = days.map(|days| now + SignedDuration::from_hours(24 * days));
                Command::Suspend { case, ground: ground(), until, on_end: None }
            }
            Ask::Resume => Command::Resume { case, ground: ground() },
            Ask::Revoke { reason, future } => {
                let invalidity = future.then(|| now + SignedDuration::from_secs(1));
                Command::Revoke {
                    case,
                    reason,
                    ground: ground(),
                    invalidity,
                    date: None,
                    notice: Notice::default(),
                }
            }
            Ask::Renew => Command::Renew { case },
            Ask::Hide => Command::Hide { case },
            Ask::Print => Command::Print {
                case,
                form: "copy".to_owned(),
                paper: "Копия".to_owned(),
                template: None,
            },
        })
    }

    /// What is true after something that was allowed.
    fn apply(&mut self, ask: Ask, case: usize, outcome: &Outcome) {
        let now = self.now();
        let life = &mut self.model.lives[case];
        life.touched = now;
        match ask {
            Ask::EditRequest => {
                life.version = life.owner.map_or(1, |owner| self.model.people[owner].version);
            }
            Ask::GenerateKey | Ask::Import { .. } => {
                life.request = Request::Built;
                life.in_our_store = ask == Ask::GenerateKey;
            }
            Ask::Cancel => {
                life.request = Request::Withdrawn;
                if let Some(old) = life.renews {
                    self.model.lives[old].heir = None;
                }
            }
            Ask::Suspend { .. } => life.moves.push((now, Move::Held)),
            Ask::Resume => life.moves.push((now, Move::Freed)),
            Ask::Revoke { reason, .. } => {
                let date = life.held_since().unwrap_or(now);
                life.moves.push((now, Move::Ended { date, reason }));
            }
            Ask::Renew => {
                let Outcome::RequestCreated { case: heir } = outcome else { panic!("{outcome:?}") };
                life.heir = Some(self.cases.len());
                let owner = life.owner;
                let version = owner.map_or(1, |owner| self.model.people[owner].version);
                let draft = Life::draft(0, version, now);
                self.model.lives.push(Life { owner, renews: Some(case), ..draft });
                self.cases.push(*heir);
            }
            Ask::Submit | Ask::Issue | Ask::Install | Ask::Hide | Ask::Print => {}
        }
    }

    /// The case is as the model says: its state, its view, its past.
    async fn check(&mut self, number: usize, probe: u32) -> Result<()> {
        let case = self.bench.folded(self.cases[number]).await?;
        let life = &mut self.model.lives[number];
        if life.request == Request::Done && life.term.is_none() {
            let validity = case.issued().unwrap().validity;
            life.term = Some((validity.not_before, validity.not_after));
        }
        assert_eq!(case.state(), life.state(), "{life:?}");
        assert_eq!(case.successor(), life.heir.map(|heir| self.cases[heir]));
        let age = self.bench.desk.clock.now().duration_since(self.begin).as_secs() + 1;
        for share in 0..2 {
            let ago = |factor: i64| SignedDuration::from_secs(i64::from(probe) * factor % age);
            let time = self.bench.desk.clock.now() - ago(7_919 + share) + ago(1 + share);
            let known = self.bench.desk.clock.now() - ago(104_729 + share);
            let asked = StatusAt::time(time).known_until(known);
            let answer = self.bench.desk.ra.status_at(&case.id(), asked).await?;
            assert_eq!(answer, life.status(time, known), "{asked:?} of {life:?}");
        }
        let status = self.bench.desk.ra.status(&case.id()).await?;
        assert_eq!(status, life.status(self.bench.desk.clock.now(), Timestamp::MAX));
        Ok(())
    }

    async fn end(&mut self) -> Result<()> {
        for case in 0..self.cases.len() {
            self.check(case, 17).await?;
        }
        self.bench.check().await?;
        self.check_secrets().await
    }

    /// Whatever was recorded, answered or told holds no personal data and no secret.
    async fn check_secrets(&self) -> Result<()> {
        let mut texts: Vec<Vec<u8>> =
            self.told.iter().map(|told| told.as_bytes().to_vec()).collect();
        let trail = self.bench.journal().audit();
        for head in trail.heads().await? {
            let links = trail.chain(&head.writer, 0, usize::MAX).await?;
            texts.extend(links.into_iter().filter_map(|link| match link.linked {
                Linked::Entry { entry, .. } => entry.map(|entry| entry.0),
                _ => None,
            }));
        }
        for (_, envelope) in &self.done {
            let receipt = self.bench.journal().receipt(&envelope.id).await?;
            texts.push(receipt.unwrap().outcome);
        }
        let text = texts.join(&b'\n');
        for word in self.words().await? {
            let found = text.windows(word.len()).position(|window| window == word);
            assert_eq!(found, None, "{} is told", String::from_utf8_lossy(&word));
        }
        Ok(())
    }

    async fn words(&self) -> Result<Vec<Vec<u8>>> {
        use gost_ca::registration::Field;
        const PERSONAL: [Field; 7] = [
            Field::Surname,
            Field::GivenName,
            Field::Patronymic,
            Field::Snils,
            Field::Inn,
            Field::CertificateEmail,
            Field::DocumentIssuer,
        ];
        let mut words: Vec<Vec<u8>> =
            self.secrets.iter().map(|secret| secret.expose().to_vec()).collect();
        let desk = &self.bench.desk;
        for user in &self.users {
            words.push(user.login.as_str().as_bytes().to_vec());
            let record = desk.ra.user(&desk.administrator, &user.id).await?.record;
            let form = gost_ca::registration::RegistrationForm::from(&record.data);
            let values = PERSONAL.iter().filter_map(|field| form.value(*field));
            words.extend(values.map(|value| value.as_bytes().to_vec()));
        }
        words.sort();
        words.dedup();
        Ok(words)
    }
}

/// Whether the command went so far that the authority was asked.
fn came_to_signing(verdict: model::Verdict) -> bool {
    verdict
        .map_or_else(|code| code.starts_with("provider.") || code == "authority.refused", |()| true)
}

fn question(what: u8, detail: u16) -> Ask {
    let reasons = Reason::ALL;
    match what {
        ..112 => Ask::EditRequest,
        112..124 => Ask::GenerateKey,
        124..148 => Ask::Import { used_key: detail.is_multiple_of(8) },
        148..176 => Ask::Submit,
        176..182 => Ask::Cancel,
        182..190 => Ask::Issue,
        190..194 => Ask::Install,
        194..210 => {
            Ask::Suspend { days: (!detail.is_multiple_of(3)).then(|| i64::from(detail % 37) - 1) }
        }
        210..222 => Ask::Resume,
        222..232 => Ask::Revoke {
            reason: reasons[usize::from(detail) % reasons.len()],
            future: detail.is_multiple_of(11),
        },
        232..240 => Ask::Renew,
        240..248 => Ask::Hide,
        _ => Ask::Print,
    }
}
