//! Rules about extensions (RFC 5280 §§4.2, 5.2, 5.3).

mod criticality;
mod known;

use super::artefact::{Artefact, Extension};
use super::report::Kind;
use super::rule::{
    Broken, Rule, anything, at, authority, certificate, crl, holds, named, nowhere, rule,
};
use super::tlv::Tlv;
use crate::x509::extensions::{
    AuthorityKeyIdentifier, CrlLocations, KeyUsage, Policies, PrivateKeyUsagePeriod,
    SubjectKeyIdentifier,
};
use crate::x509::{ExtensionValue, write};

pub(super) const RULES: &[Rule] = &[
    rule(
        "e_rfc5280_extension_syntax",
        "RFC 5280 §§4.2, 5.2, 5.3",
        (
            "an extension's value is one value, of its extension's syntax",
            "значение дополнения — одно значение, и того вида, какой положен дополнению",
        ),
        anything,
        |it| {
            nowhere(
                it.all_extensions().filter(|it| !known::is_well_formed(it)).map(|it| named(it.oid)),
            )
        },
    ),
    rule(
        "e_rfc5280_sequence_not_empty",
        "RFC 5280 §§4.2.1, 4.2.2",
        ("no extension is an empty list", "ни одно дополнение не пустой список"),
        anything,
        |it| nowhere(it.all_extensions().filter(known::is_empty_list).map(|it| named(it.oid))),
    ),
    rule(
        "e_rfc5280_criticality",
        "RFC 5280 §§4.2, 5.2, 5.3",
        (
            "extensions that must or must not be critical are so",
            "обязательно критические дополнения критические, обязательно некритические — нет",
        ),
        |it| it.kind != Kind::Request,
        criticality::musts,
    ),
    rule(
        "w_rfc5280_criticality",
        "RFC 5280 §4.2",
        (
            "extensions that should or should not be critical are so",
            "критичность дополнений такова, как рекомендовано",
        ),
        |it| it.kind != Kind::Request,
        criticality::shoulds,
    ),
    rule(
        "w_rfc5280_unknown_critical",
        "RFC 5280 §4.2",
        (
            "no extension is critical that many do not know",
            "нет критических дополнений, которые известны не всем",
        ),
        anything,
        |it| {
            let all = it.all_extensions().filter(Extension::is_critical);
            nowhere(all.filter(|it| !criticality::is_processed(it)).map(|it| named(it.oid)))
        },
    ),
    rule(
        "e_rfc5280_aki_key",
        "RFC 5280 §§4.2.1.1, 5.2.1",
        (
            "authorityKeyIdentifier names the issuer's key; only a self-signed certificate needs none",
            "authorityKeyIdentifier указывает ключ издателя; не нужен он лишь в самоподписанном",
        ),
        |it| crl(it) || certificate(it) && !it.is_self_issued(),
        |it| holds(it.find::<AuthorityKeyIdentifier>().is_some_and(|found| found.key.is_some())),
    ),
    rule(
        "e_rfc5280_aki_pair",
        "RFC 5280 §4.2.1.1, X.509 §9.2.2.1",
        (
            "authorityKeyIdentifier has both the issuer and the number of a certificate, or neither",
            "в authorityKeyIdentifier есть и издатель, и номер сертификата, либо ни того ни другого",
        ),
        anything,
        aki_pair,
    ),
    rule(
        "e_rfc5280_ski_authority",
        "RFC 5280 §4.2.1.2",
        ("an authority's certificate names its key", "в сертификате УЦ есть subjectKeyIdentifier"),
        authority,
        |it| holds(it.find::<SubjectKeyIdentifier>().is_some()),
    ),
    rule(
        "w_rfc5280_ski_end_entity",
        "RFC 5280 §4.2.1.2",
        (
            "an owner's certificate names its key",
            "в сертификате владельца есть subjectKeyIdentifier",
        ),
        |it| certificate(it) && !it.is_authority(),
        |it| holds(it.find::<SubjectKeyIdentifier>().is_some()),
    ),
    rule(
        "e_rfc5280_key_usage_authority",
        "RFC 5280 §4.2.1.3",
        ("an authority's certificate has keyUsage", "в сертификате УЦ есть keyUsage"),
        authority,
        |it| holds(it.usages().is_some()),
    ),
    rule(
        "e_rfc5280_key_usage_not_empty",
        "RFC 5280 §4.2.1.3",
        ("keyUsage allows something", "keyUsage что-то разрешает"),
        anything,
        |it| holds(it.usages().is_none_or(|usages| !usages.bits().is_empty())),
    ),
    rule(
        "e_rfc5280_key_cert_sign",
        "RFC 5280 §§4.2.1.3, 4.2.1.9",
        (
            "only authorities, named so by basicConstraints, have keyCertSign",
            "keyCertSign есть лишь у УЦ, и это указано в basicConstraints",
        ),
        |it| certificate(it) && uses(it, KeyUsage::KeyCertSign),
        |it| holds(it.is_authority()),
    ),
    rule(
        "e_rfc5280_path_length",
        "RFC 5280 §4.2.1.9",
        (
            "only authorities with keyCertSign have a pathLenConstraint",
            "pathLenConstraint есть лишь у УЦ с keyCertSign",
        ),
        |it| it.constraints().is_some_and(|found| found.path_length.is_some()),
        |it| {
            let signs = it.usages().is_none() || uses(it, KeyUsage::KeyCertSign);
            holds(it.constraints().is_some_and(|found| found.authority) && signs)
        },
    ),
    rule(
        "e_rfc5280_policies_once",
        "RFC 5280 §4.2.1.4",
        ("each policy stands once", "каждая политика указана один раз"),
        anything,
        |it| {
            let all = it.policies().map(|found| found.policies.as_slice()).unwrap_or_default();
            let before = |index: usize| all.get(..index).unwrap_or_default();
            let twice = all.iter().enumerate().filter(|(index, oid)| before(*index).contains(oid));
            nowhere(twice.map(|(_, oid)| oid.to_string()))
        },
    ),
    rule(
        "e_rfc5280_notice_length",
        "RFC 5280 §4.2.1.4",
        ("a notice has 1 to 200 characters", "в тексте userNotice от 1 до 200 знаков"),
        anything,
        |it| {
            let mut texts = it.policies().into_iter().flat_map(|found| &found.notices);
            holds(texts.all(|text| (1..=200).contains(&text.chars().count())))
        },
    ),
    rule(
        "e_rfc5280_notice_string",
        "RFC 5280 §4.2.1.4",
        (
            "a notice is no VisibleString and no BMPString",
            "текст userNotice — не VisibleString и не BMPString",
        ),
        anything,
        notice_string,
    ),
    rule(
        "w_rfc5280_crl_location",
        "RFC 5280 §4.2.1.13",
        (
            "cRLDistributionPoints has a URL of HTTP or LDAP",
            "в cRLDistributionPoints есть адрес HTTP или LDAP",
        ),
        anything,
        |it| {
            let urls = it.find::<CrlLocations>().map(|found| found.0);
            let known = |url: &String| {
                let scheme = url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
                scheme.is_some_and(|scheme| matches!(scheme.as_str(), "http" | "https" | "ldap"))
            };
            holds(urls.is_none_or(|urls| urls.iter().any(known)))
        },
    ),
    rule(
        "e_rfc3280_key_period",
        "RFC 3280 §4.2.1.4",
        (
            "privateKeyUsagePeriod has a beginning or an end, in their order",
            "в privateKeyUsagePeriod есть начало или конец, и начало не позже конца",
        ),
        |it| it.find::<PrivateKeyUsagePeriod>().is_some(),
        |it| {
            let period = it.find::<PrivateKeyUsagePeriod>();
            let ends = period.into_iter().flat_map(|found| [found.not_before, found.not_after]);
            let ends: Vec<_> = ends.flatten().collect();
            holds(!ends.is_empty() && ends.is_sorted())
        },
    ),
    rule(
        "n_key_period_within",
        "RFC 3280 §4.2.1.4",
        (
            "the private key's period lies within the certificate's",
            "срок ключа подписи лежит в пределах срока сертификата",
        ),
        |it| certificate(it) && it.find::<PrivateKeyUsagePeriod>().is_some(),
        |it| {
            let dates: Vec<_> =
                it.times.iter().filter_map(|&tlv| super::field_rules::date(tlv)).collect();
            let [not_before, not_after] = *dates.as_slice() else { return None };
            let period = it.find::<PrivateKeyUsagePeriod>();
            holds(period.is_none_or(|period| {
                period.not_before.is_none_or(|begin| begin >= not_before)
                    && period.not_after.is_none_or(|end| end <= not_after)
            }))
        },
    ),
];

pub(super) fn uses(it: &Artefact<'_>, bit: KeyUsage) -> bool {
    it.usages().is_some_and(|usages| usages.contains(bit))
}

fn aki_pair(it: &Artefact<'_>) -> Broken {
    let found = it.extension(AuthorityKeyIdentifier::OID.as_bytes()).and_then(Extension::tlv);
    let tags: Vec<_> = found.into_iter().flat_map(Tlv::values).map(|part| part.tag).collect();
    let issuer = tags.contains(&write::constructed(1));
    let serial = tags.contains(&write::primitive(2));
    holds(issuer == serial)
}

/// Texts inside of `PolicyQualifierInfo`, at any depth: no other strings of these types are there.
fn notice_string(it: &Artefact<'_>) -> Broken {
    const FORBIDDEN: [u8; 2] = [0x1a, 0x1e];
    let policies = it.extension(Policies::OID.as_bytes()).and_then(Extension::tlv);
    let mut places = Vec::new();
    let mut see = |tlv: Tlv<'_>| {
        if FORBIDDEN.contains(&tlv.tag) {
            places.push(at(it, tlv));
        }
    };
    if let Some(policies) = policies {
        policies.walk(&mut see, &mut |_| ());
    }
    nowhere(places)
}
