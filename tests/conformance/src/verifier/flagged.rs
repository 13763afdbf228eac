//! One promise per flag of the vectors: what a signature must be to verify.

use gost_ca::provider::{Unverified, verifier};
use spki::AlgorithmIdentifierOwned;

use super::VerifierUnderTest;
use super::vectors::{Group, Test};
use crate::check::{BoxFuture, Check, Verdict, ready};
use crate::encodings::explain;

/// Declares a table of checks: `id, flag: why`.
macro_rules! flags {
    ($($id:literal, $flag:literal: $why:literal;)+) => {
        pub(super) fn checks<'a>() -> Vec<Check<VerifierUnderTest<'a>>> {
            vec![$(Check {
                id: concat!("verifier/", $id),
                why: $why,
                run: |subject| flagged(subject, $flag),
            }),+]
        }
    };
}

flags! {
    "valid", "Valid": "verifies what OpenSSL signed (RFC 7091, 6.2; s ‖ r of RFC 9215 §2)";
    "zero", "Zero": "r or s = 0 is forged (RFC 7091, 6.2, step 1)";
    "not-below-q", "NotBelowQ": "r or s of q or more is forged (RFC 7091, 6.2, step 1)";
    "negated", "Negated": "-r and -s are other signatures";
    "halves-swapped", "SwappedHalves": "X.509 has s first (RFC 9215 §2)";
    "bytes-reversed", "ReversedBytes": "X.509 is big-endian (RFC 9215 §2)";
    "length", "Length": "a signature has exactly two halves of fixed width (RFC 9215 §2)";
    "message-changed", "MessageChanged": "a signature binds the whole message";
    "other-key", "OtherKey": "a signature binds the key";
}

fn flagged<'a>(subject: &VerifierUnderTest<'_>, flag: &str) -> BoxFuture<'a, Verdict> {
    let supported = subject.vectors.valid_keys().filter(|group| subject.supports(group));
    let tests: Vec<_> =
        supported.flat_map(|group| group.flagged(flag).map(move |test| (group, test))).collect();
    if tests.is_empty() {
        return ready(Verdict::Skip("no parameter set of the vectors is supported".into()));
    }
    let wrong: Vec<_> =
        tests.iter().filter_map(|(group, test)| subject.wrong(group, test)).collect();
    let note = subject.vectors.notes.get(flag).map_or("", |note| note.effect.as_str());
    let first = wrong.iter().take(3).map(String::as_str).collect::<Vec<_>>().join(", ");
    let text = || format!("{} of {}: {first} … ({note})", wrong.len(), tests.len());
    ready(if wrong.is_empty() { Verdict::Pass } else { Verdict::Fail(text()) })
}

impl VerifierUnderTest<'_> {
    pub(super) fn supports(&self, group: &Group) -> bool {
        !matches!(self.verifier.identify(&group.spki), Err(Unverified::Unsupported(_)))
    }

    /// What is wrong with the verdict on this vector.
    fn wrong(&self, group: &Group, test: &Test) -> Option<String> {
        let algorithm = algorithm(group.size());
        let check = group.check(test, &algorithm);
        let verdict = self.verifier.verify(&check);
        let right = match &verdict {
            Ok(()) => test.result == "valid",
            Err(Unverified::Forged | Unverified::Malformed(_)) => test.result == "invalid",
            Err(_) => false,
        };
        let hint =
            if test.result == "valid" { explain(self.verifier, &check) } else { String::new() };
        let Test { id, comment, .. } = test;
        (!right).then(|| format!("{} no. {id} ({comment}): {verdict:?}{hint}", group.curve))
    }
}

impl Group {
    pub(super) fn flagged(&self, flag: &str) -> impl Iterator<Item = &Test> {
        self.tests.iter().filter(move |test| test.flags.iter().any(|f| f == flag))
    }

    pub(super) fn check<'a>(
        &'a self,
        test: &'a Test,
        algorithm: &'a AlgorithmIdentifierOwned,
    ) -> verifier::Check<'a> {
        verifier::Check { key: &self.spki, algorithm, message: &test.msg, signature: &test.sig }
    }
}

/// The signature algorithm of keys of that size (RFC 9215 §2).
pub(super) fn algorithm(size: usize) -> AlgorithmIdentifierOwned {
    let oid = if size == 64 { crate::oids::SIGNATURE_512 } else { crate::oids::SIGNATURE_256 };
    AlgorithmIdentifierOwned { oid, parameters: None }
}
