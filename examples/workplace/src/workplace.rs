//! The workplace itself: the generator that collects, and the keys that are open.

use std::collections::BTreeMap;
use std::sync::Arc;

use der::Encode as _;
use gost_ca::language::Language;
use gost_ca::oid::Oid;
use gost_ca::provider::key_store::{KeyAlgorithm, Message};
use gost_ca::provider::{ErrorKind, ProviderError, Rng, Signer as _};
use gost_ca::request::RequestBuilder;
use gost_ca::x509::{Certificate, DistinguishedName};
use gost_ca_software::biological::Event;
use gost_ca_software::container::{Container, Freshness, Unopened};
use gost_ca_software::{BiologicalRng, GostSigner, generate_key};
use gost3410::SigningKey;

use crate::ask::{Ask, Password};
use crate::documents::{self, Files, Hashed, NoFiles, Trust, read_certificate};
use crate::exchange;
use crate::failure::MIN_PASSWORD;
use crate::{Answer, Failure, Octets};

pub(crate) type Result<T> = core::result::Result<T, Failure>;

/// A browser tab's keys and randomness.
#[derive(Debug)]
pub struct Workplace {
    system: Arc<dyn Rng>,
    biological: Option<Arc<BiologicalRng>>,
    open: BTreeMap<u32, GostSigner>,
    last: u32,
    /// A document between its two questions.
    hashed: Option<Hashed>,
    iterations: u32,
}

impl Workplace {
    /// Starts with the browser's own randomness, and nothing open.
    pub fn new(system: Arc<dyn Rng>) -> Self {
        let (biological, open, hashed) = (None, BTreeMap::new(), None);
        Self { system, biological, open, last: 0, hashed, iterations: ITERATIONS }
    }

    /// The same with fewer iterations of PBKDF2: for tests.
    #[must_use]
    pub const fn with_iterations(mut self, iterations: u32) -> Self {
        self.iterations = iterations;
        self
    }

    /// Answers a question in JSON by JSON; whatever happens, there is an answer.
    pub fn answer(&mut self, question: &[u8]) -> Vec<u8> {
        self.answer_with(question, &mut NoFiles)
    }

    /// The same where the page has a document.
    pub fn answer_with(&mut self, question: &[u8], files: &mut dyn Files) -> Vec<u8> {
        let answer = serde_json::from_slice(question).map_err(Failure::from);
        let answer = answer.and_then(|ask| self.obey(ask, files)).unwrap_or_else(Answer::from);
        serde_json::to_vec(&answer).unwrap_or_default()
    }

    fn obey(&mut self, ask: Ask, files: &mut dyn Files) -> Result<Answer> {
        match ask {
            Ask::Begin => Ok(self.begin()),
            Ask::Collect { events } => self.collect(&events),
            Ask::Make { set, password, temporary, subject, profile } => {
                let builder = RequestBuilder::new(&subject).map_err(|_| Failure::Subject)?;
                let builder = builder.with_profile(&profile);
                self.make((&set, &password, temporary), &builder)
            }
            Ask::Look { container } => look(&read(&container)?),
            Ask::Certificate { certificate } => look_at(&certificate),
            Ask::Open { container, password } => self.open(&read(&container)?, &password),
            Ask::Sign { key, message } => self.sign(key, &message.0),
            Ask::Install { container, certificate } => install(&container, &certificate),
            Ask::ChangePassword { container, old, new } => {
                self.change_password(read(&container)?, &old, &new)
            }
            Ask::Export { container } => exchange::pkcs8(&read(&container)?),
            Ask::ExportPfx { container, password } => {
                exchange::pfx(&read(&container)?, &password, (self.iterations, &*self.system))
            }
            Ask::Import { file, password } => {
                let made = exchange::import(&file.0, &password, (self.iterations, &*self.system));
                Ok(Answer::Changed { container: written(&made?)? })
            }
            Ask::Close { key } => Ok(self.close(key)),
            ask => self.obey_about_document(ask, files),
        }
    }

