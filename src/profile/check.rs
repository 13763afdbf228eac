//! What a profile must be before it is adopted.

use core::fmt;

use const_oid::ObjectIdentifier;
use gost3410::ParameterSet;

use super::{KeyUsage, Profile, SignTools, Suspension};
use crate::oid::Oid;
use crate::provider::key_store::KeyAlgorithm;

/// Something wrong with a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// The field.
    pub field: &'static str,
    /// The rule that it breaks.
    pub rule: &'static str,
}

/// All that is wrong with a profile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Defects(pub Vec<Defect>);

impl fmt::Display for Defects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(index, defect)| {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{}: {}", defect.field, defect.rule)
        })
    }
}

impl Profile {
    /// Checks the profile before it is adopted; issuing checks the certificate's octets against it.
    ///
    /// # Errors
    /// [`Defects`], all of them.
    pub fn check(&self) -> Result<(), Defects> {
        let found: Vec<_> = RULES
            .iter()
            .filter(|(.., holds)| !holds(self))
            .map(|&(field, rule, _)| Defect { field, rule })
            .collect();
        if found.is_empty() { Ok(()) } else { Err(Defects(found)) }
    }

    /// The class of the tools, 1 (KC1) to 6 (KA1), where the policies are the cumulative list of classes.
    fn tool_class(&self) -> Option<usize> {
        let is_class = |oid: &&Oid| CLASSES.contains(&oid.0);
        let classes: Vec<_> = self.policies.iter().filter(is_class).map(|oid| oid.0).collect();
        (!classes.is_empty() && CLASSES.starts_with(&classes)).then_some(classes.len())
    }
}

/// KC1, KC2, KC3, KB1, KB2, KA1 (order of the FSB No 795).
pub(crate) const CLASSES: [ObjectIdentifier; 6] = [
    ObjectIdentifier::new_unwrap("1.2.643.100.113.1"),
    ObjectIdentifier::new_unwrap("1.2.643.100.113.2"),
    ObjectIdentifier::new_unwrap("1.2.643.100.113.3"),
    ObjectIdentifier::new_unwrap("1.2.643.100.113.4"),
    ObjectIdentifier::new_unwrap("1.2.643.100.113.5"),
    ObjectIdentifier::new_unwrap("1.2.643.100.113.6"),
];

type Rule = (&'static str, &'static str, fn(&Profile) -> bool);

const RULES: &[Rule] = &[
    ("version", "versions count from 1", |profile| profile.version > 0),
    ("title", "1 to 200 characters", |profile| fits(&profile.title, 200)),
    ("subject_kinds", "at least one", |profile| !profile.subject_kinds.is_empty()),
    ("key_algorithms", "at least one", |profile| !profile.key_algorithms.is_empty()),
    (
        "key_algorithms",
        "known parameter sets, no test sets, RSA of 2048 to 16384 bits",
        |profile| profile.key_algorithms.iter().all(may_be_certified),
    ),
    ("months", "at least 1, at most 360", |profile| (1..=360).contains(&profile.months)),
    ("key_months", "at least 1, at most the certificate's months", |profile| {
        (1..=profile.months).contains(&profile.key_months)
    }),
    ("key_usage", "at least one (RFC 5280 §4.2.1.3)", |profile| !profile.key_usage.is_empty()),
    ("key_usage", "encipherOnly or decipherOnly, with keyAgreement (RFC 9215 §4.4)", agreement),
    ("key_usage", "keyCertSign for authorities alone (RFC 5280 §4.2.1.3)", |profile| {
        profile.key_usage.contains(&KeyUsage::KeyCertSign) == profile.authority.is_some()
    }),
    ("policies", "all classes from KC1 up to the tools' class, in order", |profile| {
        profile.tools.is_none() || profile.tool_class().is_some()
    }),
    ("tools", "named where the policies name a class (63-FZ art. 17)", |profile| {
        profile.tools.is_some() || !profile.policies.iter().any(|oid| CLASSES.contains(&oid.0))
    }),
    ("tools", "names of 1 to 200 characters, documents of 1 to 100 (RFC 9215 §5)", |profile| {
        profile.tools.as_ref().is_none_or(tools_fit)
    }),
    ("locations.crl", "at least one URL in qualified certificates", |profile| {
        profile.tools.is_none() || profile.authority.is_some() || !profile.locations.crl.is_empty()
    }),
    ("locations", "http:// or https:// URLs of ASCII without spaces", |profile| {
        let locations = &profile.locations;
        [&locations.crl, &locations.issuer, &locations.ocsp]
            .into_iter()
            .flatten()
            .all(|url| is_url(url))
    }),
    ("notice", "1 to 200 characters, and a policy to stand at (RFC 5280 §4.2.1.4)", |profile| {
        let fits = |notice: &String| fits(notice, 200) && !profile.policies.is_empty();
        profile.notice.as_ref().is_none_or(fits)
    }),
    ("policy.termination_hours", "at least one hour", |profile| {
        profile.policy.termination_hours != Some(0)
    }),
    ("suspension", "at least one day", |profile| {
        !matches!(profile.suspension, Suspension::Allowed { max_days: 0, .. })
    }),
];

fn may_be_certified(algorithm: &KeyAlgorithm) -> bool {
    match algorithm {
        KeyAlgorithm::Gost3410(set) => ParameterSet::from_oid(set.0).is_ok() && !is_test_set(set.0),
        KeyAlgorithm::EcdsaP256 => true,
        // Shorter ones are broken, longer ones refused by most verifiers.
        KeyAlgorithm::Rsa(bits) => (2048..=16384).contains(bits),
    }
}

/// The parameter sets made for examples: nobody's keys (RFC 4357 §8.4, RFC 7836 A.1).
pub(crate) fn is_test_set(set: ObjectIdentifier) -> bool {
    const TEST_SETS: [ObjectIdentifier; 2] = [
        ObjectIdentifier::new_unwrap("1.2.643.2.2.35.0"),
        ObjectIdentifier::new_unwrap("1.2.643.7.1.2.1.2.0"),
    ];
    TEST_SETS.contains(&set)
}

fn agreement(profile: &Profile) -> bool {
    let has = |usage| profile.key_usage.contains(&usage);
    match (has(KeyUsage::EncipherOnly), has(KeyUsage::DecipherOnly)) {
        (true, true) => false,
        (false, false) => true,
        _ => has(KeyUsage::KeyAgreement),
    }
}

fn tools_fit(tools: &SignTools) -> bool {
    [&tools.subject, &tools.issuer, &tools.authority].into_iter().all(|name| fits(name, 200))
        && [&tools.issuer_document, &tools.authority_document]
            .into_iter()
            .all(|document| fits(document, 100))
}

fn fits(text: &str, max: usize) -> bool {
    (1..=max).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

fn is_url(url: &str) -> bool {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|c| c.is_ascii_graphic()))
}
