//! Registration desk and issuing engine of a certification authority on Russian cryptography.
//!
//! Everything a certificate goes through, from the application documents on the desk to the entry in the
//! CRL, as commands against one record. Cryptography, keys, randomness, storage, time and whoever signs
//! are [providers](provider); the [`RegistrationAuthority`] is their only caller.
//!
//! # The shortest useful program
//!
//! From an empty record to a certificate that was issued, revoked and put on a CRL. Its providers are in
//! memory, but for the cryptography, which is real.
//!
//! ```
//! # use std::sync::Arc;
//! # use gost_ca::authority::{AuthorityKey, LocalAuthority, SelfSigned};
//! # use gost_ca::command::{Command, Envelope, Outcome, Register};
//! # use gost_ca::id::{AuthorityId, CommandId, WriterId};
//! # use gost_ca::profile::{Locations, Preset};
//! # use gost_ca::provider::{Journal, Rng, Signer, UserRecord, Verifier};
//! # use gost_ca::providers::Essentials;
//! # use gost_ca::reason::{Ground, GroundKind, Reason};
//! # use gost_ca::registration::{Login, parse_applications};
//! # use gost_ca::registration_authority::Founding;
//! # use gost_ca::request::RequestBuilder;
//! # use gost_ca::view::Role;
//! # use gost_ca::x509::SerialNumber;
//! # use gost_ca::{Providers, RegistrationAuthority, Settings, Timestamp};
//! # use gost_ca_memory::{MemoryClock, MemoryDirectory, MemoryJournal};
//! # use gost_ca_software::{CheapHasher, GostSigner, GostVerifier, SystemRng};
//! # use gost3410::{ParameterSet, SigningKey};
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let rng: Arc<dyn Rng> = Arc::new(SystemRng);
//! # let verifier: Arc<dyn Verifier> = Arc::new(GostVerifier);
//! # let fresh = || { let mut id = [0; 16]; rng.fill(&mut id).map(|()| CommandId::new(id)) };
//! # let key = |number| -> Result<Arc<dyn Signer>, Box<dyn std::error::Error>> {
//! #     let key = SigningKey::from_le_bytes(ParameterSet::TC26_256_A, &[number; 32])?;
//! #     Ok(Arc::new(GostSigner::new(key, rng.clone())?))
//! # };
//! # let papers = parse_applications(&std::fs::read("examples/data/applications.json")?)?;
//! # let form = |kind: &str| {
//! #     let fits = papers.iter().map(|paper| paper.form.check());
//! #     fits.flatten().find(|data| data.subject.kind().name() == kind).ok_or("no such papers")
//! # };
//! # let (now, login) = ("2026-03-02T09:00:00Z".parse::<Timestamp>()?, |login: &str| Login::from_typed(login));
//! // 1. Who signs: a root of our own, here one of the applicants. Its id is that of the command that opens it.
//! let profile = Preset::Root.profile(None, Locations::default());
//! let (subject, validity) = (form("legal-entity-automated")?.subject_attributes(), profile.validity_from(now));
//! let serial = SerialNumber::from_random(*fresh()?.octets());
//! let root = SelfSigned { subject: &subject, profile: &profile, validity, serial };
//! let root = LocalAuthority::new(
//!     AuthorityKey::self_signed(key(1)?, &root, &*verifier).await?, verifier.clone(), &*rng)?;
//! let (certificate, opening) = (root.certificate().as_der().to_vec(), fresh()?);
//! let authority = AuthorityId::made_by(&opening);
//!
//! // 2. The providers: there is no default for any of them.
//! let providers = Providers::new(Essentials {
//!     journal: Arc::new(MemoryJournal::new(WriterId::new([7; 16]))),
//!     directory: Arc::new(MemoryDirectory::default()),
//!     verifier,
//!     rng: rng.clone(),
//!     password_hasher: Arc::new(CheapHasher),
//!     clock: Arc::new(MemoryClock::at(now)),
//! })
//! .with_authority(authority, Arc::new(root));
//! let ra = RegistrationAuthority::new(providers, Settings::default());
//!
//! // 3. The record begins with its first administrator, and the key that signs them in.
//! let administrator = UserRecord { login: login("administrator")?, data: form("legal-entity")? };
//! let founding = Founding { id: fresh()?, administrator, key: key(2)?.public_key().clone() };
//! let session = ra.found(founding).await?;
//!
//! // 4. From here on all is commands: data under an id, done once however often it is sent.
//! let run = async |id, command| ra.execute(&session, &Envelope::new(id, command)).await;
//! run(opening, Command::OpenAuthority { title: "Root".into() }).await?;
//! run(fresh()?, Command::InstallAuthorityKey { authority, certificate }).await?;
//! let profile = Box::new(Preset::Commercial.profile(None, Locations::default()));
//! run(fresh()?, Command::AdoptProfile { profile }).await?;
//! run(fresh()?, Command::OpenOffice { office: "main".parse()?, title: "Main".into() }).await?;
//!
//! // 5. A person comes to the desk and is registered; the temporary password is shown this once.
//! let (data, office) = (form("natural-person")?, Some("main".parse()?));
//! let subject = data.subject_attributes();
//! let registration = Register { role: Role::User, office, login: login("elkina")?, data, person_known: false };
//! let Outcome::Registered { user, temporary_password: Some(_) } =
//!     run(fresh()?, Command::Register(Box::new(registration))).await? else { return Err("not registered".into()) };
//!
//! // 6. A request, signed by the person's own key; submitting it issues the certificate.
//! let profile = "commercial".parse()?;
//! let Outcome::RequestCreated { case } =
//!     run(fresh()?, Command::CreateRequest { user, profile, authority }).await? else { return Err("no case".into()) };
//! let profile = ra.case(&session, &case).await?.profile;
//! let request = RequestBuilder::new(&subject)?.with_profile(&profile).sign(&*key(3)?).await?;
//! run(fresh()?, Command::ImportRequest { case, request: request.as_der().to_vec() }).await?;
//! let issued = run(fresh()?, Command::Submit { case }).await?;
//! assert!(matches!(issued, Outcome::Issued { .. }));
//! assert_eq!(ra.certificate(&session, &case).await?.public_key(), key(3)?.public_key());
//!
//! // 7. It is revoked for good; the next CRL says so; the audit is whole.
//! let ground = Ground { kind: GroundKind::OwnerApplication, document: "No 17 of 02.03.2026".into() };
//! let (reason, invalidity) = (Reason::KeyCompromise, None);
//! run(fresh()?, Command::Revoke { case, reason, ground, invalidity }).await?;
//! run(fresh()?, Command::IssueCrl { authority, next_update: "2026-03-09T09:00:00Z".parse()? }).await?;
//! assert_eq!(ra.crls(&authority).await?.len(), 1);
//! assert!(gost_ca::audit::verify::verify(ra.providers().journal.audit()).await?.is_whole());
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

pub mod audit;
pub mod authority;
pub mod command;
pub mod commitment;
pub mod entry;
pub mod error;
pub mod fact;
pub mod hex;
pub mod id;
pub mod lifecycle;
pub mod oid;
pub mod print;
pub mod profile;
pub mod provider;
pub mod providers;
pub mod reason;
pub mod registration;
pub mod registration_authority;
pub mod request;
pub mod secret;
pub mod view;
pub mod x509;

pub use error::Error;
pub use jiff::Timestamp;
pub use providers::Providers;
pub use registration_authority::{RegistrationAuthority, Session, Settings};
