//! The one table of fields that form, schema and files are made from.

use core::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::format::Format;
use crate::registration::{Presence, SubjectKind};

/// Makes the enum and its table from one list of rows.
macro_rules! fields {
    ($($name:ident $key:literal, $section:ident $presence:expr, $format:expr,
        $english:literal, $russian:literal;)*) => {
        /// A field of the registration form.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Field {
            $(#[doc = concat!("`", $key, "`: ", $english, ", «", $russian, "».")] $name,)*
        }

        impl Field {
            /// All fields in the order of the form.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            const KEYS: &'static [&'static str] = &[$($key,)*];

            const fn row(self) -> Row {
                match self {
                    $(Self::$name => Row {
                        key: $key,
                        section: Section::$section,
                        presence: $presence,
                        format: $format,
                        english: $english,
                        russian: $russian,
                    },)*
                }
            }
        }
    };
}

struct Row {
    key: &'static str,
    section: Section,
    presence: [Presence; 4],
    format: Format,
    english: &'static str,
    russian: &'static str,
}

use Format as F;

/// By kind of subject: natural person, entrepreneur, legal entity, automated.
const M: Presence = Presence::Obligatory;
const O: Presence = Presence::Optional;
const X: Presence = Presence::Forbidden;

fields! {
    Kind "kind", Applicant [M, M, M, M], F::Kind, "kind of applicant", "Вид заявителя";

    Surname "surname", Person [M, M, M, M], F::Name, "surname", "Фамилия";
    GivenName "given_name", Person [M, M, M, M], F::Name, "given name", "Имя";
    Patronymic "patronymic", Person [O, O, O, O], F::Name, "patronymic", "Отчество";
    Snils "snils", Person [M, M, M, M], F::Snils, "SNILS", "СНИЛС";
    Inn "inn", Person [M, M, M, M], F::InnPerson, "person's INN", "ИНН физического лица";
    BirthDate "birth_date", Person [M, M, M, M], F::Day, "date of birth", "Дата рождения";
    BirthPlace "birth_place", Person [M, M, M, M], F::Text(255), "place of birth", "Место рождения";
    Citizenship "citizenship", Person [M, M, M, M], F::Country, "citizenship", "Гражданство";
    Ogrnip "ogrnip", Person [X, M, X, X], F::Ogrnip, "OGRNIP", "ОГРНИП";

    DocumentKind "document_kind", Document [M, M, M, M], F::Document,
        "kind of identity document", "Документ, удостоверяющий личность";
    DocumentSeries "document_series", Document [O, O, O, O], F::Text(16),
        "document: series", "Серия документа";
    DocumentNumber "document_number", Document [M, M, M, M], F::Text(25),
        "document: number", "Номер документа";
    DocumentIssuer "document_issuer", Document [M, M, M, M], F::Text(255),
        "document: issued by", "Кем выдан документ";
    DocumentIssued "document_issued", Document [M, M, M, M], F::Day,
        "document: date of issue", "Дата выдачи документа";
    DocumentDivision "document_division", Document [O, O, O, O], F::Division,
        "document: division code", "Код подразделения";
    DocumentExpires "document_expires", Document [O, O, O, O], F::Day,
        "document: valid until", "Документ действителен по";

    Organization "organization", Organization [X, X, M, M], F::Text(64),
        "organisation in the certificate", "Наименование организации в сертификате";
    OrganizationFullName "organization_full_name", Organization [X, X, O, O], F::Text(1000),
        "full name of the organisation", "Полное наименование организации";
    Ogrn "ogrn", Organization [X, X, M, M], F::Ogrn, "OGRN", "ОГРН";
    OrganizationInn "organization_inn", Organization [X, X, M, M], F::InnLegal,
        "organisation's INN", "ИНН организации";
    Unit "unit", Organization [X, X, O, O], F::Text(64), "unit", "Подразделение";
    SystemName "system_name", Organization [X, X, X, O], F::Text(64),
        "name of the information system", "Наименование информационной системы";
    Title "title", Organization [X, X, M, M], F::Text(64),
        "representative's office", "Должность представителя";
    Powers "powers", Organization [X, X, O, X], F::Text(200),
        "representative's powers", "Полномочия представителя";

    Country "country", Address [O, O, O, O], F::Country,
        "country (RU if empty)", "Страна (если пусто, RU)";
    Region "region", Address [O, O, M, M], F::Region, "region", "Регион";
    Locality "locality", Address [O, O, M, M], F::Text(128), "locality", "Населённый пункт";
    Street "street", Address [X, O, M, M], F::Text(128), "street and house", "Улица, дом";

    AuthorityKind "authority_kind", Authority [X, X, M, M], F::Text(128),
        "document of authority", "Документ о полномочиях";
    AuthorityNumber "authority_number", Authority [X, X, M, M], F::Text(64),
        "number of the document of authority", "Номер документа о полномочиях";
    AuthorityDate "authority_date", Authority [X, X, M, M], F::Day,
        "date of the document of authority", "Дата документа о полномочиях";
    AuthorityExpires "authority_expires", Authority [X, X, O, O], F::Day,
        "last day of the authority", "Полномочия действуют по";

    ApplicationNumber "application_number", Application [M, M, M, M], F::Text(64),
        "number of the application", "Номер заявления";
    ApplicationDate "application_date", Application [M, M, M, M], F::Day,
        "date of the application", "Дата заявления";

    Identification "identification", Identification [M, M, M, M], F::Identification,
        "way of identification", "Способ идентификации";
    IdentificationEvidence "identification_evidence", Identification [O, O, O, O], F::Text(255),
        "evidence of identification", "Подтверждение идентификации";
    IdentifiedBy "identified_by", Identification [M, M, M, M], F::Text(255),
        "identified by", "Кто идентифицировал";
    IdentifiedOn "identified_on", Identification [M, M, M, M], F::Day,
        "identified on", "Дата идентификации";

    ProxySurname "proxy_surname", Proxy [O, O, O, O], F::Name,
        "proxy's surname", "Фамилия доверенного лица";
    ProxyGivenName "proxy_given_name", Proxy [O, O, O, O], F::Name,
        "proxy's given name", "Имя доверенного лица";
    ProxyPatronymic "proxy_patronymic", Proxy [O, O, O, O], F::Name,
        "proxy's patronymic", "Отчество доверенного лица";
    ProxyDocumentKind "proxy_document_kind", Proxy [O, O, O, O], F::Document,
        "kind of the proxy's document", "Документ доверенного лица";
    ProxyDocumentSeries "proxy_document_series", Proxy [O, O, O, O], F::Text(16),
        "proxy's document: series", "Серия документа доверенного лица";
    ProxyDocumentNumber "proxy_document_number", Proxy [O, O, O, O], F::Text(25),
        "proxy's document: number", "Номер документа доверенного лица";
    ProxyDocumentIssuer "proxy_document_issuer", Proxy [O, O, O, O], F::Text(255),
        "proxy's document: issued by", "Кем выдан документ (доверенное лицо)";
    ProxyDocumentIssued "proxy_document_issued", Proxy [O, O, O, O], F::Day,
        "proxy's document: date of issue", "Дата выдачи документа (доверенное лицо)";
    ProxyDocumentDivision "proxy_document_division", Proxy [O, O, O, O], F::Division,
        "proxy's document: division code", "Код подразделения (доверенное лицо)";
    ProxyDocumentExpires "proxy_document_expires", Proxy [O, O, O, O], F::Day,
        "proxy's document: valid until", "Документ действителен по (доверенное лицо)";
    ProxyAuthorityKind "proxy_authority_kind", Proxy [O, O, O, O], F::Text(128),
        "proxy's document of authority", "Документ о полномочиях доверенного лица";
    ProxyAuthorityNumber "proxy_authority_number", Proxy [O, O, O, O], F::Text(64),
        "number of the proxy's authority", "Номер документа о полномочиях доверенного лица";
    ProxyAuthorityDate "proxy_authority_date", Proxy [O, O, O, O], F::Day,
        "date of the proxy's authority", "Дата документа о полномочиях доверенного лица";
    ProxyAuthorityExpires "proxy_authority_expires", Proxy [O, O, O, O], F::Day,
        "last day of the proxy's authority", "Полномочия доверенного лица по";

    Phone "phone", Contacts [O, O, O, O], F::Phone, "telephone", "Телефон";
    Email "email", Contacts [O, O, O, O], F::Email,
        "e-mail for notices", "Электронная почта для уведомлений";

    CertificateEmail "certificate_email", Certificate [O, O, O, O], F::Email,
        "e-mail in the certificate", "Электронная почта в сертификате";
    LimitsOfUse "limits_of_use", Certificate [O, O, O, O], F::Text(200),
        "limits of use", "Ограничения использования сертификата";
}

