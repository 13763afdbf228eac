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
use crate::provider::key_store::{Access, KeyAlgorithm, KeyId, KeySpec};
use crate::provider::{Conflict, ErrorKind, KeyStore, ProviderError, Rng, RngKind, Signer};
use crate::registration::RegistrationData;
use crate::request::{self, RequestBuilder};
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

    /// The first entry of a case, after all that can be checked before there is a key.
    pub(super) async fn begin_request(
        &self,
        account: &Account,
        profile: &Profile,
        authority: AuthorityId,
        (case, renews): (CaseId, Option<&Case>),
    ) -> Result<Change, Error> {
        permission::permits(
            &self.actor,
            Act::CreateRequest,
            account.office(),
            Some(&account.user()),
        )?;
        if !self.actor.is(&account.user())
            && !permission::may_serve(self.actor.role, account.role())
        {
            return Err(Refusal::Role { act: Act::CreateRequest, role: self.actor.role }.into());
        }
        let data = self.ra.user_record(&account.user(), account.registration()).await?.data;
        check_profile(profile, &data)?;
        let begun = RequestCreated {
            user: account.user(),
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
        let (mut case, profile) = self.case(id).await?;
        let account = self.ra.load_account(&case.begun().user).await?;
        let data = self.ra.user_record(&account.user(), account.registration()).await?.data;
        check_profile(&profile, &data)?;
        let fact = CaseFact::RequestEdited { registration: *account.registration() };
        let change = self.change(&mut case, &profile, vec![self.entry(fact)])?;
        self.finish(Work::of(change), Outcome::Done).await
    }

    /// Intends, makes the key, builds the request; a repetition finds the key that is there.
    pub(super) async fn generate_key(
        &self,
        id: &CaseId,
        store: &Name,
        key: &KeyId,
        (algorithm, temporary_pin): (KeyAlgorithm, bool),
    ) -> Result<Outcome, Error> {
        let (mut case, profile) = self.case(id).await?;
        if !profile.key_algorithms.contains(&algorithm) {
            return Err(Refusal::KeyAlgorithm.into());
        }
        let keys = self.ra.key_store(store)?;
        let access = self.means.access.ok_or(Refusal::Missing("the PIN of the key"))?;
        let rng = self.means.rng.ok_or(Refusal::Missing("a random generator"))?;

        // 1. Nothing is made before it is on record where.
        if !self.was_done(GENERATION).await? {
            check_free(&**keys, key).await?;
            let fact = CaseFact::KeyGenerationStarted { store: store.clone(), key: key.clone() };
            let change = self.change(&mut case, &profile, vec![self.entry(fact)])?;
            self.step(GENERATION, Work::of(change)).await?;
        }
        // 2. The key, and the request that it signs.
        let spec = KeySpec { id: key.clone(), algorithm, temporary_pin };
        let built = match make_key(&**keys, &spec, access, rng).await {
            Ok(signer) => self.build(&case, &profile, &*signer).await,
            Err(error) => Err(error.into()),
        };
        match built {
            Ok(request) => self.record_request(case, &profile, &request, Some(rng.kind())).await,
            Err(error) => self.record_failed_key(case, &profile, error).await,
        }
    }

    async fn record_failed_key(
        &self,
        mut case: Case,
        profile: &Profile,
        error: Error,
    ) -> Result<Outcome, Error> {
        if matches!(&error, Error::Provider(error) if *error.kind() == ErrorKind::Unavailable) {
            return Err(error); // not known: repeat the envelope
        }
        let fact = CaseFact::KeyGenerationFailed { why: error.code().to_owned() };
        let change = self.change(&mut case, profile, vec![self.entry(fact)])?;
        self.step("key-failed", Work::of(change)).await?;
        Err(error)
    }

    async fn build(
        &self,
        case: &Case,
        profile: &Profile,
        signer: &dyn Signer,
    ) -> Result<CertificationRequest, Error> {
        let subject = self.ra.registration_of(case).await?.subject_attributes();
        let builder =
            RequestBuilder::new(&subject).map_err(|error| Refusal::Request(error.to_string()))?;
        Ok(builder.with_profile(profile).sign(signer).await?)
    }

    pub(super) async fn import_request(
        &self,
        id: &CaseId,
        request: &[u8],
    ) -> Result<Outcome, Error> {
        let (case, profile) = self.case(id).await?;
        let request =
            request::from_upload(request).map_err(|error| Refusal::Request(error.to_string()))?;
        self.record_request(case, &profile, &request, None).await
    }

    /// Checks the request as if a stranger had made it, and records it.
    async fn record_request(
        &self,
        mut case: Case,
        profile: &Profile,
        request: &CertificationRequest,
        made: Option<RngKind>,
    ) -> Result<Outcome, Error> {
        let public_key = self.ra.check_request(&case, profile, request).await?;
        let document = self.seal(DocumentKind::Request, request.as_der().to_vec())?;
        let request = *document.commitment();
        let fact = match made {
            Some(rng) => CaseFact::RequestBuilt { request, public_key, rng },
            None => CaseFact::RequestImported { request, public_key },
        };
        let change = self.change(&mut case, profile, vec![self.entry(fact)])?;
        let work = Work::of(change)
            .with_documents([document])
            .with_claims([take(public_key_key(&public_key), &case.id())]);
        let outcome = Outcome::RequestBuilt { case: case.id(), public_key };
        self.finish(work, outcome).await.map_err(name_the_key)
    }

    /// Hands the request in; where nobody must approve, it is approved and issued at once.
    pub(super) async fn submit(&self, id: &CaseId) -> Result<Outcome, Error> {
        let (mut case, profile) = self.case(id).await?;
        if !self.was_done(SUBMISSION).await? {
            let account = self.ra.load_account(&case.begun().user).await?;
            if case.begun().registration != *account.registration() {
                return Err(Refusal::RegistrationChanged.into());
            }
            let entries = vec![
                self.entry(CaseFact::RequestSubmitted),
                self.system_entry(CaseFact::RequestApproved { automatic: true }),
            ];
            let change = self.change(&mut case, &profile, entries)?;
            self.step(SUBMISSION, Work::of(change)).await?;
        }
        self.issue(case, &profile).await
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
        Ok(checked.map_err(|error| Refusal::Request(error.to_string()))?)
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

async fn check_free(keys: &dyn KeyStore, key: &KeyId) -> Result<(), Error> {
    let there = keys.keys(&key.carrier).await?;
    if there.iter().any(|stored| stored.id == *key) {
        return Err(Error::Conflict(Conflict::Name));
    }
    Ok(())
}

/// Makes the key; one that an interrupted try made was never certified, and gives way.
async fn make_key(
    keys: &dyn KeyStore,
    spec: &KeySpec,
    access: &Access,
    rng: &dyn Rng,
) -> Result<Arc<dyn Signer>, ProviderError> {
    let keys = keys.writable().ok_or_else(|| ErrorKind::Unsupported.at("KeyStore::writable"))?;
    match keys.generate(spec, access, rng).await {
        Err(error) if *error.kind() == ErrorKind::Conflict(Conflict::Name) => {
            keys.delete(&spec.id, access).await?;
            keys.generate(spec, access, rng).await
        }
        made => made,
    }
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

const GENERATION: &str = "key-generation";
const SUBMISSION: &str = "submission";
