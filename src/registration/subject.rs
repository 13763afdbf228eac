//! Whom a certificate is for.

use serde::{Deserialize, Serialize};

use super::{
    CountryCode, Day, IdentityDocument, InnLegal, InnPerson, Ogrn, Ogrnip, PersonName, Region,
    Snils, Text,
};

/// The kinds of subject a certificate can be for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SubjectKind {
    /// «Физическое лицо».
    NaturalPerson,
    /// «Индивидуальный предприниматель».
    IndividualEntrepreneur,
    /// «Юридическое лицо», with a representative named in the certificate.
    LegalEntity,
    /// A legal entity's automated signing («информационная система»), without a person in the
    /// certificate.
    LegalEntityAutomated,
}

impl SubjectKind {
    /// All kinds, in the order of the form's table.
    pub const ALL: [Self; 4] = [
        Self::NaturalPerson,
        Self::IndividualEntrepreneur,
        Self::LegalEntity,
        Self::LegalEntityAutomated,
    ];

    /// This kind's part of a row of a table, in the order of [`Self::ALL`].
    pub(super) const fn pick<T: Copy>(self, row: [T; 4]) -> T {
        let [person, entrepreneur, legal, automated] = row;
        match self {
            Self::NaturalPerson => person,
            Self::IndividualEntrepreneur => entrepreneur,
            Self::LegalEntity => legal,
            Self::LegalEntityAutomated => automated,
        }
    }

    /// The name in forms and files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NaturalPerson => "natural-person",
            Self::IndividualEntrepreneur => "individual-entrepreneur",
            Self::LegalEntity => "legal-entity",
            Self::LegalEntityAutomated => "legal-entity-automated",
        }
    }
}

/// The subject with what its kind must and may have (standards of the qualified profile).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Subject {
    /// A person for themselves.
    NaturalPerson {
        /// The owner.
        person: Person,
        /// Where they live, as far as the certificate says.
        address: PersonAddress,
    },
    /// A person in business of their own.
    IndividualEntrepreneur {
        /// The owner.
        person: Person,
        /// The number in the register of entrepreneurs.
        ogrnip: Ogrnip,
        /// Their address, as far as the certificate says.
        address: PersonAddress,
    },
    /// An organisation, and the person who signs for it.
    LegalEntity {
        /// The owner.
        organization: Organization,
        /// The person in the certificate.
        representative: Representative,
    },
    /// An organisation whose system signs by itself.
    LegalEntityAutomated {
        /// The owner.
        organization: Organization,
        /// The system's name; the organisation's when there is none.
        system: Option<Text<64>>,
        /// The person who answers for it, not named in the certificate.
        responsible: Representative,
    },
}

impl Subject {
    /// Which kind.
    pub const fn kind(&self) -> SubjectKind {
        match self {
            Self::NaturalPerson { .. } => SubjectKind::NaturalPerson,
            Self::IndividualEntrepreneur { .. } => SubjectKind::IndividualEntrepreneur,
            Self::LegalEntity { .. } => SubjectKind::LegalEntity,
            Self::LegalEntityAutomated { .. } => SubjectKind::LegalEntityAutomated,
        }
    }

    /// The person behind the registration: owner, representative or who answers for the system.
    pub const fn person(&self) -> &Person {
        match self {
            Self::NaturalPerson { person, .. } | Self::IndividualEntrepreneur { person, .. } => {
                person
            }
            Self::LegalEntity { representative: who, .. }
            | Self::LegalEntityAutomated { responsible: who, .. } => &who.person,
        }
    }

    /// The organisation, where there is one.
    pub const fn organization(&self) -> Option<&Organization> {
        match self {
            Self::LegalEntity { organization, .. }
            | Self::LegalEntityAutomated { organization, .. } => Some(organization),
            Self::NaturalPerson { .. } | Self::IndividualEntrepreneur { .. } => None,
        }
    }

    /// The representative and the document of authority, where there are any.
    pub const fn representative(&self) -> Option<&Representative> {
        match self {
            Self::LegalEntity { representative: who, .. }
            | Self::LegalEntityAutomated { responsible: who, .. } => Some(who),
            Self::NaturalPerson { .. } | Self::IndividualEntrepreneur { .. } => None,
        }
    }
}

/// A person as their documents describe them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Person {
    /// Surname, given name, patronymic.
    pub name: PersonName,
    /// Insurance account number.
    pub snils: Snils,
    /// Taxpayer's number.
    pub inn: InnPerson,
    /// Date of birth.
    pub birth_date: Day,
    /// Place of birth, as the document has it.
    pub birth_place: Text<255>,
    /// Citizenship, which the certificate does not show.
    pub citizenship: CountryCode,
    /// The identity document.
    pub document: IdentityDocument,
}

/// The address in a person's certificate: the country, and more where wished.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PersonAddress {
    /// `countryName`.
    pub country: CountryCode,
    /// `stateOrProvinceName`.
    pub region: Option<Region>,
    /// `localityName`.
    pub locality: Option<Text<128>>,
    /// `streetAddress`, entrepreneurs only.
    pub street: Option<Text<128>>,
}

/// An organisation as the state register describes it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Organization {
    /// The name in the certificate, short where the full one exceeds 64 characters.
    pub name: Text<64>,
    /// The full name, for papers.
    pub full_name: Option<Text<1000>>,
    /// Number in the state register.
    pub ogrn: Ogrn,
    /// Taxpayer's number.
    pub inn: InnLegal,
    /// `countryName`.
    pub country: CountryCode,
    /// `stateOrProvinceName`.
    pub region: Region,
    /// `localityName`.
    pub locality: Text<128>,
    /// `streetAddress`.
    pub street: Text<128>,
    /// `organizationalUnitName`.
    pub unit: Option<Text<64>>,
}

/// A person who acts for an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Representative {
    /// Who.
    pub person: Person,
    /// Their office in the organisation, `title`.
    pub title: Text<64>,
    /// What gives them the right.
    pub authority: AuthorityDocument,
    /// Powers that the certificate states (63-FZ, article 17, part 3).
    pub powers: Option<Text<200>>,
}

/// A power of attorney, an order, a register extract.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AuthorityDocument {
    /// What it is: «Доверенность», «Приказ о назначении».
    pub kind: Text<128>,
    /// Its number.
    pub number: Text<64>,
    /// Its date.
    pub date: Day,
    /// Its last day, where it has one.
    pub expires: Option<Day>,
}
