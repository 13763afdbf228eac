//! What every verifier promises, on the vectors of `vectors/gost3410.json`.

mod flagged;
mod keys;
mod vectors;

use gost_ca::provider::Verifier;

use crate::check::{Check, run};
use crate::drive::block_on;
use crate::report::Report;
use vectors::Vectors;

/// The verifier under test, and what it is tested with.
#[derive(Debug)]
pub struct VerifierUnderTest<'a> {
    verifier: &'a dyn Verifier,
    vectors: Vectors,
}

/// Checks a verifier of GOST R 34.10-2012 against signatures by OpenSSL and mutations of them.
///
/// Parameter sets that it answers with `Unsupported` are left out.
///
/// # Panics
/// Never: the vectors are part of this crate.
pub fn verifier(verifier: &dyn Verifier) -> Report {
    let subject = VerifierUnderTest { verifier, vectors: Vectors::read() };
    block_on(run("verifier", &subject, &verifier_checks()))
}

/// The promises of a verifier.
pub fn verifier_checks<'a>() -> Vec<Check<VerifierUnderTest<'a>>> {
    let mut checks = flagged::checks();
    checks.extend(keys::checks());
    checks
}
