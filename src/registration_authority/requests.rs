//! Requests: begun from registration data, built around a key, handed in.

use std::sync::Arc;

use super::claims::{public_key_key, take};
use super::job::{Job, Work};
use crate::command::Outcome;
use crate::commitment::DocumentKind;
use crate::error::Error;
use crate::fact::{CaseFact, RequestCreated};
use crate::id::{AuthorityId, CaseId, Name, ProfileId, UserId};
use crate::lifecycle::{Account, Act, Case, Refusal, permission};
use crate::profile::{Presence, Profile};
use crate::provider::journal::{Change, Expected, KeySpace, StreamId};
use crate::provider::{Conflict, KeyStore, RngKind};
use crate::registration::RegistrationData;
use crate::request;
use crate::view::View;
use crate::x509::{CertificationRequest, KeyIdentity};

impl Job<'_> {
    pub(super) async fn create_request(
        &self,
        user: &UserId,
        profile: &ProfileId,
        authority: &AuthorityId,
    ) -> Result<Outcome, Error> {
        let account = self.ra.load_account(user).await?;
        self.permits(&account, Act::CreateRequest)?;
        let record = self.ra.record().await?;
        let profile = record
            .profile(profile)
            .ok_or_else(|| Refusal::Unknown { kind: "profile", name: profile.clone() })?;
        if !record.authorities().contains_key(authority) {
            return Err(Refusal::NotFound("authority").into());
        }
        let case = CaseId::made_by(&self.envelope.id);
        let begun = self.begin_request(&account, profile, *authority, (case, None)).await?;
        self.finish(Work::of(begun), Outcome::RequestCreated { case }).await
    }

    fn permits(&self, account: &Account, act: Act) -> Result<(), Refusal> {
        let owner = (&account.user(), account.role());
        permission::permits(&self.actor, act, account.office(), Some(owner))
    }

    /// The first entry of a case, after all that can be checked before there is a key.
    pub(super) async fn begin_request(
        &self,
        account: &Account,
        profile: &Profile,
        authority: AuthorityId,
        (case, renews): (CaseId, Option<&Case>),
    ) -> Result<Change, Error> {
        self.permits(account, Act::CreateRequest)?;
        account.check_in_use()?;
        let data = self.ra.user_record(&account.user(), account.registration()).await?.data;
        check_profile(profile, &data)?;
        let begun = RequestCreated {
            user: account.user(),
            role: account.role(),
            office: account.office().cloned(),
            registration: *account.registration(),
            profile: profile.id.clone(),
            profile_version: profile.version,
            authority,
            lineage: renews.map_or(case, |old| old.begun().lineage),
            renews: renews.map(Case::id),
        };
        let entry = self.entry(CaseFact::RequestCreated(Box::new(begun)));
        let views = vec![View::Case(Case::begin(case, &entry)?.view())];
        let (stream, expected) = (StreamId::Case(case), Expected::Exactly(0));
        Ok(Change { stream, expected, entries: vec![entry.encode()], views })
    }

    /// V3: the request follows the registration data as it is now.
    pub(super) async fn edit_request(&self, id: &CaseId) -> Result<Outcome, Error> {
        let (mut case, profile) = self.case(id, Act::EditRequest).await?;
        let account = self.ra.load_account(&case.begun().user).await?;
        let data = self.ra.user_record(&account.user(), account.registration()).await?.data;
        check_profile(&profile, &data)?;
        let fact = CaseFact::RequestEdited { registration: *account.registration() };
        let change = self.change(&mut case, &profile, vec![self.entry(fact)])?;
        self.finish(Work::of(change), Outcome::Done).await
    }

    pub(super) async fn import_request(
        &self,
        id: &CaseId,
        request: &[u8],
    ) -> Result<Outcome, Error> {
        let (case, profile) = self.case(id, Act::ImportRequest).await?;
        let request = request::from_upload(request).map_err(Refusal::from)?;
        self.record_request(case, &profile, &request, None).await
    }

    /// Checks the request as if a stranger had made it, and records it.
    pub(super) async fn record_request(
        &self,
        mut case: Case,
        profile: &Profile,
        request: &CertificationRequest,
        made: Option<RngKind>,
    ) -> Result<Outcome, Error> {
        let public_key = self.ra.check_request(&case, profile, request).await?;
        let document = self.seal(DocumentKind::Request, request.as_der().to_vec())?;
        let request = *document.commitment();
        let entry = match made {
            Some(rng) => self.system_entry(CaseFact::RequestBuilt { request, public_key, rng }),
            None => self.entry(CaseFact::RequestImported { request, public_key }),
        };
        let change = self.change(&mut case, profile, vec![entry])?;
        let work = Work::of(change)
            .with_documents([document])
            .with_claims([take(public_key_key(&public_key), &case.id())]);
        let outcome = Outcome::RequestBuilt { case: case.id(), public_key };
        self.finish(work, outcome).await.map_err(name_the_key)
    }

    /// Hands the request in; where nobody must approve, it is approved and issued at once.
    pub(super) async fn submit(&self, id: &CaseId) -> Result<Outcome, Error> {
        let (mut case, profile) = self.begun_case(id, Act::Submit).await?;
        if !self.was_done(SUBMISSION).await? {
            self.check_begin(&case, &profile, Act::Submit)?;
            let account = self.ra.load_account(&case.begun().user).await?;
            account.check_in_use()?;
            if case.begun().registration != *account.registration() {
                return Err(Refusal::RegistrationChanged.into());
            }
            self.ra.check_confirmed(&account, &profile).await?;
            let entries = vec![
                self.entry(CaseFact::RequestSubmitted),
                self.system_entry(CaseFact::RequestApproved { automatic: true }),
            ];
            let change = self.change(&mut case, &profile, entries)?;
            self.step(SUBMISSION, Work::of(change)).await?;
        }
        self.issue(case, &profile).await
    }

    /// Withdraws a request; the certificate that it was to renew may be renewed again.
    pub(super) async fn cancel(&self, id: &CaseId) -> Result<Outcome, Error> {
        let (mut case, profile) = self.case(id, Act::Cancel).await?;
        let entries = vec![self.entry(CaseFact::RequestCancelled)];
        let mut work = Work::of(self.change(&mut case, &profile, entries)?);
        if let Some(renewed) = &case.begun().renews {
            let mut old = self.ra.load_case(renewed).await?;
            let profile = self.ra.profile_of(&old).await?;
            let entry = self.system_entry(CaseFact::RenewalCancelled { successor: *id });
            work = work.with_change(self.change(&mut old, &profile, vec![entry])?);
        }
        self.finish(work, Outcome::Done).await
    }
}

