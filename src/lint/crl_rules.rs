//! Rules about CRLs (RFC 5280 §5).

use const_oid::ObjectIdentifier;

use super::artefact::{Artefact, Entry, Extension};
use super::field_rules::is_positive;
use super::rule::{Broken, Rule, at, crl, holds, nowhere, rule};
use super::tlv::Tlv;
use crate::x509::extensions::{CrlNumber, RevocationReason};
use crate::x509::{ExtensionValue, write};

pub(super) const RULES: &[Rule] = &[
    rule(
        "e_rfc5280_crl_version",
        "RFC 5280 §5.1.2.1",
        ("a CRL with extensions is of version 2", "список с дополнениями — версии 2"),
        |it| crl(it) && (it.extended || it.entries().any(|entry| entry.extended)),
        |it| holds(it.version.is_some_and(|version| version.contents == [1])),
    ),
    rule(
        "e_rfc5280_crl_next_update",
        "RFC 5280 §5.1.2.5",
        ("nextUpdate is there", "есть nextUpdate"),
        crl,
        |it| holds(it.times.len() == 2),
    ),
    rule(
        "e_rfc5280_crl_number",
        "RFC 5280 §5.2.3",
        (
            "cRLNumber is there, not negative, of at most 20 octets",
            "есть cRLNumber, неотрицательный, не длиннее 20 октетов",
        ),
        crl,
        |it| {
            let number = it.extension(CrlNumber::OID.as_bytes()).and_then(Extension::tlv);
            holds(number.is_some_and(|number| {
                number.contents.len() <= 20 && matches!(number.contents, [0..=0x7f, ..])
            }))
        },
    ),
    rule(
        "e_rfc5280_crl_not_empty_list",
        "RFC 5280 §5.1.2.6",
        (
            "without entries there is no revokedCertificates",
            "если отозванных нет, нет и revokedCertificates",
        ),
        crl,
        |it| holds(it.revoked.is_none_or(|list| !list.contents.is_empty())),
    ),
    rule(
        "e_rfc5280_crl_entry_form",
        "RFC 5280 §5.1.2.6",
        (
            "an entry is a serial number, a date and perhaps extensions",
            "запись — серийный номер, дата и, возможно, дополнения",
        ),
        crl,
        entry_form,
    ),
    rule(
        "e_rfc5280_crl_serial",
        "RFC 5280 §§4.1.2.2, 5.1.2.6",
        (
            "serial numbers of entries are positive, of at most 20 octets",
            "серийные номера записей положительны и не длиннее 20 октетов",
        ),
        crl,
        |it| {
            let bad = |serial: &Tlv<'_>| !is_positive(*serial) || serial.contents.len() > 20;
            nowhere(it.entries().map(|entry| entry.serial).filter(bad).map(|tlv| at(it, tlv)))
        },
    ),
    rule(
        "w_rfc5280_crl_entry_once",
        "RFC 5280 §5.1.2.6",
        ("each certificate is listed once", "каждый сертификат указан один раз"),
        // An indirect CRL may list one number of several issuers.
        |it| {
            crl(it) && !it.all_extensions().any(|found| found.oid == CERTIFICATE_ISSUER.as_bytes())
        },
        |it| {
            let mut serials: Vec<_> = it.entries().map(|entry| entry.serial).collect();
            serials.sort_unstable_by_key(|serial| serial.contents);
            let pairs = serials.iter().zip(serials.iter().skip(1));
            let twice = pairs.filter(|(one, next)| one.contents == next.contents);
            nowhere(twice.map(|(_, next)| at(it, *next)))
        },
    ),
    rule(
        "e_rfc5280_crl_reason",
        "RFC 5280 §5.3.1",
        ("reasons are 0 to 6 and 8 to 10", "причины — от 0 до 6 и от 8 до 10"),
        crl,
        |it| reasons(it, |reason| matches!(reason, [0..=6 | 8..=10])),
    ),
    rule(
        "w_rfc5280_crl_reason_unspecified",
        "RFC 5280 §5.3.1",
        ("an unspecified reason is left out", "неуказанная причина (0) опущена"),
        crl,
        |it| reasons(it, |reason| reason != [0]),
    ),
    rule(
        "e_rfc5280_crl_reason_delta",
        "RFC 5280 §5.3.1",
        ("removeFromCRL is in delta CRLs alone", "removeFromCRL — лишь в разностных списках"),
        |it| crl(it) && it.extension(DELTA.as_bytes()).is_none(),
        |it| reasons(it, |reason| reason != [8]),
    ),
    rule(
        "e_rfc5280_crl_scope",
        "RFC 5280 §5.2.5",
        (
            "issuingDistributionPoint is not empty, and limits the CRL to at most one kind",
            "issuingDistributionPoint не пуст и ограничивает список не более чем одним видом",
        ),
        |it| crl(it) && it.extension(SCOPE.as_bytes()).is_some(),
        |it| {
            let scope = it.extension(SCOPE.as_bytes()).and_then(Extension::tlv);
            let parts: Vec<_> = scope.into_iter().flat_map(Tlv::values).collect();
            let kinds = [1, 2, 5].map(write::primitive); // user, authority, attribute certificates
            let limits = parts.iter().filter(|part| kinds.contains(&part.tag));
            let limits = limits.filter(|part| part.contents != [0]).count();
            holds(!parts.is_empty() && limits <= 1)
        },
    ),
];

const DELTA: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.27");
const SCOPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.28");
const CERTIFICATE_ISSUER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.29");

fn entry_form(it: &Artefact<'_>) -> Broken {
    let list = it.revoked.into_iter();
    let bad = list.clone().flat_map(Tlv::values).filter(|&tlv| Entry::read(tlv).is_none());
    let whole = list.filter(|list| {
        list.values().map(|tlv| tlv.octets.len()).sum::<usize>() != list.contents.len()
    });
    nowhere(bad.chain(whole).map(|tlv| at(it, tlv)))
}

/// The entries for whose reason it does not hold.
fn reasons(it: &Artefact<'_>, holds: impl Fn(&[u8]) -> bool) -> Broken {
    let bad = it.entries().filter(|entry| {
        let reason = entry.extension(RevocationReason::OID.as_bytes()).and_then(Extension::tlv);
        reason.is_some_and(|reason| !holds(reason.contents))
    });
    nowhere(bad.map(|entry| at(it, entry.serial)))
}
