//! Rules about names: string types, lengths, and the numbers of Russian registers.

use const_oid::ObjectIdentifier;
use der::{Decode, Tag};

use super::artefact::{Artefact, Attribute, Name};
use super::rule::{Broken, Rule, anything, certificate, holds, named, nowhere, rule};
use crate::oid::Oid;
use crate::registration::{
    AttributeRule, Fault, InnLegal, InnPerson, Ogrn, Ogrnip, Snils, StringType,
};
use crate::x509::name;

pub(super) const RULES: &[Rule] = &[
    rule(
        "e_rfc5280_issuer_not_empty",
        "RFC 5280 §§4.1.2.4, 5.1.2.3",
        ("the issuer has a name", "у издателя есть имя"),
        |it| it.issuer.is_some(),
        |it| holds(it.issuer.as_ref().is_none_or(|name| !name.attributes.is_empty())),
    ),
    rule(
        "e_rfc5280_subject_not_empty",
        "RFC 5280 §4.1.2.6",
        (
            "the subject has a name; only an end entity may have a critical subjectAltName instead",
            "у владельца есть имя; лишь у конечного владельца вместо него может быть \
             критическое subjectAltName",
        ),
        certificate,
        |it| {
            let named = it.subject.as_ref().is_none_or(|name| !name.attributes.is_empty());
            let other = it.extension(SUBJECT_ALT_NAME.as_bytes());
            let other = other.is_some_and(|other| other.is_critical() && !it.is_authority());
            holds(named || other)
        },
    ),
    rule(
        "e_rfc5280_attribute_string",
        "RFC 5280 App. A.1",
        ("attributes have the string types of their definitions", "типы строк атрибутов верны"),
        anything,
        |it| broken(it, |attribute, string, _| string.allows(attribute.value.tag)),
    ),
    rule(
        "w_rfc5280_directory_string",
        "RFC 5280 §4.1.2.4",
        (
            "texts are UTF8String or PrintableString; older types only where a name was established",
            "тексты — UTF8String или PrintableString; старые типы — лишь в ранее принятых именах",
        ),
        anything,
        |it| {
            broken(it, |attribute, string, _| {
                string != Directory || !OLD_STRINGS.contains(&attribute.value.tag)
            })
        },
    ),
    rule(
        "e_rfc5280_attribute_length",
        "RFC 5280 App. A.1",
        ("attributes are not empty and within their bounds", "длины атрибутов в пределах"),
        anything,
        |it| broken(it, |attribute, _, bounds| is_within(attribute, bounds)),
    ),
    rule(
        "n_rfc5280_email_alt_name",
        // A MUST, but order No 795 and all tools of the field put the address into the subject alone.
        "RFC 5280 §4.1.2.6",
        (
            "an electronic mail address stands in subjectAltName",
            "адрес электронной почты указан в subjectAltName",
        ),
        certificate,
        |it| {
            let attributes = it.subject.iter().flat_map(|name| &name.attributes);
            let mut emails = attributes.filter(|attribute| attribute.oid == EMAIL.as_bytes());
            let other = it.extension(SUBJECT_ALT_NAME.as_bytes()).is_some();
            holds(other || emails.next().is_none())
        },
    ),
    rule(
        "e_rfc9215_identifier_string",
        "RFC 9215 §5",
        (
            "OGRN, OGRNIP, SNILS, INN and INNLE are NumericString of their lengths",
            "ОГРН, ОГРНИП, СНИЛС, ИНН и ИННЮЛ — NumericString своей длины",
        ),
        anything,
        |it| each(it, is_identifier),
    ),
    check_digits(
        "e_ogrn_check_digit",
        ("OGRN is a number of the register", "контрольный разряд ОГРН верен"),
        |it| digits::<Ogrn>(it, of("1.2.643.100.1")),
    ),
    check_digits(
        "e_ogrnip_check_digit",
        ("OGRNIP is a number of the register", "контрольный разряд ОГРНИП верен"),
        |it| digits::<Ogrnip>(it, of("1.2.643.100.5")),
    ),
    check_digits(
        "e_innle_check_digit",
        ("INNLE is a taxpayer's number", "контрольный разряд ИННЮЛ верен"),
        |it| digits::<InnLegal>(it, of("1.2.643.100.4")),
    ),
    check_digits(
        "e_inn_check_digit",
        ("INN is a taxpayer's number", "контрольные разряды ИНН верны"),
        |it| {
            digits_by(it, INN, |text| {
                let legal =
                    text.strip_prefix("00").is_some_and(|ten| InnLegal::try_from(ten).is_ok());
                InnPerson::try_from(text).err().filter(|_| !legal)
            })
        },
    ),
    check_digits(
        "e_snils_check_digit",
        ("SNILS is an insurance account's number", "контрольное число СНИЛС верно"),
        |it| digits::<Snils>(it, of("1.2.643.100.3")),
    ),
    rule(
        "n_inn_padded",
        "order of the FSB No 31 of 2021",
        (
            "an organisation's INN is in INNLE, not in INN after two zeros",
            "ИНН организации — в ИННЮЛ, а не в ИНН после двух нулей",
        ),
        anything,
        |it| {
            let padded = |(_, name): &(_, &Name<'_>)| {
                name.attributes.iter().any(|attribute| is_padded_inn(name, attribute))
            };
            nowhere(it.names().filter(padded).map(|(field, _)| format!("{field}.INN")))
        },
    ),
];

