//! The store under test, and a bench that cleans up after each check.

use core::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use gost_ca::provider::key_store::{
    Access, Carrier, KeyAlgorithm, KeyId, KeySpec, PinRule, StoredKey,
};
use gost_ca::provider::{
    KeyStore, ProviderError, Result, Rng, RngKind, Signer, Verifier, WritableKeyStore,
};
use gost_ca::secret::Secret;
use gost_ca::x509::PublicKey;

use crate::broken::{Broken, Kept};
use crate::check::Verdict;
use crate::fresh::fresh;

/// A key store, and the verifier that marks its work.
pub struct KeysUnderTest {
    store: Arc<dyn KeyStore>,
    verifier: Arc<dyn Verifier>,
}

impl KeysUnderTest {
    /// Takes the store, and a verifier that is not its own.
    pub fn new(store: Arc<dyn KeyStore>, verifier: Arc<dyn Verifier>) -> Self {
        Self { store, verifier }
    }

    /// Sets up a bench, runs the body where what it needs is there, and deletes what it made.
    pub(super) async fn judge(
        &self,
        needs: fn(&Bench<'_>) -> Option<&'static str>,
        body: impl AsyncFnOnce(Arc<Bench<'_>>) -> Kept,
    ) -> Verdict {
        let carriers = match self.store.carriers().await {
            Ok(carriers) => carriers,
            Err(error) => return Verdict::Fail(format!("carriers: {error}")),
        };
        let Some(carrier) = carriers.into_iter().next() else {
            return Verdict::Fail("there is no carrier".into());
        };
        let Some(keys) = self.store.writable() else {
            return Verdict::Skip("the store makes no keys".into());
        };
        let (store, verifier) = (self.store.as_ref(), self.verifier.as_ref());
        let made = Mutex::default();
        let bench = Arc::new(Bench { store, keys, verifier, carrier, made });
        if let Some(missing) = needs(&bench) {
            return Verdict::Skip(missing.into());
        }
        let kept = body(Arc::clone(&bench)).await;
        bench.clean().await;
        kept.into()
    }
}

impl fmt::Debug for KeysUnderTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KeysUnderTest").field(&self.store).finish()
    }
}

/// For what every store that makes keys can do.
pub(super) fn nothing_more(_: &Bench<'_>) -> Option<&'static str> {
    None
}

/// For passwords of containers. A carrier's own PIN is never tried wrongly: it could lock the device.
pub(super) fn container_passwords(bench: &Bench<'_>) -> Option<&'static str> {
    (!bench.per_container()).then_some("the carrier has a PIN of its own")
}

/// One check's view of the store.
pub(super) struct Bench<'a> {
    pub(super) store: &'a dyn KeyStore,
    pub(super) keys: &'a dyn WritableKeyStore,
    pub(super) verifier: &'a dyn Verifier,
    pub(super) carrier: Carrier,
    /// What must be deleted, and how it is opened.
    made: Mutex<Vec<(KeyId, Access)>>,
}

impl Bench<'_> {
    /// A container's name that was not used before.
    pub(super) fn id(&self, what: &str) -> KeyId {
        let number = u32::from_be_bytes(fresh());
        let container = format!("conformance {what} {number:08x}");
        KeyId { carrier: self.carrier.id.clone(), container }
    }

    pub(super) fn spec(&self, what: &str) -> core::result::Result<KeySpec, Broken> {
        let algorithm = *self.carrier.algorithms.first().ok_or("the carrier has no algorithms")?;
        Ok(KeySpec { id: self.id(what), algorithm, temporary_pin: false })
    }

    /// Makes a key of the carrier's first algorithm.
    pub(super) async fn make(&self, what: &str) -> core::result::Result<Made, Broken> {
        Ok(self.make_as(self.spec(what)?).await?)
    }

    /// Makes a key under the kit's PIN, to be deleted in the end.
    pub(super) async fn make_as(&self, spec: KeySpec) -> Result<Made> {
        let signer = self.keys.generate(&spec, &self.new_access(), &KitRng).await?;
        self.delete_later(&spec.id, self.access());
        Ok(Made { id: spec.id, algorithm: spec.algorithm, signer })
    }

    pub(super) fn delete_later(&self, id: &KeyId, access: Access) {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.retain(|(other, _)| other != id);
        made.push((id.clone(), access));
    }

    async fn clean(&self) {
        let made = core::mem::take(&mut *self.made.lock().unwrap_or_else(PoisonError::into_inner));
        for (id, access) in made {
            // The check may have deleted it, or the store may be unable to: that has its own check.
            let _gone = self.keys.delete(&id, &access).await;
        }
    }

    /// Whether each container has a password, which the kit chooses.
    pub(super) fn per_container(&self) -> bool {
        matches!(self.carrier.pin, PinRule::PerContainer { .. })
    }

    pub(super) fn new_access(&self) -> Access {
        if self.per_container() { Access::New(Secret::from(PIN)) } else { Access::Prompted }
    }

    pub(super) fn access(&self) -> Access {
        if self.per_container() { Access::Existing(Secret::from(PIN)) } else { Access::Prompted }
    }

    pub(super) async fn open(&self, id: &KeyId) -> Result<Arc<dyn Signer>> {
        self.store.open(id, &self.access()).await
    }

    /// The key in its carrier's list.
    pub(super) async fn listed(&self, id: &KeyId) -> Result<Option<StoredKey>> {
        let keys = self.store.keys(&self.carrier.id).await?;
        Ok(keys.into_iter().find(|key| key.id == *id))
    }
}

/// A key that the kit made.
pub(super) struct Made {
    pub(super) id: KeyId,
    pub(super) algorithm: KeyAlgorithm,
    pub(super) signer: Arc<dyn Signer>,
}

impl Made {
    pub(super) fn public_key(&self) -> &PublicKey {
        self.signer.public_key()
    }
}

/// Fresh octets for keys that live for one check. Not for others.
#[derive(Debug)]
pub(super) struct KitRng;

impl Rng for KitRng {
    fn fill(&self, out: &mut [u8]) -> Result<()> {
        for chunk in out.chunks_mut(32) {
            let block: [u8; 32] = fresh();
            chunk.iter_mut().zip(block).for_each(|(to, from)| *to = from);
        }
        Ok(())
    }

    fn kind(&self) -> RngKind {
        RngKind::System
    }
}

/// Refuses, and counts how often it was asked.
#[derive(Debug, Default)]
pub(super) struct Refusing(pub(super) AtomicU64);

impl Rng for Refusing {
    fn fill(&self, _: &mut [u8]) -> Result<()> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Err(gost_ca::provider::ErrorKind::Unavailable.at(REFUSAL))
    }

    fn kind(&self) -> RngKind {
        RngKind::Biological
    }
}

/// The kind of an expected error.
pub(super) fn refused<T>(
    what: &str,
    result: Result<T>,
) -> core::result::Result<ProviderError, Broken> {
    result.err().ok_or_else(|| Broken::from(format!("{what} succeeded")))
}

/// Long enough for any rule, in two scripts.
pub(super) const PIN: &str = "Пароль-conformance-1";
pub(super) const REFUSAL: &str = "the kit's refusal";
