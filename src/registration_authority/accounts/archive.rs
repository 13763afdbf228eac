//! The end of an account: out of use for good, and then without its personal data.

use jiff::Timestamp;
use serde_json::Value;

use super::super::RegistrationAuthority;
use super::super::claims::binding_key;
use super::super::job::{Job, Work};
use super::{left_to, text};
use crate::command::{Command, Envelope, Outcome, Termination};
use crate::commitment::Commitment;
use crate::error::Error;
use crate::fact::{AccountFact, CaseFact, RecordFact};
use crate::id::{CommandId, UserId};
use crate::lifecycle::account::Circumstances;
use crate::lifecycle::{Account, Act};
use crate::provider::UserRecord;
use crate::provider::directory::SealedRecord;
use crate::provider::journal::{Change, Claim, Page, Query, StreamId};
use crate::registration::PersonKey;
use crate::view::{CaseView, Role, View};

impl Job<'_> {
    /// U13: certificates in force end with it, in the same commit, where the command says how.
    pub(in super::super) async fn archive_user(
        &self,
        user: &UserId,
        reason: &str,
        termination: Option<&Termination>,
    ) -> Result<Outcome, Error> {
        let (mut account, around) = self.account(user, Act::ArchiveAccount).await?;
        let reason = text(reason, "a reason")?;
        let cases = self.ra.cases_of(user).await?;
        let mut around = with_cases(around, &cases, self.now);
        let mut work = Work::default().with_claims(self.released(&account).await?);
        if let Some(termination) = termination {
            for case in cases.iter().filter(|case| is_in_force(case, self.now)) {
                let (change, blocked) = self.terminate(case, termination).await?;
                work = work.with_change(change);
                add_once(&mut work.claims, blocked);
            }
            around.in_force = 0;
        }
        if account.role() != Role::User {
            let record = self.ra.record().await?;
            let role = RecordFact::RoleWithdrawn { user: *user };
            work = work.with_change(self.record_change(record.length(), vec![role]));
            around.administrators = record.administrators();
        }
        let fact = AccountFact::Archived { reason };
        let change = self.change_account(&mut account, Act::ArchiveAccount, fact, &around)?;
        self.check_desk_approval()?;
        let done = self.finish(work.with_change(change), Outcome::Done).await?;
        self.ra.erase_spent(&account).await?;
        Ok(done)
    }

    async fn terminate(
        &self,
        case: &CaseView,
        termination: &Termination,
    ) -> Result<(Change, Option<Claim>), Error> {
        let (mut case, profile) = self.begun_case(&case.case, Act::Revoke).await?;
        let Termination { reason, ground } = termination.clone();
        let date = case.hold().map_or(self.second(), |hold| hold.since);
        let fact = CaseFact::CertificateRevoked {
            reason,
            ground,
            date,
            invalidity: None,
            notice: crate::fact::Notice::default(),
        };
        let mut entry = self.entry(fact);
        entry.effective = self.second();
        let change = self.change(&mut case, &profile, vec![entry])?;
        Ok((change, self.forbid_key(&case).await?))
    }

    /// The person may be registered anew; the login stays: it never names two people.
    async fn released(&self, account: &Account) -> Result<Vec<Claim>, Error> {
        let user = account.user();
        let data = self.ra.user_record(&user, account.registration()).await?.data;
        let alone = !self.is_known_elsewhere(&user, &data).await?;
        let claims = self.ra.claim_key().await?;
        let keys = data.keys();
        let keys = keys
            .iter()
            .filter(|key| alone || matches!(key, PersonKey::Registration { .. }))
            .map(|key| claims.person(key));
        let bound = account.bound().iter().map(binding_key);
        let released = keys.chain(bound).map(|key| Claim::Release { key });
        let mut released: Vec<Claim> = released.collect();
        released.extend(self.ra.forgiven(account).await?);
        Ok(released)
    }

    /// U14: from its entry on nobody uses the data; then it is erased, and again after a crash.
    pub(in super::super) async fn erase_user(
        &self,
        user: &UserId,
        reason: &str,
    ) -> Result<Outcome, Error> {
        let (mut account, around) = self.account(user, Act::EraseAccount).await?;
        let fact = AccountFact::Erased { reason: text(reason, "a reason")? };
        let left = self.left_person(&account).await?;
        let cases = self.ra.cases_of(user).await?;
        let around = with_cases(around, &cases, self.now);
        let change = self.change_account(&mut account, Act::EraseAccount, fact, &around)?;
        self.check_desk_approval()?;
        let done = self.finish(Work::of(change).with_claims(left), Outcome::Done).await?;
        self.ra.finish_erasure(account, self.now).await?;
        Ok(done)
    }

    /// A person's other registrations are left to the name that they are under: no erased name holds them.
    async fn left_person(&self, account: &Account) -> Result<Vec<Claim>, Error> {
        let claims = self.ra.claim_key().await?;
        let user = account.user();
        let found = self.ra.providers.directory.get(&user, account.registration()).await?;
        let Some(SealedRecord { record: UserRecord { data, .. }, .. }) = found else {
            return Ok(Vec::new()); // erased already
        };
        let other = self.other_registration(&user, &data).await?;
        Ok(other.map_or_else(Vec::new, |other| left_to(&claims, &other, &data)))
    }
}

