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
mod values;

use artefact::Artefact;
pub use artefact::Unreadable;
pub use input::Form;
pub use report::{Finding, Kind, Report, Russian};
pub use rule::{Rule, Severity};

use crate::x509::PublicKey;

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
///
/// The key, where it was read elsewhere, is not read again if it is that very one.
pub(crate) fn errors_to_be_signed(tbs: &[u8], key: Option<&PublicKey>) -> Errors {
    let artefact = Artefact::read_tbs(tbs)?;
    Ok(errors(&artefact.knowing(key), |_| true))
}

/// The errors in DER that was signed.
pub(crate) fn errors_signed(der: &[u8]) -> Errors {
    Artefact::read(der).map(|artefact| errors(&artefact, |_| true))
}

/// The errors in what signing put around a `TBSCertificate` that is known to have none.
pub(crate) fn errors_of_seal(der: &[u8]) -> Errors {
    Artefact::read_seal(der).map(|artefact| errors(&artefact, |rule| rule.of_seal))
}

/// The warnings in DER of a request that was handed in; none where it cannot be read.
pub(crate) fn warnings_in_request(der: &[u8]) -> Vec<Finding> {
    Artefact::read(der).map(|artefact| warnings(&artefact)).unwrap_or_default()
}

/// The warnings in a `TBSCertificate` that would be signed; none where it cannot be read.
pub(crate) fn warnings_to_be_signed(tbs: &[u8]) -> Vec<Finding> {
    Artefact::read_tbs(tbs).map(|artefact| warnings(&artefact)).unwrap_or_default()
}

fn warnings(artefact: &Artefact<'_>) -> Vec<Finding> {
    let found = examine(artefact).into_iter();
    found.filter(|finding| finding.severity == Severity::Warning).collect()
}

type Errors = Result<Vec<&'static Rule>, Unreadable>;

fn errors(artefact: &Artefact<'_>, asked: fn(&Rule) -> bool) -> Vec<&'static Rule> {
    let errors = rules().filter(|rule| rule.severity == Severity::Error && asked(rule));
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::x509::Certificate;

    /// What is examined before and after signing, one after the other, is all that lint looks at.
    #[test]
    fn the_part_and_its_seal_are_the_whole() {
        let mut broken = BTreeSet::new();
        for octets in samples() {
            let Ok(good) = Certificate::from_der(&octets) else { continue };
            let (key, tbs) = (good.public_key(), good.tbs().to_vec());
            let begin = octets.windows(tbs.len()).position(|window| window == tbs).unwrap();
            let seal = begin + tbs.len();
            for position in (0..seal).step_by(29).chain(seal..octets.len()) {
                let mut octets = octets.clone();
                octets[position] ^= [0x01, 0x02, 0x20, 0x80, 0xff][position % 5];
                let signed = errors_signed(&octets);
                let part = octets.get(begin..begin + tbs.len()).unwrap();
                let (part, seal) = (errors_to_be_signed(part, Some(key)), errors_of_seal(&octets));
                let Ok(signed) = signed else {
                    assert!(part.is_err() || seal.is_err(), "{position}");
                    continue;
                };
                // where the part's end moved, it is no more the part that was examined
                let (Ok(part), Ok(seal)) = (part, seal) else { continue };
                let ids = |rules: &[&Rule]| rules.iter().map(|it| it.id).collect::<BTreeSet<_>>();
                let sum = ids(&part).union(&ids(&seal)).copied().collect::<BTreeSet<_>>();
                assert_eq!(sum, ids(&signed), "octet {position}");
                broken.extend(ids(&seal));
            }
        }
        assert!(broken.len() > 3, "{broken:?}");
    }

    fn samples() -> impl Iterator<Item = Vec<u8>> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/samples/generated");
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let certificates = files.filter(|path| path.extension().is_some_and(|it| it == "cer"));
        certificates.map(|path| std::fs::read(path).unwrap())
    }
}
