//! Readers of the CSP as key carriers, its containers as keys.

mod make;

use core::fmt;
use std::collections::{BTreeSet, VecDeque};
use std::ffi::CString;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use der::asn1::ObjectIdentifier;
use gost_ca::oid::Oid;
use gost_ca::provider::key_store::{
    Access, Carrier, CarrierId, KeyAlgorithm, KeyId, KeySpec, PinRule, StoredKey,
};
use gost_ca::provider::{ErrorKind, KeyStore, Result, Rng, Signer, WritableKeyStore};
use gost_ca::secret::Pin as Secret;
use gost_ca::x509::{Certificate, PublicKey};
use gost_ca_workers::Workers;
use gost3410::ParameterSet;

use crate::Provider;
use crate::marks::Marks;
use crate::names::{parse, parse_reader, pin_rule};
use crate::personal::Personal;
use crate::public_key::{CspPublicKey, same_key};
use crate::session::{KINDS, Opener, Pin, Session};
use crate::signer::CspSigner;
use crate::sys;

/// Keys of the CSP. Each call runs on a thread of this store.
pub struct CspKeyStore {
    shared: Arc<Shared>,
    workers: Arc<Workers>,
}

/// How the CSP is used.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "settings are written as a literal")]
pub struct Settings {
    /// The provider's name, where there are several for one type (KC1, KC2, another vendor's).
    pub provider_name: Option<String>,
    /// What new keys are for.
    pub spec: Spec,
    /// Whether new keys may be exported.
    pub exportable: bool,
    /// Whether the CSP may show windows: for [`Access::Prompted`], and for random moves at key generation.
    pub interactive: bool,
    /// Containers of the machine, not of the user.
    pub machine: bool,
    /// Characters of the shortest password for a new container.
    pub shortest_pin: usize,
    /// Where certificates are kept and looked for.
    pub certificates: Certificates,
    /// A folder that says which containers have temporary passwords; without, there are none.
    pub marks: Option<PathBuf>,
    /// Threads.
    pub threads: usize,
    /// Calls that wait for them; more are `Unavailable`.
    pub waiting: usize,
}

/// Which of a container's two keys is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Spec {
    /// `AT_KEYEXCHANGE`: agrees keys and signs, what workplaces have.
    Exchange,
    /// `AT_SIGNATURE`: signs only.
    Signature,
}

/// Where certificates are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Certificates {
    /// In the containers of their keys.
    Containers,
    /// In the personal store («Личное») too, linked to their containers: other software of the workplace
    /// finds them there.
    PersonalStoreToo,
}

/// A container, as far as it is known without its password.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Container {
    /// Its name.
    pub id: KeyId,
    /// The type of the provider whose keys it has: 75, 80 or 81.
    pub kind: u32,
    /// Which of its keys is used.
    pub spec: Spec,
    /// The public key, where it can be read.
    pub public_key: Option<PublicKey>,
    /// The certificate, beside the key or in the personal store.
    pub certificate: Option<Certificate>,
    /// Whether its password is a temporary one.
    pub must_change_pin: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            provider_name: None,
            spec: Spec::Exchange,
            exportable: false,
            interactive: false,
            machine: false,
            shortest_pin: 6,
            certificates: Certificates::Containers,
            marks: None,
            threads: 2,
            waiting: 256,
        }
    }
}

/// What the store's threads share.
struct Shared {
    opener: Opener,
    settings: Settings,
    marks: Marks,
    personal: Option<Personal>,
    /// New keys stay open until their certificate is installed, which needs the password again.
    uncertified: Mutex<VecDeque<(KeyId, Arc<Session>)>>,
}

impl CspKeyStore {
    /// Starts a store over a loaded CSP.
    ///
    /// # Errors
    /// `Invalid` for a provider's name with a zero in it, `Unavailable` when no thread starts, or where the
    /// library of the personal store is not.
    pub fn new(provider: &Provider, settings: Settings) -> Result<Self> {
        let workers = Workers::start("CSP", settings.threads, settings.waiting)
            .map_err(|error| ErrorKind::Unavailable.at("thread").because(error))?;
        let name = settings.provider_name.clone().map(CString::new).transpose();
        let mut opener = Opener::new(provider);
        opener.provider_name =
            name.map_err(|error| ErrorKind::Invalid.at("provider name").because(error))?;
        opener.machine = settings.machine;
        opener.interactive = settings.interactive;
        let marks = Marks::new(settings.marks.clone());
        let personal = match settings.certificates {
            Certificates::Containers => None,
            Certificates::PersonalStoreToo => {
                Some(Personal::new(provider.certificates()?, settings.machine))
            }
        };
        let shared = Shared { opener, settings, marks, personal, uncertified: Mutex::default() };
        Ok(Self { shared: Arc::new(shared), workers: Arc::new(workers) })
    }

