//! The world of a walk: a desk, a model of it, and who and what is in both.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use gost_ca::authority::CrlPolicy;
use gost_ca::command::{Command, Envelope, Outcome};
use gost_ca::entry::Method;
use gost_ca::id::{ApprovalId, CaseId, TokenId, UserId};
use gost_ca::profile::{Locations, Policy, Profile, Supersede, Suspension};
use gost_ca::provider::Clock as _;
use gost_ca::provider::journal::ListPart;
use gost_ca::reason::{Ground, GroundKind};
use gost_ca::registration::Login;
use gost_ca::secret::Secret;
use gost_ca::x509::SerialNumber;
use gost_ca::{Error, RegistrationAuthority, Session, Timestamp};
use gost_ca_memory::MemoryNotifier;
use jiff::SignedDuration;

use crate::bench::{Bench, OWN_PASSWORD, PIN, user_key};
use crate::desk::{self, Result};
use crate::doubles::Hook;
use crate::faults::{Moody, Post, Trouble, Weather};
use crate::model::{Colleague, Life, Model, Mood, RULES, Request, Rules, Then, Verdict, Who};
use crate::seen::Seen;

/// One step: what, by whom, about which, and the details; whatever the numbers, it means something.
pub(crate) type Step = (u16, u8, u16, u16);

pub(crate) struct World {
    pub(crate) bench: Bench,
    pub(crate) weather: Arc<Weather>,
    pub(crate) trouble: Option<Trouble>,
    pub(crate) mood: Arc<Mutex<Mood>>,
    pub(crate) operators: Vec<Session>,
    pub(crate) colleague: UserId,
    pub(crate) model: Model,
    pub(crate) users: Vec<Account>,
    pub(crate) cases: Vec<CaseId>,
    /// The certificates of the cases: number, and part of the list.
    pub(crate) serials: Vec<Option<(SerialNumber, u16)>>,
    pub(crate) approvals: Vec<ApprovalId>,
    pub(crate) carriers: Vec<TokenId>,
    pub(crate) policy: Option<CrlPolicy>,
    /// The newest CRL of each list: its number, and its digest.
    pub(crate) numbers: BTreeMap<ListPart, (u64, Vec<u8>)>,
    pub(crate) keys: u32,
    pub(crate) done: Vec<(Who, Envelope)>,
    pub(crate) told: Vec<String>,
    pub(crate) secrets: Vec<Secret>,
    pub(crate) begin: Timestamp,
    seen: Seen,
}

/// What the world knows of a person, beside the model.
pub(crate) struct Account {
    pub(crate) id: UserId,
    pub(crate) login: Login,
    /// None where nobody was shown it.
    pub(crate) temporary: Option<Secret>,
    pub(crate) session: Option<Session>,
}

/// A key that was found in the wrong hands before the first day.
pub(crate) const VILLAINS_KEY: u32 = 999;

impl World {
    pub(crate) async fn begin(seen: Seen, kind: usize) -> Result<Self> {
        let mut bench = Bench::open().await?;
        let policy = crl_policy(kind, bench.desk.clock_now());
        let operators = set_up(&bench, policy.as_ref()).await?;
        let by = &bench.desk.administrator;
        let colleague = bench.desk.new_operator(by, 4, &bench.desk.office.clone()).await?;
        let Method::Certificate(case) = colleague.actor().method else { panic!("a certificate") };

        let mood = Arc::new(Mutex::new(Mood::Well));
        let post = Post { inner: MemoryNotifier::default(), mood: Arc::clone(&mood) };
        let providers = bench.desk.ra.providers().clone();
        let inner = Arc::clone(&providers.authorities[&bench.desk.authority]);
        let moody = Arc::new(Moody { inner, mood: Arc::clone(&mood) });
        let providers = providers.with_authority(bench.desk.authority, moody);
        let providers = providers.with_notifier(Arc::new(post));
        bench.desk.ra = RegistrationAuthority::new(providers, settings());
        let weather = Arc::new(Weather::default());
        let hook: Arc<dyn Hook> = Arc::clone(&weather) as _;
        bench.desk.ra = bench.hooked_with(&hook, settings());

        let begin = bench.desk.clock_now();
        let model = model(&bench, case, begin).await?;
        Ok(Self {
            weather,
            trouble: None,
            mood,
            operators,
            colleague: colleague.actor().user.unwrap(),
            model,
            users: Vec::new(),
            cases: vec![case],
            serials: vec![None],
            approvals: Vec::new(),
            carriers: Vec::new(),
            policy,
            numbers: BTreeMap::new(),
            keys: 1_000,
            done: Vec::new(),
            told: Vec::new(),
            secrets: vec![Secret::from(PIN), Secret::from(OWN_PASSWORD)],
            begin,
            seen,
            bench,
        })
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.bench.desk.clock.now()
    }

