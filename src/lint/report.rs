//! What lint found, for people and for programs.

use core::fmt;

use serde::Serialize;

use super::artefact::Unreadable;
use super::input::Form;
use super::rule::{Rule, Severity};

/// What can be examined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Kind {
    /// An X.509 certificate (RFC 5280 §4).
    Certificate,
    /// A PKCS#10 request (RFC 2986).
    Request,
    /// A certificate revocation list (RFC 5280 §5).
    Crl,
}

/// All that was found in one file. `Display` is English; [`russian`](Self::russian) is the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What it is, where it can be told.
    pub kind: Option<Kind>,
    /// How it is written, where it can be told.
    pub form: Option<Form>,
    /// Why it could not be read; then there are no findings.
    pub unreadable: Option<Unreadable>,
    /// The broken rules, errors first.
    pub findings: Vec<Finding>,
}

/// A rule that does not hold. It names fields, never the values of names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule.
    pub id: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Where the rule comes from.
    pub clause: &'static str,
    /// The rule in English.
    pub english: &'static str,
    /// The rule in Russian.
    pub russian: &'static str,
    /// Which fields, extensions or octets (`@` and the offset in DER) break it; empty where that is plain.
    pub place: String,
}

impl Finding {
    pub(super) const fn new(rule: &Rule, place: String) -> Self {
        let Rule { id, severity, clause, english, russian, .. } = *rule;
        Self { id, severity, clause, english, russian, place }
    }
}

impl Report {
    pub(super) const fn unreadable(form: Option<Form>, why: Unreadable) -> Self {
        Self { kind: None, form, unreadable: Some(why), findings: Vec::new() }
    }

    /// The worst finding's severity.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).min()
    }

    /// The report in Russian.
    pub const fn russian(&self) -> Russian<'_> {
        Russian(self)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(kind) = self.kind else {
            let why = self.unreadable.as_ref().map(ToString::to_string).unwrap_or_default();
            return writeln!(f, "unreadable: {why}");
        };
        let kind = match kind {
            Kind::Certificate => "certificate",
            Kind::Request => "request",
            Kind::Crl => "CRL",
        };
        writeln!(
            f,
            "{kind}: {}",
            if self.findings.is_empty() { "no findings" } else { "findings" }
        )?;
        self.findings.iter().try_for_each(|it| {
            let severity = match it.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Notice => "notice",
            };
            line(f, severity, it, it.english)
        })
    }
}

/// A report's text in Russian.
#[derive(Clone, Copy, Debug)]
pub struct Russian<'a>(&'a Report);

impl fmt::Display for Russian<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(kind) = self.0.kind else {
            let why = self.0.unreadable.as_ref().map(ToString::to_string).unwrap_or_default();
            return writeln!(f, "не читается: {why}");
        };
        let kind = match kind {
            Kind::Certificate => "сертификат",
            Kind::Request => "запрос на сертификат",
            Kind::Crl => "список отозванных сертификатов",
        };
        let findings = &self.0.findings;
        writeln!(f, "{kind}: {}", if findings.is_empty() { "замечаний нет" } else { "замечания" })?;
        findings.iter().try_for_each(|it| {
            let severity = match it.severity {
                Severity::Error => "ошибка",
                Severity::Warning => "предупреждение",
                Severity::Notice => "к сведению",
            };
            line(f, severity, it, it.russian)
        })
    }
}

fn line(f: &mut fmt::Formatter<'_>, severity: &str, it: &Finding, says: &str) -> fmt::Result {
    let (before, after) = if it.place.is_empty() { ("", "") } else { (" [", "]") };
    writeln!(f, "  {severity} {}: {says} ({}){before}{}{after}", it.id, it.clause, it.place)
}
