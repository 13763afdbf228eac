//! What extensions say.

use const_oid::ObjectIdentifier;

use super::super::{Zone, pairs, words};
use super::{Row, Section, section};
use crate::registration::IdentificationKind;
use crate::x509::DistinguishedName;
use crate::x509::extensions::{
    AuthorityKeyIdentifier, BasicConstraints, CrlLocations, ExtendedKeyUsage, Extension,
    ExtensionValue, InformationLocations, IssuerSignTool, KeyUsages, Policies,
    PrivateKeyUsagePeriod, SubjectKeyIdentifier, SubjectSignTool,
};

/// The extensions under their headings; a heading with nothing under it is left out.
pub(super) fn sections(extensions: &[Extension], zone: &Zone) -> Vec<Section> {
    HEADINGS
        .iter()
        .map(|&(code, heading, _)| {
            let of = |extension: &&Extension| heading_of(extension) == code;
            let rows = extensions.iter().filter(of).flat_map(|extension| rows(extension, zone));
            section(code, heading, rows)
        })
        .filter(|section| !section.rows.is_empty())
        .collect()
}

/// Reads an extension; what is not understood is shown in octets.
type Reader = fn(&[u8], &Zone) -> Option<Vec<Row>>;
type Readers = &'static [(ObjectIdentifier, Reader)];

const HEADINGS: &[(&str, &str, Readers)] = &[
    (
        "tools",
        "Средства электронной подписи и средства удостоверяющего центра",
        &[
            (SubjectSignTool::OID, subject_tool),
            (IssuerSignTool::OID, issuer_tool),
            (Policies::OID, policies),
        ],
    ),
    (
        "use",
        "Использование ключа и ограничения",
        &[
            (KeyUsages::OID, usages),
            (ExtendedKeyUsage::OID, extended_usages),
            (PrivateKeyUsagePeriod::OID, period),
            (IdentificationKind::OID, identification),
            (BasicConstraints::OID, constraints),
        ],
    ),
    (
        "identifiers",
        "Идентификаторы ключей и сертификат удостоверяющего центра",
        &[(SubjectKeyIdentifier::OID, subject_key), (AuthorityKeyIdentifier::OID, authority_key)],
    ),
    (
        "locations",
        "Точки распространения",
        &[(CrlLocations::OID, crl_locations), (InformationLocations::OID, information)],
    ),
    (OTHERS, "Прочие расширения", &[]),
];

const OTHERS: &str = "extensions";

fn readers() -> impl Iterator<Item = (&'static str, ObjectIdentifier, Reader)> {
    HEADINGS
        .iter()
        .flat_map(|(code, _, readers)| readers.iter().map(|&(oid, reader)| (*code, oid, reader)))
}

fn heading_of(extension: &Extension) -> &'static str {
    readers().find(|(_, oid, _)| *oid == extension.oid).map_or(OTHERS, |(code, ..)| code)
}

fn rows(extension: &Extension, zone: &Zone) -> Vec<Row> {
    let reader = readers().find(|(_, oid, _)| *oid == extension.oid);
    reader
        .and_then(|(.., read)| read(&extension.value, zone))
        .unwrap_or_else(|| vec![Row::octets(extension.oid.to_string(), &extension.value)])
}

fn subject_tool(value: &[u8], _: &Zone) -> Option<Vec<Row>> {
    let tool = SubjectSignTool::decode(value).ok()?;
    Some(vec![Row::text("Средство электронной подписи владельца", tool.0)])
}

fn issuer_tool(value: &[u8], _: &Zone) -> Option<Vec<Row>> {
    let tool = IssuerSignTool::decode(value).ok()?;
    Some(vec![
        Row::text("Средство электронной подписи удостоверяющего центра", tool.sign_tool),
        Row::text("Документ о соответствии этого средства", tool.sign_tool_document),
        Row::text("Средства удостоверяющего центра", tool.ca_tool),
        Row::text("Документ о соответствии этих средств", tool.ca_tool_document),
    ])
}

