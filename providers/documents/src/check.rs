//! Checking signatures, with a report on each signer.
//!
//! What cannot be told is told apart from what is wrong: [`Verdict::Indeterminate`] may become valid with another
//! certificate or a newer CRL, [`Verdict::Invalid`] never.

mod report;
mod signature;
pub(crate) mod stamps;
mod texts;

use const_oid::ObjectIdentifier;
use gost_ca::provider::Verifier;
use gost_ca::x509::extensions::{
    ExtendedKeyUsage, ExtensionValue, IssuerSignTool, KeyUsage, KeyUsages, Policies,
    SubjectSignTool,
};
use gost_ca::x509::{Certificate, CertificateList};
use jiff::Timestamp;

#[cfg(any(feature = "pdf", feature = "xml"))]
pub(crate) use report::worst;
pub use report::{Level, Part, Report, SignerName, SignerReport, StampReport, Step, Verdict};
pub use texts::Finding;

use crate::error::Result;
use crate::hash::ContentDigests;
use crate::ocsp::OcspResponse;
use crate::path::{Path, PathBuilder, PathFault, PathRules};
use crate::signed_data::SignedData;
use crate::status::{Evidence, Standing, StatusSource, of_record};
use crate::time_stamp::TimeStampToken;

/// Checks messages, time stamps and certificates.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Checker<'a> {
    /// Authorities that are trusted.
    pub anchors: &'a [Certificate],
    /// More certificates than the messages bring.
    pub certificates: &'a [Certificate],
    /// More CRLs than the messages bring.
    pub crls: &'a [CertificateList],
    /// More OCSP responses than the messages bring.
    pub ocsp: &'a [OcspResponse],
    /// A record that knows the status of certificates; it is asked first.
    pub source: Option<&'a dyn StatusSource>,
    /// Checks the signatures.
    pub verifier: &'a dyn Verifier,
    /// What is asked.
    pub rules: CheckRules,
}

/// What is asked of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckRules {
    /// Now, or the time of a proof that the caller has. A valid time stamp proves an earlier time by itself.
    pub at: Timestamp,
    /// Whether the signers' own word about the time is taken as the time of signing.
    pub trust_signing_time: bool,
    /// Whether the status of certificates is looked at.
    pub status: bool,
    /// The certificate policies of which one must hold; none: any.
    pub policies: Vec<ObjectIdentifier>,
    /// Whether the signer's certificate must be a qualified one (63-FZ).
    pub qualified: bool,
}

/// What a certificate is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose {
    /// Signing documents.
    Signing,
    /// Being encrypted to.
    Encryption,
    /// Stamping time.
    TimeStamping,
}

impl CheckRules {
    /// The usual rules, now.
    pub const fn at(at: Timestamp) -> Self {
        Self { at, trust_signing_time: false, status: true, policies: Vec::new(), qualified: false }
    }
}

/// What is at hand for one message: the checker's and the message's own.
pub(crate) struct Hand<'a> {
    checker: &'a Checker<'a>,
    certificates: Vec<Certificate>,
    crls: Vec<CertificateList>,
    ocsp: Vec<OcspResponse>,
}

impl<'a> Checker<'a> {
    /// A checker that trusts these authorities and has nothing else.
    pub const fn new(
        anchors: &'a [Certificate],
        verifier: &'a dyn Verifier,
        rules: CheckRules,
    ) -> Self {
        Self { anchors, certificates: &[], crls: &[], ocsp: &[], source: None, verifier, rules }
    }

    /// Checks all signatures of a message whose content was hashed.
    pub async fn message(&self, message: &SignedData, digests: &ContentDigests) -> Report {
        let hand = Hand::of(self, message);
        let mut signers = Vec::new();
        for info in &message.signers {
            let subject = signature::Subject::Content { digests, kind: message.content_type() };
            signers.push(hand.signer(info, &subject, (self.rules.at, 0)).await);
        }
        Report::new(signers)
    }

    /// Checks a time stamp: who gave it, and whether he might.
    ///
    /// # Errors
    /// In practice none.
    pub async fn time_stamp(&self, token: &TimeStampToken) -> Result<StampReport> {
        let hand = Hand::of(self, token.message());
        stamps::check(&hand, token).await
    }

    /// Checks one certificate: its path, its status, its purpose.
    pub async fn certificate(&self, certificate: &Certificate, purpose: Purpose) -> Vec<Step> {
        let hand = Hand::with_certificates(self, &[]);
        hand.certificate(certificate, purpose, (self.rules.at, false)).await
    }
}

impl<'a> Hand<'a> {
    fn of(checker: &'a Checker<'a>, message: &SignedData) -> Self {
        let responses = message.ocsp_responses();
        let responses = responses.iter().filter_map(|one| OcspResponse::from_der(one).ok());
        let mut hand = Self {
            checker,
            certificates: [checker.certificates, &message.certificates()].concat(),
            crls: [checker.crls, &message.crls()].concat(),
            ocsp: checker.ocsp.iter().cloned().chain(responses).collect(),
        };
        for info in &message.signers {
            let values = crate::cades::values(info);
            hand.certificates.extend(values.certificates);
            hand.crls.extend(values.crls);
            hand.ocsp.extend(values.ocsp);
        }
        hand
    }

    /// The checker's, and certificates that a signature brings.
    pub(crate) fn with_certificates(checker: &'a Checker<'a>, enclosed: &[Certificate]) -> Self {
        Self {
            checker,
            certificates: [checker.certificates, enclosed].concat(),
            crls: checker.crls.to_vec(),
            ocsp: checker.ocsp.to_vec(),
        }
    }

