//! Signatures of a document checked, and what each of them covers.

use core::cell::Cell;

use gost_ca::provider::verifier::Check;
use gost_ca::provider::{Unverified, Verifier};
use gost_ca::x509::Certificate;
use jiff::Timestamp;
use roxmltree::{Document, Node};

use super::canonical::canonicalize;
use super::fault::XmlFault;
use super::reference::Target;
use super::signature::{self, Reference, Signature};
use super::stamp::{self, Stamped};
use super::tree::{Locator, find, identifiers, path};
use super::xades::{self, Properties};
use super::{XmlDocument, XmlLimits, algorithm};
use crate::check::{
    Checker, Finding, Hand, Level, Part, Purpose, Report, SignerName, SignerReport, Step, stamps,
    worst,
};
use crate::error::{Error, Result};

/// What is asked of the signatures of a document.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct XmlRules<'a> {
    /// What each signature must cover.
    pub covers: Coverage,
    /// Where the one signature is that is asked about, as [`XmlSignature::path`] says it; else all of them.
    pub only: Option<String>,
    /// What lies elsewhere, by the addresses that references have.
    pub contents: &'a [(&'a str, &'a [u8])],
}

/// What a signature must cover.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Coverage {
    /// An element, whole but for the signature itself. Where the document element is the signature itself: all
    /// objects that it encloses.
    Element(Locator),
    /// The content of this address.
    Content(String),
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct XmlReport {
    /// The verdicts, one for each signature.
    pub report: Report,
    /// What was signed, in the order of the verdicts. Nothing else of the document is.
    pub signatures: Vec<XmlSignature>,
}

/// What one signature is over.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct XmlSignature {
    /// Where it stands.
    pub path: String,
    /// Its identifier.
    pub id: Option<String>,
    /// What it covers and was not changed.
    pub covered: Vec<Covered>,
}

/// What one reference of a signature covers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Covered {
    /// Which part.
    pub part: SignedPart,
    /// The octets that were hashed: the part in its canonical form, without comments.
    pub octets: Vec<u8>,
}

/// A part that is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignedPart {
    /// The whole document.
    Document,
    /// An element.
    Element {
        /// The way to it.
        path: String,
        /// The identifier by which it was found.
        id: String,
    },
    /// What lies elsewhere.
    Content(String),
}

impl Default for Coverage {
    fn default() -> Self {
        Self::Element(Locator::DocumentElement)
    }
}

/// All that could be told without looking at certificates.
struct Examined {
    signature: XmlSignature,
    steps: Vec<Step>,
    properties: Properties,
    certificate: Option<Certificate>,
    enclosed: Vec<Certificate>,
    stamps: Vec<Result<Stamped>>,
}

impl Checker<'_> {
    /// Checks the signatures of a document.
    ///
    /// # Errors
    /// `TooManyReferences` for more signatures than references are allowed; else what is wrong is told by the report.
    pub async fn xml(&self, document: &XmlDocument, rules: &XmlRules<'_>) -> Result<XmlReport> {
        let (mut signers, mut signatures) = (Vec::new(), Vec::new());
        for examined in examine(self, document, rules)? {
            signatures.push(examined.signature.clone());
            signers.push(signer(self, examined).await);
        }
        Ok(XmlReport { report: Report::new(signers), signatures })
    }
}

