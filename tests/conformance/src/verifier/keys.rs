//! Promises about keys and algorithms.

use gost_ca::provider::Unverified;
use gost_ca::provider::key_store::Digest;
use gost_ca::provider::verifier::{Check as Signed, DigestCheck};
use gost_ca::x509::KeyIdentity;
use gost_ca::x509::crl::SignedPart;
use spki::AlgorithmIdentifierOwned;

use super::VerifierUnderTest;
use super::flagged::algorithm;
use super::vectors::Group;
use crate::broken::{Broken, Kept, ensure, same};
use crate::check::{BoxFuture, Check, Verdict, ready};
use crate::oids::{SIGNATURE_256, SIGNATURE_512};

type Body = fn(&VerifierUnderTest<'_>) -> Kept;

/// Declares a table of checks: `id: why => body`.
macro_rules! promises {
    ($($id:literal: $why:literal => $body:expr;)+) => {
        pub(super) fn checks<'a>() -> Vec<Check<VerifierUnderTest<'a>>> {
            vec![$(Check {
                id: concat!("verifier/", $id),
                why: $why,
                run: |subject| judge(subject, $body),
            }),+]
        }
    };
}

promises! {
    "key-off-curve": "a key is a point of its curve with coordinates below p" =>
        |s| bad_keys(s, &["OffCurve", "Infinity", "CoordinateRange"]);
    "key-small-order": "a key has the order q (cofactor 4 on 256-A and 512-C)" =>
        |s| bad_keys(s, &["SmallOrder"]);
    "key-encoding": "a key has the length and parameters of its set (RFC 9215 §4)" =>
        |s| bad_keys(s, &["WrongSet", "KeyLength", "Parameters"]);
    "identity": "an identity is Streebog-256(curve ‖ x ‖ y), whatever the object identifier" => identity;
    "signature-algorithm": "names the algorithm of a key's signatures, without parameters (RFC 9215 §3)" =>
        signature_algorithm;
    "other-algorithm": "a signature's stated algorithm is that of the key" => other_algorithm;
    "unknown-algorithm": "Unsupported is no verdict, and is said of algorithms that are not known" =>
        unknown_algorithm;
    "verify-all": "checks many, each with a verdict of its own" => verify_all;
    "verify-digest": "DigestVerifier: the same verdict as over the whole message" => verify_digest;
}

fn judge<'a>(subject: &VerifierUnderTest<'_>, body: Body) -> BoxFuture<'a, Verdict> {
    if subject.vectors.valid_keys().any(|group| subject.supports(group)) {
        ready(body(subject).into())
    } else {
        ready(Verdict::Skip("no parameter set of the vectors is supported".into()))
    }
}

impl VerifierUnderTest<'_> {
    fn supported(&self) -> impl Iterator<Item = &Group> {
        self.vectors.valid_keys().filter(|group| self.supports(group))
    }
}

fn bad_keys(s: &VerifierUnderTest<'_>, flags: &[&str]) -> Kept {
    let curves: Vec<_> = s.supported().map(|group| (&group.curve, group.size())).collect();
    for group in s.vectors.groups.iter().filter(|group| group.key == "invalid") {
        let Some((_, size)) = curves.iter().find(|(curve, _)| **curve == group.curve) else {
            continue;
        };
        let algorithm = algorithm(*size);
        for test in flags.iter().flat_map(|flag| group.flagged(flag)) {
            let what = format!("{} no. {} ({})", group.curve, test.id, test.comment);
            let identity = s.verifier.identify(&group.spki);
            let refused =
                matches!(identity, Err(Unverified::Malformed(_) | Unverified::Unsupported(_)));
            ensure(refused, format!("{what}: identify gives {identity:?}"))?;
            let verdict = s.verifier.verify(&group.check(test, &algorithm));
            ensure(verdict.is_err(), format!("{what}: verify gives {verdict:?}"))?;
        }
    }
    Ok(())
}

