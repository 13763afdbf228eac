//! A directory of key containers as a key carrier.

mod carrier_directory;
mod container_name;
mod tries;

use core::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use gost_ca::oid::Oid;
use gost_ca::provider::key_store::{
    Access, Carrier, CarrierId, KeyAlgorithm, KeyId, KeySpec, PinRule, StoredKey,
};
use gost_ca::provider::{
    ErrorKind, KeyStore, ProviderError, Result, Rng, Signer, WritableKeyStore,
};
use gost_ca::secret::{Pin, Secret};
use gost_ca::x509::Certificate;
use gost_ca_workers::Workers;
use gost3410::{ParameterSet, SigningKey};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::container::{Container, Freshness};
use crate::curve_name::curve_name;
use crate::generation::generate_key;
use crate::signer::GostSigner;
use carrier_directory::CarrierDirectory;
use container_name::ContainerName;

/// Key containers in directories, each directory a carrier.
///
/// A container is one file ([`crate::container`]). Wrong PINs are counted in a file beside it, durably
/// and before the PIN is tried, so that pulling the plug wins no try; after [`Settings::tries`] wrong
/// ones in a row the container is locked. Whoever can write the directory can undo that, and whoever
/// can read it can try PINs elsewhere: the directory's rights are the first wall (files are made 0600).
pub struct DirectoryKeyStore {
    carriers: Vec<Arc<CarrierDirectory>>,
    rng: Arc<dyn Rng>,
    settings: Settings,
    workers: Workers,
}

/// How containers are made and guarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Iterations of PBKDF2 for new containers: what one guess costs.
    pub iterations: u32,
    /// Wrong PINs in a row until the lock.
    pub tries: u32,
    /// Characters of the shortest PIN.
    pub shortest_pin: usize,
    /// Threads for files and PBKDF2.
    pub threads: usize,
    /// Calls that wait for them; more are `Unavailable`.
    pub waiting: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { iterations: 100_000, tries: 10, shortest_pin: 6, threads: 2, waiting: 256 }
    }
}

impl DirectoryKeyStore {
    /// Starts a store without carriers; nonces and salts come from `rng`.
    ///
    /// # Errors
    /// `Unavailable` when no thread starts.
    pub fn new(settings: Settings, rng: Arc<dyn Rng>) -> Result<Self> {
        let workers = Workers::start("key store", settings.threads, settings.waiting)
            .map_err(|error| ErrorKind::Unavailable.at("thread").because(error))?;
        Ok(Self { carriers: Vec::new(), rng, settings, workers })
    }

    /// Adds a directory as a carrier, or replaces the one with this id; it may come and go as a
    /// memory stick does.
    #[must_use]
    pub fn with_carrier(
        mut self,
        id: CarrierId,
        label: impl Into<String>,
        directory: impl Into<PathBuf>,
    ) -> Self {
        self.carriers.retain(|carrier| carrier.id != id);
        let (label, directory, tries) = (label.into(), directory.into(), self.settings.tries);
        self.carriers.push(Arc::new(CarrierDirectory { id, label, directory, tries }));
        self
    }

    /// Makes a carrier's directory (0700) where it is not there yet.
    ///
    /// # Errors
    /// `NotFound` for an unknown carrier, `Denied` or `Unavailable` as the file system says.
    pub async fn make_directory(&self, id: &CarrierId) -> Result<()> {
        let carrier = self.carrier(id)?;
        self.workers.run("mkdir", move || carrier.make()).await
    }

    /// Lists the containers of a carrier that cannot be read, and why: [`KeyStore::keys`] leaves them out.
    ///
    /// # Errors
    /// As [`KeyStore::keys`].
    pub async fn damaged(&self, id: &CarrierId) -> Result<Vec<(KeyId, ProviderError)>> {
        let carrier = self.carrier(id)?;
        self.workers.run("damaged", move || carrier.damaged()).await
    }

    /// Takes in a key that was made elsewhere, with its certificate, under a new PIN.
    ///
    /// # Errors
    /// `Conflict` when the container's name is in use, `Invalid` for a PIN against the rule, for a name that
    /// no file can have, or for a certificate of another key.
    pub async fn import(
        &self,
        id: &KeyId,
        key: SigningKey,
        pin: &Secret,
        certificate: Option<&Certificate>,
    ) -> Result<()> {
        let carrier = self.carrier(&id.carrier)?;
        let name = ContainerName::parse(&id.container)
            .ok_or_else(|| ErrorKind::Invalid.at("container name"))?;
        self.check_new_pin(pin)?;
        let (pin, fresh, certificate) = (copy(pin), self.fresh()?, certificate.cloned());
        let iterations = self.settings.iterations;
        self.workers
            .run("import", move || {
                let invalid = |error| ErrorKind::Invalid.at("import").because(error);
                let mut container =
                    Container::seal(&key, &pin, false, iterations, fresh).map_err(invalid)?;
                if let Some(certificate) = certificate {
                    container.install(&certificate).map_err(invalid)?;
                }
                carrier.create(&name, &container)
            })
            .await
    }

    fn fresh(&self) -> Result<Freshness> {
        Freshness::draw(|out| self.rng.fill(out))
    }

    fn carrier(&self, id: &CarrierId) -> Result<Arc<CarrierDirectory>> {
        let found = self.carriers.iter().find(|carrier| carrier.id == *id);
        found.cloned().ok_or_else(|| ErrorKind::NotFound.at("carrier"))
    }