async fn signer(checker: &Checker<'_>, examined: Examined) -> SignerReport {
    let Examined { mut steps, properties, certificate, enclosed, stamps, .. } = examined;
    let hand = Hand::with_certificates(checker, &enclosed);
    let mut time_stamps = Vec::new();
    for stamp in stamps {
        time_stamps.push(match stamp {
            Ok(Stamped { token, octets }) => stamps::one(&hand, &token, &octets).await,
            Err(error) => stamps::malformed(&error),
        });
    }
    let proven_time = stamps::proven(&time_stamps);
    let trusted = properties.time.filter(|_| checker.rules.trust_signing_time);
    let time: Timestamp = proven_time.or(trusted).unwrap_or(checker.rules.at);
    if let Some(certificate) = &certificate {
        let at = (time, proven_time.is_some());
        steps.extend(hand.certificate(certificate, Purpose::Signing, at).await);
    }
    SignerReport {
        verdict: worst(&steps),
        signer: certificate.as_ref().map(SignerName::of),
        claimed_time: properties.time,
        proven_time,
        time,
        level: match properties.certificate {
            None => Level::XmlDsig,
            Some(_) if time_stamps.is_empty() => Level::Bes,
            Some(_) => Level::T,
        },
        steps,
        counter_signatures: Vec::new(),
        time_stamps,
    }
}

/// The document while it is looked at.
struct View<'a, 'r> {
    checker: &'r Checker<'r>,
    tree: &'a Document<'a>,
    document: &'a XmlDocument,
    rules: &'r XmlRules<'r>,
    /// References that may still be followed.
    references: Cell<usize>,
    /// Octets that may still be made canonical.
    octets: Cell<usize>,
}

fn examine(
    checker: &Checker<'_>,
    document: &XmlDocument,
    rules: &XmlRules<'_>,
) -> Result<Vec<Examined>> {
    let tree = document.tree()?;
    let references = Cell::new(document.limits.references);
    let octets = Cell::new(document.limits.octets.saturating_mul(MOST_TIMES));
    let view = View { checker, tree: &tree, document, rules, references, octets };
    let mut all = Vec::new();
    for (number, element) in signature::all(&tree).enumerate() {
        if number >= document.limits.references {
            return Err(XmlFault::TooManyReferences(document.limits.references).into());
        }
        let path = path(element);
        if rules.only.as_ref().is_none_or(|only| *only == path) {
            all.push(view.signature(element, path));
        }
    }
    Ok(all)
}

