//! What is asked about cases, and whether they are as the model says.

use gost_ca::Timestamp;
use gost_ca::command::{Command, Outcome};
use gost_ca::fact::{Notice, Plan as Planned};
use gost_ca::lifecycle::{AllowedAction, StatusAt};
use gost_ca::provider::Signer;
use gost_ca::provider::key_store::{CarrierId, KeyId};
use gost_ca::reason::{Ground, GroundKind, Reason};
use gost_ca::request::RequestBuilder;
use jiff::SignedDuration;

use crate::accounts::phrase;
use crate::bench::{STORE, ground, user_key};
use crate::desk::{self, Result};
use crate::model::asks::Termination;
use crate::model::{Ask, Frozen, KeyOf, Next, Plan, Request, Who};
use crate::world::{VILLAINS_KEY, World};

impl World {
    pub(crate) async fn ask(&mut self, who: Who, ask: Ask, case: usize) -> Result<()> {
        let now = self.now();
        let verdict = self.model.verdict(who, ask, case, now);
        let command = self.command(ask, case).await?;
        let envelope = self.bench.desk.envelope(command);
        let said =
            if let Ask::ByPhrase { phrase: number } = ask { Some(phrase(number)) } else { None };
        let button = self.button(who, ask, case).await;
        let outcome = self.run_with(who, envelope, said.as_ref(), verdict.map(drop)).await;
        compare_button(ask, button, verdict.map(drop));
        match (ask, verdict) {
            (_, Ok(next @ (Next::Asked(_) | Next::InReview))) => {
                self.waits(who, (ask, case), next, &outcome.unwrap());
            }
            (Ask::Submit | Ask::Waive | Ask::Issue, verdict) if came_to_signing(ask, verdict) => {
                let was = self.model.lives[case].request;
                self.model.issued_or_not(case, was == Request::InDoubt, now);
            }
            (_, Ok(_)) => self.apply(who, (ask, case), &outcome.unwrap()),
            _ => {}
        }
        self.check(case, self.keys).await?;
        if let Some(old) = self.model.lives[case].renews {
            self.check(old, self.keys).await?;
        }
        Ok(())
    }

    /// What a front-end would show of the button, before it is pressed.
    async fn button(&self, who: Who, ask: Ask, case: usize) -> Option<AllowedAction> {
        let session = self.session(who);
        let card = self.bench.desk.ra.case(&session, &self.cases[case]).await.ok()?;
        card.actions.into_iter().find(|action| action.act == ask.act())
    }

    /// Others are asked, or somebody must look.
    fn waits(&mut self, who: Who, (ask, case): (Ask, usize), next: Next, outcome: &Outcome) {
        let now = self.now();
        let life = &mut self.model.lives[case];
        // while others are asked, the term of the law runs
        let pressing = matches!(ask, Ask::Revoke(_)) && life.rules().entry.is_some();
        if pressing && life.application.is_none() {
            life.applied(now, now);
        }
        let Next::Asked(quorum) = next else {
            assert!(matches!(outcome, Outcome::InReview { .. }), "{outcome:?}");
            life.request = Request::Review;
            life.touch(now);
            return;
        };
        let Outcome::ApprovalRequested { approval } = outcome else { panic!("{outcome:?}") };
        let frozen = if matches!(ask, Ask::Submit | Ask::Waive) {
            life.request = Request::Pending;
            life.touch(now);
            Frozen::Issue { case }
        } else {
            Frozen::Case { ask, case, changes: life.changes }
        };
        let office = life.owner.map(|owner| self.model.people[owner].office);
        self.asked(who, *approval, frozen, (office, quorum));
    }

