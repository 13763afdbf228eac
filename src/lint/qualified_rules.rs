//! Rules about qualified certificates: 63-FZ art. 17, order of the FSB No 795, RFC 9215 §5.
//!
//! A certificate is taken for qualified where it names tools, says how its owner was identified, or has a
//! class of tools among its policies.

use const_oid::ObjectIdentifier;

use super::artefact::{Artefact, Name};
use super::field_rules::date;
use super::name_rules::is_padded_inn;
use super::rule::{Rule, certificate, holds, nowhere, rule};
use crate::profile::CLASSES;
use crate::registration::{AttributeRule, IdentificationKind, Presence, SubjectKind};
use crate::x509::ExtensionValue;
use crate::x509::extensions::{
    AuthorityKeyIdentifier, CrlLocations, IssuerSignTool, SubjectSignTool,
};

pub(super) const RULES: &[Rule] = &[
    rule(
        "e_63fz17_owner",
        "63-FZ art. 17 part 2",
        (
            "the subject names the owner and the country",
            "имя владельца содержит общее имя и страну",
        ),
        is_qualified,
        |it| {
            let subject = it.subject.as_ref();
            nowhere([("CN", "2.5.4.3"), ("C", "2.5.4.6")].into_iter().filter_map(|(name, oid)| {
                let oid = ObjectIdentifier::new_unwrap(oid);
                (!subject.is_some_and(|subject| has(subject, &oid))).then(|| name.to_owned())
            }))
        },
    ),
    rule(
        "w_fsb795_subject_kind",
        "63-FZ art. 17 part 2, order of the FSB No 795",
        (
            "the subject has all that one kind of owner must have, and nothing it must not",
            "имя владельца содержит всё обязательное для одного из видов владельцев и ничего лишнего",
        ),
        is_qualified,
        |it| holds(it.subject.as_ref().is_some_and(|subject| fits_a_kind(subject))),
    ),
    rule(
        "w_fsb795_attribute_once",
        "order of the FSB No 795",
        ("each attribute of the subject stands once", "каждый атрибут владельца указан один раз"),
        is_qualified,
        |it| {
            let mut oids: Vec<_> = it.subject.iter().flat_map(|name| &name.attributes).collect();
            oids.sort_by_key(|attribute| attribute.oid);
            let pairs = oids.iter().zip(oids.iter().skip(1));
            let twice = pairs.filter(|(one, next)| one.oid == next.oid);
            nowhere(twice.map(|(one, _)| super::rule::named(one.oid)))
        },
    ),
    rule(
        "e_63fz17_sign_tools",
        "63-FZ art. 17 part 2, order of the FSB No 795",
        (
            "the tools of the owner and of the authority are named",
            "указаны средства владельца и средства УЦ",
        ),
        is_qualified,
        |it| {
            let tools = [SubjectSignTool::OID, IssuerSignTool::OID];
            let names = ["subjectSignTool", "issuerSignTool"];
            let missing = tools.iter().zip(names);
            let missing = missing.filter(|(oid, _)| it.extension(oid.as_bytes()).is_none());
            nowhere(missing.map(|(_, name)| name.to_owned()))
        },
    ),
    rule(
        "e_rfc9215_sign_tool_length",
        "RFC 9215 §5",
        (
            "names of tools have 1 to 200 characters, their documents 1 to 100",
            "в названиях средств от 1 до 200 знаков, в реквизитах документов — до 100",
        ),
        is_qualified,
        |it| {
            let owner = it.find::<SubjectSignTool>().map(|tool| [(tool.0, 200)]);
            let issuer = it.find::<IssuerSignTool>().map(|tools| {
                let IssuerSignTool { sign_tool, ca_tool, sign_tool_document, ca_tool_document } =
                    tools;
                [
                    (sign_tool, 200),
                    (ca_tool, 200),
                    (sign_tool_document, 100),
                    (ca_tool_document, 100),
                ]
            });
            let fits = |(text, most): (String, usize)| (1..=most).contains(&text.chars().count());
            let mut all = owner.into_iter().flatten().chain(issuer.into_iter().flatten());
            holds(all.all(fits))
        },
    ),
    rule(
        "e_fsb795_classes",
        "63-FZ art. 17, order of the FSB No 795",
        (
            "certificatePolicies names the class of the owner's tool",
            "в certificatePolicies указан класс средства владельца",
        ),
        is_qualified,
        |it| holds(!classes(it).is_empty()),
    ),
    rule(
        "w_fsb795_classes_cumulative",
        "order of the FSB No 795",
        (
            "the classes are all those from KC1 up to the tool's",
            "классы — все, начиная с КС1 и до класса средства",
        ),
        |it| is_qualified(it) && !classes(it).is_empty(),
        |it| {
            let mut classes = classes(it);
            classes.sort_unstable();
            holds(CLASSES.starts_with(&classes))
        },
    ),
    rule(
        "w_fsb795_class_arc",
        "order of the FSB No 795",
        (
            "classes are not under 1.2.643.100.114, which is identificationKind",
            "классы — не под 1.2.643.100.114: это identificationKind",
        ),
        certificate,
        |it| {
            let policies = it.policies().into_iter().flat_map(|found| &found.policies);
            let wrong = policies
                .filter(|oid| oid.as_bytes().starts_with(IdentificationKind::OID.as_bytes()));
            nowhere(wrong.map(ToString::to_string))
        },
    ),
    rule(
        "e_rfc9215_identification_kind",
        "RFC 9215 §5",
        ("identificationKind is 0, 1, 2 or 3", "identificationKind — 0, 1, 2 или 3"),
        |it| it.extension(IdentificationKind::OID.as_bytes()).is_some(),
        |it| holds(it.find::<IdentificationKind>().is_some()),
    ),
    rule(
        "w_fsb31_identification_kind",
        "order of the FSB No 31 of 2021, from 01.09.2021",
        (
            "a certificate since September 2021 says how its owner was identified",
            "в сертификате с сентября 2021 года указано, как установлена личность владельца",
        ),
        |it| is_qualified(it) && !it.is_self_issued() && begins_under_order_31(it),
        |it| holds(it.extension(IdentificationKind::OID.as_bytes()).is_some()),
    ),
    rule(
        "e_63fz17_issuer_certificate",
        "63-FZ art. 17 part 2",
        (
            "authorityKeyIdentifier has the number of the authority's own certificate",
            "в authorityKeyIdentifier указан номер сертификата УЦ",
        ),
        |it| is_qualified(it) && !it.is_self_issued(),
        |it| {
            let found = it.find::<AuthorityKeyIdentifier>();
            holds(found.is_some_and(|found| found.certificate.is_some()))
        },
    ),
    rule(
        "w_fsb795_crl_location",
        "order of the FSB No 795",
        ("cRLDistributionPoints is there", "есть cRLDistributionPoints"),
        |it| is_qualified(it) && !it.is_self_issued(),
        |it| holds(it.find::<CrlLocations>().is_some_and(|found| !found.0.is_empty())),
    ),
];

