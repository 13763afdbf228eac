//! Profiles: what a certificate of one kind contains, as versioned data.

mod check;
pub mod gate;
mod policy;
mod preset;

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::id::ProfileId;
use crate::oid::Oid;
use crate::provider::authority::Validity;
use crate::provider::key_store::KeyAlgorithm;
use crate::registration::{Field, SubjectKind};
pub use crate::x509::extensions::KeyUsage;
pub(crate) use check::{CLASSES, is_test_set};
pub use check::{Defect, Defects};
pub use policy::{ApprovalRule, OnEnd, Policy, Supersede};
pub(crate) use policy::{days_after, days_before};
pub use preset::Preset;

/// What a certificate of one kind contains and what may happen to it. A case keeps the version it began with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its name.
    pub id: ProfileId,
    /// Its version, from 1.
    pub version: u32,
    /// How people call it.
    pub title: String,
    /// Whom it is for (R9).
    pub subject_kinds: Vec<SubjectKind>,
    /// Key pairs it takes.
    pub key_algorithms: Vec<KeyAlgorithm>,
    /// How long the certificate is valid, in months, at most until its issuer's end.
    pub months: u16,
    /// How long the private key may sign, in months: `privateKeyUsagePeriod` (R14), at most as long as the
    /// certificate is valid.
    pub key_months: u16,
    /// `keyUsage`, always critical.
    pub key_usage: Vec<KeyUsage>,
    /// `extKeyUsage`.
    pub extended_key_usage: Vec<Oid>,
    /// `certificatePolicies`: the classes KC1…KA1 up to the tools' class, all of them.
    pub policies: Vec<Oid>,
    /// Names of the tools, from their certificates of conformity (R8). Without them the certificate is no
    /// qualified one, and says nothing of tools and identification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tools: Option<SignTools>,
    /// `cRLDistributionPoints`, `authorityInfoAccess`.
    pub locations: Locations,
    /// Whether certificates may be suspended (R4).
    pub suspension: Suspension,
    /// Whether the applicant must appear in person, or a proxy may (R7).
    pub presence: Presence,
    /// Fields of the registration form that registers must confirm before a request is submitted (U6), as
    /// far as they are filled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub must_agree: Vec<Field>,
    /// Whether its certificates sign their owners in: those of administrators and operators.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub sign_in: bool,
    /// `certificatePolicies` `userNotice`: limits of use and powers (R6), where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// `basicConstraints`, for certificates of authorities alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<PathLength>,
    /// What may happen to its requests and certificates.
    #[serde(default, skip_serializing_if = "Policy::is_default")]
    pub policy: Policy,
}

/// How many authorities may follow below an authority; without a limit, any number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PathLength {
    /// `pathLenConstraint`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u8>,
}

/// `subjectSignTool` and `issuerSignTool`: configuration, never shipped as a certified product's (R8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignTools {
    /// The owner's tool, 1 to 200 characters.
    pub subject: String,
    /// The authority's signing tool, 1 to 200 characters.
    pub issuer: String,
    /// The authority's own software, 1 to 200 characters.
    pub authority: String,
    /// The document of the signing tool, 1 to 100 characters.
    pub issuer_document: String,
    /// The document of the authority's software, 1 to 100 characters.
    pub authority_document: String,
}

/// Where a verifier finds what it needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Locations {
    /// URLs of the CRL, with `{partition}` where the number of its part goes.
    pub crl: Vec<String>,
    /// URLs of the delta CRL: `freshestCRL`, likewise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub delta: Vec<String>,
    /// URLs of the issuer's certificate.
    pub issuer: Vec<String>,
    /// URLs of the OCSP responder.
    pub ocsp: Vec<String>,
}

/// Whether certificates may be suspended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Suspension {
    /// Never.
    Forbidden,
    /// For at most so many days.
    Allowed {
        /// The longest term.
        max_days: u16,
        /// What happens at its end, unless the hold says otherwise.
        #[serde(default, skip_serializing_if = "OnEnd::is_stay")]
        on_end: OnEnd,
    },
}

/// Who must come to the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Presence {
    /// The applicant.
    InPerson,
    /// The applicant, or a proxy with a power of attorney.
    ProxyAllowed,
}

impl Profile {
    /// The dates of a certificate that begins then: whole seconds, the profile's months long.
    ///
    /// An authority clips them to its own.
    pub fn validity_from(&self, at: Timestamp) -> Validity {
        let not_before = Timestamp::from_second(at.as_second()).unwrap_or(at);
        Validity { not_before, not_after: months_after(not_before, self.months) }
    }

    /// When the private key of such a certificate stops signing: `privateKeyUsagePeriod`.
    pub fn key_end(&self, validity: &Validity) -> Timestamp {
        months_after(validity.not_before, self.key_months).min(validity.not_after)
    }
}

/// The same day and hour so many months later; the month's last day where there is no such day.
fn months_after(at: Timestamp, months: u16) -> Timestamp {
    at.to_zoned(TimeZone::UTC).saturating_add(Span::new().months(months)).timestamp()
}