fn identity(s: &VerifierUnderTest<'_>) -> Kept {
    for group in s.supported() {
        let expected = KeyIdentity::of_point(&group.curve, &group.x, &group.y);
        for spki in group.aliases.iter().chain([&group.spki]) {
            same(&group.curve, &s.verifier.identify(spki), &Ok(expected))?;
        }
    }
    Ok(())
}

fn signature_algorithm(s: &VerifierUnderTest<'_>) -> Kept {
    for group in s.supported() {
        let named = s.verifier.signature_algorithm(&group.spki);
        same(&group.curve, &named, &Ok(algorithm(group.size())))?;
    }
    Ok(())
}

fn other_algorithm(s: &VerifierUnderTest<'_>) -> Kept {
    for group in s.supported() {
        let oid = if group.size() == 64 { SIGNATURE_256 } else { SIGNATURE_512 };
        let other = AlgorithmIdentifierOwned { oid, parameters: None };
        for test in group.flagged("Valid") {
            let verdict = s.verifier.verify(&group.check(test, &other));
            ensure(verdict.is_err(), format!("{} verifies as {oid}", group.curve))?;
        }
    }
    Ok(())
}

fn unknown_algorithm(s: &VerifierUnderTest<'_>) -> Kept {
    let ecdsa = AlgorithmIdentifierOwned { oid: ECDSA_WITH_SHA256, parameters: None };
    for group in s.supported() {
        for test in group.flagged("Valid") {
            let verdict = s.verifier.verify(&group.check(test, &ecdsa));
            let unsupported = matches!(verdict, Err(Unverified::Unsupported(_)));
            ensure(unsupported, format!("ecdsa-with-SHA256 gives {verdict:?}"))?;
        }
    }
    Ok(())
}

fn verify_all(s: &VerifierUnderTest<'_>) -> Kept {
    let (short, long) = (algorithm(32), algorithm(64));
    let algorithm = |group: &Group| if group.size() == 64 { &long } else { &short };
    let checks: Vec<Signed<'_>> = s
        .supported()
        .flat_map(|group| group.tests.iter().map(move |test| (group, test)))
        .map(|(group, test)| group.check(test, algorithm(group)))
        .collect();
    let together = s.verifier.verify_all(&checks);
    let alone: Vec<_> = checks.iter().map(|check| s.verifier.verify(check)).collect();
    ensure(together.len() == alone.len(), format!("{} verdicts", together.len()))?;
    let differ = together.iter().zip(&alone).position(|(a, b)| a.is_ok() != b.is_ok());
    ensure(differ.is_none(), format!("verdict no. {differ:?} differs from the single one"))
}

fn verify_digest(s: &VerifierUnderTest<'_>) -> Kept {
    let digests = s.verifier.digests().ok_or_else(|| Broken::skip("it checks no digests"))?;
    let (short, long) = (algorithm(32), algorithm(64));
    for group in s.supported() {
        let algorithm = if group.size() == 64 { &long } else { &short };
        let other = if group.size() == 64 { &short } else { &long };
        for test in &group.tests {
            let check = group.check(test, algorithm);
            let digest = digest(algorithm, check.message)?;
            let Signed { key, signature, .. } = check;
            let by_digest = |digest| {
                digests.verify_digest(&DigestCheck { key, algorithm, digest, signature }).is_ok()
            };
            let whole = s.verifier.verify(&check).is_ok();
            ensure(by_digest(&digest) == whole, format!("{}: the verdicts differ", test.id))?;
            // as long as the right one, and another function's
            let alike = Digest { octets: digest.octets.clone(), ..self::digest(other, b"")? };
            ensure(!by_digest(&alike), "a digest of another algorithm is taken")?;
        }
    }
    Ok(())
}

fn digest(algorithm: &AlgorithmIdentifierOwned, message: &[u8]) -> Result<Digest, Broken> {
    let mut hash = SignedPart::of(algorithm).ok_or("an algorithm without a hash")?;
    hash.update(message);
    Ok(hash.finish())
}

const ECDSA_WITH_SHA256: der::asn1::ObjectIdentifier =
    der::asn1::ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
