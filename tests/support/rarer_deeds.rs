//! Calls that few days have: requests that somebody looks at, keys that go on or go, ends of documents.

use gost_ca::command::{Command, Means, Outcome};
use gost_ca::id::CaseId;
use gost_ca::lifecycle::Act;
use gost_ca::profile::{ApprovalRule, Policy};
use gost_ca::provider::journal::{CaseFilter, Page, StreamId};
use gost_ca::provider::key_store::{Access, CarrierId, KeyId};
use gost_ca::registration::{Field, RegistrationForm};
use gost_ca::secret::Secret;
use gost_ca::view::CaseState;

use super::{Bench, Call, Deed, PIN, Result, STORE, What, algorithm, ground, register, user_key};
use crate::desk;

impl Bench {
    pub(super) async fn prepare_rare(&self, deed: Deed, number: u32) -> Result<Call> {
        let desk = &self.desk;
        let case = self.rare_case(deed, number).await?;
        let (command, events): (_, &[&str]) = match deed {
            Deed::Waive => (
                Command::Waive { case, comment: "№ 8".to_owned() },
                &["request.policy_waived", "request.approved", "issuance.intent", ISSUED],
            ),
            Deed::Reject => {
                (Command::Reject { case, comment: "№ 8".to_owned() }, &["request.rejected"])
            }
            Deed::Approve => {
                let approval = self.case(case).await?.approval().unwrap();
                (
                    Command::Approve { approval, comment: "№ 8".to_owned() },
                    &["request.approved", "issuance.intent", ISSUED],
                )
            }
            Deed::UseKey => (Command::UseKey { case }, &["request.built_anew"]),
            Deed::DestroyKey => {
                let key = key(number);
                (Command::DestroyKey { case, store: STORE.parse()?, key }, &["container.destroyed"])
            }
            Deed::BlockKey => {
                let key = self.case(case).await?.request().unwrap().public_key;
                (Command::BlockKey { key, ground: ground() }, &["record.key_blocked"])
            }
            _ => (Command::Erase { case }, &["certificate.erased"]),
        };
        let stream = if deed == Deed::BlockKey { StreamId::Record } else { StreamId::Case(case) };
        let what = What::Command(desk.administrator.clone(), desk.envelope(command));
        Ok(Call { what, stream, from: self.length(stream).await?, events })
    }

    async fn rare_case(&self, deed: Deed, number: u32) -> Result<CaseId> {
        let (desk, by) = (&self.desk, &self.desk.operator);
        match deed {
            Deed::Waive | Deed::Reject => {
                let case =
                    self.remote(number, Policy { review: true, ..Policy::default() }).await?;
                desk.run(by, Command::Submit { case }).await?;
                Ok(case)
            }
            Deed::Approve => {
                let rule = ApprovalRule { act: Act::Issue, quorum: 1, back_dated: false };
                let policy = Policy { approvals: vec![rule], ..Policy::default() };
                let case = self.remote(number, policy).await?;
                desk.run(by, Command::Submit { case }).await?;
                Ok(case)
            }
            Deed::UseKey => {
                self.adopt(number, Policy { same_key: true, ..Policy::default() }).await?;
                let case = self.generated(number).await?;
                desk.run(by, Command::Submit { case }).await?;
                match desk.run(by, Command::Renew { case }).await? {
                    Outcome::RequestCreated { case } => Ok(case),
                    other => panic!("{other:?}"),
                }
            }
            Deed::DestroyKey => {
                self.adopt(number, Policy::default()).await?;
                let case = self.generated(number).await?;
                desk.run(by, Command::Cancel { case }).await?;
                Ok(case)
            }
            Deed::BlockKey => self.active(number).await,
            _ => {
                if let Some(case) = self.archived().await? {
                    return Ok(case);
                }
                self.archive_many(number).await?;
                Ok(self.archived().await?.unwrap())
            }
        }
    }

    /// A case whose documents may be erased.
    async fn archived(&self) -> Result<Option<CaseId>> {
        let (states, hidden) = (vec![CaseState::Archived], true);
        let filter = CaseFilter { states, hidden, ..CaseFilter::default() };
        let (ra, by) = (&self.desk.ra, &self.desk.administrator);
        let found = ra.list_cases(by, filter, &Page::first(1)).await?.0;
        Ok(found.first().map(|row| row.case))
    }

    /// Certificates end when their time is over: many of them at once, not to outlive the staff's.
    async fn archive_many(&self, number: u32) -> Result<()> {
        let (desk, by) = (&self.desk, &self.desk.operator);
        let (archive_days, erase_days) = (Some(0), Some(0));
        let policy = Policy { archive_days, erase_days, ..Policy::default() };
        let mut cases = Vec::new();
        for number in (1_000 * number..).take(MANY) {
            let case = self.remote(number, policy.clone()).await?;
            desk.run(by, Command::Submit { case }).await?;
            cases.push(case);
        }
        desk.clock.advance(32 * 24 * 3_600);
        for case in cases {
            desk.run(&desk.administrator, Command::Archive { case }).await?;
        }
        Ok(())
    }

    /// Makes it the profile of a number, for one month.
    async fn adopt(&self, number: u32, policy: Policy) -> Result<()> {
        let mut profile = desk::profile();
        (profile.id, profile.policy) = (rare(number).parse()?, policy);
        (profile.months, profile.key_months) = (1, 1);
        let adopt = Command::AdoptProfile { profile: Box::new(profile) };
        self.desk.run(&self.desk.administrator, adopt).await?;
        Ok(())
    }

    /// A request of somebody who was identified from afar.
    async fn remote(&self, number: u32, policy: Policy) -> Result<CaseId> {
        let desk = &self.desk;
        self.adopt(number, policy).await?;
        let Command::Register(mut command) = register(desk, number)? else { panic!() };
        let mut form = RegistrationForm::from(&command.data);
        form.set(Field::Identification, "remote-cert".to_owned());
        form.set(Field::IdentificationEvidence, "№ 7".to_owned());
        command.data = form.check()?;
        let registered = desk.run(&desk.operator, Command::Register(command)).await?;
        let Outcome::Registered { user, .. } = registered else { panic!("{registered:?}") };
        desk.build(&desk.operator, user, &rare(number), &user_key(number, &desk.rng)).await
    }

    /// A request with a key in the store.
    async fn generated(&self, number: u32) -> Result<CaseId> {
        let (desk, by) = (&self.desk, &self.desk.operator);
        let (user, _) = self.user(number).await?;
        let (profile, authority) = (rare(number).parse()?, desk.authority);
        let create = Command::CreateRequest { user, profile, authority };
        let created = desk.run(by, create).await?;
        let Outcome::RequestCreated { case } = created else { panic!("{created:?}") };
        let (store, key, algorithm) = (STORE.parse()?, key(number), algorithm());
        let command = Command::GenerateKey { case, store, key, algorithm, temporary_pin: false };
        let access = Access::New(Secret::from(PIN));
        let means = Means::for_key(&access, &*desk.rng);
        desk.ra.execute_with(by, &desk.envelope(command), means).await?;
        Ok(case)
    }
}

fn key(number: u32) -> KeyId {
    KeyId { carrier: CarrierId(STORE.to_owned()), container: format!("rare-{number}") }
}

/// A profile of its own, as the deed wants it.
fn rare(number: u32) -> String {
    format!("rare-{number}")
}

const MANY: usize = 40;
const ISSUED: &str = "certificate.issued";