    fn obey_about_document(&mut self, ask: Ask, files: &mut dyn Files) -> Result<Answer> {
        match ask {
            Ask::Digest { certificate, at } => {
                let hashed = Hashed::read(files, &certificate, at)?;
                self.hashed.insert(hashed).to_be_signed()
            }
            Ask::Seal { signature, attached } => {
                let hashed = self.hashed.take().ok_or(Failure::File)?;
                hashed.seal(files, signature.0, attached)
            }
            Ask::Check { message, anchors, crls, at, language } => {
                let english = language == Language::English.tag();
                let language = if english { Language::English } else { Language::Russian };
                let trust = Trust { anchors: &anchors, crls: &crls, at, language };
                documents::check(files, message.as_ref(), &trust)
            }
            Ask::Encrypt { recipients } => documents::encrypt(files, &recipients, &*self.system),
            Ask::Decrypt { container, password } => {
                self.decrypt(files, &read(&container)?, &password)
            }
            Ask::Agreement { certificate } => documents::to_be_agreed(files, &certificate),
            Ask::DecryptAgreed { certificate, secret } => {
                documents::decrypt_agreed(files, &certificate, &secret)
            }
            _ => Err(Failure::Document),
        }
    }

    fn decrypt(
        &self,
        files: &mut dyn Files,
        container: &Container,
        password: &Password,
    ) -> Result<Answer> {
        if container.has_temporary_pin() {
            return Err(Failure::TemporaryPassword);
        }
        let certificate = container.certificates().first().cloned().ok_or(Failure::Certificate)?;
        let key = container.open(password.octets()).map_err(unopened)?;
        let key = GostSigner::new(key, Arc::clone(&self.system)).map_err(|_| Failure::Signing)?;
        documents::decrypt(files, &key, &certificate)
    }

    fn begin(&mut self) -> Answer {
        self.biological = Some(Arc::new(BiologicalRng::new(Arc::clone(&self.system))));
        Answer::Collected { percent: 0 }
    }

    fn collect(&mut self, events: &[Event]) -> Result<Answer> {
        let biological = self.biological.as_ref().ok_or(Failure::MoreMoves)?;
        for event in events {
            biological.feed(event).map_err(|_| Failure::Randomness)?;
        }
        Ok(Answer::Collected { percent: biological.percent() })
    }

    /// V4: nothing but the biological generator makes keys here; it is used up by one.
    fn make(
        &mut self,
        (set, password, temporary): (&str, &Password, bool),
        builder: &RequestBuilder,
    ) -> Result<Answer> {
        check_new(password)?;
        let set: Oid = set.parse().map_err(|_| Failure::ParameterSet)?;
        let rng = self.biological.clone().ok_or(Failure::MoreMoves)?;
        let key = generate_key(KeyAlgorithm::Gost3410(set), &*rng).map_err(|e| random(&e))?;
        let fresh = Freshness::draw(|out| rng.fill(out)).map_err(|error| random(&error))?;
        let octets = password.octets();
        let container = Container::seal(&key, octets, temporary, self.iterations, fresh)
            .map_err(|_| Failure::Container)?;
        self.biological = None;

        let number = self.keep(key)?;
        let signer = self.open.get(&number).ok_or(Failure::NotOpen)?;
        let request = pollster::block_on(builder.sign(signer)).map_err(|_| Failure::Signing)?;
        let (container, request) = (written(&container)?, Octets(request.as_der().to_vec()));
        Ok(Answer::Made { key: number, container, request })
    }

    fn open(&mut self, container: &Container, password: &Password) -> Result<Answer> {
        if container.has_temporary_pin() {
            return Err(Failure::TemporaryPassword);
        }
        let key = container.open(password.octets()).map_err(unopened)?;
        Ok(Answer::Open { key: self.keep(key)? })
    }

    fn keep(&mut self, key: SigningKey) -> Result<u32> {
        let signer =
            GostSigner::new(key, Arc::clone(&self.system)).map_err(|_| Failure::Signing)?;
        self.last = self.last.wrapping_add(1);
        self.open.insert(self.last, signer);
        Ok(self.last)
    }

