//! Where the day's keys live: folders, a token, or CryptoPro CSP.

use std::path::Path;
use std::sync::Arc;

use gost_ca::Providers;
use gost_ca::id::Name;
use gost_ca::provider::key_store::{
    Access, Carrier, CarrierId, KeyAlgorithm, KeyId, KeySpec, PinRule,
};
use gost_ca::provider::{KeyStore, Rng, Signer};
use gost_ca::secret::Secret;
use gost_ca_cryptopro::{CspKeyStore, Libraries, Provider};
use gost_ca_pkcs11::uri::TokenUri;
use gost_ca_software::DirectoryKeyStore;

use crate::Result;

/// A carrier in a store, and how it is opened.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) store_name: Name,
    pub(crate) store: Arc<dyn KeyStore>,
    pub(crate) carrier: CarrierId,
    pub(crate) label: String,
    /// The carrier has a PIN of its own; else each container gets one.
    own_pin: bool,
}

/// Where whose keys are.
pub(crate) struct Keys {
    pub(crate) authority: Place,
    pub(crate) staff: Place,
    pub(crate) users: Place,
}

impl Keys {
    /// All keys in folders.
    pub(crate) async fn in_folders(out: &Path, rng: &Arc<dyn Rng>) -> Result<Self> {
        // few iterations: a day makes many keys, and its PINs are no secrets
        let settings = gost_ca_software::directory_key_store::Settings {
            iterations: 2_000,
            ..Default::default()
        };
        let store = CARRIERS.iter().fold(
            DirectoryKeyStore::new(settings, Arc::clone(rng))?,
            |store, (id, label)| {
                store.with_carrier(CarrierId((*id).to_owned()), *label, out.join("keys").join(id))
            },
        );
        for (id, _) in CARRIERS {
            store.make_directory(&CarrierId(id.to_owned())).await?;
        }
        let store: Arc<dyn KeyStore> = Arc::new(store);
        let place = |(id, label): (&str, &str)| -> Result<Place> {
            Ok(Place {
                store_name: "software".parse()?,
                store: Arc::clone(&store),
                carrier: CarrierId(id.to_owned()),
                label: label.to_owned(),
                own_pin: false,
            })
        };
        let [authority, staff, users] = CARRIERS;
        Ok(Self { authority: place(authority)?, staff: place(staff)?, users: place(users)? })
    }

    /// Keys where `--key-store` says: `pkcs11:…`, `cryptopro` or `cryptopro:LIBRARY`.
    pub(crate) async fn elsewhere(
        self,
        line: &str,
        algorithm: KeyAlgorithm,
        out: &Path,
    ) -> Result<Self> {
        match line.strip_prefix("cryptopro") {
            Some(library) => Self::in_csp(library.strip_prefix(':'), out).await,
            None => self.on_token(line, algorithm).await,
        }
    }

    /// All keys in containers of the CSP, on its first reader.
    async fn in_csp(library: Option<&str>, out: &Path) -> Result<Self> {
        let libraries = library.map_or_else(Libraries::default, Libraries::beside);
        let marks = out.join("temporary-passwords");
        std::fs::create_dir_all(&marks)?;
        let settings = gost_ca_cryptopro::Settings { marks: Some(marks), ..Default::default() };
        let store: Arc<dyn KeyStore> =
            Arc::new(CspKeyStore::new(&Provider::load(&libraries)?, settings)?);
        let carriers = store.carriers().await?;
        let reader = carriers.into_iter().next().ok_or("the CSP has no reader")?;
        let place = Place::of("csp", store, reader)?;
        Ok(Self { authority: place.clone(), staff: place.clone(), users: place })
    }

    /// The authority's keys on a token; the others' too, where it makes keys of theirs.
    async fn on_token(self, line: &str, algorithm: KeyAlgorithm) -> Result<Self> {
        let uri: TokenUri = line.parse()?;
        let store: Arc<dyn KeyStore> = Arc::new(uri.open(gost_ca_pkcs11::Settings::default())?);
        let carriers = store.carriers().await?;
        let [carrier] = <[Carrier; 1]>::try_from(carriers)
            .map_err(|several| format!("{line} names {} tokens, not one", several.len()))?;
        let all = carrier.algorithms.contains(&algorithm);
        let token = Place::of("token", store, carrier)?;
        if all {
            return Ok(Self { authority: token.clone(), staff: token.clone(), users: token });
        }
        println!("   {} makes no such keys: only the authority's are there.", token.label);
        Ok(Self { authority: token, ..self })
    }

    /// Makes the stores known to the commands that make keys.
    pub(crate) fn register(&self, providers: Providers) -> Providers {
        [&self.authority, &self.staff, &self.users].into_iter().fold(providers, |known, place| {
            known.with_key_store(place.store_name.clone(), Arc::clone(&place.store))
        })
    }
}

impl Place {
    fn of(store_name: &str, store: Arc<dyn KeyStore>, carrier: Carrier) -> Result<Self> {
        let own_pin = matches!(carrier.pin, PinRule::OwnPin { .. });
        let Carrier { id, label, .. } = carrier;
        Ok(Self { store_name: store_name.parse()?, store, carrier: id, label, own_pin })
    }

    pub(crate) fn key(&self, container: impl Into<String>) -> KeyId {
        KeyId { carrier: self.carrier.clone(), container: container.into() }
    }

    /// How a new key is protected: a token asks for its own PIN.
    pub(crate) fn new_access(&self, pin: &Secret) -> Access {
        if self.own_pin { Access::Prompted } else { Access::New(Secret::new(pin.expose())) }
    }

    /// How a key is opened.
    pub(crate) fn access(&self, pin: &Secret) -> Access {
        if self.own_pin { Access::Prompted } else { Access::Existing(Secret::new(pin.expose())) }
    }

    /// Whether a key can get a PIN that its owner must change.
    pub(crate) const fn has_temporary_pins(&self) -> bool {
        !self.own_pin
    }

    pub(crate) async fn make(
        &self,
        container: &str,
        algorithm: KeyAlgorithm,
        (pin, rng): (&Secret, &dyn Rng),
    ) -> Result<Arc<dyn Signer>> {
        let spec = KeySpec { id: self.key(container), algorithm, temporary_pin: false };
        let keys = self.store.writable().ok_or("a store that makes no keys")?;
        Ok(keys.generate(&spec, &self.new_access(pin), rng).await?)
    }
}

/// Folders here, tokens at a real desk.
const CARRIERS: [(&str, &str); 3] =
    [("authority", "Ключи УЦ"), ("staff", "Ключи сотрудников"), ("users", "Ключи пользователей")];
