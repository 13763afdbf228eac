//! INN, the taxpayer's number of organisations and of people.

use super::Fault;
use super::checked::{checked_string, display_as_is};
use super::digits::{digits, weighted_sum, without_separators};

checked_string! {
    /// The INN of an organisation: 10 digits, the last one checked.
    ///
    /// The check is `(Σ wᵢdᵢ mod 11) mod 10`; it sees every single-digit error except one that
    /// moves the sum between the remainders 0 and 10.
    ///
    /// ```
    /// use gost_ca::registration::{Fault, InnLegal};
    /// assert!(InnLegal::try_from("7707314029").is_ok());
    /// assert_eq!(InnLegal::try_from("7707314020"), Err(Fault::InnCheckDigit));
    /// ```
    InnLegal, check_legal
}

checked_string! {
    /// The INN of a person: 12 digits, the last two checked.
    ///
    /// Two check digits see every single-digit error but a change that moves both sums between the
    /// remainders 0 and 10.
    InnPerson, check_person
}

display_as_is!(InnLegal, InnPerson);

impl InnLegal {
    /// Reads a pasted number: spaces and dashes are dropped.
    ///
    /// Certificates before the 2021 amendment wrote it as `00` and ten digits; that is accepted
    /// too.
    ///
    /// # Errors
    /// As `try_from` after cleaning.
    pub fn from_typed(typed: &str) -> Result<Self, Fault> {
        let clean = without_separators(typed);
        match clean.strip_prefix("00") {
            Some(ten) if ten.len() == 10 => Self::try_from(ten),
            _ => Self::try_from(clean),
        }
    }
}

impl InnPerson {
    /// Reads a pasted number: spaces and dashes are dropped.
    ///
    /// # Errors
    /// As `try_from` after cleaning.
    pub fn from_typed(typed: &str) -> Result<Self, Fault> {
        Self::try_from(without_separators(typed))
    }
}

fn check_legal(text: &str) -> Result<(), Fault> {
    let digits = digits::<10>(text, Fault::InnLength, Fault::InnDigits)?;
    let [.., check] = digits;
    accept(&digits, &[(&[2, 4, 10, 3, 5, 9, 4, 6, 8], check)])
}

fn check_person(text: &str) -> Result<(), Fault> {
    let digits = digits::<12>(text, Fault::InnLength, Fault::InnDigits)?;
    let [.., first, second] = digits;
    let first_weights = &[7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
    accept(&digits, &[(first_weights, first), (&[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8], second)])
}

fn accept(digits: &[u32], checks: &[(&[u32], u32)]) -> Result<(), Fault> {
    if digits.iter().all(|&digit| digit == 0) {
        return Err(Fault::InnZeros);
    }
    let holds =
        |&(weights, check): &(&[u32], u32)| weighted_sum(digits, weights) % 11 % 10 == check;
    if checks.iter().all(holds) { Ok(()) } else { Err(Fault::InnCheckDigit) }
}

#[cfg(test)]
mod tests {
    use super::super::digits::tests::single_digit_changes;
    use super::*;

    #[test]
    fn single_digit_errors_of_ten_digits_show() {
        // Its check digit is not 0, so that no other remainder ends in the same digit.
        for changed in single_digit_changes("7707314029") {
            assert_eq!(
                InnLegal::try_from(changed.as_str()),
                Err(Fault::InnCheckDigit),
                "{changed}"
            );
        }
    }

    #[test]
    fn single_digit_errors_hide_only_between_remainders_0_and_10() {
        let sum = |text: &str| {
            let digits = digits::<10>(text, Fault::InnLength, Fault::InnDigits).unwrap();
            weighted_sum(&digits, &[2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11
        };
        let original = "1000000010";
        assert_eq!(sum(original), 10);
        for changed in single_digit_changes(original) {
            let accepted = InnLegal::try_from(changed.as_str()).is_ok();
            assert_eq!(accepted, changed.ends_with('0') && sum(&changed) == 0, "{changed}");
        }
    }

    #[test]
    fn single_digit_errors_of_twelve_digits_show() {
        for number in ["500100732259", "990000045606", "000000012373"] {
            for changed in single_digit_changes(number) {
                assert!(InnPerson::try_from(changed.as_str()).is_err(), "{changed}");
            }
        }
    }

    #[test]
    fn pasted_forms_are_cleaned() {
        assert_eq!(InnLegal::from_typed(" 77 07-314029\u{a0}").unwrap().as_str(), "7707314029");
        assert_eq!(InnLegal::from_typed("007707314029").unwrap().as_str(), "7707314029");
        assert_eq!(InnPerson::from_typed("5001 0073 2259").unwrap().as_str(), "500100732259");
        assert_eq!(InnLegal::try_from(" 7707314029"), Err(Fault::InnDigits));
    }
}
