//! The office behind the pages: its record, its authority, its carriers.
//!
//! On the first start a training authority is founded: a root and an issuing key, an administrator and an
//! operator with sign-in keys that anybody may try. A real office brings its own.

#[path = "../../operator_day/authority.rs"]
mod authority;
mod founding;
#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "the staff of another example, which fails by panicking"
)]
#[path = "../../operator_day/people.rs"]
mod people;

use std::path::Path;
use std::sync::Arc;

use gost_ca::id::{AuthorityId, CommandId, Name, WriterId};
use gost_ca::language::Language;
use gost_ca::print::{Marking, Requisites, Stationery, Templates, Zone};
use gost_ca::profile::Locations;
use gost_ca::provider::key_store::{Access, CarrierId, KeyId};
use gost_ca::provider::{Clock, Journal, KeyStore, Rng, Verifier};
use gost_ca::providers::Essentials;
use gost_ca::registration::RegistrationForm;
use gost_ca::secret::Secret;
use gost_ca::{Providers, RegistrationAuthority, Timestamp};
use gost_ca_files::PublicFolder;
use gost_ca_software::argon2_hasher::Cost;
use gost_ca_software::{Argon2Hasher, DirectoryKeyStore, GostVerifier, SystemRng};
use gost_ca_sqlite::SqliteStore;

pub(crate) use founding::{DEMO, DEMO_PASSWORD};

use crate::{Arguments, Result};

/// The carriers of the server: folders here, tokens and modules elsewhere.
pub(crate) const AUTHORITY: &str = "authority";
/// Where users' keys are kept that are not kept by users.
pub(crate) const USERS: &str = "users";
/// More than there are of the training staff.
const STAFF: u32 = 100;

/// The office.
#[derive(Debug)]
pub(crate) struct Office {
    pub(crate) ra: RegistrationAuthority,
    pub(crate) authority: AuthorityId,
    pub(crate) zone: Zone,
    requisites: Requisites,
    templates: Templates,
    rng: Arc<dyn Rng>,
}

/// The machine's own clock.
#[derive(Debug)]
struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

impl Office {
    /// Opens the office of a folder; founds it where there is none.
    pub(crate) async fn open(arguments: &Arguments) -> Result<Self> {
        let data = &arguments.data;
        std::fs::create_dir_all(data)?;
        let rng: Arc<dyn Rng> = Arc::new(SystemRng);
        let keys = Arc::new(key_store(data, &rng, arguments.iterations)?);
        for carrier in [AUTHORITY, USERS] {
            keys.make_directory(&CarrierId(carrier.to_owned())).await?;
        }
        let providers = providers(data, &rng, &keys)?;
        let (ra, authority) = match founding::read(data)? {
            Some(founded) => founding::reopen(data, &keys, providers, founded).await?,
            None => Box::pin(founding::found(arguments, &keys, providers, &rng)).await?,
        };
        let (zone, templates) = (Zone::new(3, "МСК, UTC+3")?, Templates::shipped()?);
        Ok(Self { ra, authority, zone, requisites: requisites(), templates, rng })
    }

    /// What the office prints on: papers are Russian, whatever language a page is in.
    pub(crate) const fn stationery(&self) -> Stationery<'_> {
        let Self { templates, requisites, zone, .. } = self;
        let (language, marking) = (Language::Russian, Marking::Test);
        Stationery { templates, language, requisites, zone, marking }
    }

    /// Random octets.
    pub(crate) fn random<const N: usize>(&self) -> Result<[u8; N]> {
        random(&*self.rng)
    }

    /// The machine's generator.
    pub(crate) fn rng(&self) -> Arc<dyn Rng> {
        Arc::clone(&self.rng)
    }

    /// Somebody who does not exist, with right check digits: for whoever tries the console.
    pub(crate) fn invented(&self) -> Result<RegistrationForm> {
        let drawn = u32::from(u16::from_be_bytes(self.random()?));
        // of the four names in turn the second and the third are those of the training staff
        let turn = if drawn & 1 == 0 { drawn & !3 } else { drawn | 3 };
        let number = STAFF.saturating_add(turn);
        Ok(RegistrationForm::from(&people::staff(number, "invented")?.data))
    }

    /// A fresh id of a command.
    pub(crate) fn command_id(&self) -> Result<CommandId> {
        Ok(CommandId::new(self.random()?))
    }
}

fn key_store(data: &Path, rng: &Arc<dyn Rng>, iterations: u32) -> Result<DirectoryKeyStore> {
    let settings =
        gost_ca_software::directory_key_store::Settings { iterations, ..Default::default() };
    let store = DirectoryKeyStore::new(settings, Arc::clone(rng))?;
    let carriers = [(AUTHORITY, "Ключи УЦ"), (USERS, "Хранилище ключей на сервере")];
    Ok(carriers.into_iter().fold(store, |store, (id, label)| {
        store.with_carrier(CarrierId(id.to_owned()), label, data.join("keys").join(id))
    }))
}

fn providers(data: &Path, rng: &Arc<dyn Rng>, keys: &Arc<DirectoryKeyStore>) -> Result<Providers> {
    let writer = WriterId::new(random(&**rng)?);
    let store = Arc::new(SqliteStore::open(data.join("office.db"), writer)?);
    let published = data.join("published");
    std::fs::create_dir_all(&published)?;
    let (journal, keys): (Arc<dyn Journal>, Arc<dyn KeyStore>) = (store.clone(), keys.clone());
    let essentials = Essentials {
        journal,
        directory: store,
        verifier: Arc::new(GostVerifier),
        rng: Arc::clone(rng),
        password_hasher: Arc::new(Argon2Hasher::new(Cost::default(), 2, 64)?),
        clock: Arc::new(SystemClock),
    };
    Ok(Providers::new(essentials)
        .with_key_store(store_name(), keys)
        .with_publisher(publisher_name(), Arc::new(PublicFolder::open(published)?)))
}

/// The training authority's: a real one has its own on every form (V18).
fn requisites() -> Requisites {
    Requisites {
        name: "ООО «Учебный удостоверяющий центр»".to_owned(),
        address: "г. Москва, ул. Учебная, д. 1".to_owned(),
        phones: vec!["+7 (495) 000-00-00".to_owned()],
        email: "ca@example.org".to_owned(),
        accreditation_number: None,
        accreditation_date: None,
    }
}

/// Where verifiers will look; nobody answers there.
pub(crate) fn locations() -> Locations {
    Locations {
        delta: Vec::new(),
        crl: vec!["http://ca.example.org/issuing.crl".to_owned()],
        issuer: vec!["http://ca.example.org/issuing.cer".to_owned()],
        ocsp: Vec::new(),
    }
}

/// Checks all signatures here.
pub(crate) fn verifier() -> Arc<dyn Verifier> {
    Arc::new(GostVerifier)
}

fn authority_key(container: &str) -> KeyId {
    KeyId { carrier: CarrierId(AUTHORITY.to_owned()), container: container.to_owned() }
}

fn existing(pin: &Secret) -> Access {
    Access::Existing(Secret::new(pin.expose()))
}

/// The server's own key store, by name.
#[expect(clippy::expect_used, reason = "a constant")]
pub(crate) fn store_name() -> Name {
    "server".parse().expect("a name")
}

#[expect(clippy::expect_used, reason = "a constant")]
fn publisher_name() -> Name {
    "folder".parse().expect("a name")
}

pub(crate) fn random<const N: usize>(rng: &dyn Rng) -> Result<[u8; N]> {
    let mut octets = [0; N];
    rng.fill(&mut octets)?;
    Ok(octets)
}
