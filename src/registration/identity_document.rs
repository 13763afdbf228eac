//! Papers that prove who somebody is.

use serde::{Deserialize, Serialize};

use super::checked::{checked_string, display_as_is};
use super::digits::without_separators;
use super::{Day, Fault, Text};

/// An identity document.
///
/// A Russian passport always has a series of 4 digits, a number of 6 and a division code.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdentityDocument {
    /// What it is.
    pub kind: DocumentKind,
    /// Its series, where it has one.
    pub series: Option<Text<16>>,
    /// Its number.
    pub number: Text<25>,
    /// Who issued it.
    pub issuer: Text<255>,
    /// When.
    pub issued: Day,
    /// The code of the division that issued a Russian passport.
    pub division: Option<DivisionCode>,
    /// Its last day, where it has one.
    pub expires: Option<Day>,
}

/// Kinds of identity documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum DocumentKind {
    /// «Паспорт гражданина Российской Федерации».
    PassportRf,
    /// «Паспорт иностранного гражданина».
    ForeignPassport,
    /// «Вид на жительство».
    ResidencePermit,
    /// «Разрешение на временное проживание».
    TemporaryResidencePermit,
    /// «Удостоверение беженца».
    RefugeeCertificate,
    /// «Временное удостоверение личности гражданина Российской Федерации».
    TemporaryIdentityCard,
    /// «Удостоверение личности военнослужащего».
    ServicemanCard,
}

impl DocumentKind {
    /// All kinds, the usual one first.
    pub const ALL: [Self; 7] = [
        Self::PassportRf,
        Self::ForeignPassport,
        Self::ResidencePermit,
        Self::TemporaryResidencePermit,
        Self::RefugeeCertificate,
        Self::TemporaryIdentityCard,
        Self::ServicemanCard,
    ];

    /// The name in forms and files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PassportRf => "passport-rf",
            Self::ForeignPassport => "foreign-passport",
            Self::ResidencePermit => "residence-permit",
            Self::TemporaryResidencePermit => "temporary-residence-permit",
            Self::RefugeeCertificate => "refugee-certificate",
            Self::TemporaryIdentityCard => "temporary-identity-card",
            Self::ServicemanCard => "serviceman-card",
        }
    }
}

checked_string! {
    /// The code of the division that issued a passport: `770-001`.
    DivisionCode, check_division
}

display_as_is!(DivisionCode);

impl DivisionCode {
    /// Reads `770-001`, `770 001` and `770001`.
    ///
    /// # Errors
    /// [`Fault::DivisionCode`].
    pub fn from_typed(typed: &str) -> Result<Self, Fault> {
        let clean = without_separators(typed);
        let (region, division) = clean.split_at_checked(3).ok_or(Fault::DivisionCode)?;
        Self::try_from(format!("{region}-{division}"))
    }
}

/// The series of a Russian passport, with or without its space.
pub(super) fn passport_series(typed: &str) -> Result<Text<16>, Fault> {
    passport_digits(typed, 4, Fault::PassportSeries)
}

/// The number of a Russian passport.
pub(super) fn passport_number(typed: &str) -> Result<Text<25>, Fault> {
    passport_digits(typed, 6, Fault::PassportNumber)
}

fn passport_digits<const N: usize>(
    typed: &str,
    length: usize,
    fault: Fault,
) -> Result<Text<N>, Fault> {
    let clean = without_separators(typed);
    let fits = clean.len() == length && clean.bytes().all(|byte| byte.is_ascii_digit());
    if fits { Text::try_from(clean) } else { Err(fault) }
}

fn check_division(text: &str) -> Result<(), Fault> {
    let fits = text.len() == 7
        && text.bytes().enumerate().all(|(place, byte)| match place {
            3 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if fits { Ok(()) } else { Err(Fault::DivisionCode) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passport_parts_are_read_as_printed() {
        for typed in ["770-001", "770 001", "770001", "770\u{2013}001"] {
            assert_eq!(DivisionCode::from_typed(typed).unwrap().as_str(), "770-001");
        }
        assert_eq!(passport_series("45 10").unwrap().as_str(), "4510");
        assert_eq!(passport_number("123 456").unwrap().as_str(), "123456");
        assert_eq!(DivisionCode::from_typed("77-0001x"), Err(Fault::DivisionCode));
        assert_eq!(DivisionCode::from_typed("ёё"), Err(Fault::DivisionCode));
        assert_eq!(passport_series("XX"), Err(Fault::PassportSeries));
        assert_eq!(passport_number("12345"), Err(Fault::PassportNumber));
    }
}
