//! What a rule is, and what rules are made of.

use const_oid::ObjectIdentifier;
use serde::Serialize;

use super::artefact::Artefact;
use super::report::Kind;
use super::tlv::Tlv;
use crate::x509::name::label;

/// How bad it is to break a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(clippy::exhaustive_enums, reason = "MUST, SHOULD and the rest")]
pub enum Severity {
    /// A MUST of the standard.
    Error,
    /// A SHOULD, or a rule that practice is divided about.
    Warning,
    /// Good to know.
    Notice,
}

/// One thing that a certificate, request or CRL must be.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Stable for ever; begins with `e_`, `w_` or `n_` by its severity.
    pub id: &'static str,
    /// How bad it is to break it.
    pub severity: Severity,
    /// Where it comes from.
    pub clause: &'static str,
    /// The rule in English.
    pub english: &'static str,
    /// The rule in Russian.
    pub russian: &'static str,
    applies: fn(&Artefact<'_>) -> bool,
    /// The places that break it.
    check: fn(&Artefact<'_>) -> Broken,
    /// Whether it looks at what signing puts around the signed part.
    pub(super) of_seal: bool,
}

/// Where a rule is broken; `None` where it holds.
pub(super) type Broken = Option<String>;

impl Rule {
    /// Where the rule is broken, if it is.
    pub(super) fn broken(&self, artefact: &Artefact<'_>) -> Broken {
        if (self.applies)(artefact) { (self.check)(artefact) } else { None }
    }

    /// A rule that signing may break, whatever was signed.
    pub(super) const fn and_of_seal(self) -> Self {
        Self { of_seal: true, ..self }
    }
}

/// A rule; its id tells its severity.
pub(super) const fn rule(
    id: &'static str,
    clause: &'static str,
    (english, russian): (&'static str, &'static str),
    applies: fn(&Artefact<'_>) -> bool,
    check: fn(&Artefact<'_>) -> Broken,
) -> Rule {
    let severity = match id.as_bytes() {
        [b'e', b'_', ..] => Severity::Error,
        [b'w', b'_', ..] => Severity::Warning,
        _ => Severity::Notice,
    };
    Rule { id, severity, clause, english, russian, applies, check, of_seal: false }
}

pub(super) const fn anything(_: &Artefact<'_>) -> bool {
    true
}

pub(super) fn certificate(it: &Artefact<'_>) -> bool {
    it.kind == Kind::Certificate
}

/// Certificates of authorities.
pub(super) fn authority(it: &Artefact<'_>) -> bool {
    it.is_authority()
}

pub(super) fn request(it: &Artefact<'_>) -> bool {
    it.kind == Kind::Request
}

pub(super) fn crl(it: &Artefact<'_>) -> bool {
    it.kind == Kind::Crl
}

/// Broken as a whole where it does not hold.
pub(super) fn holds(holds: bool) -> Broken {
    (!holds).then(String::new)
}

/// Broken at all these places.
pub(super) fn nowhere(places: impl IntoIterator<Item = String>) -> Broken {
    const SHOWN: usize = 4;
    let mut shown: Vec<String> = Vec::new();
    for place in places {
        if shown.contains(&place) {
            continue;
        }
        if shown.len() == SHOWN {
            shown.push("…".to_owned());
            break;
        }
        shown.push(place);
    }
    (!shown.is_empty()).then(|| shown.join(", "))
}

/// Where a value lies.
pub(super) fn at(it: &Artefact<'_>, tlv: Tlv<'_>) -> String {
    format!("@{}", tlv.offset_in(it.octets))
}

/// An object identifier by its short name, or in dots.
pub(super) fn named(oid: &[u8]) -> String {
    let Ok(oid) = ObjectIdentifier::from_bytes(oid) else { return crate::hex::encode(oid) };
    label(&oid).map_or_else(|| oid.to_string(), |label| label.short.to_owned())
}