    pub(crate) async fn step(&mut self, (what, who, target, detail): Step) -> Result<()> {
        self.model.now = self.now();
        self.trouble = self.trouble_of(who, target ^ detail);
        let what = what % 1_000;
        if self.users.len() < 2 || what < 40 {
            return self.register(self.who(who, 0), detail).await;
        }
        let person = usize::from(target) % self.users.len();
        let case = self.case_of(target, detail);
        let who = self.who(who, case);
        match what {
            40..230 => self.about_accounts(what, who, person, detail).await,
            230..250 => self.replay(target).await,
            250..262 => self.look_is_old(who, case).await,
            262..285 => self.crl(who).await,
            285..325 => self.sweep().await,
            325..370 => {
                let seconds = [1, 31, 3_600, 86_400, 2 * 86_400, 5 * 86_400, 12 * 86_400];
                self.bench.desk.clock.advance(seconds[usize::from(detail) % seconds.len()]);
                Ok(())
            }
            370..390 => {
                let moods = [Mood::Well, Mood::Well, Mood::Well, Mood::Down, Mood::Keyless];
                let moods = [&moods[..], &[Mood::Refusing]].concat();
                self.model.mood = moods[usize::from(detail) % moods.len()];
                *self.mood.lock().unwrap() = self.model.mood;
                Ok(())
            }
            390..434 => self.about_accounts(what, who, person, detail).await,
            434..454 => self.about_carriers(who, (person, target), detail).await,
            454..466 => self.block_key(who, case).await,
            466..486 => self.import(who, person, detail).await,
            486..506 => self.bulk(who, target, detail).await,
            506..570 => self.about_approvals(who, target, detail).await,
            _ => {
                let question = self.question(case, what, detail);
                self.ask(who, question, case).await
            }
        }
    }

    /// Now and then a provider fails, or the caller goes away.
    fn trouble_of(&self, who: u8, numbers: u16) -> Option<Trouble> {
        let numbers = usize::from(numbers);
        let trouble = match who / 8 % 8 {
            0 => Trouble::Fault { call: numbers % 9, after: false },
            1 => Trouble::Fault { call: numbers % 9, after: true },
            2 => Trouble::Dropped { waits: 1 + numbers % 30 },
            _ => return None,
        };
        // what a fault leaves in another mood is the mood's and the fault's at once
        Some(trouble).filter(|_| self.model.mood == Mood::Well)
    }

    /// Mostly a user's, now and then the colleague's.
    pub(crate) fn case_of(&self, target: u16, detail: u16) -> usize {
        let users = self.cases.len() - 1;
        if users == 0 || detail.is_multiple_of(16) { 0 } else { 1 + usize::from(target) % users }
    }

    /// Mostly those who may, now and then somebody else.
    fn who(&self, who: u8, case: usize) -> Who {
        let people = self.users.len().max(1);
        let owner = self.model.lives[case].owner;
        let user = match who % 8 {
            0 | 1 => return Who::Administrator,
            2 => return Who::Operator(usize::from(who / 8) % 3),
            3..=5 => {
                let office = owner.map_or(0, |owner| self.model.people[owner].office);
                let deputy = office == 0 && who & 8 == 0;
                return Who::Operator(if deputy { 2 } else { office });
            }
            6 => owner.unwrap_or(0),
            _ => usize::from(who) % people,
        };
        match self.users.get(user) {
            Some(Account { session: Some(_), .. }) => Who::User(user),
            _ => Who::Operator(0),
        }
    }