impl RegistrationAuthority {
    /// Erases what an account's entries, and those of its requests, call by commitment; records that it did.
    pub(in super::super) async fn finish_erasure(
        &self,
        mut account: Account,
        now: Timestamp,
    ) -> Result<(), Error> {
        let user = account.user();
        self.providers.directory.erase(&user).await?;
        if let Some(drafts) = self.providers.directory.drafts() {
            drafts.erase_but(&user, None).await?;
        }
        self.erase_documents(StreamId::Account(user)).await?;
        for case in self.cases_of(&user).await? {
            self.erase_documents(StreamId::Case(case.case)).await?;
        }
        // a function of the account as it stands: done twice, it is recorded once
        let id = CommandId::new(*user.octets()).step(&format!("erasure-{}", account.length()));
        let reason = String::new();
        let envelope = Envelope::new(id, Command::EraseUser { user, reason });
        let job = Job::by_engine(self, &envelope, now);
        let around = Circumstances::new(now, 0);
        let fact = AccountFact::ErasureFinished;
        let change = job.change_account(&mut account, Act::FinishErasure, fact, &around)?;
        job.finish(Work::of(change), Outcome::Done).await?;
        Ok(())
    }

    async fn erase_documents(&self, stream: StreamId) -> Result<(), Error> {
        let entries = self.providers.journal.load(&stream, 0).await?.entries;
        for entry in entries {
            let entry: Value = serde_json::from_slice(&entry.0)
                .map_err(|error| Error::Damaged(error.to_string()))?;
            let mut named = Vec::new();
            commitments(&entry, &mut named);
            for commitment in named {
                self.providers.journal.documents().erase(&commitment).await?;
            }
        }
        Ok(())
    }

    /// All cases of one person.
    async fn cases_of(&self, user: &UserId) -> Result<Vec<CaseView>, Error> {
        let (query, mut page) = (Query::CasesOf(vec![*user]), Page::first(CASES_AT_ONCE));
        let mut cases = Vec::new();
        loop {
            let found = self.providers.journal.find(&query, &page).await?;
            cases.extend(found.views.into_iter().filter_map(|view| match view {
                View::Case(row) => Some(row),
                _ => None,
            }));
            match found.next {
                Some(next) => page.after = Some(next),
                None => return Ok(cases),
            }
        }
    }
}

/// Two certificates may have one key, which is blocked once.
fn add_once(claims: &mut Vec<Claim>, claim: Option<Claim>) {
    let key = |claim: &Claim| match claim {
        Claim::Take { key, .. } | Claim::Release { key } => *key,
    };
    let new = claim.filter(|new| claims.iter().all(|known| key(known) != key(new)));
    claims.extend(new);
}

/// With what the person's cases say.
pub(in super::super) fn with_cases(
    around: Circumstances,
    cases: &[CaseView],
    now: Timestamp,
) -> Circumstances {
    let count = |fits: fn(&CaseView, Timestamp) -> bool| {
        cases.iter().filter(|case| fits(case, now)).count()
    };
    Circumstances {
        in_force: count(is_in_force),
        pending: count(|case, _| {
            case.not_after.is_none() && !HAS_ENDED.contains(&case.state.name())
        }),
        registered: count(|case, _| case.not_after.is_some() && case.state.name() != "erased"),
        ..around
    }
}

fn is_in_force(case: &CaseView, now: Timestamp) -> bool {
    !HAS_ENDED.contains(&case.state.name()) && case.not_after.is_some_and(|end| now <= end)
}

/// All that may be the commitment to a document; what is none erases nothing.
fn commitments(value: &Value, named: &mut Vec<Commitment>) {
    match value {
        Value::String(text) if text.len() == 64 => {
            named.extend(crate::hex::array(text).map(Commitment::from_octets));
        }
        Value::Array(values) => values.iter().for_each(|value| commitments(value, named)),
        Value::Object(fields) => fields.values().for_each(|value| commitments(value, named)),
        _ => {}
    }
}

/// States in which nothing more comes of a case.
const HAS_ENDED: [&str; 6] = ["cancelled", "rejected", "expired", "revoked", "archived", "erased"];
/// Cases that are read at once.
const CASES_AT_ONCE: usize = 100;
