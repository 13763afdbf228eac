//! People: registered, signed in, blocked, edited, bound to certificates, put away.

use gost_ca::command::{Command, Outcome, Possession, Termination};
use gost_ca::provider::Signer as _;
use gost_ca::provider::key_store::Message;
use gost_ca::reason::Reason;
use gost_ca::registration::{Field, RegistrationForm};
use gost_ca::secret::Secret;
use gost_ca::view::Role;
use gost_ca::{Error, Session};
use jiff::SignedDuration;

use crate::bench::{self, OWN_PASSWORD, ground, user_key};
use crate::desk::{self, Result};
use crate::model::people::Target;
use crate::model::{Life, Move, Person, Who, second};
use crate::world::{Account, World};

impl World {
    pub(crate) async fn about_accounts(
        &mut self,
        what: u16,
        who: Who,
        person: usize,
        detail: u16,
    ) -> Result<()> {
        match what {
            40..85 => self.sign_in(person, detail).await,
            85..100 => self.temporary_password(who, person, false).await,
            100..108 => self.temporary_password(who, person, true).await,
            108..128 => self.block(who, person, detail).await,
            128..158 => self.edit(who, person, detail).await,
            158..230 => self.create(who, person, detail).await,
            390..400 => self.set_phrase(who, person, detail).await,
            400..412 => self.bind(who, person, detail).await,
            412..424 => self.put_person_away(who, person, detail).await,
            _ => self.change_role(who, person, detail).await,
        }
    }

    pub(crate) async fn register(&mut self, who: Who, detail: u16) -> Result<()> {
        let (office, number) = (usize::from(detail % 2), 100 + u32::try_from(self.users.len())?);
        let mut verdict = self.model.registers(who, office);
        let last = self.model.people.last().is_some_and(|person| !person.archived);
        let again = detail.is_multiple_of(7) && last;
        let number = if again { number - 1 } else { number };
        if again && verdict.is_ok() {
            verdict = Err("registration.duplicate");
        }
        let Command::Register(mut command) = bench::register(&self.bench.desk, number)? else {
            panic!("a registration")
        };
        command.office = Some(["main", "other"][office].parse()?);
        let remote = detail.is_multiple_of(3);
        if remote {
            let mut form = RegistrationForm::from(&command.data);
            form.set(Field::Identification, "remote-cert".to_owned());
            form.set(Field::IdentificationEvidence, "№ 7".to_owned());
            command.data = form.check()?;
        }
        let login = command.login.clone();
        let envelope = self.bench.desk.envelope(Command::Register(command));
        let Some(done) = self.run(who, envelope, verdict).await else { return Ok(()) };
        let Outcome::Registered { user: id, temporary_password: temporary } = done else {
            panic!("{done:?}")
        };
        self.secrets.extend(temporary.as_ref().map(|secret| Secret::new(secret.expose())));
        self.users.push(Account { id, login, temporary, session: None });
        let now = self.now();
        self.model.people.push(Person::registered(office, remote, now));
        Ok(())
    }

    /// Signs in by the password that is in force, changing the temporary one most of the time; or by a
    /// certificate.
    async fn sign_in(&mut self, person: usize, detail: u16) -> Result<()> {
        let bound = self.model.people[person].bound.first().copied();
        if let Some(case) = bound.filter(|_| detail.is_multiple_of(2)) {
            return self.sign_in_by_certificate(person, case).await;
        }
        let now = self.now();
        let account = &self.users[person];
        let own = Secret::from(OWN_PASSWORD);
        let known = self.model.people[person].clone();
        let wrong = Secret::from("another-password-2");
        let password = match &account.temporary {
            _ if detail.is_multiple_of(5) => &wrong,
            _ if known.has_own_password => &own,
            Some(temporary) => temporary,
            None => &wrong,
        };
        let right = *password != wrong;
        let fits = self.model.people[person].knocks(right, now);
        let ra = &self.bench.desk.ra;
        let answer = ra.sign_in_by_password(&account.login, password).await;
        let code = answer.as_ref().map(drop).map_err(Error::code);
        assert_eq!(code, if fits { Ok(()) } else { Err("sign-in") });
        self.note("sign-in", code.err().unwrap_or("ok"));
        let (Ok(session), account) = (answer, &self.users[person]) else { return Ok(()) };
        if !known.has_own_password && !detail.is_multiple_of(4) {
            let id = desk::command_id(&self.bench.desk.rng);
            let temporary = account.temporary.as_ref().unwrap();
            let ra = &self.bench.desk.ra;
            ra.change_own_password(&session, id, (temporary, &own)).await?;
            let again = ra.change_own_password(&session, id, (temporary, &own)).await?;
            assert_eq!(again, Outcome::AlreadyDone(Box::new(Outcome::Done)));
            self.model.people[person].has_own_password = true;
        }
        self.signed_in(person, session, None);
        Ok(())
    }