    /// All containers of a reader, those included whose public keys are not to be had without the password,
    /// and which [`KeyStore::keys`] must leave out for that.
    ///
    /// # Errors
    /// As [`KeyStore::keys`].
    pub async fn containers(&self, carrier: &CarrierId) -> Result<Vec<Container>> {
        let carrier = carrier.clone();
        self.run("keys", move |shared| shared.containers(&carrier)).await
    }

    async fn run<T: Send + 'static>(
        &self,
        operation: &'static str,
        job: impl FnOnce(&Shared) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let shared = Arc::clone(&self.shared);
        self.workers.run(operation, move || job(&shared)).await
    }

    fn signer(&self, session: Arc<Session>) -> Arc<dyn Signer> {
        Arc::new(CspSigner::new(session, Arc::clone(&self.workers)))
    }

    fn pin(&self, access: &Access) -> Result<Pin> {
        Pin::of(access, self.shared.settings.interactive)
    }
}

#[async_trait]
impl KeyStore for CspKeyStore {
    async fn carriers(&self) -> Result<Vec<Carrier>> {
        self.run("carriers", Shared::carriers).await
    }

    async fn keys(&self, carrier: &CarrierId) -> Result<Vec<StoredKey>> {
        let carrier = carrier.clone();
        self.run("keys", move |shared| shared.keys(&carrier)).await
    }

    async fn open(&self, key: &KeyId, access: &Access) -> Result<Arc<dyn Signer>> {
        let (key, pin) = (key.clone(), self.pin(access)?);
        let session = self.run("open", move |shared| {
            if shared.marks.has(&key) {
                let why = "the temporary password must be changed first";
                return Err(ErrorKind::Denied { tries_left: None }.at("open").because(why));
            }
            shared.opener.open(&key, &pin)
        });
        Ok(self.signer(Arc::new(session.await?)))
    }

    fn writable(&self) -> Option<&dyn WritableKeyStore> {
        Some(self)
    }
}

#[async_trait]
impl WritableKeyStore for CspKeyStore {
    /// The CSP has a generator of its own: `rng` is not asked.
    async fn generate(
        &self,
        spec: &KeySpec,
        access: &Access,
        _rng: &dyn Rng,
    ) -> Result<Arc<dyn Signer>> {
        if let Access::New(pin) = access {
            self.shared.check_new_pin(&spec.id.carrier, pin)?;
        }
        let (spec, pin) = (spec.clone(), self.pin(access)?);
        let session = self.run("generate", move |shared| shared.generate(&spec, &pin)).await?;
        Ok(self.signer(session))
    }

    async fn install(&self, key: &KeyId, certificate: &Certificate) -> Result<()> {
        let (key, certificate) = (key.clone(), certificate.clone());
        self.run("install", move |shared| shared.install(&key, &certificate)).await
    }

    async fn change_pin(&self, key: &KeyId, old: &Access, new: &Secret) -> Result<()> {
        self.shared.check_new_pin(&key.carrier, new)?;
        let (key, old, new) = (key.clone(), self.pin(old)?, crate::names::password(new.expose())?);
        self.run("change PIN", move |shared| shared.change_pin(&key, &old, &new)).await
    }

    async fn delete(&self, key: &KeyId, access: &Access) -> Result<()> {
        let (key, pin) = (key.clone(), self.pin(access)?);
        self.run("delete", move |shared| shared.delete(&key, &pin)).await
    }
}

impl Shared {
    fn carriers(&self) -> Result<Vec<Carrier>> {
        let algorithms = self.algorithms()?;
        let readers = self.enumerate(sys::PP_ENUMREADERS, 0)?;
        let carrier = |(label, id): (String, String)| Carrier {
            pin: pin_rule(&id, self.settings.shortest_pin),
            id: CarrierId(id),
            label,
            serial: None,
            hardware_rng: true,
            algorithms: algorithms.clone(),
        };
        Ok(readers.iter().filter_map(|item| parse_reader(item)).map(carrier).collect())
    }

    /// Containers whose public keys are not to be had are left out.
    fn keys(&self, carrier: &CarrierId) -> Result<Vec<StoredKey>> {
        let stored = self.containers(carrier)?.into_iter().filter_map(|container| {
            let Container { id, public_key, certificate, must_change_pin, .. } = container;
            Some(StoredKey { id, public_key: public_key?, certificate, must_change_pin })
        });
        Ok(stored.collect())
    }

