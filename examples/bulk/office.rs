//! The office that `operator_day` left, opened again.

use std::path::Path;
use std::sync::Arc;

use gost_ca::authority::{AuthorityKey, LocalAuthority};
use gost_ca::id::{AuthorityId, WriterId};
use gost_ca::provider::journal::{CaseFilter, Page};
use gost_ca::provider::key_store::{Access, CarrierId, KeyId, Message};
use gost_ca::provider::{Clock, KeyStore, Rng};
use gost_ca::providers::Essentials;
use gost_ca::registration_authority::Answer;
use gost_ca::secret::Secret;
use gost_ca::x509::Certificate;
use gost_ca::{Providers, RegistrationAuthority, Session, Settings, Timestamp};
use gost_ca_software::argon2_hasher::Cost;
use gost_ca_software::{Argon2Hasher, DirectoryKeyStore, GostVerifier, SystemRng};
use gost_ca_sqlite::SqliteStore;

use crate::Result;

pub(crate) struct Office {
    pub(crate) ra: RegistrationAuthority,
    pub(crate) operator: Session,
    pub(crate) authority: AuthorityId,
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
    /// Opens the record and signs the office's operator in.
    pub(crate) async fn open(folder: &Path, office: &str) -> Result<Self> {
        let rng: Arc<dyn Rng> = Arc::new(SystemRng);
        let keys = key_store(folder, &rng)?;
        let providers = providers(folder, &rng)?;
        let ra = RegistrationAuthority::new(providers.clone(), Settings::default());
        let operator = sign_in(&ra, &keys, &format!("operator-{office}")).await?;

        // which authority the office's certificates are of
        let (cases, _) = ra.list_cases(&operator, CaseFilter::default(), &Page::first(1)).await?;
        let case = cases.first().ok_or("the office has issued nothing yet")?;
        let authority = ra.case(&operator, &case.case).await?.case.begun().authority;
        let issuing = keys.open(&key("authority", "issuing"), &pin()).await?;
        let certificate = std::fs::read(folder.join("authority/issuing.cer"))?;
        let verifier = Arc::new(GostVerifier);
        let key = AuthorityKey::new(issuing, Certificate::from_der(&certificate)?, &*verifier)?;
        let local = Arc::new(LocalAuthority::new(key, verifier, &*rng)?);
        let ra = RegistrationAuthority::new(
            providers.with_authority(authority, local),
            Settings::default(),
        );
        ra.sweep().await?; // whatever a crash interrupted is finished first
        Ok(Self { ra, operator, authority })
    }
}

async fn sign_in(
    ra: &RegistrationAuthority,
    keys: &DirectoryKeyStore,
    login: &str,
) -> Result<Session> {
    let stored = keys.keys(&CarrierId("staff".to_owned())).await?;
    let stored = stored.into_iter().find(|stored| stored.id.container == login);
    let stored = stored.ok_or_else(|| format!("there is no key of {login}"))?;
    let certificate = stored.certificate.ok_or("the operator's key has no certificate")?;
    let signer = keys.open(&stored.id, &pin()).await?;
    let challenge = ra.challenge().await?;
    let signature = signer.sign(Message::Bytes(&challenge.signed_bytes())).await?;
    let answer = Answer::new(challenge, signer.algorithm().clone(), signature);
    Ok(ra.sign_in(&certificate, &answer).await?)
}

fn providers(folder: &Path, rng: &Arc<dyn Rng>) -> Result<Providers> {
    let mut writer = [0; 16];
    rng.fill(&mut writer)?;
    let database = folder.join("office.db");
    if !database.exists() {
        return Err(format!("{} is no office: run operator_day first", folder.display()).into());
    }
    let store = Arc::new(SqliteStore::open(database, WriterId::new(writer))?);
    Ok(Providers::new(Essentials {
        journal: store.clone(),
        directory: store,
        verifier: Arc::new(GostVerifier),
        rng: Arc::clone(rng),
        password_hasher: Arc::new(Argon2Hasher::new(Cost::default(), 2, 64)?),
        clock: Arc::new(SystemClock),
    }))
}

fn key_store(folder: &Path, rng: &Arc<dyn Rng>) -> Result<DirectoryKeyStore> {
    let settings = gost_ca_software::directory_key_store::Settings::default();
    let carriers = [("authority", "Ключи УЦ"), ("staff", "Ключи сотрудников")];
    let store = DirectoryKeyStore::new(settings, Arc::clone(rng))?;
    Ok(carriers.into_iter().fold(store, |store, (id, label)| {
        store.with_carrier(CarrierId(id.to_owned()), label, folder.join("keys").join(id))
    }))
}

fn key(carrier: &str, container: &str) -> KeyId {
    KeyId { carrier: CarrierId(carrier.to_owned()), container: container.to_owned() }
}

/// The one that `operator_day` gave: its PINs are no secrets.
fn pin() -> Access {
    Access::Existing(Secret::from("staff-2026"))
}
