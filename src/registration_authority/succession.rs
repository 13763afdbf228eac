//! What follows a certificate: renewal with a new or the same key, changed data, a first one again.

use super::generation::writable;
use super::job::{Job, Work};
use crate::command::Outcome;
use crate::error::Error;
use crate::fact::{CaseFact, Issued, Succession};
use crate::id::CaseId;
use crate::lifecycle::{Act, Case, Guard, Refusal};
use crate::profile::Profile;
use crate::provider::journal::{Change, Holder};
use crate::request::RequestBuilder;
use crate::x509::KeyIdentity;

impl Job<'_> {
    /// T14: a successor from the current data, in the same lineage.
    pub(super) async fn renew(&self, id: &CaseId) -> Result<Outcome, Error> {
        let (mut old, profile) = self.case(id, Act::Renew).await?;
        if old.is_compromised() {
            return Err(Refusal::Guard(Guard::KeySound).into());
        }
        let account = self.ra.load_account(&old.begun().user).await?;
        let changed = old.begun().registration != *account.registration();
        let how = if changed { Succession::Modification } else { Succession::Rekey };
        let successor = CaseId::made_by(&self.envelope.id);
        let fact = CaseFact::RenewalStarted { successor };
        self.succeed((&mut old, &profile), how, fact).await
    }

    /// V10: a first certificate again, with a new key, from the data as it is now.
    pub(super) async fn reissue(&self, id: &CaseId, why: &str) -> Result<Outcome, Error> {
        let (mut old, profile) = self.case(id, Act::Reissue).await?;
        let successor = CaseId::made_by(&self.envelope.id);
        let fact = CaseFact::ReissueStarted { successor, why: why.to_owned() };
        self.succeed((&mut old, &profile), Succession::Reissue, fact).await
    }

    async fn succeed(
        &self,
        (old, profile): (&mut Case, &Profile),
        how: Succession,
        fact: CaseFact,
    ) -> Result<Outcome, Error> {
        let successor = CaseId::made_by(&self.envelope.id);
        let account = self.ra.load_account(&old.begun().user).await?;
        let record = self.ra.record().await?;
        let newest = record.profile(&profile.id).ok_or(Refusal::NotFound("profile"))?;
        let (authority, elder) = (old.begun().authority, Some((&*old, how)));
        let begun = self.begin_request(&account, newest, authority, (successor, elder)).await?;
        let change = self.change(old, profile, vec![self.entry(fact)])?;
        let outcome = Outcome::RequestCreated { case: successor };
        self.finish(Work::of(change).with_change(begun), outcome).await
    }

    /// Builds the request with the elder's key, where the profile lets it and the key is sound.
    pub(super) async fn use_key(&self, id: &CaseId) -> Result<Outcome, Error> {
        let (mut case, profile) = self.case(id, Act::UseKey).await?;
        let elder = case.begun().renews.ok_or(Refusal::NotFound("certificate to renew"))?;
        let elder = self.ra.load_case(&elder).await?;
        let (store, key) = elder.key().ok_or(Refusal::Missing("a key in a store of ours"))?.clone();
        let access = self.means.access.ok_or(Refusal::Missing("the PIN of the key"))?;
        let signer = self.ra.key_store(&store)?.open(&key, access).await?;
        let subject = self.ra.registration_of(&case).await?.subject_attributes();
        let builder =
            RequestBuilder::new(&subject).map_err(|error| Refusal::Request(error.to_string()))?;
        let request = builder.with_profile(&profile).sign(&*signer).await?;
        let public_key = self.check_request(&case, &profile, &request).await?;
        self.check_same_key(&case, &profile, &public_key).await?;
        let document =
            self.seal(crate::commitment::DocumentKind::Request, request.as_der().to_vec())?;
        let request = *document.commitment();
        let fact = CaseFact::RequestBuiltAnew { request, public_key, store, key };
        let change = self.change(&mut case, &profile, vec![self.entry(fact)])?;
        let outcome = Outcome::RequestBuilt { case: case.id(), public_key };
        self.finish(Work::of(change).with_documents([document]), outcome).await
    }

    /// Whether the key is the elder's, and may be used on.
    pub(super) async fn check_same_key(
        &self,
        case: &Case,
        profile: &Profile,
        key: &KeyIdentity,
    ) -> Result<(), Error> {
        let claim = super::claims::public_key_key(key);
        let holder = self.ra.providers.journal.holder(&claim, self.now).await?;
        let Some(Holder(first)) = holder else {
            return Err(Refusal::Request("another key than the elder's".to_owned()).into());
        };
        let first = self.ra.load_case(&CaseId::new(first)).await?;
        let kin = first.begun().lineage == case.begun().lineage && case.begun().renews.is_some();
        if !kin || !profile.policy.same_key {
            return Err(Refusal::KeyUsed { case: first.id() }.into());
        }
        if first.is_compromised() {
            return Err(Refusal::Guard(Guard::KeySound).into());
        }
        Ok(())
    }

    /// What the successor's issuing means for the elder, in the same transaction.
    pub(super) async fn supersede(
        &self,
        case: &Case,
        profile: &Profile,
        issued: &Issued,
    ) -> Result<Option<Change>, Error> {
        let Some(elder) = case.begun().renews else { return Ok(None) };
        let mut elder = self.ra.load_case(&elder).await?;
        // what ended already has nothing to be superseded
        if elder.issued().is_none() || elder.revoked().is_some() || elder.archived().is_some() {
            return Ok(None);
        }
        let moment = profile.policy.supersede.moment(self.second());
        let end = elder.not_after().unwrap_or(issued.validity.not_after);
        let at = moment.filter(|at| *at < end);
        let of_elder = self.ra.profile_of(&elder).await?;
        let fact = CaseFact::Superseded { successor: case.id(), at };
        self.change(&mut elder, &of_elder, vec![self.system_entry(fact)]).map(Some)
    }

    /// Destroys a container that nothing needs: what was given up, or belongs to what is over.
    pub(super) async fn destroy_key(
        &self,
        id: &CaseId,
        store: &crate::id::Name,
        key: &crate::provider::key_store::KeyId,
    ) -> Result<Outcome, Error> {
        let (mut case, profile) = self.case(id, Act::DestroyKey).await?;
        let fact = CaseFact::KeyDestroyed { store: store.clone(), key: key.clone() };
        let change = self.change(&mut case, &profile, vec![self.entry(fact)])?;
        let access = self.means.access.ok_or(Refusal::Missing("the PIN of the key"))?;
        let keys = self.ra.key_store(store)?;
        let there = keys.keys(&key.carrier).await?;
        if let Some(stored) = there.iter().find(|stored| stored.id == *key) {
            self.check_no_other_needs(&case, stored).await?;
            // a record that cannot be written stops it here; once the key is gone, a repetition records it
            self.step("destroy-intent", Work::default()).await?;
            writable(&**keys)?.delete(key, access).await?;
        }
        self.finish(Work::of(change), Outcome::Done).await
    }

    /// The place may have been given to another case's key meanwhile.
    async fn check_no_other_needs(
        &self,
        case: &Case,
        stored: &crate::provider::key_store::StoredKey,
    ) -> Result<(), Error> {
        let identity = self.ra.providers.verifier.identify(&stored.public_key);
        let identity = identity.map_err(|error| {
            crate::provider::ErrorKind::Fault.at("KeyStore::keys").because(error)
        })?;
        let claim = super::claims::public_key_key(&identity);
        match self.ra.providers.journal.holder(&claim, self.now).await? {
            Some(Holder(other)) if other != *case.id().octets() => {
                Err(Refusal::KeyUsed { case: CaseId::new(other) }.into())
            }
            _ => self.check_no_heir_needs(case, stored).await,
        }
    }

    /// A successor may have been built on the same key, and its successor too.
    async fn check_no_heir_needs(
        &self,
        case: &Case,
        stored: &crate::provider::key_store::StoredKey,
    ) -> Result<(), Error> {
        let mut next = case.successor();
        while let Some(heir) = next {
            let heir = self.ra.load_case(&heir).await?;
            let uses = heir.key().is_some_and(|(_, key)| *key == stored.id);
            if uses && heir.needs_key(self.now) {
                return Err(Refusal::Guard(Guard::KeyUnneeded).into());
            }
            next = heir.successor();
        }
        Ok(())
    }
}