impl Field {
    /// The name in forms and files.
    pub const fn key(self) -> &'static str {
        self.row().key
    }

    /// The field of that name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.key() == key)
    }

    /// The part of the form it stands in.
    pub const fn section(self) -> Section {
        self.row().section
    }

    /// Whether this kind of subject has it.
    pub fn presence(self, kind: SubjectKind) -> Presence {
        kind.pick(self.row().presence)
    }

    /// The label in English.
    pub const fn english(self) -> &'static str {
        self.row().english
    }

    /// The label in Russian.
    pub const fn russian(self) -> &'static str {
        self.row().russian
    }

    /// Most characters, where the field is free text.
    pub const fn max_length(self) -> Option<usize> {
        self.row().format.max_length()
    }

    /// The shape of its text.
    pub(super) const fn format(self) -> Format {
        self.row().format
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_identifier(Key)
    }
}

struct Key;

impl Visitor<'_> for Key {
    type Value = Field;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a form field")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Field, E> {
        Field::from_key(key).ok_or_else(|| E::unknown_field(key, Field::KEYS))
    }
}

/// The parts of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Section {
    /// Kind of applicant.
    Applicant,
    /// The owner, or who acts for the organisation.
    Person,
    /// The person's identity document.
    Document,
    /// The organisation.
    Organization,
    /// The address in the certificate.
    Address,
    /// The representative's document of authority.
    Authority,
    /// The application.
    Application,
    /// Who identified the applicant, when and how.
    Identification,
    /// Who brought the papers.
    Proxy,
    /// Where to reach the applicant.
    Contacts,
    /// More for the certificate.
    Certificate,
}

impl Section {
    /// The heading in Russian.
    pub const fn russian(self) -> &'static str {
        match self {
            Self::Applicant => "Заявитель",
            Self::Person => "Физическое лицо",
            Self::Document => "Документ, удостоверяющий личность",
            Self::Organization => "Организация",
            Self::Address => "Адрес в сертификате",
            Self::Authority => "Документ о полномочиях",
            Self::Application => "Заявление",
            Self::Identification => "Идентификация",
            Self::Proxy => "Доверенное лицо",
            Self::Contacts => "Контакты",
            Self::Certificate => "Дополнительно в сертификате",
        }
    }
}