fn policies(value: &[u8], _: &Zone) -> Option<Vec<Row>> {
    let found = Policies::decode(value).ok()?;
    let names: Vec<_> = found.policies.iter().map(words::named).collect();
    let policies = Row::text("Политики и классы средств", names.join("; "));
    let none = found.notices.is_empty().then(|| "не указаны".to_owned());
    let limits = found.notices.into_iter().chain(none);
    let limits = limits.map(|limit| Row::text("Ограничения использования", limit));
    Some([policies].into_iter().chain(limits).collect())
}

fn usages(value: &[u8], _: &Zone) -> Option<Vec<Row>> {
    let found = KeyUsages::decode(value).ok()?;
    let names: Vec<_> = found.bits().iter().map(|bit| words::usage(*bit)).collect();
    Some(vec![Row::text("Использование ключа", names.join(", "))])
}

fn extended_usages(value: &[u8], _: &Zone) -> Option<Vec<Row>> {
    let found = ExtendedKeyUsage::decode(value).ok()?;
    let names: Vec<_> = found.0.iter().map(words::named).collect();
    Some(vec![Row::text("Улучшенный ключ", names.join("; "))])
}

fn period(value: &[u8], zone: &Zone) -> Option<Vec<Row>> {
    let found = PrivateKeyUsagePeriod::decode(value).ok()?;
    let ends = [("с", found.not_before), ("по", found.not_after)];
    let ends: Vec<_> = ends
        .into_iter()
        .filter_map(|(word, end)| end.map(|end| format!("{word} {}", zone.show(end))))
        .collect();
    Some(vec![Row::text("Срок действия ключа электронной подписи", ends.join(" "))])
}

fn identification(value: &[u8], _: &Zone) -> Option<Vec<Row>> {
    let kind = IdentificationKind::decode(value).ok()?;
    Some(vec![Row::text("Идентификация заявителя", words::identification(kind))])
}

fn constraints(value: &[u8], _: &Zone) -> Option<Vec<Row>> {
    let found = BasicConstraints::decode(value).ok()?;
    let kind = if found.authority {
        "удостоверяющий центр"
    } else {
        "не удостоверяющий центр"
    };
    let below = found.path_length.map(|path| format!(", центров ниже: {path}"));
    Some(vec![Row::text("Тип субъекта", format!("{kind}{}", below.unwrap_or_default()))])
}

fn subject_key(value: &[u8], _: &Zone) -> Option<Vec<Row>> {
    let found = SubjectKeyIdentifier::decode(value).ok()?;
    Some(vec![Row::octets("Идентификатор ключа владельца", &found.0)])
}

fn authority_key(value: &[u8], _: &Zone) -> Option<Vec<Row>> {
    let found = AuthorityKeyIdentifier::decode(value).ok()?;
    let key = found.key.map(|key| Row::octets("Идентификатор ключа удостоверяющего центра", &key));
    let certificate = found.certificate.into_iter().flat_map(|certificate| {
        let issuer = DistinguishedName::from_der(&certificate.issuer);
        let issuer = issuer.map_or_else(|_| pairs(&certificate.issuer), |name| name.to_string());
        let serial = certificate.serial.as_der_contents();
        [
            Row::octets("Номер сертификата удостоверяющего центра", serial),
            Row::text("Кем выдан сертификат удостоверяющего центра", issuer),
        ]
    });
    Some(key.into_iter().chain(certificate).collect())
}

fn crl_locations(value: &[u8], _: &Zone) -> Option<Vec<Row>> {
    let found = CrlLocations::decode(value).ok()?;
    Some(urls("Список отозванных сертификатов", found.0).collect())
}

fn information(value: &[u8], _: &Zone) -> Option<Vec<Row>> {
    let found = InformationLocations::decode(value).ok()?;
    let issuer = urls("Сертификат удостоверяющего центра", found.issuer);
    Some(urls("Служба OCSP", found.ocsp).chain(issuer).collect())
}

fn urls(label: &'static str, urls: Vec<String>) -> impl Iterator<Item = Row> {
    urls.into_iter().map(move |url| Row::text(label, url))
}