    pub(crate) async fn command(&mut self, ask: Ask, number: usize) -> Result<Command> {
        self.keys += 1;
        let case = self.cases[number];
        Ok(match ask {
            Ask::EditRequest => Command::EditRequest { case },
            Ask::GenerateKey => {
                let (store, algorithm) = (STORE.parse()?, desk::algorithm());
                let key = place(format!("key-{}", self.keys));
                Command::GenerateKey { case, store, key, algorithm, temporary_pin: false }
            }
            Ask::Import(key) => self.import_request(number, key).await?,
            Ask::UseKey => Command::UseKey { case },
            Ask::Submit => Command::Submit { case },
            Ask::Waive => Command::Waive { case, comment: "видел".to_owned() },
            Ask::Reject => Command::Reject { case, comment: "нет".to_owned() },
            Ask::Reopen => Command::Reopen { case },
            Ask::Cancel => Command::Cancel { case },
            Ask::Issue => Command::Issue { case },
            Ask::Install => Command::Install { case },
            Ask::Renew => Command::Renew { case },
            Ask::Reissue => Command::Reissue { case, why: "утрата".to_owned() },
            Ask::Hide => Command::Hide { case },
            Ask::Print => Command::Print {
                case,
                form: "copy".to_owned(),
                paper: "Копия".to_owned(),
                template: None,
            },
            Ask::Archive => Command::Archive { case },
            Ask::Unarchive => Command::Unarchive { case },
            Ask::Erase => Command::Erase { case },
            Ask::DestroyKey { left } => {
                let life = &self.model.lives[number];
                let known = if left { life.left.last() } else { life.container.as_ref() };
                let key = place(known.cloned().unwrap_or_else(|| "nothing".to_owned()));
                Command::DestroyKey { case, store: STORE.parse()?, key }
            }
            _ => self.about_certificate(ask, number),
        })
    }

    fn about_certificate(&self, ask: Ask, number: usize) -> Command {
        let case = self.cases[number];
        match ask {
            Ask::Accept { paper } => {
                Command::Accept { case, paper: paper.then(|| "№ 8".to_owned()) }
            }
            Ask::Refuse => Command::RefuseAcceptance { case },
            Ask::Suspend { until, on_end } => {
                Command::Suspend { case, ground: ground(), until, on_end }
            }
            Ask::ByPhrase { .. } => Command::SuspendByPhrase { case },
            Ask::ChangeHold { until, on_end } => {
                Command::ChangeSuspension { case, ground: ground(), until, on_end }
            }
            Ask::Resume => Command::Resume { case, ground: ground() },
            Ask::Revoke(Termination { reason, date, invalidity, annulled, told }) => {
                let court = Ground { kind: GroundKind::Court, document: "№ 2".to_owned() };
                let notice = Notice { learned: None, owner_notified: told };
                let ground = if annulled { court } else { ground() };
                Command::Revoke { case, reason, ground, invalidity, date, notice }
            }
            Ask::Apply { learned } => {
                let reason = Reason::CessationOfOperation;
                Command::ApplyForTermination { case, reason, ground: ground(), learned }
            }
            Ask::Dismiss => {
                Command::DismissTermination { case, comment: "ошибка".to_owned() }
            }
            Ask::RevokeExpired { reason } => {
                Command::RevokeExpired { case, reason, ground: ground(), invalidity: None }
            }
            Ask::Amend { invalidity } => {
                Command::AmendReason { case, ground: ground(), invalidity }
            }
            Ask::Schedule { at, plan } => {
                let ground = ground();
                let plan = match plan {
                    Plan::Hold { until, on_end } => Planned::Suspend { ground, until, on_end },
                    Plan::End(reason) => Planned::Revoke { reason, ground },
                };
                Command::Schedule { case, at, plan }
            }
            _ => Command::WithdrawSchedule { case },
        }
    }

    async fn import_request(&self, number: usize, key: KeyOf) -> Result<Command> {
        let case = self.cases[number];
        let rng = &self.bench.desk.rng;
        let key = match key {
            KeyOf::Nobody => user_key(self.keys, rng),
            KeyOf::Another => desk::key(104, rng),
            KeyOf::Villain => user_key(VILLAINS_KEY, rng),
            KeyOf::Known(_) => user_key(self.number_of(number, key), rng),
        };
        let admin = &self.bench.desk.administrator;
        let card = self.bench.desk.ra.case(admin, &case).await?;
        let user = card.case.begun().user;
        if self.model.lives[number].owner.is_some_and(|owner| self.model.people[owner].erased) {
            return Ok(Command::ImportRequest { case, request: Vec::new() });
        }
        let user = self.bench.desk.ra.user(admin, &user).await?;
        let subject = user.record.data.subject_attributes();
        let builder = RequestBuilder::new(&subject)?;
        let signer: &dyn Signer = &*key;
        let request = builder.with_profile(&card.profile).sign(signer).await?;
        Ok(Command::ImportRequest { case, request: request.as_der().to_vec() })
    }

    /// The number of the key that a request made elsewhere has.
    fn number_of(&self, case: usize, key: KeyOf) -> u32 {
        let known = match key {
            KeyOf::Known(number) => self.model.with_known_key(case, number),
            _ => None,
        };
        known.map_or(self.keys, |other| self.model.lives[other].key_number.unwrap())
    }