    async fn sign_in_by_certificate(&mut self, person: usize, case: usize) -> Result<()> {
        let now = self.now();
        let (ra, admin) = (&self.bench.desk.ra, &self.bench.desk.administrator);
        let certificate = ra.certificate(admin, &self.cases[case]).await?;
        let number = self.model.lives[case].key_number.unwrap();
        let answer = desk::answer(ra, &*user_key(number, &self.bench.desk.rng)).await?;
        let answer = ra.sign_in(&certificate, &answer).await;
        let fits = self.model.people[person].is_in_use() && self.model.lives[case].is_in_force(now);
        let code = answer.as_ref().map(drop).map_err(Error::code);
        assert_eq!(code, if fits { Ok(()) } else { Err("sign-in") });
        self.note("sign-in-by-certificate", code.err().unwrap_or("ok"));
        if let Ok(session) = answer {
            self.signed_in(person, session, Some(case));
        }
        Ok(())
    }

    fn signed_in(&mut self, person: usize, session: Session, by: Option<usize>) {
        self.users[person].session = Some(session);
        self.model.people[person].signed_in_by = by;
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
            let Outcome::Registered { temporary_password: temporary, .. } = done else {
                panic!("{done:?}")
            };
            self.secrets.extend(temporary.as_ref().map(|secret| Secret::new(secret.expose())));
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
        if self.model.people[person].erased {
            return Ok(()); // there is nothing to begin from
        }
        let (desk, user) = (&self.bench.desk, self.users[person].id);
        let record = desk.ra.user(&desk.administrator, &user).await?.record;
        let mut form = RegistrationForm::from(&record.data);
        if detail.is_multiple_of(2) {
            let surname = ["Соколова", "Журавлёва", "Ковалёва"][usize::from(detail / 2) % 3];
            form.set(Field::Surname, surname.to_owned());
        }
        let version = self.model.people[person].version;
        let email = format!("user-{person}-{version}@example.org");
        form.set(Field::CertificateEmail, email);
        let command = Command::EditData { user, data: Box::new(form.check()?) };
        let envelope = desk.envelope(command);
        let verdict = self.model.edits(who, person);
        if self.run(who, envelope, verdict).await.is_some() {
            self.model.people[person].version += 1;
        }
        Ok(())
    }

    async fn create(&mut self, who: Who, person: usize, detail: u16) -> Result<()> {
        let verdict = self.model.creates(who, person);
        let (user, authority) = (self.users[person].id, self.bench.desk.authority);
        let rules = 1 + usize::from(detail) % (crate::model::RULES.len() - 1);
        let profile = crate::model::RULES[rules].name.parse()?;
        let command = Command::CreateRequest { user, profile, authority };
        let envelope = self.bench.desk.envelope(command);
        if let Some(Outcome::RequestCreated { case }) = self.run(who, envelope, verdict).await {
            let (version, now) = (self.model.people[person].version, self.now());
            let lineage = self.cases.len();
            let draft = Life::draft((person, who), rules, version, now);
            self.model.lives.push(Life { lineage, ..draft });
            self.cases.push(case);
            self.serials.push(None);
        }
        Ok(())
    }

    async fn set_phrase(&mut self, who: Who, person: usize, detail: u16) -> Result<()> {
        let verdict = self.model.changes_own(who, person);
        let number = detail % 3;
        let phrase = phrase(number);
        let envelope =
            self.bench.desk.envelope(Command::SetCodePhrase { user: self.users[person].id });
        if self.run_with(who, envelope, Some(&phrase), verdict).await.is_some() {
            self.secrets.push(phrase);
            self.model.people[person].phrase = Some(number);
        }
        Ok(())
    }

