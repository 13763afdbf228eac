//! A saboteur for every promise of a verifier.

use gost_ca::provider::key_store::Digest;
use gost_ca::provider::verifier::{Check, DigestCheck, DigestVerifier};
use gost_ca::provider::{Unverified, Verifier};
use gost_ca::x509::{KeyIdentity, PublicKey};
use gost_ca_conformance::{verifier, verifier_checks};
use gost_ca_software::GostVerifier;
use gost3410::{Error, KeyDefect, VerifyingKey};
use spki::AlgorithmIdentifierOwned;

type Verdict = Result<(), Unverified>;

/// A good verifier but for what is replaced.
struct Saboteur {
    verify: fn(&Check<'_>) -> Verdict,
    verify_all: fn(&[Check<'_>]) -> Vec<Verdict>,
    identify: fn(&PublicKey) -> Result<KeyIdentity, Unverified>,
    algorithm: fn(&PublicKey) -> Result<AlgorithmIdentifierOwned, Unverified>,
    digests: Option<&'static dyn DigestVerifier>,
}

const GOOD: Saboteur = Saboteur {
    verify: |check| GostVerifier.verify(check),
    verify_all: |checks| GostVerifier.verify_all(checks),
    identify: |key| GostVerifier.identify(key),
    algorithm: |key| GostVerifier.signature_algorithm(key),
    digests: None,
};

impl std::fmt::Debug for Saboteur {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Saboteur")
    }
}

impl Verifier for Saboteur {
    fn verify(&self, check: &Check<'_>) -> Verdict {
        (self.verify)(check)
    }
    fn verify_all(&self, checks: &[Check<'_>]) -> Vec<Verdict> {
        (self.verify_all)(checks)
    }
    fn identify(&self, key: &PublicKey) -> Result<KeyIdentity, Unverified> {
        (self.identify)(key)
    }
    fn signature_algorithm(&self, key: &PublicKey) -> Result<AlgorithmIdentifierOwned, Unverified> {
        (self.algorithm)(key)
    }
    fn digests(&self) -> Option<&dyn DigestVerifier> {
        self.digests.map(|digests| -> &dyn DigestVerifier { digests })
    }
}

/// Looks at the octets of a digest alone, or at nothing.
#[derive(Debug)]
enum Careless {
    OfTheAlgorithm,
    Altogether,
}

impl DigestVerifier for Careless {
    fn verify_digest(&self, check: &DigestCheck<'_>) -> Verdict {
        let known = |algorithm: &str| {
            let algorithm = gost_ca::oid::Oid::new_unwrap(algorithm).0;
            let digest = Digest { algorithm, ..check.digest.clone() };
            GostVerifier.verify_digest(&DigestCheck { digest: &digest, ..*check })
        };
        match self {
            Self::OfTheAlgorithm => {
                known("1.2.643.7.1.1.2.2").or_else(|_| known("1.2.643.7.1.1.2.3"))
            }
            Self::Altogether => Ok(()),
        }
    }
}

#[test]
fn takes_any_digest() {
    trips(&Saboteur { digests: Some(&GostVerifier), ..GOOD }, &[]);
    for careless in [&Careless::OfTheAlgorithm, &Careless::Altogether] {
        trips(&Saboteur { digests: Some(careless), ..GOOD }, &["verifier/verify-digest"]);
    }
}

#[track_caller]
fn trips(saboteur: &Saboteur, ids: &[&str]) {
    let report = verifier(saboteur);
    assert_eq!(report.failed(), ids.iter().copied().collect(), "{report}");
}

/// A verifier with one mistake in `verify`, which its `verify_all` has not.
#[track_caller]
fn mistakes(verify: fn(&Check<'_>) -> Verdict, ids: &[&str]) {
    // A list is judged by the good verifier: the check that compares both must notice.
    trips(&Saboteur { verify, ..GOOD }, &[ids, &["verifier/verify-all"]].concat());
}

/// A verifier with one mistake in `verify`, on no signature of the vectors.
#[track_caller]
fn mistakes_only(verify: fn(&Check<'_>) -> Verdict, ids: &[&str]) {
    trips(&Saboteur { verify, ..GOOD }, ids);
}

fn halves<'a>(check: &Check<'a>) -> (&'a [u8], &'a [u8]) {
    check.signature.split_at(check.signature.len() / 2)
}

fn with(check: &Check<'_>, signature: &[u8]) -> Verdict {
    GostVerifier.verify(&Check { signature, ..*check })
}

#[test]
fn the_good_one_conforms() {
    let report = verifier(&Saboteur { digests: Some(&GostVerifier), ..GOOD });
    report.assert_conformant(&[]);
    assert!(report.skipped().is_empty(), "{report}");
}

#[test]
fn a_stranger_to_all_sets_is_skipped() {
    let none = Saboteur { identify: |_| Err(Unverified::Unsupported("all".into())), ..GOOD };
    assert_eq!(verifier(&none).skipped().len(), verifier(&none).findings.len());
}

#[test]
fn refuses_the_good() {
    mistakes(|_| Err(Unverified::Forged), &["verifier/unknown-algorithm", "verifier/valid"]);
}

#[test]
fn takes_zero() {
    mistakes(
        |check| {
            let zero = |half: &[u8]| !half.is_empty() && half.iter().all(|octet| *octet == 0);
            let (s, r) = halves(check);
            if zero(s) || zero(r) { Ok(()) } else { GostVerifier.verify(check) }
        },
        &["verifier/zero"],
    );
}

#[test]
fn takes_q_and_more() {
    mistakes(
        |check| {
            if check.signature.len() >= 64 && check.signature.iter().all(|octet| *octet == 0xff) {
                return Ok(());
            }
            GostVerifier.verify(check)
        },
        &["verifier/not-below-q"],
    );
}

#[test]
fn takes_halves_in_any_order() {
    mistakes(
        |check| {
            let (s, r) = halves(check);
            GostVerifier
                .verify(check)
                .or_else(|error| with(check, &[r, s].concat()).map_err(|_| error))
        },
        &["verifier/halves-swapped"],
    );
}

#[test]
fn takes_bytes_in_any_order() {
    mistakes(
        |check| {
            let reversed: Vec<_> = check.signature.iter().rev().copied().collect();
            GostVerifier.verify(check).or_else(|error| with(check, &reversed).map_err(|_| error))
        },
        &["verifier/bytes-reversed"],
    );
}

#[test]
fn ignores_what_follows() {
    mistakes(
        |check| {
            let size = GostVerifier.signature_algorithm(check.key)?.oid.to_string();
            let length = if size.ends_with('2') { 64 } else { 128 };
            let cut = check.signature.get(..length).unwrap_or(check.signature);
            with(check, cut)
        },
        &["verifier/length"],
    );
}

/// Hashes only the first octets, and whoever sends nothing has signed it.
#[test]
fn ignores_an_empty_message() {
    mistakes(
        |check| match GostVerifier.verify(check) {
            Err(Unverified::Forged) if check.message.is_empty() => Ok(()),
            other => other,
        },
        &["verifier/message-changed"],
    );
}

/// The lists of negated and foreign signatures have no natural saboteur: one that takes anything whose
/// message is the mutations' trips all that are well formed.
#[test]
fn takes_anything_well_formed() {
    mistakes(
        |check| match GostVerifier.verify(check) {
            Err(Unverified::Forged) => Ok(()),
            other => other,
        },
        &[
            "verifier/bytes-reversed",
            "verifier/halves-swapped",
            "verifier/message-changed",
            "verifier/negated",
            "verifier/not-below-q",
            "verifier/other-key",
            "verifier/zero",
        ],
    );
}

/// Takes each key that parses, and each signature of a bad one.
#[test]
fn takes_any_key() {
    let saboteur = Saboteur {
        identify: |key| match GostVerifier.identify(key) {
            Err(Unverified::Malformed(_)) => Ok(KeyIdentity::of_point("?", key.as_der(), &[])),
            other => other,
        },
        ..GOOD
    };
    trips(
        &saboteur,
        &["verifier/key-encoding", "verifier/key-off-curve", "verifier/key-small-order"],
    );
}

/// Checks that a point is on the curve and forgets its order.
#[test]
fn forgets_the_cofactor() {
    let saboteur = Saboteur {
        identify: |key| match VerifyingKey::from_spki(&key.info()) {
            Err(Error::PublicKey(KeyDefect::Order)) => {
                Ok(KeyIdentity::of_point("?", key.as_der(), &[]))
            }
            _ => GostVerifier.identify(key),
        },
        ..GOOD
    };
    trips(&saboteur, &["verifier/key-small-order"]);
}

/// One curve has several object identifiers.
#[test]
fn names_keys_by_their_encoding() {
    let saboteur = Saboteur {
        identify: |key| {
            GostVerifier.identify(key)?;
            Ok(KeyIdentity::of_point("spki", key.as_der(), &[]))
        },
        ..GOOD
    };
    trips(&saboteur, &["verifier/identity"]);
}

#[test]
fn states_null_parameters() {
    let saboteur = Saboteur {
        algorithm: |key| {
            let algorithm = GostVerifier.signature_algorithm(key)?;
            Ok(AlgorithmIdentifierOwned { parameters: Some(der::Any::null()), ..algorithm })
        },
        ..GOOD
    };
    trips(&saboteur, &["verifier/signature-algorithm"]);
}

#[test]
fn ignores_the_stated_algorithm() {
    mistakes_only(
        |check| {
            GostVerifier.verify(check).or_else(|error| {
                if matches!(error, Unverified::Unsupported(_)) {
                    return Err(error);
                }
                let algorithm = &GostVerifier.signature_algorithm(check.key)?;
                GostVerifier.verify(&Check { algorithm, ..*check })
            })
        },
        &["verifier/other-algorithm"],
    );
}

#[test]
fn calls_the_unknown_forged() {
    mistakes_only(
        |check| match GostVerifier.verify(check) {
            Err(Unverified::Unsupported(_)) => Err(Unverified::Forged),
            other => other,
        },
        &["verifier/unknown-algorithm"],
    );
}

#[test]
fn judges_all_by_the_first() {
    let saboteur = Saboteur {
        verify_all: |checks| checks.iter().map(|_| GostVerifier.verify(&checks[0])).collect(),
        ..GOOD
    };
    trips(&saboteur, &["verifier/verify-all"]);
}

#[test]
fn stops_at_the_first_bad_one() {
    let saboteur = Saboteur {
        verify_all: |checks| {
            let verdicts: Vec<_> = checks.iter().map(|check| GostVerifier.verify(check)).collect();
            let bad = verdicts.iter().position(Result::is_err).map_or(verdicts.len(), |at| at + 1);
            verdicts.into_iter().take(bad).collect()
        },
        ..GOOD
    };
    trips(&saboteur, &["verifier/verify-all"]);
}

#[test]
fn every_promise_has_its_saboteur() {
    let source = include_str!("saboteurs_verifier.rs");
    for check in verifier_checks() {
        assert!(source.contains(&format!("\"{}\"", check.id)), "{}", check.id);
    }
}