impl super::RegistrationAuthority {
    pub(super) fn key_store(&self, name: &Name) -> Result<&Arc<dyn KeyStore>, Refusal> {
        let store = self.providers.key_stores.get(name);
        store.ok_or_else(|| Refusal::Unknown { kind: "key store", name: name.clone() })
    }

    /// The registration data that a case follows.
    pub(super) async fn registration_of(&self, case: &Case) -> Result<RegistrationData, Error> {
        let begun = case.begun();
        Ok(self.user_record(&begun.user, &begun.registration).await?.data)
    }

    /// Possession, key, subject: nobody's word is taken for them.
    pub(super) async fn check_request(
        &self,
        case: &Case,
        profile: &Profile,
        request: &CertificationRequest,
    ) -> Result<KeyIdentity, Error> {
        let subject = self.registration_of(case).await?.subject_attributes();
        let checked = request::check(request, &subject, profile, &*self.providers.verifier);
        Ok(checked.map_err(Refusal::from)?)
    }
}

fn check_profile(profile: &Profile, data: &RegistrationData) -> Result<(), Refusal> {
    if !profile.subject_kinds.contains(&data.subject.kind()) {
        return Err(Refusal::SubjectKind);
    }
    if profile.presence == Presence::InPerson && data.proxy.is_some() {
        return Err(Refusal::Presence);
    }
    Ok(())
}

/// A key that is in another case, in the words of the desk.
fn name_the_key(error: Error) -> Error {
    match &error {
        Error::Conflict(Conflict::Taken { key, holder }) if key.space == KeySpace::PublicKey => {
            Refusal::KeyUsed { case: CaseId::new(holder.0) }.into()
        }
        _ => error,
    }
}

const SUBMISSION: &str = "submission";
