//! The gate: the exact octets to be signed against what was asked and what the profile says.
//!
//! Passed before signing, and again by whoever receives the certificate. It reads the octets anew and
//! shares nothing with the code that wrote them but the tables of the profile. What the standards say of
//! every certificate is [lint]'s: all its rules of [`Severity::Error`](lint::Severity) are passed too.

mod extension_rules;
mod field_rules;
mod subject_rules;

use core::fmt;

use spki::AlgorithmIdentifierOwned;

use crate::authority::{names_parts, urls_of_part};
use crate::lint;
use crate::profile::Profile;
use crate::provider::authority::{Submission, Validity};
use crate::registration::{IdentificationKind, SubjectAttribute, SubjectKind};
use crate::x509::{
    BadDer, Certificate, DistinguishedName, ExtensionValue, PublicKey, TbsCertificate,
};

/// What a certificate must say. What is not known here is not examined.
#[derive(Clone, Copy, Debug)]
pub struct Expectation<'a> {
    profile: &'a Profile,
    issuer: Issuer<'a>,
    asked: Option<Asked<'a>>,
    partition: Option<u16>,
}

#[derive(Clone, Copy, Debug)]
enum Issuer<'a> {
    Unknown,
    Itself,
    Known(&'a Certificate),
}

/// What was asked for, besides the profile.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) subject: &'a [SubjectAttribute],
    pub(crate) kind: SubjectKind,
    pub(crate) public_key: &'a PublicKey,
    pub(crate) validity: &'a Validity,
    pub(crate) identification: IdentificationKind,
    pub(crate) notice: Option<&'a str>,
}

impl<'a> Expectation<'a> {
    /// What every certificate of a profile must say.
    pub const fn of_profile(profile: &'a Profile) -> Self {
        Self { profile, issuer: Issuer::Unknown, asked: None, partition: None }
    }

    /// What the certificate of a submission must say.
    pub fn of(submission: &'a Submission) -> Self {
        let asked = Asked {
            subject: submission.subject.as_slice(),
            kind: submission.kind,
            public_key: submission.request.public_key(),
            validity: &submission.validity,
            identification: submission.identification,
            notice: submission.notice.as_deref(),
        };
        let partition = Some(submission.partition);
        Self { asked: Some(asked), partition, ..Self::of_profile(&submission.profile) }
    }

    /// What it must say under that issuer: name, key, number, dates, algorithm.
    #[must_use]
    pub const fn under(self, issuer: &'a Certificate) -> Self {
        Self { issuer: Issuer::Known(issuer), ..self }
    }

    /// What a root must say of itself.
    pub(crate) const fn of_root(profile: &'a Profile, asked: Asked<'a>) -> Self {
        Self { profile, issuer: Issuer::Itself, asked: Some(asked), partition: Some(0) }
    }
}

/// Examines what is about to be signed for a submission.
///
/// # Errors
/// As [`examine`].
pub fn check_tbs(tbs: &[u8], submission: &Submission) -> Result<(), Findings> {
    examine(tbs, &Expectation::of(submission))
}

/// Examines a certificate's signed part by its profile alone.
///
/// # Errors
/// As [`examine`].
pub fn check_profile(tbs: &[u8], profile: &Profile) -> Result<(), Findings> {
    examine(tbs, &Expectation::of_profile(profile))
}

/// One thing that a certificate must be.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Stable for ever.
    pub id: &'static str,
    /// Where it comes from.
    pub clause: &'static str,
    /// Whether it holds.
    check: fn(&Examined<'_>) -> bool,
}

/// The rules that do not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Findings(pub Vec<Finding>);

/// A rule that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id.
    pub id: &'static str,
    /// Where it comes from.
    pub clause: &'static str,
}

/// Examines a `TBSCertificate` by every rule, and by those of lint.
///
/// # Errors
/// [`Findings`], all of them.
pub fn examine(tbs: &[u8], expectation: &Expectation<'_>) -> Result<(), Findings> {
    pass(tbs.to_vec(), expectation).map(|_| ())
}

/// Lets a `TBSCertificate` pass where every rule holds, and those of lint.
///
/// # Errors
/// [`Findings`], all of them.
pub(crate) fn pass(tbs: Vec<u8>, expectation: &Expectation<'_>) -> Result<Passed, Findings> {
    let examined = Examined::read(&tbs, expectation);
    let key = examined.as_ref().map(Examined::key);
    let mut found = errors(lint::errors_to_be_signed(&tbs, key));
    let Some(examined) = examined else {
        if !found.contains(&UNREADABLE) {
            found.push(UNREADABLE);
        }
        return Err(Findings(found));
    };
    let broken = rules().filter(|rule| !(rule.check)(&examined));
    found.extend(broken.map(|rule| Finding { id: rule.id, clause: rule.clause }));
    let read = examined.tbs;
    if found.is_empty() { Ok(Passed { octets: tbs, read }) } else { Err(Findings(found)) }
}

/// Examines a certificate as it was signed, by the rules of lint.
///
/// # Errors
/// [`Findings`], all of them.
pub fn check_signed(certificate: &Certificate) -> Result<(), Findings> {
    none(errors(lint::errors_signed(certificate.as_der())))
}

/// A `TBSCertificate` that passed: of these very octets, signed, only the seal is left to be examined.
#[derive(Clone, Debug)]
pub(crate) struct Passed {
    octets: Vec<u8>,
    read: TbsCertificate,
}