    pub(crate) fn session(&self, who: Who) -> Session {
        match who {
            Who::Administrator => self.bench.desk.administrator.clone(),
            Who::Operator(operator) => self.operators[operator].clone(),
            Who::User(user) => self.users[user].session.clone().unwrap(),
        }
    }

    /// Executes, and compares the answer with the model's.
    pub(crate) async fn run(
        &mut self,
        who: Who,
        envelope: Envelope,
        verdict: Verdict,
    ) -> Option<Outcome> {
        self.run_with(who, envelope, None, verdict).await
    }

    pub(crate) async fn run_with(
        &mut self,
        who: Who,
        envelope: Envelope,
        phrase: Option<&Secret>,
        verdict: Verdict,
    ) -> Option<Outcome> {
        let session = self.session(who);
        let answer = self.execute(&session, &envelope, phrase).await;
        self.compare(who, &envelope.command, verdict, &answer);
        if answer.is_ok() {
            self.done.push((who, envelope));
        }
        answer.ok()
    }

    pub(crate) fn compare(
        &mut self,
        who: Who,
        command: &Command,
        verdict: Verdict,
        answer: &std::result::Result<Outcome, Error>,
    ) {
        let code = answer.as_ref().map(drop).map_err(Error::code);
        assert_eq!(code, verdict, "{who:?} asked {command:?}: {answer:?}");
        self.note(&command.name(), code.err().unwrap_or("ok"));
        if let Err(error) = answer {
            self.told.push(format!("{error} {error:?}"));
        }
    }

    pub(crate) fn note(&self, what: &str, answer: &str) {
        *self.seen.lock().unwrap().entry(format!("{what} {answer}")).or_default() += 1;
    }

    /// A command that was done is done, whatever happened since.
    async fn replay(&mut self, target: u16) -> Result<()> {
        if self.done.is_empty() {
            return Ok(());
        }
        let (who, envelope) = self.done[usize::from(target) % self.done.len()].clone();
        if let Who::User(user) = who
            && (self.users[user].session.is_none() || self.model.signed_in_fully(user).is_err())
        {
            return Ok(()); // nobody is there to ask again
        }
        match self.bench.desk.ra.execute(&self.session(who), &envelope).await? {
            Outcome::AlreadyDone(first) => {
                let is_shown =
                    matches!(*first, Outcome::Registered { temporary_password: Some(_), .. });
                assert!(!is_shown, "a secret is shown twice");
            }
            other => panic!("done twice: {envelope:?}: {other:?}"),
        }
        Ok(())
    }

    /// Whoever looked too long ago is told so, if it is theirs to look at.
    async fn look_is_old(&mut self, who: Who, case: usize) -> Result<()> {
        let id = self.cases[case];
        let length = self.bench.case(id).await?.length();
        let command = self.command(crate::model::Ask::Print, case).await?;
        let envelope = self.bench.desk.envelope(command).expecting(length - 1);
        let verdict = match self.model.verdict(who, crate::model::Ask::Print, case, self.now()) {
            Err(code) if code != "state" => Err(code),
            _ => Err("conflict"),
        };
        self.run(who, envelope, verdict).await;
        Ok(())
    }
}

fn settings() -> gost_ca::Settings {
    let mut settings = desk::settings();
    settings.approvals.bulk_limit = crate::bulk::LIMIT;
    settings.approvals.erase = 0; // the model's administrator erases alone
    settings
}

