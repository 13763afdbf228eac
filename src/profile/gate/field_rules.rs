//! Rules about the fields of a certificate.

use const_oid::ObjectIdentifier;

use super::{Examined, Issuer, Rule, rule};
use crate::request::check_parameter_set;

pub(super) const RULES: &[Rule] = &[
    rule("serial.random", "at least 64 random bits, so at least 8 octets", |it| {
        it.tbs.serial().magnitude().len() >= 8
    }),
    rule("signature.algorithm", "RFC 5280 §4.1.1.2: the issuer's algorithm", algorithm),
    rule("issuer.name", "RFC 5280 §4.1.2.4: the issuer's subject, octet by octet", |it| match it
        .expected
        .issuer
    {
        Issuer::Known(issuer) => it.tbs.issuer() == issuer.subject(),
        Issuer::Itself => it.tbs.issuer() == it.tbs.subject(),
        Issuer::Unknown => true,
    }),
    rule("validity.order", "RFC 5280 §4.1.2.5: it begins before it ends", |it| {
        it.tbs.validity().not_before < it.tbs.validity().not_after
    }),
    rule("validity.dates", "the dates asked for, within the issuer's", dates),
    rule("key.octets", "RFC 9215 §4.2: the key as the request writes it", |it| {
        it.asked(|asked| it.tbs.public_key() == asked.public_key)
    }),
    rule("key.parameter-set", "a parameter set of the profile, never one for tests", |it| {
        check_parameter_set(it.tbs.public_key(), it.expected.profile).is_ok()
    }),
];

fn algorithm(it: &Examined<'_>) -> bool {
    let key = match it.expected.issuer {
        Issuer::Known(issuer) => issuer.public_key(),
        Issuer::Itself => it.key(),
        Issuer::Unknown => return true,
    };
    let stated = it.tbs.algorithm().oid;
    match key.gost() {
        Ok(key) => stated == key.key_algorithm().signature_oid(),
        Err(_) => OTHERS.contains(&(key.algorithm().oid, stated)),
    }
}

/// An issuer that is not known may have cut the end, never moved the beginning before the one asked for.
fn dates(it: &Examined<'_>) -> bool {
    let found = it.tbs.validity();
    it.asked(|asked| match it.expected.issuer {
        Issuer::Known(issuer) => *found == asked.validity.within(issuer.validity()),
        Issuer::Itself => *found == asked.validity.within(asked.validity),
        Issuer::Unknown => *found == found.within(asked.validity),
    })
}

/// Keys and signatures outside of GOST: ECDSA (RFC 5758 §3.2) and RSA (RFC 4055 §5), with SHA-256.
const OTHERS: [(ObjectIdentifier, ObjectIdentifier); 2] = [
    (
        ObjectIdentifier::new_unwrap("1.2.840.10045.2.1"),
        ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2"),
    ),
    (
        ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1"),
        ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11"),
    ),
];