impl Passed {
    /// By the rules of lint alone: of what was asked for nothing is known.
    ///
    /// # Errors
    /// [`Findings`], all of them.
    pub(crate) fn by_lint(tbs: &[u8]) -> Result<Self, Findings> {
        let read = TbsCertificate::from_der(tbs).map_err(|_| Findings(vec![UNREADABLE]))?;
        none(errors(lint::errors_to_be_signed(tbs, Some(read.public_key()))))?;
        Ok(Self { octets: tbs.to_vec(), read })
    }

    pub(crate) fn octets(&self) -> &[u8] {
        &self.octets
    }

    pub(crate) const fn fields(&self) -> &TbsCertificate {
        &self.read
    }

    /// Puts a signature to it, which the caller checks.
    ///
    /// # Errors
    /// [`BadDer`] for an algorithm or a signature that gives no certificate.
    pub(crate) fn sealed(
        self,
        algorithm: &AlgorithmIdentifierOwned,
        signature: &[u8],
    ) -> Result<Certificate, BadDer> {
        Certificate::sealed((&self.octets, self.read), algorithm, signature)
    }

    /// Examines a certificate as it was signed, by the rules of lint: where these octets were, by the rest.
    ///
    /// # Errors
    /// [`Findings`], all of them.
    pub(crate) fn check_signed(&self, certificate: &Certificate) -> Result<(), Findings> {
        if certificate.tbs() == self.octets {
            return check_seal(certificate);
        }
        check_signed(certificate)
    }
}

/// Examines what signing put around a part that passed.
///
/// # Errors
/// [`Findings`], all of them.
pub(crate) fn check_seal(certificate: &Certificate) -> Result<(), Findings> {
    none(errors(lint::errors_of_seal(certificate.as_der())))
}

fn none(found: Vec<Finding>) -> Result<(), Findings> {
    if found.is_empty() { Ok(()) } else { Err(Findings(found)) }
}

fn errors(found: Result<Vec<&'static lint::Rule>, lint::Unreadable>) -> Vec<Finding> {
    let Ok(rules) = found else { return vec![UNREADABLE] };
    rules.iter().map(|rule| Finding { id: rule.id, clause: rule.clause }).collect()
}

/// All rules of its own.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    field_rules::RULES.iter().chain(subject_rules::RULES).chain(extension_rules::RULES)
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(index, Finding { id, clause })| {
            write!(f, "{}{id} ({clause})", if index == 0 { "" } else { "; " })
        })
    }
}

/// A certificate to be signed, read anew, beside what is expected of it.
struct Examined<'a> {
    tbs: TbsCertificate,
    subject: DistinguishedName,
    expected: &'a Expectation<'a>,
}

impl<'a> Examined<'a> {
    fn read(tbs: &[u8], expected: &'a Expectation<'a>) -> Option<Self> {
        let tbs = TbsCertificate::from_der(tbs).ok()?;
        let subject = DistinguishedName::from_der(tbs.subject()).ok()?;
        Some(Self { tbs, subject, expected })
    }

    /// Its key: the very one that was asked for, where it is that, since it was read before.
    fn key(&self) -> &PublicKey {
        let asked = self.expected.asked.map(|asked| asked.public_key);
        asked.filter(|key| *key == self.tbs.public_key()).unwrap_or_else(|| self.tbs.public_key())
    }

    /// Whether the extension is there and says that, or is not there where nothing is wanted.
    fn says<T: ExtensionValue + PartialEq>(&self, wanted: Option<&T>) -> bool {
        self.find::<T>().is_ok_and(|found| found.as_ref() == wanted)
    }

    /// What the extension says; an encoding that is not the only one DER has (X.690 §11) is an error.
    fn find<T: ExtensionValue>(&self) -> Result<Option<T>, BadDer> {
        let found = self.tbs.extensions().iter().find(|extension| extension.oid == T::OID);
        let Some(extension) = found else { return Ok(None) };
        let value = T::decode(&extension.value)?;
        let canonical = value.encode() == extension.value;
        canonical.then_some(Some(value)).ok_or(BadDer::new("extension", "not DER"))
    }

    /// Whether the extension names these URLs of the part that was asked for, or of any where none was.
    fn names<T: ExtensionValue + PartialEq>(
        &self,
        urls: &[String],
        value: fn(Vec<String>) -> T,
    ) -> bool {
        let wanted = |part| (!urls.is_empty()).then(|| value(urls_of_part(urls, part)));
        match self.expected.partition {
            Some(part) => self.says(wanted(part).as_ref()),
            None if names_parts(urls) => {
                (0..=u16::MAX).any(|part| self.says(wanted(part).as_ref()))
            }
            None => self.says(wanted(0).as_ref()),
        }
    }

    /// Whether it holds of what was asked for, where that is known.
    fn asked(&self, holds: impl Fn(&Asked<'a>) -> bool) -> bool {
        self.expected.asked.as_ref().is_none_or(holds)
    }
}

const UNREADABLE: Finding = Finding { id: "tbs.der", clause: "RFC 5280 §4.1: strict DER" };

const fn rule(id: &'static str, clause: &'static str, check: fn(&Examined<'_>) -> bool) -> Rule {
    Rule { id, clause, check }
}