    /// The carrier and container that a key id names.
    fn place(&self, key: &KeyId) -> Result<(Arc<CarrierDirectory>, ContainerName)> {
        // A name that no container can have is the name of none.
        let name = ContainerName::parse(&key.container);
        Ok((self.carrier(&key.carrier)?, name.ok_or_else(|| ErrorKind::NotFound.at("container"))?))
    }

    fn check_new_pin(&self, pin: &Secret) -> Result<()> {
        let long_enough =
            pin.expose_str().is_some_and(|text| text.chars().count() >= self.settings.shortest_pin);
        let why = "a PIN is UTF-8 and not too short";
        if long_enough { Ok(()) } else { Err(ErrorKind::Invalid.at("new PIN").because(why)) }
    }
}

#[async_trait]
impl KeyStore for DirectoryKeyStore {
    async fn carriers(&self) -> Result<Vec<Carrier>> {
        let carriers = self.carriers.clone();
        let pin = PinRule::PerContainer { min: self.settings.shortest_pin };
        let describe = move |carrier: &Arc<CarrierDirectory>| Carrier {
            id: carrier.id.clone(),
            label: carrier.label.clone(),
            serial: None,
            pin,
            hardware_rng: false,
            algorithms: algorithms(),
        };
        self.workers
            .run("carriers", move || {
                Ok(carriers.iter().filter(|carrier| carrier.is_there()).map(describe).collect())
            })
            .await
    }

    async fn keys(&self, carrier: &CarrierId) -> Result<Vec<StoredKey>> {
        let carrier = self.carrier(carrier)?;
        self.workers.run("keys", move || carrier.list()).await
    }

    async fn open(&self, key: &KeyId, access: &Access) -> Result<Arc<dyn Signer>> {
        let (carrier, name) = self.place(key)?;
        let pin = existing(access)?;
        let key = self.workers.run("open", move || carrier.open(&name, &pin)).await?;
        Ok(Arc::new(GostSigner::new(key, Arc::clone(&self.rng))?))
    }

    fn writable(&self) -> Option<&dyn WritableKeyStore> {
        Some(self)
    }
}

#[async_trait]
impl WritableKeyStore for DirectoryKeyStore {
    async fn generate(
        &self,
        spec: &KeySpec,
        access: &Access,
        rng: &dyn Rng,
    ) -> Result<Arc<dyn Signer>> {
        let carrier = self.carrier(&spec.id.carrier)?;
        let name = ContainerName::parse(&spec.id.container)
            .ok_or_else(|| ErrorKind::Invalid.at("container name"))?;
        let pin = match access {
            Access::New(pin) => pin,
            Access::Existing(_) => return Err(ErrorKind::Invalid.at("access")),
            _ => return Err(ErrorKind::Unsupported.at("access")),
        };
        self.check_new_pin(pin)?;
        let key = generate_key(spec.algorithm, rng)?;
        let (pin, fresh, temporary) =
            (copy(pin), Freshness::draw(|out| rng.fill(out))?, spec.temporary_pin);
        let iterations = self.settings.iterations;
        let key = self
            .workers
            .run("generate", move || {
                let container = Container::seal(&key, &pin, temporary, iterations, fresh)
                    .map_err(|error| ErrorKind::Invalid.at("generate").because(error))?;
                carrier.create(&name, &container)?;
                Ok(key)
            })
            .await?;
        Ok(Arc::new(GostSigner::new(key, Arc::clone(&self.rng))?))
    }

    async fn install(&self, key: &KeyId, certificate: &Certificate) -> Result<()> {
        let (carrier, name) = self.place(key)?;
        let certificate = certificate.clone();
        self.workers.run("install", move || carrier.install(&name, &certificate)).await
    }

    async fn change_pin(&self, key: &KeyId, old: &Access, new: &Pin) -> Result<()> {
        let (carrier, name) = self.place(key)?;
        let old = existing(old)?;
        self.check_new_pin(new)?;
        if bool::from(old.ct_eq(new.expose())) {
            return Err(ErrorKind::Invalid.at("new PIN").because("it is the old one"));
        }
        let (new, fresh) = (copy(new), self.fresh()?);
        let iterations = self.settings.iterations;
        self.workers
            .run("change PIN", move || {
                carrier.change_pin(&name, |container| {
                    container.change_pin(&old, &new, iterations, fresh)
                })
            })
            .await
    }

    async fn delete(&self, key: &KeyId, access: &Access) -> Result<()> {
        let (carrier, name) = self.place(key)?;
        let pin = existing(access)?;
        self.workers.run("delete", move || carrier.delete(&name, &pin)).await
    }
}

impl fmt::Debug for DirectoryKeyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DirectoryKeyStore")
            .field("carriers", &self.carriers)
            .finish_non_exhaustive()
    }
}

fn algorithms() -> Vec<KeyAlgorithm> {
    let sets = ParameterSet::ALL.iter().filter(|set| curve_name(set.curve()).is_some());
    sets.map(|set| KeyAlgorithm::Gost3410(Oid(set.oid()))).collect()
}

/// The PIN of a container that exists. A directory cannot ask for one by itself.
fn existing(access: &Access) -> Result<Zeroizing<Vec<u8>>> {
    match access {
        Access::Existing(pin) | Access::New(pin) => Ok(copy(pin)),
        _ => Err(ErrorKind::Unsupported.at("access")),
    }
}

fn copy(pin: &Secret) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(pin.expose().to_vec())
}
