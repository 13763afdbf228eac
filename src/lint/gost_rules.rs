//! Rules about keys and signatures of GOST R 34.10 (RFC 9215).

use const_oid::ObjectIdentifier;
use der::Decode;
use gost3410::{DigestParameterRule, Error, KeyAlgorithm, ParameterSet, VerifyingKey};
use spki::SubjectPublicKeyInfoRef;

use super::artefact::{Artefact, Key};
use super::extension_rules::uses;
use super::rule::{Broken, Rule, anything, holds, nowhere, request, rule};
use super::tlv::Tlv;
use crate::profile::is_test_set;
use crate::x509::extensions::KeyUsage;
use crate::x509::{PublicKey, write};

pub(super) const RULES: &[Rule] = &[
    rule(
        "e_rfc9215_signature_algorithm",
        "RFC 9215 §2",
        (
            "the signature's algorithm is a signature's, not a key's",
            "алгоритм подписи — алгоритм подписи, а не ключа",
        ),
        anything,
        |it| {
            let keys = |oid: &[u8]| KEYS.iter().any(|key| key.oid().as_bytes() == oid);
            let bad = it.algorithms().filter(|(_, algorithm)| keys(algorithm.oid));
            nowhere(bad.map(|(field, _)| field.to_owned()))
        },
    )
    .and_of_seal(),
    rule(
        "e_rfc9215_signature_parameters",
        "RFC 9215 §2, RFC 4491 §2.2",
        ("the signature's algorithm has no parameters", "у алгоритма подписи нет параметров"),
        anything,
        |it| {
            let gost = it.algorithms().filter(|(_, algorithm)| signature(algorithm.oid).is_some());
            let bad = gost.filter(|(_, algorithm)| algorithm.parameters.is_some());
            nowhere(bad.map(|(field, _)| field.to_owned()))
        },
    )
    .and_of_seal(),
    rule(
        "e_rfc9215_signature_length",
        "RFC 9215 §2",
        ("the signature has 64 or 128 octets, as its algorithm says", "длина подписи верна"),
        anything,
        |it| {
            let length = it.sealed.and_then(|(algorithm, bits)| {
                let right = size(signature(algorithm.oid)?).saturating_mul(2).saturating_add(1);
                Some(bits.contents.len() == right && bits.contents.first() == Some(&0))
            });
            holds(length.unwrap_or(true))
        },
    )
    .and_of_seal(),
    rule(
        "e_rfc9215_signature_of_key",
        "RFC 9215 §2",
        (
            "a request's signature has the algorithm of its own key",
            "алгоритм подписи запроса — алгоритм его ключа",
        ),
        |it| request(it) && kind(it).is_some(),
        |it| {
            let wanted = kind(it).map(KeyAlgorithm::signature_oid);
            let sealed = it.sealed.map(|(algorithm, _)| algorithm.oid);
            holds(wanted.is_none_or(|wanted| sealed == Some(wanted.as_bytes())))
        },
    ),
    rule(
        "e_rfc9215_key_parameters",
        "RFC 9215 §4.2",
        (
            "the key's parameters are one known set of its length, and perhaps a hash",
            "параметры ключа — один известный набор его длины и, возможно, хэш",
        ),
        is_2012,
        |it| {
            let parameters = it.key.and_then(parameters);
            let fits = parameters.is_some_and(|(set, rest)| {
                let size = size(kind(it).unwrap_or(KeyAlgorithm::Gost2012_256));
                let known = known(set).map_or(is_test_set(set), |set| set.size() == size);
                known && rest.len() < 2
            });
            holds(fits)
        },
    ),
    rule(
        "e_test_parameter_set",
        "RFC 4357 §8.4, RFC 7836 App. A.1",
        (
            "the key's parameter set is none made for examples",
            "набор параметров ключа — не учебный",
        ),
        anything,
        |it| holds(it.key.and_then(parameters).is_none_or(|(set, _)| !is_test_set(set))),
    ),
    rule(
        "e_rfc9215_digest_parameter",
        "RFC 9215 §4.2",
        (
            "digestParamSet is there and right where it must be, and is not where it must not",
            "digestParamSet есть и верен там, где обязателен, и отсутствует там, где запрещён",
        ),
        is_2012,
        |it| {
            digest_parameter(it, |rule, digest| match (rule, digest) {
                (DigestParameterRule::Required, digest) => digest == Some(STREEBOG_256),
                (DigestParameterRule::Forbidden, digest) => digest.is_none(),
                (DigestParameterRule::Discouraged, Some(digest)) => {
                    let long = kind(it) == Some(KeyAlgorithm::Gost2012_512);
                    digest == if long { STREEBOG_512 } else { STREEBOG_256 }
                }
                (DigestParameterRule::Discouraged, None) => true,
            })
        },
    ),
    rule(
        "w_rfc9215_digest_parameter",
        "RFC 9215 §4.2",
        ("digestParamSet is left out where it should be", "digestParamSet опущен там, где следует"),
        is_2012,
        |it| {
            digest_parameter(it, |rule, digest| {
                rule != DigestParameterRule::Discouraged || digest.is_none()
            })
        },
    ),
    rule(
        "e_rfc9215_key_octets",
        "RFC 9215 §4.3",
        (
            "the key is an OCTET STRING of 64 or 128 octets, as its algorithm says",
            "ключ — OCTET STRING из 64 или 128 октетов, по алгоритму",
        ),
        |it| kind(it).is_some(),
        |it| {
            let octets = it.key.and_then(|key| Tlv::whole(key.bits.contents.get(1..)?));
            let length = kind(it).map(|kind| size(kind).saturating_mul(2));
            holds(octets.is_some_and(|octets| {
                octets.tag == write::OCTET_STRING && Some(octets.contents.len()) == length
            }))
        },
    ),
    rule(
        "e_rfc9215_key_point",
        "GOST R 34.10-2012, 5.2; RFC 7091 §5.2",
        (
            "the key is a point of the curve, of the prime order",
            "ключ — точка кривой простого порядка",
        ),
        |it| kind(it).is_some(),
        |it| holds(!it.key.is_some_and(|key| is_no_point(key, it.known_key))),
    ),
    rule(
        "e_rfc9215_key_usage",
        "RFC 9215 §4.4",
        (
            "encipherOnly and decipherOnly exclude one another",
            "encipherOnly и decipherOnly исключают друг друга",
        ),
        |it| kind(it).is_some(),
        |it| holds(!(uses(it, KeyUsage::EncipherOnly) && uses(it, KeyUsage::DecipherOnly))),
    ),
    rule(
        "n_gost_2001",
        "GOST R 34.10-2012 in place of GOST R 34.10-2001",
        (
            "keys and signatures are not of GOST R 34.10-2001, which is out of use",
            "ключи и подписи — не по выведенному из действия ГОСТ Р 34.10-2001",
        ),
        anything,
        |it| {
            let key = (kind(it) == Some(KeyAlgorithm::Gost2001)).then(|| "key".to_owned());
            let old = it
                .algorithms()
                .filter(|(_, algorithm)| signature(algorithm.oid) == Some(KeyAlgorithm::Gost2001));
            nowhere(key.into_iter().chain(old.map(|(field, _)| field.to_owned())))
        },
    ),
];

