//! Lint: a certificate, request or CRL against the standards, and nothing else.
//!
//! It needs no submission, no profile and no key. It looks at the exact octets, tolerates what strict
//! readers refuse, and says which rule is broken where. Rules are data: see [`rules`]. The
//! [gate](crate::profile::gate) passes those of [`Severity::Error`] over what is about to be signed.
//!
//! Whether a signature is good is a verifier's question, whether a certificate is in force a clock's: lint
//! has neither.
//!
//! ```
//! let report = gost_ca::lint::lint(b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----");
//! assert_eq!(report.unreadable.unwrap().field, "the signed part");
//! ```

mod artefact;
mod crl_rules;
mod encoding_rules;
mod extension_rules;
mod field_rules;
mod gost_rules;
mod input;
mod name_rules;
mod qualified_rules;
mod report;
mod request_rules;
mod rule;
mod tlv;

use artefact::Artefact;
pub use artefact::Unreadable;
pub use input::Form;
pub use report::{Finding, Kind, Report, Russian};
pub use rule::{Rule, Severity};

/// Examines DER, PEM or Base64 of a certificate, request or CRL, and finds out which it is.
///
/// Takes any octets and never panics. Of several PEM blocks the first that is one of the three is examined.
pub fn lint(file: &[u8]) -> Report {
    match input::unwrap(file) {
        Ok(input) => match read_as(&input) {
            Ok(artefact) => Report {
                kind: Some(artefact.kind),
                form: Some(input.form),
                unreadable: None,
                findings: examine(&artefact),
            },
            Err(why) => Report::unreadable(Some(input.form), why),
        },
        Err(why) => Report::unreadable(None, why),
    }
}

/// All rules, by subject matter.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    CHAPTERS.iter().flat_map(|(_, rules)| *rules)
}

/// All rules under the titles of their subject matters.
pub const CHAPTERS: &[(&str, &[Rule])] = &[
    ("Encoding", encoding_rules::RULES),
    ("Fields of certificates", field_rules::RULES),
    ("Names", name_rules::RULES),
    ("Extensions", extension_rules::RULES),
    ("GOST keys and signatures", gost_rules::RULES),
    ("Qualified certificates", qualified_rules::RULES),
    ("Requests", request_rules::RULES),
    ("CRLs", crl_rules::RULES),
];

/// The errors in a `TBSCertificate` that is about to be signed.
pub(crate) fn errors_to_be_signed(tbs: &[u8]) -> Result<Vec<&'static Rule>, Unreadable> {
    Artefact::read_tbs(tbs).map(|artefact| errors(&artefact))
}

/// The errors in DER that was signed.
pub(crate) fn errors_signed(der: &[u8]) -> Result<Vec<&'static Rule>, Unreadable> {
    Artefact::read(der).map(|artefact| errors(&artefact))
}

fn errors(artefact: &Artefact<'_>) -> Vec<&'static Rule> {
    let errors = rules().filter(|rule| rule.severity == Severity::Error);
    errors.filter(|rule| rule.broken(artefact).is_some()).collect()
}

fn examine(artefact: &Artefact<'_>) -> Vec<Finding> {
    let broken = rules().filter_map(|rule| Some((rule, rule.broken(artefact)?)));
    let mut findings: Vec<_> = broken.map(|(rule, place)| Finding::new(rule, place)).collect();
    findings.sort_by_key(|finding| finding.severity); // stable: in the order of the tables
    findings
}

/// Reads what the input holds, and not anything else where its label says what that is.
fn read_as<'a>(input: &'a input::Input<'_>) -> Result<Artefact<'a>, Unreadable> {
    let artefact = Artefact::read(&input.der)?;
    if input.label.is_some_and(|label| label != artefact.kind) {
        return Err(artefact::unreadable("the file", "something else than its label says"));
    }
    Ok(artefact)
}
