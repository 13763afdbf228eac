//! Registration data: what the application documents say, checked as a whole.

use core::fmt;
use core::ops::Deref;

use jiff::civil::Date;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::attribute::{SubjectAttribute, subject_attributes};
use super::form::{Field, FormErrors, RegistrationForm, check_day};
use super::person_key::PersonKey;
use super::{
    AuthorityDocument, Day, Email, Identification, IdentityDocument, PersonName, Phone, Subject,
    Text, search_index,
};

/// Everything the application documents say, in its parts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Particulars {
    /// Whom the certificate is for.
    pub subject: Subject,
    /// The paper that asks for it.
    pub application: Application,
    /// Who identified the applicant, when and how.
    pub identification: Identification,
    /// Who brought the papers instead of the applicant.
    pub proxy: Option<Proxy>,
    /// Where to reach the applicant.
    pub contacts: Contacts,
    /// `emailAddress` of the certificate.
    pub certificate_email: Option<Email>,
    /// Limits of use that the certificate states (63-FZ, article 17, part 2).
    pub limits_of_use: Option<Text<200>>,
}

/// The application («заявление»).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Application {
    /// Its number in the register of incoming papers.
    pub number: Text<64>,
    /// Its date.
    pub date: Day,
}

/// A person who brings the applicant's papers and is not in the certificate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Proxy {
    /// Who.
    pub name: PersonName,
    /// Their identity document.
    pub document: IdentityDocument,
    /// What gives them the right.
    pub authority: AuthorityDocument,
}

/// Where to reach the applicant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Contacts {
    /// Telephone.
    pub phone: Option<Phone>,
    /// E-mail for notices, which the certificate does not show.
    pub email: Option<Email>,
}

/// Registration data that passed every rule of its form.
///
/// The canonical form is one flat JSON object, `version` first and then the form's fields in the
/// order of [`Field::ALL`]; the same data always gives the same bytes. Reading applies the rules
/// again, so that a rule which stored data may break needs a new version.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RegistrationData(Particulars);

impl RegistrationData {
    /// The version of the canonical form.
    pub const VERSION: u8 = 1;

    /// Trusts that the form's rules were applied.
    pub(super) const fn checked(particulars: Particulars) -> Self {
        Self(particulars)
    }

    /// The parts, to correct one and check again by `try_from`.
    pub fn into_particulars(self) -> Particulars {
        self.0
    }

    /// The distinguished name in the order in which it is written.
    ///
    /// The order is surname, givenName, title, CN, O, OU, C, ST, L, street, OGRN, OGRNIP, SNILS,
    /// INN, INNLE, E, without those that the kind of subject has not.
    pub fn subject_attributes(&self) -> Vec<SubjectAttribute> {
        subject_attributes(self)
    }

    /// Keys that tell a duplicate registration and find a person's others (R1).
    pub fn keys(&self) -> Vec<PersonKey> {
        PersonKey::of(self)
    }

    /// Folded words of names and numbers, for a [`SearchQuery`](super::SearchQuery).
    pub fn search_index(&self) -> String {
        let form = RegistrationForm::from(self);
        let texts = SEARCHED.iter().filter_map(|&field| form.value(field));
        search_index(texts)
    }

    /// Checks the dates against today, which the core does not know.
    ///
    /// # Errors
    /// Dates of things that happened which lie in the future, and documents that have expired.
    pub fn check_day(&self, today: Date) -> Result<(), FormErrors> {
        check_day(&RegistrationForm::from(self), today)
    }

    /// The canonical bytes.
    ///
    /// # Panics
    /// Never: text in a map always has a JSON form.
    #[expect(clippy::expect_used, reason = "text in a map always has a JSON form")]
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("text in a map always has a JSON form")
    }
}

impl Deref for RegistrationData {
    type Target = Particulars;

    fn deref(&self) -> &Particulars {
        &self.0
    }
}

impl TryFrom<Particulars> for RegistrationData {
    type Error = FormErrors;

    /// Applies the form's rules, so that there is one set of rules.
    fn try_from(particulars: Particulars) -> Result<Self, FormErrors> {
        RegistrationForm::from(&Self(particulars)).check()
    }
}

impl Serialize for RegistrationData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let form = RegistrationForm::from(self);
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(VERSION_KEY, &Self::VERSION)?;
        for (field, value) in form.iter() {
            map.serialize_entry(field.key(), value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for RegistrationData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Canonical)
    }
}

/// Reads the canonical object; errors name fields, never values.
struct Canonical;

impl<'de> Visitor<'de> for Canonical {
    type Value = RegistrationData;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("registration data")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let version = map.next_entry::<String, u8>()?;
        if version != Some((VERSION_KEY.to_owned(), RegistrationData::VERSION)) {
            return Err(A::Error::custom("registration data of version 1 are wanted"));
        }
        let mut form = RegistrationForm::default();
        while let Some((field, value)) = map.next_entry::<Field, String>()? {
            if form.set(field, value).is_some() {
                return Err(A::Error::custom(format_args!("{} stands twice", field.key())));
            }
        }
        form.check().map_err(A::Error::custom)
    }
}

const VERSION_KEY: &str = "version";

const SEARCHED: &[Field] = &[
    Field::Surname,
    Field::GivenName,
    Field::Patronymic,
    Field::Organization,
    Field::OrganizationFullName,
    Field::SystemName,
    Field::Snils,
    Field::Inn,
    Field::OrganizationInn,
    Field::Ogrn,
    Field::Ogrnip,
];
