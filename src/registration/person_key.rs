//! What tells registrations apart, and what joins them (R1).

use core::fmt;

use zeroize::Zeroizing;

use super::data::Particulars;
use super::{Ogrn, RegistrationData, Snils, SubjectKind, search_words};

/// A key of a registration, to be hashed before it goes into a record.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum PersonKey {
    /// Unique: the same kind, person and organisation is a duplicate.
    Registration {
        /// The kind of subject.
        kind: SubjectKind,
        /// The person.
        snils: Snils,
        /// The organisation, where there is one.
        ogrn: Option<Ogrn>,
    },
    /// Shared: the person's other registrations have it too.
    Person {
        /// The person.
        snils: Snils,
    },
}

impl PersonKey {
    /// The keys of a registration, the unique one first.
    pub(super) fn of(data: &Particulars) -> Vec<Self> {
        let snils = data.subject.person().snils.clone();
        let ogrn = data.subject.organization().map(|organization| organization.ogrn.clone());
        vec![
            Self::Registration { kind: data.subject.kind(), snils: snils.clone(), ogrn },
            Self::Person { snils },
        ]
    }

    /// The text to hash; different keys have different texts.
    pub fn material(&self) -> Zeroizing<String> {
        Zeroizing::new(match self {
            Self::Registration { kind, snils, ogrn } => {
                let ogrn = ogrn.as_ref().map_or("", Ogrn::as_str);
                format!("registration/{}/{}/{ogrn}", kind.name(), snils.as_str())
            }
            Self::Person { snils } => format!("person/{}", snils.as_str()),
        })
    }
}

impl fmt::Debug for PersonKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Registration { .. } => "Registration(..)",
            Self::Person { .. } => "Person(..)",
        })
    }
}

/// How two registrations are related.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kinship {
    /// Other people.
    Strangers,
    /// The same person elsewhere: to be shown and confirmed.
    SamePerson,
    /// The same person, kind and organisation: to be refused.
    Duplicate,
    /// The same SNILS under another name: an error in one of them.
    OtherName,
}

impl RegistrationData {
    /// Compares with another registration by rule R1.
    ///
    /// Names are compared without case, Ё as Е.
    pub fn kinship(&self, other: &Self) -> Kinship {
        let (person, stranger) = (self.subject.person(), other.subject.person());
        if person.snils != stranger.snils {
            Kinship::Strangers
        } else if !person.name.same_as(&stranger.name) {
            Kinship::OtherName
        } else if self.keys() == other.keys() {
            Kinship::Duplicate
        } else {
            Kinship::SamePerson
        }
    }

    /// The person's folded name: what all registrations of one SNILS must share.
    pub fn name_material(&self) -> Zeroizing<String> {
        Zeroizing::new(search_words(&self.subject.person().name.full()).join(" "))
    }
}