impl<'a> View<'a, '_> {
    fn signature(&self, element: Node<'a, 'a>, path: String) -> Examined {
        let id = element.attribute("Id").map(str::to_owned);
        let mut examined = Examined {
            signature: XmlSignature { path, id, covered: Vec::new() },
            steps: Vec::new(),
            properties: Properties::default(),
            certificate: None,
            enclosed: Vec::new(),
            stamps: Vec::new(),
        };
        match Signature::read(element) {
            Err(error) => examined.steps.push(unread(&error).about(error)),
            Ok(signature) => self.examine(&signature, &mut examined),
        }
        examined
    }

    fn examine(&self, signature: &Signature<'a>, examined: &mut Examined) {
        let mut targets = Vec::new();
        for reference in &signature.references {
            let (target, step) = self.reference(signature, reference, &mut examined.signature);
            targets.extend(target);
            examined.steps.push(step);
        }
        // What a reference that was not followed is over cannot be told: that alone leaves no verdict.
        if targets.len() == signature.references.len() && !self.covers(signature, &targets) {
            examined.steps.push(Step::new(Part::Content, Finding::NotCovered));
        }
        match Properties::of(signature, &targets) {
            Ok(properties) => examined.properties = properties,
            Err(error) => {
                let finding = match &error {
                    Error::Unsupported { .. } => Finding::AlgorithmUnsupported,
                    _ => Finding::AttributesMalformed,
                };
                examined.steps.push(Step::new(Part::Attributes, finding).about(error));
            }
        }
        self.stamps(signature, examined);
        examined.enclosed.clone_from(&signature.certificates);
        self.verify(signature, examined);
    }

    fn stamps(&self, signature: &Signature<'a>, examined: &mut Examined) {
        let mut all = stamp::all(signature);
        for enclosed in all.by_ref().take(stamps::MOST) {
            let read = self.within(|limits| stamp::read(enclosed, signature, limits));
            self.spend(read.as_ref().map_or(0, |read| read.octets.len()));
            examined.stamps.push(read);
        }
        if all.next().is_some() {
            examined.steps.push(Step::new(Part::Attributes, Finding::TooMuch));
        }
    }

    /// Follows a reference; gives what it refers to where that can be told.
    fn reference(
        &self,
        signature: &Signature<'a>,
        reference: &Reference<'a>,
        told: &mut XmlSignature,
    ) -> (Option<Target<'a>>, Step) {
        let uri = reference.uri.unwrap_or_default();
        let step = |finding| Step::new(Part::Content, finding).about(format!("«{uri}»"));
        let failed = |error: Error| {
            let step = Step::new(Part::Content, unfollowed(&error));
            (None, step.about(format!("«{uri}»: {error}")))
        };
        let target = match Target::of(self.tree, reference) {
            Ok(target) => target,
            Err(error) => return failed(error),
        };
        match self.octets(signature, reference, target) {
            Err(error) => failed(error),
            Ok(None) => (Some(target), step(Finding::ContentMissing)),
            Ok(Some((octets, true))) => {
                told.covered.push(Covered { part: part(target, uri), octets });
                (Some(target), step(Finding::ContentIntact))
            }
            Ok(Some((_, false))) => (Some(target), step(Finding::ContentChanged)),
        }
    }

    /// The octets that a reference is over, and whether they are those that were signed.
    fn octets(
        &self,
        signature: &Signature<'a>,
        reference: &Reference<'a>,
        target: Target<'a>,
    ) -> Result<Option<(Vec<u8>, bool)>> {
        let most = self.document.limits.references;
        let left = self.references.get().checked_sub(1);
        self.references.set(left.ok_or(XmlFault::TooManyReferences(most))?);
        let copy = |error: &Error| Error::unsupported("transform or hash function", error);
        let transforms = reference.transforms.as_ref().map_err(copy)?;
        let function = *reference.function.as_ref().map_err(copy)?;
        let contents = self.rules.contents;
        let octets =
            self.within(|limits| target.octets(signature, transforms, contents, limits))?;
        self.spend(octets.as_ref().map_or(0, Vec::len));
        Ok(octets.map(|octets| {
            let same = function.digest(&octets).octets == reference.digest;
            (octets, same)
        }))
    }

    /// Does what is limited by what is left, of which a failure leaves nothing.
    fn within<T>(&self, work: impl FnOnce(&XmlLimits) -> Result<T>) -> Result<T> {
        let whole = self.document.limits;
        let limits = XmlLimits { octets: whole.octets.min(self.octets.get()), ..whole };
        work(&limits).inspect_err(|error| {
            if matches!(error, Error::Xml(XmlFault::TooLong(_))) {
                self.octets.set(0);
            }
        })
    }

    fn spend(&self, octets: usize) {
        self.octets.set(self.octets.get().saturating_sub(octets));
    }

    fn covers(&self, signature: &Signature<'a>, targets: &[Target<'a>]) -> bool {
        let whole =
            |element| targets.iter().any(|target| target.covers(element, signature.element));
        let locator = match &self.rules.covers {
            Coverage::Content(uri) => {
                return targets
                    .iter()
                    .any(|one| matches!(one, Target::Content(name) if name == uri));
            }
            Coverage::Element(locator) => locator,
        };
        match find(self.tree, locator) {
            Err(_) => false,
            Ok(element) if element == signature.element => {
                let mut objects = signature.objects.iter().copied();
                let enclosed = |object| xades::is_properties(object) || whole(object);
                objects.clone().any(whole) && objects.all(enclosed)
            }
            Ok(element) => whole(element),
        }
    }

    fn verify(&self, signature: &Signature<'a>, examined: &mut Examined) {
        let info = |limits: &XmlLimits| {
            Ok(canonicalize(signature.signed_info, None, &signature.method, limits)?)
        };
        let message = match self.within(info) {
            Ok(message) => message,
            Err(error @ Error::Xml(XmlFault::TooLong(_))) => {
                return examined
                    .steps
                    .push(Step::new(Part::Signature, Finding::TooMuch).about(error));
            }
            Err(error) => {
                let step = Step::new(Part::Signature, Finding::SignatureMalformed);
                return examined.steps.push(step.about(error));
            }
        };
        self.spend(message.len());
        let named = examined.properties.certificate.as_ref();
        let enclosed = !signature.certificates.is_empty();
        let known = self.checker.certificates.iter().take(MOST_TRIES);
        let mut candidates: Vec<_> =
            if enclosed { signature.certificates.iter().collect() } else { known.collect() };
        candidates.sort_by_cached_key(|one| !named.is_some_and(|named| named.names(one)));
        let verdict = |one: &&Certificate| verify(self.checker.verifier, one, signature, &message);
        let right = candidates.iter().find(|one| verdict(one) == Finding::SignatureVerifies);
        let Some(certificate) = right.or_else(|| candidates.first().filter(|_| enclosed)) else {
            let step = Step::new(Part::Certificate, Finding::CertificateMissing);
            return examined.steps.push(step);
        };
        let is_named = match named {
            None => Finding::CertificateNotNamed,
            Some(named) if named.names(certificate) => Finding::CertificateNamed,
            Some(_) => Finding::CertificateOther,
        };
        examined.steps.push(Step::new(Part::Certificate, is_named));
        examined.steps.push(Step::new(Part::Signature, verdict(certificate)));
        examined.certificate = Some((*certificate).clone());
    }
}

