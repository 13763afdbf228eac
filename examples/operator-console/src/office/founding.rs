//! The first start, and every other.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use gost_ca::authority::{AuthorityKey, CrlPolicy, LocalAuthority};
use gost_ca::command::{Command, Envelope, Outcome, Register};
use gost_ca::id::{AuthorityId, CaseId, CommandId, UserId};
use gost_ca::oid::Oid;
use gost_ca::profile::{OnEnd, Preset, Suspension};
use gost_ca::provider::key_store::{Access, KeyAlgorithm, KeySpec, Message};
use gost_ca::provider::{KeyStore, Rng, Signer, WritableKeyStore};
use gost_ca::registration_authority::{Answer, Founding};
use gost_ca::request::RequestBuilder;
use gost_ca::secret::Secret;
use gost_ca::view::Role;
use gost_ca::x509::Certificate;
use gost_ca::{Providers, RegistrationAuthority, Session, Settings};
use gost_ca_software::container::{Container, Freshness};
use gost_ca_software::{
    CheckpointFolder, DirectoryKeyStore, GostSigner, GostVerifier, generate_key,
};
use serde::{Deserialize, Serialize};

use super::authority::{Authority, tools};
use super::people::staff;
use super::{authority_key, existing, locations, publisher_name, random};
use crate::{Arguments, Result};

/// What is remembered of a founded office beside its record.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Founded {
    authority: AuthorityId,
}

/// What the office was founded as; `None` in a fresh folder.
pub(super) fn read(data: &Path) -> Result<Option<Founded>> {
    match std::fs::read(data.join(FOUNDED)) {
        Ok(octets) => Ok(Some(serde_json::from_slice(&octets)?)),
        Err(_) if data.join(PIN).exists() => {
            Err(format!("{}: founding was interrupted; remove the folder", data.display()).into())
        }
        Err(_) => Ok(None),
    }
}

/// Opens the authority's key again.
pub(super) async fn reopen(
    data: &Path,
    keys: &DirectoryKeyStore,
    providers: Providers,
    founded: Founded,
) -> Result<(RegistrationAuthority, AuthorityId)> {
    let pin = Secret::new(std::fs::read(data.join(PIN))?);
    let signer = keys.open(&authority_key("issuing"), &existing(&pin)).await?;
    let certificate = Certificate::from_der(&std::fs::read(data.join("authority/issuing.cer"))?)?;
    let key = AuthorityKey::new(signer, certificate, &GostVerifier)?;
    let local = LocalAuthority::new(key, Arc::new(GostVerifier), &*providers.rng.clone())?;
    let mut providers = providers.with_authority(founded.authority, Arc::new(local));
    // an office that was founded before there were checkpoints has none
    if data.join(CHECKPOINTS).is_dir() {
        let signer = keys.open(&authority_key("audit"), &existing(&pin)).await?;
        let sink = CheckpointFolder::open(data.join(CHECKPOINTS))?;
        providers = providers.with_auditor(signer, Arc::new(sink));
    }
    Ok((RegistrationAuthority::new(providers, Settings::default()), founded.authority))
}

