//! Requests: begun from registration data, built around a key, handed in.

use std::sync::Arc;

use super::claims::{blocked_key, public_key_key, take};
use super::job::{Job, Work};
use crate::command::{Command, Envelope, Outcome};
use crate::commitment::DocumentKind;
use crate::entry::Entry;
use crate::error::Error;
use crate::fact::{CaseFact, RequestCreated, Succession};
use crate::id::{ApprovalId, AuthorityId, CaseId, Name, ProfileId, UserId};
use crate::lifecycle::refusal::Need;
use crate::lifecycle::{Account, Act, Case, Refusal, permission};
use crate::profile::{Presence, Profile, days_after};
use crate::provider::journal::{Change, Expected, Holder, KeySpace, StreamId};
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
        self.expect(StreamId::Account(*user), account.length())?;
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
        (case, elder): (CaseId, Option<(&Case, Succession)>),
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
            lineage: elder.map_or(case, |(old, _)| old.begun().lineage),
            renews: elder.map(|(old, _)| old.id()),
            succession: elder.map(|(_, how)| how),
            ends: profile.policy.request_days.map(|days| days_after(self.now, days)),
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
        let public_key = self.check_request(&case, profile, request).await?;
        let claim = public_key_key(&public_key);
        let holder = self.ra.providers.journal.holder(&claim, self.now).await?;
        let claim = match holder {
            // the elder's claim stands for its lineage
            Some(holder) if holder != Holder(*case.id().octets()) => {
                self.check_same_key(&case, profile, &public_key).await?;
                None
            }
            _ => Some(take(claim, &case.id())),
        };
        let document = self.seal(DocumentKind::Request, request.as_der().to_vec())?;
        let request = *document.commitment();
        let entry = match made {
            Some(rng) => self.system_entry(CaseFact::RequestBuilt { request, public_key, rng }),
            None => self.entry(CaseFact::RequestImported { request, public_key }),
        };
        let change = self.change(&mut case, profile, vec![entry])?;
        let work = Work::of(change).with_documents([document]).with_claims(claim);
        let outcome = Outcome::RequestBuilt { case: case.id(), public_key };
        self.finish(work, outcome).await.map_err(name_the_key)
    }

    /// Hands the request in; where nobody must look or approve, it is approved and issued at once.
    pub(super) async fn submit(&self, id: &CaseId) -> Result<Outcome, Error> {
        let (case, profile) = self.begun_case(id, Act::Submit).await?;
        if self.was_done(SUBMISSION).await? {
            return self.issue(case, &profile).await;
        }
        self.check_begin(&case, &profile, Act::Submit)?;
        let account = self.ra.load_account(&case.begun().user).await?;
        account.check_in_use()?;
        if case.begun().registration != *account.registration() {
            return Err(Refusal::RegistrationChanged.into());
        }
        self.ra.check_confirmed(&account, &profile).await?;
        let entries = vec![self.entry(CaseFact::RequestSubmitted)];
        let findings = self.findings(&case, &profile).await?;
        if findings.is_empty() {
            return self.go_on((case, &profile), entries).await;
        }
        let mut case = case;
        let flagged = CaseFact::RequestFlagged { findings: findings.clone() };
        let entries = entries.into_iter().chain([self.system_entry(flagged)]).collect();
        let change = self.change(&mut case, &profile, entries)?;
        self.finish(Work::of(change), Outcome::InReview { case: *id, findings }).await
    }

    /// R8: somebody else looked, and lets the request go on.
    pub(super) async fn waive(&self, id: &CaseId, comment: &str) -> Result<Outcome, Error> {
        let (case, profile) = self.begun_case(id, Act::Waive).await?;
        if self.was_done(SUBMISSION).await? {
            return self.issue(case, &profile).await;
        }
        self.check_begin(&case, &profile, Act::Waive)?;
        let fact = CaseFact::FindingsWaived { comment: comment.to_owned() };
        self.go_on((case, &profile), vec![self.entry(fact)]).await
    }

    /// R9, R10: others are asked, or it is issued at once.
    async fn go_on(
        &self,
        (mut case, profile): (Case, &Profile),
        mut entries: Vec<Entry<CaseFact>>,
    ) -> Result<Outcome, Error> {
        if let Some(requested) = case.request() {
            self.ra.check_not_blocked(&requested.public_key).await?;
        }
        let quorum = profile.policy.quorum(Act::Issue, false);
        if quorum == 0 {
            entries.push(self.system_entry(CaseFact::RequestApproved { automatic: true }));
            let change = self.change(&mut case, profile, entries)?;
            self.step(SUBMISSION, Work::of(change)).await?;
            return self.issue(case, profile).await;
        }
        let approval = ApprovalId::made_by(&self.envelope.id);
        entries.push(self.system_entry(CaseFact::ApprovalRequested { approval }));
        let change = self.change(&mut case, profile, entries)?;
        let need = Need {
            act: Act::Issue,
            quorum,
            office: case.begun().office.clone(),
            beneficiary: Some(case.begun().user),
            begun_by: case.creator(),
            case: Some((case.id(), case.length())),
        };
        let issuing = Command::Issue { case: case.id() };
        let frozen =
            Envelope::new(self.envelope.id.step("issuing"), issuing).expecting(case.length());
        let (approval, asked, document) = self.approval_change(&need, &frozen)?;
        let work = Work::of(change).with_change(asked).with_documents([document]);
        self.finish(work, Outcome::ApprovalRequested { approval }).await
    }

    /// R13, R23: the request ends, and what others were asked.
    pub(super) async fn reject(&self, id: &CaseId, comment: &str) -> Result<Outcome, Error> {
        let (mut case, profile) = self.case(id, Act::Reject).await?;
        let asked = self.withdrawal(&case).await?;
        let fact = CaseFact::RequestRejected { comment: comment.to_owned() };
        let mut work = Work::of(self.change(&mut case, &profile, vec![self.entry(fact)])?);
        work.changes.extend(asked);
        work.changes.extend(self.freed_elder(&case).await?);
        self.finish(work, Outcome::Done).await
    }

    /// R12: back to the draft; what was approved counts no more.
    pub(super) async fn reopen(&self, id: &CaseId) -> Result<Outcome, Error> {
        let (mut case, profile) = self.begun_case(id, Act::EditRequest).await?;
        self.expect(StreamId::Case(*id), case.length())?;
        let asked = self.withdrawal(&case).await?;
        let entries = vec![self.entry(CaseFact::RequestReopened)];
        let mut work = Work::of(self.change(&mut case, &profile, entries)?);
        work.changes.extend(asked);
        self.finish(work, Outcome::Done).await
    }

    /// Withdraws a request; the certificate that it was to renew may be renewed again.
    pub(super) async fn cancel(&self, id: &CaseId) -> Result<Outcome, Error> {
        let (mut case, profile) = self.case(id, Act::Cancel).await?;
        let asked = self.withdrawal(&case).await?;
        let entries = vec![self.entry(CaseFact::RequestCancelled)];
        let mut work = Work::of(self.change(&mut case, &profile, entries)?);
        work.changes.extend(asked);
        work.changes.extend(self.freed_elder(&case).await?);
        self.finish(work, Outcome::Done).await
    }

    /// The certificate that a request was to succeed may have another successor.
    pub(super) async fn freed_elder(&self, case: &Case) -> Result<Option<Change>, Error> {
        let Some(elder) = &case.begun().renews else { return Ok(None) };
        let mut elder = self.ra.load_case(elder).await?;
        if elder.successor() != Some(case.id()) || elder.archived().is_some() {
            return Ok(None);
        }
        let profile = self.ra.profile_of(&elder).await?;
        let entry = self.system_entry(CaseFact::RenewalCancelled { successor: case.id() });
        self.change(&mut elder, &profile, vec![entry]).map(Some)
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

    pub(super) async fn check_not_blocked(&self, key: &KeyIdentity) -> Result<(), Error> {
        let blocked = self.providers.journal.holder(&blocked_key(key), self.now()).await?;
        if blocked.is_some() { Err(Refusal::KeyBlocked.into()) } else { Ok(()) }
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