fn verify(
    verifier: &dyn Verifier,
    certificate: &Certificate,
    signed: &Signature<'_>,
    message: &[u8],
) -> Finding {
    let key = certificate.public_key();
    let verdict = verifier.signature_algorithm(key).and_then(|algorithm| {
        if algorithm.oid != signed.algorithm {
            return Err(Unverified::Malformed("a signature of another algorithm than the key's"));
        }
        let signature = algorithm::to_x509(&signed.algorithm, &signed.value);
        verifier.verify(&Check { key, algorithm: &algorithm, message, signature: &signature })
    });
    match verdict {
        Ok(()) => Finding::SignatureVerifies,
        Err(Unverified::Forged) => Finding::SignatureForged,
        Err(Unverified::Unsupported(_)) => Finding::AlgorithmUnsupported,
        Err(_) => Finding::SignatureMalformed,
    }
}

fn part(target: Target<'_>, uri: &str) -> SignedPart {
    match target {
        Target::Document => SignedPart::Document,
        Target::Content(uri) => SignedPart::Content(uri.to_owned()),
        Target::Element(element) => {
            let id = uri.strip_prefix('#').unwrap_or_default();
            debug_assert!(identifiers(element).any(|one| one == id), "found by it");
            SignedPart::Element { path: path(element), id: id.to_owned() }
        }
    }
}

/// A signature that cannot be read.
fn unread(error: &Error) -> Step {
    match error {
        Error::Unsupported { .. } => Step::new(Part::Signature, Finding::AlgorithmUnsupported),
        _ => Step::new(Part::Signature, Finding::SignatureMalformed),
    }
}

/// A reference that cannot be followed.
fn unfollowed(error: &Error) -> Finding {
    match error {
        Error::Xml(XmlFault::SeveralElements(_)) => Finding::IdAmbiguous,
        Error::Xml(XmlFault::NoElement(_)) => Finding::ContentChanged,
        Error::Xml(XmlFault::TooLong(_) | XmlFault::TooManyReferences(_)) => Finding::TooMuch,
        _ => Finding::ReferenceUnsupported,
    }
}

/// How many times its limit a document may be made canonical, for all references together.
const MOST_TIMES: usize = 4;

/// Certificates at hand that are tried for a signature that brings none.
const MOST_TRIES: usize = 64;