/// Founds the training office: a record, an authority, profiles, an administrator and an operator.
pub(super) async fn found(
    arguments: &Arguments,
    keys: &DirectoryKeyStore,
    providers: Providers,
    rng: &Arc<dyn Rng>,
) -> Result<(RegistrationAuthority, AuthorityId)> {
    let data = &arguments.data;
    let pin = Secret::from(gost_ca::hex::encode(&random::<16>(&**rng)?).as_str());
    write_secret(&data.join(PIN), pin.expose())?;

    // the first administrator signs in by a bare key, until there is a certificate for it
    let card = Card::new(rng, arguments.iterations)?;
    let ra = RegistrationAuthority::new(providers.clone(), Settings::default());
    let (id, administrator) = (CommandId::new(random(&**rng)?), staff(1, "administrator")?);
    let key = card.signer.public_key().clone();
    let session = ra.found(Founding { id, administrator, key }).await?;

    // an authority is known to the record first, and then to the providers
    let title = "Учебный удостоверяющий центр".to_owned();
    let open = Envelope::new(CommandId::new(random(&**rng)?), Command::OpenAuthority { title });
    let Outcome::AuthorityOpened { authority } = ra.execute(&session, &open).await? else {
        return Err("the authority was not opened".into());
    };
    let root = make_key(keys, "root", &pin, &**rng).await?;
    let issuing = make_key(keys, "issuing", &pin, &**rng).await?;
    let made = Authority::make(root, issuing, ALGORITHM, &**rng).await?;
    let issuer = made.issuing.certificate().as_der().to_vec();
    std::fs::create_dir_all(data.join("authority"))?;
    std::fs::write(data.join("authority/root.cer"), made.root.as_der())?;
    std::fs::write(data.join("authority/issuing.cer"), &issuer)?;
    let audit = make_key(keys, "audit", &pin, &**rng).await?;
    let public_key = audit.public_key().as_der().to_vec();
    std::fs::create_dir_all(data.join(CHECKPOINTS))?;
    let sink = Arc::new(CheckpointFolder::open(data.join(CHECKPOINTS))?);
    let providers = providers.with_authority(authority, Arc::new(made.issuing));
    let providers = providers.with_auditor(audit, sink);
    let ra = RegistrationAuthority::new(providers, Settings::default());

    let desk = Desk { ra: &ra, rng, authority, iterations: arguments.iterations };
    let install = Command::InstallAuthorityKey { authority, certificate: issuer };
    desk.execute(&session, install).await?;
    desk.execute(&session, Command::RegisterAuditKey { public_key }).await?;
    desk.furnish(&session).await?;
    std::fs::create_dir_all(data.join(DEMO))?;
    let user = session.actor().user.ok_or("the founding session has no account")?;
    let administrator = desk.certify(&session, user, &card, &data.join(DEMO)).await?;
    desk.engage_operator(&administrator, &data.join(DEMO)).await?;
    ra.sweep().await?;
    std::fs::write(data.join(FOUNDED), serde_json::to_vec(&Founded { authority })?)?;
    Ok((ra, authority))
}

struct Desk<'a> {
    ra: &'a RegistrationAuthority,
    rng: &'a Arc<dyn Rng>,
    authority: AuthorityId,
    iterations: u32,
}

