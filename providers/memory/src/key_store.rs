//! Keys in a map.

use core::fmt;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use gost_ca::oid::Oid;
use gost_ca::provider::key_store::{
    Access, Carrier, CarrierId, KeyAlgorithm, KeyId, KeySpec, PinRule, StoredKey,
};
use gost_ca::provider::{Conflict, ErrorKind, KeyStore, Result, Rng, Signer, WritableKeyStore};
use gost_ca::secret::{Pin, Secret};
use gost_ca::x509::Certificate;
use gost3410::ParameterSet;

use crate::signer::MemorySigner;

/// One carrier whose containers end with the store. The signatures are real ones.
#[derive(Debug)]
pub struct MemoryKeyStore {
    carrier: CarrierId,
    rng: Arc<dyn Rng>,
    containers: Mutex<BTreeMap<String, Container>>,
}

struct Container {
    signer: Arc<MemorySigner>,
    certificate: Option<Certificate>,
    pin: Secret,
    temporary: bool,
    tries_left: u32,
}

impl MemoryKeyStore {
    /// Starts with an empty carrier; the nonces of signatures come from `rng`.
    pub fn new(carrier: CarrierId, rng: Arc<dyn Rng>) -> Self {
        Self { carrier, rng, containers: Mutex::default() }
    }

    fn containers(
        &self,
        carrier: &CarrierId,
    ) -> Result<MutexGuard<'_, BTreeMap<String, Container>>> {
        if *carrier != self.carrier {
            return Err(ErrorKind::NotFound.at("carrier"));
        }
        Ok(self.containers.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Does something with a container that the PIN opens.
    fn with_pin<T>(
        &self,
        key: &KeyId,
        access: &Access,
        then: impl FnOnce(&mut Container) -> Result<T>,
    ) -> Result<T> {
        let mut containers = self.containers(&key.carrier)?;
        let container = containers.get_mut(&key.container);
        let container = container.ok_or_else(|| ErrorKind::NotFound.at("container"))?;
        container.check(pin(access)?)?;
        then(container)
    }
}

impl Container {
    fn check(&mut self, pin: &Secret) -> Result<()> {
        let left = self.tries_left.checked_sub(1).ok_or_else(|| ErrorKind::Locked.at("PIN"))?;
        if *pin == self.pin {
            self.tries_left = TRIES;
            return Ok(());
        }
        self.tries_left = left;
        Err(ErrorKind::Denied { tries_left: Some(left) }.at("PIN"))
    }
}

#[async_trait]
impl KeyStore for MemoryKeyStore {
    async fn carriers(&self) -> Result<Vec<Carrier>> {
        Ok(vec![Carrier {
            id: self.carrier.clone(),
            label: "Memory, no security".to_owned(),
            serial: None,
            pin: PinRule::PerContainer { min: SHORTEST },
            hardware_rng: false,
            algorithms: SETS.map(|set| KeyAlgorithm::Gost3410(Oid(set.oid()))).to_vec(),
        }])
    }

    async fn keys(&self, carrier: &CarrierId) -> Result<Vec<StoredKey>> {
        let containers = self.containers(carrier)?;
        let stored = |(name, container): (&String, &Container)| StoredKey {
            id: KeyId { carrier: carrier.clone(), container: name.clone() },
            public_key: container.signer.public_key().clone(),
            certificate: container.certificate.clone(),
            must_change_pin: container.temporary,
        };
        Ok(containers.iter().map(stored).collect())
    }

    async fn open(&self, key: &KeyId, access: &Access) -> Result<Arc<dyn Signer>> {
        self.with_pin(key, access, |container| {
            if container.temporary {
                return Err(ErrorKind::Denied { tries_left: None }.at("temporary PIN"));
            }
            let signer: Arc<dyn Signer> = container.signer.clone();
            Ok(signer)
        })
    }

    fn writable(&self) -> Option<&dyn WritableKeyStore> {
        Some(self)
    }
}

#[async_trait]
impl WritableKeyStore for MemoryKeyStore {
    async fn generate(
        &self,
        spec: &KeySpec,
        access: &Access,
        rng: &dyn Rng,
    ) -> Result<Arc<dyn Signer>> {
        let Access::New(pin) = access else { return Err(ErrorKind::Invalid.at("access")) };
        check_new(pin)?;
        let set = parameter_set(spec.algorithm)?;
        let mut containers = self.containers(&spec.id.carrier)?;
        if containers.contains_key(&spec.id.container) {
            return Err(ErrorKind::Conflict(Conflict::Name).at("container"));
        }
        let signer = Arc::new(MemorySigner::generate(set, rng, Arc::clone(&self.rng))?);
        let container = Container {
            signer: Arc::clone(&signer),
            certificate: None,
            pin: copy(pin),
            temporary: spec.temporary_pin,
            tries_left: TRIES,
        };
        containers.insert(spec.id.container.clone(), container);
        Ok(signer)
    }

    async fn install(&self, key: &KeyId, certificate: &Certificate) -> Result<()> {
        let mut containers = self.containers(&key.carrier)?;
        let container = containers.get_mut(&key.container);
        let container = container.ok_or_else(|| ErrorKind::NotFound.at("container"))?;
        if certificate.public_key() != container.signer.public_key() {
            return Err(ErrorKind::Invalid.at("certificate").because("of another key"));
        }
        container.certificate = Some(certificate.clone());
        Ok(())
    }

    async fn change_pin(&self, key: &KeyId, old: &Access, new: &Pin) -> Result<()> {
        self.with_pin(key, old, |container| {
            check_new(new)?;
            container.pin = copy(new);
            container.temporary = false;
            Ok(())
        })
    }

    async fn delete(&self, key: &KeyId, access: &Access) -> Result<()> {
        self.with_pin(key, access, |_| Ok(()))?;
        self.containers(&key.carrier)?.remove(&key.container);
        Ok(())
    }
}

/// Shows neither key nor PIN.
impl fmt::Debug for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Container({:?})", self.signer)
    }
}

fn pin(access: &Access) -> Result<&Secret> {
    match access {
        Access::Existing(pin) | Access::New(pin) => Ok(pin),
        _ => Err(ErrorKind::Unsupported.at("access")),
    }
}

fn check_new(pin: &Secret) -> Result<()> {
    let length = pin.expose_str().map(|text| text.chars().count());
    let long_enough = length.is_some_and(|length| length >= SHORTEST);
    long_enough.then_some(()).ok_or_else(|| ErrorKind::Invalid.at("new PIN"))
}

fn parameter_set(algorithm: KeyAlgorithm) -> Result<ParameterSet> {
    let KeyAlgorithm::Gost3410(Oid(oid)) = algorithm else {
        return Err(ErrorKind::Unsupported.at("algorithm"));
    };
    let set = SETS.into_iter().find(|set| set.oid() == oid);
    set.ok_or_else(|| ErrorKind::Unsupported.at("parameter set"))
}

fn copy(secret: &Secret) -> Secret {
    Secret::new(secret.expose())
}

const SETS: [ParameterSet; 2] = [ParameterSet::TC26_256_A, ParameterSet::TC26_512_A];
const SHORTEST: usize = 6;
const TRIES: u32 = 10;