/// Offices, profiles, operators, the policy of CRLs, and a key that nobody may use.
async fn set_up(bench: &Bench, policy: Option<&CrlPolicy>) -> Result<Vec<Session>> {
    let (desk, by) = (&bench.desk, &bench.desk.administrator);
    desk.run(by, Command::OpenOffice { office: "other".parse()?, title: "Второй".to_owned() })
        .await?;
    for rules in &RULES[1..] {
        desk.run(by, Command::AdoptProfile { profile: Box::new(profile(rules)?) }).await?;
    }
    if let Some(policy) = policy {
        let (authority, policy) = (desk.authority, Box::new(policy.clone()));
        desk.run(by, Command::AdoptCrlPolicy { authority, policy }).await?;
    }
    let signer = user_key(VILLAINS_KEY, &desk.rng);
    let public = gost_ca::provider::Signer::public_key(&*signer);
    let key = desk.ra.providers().verifier.identify(public)?;
    let ground = Ground { kind: GroundKind::Court, document: "№ 3".to_owned() };
    desk.run(by, Command::BlockKey { key, ground }).await?;
    let other = desk.new_operator(by, 3, &"other".parse()?).await?;
    let deputy = desk.new_operator(by, 5, &desk.office.clone()).await?;
    Ok(vec![desk.operator.clone(), other, deputy])
}

pub(crate) fn profile(rules: &Rules) -> Result<Profile> {
    let term = |days: Option<i64>| days.map(|days| u16::try_from(days).unwrap());
    let approvals = rules.approvals.iter().map(|(act, quorum, back_dated)| {
        let act = gost_ca::lifecycle::Act::from_name(act).unwrap();
        gost_ca::profile::ApprovalRule { act, quorum: *quorum, back_dated: *back_dated }
    });
    let policy = Policy {
        request_days: term(rules.request),
        review: rules.review,
        approvals: approvals.collect(),
        acceptance_days: term(rules.acceptance),
        back_dating_days: u16::try_from(rules.back)?,
        late_revocation: rules.late,
        termination_hours: rules.entry.map(|hours| u16::try_from(hours).unwrap()),
        emergency_days: term(rules.emergency),
        owner_resumes: rules.owner_resumes,
        same_key: rules.same_key,
        renewal_days: term(rules.renewal),
        supersede: match rules.then {
            Then::Nothing => Supersede::AtExpiry,
            Then::Now => Supersede::Immediately,
            Then::After(days) => Supersede::AfterDays(u16::try_from(days)?),
        },
        archive_days: term(rules.archive),
        erase_days: term(rules.erase),
    };
    let suspension = rules.hold.map_or(Suspension::Forbidden, |(days, on_end)| {
        Suspension::Allowed { max_days: u16::try_from(days).unwrap(), on_end }
    });
    let locations = Locations {
        crl: vec![FULL.to_owned()],
        delta: vec![DELTA.to_owned()],
        ..Locations::default()
    };
    let (months, key_months) = rules.months;
    let id = rules.name.parse()?;
    Ok(Profile { id, months, key_months, suspension, policy, locations, ..desk::profile() })
}

/// By hand alone, whole lists on time, or parts with changes between them.
fn crl_policy(kind: usize, begin: Timestamp) -> Option<CrlPolicy> {
    let policy = CrlPolicy {
        locations: vec![FULL.to_owned()],
        // who resumes many is not suspected here
        shrink_percent: 100,
        ..CrlPolicy::default()
    };
    match kind % 3 {
        0 => None,
        1 => Some(CrlPolicy { expired_since: Some(begin), ..policy }),
        _ => Some(CrlPolicy {
            period: SignedDuration::from_hours(4 * 24),
            delta: true,
            delta_locations: vec![DELTA.to_owned()],
            partitions: 2,
            ..policy
        }),
    }
}

async fn model(bench: &Bench, case: CaseId, now: Timestamp) -> Result<Model> {
    let known = bench.case(case).await?;
    let issued = known.issued().unwrap().validity;
    let key = known.request().unwrap().public_key;
    let staff = Life {
        owner: None,
        office: Some(0),
        request: Request::Done,
        key: Some(key),
        term: Some((issued.not_before, issued.not_after)),
        ..Life::draft((0, Who::Administrator), 0, 1, now)
    };
    Ok(Model {
        people: Vec::new(),
        lives: vec![staff],
        approvals: Vec::new(),
        carriers: Vec::new(),
        keys: [(key, 0)].into(),
        blocked_keys: [].into(),
        containers: [].into(),
        gone: [].into(),
        colleague: Colleague { office: Some(0) },
        mood: Mood::Well,
        now,
    })
}

const FULL: &str = "http://ca.example/{partition}.crl";
const DELTA: &str = "http://ca.example/{partition}-delta.crl";
