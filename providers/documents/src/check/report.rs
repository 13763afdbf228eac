//! What a check found.

use core::fmt::{self, Write};

use gost_ca::language::Language;
use gost_ca::x509::{Certificate, DistinguishedName};
use jiff::Timestamp;
use serde::Serialize;

use super::texts::{Finding, part_name, verdict_name};

/// Of all signatures of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The worst of the signers' verdicts; indeterminate where nobody signed.
    pub verdict: Verdict,
    /// One for each signature.
    pub signers: Vec<SignerReport>,
}

/// Of one signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SignerReport {
    /// The worst of the steps' verdicts.
    pub verdict: Verdict,
    /// Who signed, where the certificate is at hand.
    pub signer: Option<SignerName>,
    /// When the signer says that it was.
    pub claimed_time: Option<Timestamp>,
    /// The earliest time that a valid time stamp proves.
    pub proven_time: Option<Timestamp>,
    /// The time at which the certificates were looked at.
    pub time: Timestamp,
    /// What is there of CAdES or XAdES.
    pub level: Level,
    /// What was looked at, in order.
    pub steps: Vec<Step>,
    /// Signatures over this one; their verdicts do not change it.
    pub counter_signatures: Vec<Self>,
    /// Time stamps; what is wrong with them only leaves the time unproven.
    pub time_stamps: Vec<StampReport>,
}

/// Of one time stamp.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StampReport {
    /// The worst of the steps' verdicts.
    pub verdict: Verdict,
    /// The time that it states.
    pub time: Timestamp,
    /// Who gave it.
    pub signer: Option<SignerName>,
    /// What was looked at, in order.
    pub steps: Vec<Step>,
}

/// A certificate, for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SignerName {
    /// Whose.
    pub subject: String,
    /// Whose word it is.
    pub issuer: String,
    /// Its number.
    pub serial: String,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Step {
    /// What.
    pub part: Part,
    /// How it is.
    pub verdict: Verdict,
    /// What was found.
    pub finding: Finding,
    /// More about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
}

/// From the best to the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::exhaustive_enums, reason = "ETSI EN 319 102-1 has these three")]
pub enum Verdict {
    /// Right.
    Valid,
    /// Cannot be told by what is at hand.
    Indeterminate,
    /// Wrong, and stays so.
    Invalid,
}

/// What can be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Part {
    /// Whether the content is the one that was signed.
    Content,
    /// What was signed beside it.
    Attributes,
    /// The signature itself.
    Signature,
    /// Whose certificate it is.
    Certificate,
    /// Whether the certificate is for this.
    Usage,
    /// Whether authorities that are trusted stand behind it.
    Chain,
    /// Whether certificates were in force.
    Status,
    /// Whether the certificate is of the kind that is asked for.
    Policy,
    /// Time stamps.
    TimeStamp,
    /// What of the document is covered, and what came later.
    Document,
}

/// Levels of CAdES (RFC 5126 §4), and of XAdES where it is the signature of XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Level {
    /// A signature of CMS that does not say by which certificate.
    Cms,
    /// A signature of XML that does not say by which certificate.
    XmlDsig,
    /// With the signer's certificate named under the signature.
    Bes,
    /// With a time stamp over the signature.
    T,
    /// With all that a check needs, and a time stamp over that: X Long type 1.
    XLongType1,
    /// No signature, but a time stamp over a whole PDF.
    DocumentTimeStamp,
}

impl Report {
    pub(crate) fn new(signers: Vec<SignerReport>) -> Self {
        let worst = signers.iter().map(|signer| signer.verdict).max();
        Self { verdict: worst.unwrap_or(Verdict::Indeterminate), signers }
    }

    /// The report for people.
    pub fn text(&self, language: Language) -> String {
        let mut text = String::new();
        for (number, signer) in (1..).zip(&self.signers) {
            let _ = writeln!(text, "{number}. {}", verdict_name(signer.verdict, language)); // a String takes all
            signer.write(&mut text, language, 1);
        }
        if self.signers.is_empty() {
            text.push_str(Finding::NobodySigned.text(language));
            text.push('\n');
        }
        text
    }
}

impl SignerReport {
    fn write(&self, text: &mut String, language: Language, depth: usize) {
        let indent = "   ".repeat(depth);
        if let Some(signer) = &self.signer {
            let _ = writeln!(text, "{indent}{}", signer.subject);
        }
        for time in [self.proven_time, self.claimed_time].into_iter().flatten() {
            let _ = writeln!(text, "{indent}{time}");
        }
        steps(text, &self.steps, language, &indent);
        for stamp in &self.time_stamps {
            let name = part_name(Part::TimeStamp, language);
            let verdict = verdict_name(stamp.verdict, language);
            let _ = writeln!(text, "{indent}{name}: {}, {verdict}", stamp.time);
            steps(text, &stamp.steps, language, &format!("{indent}   "));
        }
        for counter in &self.counter_signatures {
            let _ = writeln!(text, "{indent}+ {}", verdict_name(counter.verdict, language));
            counter.write(text, language, depth.saturating_add(1));
        }
    }
}

fn steps(text: &mut String, steps: &[Step], language: Language, indent: &str) {
    for step in steps {
        let _ = write!(
            text,
            "{indent}- {}: {}",
            part_name(step.part, language),
            step.finding.text(language)
        );
        if let Some(details) = step.details.as_ref() {
            let _ = write!(text, " ({details})");
        }
        text.push('\n');
    }
}

impl SignerName {
    pub(crate) fn of(certificate: &Certificate) -> Self {
        let name = |der: &[u8]| {
            DistinguishedName::from_der(der).map_or_else(|_| String::new(), |name| name.to_string())
        };
        Self {
            subject: name(certificate.subject()),
            issuer: name(certificate.issuer()),
            serial: certificate.serial().to_string(),
        }
    }
}

impl Step {
    pub(crate) const fn new(part: Part, finding: Finding) -> Self {
        Self { part, verdict: finding.verdict(), finding, details: None }
    }

    pub(crate) fn about(mut self, details: impl fmt::Display) -> Self {
        self.details = Some(details.to_string());
        self
    }
}

pub(crate) fn worst(steps: &[Step]) -> Verdict {
    steps.iter().map(|step| step.verdict).max().unwrap_or(Verdict::Indeterminate)
}
