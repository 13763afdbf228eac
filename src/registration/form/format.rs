//! What the text of a field looks like.

use super::choice::{Choice, DOCUMENTS, IDENTIFICATIONS, SUBJECTS};

/// The shape of a field's text, as schemas and input fields know it; the types check the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Kind,
    Document,
    Identification,
    Name,
    Text(usize),
    InnPerson,
    InnLegal,
    Ogrn,
    Ogrnip,
    Snils,
    Day,
    Country,
    Region,
    Division,
    Email,
    Phone,
}

impl Format {
    /// The list to choose from.
    pub(super) const fn choices(self) -> Option<&'static [Choice]> {
        match self {
            Self::Kind => Some(SUBJECTS),
            Self::Document => Some(DOCUMENTS),
            Self::Identification => Some(IDENTIFICATIONS),
            _ => None,
        }
    }

    /// Most characters, for text of free form.
    pub(super) const fn max_length(self) -> Option<usize> {
        match self {
            Self::Name => Some(128),
            Self::Text(max) => Some(max),
            Self::Email => Some(255),
            _ => None,
        }
    }

    /// A regular expression (ECMA-262) of the canonical and the printed form.
    pub(super) const fn pattern(self) -> Option<&'static str> {
        match self {
            Self::InnPerson => Some("^[0-9]{12}$"),
            Self::InnLegal => Some("^[0-9]{10}$"),
            Self::Ogrn => Some("^[15][0-9]{12}$"),
            Self::Ogrnip => Some("^3[0-9]{14}$"),
            Self::Snils => Some("^([0-9]{11}|[0-9]{3}-[0-9]{3}-[0-9]{3} [0-9]{2})$"),
            Self::Day => Some("^([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}\\.[0-9]{2}\\.[0-9]{4})$"),
            Self::Country => Some("^[A-Z]{2}$"),
            Self::Region => Some("^[0-9]{2}( .+)?$"),
            Self::Division => Some("^[0-9]{3}-?[0-9]{3}$"),
            Self::Email => Some("^[!-?A-~]+@[0-9A-Za-z.-]+$"),
            Self::Phone => Some("^\\+?[0-9][0-9 ()-]{6,24}$"),
            Self::Kind | Self::Document | Self::Identification | Self::Name | Self::Text(_) => None,
        }
    }
}