const fn check_digits(
    id: &'static str,
    words: (&'static str, &'static str),
    check: fn(&Artefact<'_>) -> Broken,
) -> Rule {
    rule(id, "order of the FSB No 795; check digits of the register", words, anything, check)
}

const SUBJECT_ALT_NAME: ObjectIdentifier = of("2.5.29.17");
const EMAIL: ObjectIdentifier = of("1.2.840.113549.1.9.1");
const OGRN: ObjectIdentifier = of("1.2.643.100.1");
const INN: ObjectIdentifier = of("1.2.643.3.131.1.1");

/// Teletex, Universal, BMP.
const OLD_STRINGS: [u8; 3] = [0x14, 0x1c, 0x1e];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Type {
    /// `DirectoryString`.
    Directory,
    Printable,
    Ia5,
}

use Type::{Directory, Ia5, Printable};

impl Type {
    fn allows(self, tag: u8) -> bool {
        match self {
            Self::Directory => matches!(tag, 0x0c | 0x13) || OLD_STRINGS.contains(&tag),
            Self::Printable => tag == 0x13,
            Self::Ia5 => tag == 0x16,
        }
    }
}

type Row = (ObjectIdentifier, Type, (usize, usize));

/// String types, fewest and most characters (RFC 5280 App. A.1).
const ATTRIBUTES: [Row; 18] = [
    (of("2.5.4.41"), Directory, (1, 32768)),
    (of("2.5.4.4"), Directory, (1, 32768)),
    (of("2.5.4.42"), Directory, (1, 32768)),
    (of("2.5.4.43"), Directory, (1, 32768)),
    (of("2.5.4.44"), Directory, (1, 32768)),
    (of("2.5.4.3"), Directory, (1, 64)),
    (of("2.5.4.7"), Directory, (1, 128)),
    (of("2.5.4.8"), Directory, (1, 128)),
    (of("2.5.4.9"), Directory, (1, 128)), // X.520 ub-street-address
    (of("2.5.4.10"), Directory, (1, 64)),
    (of("2.5.4.11"), Directory, (1, 64)),
    (of("2.5.4.12"), Directory, (1, 64)),
    (of("2.5.4.65"), Directory, (1, 128)),
    (of("2.5.4.46"), Printable, (1, usize::MAX)),
    (of("2.5.4.6"), Printable, (2, 2)),
    (of("2.5.4.5"), Printable, (1, 64)),
    (of("0.9.2342.19200300.100.1.25"), Ia5, (1, usize::MAX)),
    (of("1.2.840.113549.1.9.1"), Ia5, (1, 255)),
];

const fn of(dots: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(dots)
}

/// The attributes of the names for which it does not hold.
fn each(it: &Artefact<'_>, holds: impl Fn(&Attribute<'_>) -> bool) -> Broken {
    nowhere(it.names().flat_map(|(field, name)| {
        let bad = name.attributes.iter().filter(|attribute| !holds(attribute));
        let places: Vec<_> = bad.map(|it| format!("{field}.{}", named(it.oid))).collect();
        places
    }))
}

/// The attributes of the table for which it does not hold.
fn broken(
    it: &Artefact<'_>,
    holds: impl Fn(&Attribute<'_>, Type, (usize, usize)) -> bool,
) -> Broken {
    each(it, |attribute| {
        let row = ATTRIBUTES.iter().find(|(oid, ..)| oid.as_bytes() == attribute.oid);
        row.is_none_or(|&(_, string, bounds)| holds(attribute, string, bounds))
    })
}

fn is_within(attribute: &Attribute<'_>, (fewest, most): (usize, usize)) -> bool {
    let length = text(attribute).map(|text| text.chars().count());
    length.is_none_or(|length| (fewest..=most).contains(&length))
}

fn text(attribute: &Attribute<'_>) -> Option<String> {
    name::text(Tag::from_der(&[attribute.value.tag]).ok()?, attribute.value.contents)
}

/// Whether it is an organisation's INN in the attribute of persons, after two zeros.
pub(super) fn is_padded_inn(name: &Name<'_>, attribute: &Attribute<'_>) -> bool {
    let organisation = name.attributes.iter().any(|other| other.oid == OGRN.as_bytes());
    let zeros = attribute.value.contents.starts_with(b"00");
    organisation && zeros && attribute.oid == INN.as_bytes()
}

/// Whether it is none of the five numbers, or is written as they are.
fn is_identifier(attribute: &Attribute<'_>) -> bool {
    let oid = ObjectIdentifier::from_bytes(attribute.oid).ok();
    let rule = oid.and_then(|oid| AttributeRule::of(Oid(oid)));
    let rule = rule.filter(|rule| rule.string == StringType::Numeric);
    rule.is_none_or(|rule| {
        let value = attribute.value;
        value.tag == NUMERIC_STRING && value.contents.len() == rule.length.1
    })
}

const NUMERIC_STRING: u8 = 0x12;

fn digits<T: for<'a> TryFrom<&'a str, Error = Fault>>(
    it: &Artefact<'_>,
    oid: ObjectIdentifier,
) -> Broken {
    digits_by(it, oid, |text| T::try_from(text).err())
}

/// Wrong lengths and types break another rule.
fn digits_by(
    it: &Artefact<'_>,
    oid: ObjectIdentifier,
    fault: impl Fn(&str) -> Option<Fault>,
) -> Broken {
    each(it, |attribute| {
        let text = core::str::from_utf8(attribute.value.contents).unwrap_or_default();
        attribute.oid != oid.as_bytes() || !is_identifier(attribute) || fault(text).is_none()
    })
}