    /// Lets a certificate sign in, or no more.
    async fn bind(&mut self, who: Who, person: usize, detail: u16) -> Result<()> {
        let user = self.users[person].id;
        if detail.is_multiple_of(4) {
            let bound = self.model.people[person].bound.first().copied().unwrap_or(0);
            let verdict = self.model.unbinds(who, (person, bound), self.now());
            let command = Command::UnbindCertificate { user, case: self.cases[bound] };
            let envelope = self.bench.desk.envelope(command);
            if self.run(who, envelope, verdict).await.is_some() {
                self.model.people[person].bound.retain(|case| *case != bound);
                self.users[person].session = None;
            }
            return Ok(());
        }
        let made_elsewhere = |life: &&Life| life.owner == Some(person) && life.key_number.is_some();
        let Some(case) = self.model.lives.iter().rposition(|life| made_elsewhere(&life)) else {
            return Ok(());
        };
        let proven = !detail.is_multiple_of(7);
        let verdict = self.model.binds(who, (person, case), proven, self.now());
        let number = self.model.lives[case].key_number.unwrap() + u32::from(!proven);
        let possession = self.possession(person, number).await?;
        let command = Command::BindCertificate { user, case: self.cases[case], possession };
        let envelope = self.bench.desk.envelope(command);
        if self.run(who, envelope, verdict).await.is_some() {
            self.model.people[person].bound.push(case);
        }
        Ok(())
    }

    async fn possession(&self, person: usize, key: u32) -> Result<Possession> {
        let challenge = self.bench.desk.ra.challenge().await?;
        let message = challenge.binding_bytes(&self.users[person].id);
        let signer = user_key(key, &self.bench.desk.rng);
        let signature = signer.sign(Message::Bytes(&message)).await?;
        Ok(Possession { challenge, signature })
    }

    /// Archives, and erases later.
    async fn put_person_away(&mut self, who: Who, person: usize, detail: u16) -> Result<()> {
        let (user, reason, now) = (self.users[person].id, "№ 5".to_owned(), self.now());
        if self.model.people[person].archived || detail.is_multiple_of(9) {
            let verdict = self.model.erases_person(who, person);
            let envelope = self.bench.desk.envelope(Command::EraseUser { user, reason });
            if self.run(who, envelope, verdict).await.is_some() {
                self.model.people[person].erased = true;
            }
            return Ok(());
        }
        let why = Reason::ALL[usize::from(detail) % Reason::ALL.len()];
        let ends = !detail.is_multiple_of(4);
        let termination = ends.then(|| Termination { reason: why, ground: ground() });
        let verdict = self.model.archives_person(who, person, ends, now);
        let command = Command::ArchiveUser { user, reason, termination };
        let envelope = self.bench.desk.envelope(command);
        if self.run(who, envelope, verdict).await.is_some() {
            self.archived(person, why).await?;
        }
        Ok(())
    }

    async fn archived(&mut self, person: usize, reason: Reason) -> Result<()> {
        let now = self.now();
        self.users[person].session = None;
        let known = &mut self.model.people[person];
        known.archived = true;
        known.forgiven();
        known.bound.clear();
        for case in 0..self.cases.len() {
            let life = &self.model.lives[case];
            if life.owner == Some(person) && life.lives_on(now) {
                let moment = second(now);
                let date = life.held_since().unwrap_or(moment);
                let ended = Move::Ended { date, reason, invalidity: None };
                self.model.ends(case, (now, moment), ended);
                self.check(case, 3).await?;
            }
        }
        Ok(())
    }

    /// Of the colleague; of others, and to what cannot be, in vain.
    async fn change_role(&mut self, who: Who, person: usize, detail: u16) -> Result<()> {
        let target = match detail % 8 {
            0 => Target::User(person),
            1 => Target::Oneself,
            2 => Target::ToUser,
            3 => Target::Nowhere,
            4 => Target::Unknown,
            5 => Target::Auditor,
            _ => Target::Office(usize::from(detail / 8) % 2),
        };
        let office = |name: &str| Some(name.parse().unwrap());
        let (role, office) = match target {
            Target::ToUser => (Role::User, office("main")),
            Target::Nowhere => (Role::Operator, None),
            Target::Unknown => (Role::Operator, office("nowhere")),
            Target::Auditor => (Role::Auditor, None),
            Target::Office(1) => (Role::Operator, office("other")),
            _ => (Role::Operator, office("main")),
        };
        let user = match target {
            Target::User(person) => self.users[person].id,
            Target::Oneself => self.bench.desk.administrator.actor().user.unwrap(),
            _ => self.colleague,
        };
        let verdict = self.model.changes_role(who, target, self.now());
        let envelope = self.bench.desk.envelope(Command::ChangeRole { user, role, office });
        if self.run(who, envelope, verdict).await.is_some() {
            self.model.colleague.office = match target {
                Target::Office(office) => Some(office),
                _ => None,
            };
        }
        Ok(())
    }
}

/// As people say it, and as it is heard at the desk.
pub(crate) fn phrase(number: u16) -> Secret {
    let phrases = ["Зелёная ёлка 7", "Синий кит, 81", "Тихая заводь 12"];
    Secret::new(phrases[usize::from(number) % 3].as_bytes())
}