    /// What is true after something that was allowed.
    fn apply(&mut self, who: Who, (ask, case): (Ask, usize), outcome: &Outcome) {
        let now = self.now();
        match ask {
            Ask::GenerateKey | Ask::Import(_) | Ask::UseKey => {
                let Outcome::RequestBuilt { public_key, .. } = outcome else {
                    panic!("{outcome:?}")
                };
                self.model.keys.entry(*public_key).or_insert(case);
                let elders = self.model.lives[case].renews;
                let elders = elders.and_then(|old| self.model.lives[old].container.clone());
                let number = match ask {
                    Ask::Import(key) => self.number_of(case, key),
                    _ => 0,
                };
                let life = &mut self.model.lives[case];
                life.request = Request::Built;
                life.key = Some(*public_key);
                match ask {
                    Ask::GenerateKey => {
                        let container = format!("key-{}", self.keys);
                        self.model.containers.insert(container.clone(), case);
                        life.container = Some(container);
                    }
                    Ask::UseKey => life.container = elders,
                    Ask::Import(_) => life.key_number = Some(number),
                    _ => {}
                }
                life.touch(now);
            }
            Ask::Renew | Ask::Reissue => {
                let Outcome::RequestCreated { case: heir } = outcome else { panic!("{outcome:?}") };
                self.model.succeeds(case, who, now);
                self.cases.push(*heir);
                self.serials.push(None);
            }
            _ => self.model.apply(ask, case, now),
        }
    }

    /// The case is as the model says: its state, its view, its past.
    pub(crate) async fn check(&mut self, number: usize, probe: u32) -> Result<()> {
        let case = self.bench.folded(self.cases[number]).await?;
        let life = &mut self.model.lives[number];
        if life.request == Request::Done && life.term.is_none() {
            let validity = case.issued().unwrap().validity;
            life.term = Some((validity.not_before, validity.not_after));
        }
        if let Some(issued) = case.issued() {
            self.serials[number] = Some((issued.serial.clone(), issued.partition));
        }
        assert_eq!(case.state(), life.state(), "{number}: {life:?}");
        assert_eq!(case.successor(), life.heir.map(|heir| self.cases[heir]), "{number}: {life:?}");
        assert_eq!(
            case.plan().map(|(at, _)| *at),
            life.plan.map(|(at, _)| at),
            "{number}: {life:?}"
        );
        let asked = case.application().map(|asked| (asked.deadline, asked.overdue));
        assert_eq!(asked, life.application, "{number}: {life:?}");
        let now = self.bench.desk.clock_now();
        let age = now.duration_since(self.begin).as_secs() + 1;
        let ago = |factor: i64| SignedDuration::from_secs(i64::from(probe) * factor % age);
        for share in 0..2 {
            let time = now - ago(7_919 + share) + ago(1 + share);
            let known = now - ago(104_729 + share);
            let asked = StatusAt::time(time).known_until(known);
            let answer = self.bench.desk.ra.status_at(&case.id(), asked).await?;
            assert_eq!(answer, life.status(time, known), "{asked:?} of {number}: {life:?}");
        }
        let status = self.bench.desk.ra.status(&case.id()).await?;
        assert_eq!(status, life.status(now, Timestamp::MAX), "{number}: {life:?}");
        Ok(())
    }
}

fn place(container: String) -> KeyId {
    KeyId { carrier: CarrierId(STORE.to_owned()), container }
}

/// Whether the command went so far that the authority was asked.
fn came_to_signing(ask: Ask, verdict: std::result::Result<Next, &'static str>) -> bool {
    match verdict {
        // before that, what would fail is refused
        Err("key.blocked") => ask == Ask::Issue,
        Ok(next) => next == Next::Issued,
        Err(code) => code.starts_with("provider.") || code == "authority.refused",
    }
}

/// What a button says is what is answered, as far as it can know.
fn compare_button(
    ask: Ask,
    button: Option<AllowedAction>,
    verdict: std::result::Result<(), &'static str>,
) {
    let Some(refusal) = button.and_then(|button| button.refusal) else { return };
    // going back to the draft is an edit, but in other states
    let fits = ask == Ask::Reopen || verdict == Err(refusal.code());
    assert!(fits, "{ask:?}: the button says {refusal:?}, the answer is {verdict:?}");
}