    /// The same, and what a message within the message brings.
    fn with(&self, message: &SignedData) -> Hand<'a> {
        let mut hand = Hand::of(self.checker, message);
        hand.certificates.extend(self.certificates.iter().cloned());
        hand.crls.extend(self.crls.iter().cloned());
        hand.ocsp.extend(self.ocsp.iter().cloned());
        hand
    }

    /// Checks a certificate at a time, which is proven or just assumed.
    pub(crate) async fn certificate(
        &self,
        certificate: &Certificate,
        purpose: Purpose,
        (at, proven): (Timestamp, bool),
    ) -> Vec<Step> {
        let rules = &self.checker.rules;
        let mut path_rules = PathRules::at(at);
        if purpose == Purpose::Signing {
            path_rules.policies.clone_from(&rules.policies);
        }
        let builder = PathBuilder {
            anchors: self.checker.anchors,
            pool: &self.certificates,
            verifier: self.checker.verifier,
        };
        let mut steps = vec![usage(certificate, purpose)];
        if rules.qualified && purpose == Purpose::Signing {
            steps.push(qualified(certificate));
        }
        match builder.find(certificate, &path_rules) {
            Ok(path) => {
                steps.push(Step::new(Part::Chain, Finding::ChainValid));
                if rules.status {
                    steps.extend(self.status_of(&path, at).await);
                }
            }
            Err(fault) => steps.push(chain(&fault, proven)),
        }
        steps
    }

    /// The status of all certificates of a path but the anchor.
    async fn status_of(&self, path: &Path, at: Timestamp) -> Vec<Step> {
        let mut steps = Vec::new();
        for pair in path.certificates.windows(2) {
            let [certificate, issuer] = pair else {
                continue;
            };
            let standing = self.standing(certificate, issuer, at).await;
            let step = Step::new(Part::Status, Finding::of_standing(&standing));
            steps.push(step.about(status_details(certificate, &standing)));
        }
        steps
    }

    async fn standing(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        at: Timestamp,
    ) -> Standing {
        if let Some(source) = self.checker.source {
            match source.status(certificate, issuer, at).await {
                Ok(Some(status)) => return of_record(status),
                Ok(None) => {}
                Err(_) => return Standing::Unknown,
            }
        }
        let (crls, ocsp) = (self.crls.as_slice(), self.ocsp.as_slice());
        let evidence = Evidence { crls, ocsp, verifier: self.checker.verifier };
        evidence.standing(certificate, issuer, at)
    }
}

fn status_details(certificate: &Certificate, standing: &Standing) -> String {
    match standing {
        Standing::Revoked { since } | Standing::OnHold { since } => {
            format!("{}, {since}", certificate.serial())
        }
        Standing::Stale { known } => format!("{}, {known}", certificate.serial()),
        _ => certificate.serial().to_string(),
    }
}

/// A certificate that ended is no proof against a signature of unknown time: it may have been made before.
fn chain(fault: &PathFault, proven: bool) -> Step {
    let finding = match fault {
        PathFault::NoIssuer { .. } | PathFault::TooManyWays => Finding::ChainUnknown,
        PathFault::UnsupportedAlgorithm(_) => Finding::AlgorithmUnsupported,
        PathFault::Ended { .. } if !proven => Finding::ChainEnded,
        _ => Finding::ChainInvalid,
    };
    Step::new(Part::Chain, finding).about(fault.to_string())
}

fn usage(certificate: &Certificate, purpose: Purpose) -> Step {
    let (Ok(usage), Ok(extended)) =
        (certificate.find::<KeyUsages>(), certificate.find::<ExtendedKeyUsage>())
    else {
        return Step::new(Part::Usage, Finding::UsageForbids);
    };
    let any = |bits: &[KeyUsage]| {
        usage.as_ref().is_none_or(|usage| bits.iter().any(|bit| usage.contains(*bit)))
    };
    let allowed = match purpose {
        Purpose::Signing => any(&[KeyUsage::DigitalSignature, KeyUsage::NonRepudiation]),
        Purpose::Encryption => any(&[KeyUsage::KeyEncipherment, KeyUsage::KeyAgreement]),
        // RFC 3161 §2.3: this alone, and critical
        Purpose::TimeStamping => {
            let critical = certificate.extension(&ExtendedKeyUsage::OID);
            any(&[KeyUsage::DigitalSignature, KeyUsage::NonRepudiation])
                && extended.is_some_and(|extended| extended.0 == [TIME_STAMPING])
                && critical.is_some_and(|extension| extension.critical)
        }
    };
    let finding = if allowed { Finding::UsageAllows } else { Finding::UsageForbids };
    Step::new(Part::Usage, finding)
}

/// What a qualified certificate has and others have not: a class of tools, and both tools (63-FZ art. 17, order
/// 795 of the FSB).
fn qualified(certificate: &Certificate) -> Step {
    let class = certificate.find::<Policies>().ok().flatten().is_some_and(|policies| {
        policies.policies.iter().any(|policy| policy.to_string().starts_with(TOOL_CLASSES))
    });
    let tools = certificate.extension(&SubjectSignTool::OID).is_some()
        && certificate.extension(&IssuerSignTool::OID).is_some();
    let finding = if class && tools { Finding::Qualified } else { Finding::NotQualified };
    Step::new(Part::Policy, finding)
}

/// `id-kp-timeStamping`.
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");
const TOOL_CLASSES: &str = "1.2.643.100.113.";
