//! Applicants, compared with registers (U6): asked by a command, recorded, and a gate before submission.

use std::collections::BTreeSet;

use super::job::{Job, Work};
use super::{RegistrationAuthority, Session};
use crate::command::Outcome;
use crate::commitment::Commitment;
use crate::error::Error;
use crate::fact::AccountFact;
use crate::id::UserId;
use crate::lifecycle::{Account, Act, Refusal};
use crate::profile::Profile;
use crate::provider::ErrorKind;
use crate::provider::applicant_check::{Agreement, FieldAnswer};
use crate::registration::{RegistrationData, RegistrationForm};

impl Job<'_> {
    /// Asks the registers about the current registration data, and records what they say.
    pub(super) async fn check_applicant(&self, user: &UserId) -> Result<Outcome, Error> {
        let (mut account, around) = self.account(user, Act::CheckApplicant).await?;
        let check = self.ra.providers.applicant_check.as_ref();
        let check = check.ok_or_else(|| ErrorKind::Unsupported.at("ApplicantCheck::check"))?;
        let registration = *account.registration();
        let data = self.ra.user_record(user, &registration).await?.data;
        let answers = check.check(&data).await?;
        check_answers(&answers, &data)?;
        let fact = AccountFact::ApplicantChecked { registration, answers: answers.clone() };
        let change = self.change_account(&mut account, Act::CheckApplicant, fact, &around)?;
        self.finish(Work::of(change), Outcome::ApplicantChecked { answers }).await
    }
}

impl RegistrationAuthority {
    /// What the registers said last of a user's current registration data; none where nobody asked since it
    /// changed.
    ///
    /// # Errors
    /// [`Refusal::Scope`] for another office's.
    pub async fn applicant_answers(
        &self,
        session: &Session,
        user: &UserId,
    ) -> Result<Option<Vec<FieldAnswer>>, Error> {
        let account = self.user(session, user).await?.account;
        self.answers_about(&account).await
    }

    async fn answers_about(&self, account: &Account) -> Result<Option<Vec<FieldAnswer>>, Error> {
        let about = |fact, current: &Commitment| match fact {
            AccountFact::ApplicantChecked { registration, answers } if registration == *current => {
                Some(answers)
            }
            _ => None,
        };
        let entries = self.account_entries(&account.user()).await?;
        let mut newest_first = entries.into_iter().rev();
        Ok(newest_first.find_map(|entry| about(entry.fact, account.registration())))
    }

    /// The gate: what the profile wants confirmed is confirmed, for the data that is submitted.
    pub(super) async fn check_confirmed(
        &self,
        account: &Account,
        profile: &Profile,
    ) -> Result<(), Error> {
        if profile.must_agree.is_empty() {
            return Ok(());
        }
        let data = self.user_record(&account.user(), account.registration()).await?.data;
        let form = RegistrationForm::from(&data);
        let answers = self.answers_about(account).await?.unwrap_or_default();
        let agrees = |field| {
            let answer = answers.iter().find(|answer| answer.field == field);
            answer.is_some_and(|answer| answer.agreement == Agreement::Agrees)
        };
        let wanted = profile.must_agree.iter().filter(|field| form.value(**field).is_some());
        match wanted.copied().find(|field| !agrees(*field)) {
            Some(field) => Err(Refusal::Unconfirmed(field).into()),
            None => Ok(()),
        }
    }
}

/// A provider's word is not taken: answers are about filled fields, each once.
fn check_answers(answers: &[FieldAnswer], data: &RegistrationData) -> Result<(), Error> {
    let form = RegistrationForm::from(data);
    let mut fields = BTreeSet::new();
    let fits = |answer: &FieldAnswer| {
        form.value(answer.field).is_some() && !answer.reference.trim().is_empty()
    };
    let right = answers.iter().all(|answer| fits(answer) && fields.insert(answer.field));
    let fault =
        || ErrorKind::Fault.at("ApplicantCheck::check").because("not its contract's answers");
    right.then_some(()).ok_or_else(|| fault().into())
}
