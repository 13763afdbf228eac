//! A certificate or request as headings with labelled values: for screens, paper and text alike.

mod extension_rows;

use core::fmt;

use gost3410::ParameterSet;
use serde::Serialize;

use super::{Zone, pairs, words};
use crate::request::parameter_set;
use crate::x509::name::label;
use crate::x509::{Certificate, CertificationRequest, DistinguishedName, PublicKey};

/// What it says, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// The parts.
    pub sections: Vec<Section>,
}

/// A heading and what stands under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    /// Stable for ever.
    pub code: &'static str,
    /// For people.
    pub heading: &'static str,
    /// What stands there.
    pub rows: Vec<Row>,
}

/// A labelled value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// What it is.
    pub label: String,
    /// What it says.
    pub value: String,
    /// Whether the value is octets in hexadecimal.
    pub octets: bool,
}

impl Reading {
    /// Reads a certificate; whatever is not understood is shown in octets.
    pub fn of_certificate(certificate: &Certificate, zone: &Zone) -> Self {
        let validity = certificate.validity();
        let term = [
            Row::octets("Номер сертификата", certificate.serial().as_der_contents()),
            Row::text("Начало срока действия", zone.show(validity.not_before)),
            Row::text("Окончание срока действия", zone.show(validity.not_after)),
        ];
        let signature = [
            Row::text("Алгоритм", words::named(&certificate.signature_algorithm().oid)),
            Row::octets("Значение", certificate.signature()),
        ];
        let thumbprints = [
            Row::octets("SHA-1", &certificate.thumbprint_sha1()),
            Row::octets("ГОСТ Р 34.11-2012, 256 бит", &certificate.thumbprint_streebog256()),
        ];
        let mut sections = vec![
            section("certificate", "Сертификат", term),
            section("owner", "Владелец сертификата", name(certificate.subject())),
            section("key", "Ключ проверки электронной подписи", key(certificate.public_key())),
            section("issuer", "Удостоверяющий центр", name(certificate.issuer())),
        ];
        sections.extend(extension_rows::sections(certificate.extensions(), zone));
        sections.push(section("signature", "Подпись удостоверяющего центра", signature));
        sections.push(section("thumbprints", "Отпечатки сертификата", thumbprints));
        Self { sections }
    }

    /// Reads a request.
    pub fn of_request(request: &CertificationRequest, zone: &Zone) -> Self {
        let key = key(request.public_key());
        let mut sections = vec![
            section("owner", "Заявитель", name(request.subject())),
            section("key", "Ключ проверки электронной подписи", key),
        ];
        let asked = request.requested_extensions().unwrap_or_default();
        sections.extend(extension_rows::sections(&asked, zone));
        let signature = [
            Row::text("Алгоритм", words::named(&request.signature_algorithm().oid)),
            Row::octets("Значение", request.signature()),
        ];
        sections.push(section("signature", "Подпись запроса", signature));
        Self { sections }
    }
}

/// As text, a value to a line.
impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for section in &self.sections {
            writeln!(f, "{}", section.heading)?;
            for Row { label, value, .. } in &section.rows {
                let value = value.replace(char::is_control, " ");
                writeln!(f, "  {label}: {value}")?;
            }
        }
        Ok(())
    }
}

impl Row {
    pub(super) fn text(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), octets: false }
    }

    fn octets(label: impl Into<String>, octets: &[u8]) -> Self {
        Self { label: label.into(), value: pairs(octets), octets: true }
    }
}

fn section(
    code: &'static str,
    heading: &'static str,
    rows: impl IntoIterator<Item = Row>,
) -> Section {
    Section { code, heading, rows: rows.into_iter().collect() }
}

fn name(der: &[u8]) -> Vec<Row> {
    let name = DistinguishedName::from_der(der).ok();
    let attributes = name.as_ref().map_or(&[][..], DistinguishedName::attributes);
    attributes
        .iter()
        .map(|attribute| {
            let label = label(attribute.oid())
                .map_or_else(|| attribute.oid().to_string(), |label| label.russian.to_owned());
            Row::text(label, attribute.text())
        })
        .collect()
}

fn key(key: &PublicKey) -> Vec<Row> {
    let set = parameter_set(key).map(|set| {
        let known = ParameterSet::from_oid(set.0).ok();
        known.map_or_else(|| set.to_string(), |known| format!("{} ({set})", known.name()))
    });
    [Row::text("Алгоритм", words::named(&key.algorithm().oid))]
        .into_iter()
        .chain(set.map(|set| Row::text("Параметры", set)))
        .chain([Row::octets("Значение", key.key_octets())])
        .collect()
}