const KEYS: [KeyAlgorithm; 3] =
    [KeyAlgorithm::Gost2012_256, KeyAlgorithm::Gost2012_512, KeyAlgorithm::Gost2001];
const STREEBOG_256: &[u8] = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.2").as_bytes();
const STREEBOG_512: &[u8] = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.3").as_bytes();

/// The algorithm of a GOST key.
fn kind(it: &Artefact<'_>) -> Option<KeyAlgorithm> {
    let oid = it.key?.algorithm.oid;
    KEYS.into_iter().find(|key| key.oid().as_bytes() == oid)
}

fn is_2012(it: &Artefact<'_>) -> bool {
    kind(it).is_some_and(|kind| kind != KeyAlgorithm::Gost2001)
}

/// The algorithm of the keys that make such signatures.
fn signature(oid: &[u8]) -> Option<KeyAlgorithm> {
    KEYS.into_iter().find(|key| key.signature_oid().as_bytes() == oid)
}

/// Octets of a coordinate.
const fn size(kind: KeyAlgorithm) -> usize {
    match kind {
        KeyAlgorithm::Gost2012_512 => 64,
        _ => 32,
    }
}

/// `publicKeyParamSet` and what follows it.
fn parameters(key: Key<'_>) -> Option<(ObjectIdentifier, Vec<&[u8]>)> {
    let all = key.algorithm.parameters.filter(|found| found.tag == write::SEQUENCE)?;
    let all = all.children().ok()?;
    let oids = all.iter().map(|it| (it.tag == write::OBJECT_IDENTIFIER).then_some(it.contents));
    let oids: Vec<_> = oids.collect::<Option<_>>()?;
    let (set, rest) = oids.split_first()?;
    Some((ObjectIdentifier::from_bytes(set).ok()?, rest.to_vec()))
}

fn digest_parameter(
    it: &Artefact<'_>,
    check: impl Fn(DigestParameterRule, Option<&[u8]>) -> bool,
) -> Broken {
    let found = it.key.and_then(parameters);
    let found = found.and_then(|(set, rest)| Some((known(set)?, rest)));
    holds(found.is_none_or(|(set, rest)| check(set.digest_parameter_rule(), rest.first().copied())))
}

/// A known set that is none for tests: those are known to some builds alone.
fn known(set: ObjectIdentifier) -> Option<ParameterSet> {
    ParameterSet::from_oid(set).ok().filter(|_| !is_test_set(set))
}

/// A key that is written well, but names no point of order q.
fn is_no_point(key: Key<'_>, before: Option<&PublicKey>) -> bool {
    if parameters(key).is_none_or(|(set, _)| known(set).is_none()) {
        return false;
    }
    let der = key.whole.in_der();
    let read = if let Some(known) = before.filter(|known| known.as_der() == &*der) {
        known.gost().map(|_| ())
    } else {
        let Ok(info) = SubjectPublicKeyInfoRef::from_der(&der) else { return false };
        VerifyingKey::from_spki(&info).map(|_| ())
    };
    matches!(read, Err(Error::PublicKey(defect)) if defect != gost3410::KeyDefect::Length)
}
