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
//! # use gost_ca::audit::verify::verify;
//! # use gost_ca::authority::{AuthorityKey, LocalAuthority, SelfSigned};
//! # use gost_ca::command::{Command, Envelope, Outcome, Register};
//! # use gost_ca::id::{AuthorityId, CommandId, WriterId};
//! # use gost_ca::profile::{Locations, Preset, SignTools};
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
//! # let file = parse_applications(&std::fs::read("examples/data/applications.json")?)?;
//! # let papers = |kind: &str| {
//! #     let checked = file.iter().filter_map(|paper| paper.form.check().ok());
//! #     checked.into_iter().find(|data| data.subject.kind().name() == kind).ok_or("no such papers")
//! # };
//! # let now: Timestamp = "2026-03-02T09:00:00Z".parse()?;
//! # let tools = SignTools {
//! #     subject: "Owner's tool".into(),
//! #     issuer: "Authority's tool".into(),
//! #     authority: "Authority's software".into(),
//! #     issuer_document: "No 1".into(),
//! #     authority_document: "No 2".into(),
//! # };
//! # let locations = Locations { crl: vec!["http://ca.example/1.crl".into()], ..Locations::default() };
//! // 1. Who signs: a root of our own, with the tools that its certificates name. An entity's id is a
//! // function of the command that makes it.
//! let profile = Preset::Root.profile(Some(tools.clone()), Locations::default());
//! let subject = papers("legal-entity-automated")?.subject_attributes();
//! let (validity, serial) = (profile.validity_from(now), SerialNumber::from_random(*fresh()?.octets()));
//! let root = SelfSigned { subject: &subject, profile: &profile, validity, serial };
//! let root = AuthorityKey::self_signed(key(1)?, &root, &*verifier).await?;
//! let (certificate, opening) = (root.certificate().as_der().to_vec(), fresh()?);
//! let authority = AuthorityId::made_by(&opening);
//! let root = LocalAuthority::new(root, verifier.clone(), &*rng)?;
//!
//! // 2. The providers: none of them has a default.
//! let providers = Providers::new(Essentials {
//!     journal: Arc::new(MemoryJournal::new(WriterId::new([7; 16]))),
//!     directory: Arc::new(MemoryDirectory::default()),
//!     verifier,
//!     rng: rng.clone(),
//!     password_hasher: Arc::new(CheapHasher),
//!     clock: Arc::new(MemoryClock::at(now)),
//! });
//! let providers = providers.with_authority(authority, Arc::new(root));
//! let ra = RegistrationAuthority::new(providers, Settings::default());
//!
//! // 3. The record begins with its first administrator, and the key that signs them in.
//! let (login, data) = (Login::from_typed("administrator")?, papers("legal-entity")?);
//! let (administrator, key_2) = (UserRecord { login, data }, key(2)?.public_key().clone());
//! let session = ra.found(Founding { id: fresh()?, administrator, key: key_2 }).await?;
//!
//! // 4. From here on all is commands: data under an id, done once however often it is sent.
//! let run = async |id, command| ra.execute(&session, &Envelope::new(id, command)).await;
//! run(opening, Command::OpenAuthority { title: "Root".into() }).await?;
//! run(fresh()?, Command::InstallAuthorityKey { authority, certificate }).await?;
//! let profile = Box::new(Preset::Commercial.profile(Some(tools), locations));
//! run(fresh()?, Command::AdoptProfile { profile }).await?;
//! run(fresh()?, Command::OpenOffice { office: "main".parse()?, title: "Main".into() }).await?;
//!
//! // 5. A person comes to the desk. The temporary password is shown this once.
//! let (login, data) = (Login::from_typed("elkina")?, papers("natural-person")?);
//! let (role, office) = (Role::User, Some("main".parse()?));
//! let subject = data.subject_attributes();
//! let person = Register { role, office, login, data, person_known: false };
//! let registered = run(fresh()?, Command::Register(Box::new(person))).await?;
//! let Outcome::Registered { user, temporary_password: Some(_) } = registered else { panic!() };
//!
//! // 6. A request, signed by the person's own key; submitting it issues the certificate.
//! let create = Command::CreateRequest { user, profile: "commercial".parse()?, authority };
//! let Outcome::RequestCreated { case } = run(fresh()?, create).await? else { panic!() };
//! let profile = ra.case(&session, &case).await?.profile;
//! let request = RequestBuilder::new(&subject)?.with_profile(&profile).sign(&*key(3)?).await?;
//! let request = request.as_der().to_vec();
//! run(fresh()?, Command::ImportRequest { case, request }).await?;
//! run(fresh()?, Command::Submit { case }).await?;
//! let certificate = ra.certificate(&session, &case).await?;
//! assert_eq!(certificate.public_key(), key(3)?.public_key());
//!
//! // 7. It is revoked for good, the next CRL says so, and the audit is whole.
//! let document = "No 17 of 02.03.2026".to_owned();
//! let ground = Ground { kind: GroundKind::OwnerApplication, document };
//! run(fresh()?, Command::revoke(case, Reason::KeyCompromise, ground)).await?;
//! let next_update = "2026-03-09T09:00:00Z".parse()?;
//! run(fresh()?, Command::IssueCrl { authority, next_update }).await?;
//! assert_eq!(ra.crls(&authority).await?.len(), 1);
//! assert!(verify(ra.providers().journal.audit()).await?.is_whole());
//! # Ok(())
//! # }
//! ```
//!
//! # What to read next
//!
//! | to | read |
//! |---|---|
//! | choose providers, or write one | [`Providers`], [`provider`] |
//! | see all that can be asked | [`command::Command`] |
//! | see what is allowed when, and to whom | [`lifecycle`] |
//! | see what a certificate contains | [`profile`] |
//! | see what is recorded, and verify it | [`fact`], [`audit`] |
//! | show lists, cards and buttons | [`RegistrationAuthority::list_cases`], [`RegistrationAuthority::case`] |
//!
//! Call [`RegistrationAuthority::sweep`] at every start and now and then: it finishes what a crash
//! interrupted.
#![forbid(unsafe_code)]

pub mod audit;
pub mod authority;
pub mod command;
pub mod commitment;
pub mod desk;
pub mod entry;
pub mod error;
pub mod fact;
pub mod hex;
pub mod id;
pub mod language;
pub mod lifecycle;
pub mod lint;
pub mod message;
pub mod notice;
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

/// The README's program is true.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
