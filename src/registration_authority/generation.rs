//! Keys made in a store of ours: on record before, out of the way after.

use super::claims::public_key_key;
use super::job::{Job, Work};
use crate::command::Outcome;
use crate::error::Error;
use crate::fact::CaseFact;
use crate::id::{CaseId, Name};
use crate::lifecycle::{Act, Case, Refusal};
use crate::profile::Profile;
use crate::provider::key_store::{Access, KeyAlgorithm, KeyId, KeySpec};
use crate::provider::{Conflict, ErrorKind, KeyStore, Rng, Signer, WritableKeyStore};
use crate::request::RequestBuilder;
use crate::view::CaseState;
use crate::x509::CertificationRequest;

/// What makes a key: the place, and what the person at it gives.
struct Making<'a> {
    keys: &'a dyn KeyStore,
    spec: KeySpec,
    access: &'a Access,
    rng: &'a dyn Rng,
}

impl Job<'_> {
    /// Intends, makes the key, builds the request; a repetition finds the key that is there.
    pub(super) async fn generate_key(
        &self,
        id: &CaseId,
        store: &Name,
        key: &KeyId,
        (algorithm, temporary_pin): (KeyAlgorithm, bool),
    ) -> Result<Outcome, Error> {
        let (mut case, profile) = self.begun_case(id, Act::GenerateKey).await?;
        // an interrupted try of this very command goes on, in the same place
        let goes_on = case.state() == CaseState::KeyGen
            && case.command() == self.envelope.id
            && case.key().is_some_and(|known| *known == (store.clone(), key.clone()));
        if !goes_on {
            self.check_begin(&case, &profile, Act::GenerateKey)?;
        }
        if !profile.key_algorithms.contains(&algorithm) {
            return Err(Refusal::KeyAlgorithm.into());
        }
        let making = Making {
            keys: &**self.ra.key_store(store)?,
            spec: KeySpec { id: key.clone(), algorithm, temporary_pin },
            access: self.means.access.ok_or(Refusal::Missing("the PIN of the key"))?,
            rng: self.means.rng.ok_or(Refusal::Missing("a random generator"))?,
        };
        if !goes_on {
            check_place(&making).await?;
        }
        self.begin_generation(&mut case, &profile, (store, key)).await?;
        if goes_on {
            self.clear_away(&making).await?;
        }
        match self.make_request(&case, &profile, &making).await {
            Err(error) if is_final(&error) => self.record_failed_key(case, &profile, error).await,
            done => done,
        }
    }

    /// Nothing is made before it is on record where. Begun again, the former try is over: should it still
    /// run, it finds the stream longer, and records nothing of a key that had to give way.
    async fn begin_generation(
        &self,
        case: &mut Case,
        profile: &Profile,
        (store, key): (&Name, &KeyId),
    ) -> Result<(), Error> {
        let step = format!("key-generation-{}", case.length());
        let interrupted = CaseFact::KeyGenerationFailed { why: "interrupted".to_owned() };
        let started = CaseFact::KeyGenerationStarted { store: store.clone(), key: key.clone() };
        let mut entries = vec![self.entry(started)];
        if case.state() == CaseState::KeyGen {
            entries.insert(0, self.system_entry(interrupted));
        }
        let change = self.change(case, profile, entries)?;
        self.step(&step, Work::of(change)).await?;
        Ok(())
    }

    /// What an interrupted try made was never certified, and gives way; a key in a request does not.
    async fn clear_away(&self, making: &Making<'_>) -> Result<(), Error> {
        let there = making.keys.keys(&making.spec.id.carrier).await?;
        let Some(stored) = there.iter().find(|stored| stored.id == making.spec.id) else {
            return Ok(());
        };
        let identity = self.ra.providers.verifier.identify(&stored.public_key);
        let identity =
            identity.map_err(|error| ErrorKind::Fault.at("KeyStore::keys").because(error))?;
        let claim = public_key_key(&identity);
        if self.ra.providers.journal.holder(&claim, self.now).await?.is_some() {
            return Err(Error::Conflict(Conflict::Name));
        }
        Ok(writable(making.keys)?.delete(&making.spec.id, making.access).await?)
    }

    async fn make_request(
        &self,
        case: &Case,
        profile: &Profile,
        making: &Making<'_>,
    ) -> Result<Outcome, Error> {
        let Making { keys, spec, access, rng } = making;
        let signer = writable(*keys)?.generate(spec, access, *rng).await?;
        let request = self.build(case, profile, &*signer).await?;
        self.record_request(case.clone(), profile, &request, Some(rng.kind())).await
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

    /// Back to the draft, so that another try may begin.
    async fn record_failed_key(
        &self,
        mut case: Case,
        profile: &Profile,
        error: Error,
    ) -> Result<Outcome, Error> {
        let step = format!("key-failed-{}", case.length());
        let fact = CaseFact::KeyGenerationFailed { why: error.code().to_owned() };
        let change = self.change(&mut case, profile, vec![self.system_entry(fact)])?;
        // where this cannot be recorded either, the sweep gives the generation up
        let _recorded = self.step(&step, Work::of(change)).await;
        Err(error)
    }
}

/// A key is made only where there is nothing yet.
async fn check_place(making: &Making<'_>) -> Result<(), Error> {
    let there = making.keys.keys(&making.spec.id.carrier).await?;
    let taken = there.iter().any(|stored| stored.id == making.spec.id);
    if taken { Err(Error::Conflict(Conflict::Name)) } else { Ok(()) }
}

/// The ability to make and change keys, which this command needs.
pub(super) fn writable(keys: &dyn KeyStore) -> Result<&dyn WritableKeyStore, Error> {
    Ok(keys.writable().ok_or_else(|| ErrorKind::Unsupported.at("KeyStore::writable"))?)
}

/// Whether repeating the same envelope would fail in the same way.
fn is_final(error: &Error) -> bool {
    match error {
        Error::Provider(error) => *error.kind() != ErrorKind::Unavailable,
        Error::Conflict(conflict) => *conflict == Conflict::Name,
        _ => true,
    }
}