    /// Containers that hold no key of ours are left out.
    fn containers(&self, carrier: &CarrierId) -> Result<Vec<Container>> {
        self.check_carrier(carrier)?;
        let mut names: Vec<KeyId> = self
            .enumerate(sys::PP_ENUMCONTAINERS, sys::CRYPT_FQCN)?
            .iter()
            .filter_map(|item| parse(item))
            .filter(|key| key.carrier == *carrier)
            .collect();
        names.sort();
        names.dedup();
        let personal = self.personal.as_ref().map(Personal::by_container).transpose()?;
        let mut personal = personal.unwrap_or_default();
        let stored = |id: KeyId| {
            let certificate = personal.remove(&id);
            self.container(id, certificate).ok()
        };
        Ok(names.into_iter().filter_map(stored).collect())
    }

    /// What is known of a container; `personal` is its certificate in the personal store.
    fn container(&self, id: KeyId, personal: Option<Vec<u8>>) -> Result<Container> {
        let (kind, spec, key, der) = if let Some(session) = self.uncertified(&id) {
            let der = session.with(|context| context.certificate(session.spec))?;
            (session.kind, session.spec, Some(session.key.clone()), der)
        } else {
            let found = self.opener.find(&id, true)?;
            (found.kind, found.spec, found.public_key().ok(), found.certificate())
        };
        // A link may be an old one: where the key is known, its certificate is of it.
        let fits = |der: &Vec<u8>| {
            let theirs = CspPublicKey::of_certificate(der);
            theirs.is_some_and(|theirs| {
                key.as_ref().is_none_or(|key| same_key(&theirs.key, &key.key))
            })
        };
        let der = der.or_else(|| personal.filter(fits));
        let certified = || der.as_deref().and_then(CspPublicKey::of_certificate);
        let public_key = key.clone().or_else(certified).map(|key| key.public_key);
        Ok(Container {
            public_key,
            certificate: der.and_then(|der| Certificate::from_der(&der).ok()),
            must_change_pin: self.marks.has(&id),
            spec: if spec == sys::AT_SIGNATURE { Spec::Signature } else { Spec::Exchange },
            kind,
            id,
        })
    }

    fn check_carrier(&self, carrier: &CarrierId) -> Result<()> {
        let readers = self.enumerate(sys::PP_ENUMREADERS, 0)?;
        let known = |item: &Vec<u8>| parse_reader(item).is_some_and(|(_, id)| id == carrier.0);
        readers.iter().any(known).then_some(()).ok_or_else(|| ErrorKind::NotFound.at("reader"))
    }

    fn check_new_pin(&self, carrier: &CarrierId, pin: &Secret) -> Result<()> {
        let PinRule::PerContainer { min } = pin_rule(&carrier.0, self.settings.shortest_pin) else {
            return Ok(()); // the token judges
        };
        let long = pin.expose_str().is_some_and(|text| text.chars().count() >= min);
        long.then_some(()).ok_or_else(|| ErrorKind::Invalid.at("new PIN").because("too short"))
    }

    /// The parameter sets that the CSP makes keys on, as it names them.
    fn algorithms(&self) -> Result<Vec<KeyAlgorithm>> {
        let parameter = match self.settings.spec {
            Spec::Exchange => sys::PP_ENUM_DHOID,
            Spec::Signature => sys::PP_ENUM_SIGNATUREOID,
        };
        let items = self.enumerate(parameter, 0)?;
        let mut sets = Vec::new();
        for item in items {
            let text = item.split(|octet| *octet == 0).next().unwrap_or_default();
            let oid = core::str::from_utf8(text).ok().and_then(|t| ObjectIdentifier::new(t).ok());
            let algorithm = oid.and_then(|oid| ParameterSet::from_oid(oid).ok());
            let algorithm = algorithm.map(|set| KeyAlgorithm::Gost3410(Oid(set.oid())));
            sets.extend(algorithm.filter(|algorithm| !sets.contains(algorithm)));
        }
        Ok(sets)
    }

    /// An enumeration over all provider types that are installed.
    fn enumerate(&self, parameter: u32, flags: u32) -> Result<Vec<Vec<u8>>> {
        let (mut items, mut installed, mut refusal) = (Vec::new(), false, None);
        for kind in KINDS {
            let context = self.opener.keyless(kind, false);
            match context.and_then(|context| context.enumerate(parameter, flags)) {
                Ok(found) => {
                    installed = true;
                    items.extend(found);
                }
                Err(error) => refusal = Some(error),
            }
        }
        match refusal {
            Some(error) if !installed => Err(self.opener.none_installed(error)),
            _ => {
                let mut seen = BTreeSet::new();
                items.retain(|item| seen.insert(item.clone()));
                Ok(items)
            }
        }
    }
}

impl fmt::Debug for CspKeyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let open = self.shared.uncertified.lock().unwrap_or_else(PoisonError::into_inner).len();
        f.debug_struct("CspKeyStore")
            .field("settings", &self.shared.settings)
            .field("uncertified", &open)
            .finish_non_exhaustive()
    }
}