    fn sign(&self, key: u32, message: &[u8]) -> Result<Answer> {
        let signer = self.open.get(&key).ok_or(Failure::NotOpen)?;
        let signature = pollster::block_on(signer.sign(Message::Bytes(message)));
        let signature = Octets(signature.map_err(|error| random(&error))?);
        let algorithm = Octets(signer.algorithm().to_der().map_err(|_| Failure::Signing)?);
        Ok(Answer::Signed { signature, algorithm })
    }

    fn change_password(
        &self,
        mut container: Container,
        old: &Password,
        new: &Password,
    ) -> Result<Answer> {
        check_new(new)?;
        let fresh = Freshness::draw(|out| self.system.fill(out)).map_err(|error| random(&error))?;
        let changed = container.change_pin(old.octets(), new.octets(), self.iterations, fresh);
        changed.map_err(unopened)?;
        Ok(Answer::Changed { container: written(&container)? })
    }

    /// Dropping a signer wipes its key.
    fn close(&mut self, key: Option<u32>) -> Answer {
        match key {
            Some(key) => drop(self.open.remove(&key)),
            None => self.open.clear(),
        }
        Answer::Closed
    }
}

fn look(container: &Container) -> Result<Answer> {
    let certificates = container.certificates();
    let newest = certificates.first();
    Ok(Answer::Container {
        public_key: Octets(container.public_key().as_der().to_vec()),
        certificates: certificates.iter().map(|one| Octets(one.as_der().to_vec())).collect(),
        name: newest.map(common_name).transpose()?,
        not_after: newest.map(|one| one.validity().not_after.to_string()),
        must_change: container.has_temporary_pin(),
    })
}

fn look_at(certificate: &Octets) -> Result<Answer> {
    let certificate = read_certificate(certificate)?;
    Ok(Answer::Certificate {
        public_key: Octets(certificate.public_key().as_der().to_vec()),
        name: common_name(&certificate)?,
        not_after: certificate.validity().not_after.to_string(),
    })
}

fn common_name(certificate: &Certificate) -> Result<String> {
    let name = DistinguishedName::from_der(certificate.subject());
    let name = name.map_err(|_| Failure::Certificate)?;
    Ok(name.text(&COMMON_NAME).unwrap_or_default().to_owned())
}

fn install(container: &Octets, certificate: &Octets) -> Result<Answer> {
    let mut container = read(container)?;
    let certificate = read_certificate(certificate)?;
    container.install(&certificate).map_err(|_| Failure::Certificate)?;
    Ok(Answer::Changed { container: written(&container)? })
}

fn read(container: &Octets) -> Result<Container> {
    Container::from_bytes(&container.0).map_err(|_| Failure::Container)
}

fn written(container: &Container) -> Result<Octets> {
    container.to_bytes().map(Octets).map_err(|_| Failure::Container)
}

pub(crate) fn check_new(password: &Password) -> Result<()> {
    let text = core::str::from_utf8(password.octets()).unwrap_or_default();
    if text.chars().count() < MIN_PASSWORD { Err(Failure::ShortPassword) } else { Ok(()) }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape of `map_err`")]
pub(crate) fn unopened(why: Unopened) -> Failure {
    match why {
        Unopened::WrongPin => Failure::WrongPassword,
        _ => Failure::Container,
    }
}

pub(crate) fn random(error: &ProviderError) -> Failure {
    match error.kind() {
        ErrorKind::Unavailable => Failure::MoreMoves,
        ErrorKind::Unsupported | ErrorKind::Invalid => Failure::ParameterSet,
        _ => Failure::Randomness,
    }
}

/// PBKDF2 over a container's password: some tenth of a second in a browser.
const ITERATIONS: u32 = 20_000;
const COMMON_NAME: der::asn1::ObjectIdentifier = der::asn1::ObjectIdentifier::new_unwrap("2.5.4.3");