const SIGNS: [ObjectIdentifier; 3] =
    [SubjectSignTool::OID, IssuerSignTool::OID, IdentificationKind::OID];

fn is_qualified(it: &Artefact<'_>) -> bool {
    let named = SIGNS.iter().any(|oid| it.extension(oid.as_bytes()).is_some());
    certificate(it) && (named || !classes(it).is_empty())
}

/// The classes among the policies.
fn classes(it: &Artefact<'_>) -> Vec<ObjectIdentifier> {
    let policies = it.policies().map(|found| found.policies.as_slice()).unwrap_or_default();
    policies.iter().filter(|oid| CLASSES.contains(oid)).copied().collect()
}

fn has(name: &Name<'_>, oid: &ObjectIdentifier) -> bool {
    name.attributes.iter().any(|attribute| attribute.oid == oid.as_bytes())
}

/// Before 2021 an organisation's INN stood in INN, after two zeros, and there was no INNLE.
fn fits_a_kind(subject: &Name<'_>) -> bool {
    let padded = subject.attributes.iter().any(|attribute| is_padded_inn(subject, attribute));
    SubjectKind::ALL.into_iter().any(|kind| {
        AttributeRule::ALL.iter().all(|rule| match rule.presence(kind) {
            _ if padded && matches!(rule.name, "INN" | "INNLE") => true,
            Presence::Obligatory => has(subject, &rule.oid.0),
            Presence::Optional => true,
            Presence::Forbidden => !has(subject, &rule.oid.0),
        })
    })
}

/// The order came into force on 1 September 2021, in Moscow; a day's doubt is the certificate's benefit.
fn begins_under_order_31(it: &Artefact<'_>) -> bool {
    const IN_FORCE: i64 = 1_630_454_400; // 2021-09-01T00:00:00Z
    let begin = it.times.first().and_then(|&tlv| date(tlv));
    begin.is_some_and(|begin| begin.as_second() >= IN_FORCE)
}