impl Desk<'_> {
    async fn execute(&self, by: &Session, command: Command) -> Result<Outcome> {
        let envelope = Envelope::new(CommandId::new(random(&**self.rng)?), command);
        Ok(self.ra.execute(by, &envelope).await?)
    }

    /// Profiles, the CRLs' policy and a registration point.
    async fn furnish(&self, by: &Session) -> Result<()> {
        for preset in [Preset::Commercial, Preset::TaxService, Preset::Departmental, Preset::SignIn]
        {
            let tools = (preset != Preset::SignIn).then(tools);
            let mut profile = Box::new(preset.profile(tools, locations()));
            // this authority's regulations (R4)
            profile.suspension = Suspension::Allowed { max_days: 30, on_end: OnEnd::Resume };
            self.execute(by, Command::AdoptProfile { profile }).await?;
        }
        let mut policy = Box::new(CrlPolicy::default());
        policy.endpoints = vec![publisher_name()];
        self.execute(by, Command::AdoptCrlPolicy { authority: self.authority, policy }).await?;
        let (office, title) = (OFFICE.parse()?, "Главный пункт выдачи".to_owned());
        self.execute(by, Command::OpenOffice { office, title }).await?;
        Ok(())
    }

    async fn engage_operator(&self, by: &Session, folder: &Path) -> Result<()> {
        let record = staff(2, "operator")?;
        let register = Register {
            role: Role::Operator,
            office: Some(OFFICE.parse()?),
            login: record.login,
            data: record.data,
            person_known: false,
        };
        let registered = self.execute(by, Command::Register(Box::new(register))).await?;
        let Outcome::Registered { user, .. } = registered else {
            return Err("the operator was not registered".into());
        };
        self.certify(by, user, &Card::new(self.rng, self.iterations)?, folder).await.map(drop)
    }

    /// A sign-in certificate for a key; the container with both goes into a file.
    async fn certify(
        &self,
        by: &Session,
        user: UserId,
        card: &Card,
        folder: &Path,
    ) -> Result<Session> {
        let (profile, authority) = ("sign-in".parse()?, self.authority);
        let command = Command::CreateRequest { user, profile, authority };
        let Outcome::RequestCreated { case } = self.execute(by, command).await? else {
            return Err("a request was not created".into());
        };
        let record = self.ra.user(by, &user).await?.record;
        let profile = self.ra.case(by, &case).await?.profile;
        let builder = RequestBuilder::new(&record.data.subject_attributes())?;
        let request = builder.with_profile(&profile).sign(&card.signer).await?;
        let request = request.as_der().to_vec();
        self.execute(by, Command::ImportRequest { case, request }).await?;
        self.execute(by, Command::Submit { case }).await?;
        let session = self.sign_in(by, case, card).await?;
        let certificate = self.ra.certificate(&session, &case).await?;
        let sealed = card.with(&certificate)?;
        write_secret(&folder.join(format!("{}.key", record.login.as_str())), &sealed)?;
        Ok(session)
    }

    async fn sign_in(&self, by: &Session, case: CaseId, card: &Card) -> Result<Session> {
        let certificate = self.ra.certificate(by, &case).await?;
        let challenge = self.ra.challenge().await?;
        let message = challenge.signed_bytes();
        let signature = card.signer.sign(Message::Bytes(&message)).await?;
        let answer = Answer::new(challenge, card.signer.algorithm().clone(), signature);
        Ok(self.ra.sign_in(&certificate, &answer).await?)
    }
}

/// A key of the training staff's, in its container.
struct Card {
    container: Container,
    signer: GostSigner,
}

impl Card {
    fn new(rng: &Arc<dyn Rng>, iterations: u32) -> Result<Self> {
        let key = generate_key(ALGORITHM, &**rng)?;
        let (password, fresh) = (DEMO_PASSWORD.as_bytes(), Freshness::draw(|out| rng.fill(out))?);
        let container = Container::seal(&key, password, false, iterations, fresh)?;
        Ok(Self { container, signer: GostSigner::new(key, Arc::clone(rng))? })
    }

    fn with(&self, certificate: &Certificate) -> Result<Vec<u8>> {
        let mut container = self.container.clone();
        container.install(certificate)?;
        Ok(container.to_bytes()?)
    }
}

async fn make_key(
    keys: &DirectoryKeyStore,
    name: &str,
    pin: &Secret,
    rng: &dyn Rng,
) -> Result<Arc<dyn Signer>> {
    let spec = KeySpec { id: authority_key(name), algorithm: ALGORITHM, temporary_pin: false };
    Ok(keys.generate(&spec, &Access::New(Secret::new(pin.expose())), rng).await?)
}

/// A file for its owner alone.
fn write_secret(path: &Path, octets: &[u8]) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    Ok(options.open(path)?.write_all(octets)?)
}

/// The password of the training staff's keys: no secret.
pub(crate) const DEMO_PASSWORD: &str = "demo-2026";
/// Where their containers are, in the data.
pub(crate) const DEMO: &str = "demo";

const ALGORITHM: KeyAlgorithm = KeyAlgorithm::Gost3410(Oid::new_unwrap("1.2.643.7.1.2.1.1.1"));
const OFFICE: &str = "main";
/// Where checkpoints of the audit are kept; in earnest, where whoever can write the record cannot.
const CHECKPOINTS: &str = "checkpoints";
const FOUNDED: &str = "office.json";
const PIN: &str = "authority.pin";
