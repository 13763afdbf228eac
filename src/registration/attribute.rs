//! The subject's distinguished name, as an ordered list for an encoder.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::data::Particulars;
use super::subject::{Organization, Person, PersonAddress};
use super::{Subject, SubjectKind};
use crate::oid::Oid;

/// One attribute of a distinguished name.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubjectAttribute {
    /// The attribute's type.
    pub oid: Oid,
    /// How the value is encoded.
    pub string: StringType,
    /// The value.
    pub value: String,
}

impl fmt::Debug for SubjectAttribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SubjectAttribute({}, {:?}, ..)", self.oid, self.string)
    }
}

/// ASN.1 string types of the qualified profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum StringType {
    /// `UTF8String`.
    Utf8,
    /// `PrintableString`.
    Printable,
    /// `NumericString`.
    Numeric,
    /// `IA5String`.
    Ia5,
}

/// What the qualified profile says of one attribute (FSB order 795; RFC 9215, section 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttributeRule {
    /// The attribute's type.
    pub oid: Oid,
    /// The X.520 or Russian name.
    pub name: &'static str,
    /// «Название» on forms.
    pub russian: &'static str,
    /// How it is encoded.
    pub string: StringType,
    /// Fewest and most characters.
    pub length: (usize, usize),
    /// By [`SubjectKind::ALL`]: obligatory, optional or forbidden.
    pub presence: [Presence; 4],
}

/// Whether a kind of subject has a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "there is no fourth case")]
pub enum Presence {
    /// It must.
    Obligatory,
    /// It may.
    Optional,
    /// It must not.
    Forbidden,
}

impl AttributeRule {
    /// All attributes of the profile, in the order in which subjects are written.
    pub const ALL: &'static [Self] = RULES;

    /// Finds the rule of an attribute type.
    pub fn of(oid: Oid) -> Option<&'static Self> {
        RULES.iter().find(|rule| rule.oid == oid)
    }

    /// Whether this kind of subject has it.
    pub fn presence(&self, kind: SubjectKind) -> Presence {
        kind.pick(self.presence)
    }
}

/// Writes the subject in the order of [`AttributeRule::ALL`].
pub(super) fn subject_attributes(particulars: &Particulars) -> Vec<SubjectAttribute> {
    let mut name = Name::default();
    match &particulars.subject {
        Subject::NaturalPerson { person, address } => {
            name.person(person).common_name(&person.name.full()).address(address);
        }
        Subject::IndividualEntrepreneur { person, ogrnip, address } => {
            name.person(person).common_name(&person.name.full()).address(address);
            name.set("OGRNIP", ogrnip);
        }
        Subject::LegalEntity { organization, representative } => {
            name.person(&representative.person).common_name(organization.name.as_str());
            name.organization(organization).set("title", &representative.title);
        }
        Subject::LegalEntityAutomated { organization, system, .. } => {
            let system = system.as_ref().unwrap_or(&organization.name);
            name.common_name(system.as_str()).organization(organization);
        }
    }
    name.maybe("emailAddress", particulars.certificate_email.as_ref());
    name.in_order()
}

/// Values by attribute name, before they are put in order.
#[derive(Default)]
struct Name(Vec<(&'static str, String)>);

impl Name {
    fn set(&mut self, name: &'static str, value: &dyn fmt::Display) -> &mut Self {
        self.0.push((name, value.to_string()));
        self
    }

    fn maybe<T: fmt::Display>(&mut self, name: &'static str, value: Option<&T>) -> &mut Self {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    fn common_name(&mut self, name: &str) -> &mut Self {
        self.set("commonName", &name)
    }

    fn person(&mut self, person: &Person) -> &mut Self {
        self.set("surname", person.name.surname())
            .set("givenName", &person.name.given_names())
            // `Display` of a SNILS is the printed form; the attribute has digits only.
            .set("SNILS", &person.snils.as_str())
            .set("INN", &person.inn)
    }

    fn address(&mut self, address: &PersonAddress) -> &mut Self {
        self.set("countryName", &address.country)
            .maybe("stateOrProvinceName", address.region.as_ref())
            .maybe("localityName", address.locality.as_ref())
            .maybe("streetAddress", address.street.as_ref())
    }

    fn organization(&mut self, organization: &Organization) -> &mut Self {
        self.set("organizationName", &organization.name)
            .maybe("organizationalUnitName", organization.unit.as_ref())
            .set("countryName", &organization.country)
            .set("stateOrProvinceName", &organization.region)
            .set("localityName", &organization.locality)
            .set("streetAddress", &organization.street)
            .set("OGRN", &organization.ogrn)
            .set("INNLE", &organization.inn)
    }

    fn in_order(self) -> Vec<SubjectAttribute> {
        let value = |rule: &AttributeRule| {
            let (_, value) = self.0.iter().find(|(name, _)| *name == rule.name)?;
            Some(SubjectAttribute { oid: rule.oid, string: rule.string, value: value.clone() })
        };
        RULES.iter().filter_map(value).collect()
    }
}

use Presence::{Forbidden as X, Obligatory as M, Optional as O};
use StringType::{Ia5, Numeric, Printable, Utf8};

/// There is no single order in practice; this is the one of a widespread CA client.
#[rustfmt::skip]
const RULES: &[AttributeRule] = &[
    rule("2.5.4.4", ("surname", "Фамилия"), Utf8, (1, 128), [M, M, M, X]),
    rule("2.5.4.42", ("givenName", "Имя и отчество"), Utf8, (1, 128), [M, M, M, X]),
    rule("2.5.4.12", ("title", "Должность"), Utf8, (1, 64), [X, X, M, X]),
    rule("2.5.4.3", ("commonName", "Общее имя"), Utf8, (1, 64), [M, M, M, M]),
    rule("2.5.4.10", ("organizationName", "Организация"), Utf8, (1, 64), [X, X, M, M]),
    rule("2.5.4.11", ("organizationalUnitName", "Подразделение"), Utf8, (1, 64), [X, X, O, O]),
    rule("2.5.4.6", ("countryName", "Страна"), Printable, (2, 2), [M, M, M, M]),
    rule("2.5.4.8", ("stateOrProvinceName", "Регион"), Utf8, (1, 128), [O, O, M, M]),
    rule("2.5.4.7", ("localityName", "Населённый пункт"), Utf8, (1, 128), [O, O, M, M]),
    rule("2.5.4.9", ("streetAddress", "Улица, дом"), Utf8, (1, 128), [X, O, M, M]),
    rule("1.2.643.100.1", ("OGRN", "ОГРН"), Numeric, (13, 13), [X, X, M, M]),
    rule("1.2.643.100.5", ("OGRNIP", "ОГРНИП"), Numeric, (15, 15), [X, M, X, X]),
    rule("1.2.643.100.3", ("SNILS", "СНИЛС"), Numeric, (11, 11), [M, M, M, X]),
    rule("1.2.643.3.131.1.1", ("INN", "ИНН"), Numeric, (12, 12), [M, M, M, X]),
    rule("1.2.643.100.4", ("INNLE", "ИНН юридического лица"), Numeric, (10, 10), [X, X, M, M]),
    rule("1.2.840.113549.1.9.1", ("emailAddress", "Электронная почта"), Ia5, (1, 255), [O, O, O, O]),
];

const fn rule(
    oid: &str,
    (name, russian): (&'static str, &'static str),
    string: StringType,
    length: (usize, usize),
    presence: [Presence; 4],
) -> AttributeRule {
    AttributeRule { oid: Oid::new_unwrap(oid), name, russian, string, length, presence }
}
