//! SNILS, a person's insurance account number.

use core::fmt;

use super::Fault;
use super::checked::checked_string;
use super::digits::{digits, remainder, weighted_sum, without_separators};

checked_string! {
    /// A SNILS: 11 digits kept, printed as `XXX-XXX-XXX YY`.
    ///
    /// The two check digits are `(Σ dᵢ·(10−i) mod 101) mod 100`, which sees every single-digit
    /// error except one that moves the sum between the remainders 0 and 100. They are defined for
    /// numbers above 001-001-998; older numbers are accepted with any check digits.
    ///
    /// ```
    /// use gost_ca::registration::Snils;
    /// let snils = Snils::from_typed("112-233-445 95")?;
    /// assert_eq!(snils.as_str(), "11223344595");
    /// assert_eq!(snils.to_string(), "112-233-445 95");
    /// # Ok::<(), gost_ca::registration::Fault>(())
    /// ```
    Snils, check
}

impl Snils {
    /// Reads a pasted number: spaces and dashes are dropped.
    ///
    /// # Errors
    /// As `try_from` after cleaning.
    pub fn from_typed(typed: &str) -> Result<Self, Fault> {
        Self::try_from(without_separators(typed))
    }
}

impl fmt::Display for Snils {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, digit) in self.0.chars().enumerate() {
            match place {
                3 | 6 => write!(f, "-{digit}")?,
                9 => write!(f, " {digit}")?,
                _ => write!(f, "{digit}")?,
            }
        }
        Ok(())
    }
}

fn check(text: &str) -> Result<(), Fault> {
    let [number @ .., tens, units] = digits::<11>(text, Fault::SnilsLength, Fault::SnilsDigits)?;
    if number == [0; 9] {
        return Err(Fault::SnilsZeros);
    }
    let expected = weighted_sum(&number, &[9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101 % 100;
    if number <= LAST_UNCHECKED || remainder::<100>(&[tens, units]) == expected {
        Ok(())
    } else {
        Err(Fault::SnilsCheckDigit)
    }
}

/// Check digits are defined for greater numbers only.
const LAST_UNCHECKED: [u32; 9] = [0, 0, 1, 0, 0, 1, 9, 9, 8];

#[cfg(test)]
mod tests {
    use super::super::digits::tests::single_digit_changes;
    use super::*;

    #[test]
    fn single_digit_errors_show() {
        for number in ["11223344595", "99000012362", "92001000001"] {
            for changed in single_digit_changes(number) {
                assert_eq!(Snils::try_from(changed), Err(Fault::SnilsCheckDigit), "{number}");
            }
        }
    }

    #[test]
    fn single_digit_errors_hide_only_between_remainders_0_and_100() {
        let sum = |text: &str| {
            let digits = digits::<11>(text, Fault::SnilsLength, Fault::SnilsDigits).unwrap();
            weighted_sum(&digits, &[9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101
        };
        let original = "92000010000";
        assert_eq!(sum(original), 100);
        for changed in single_digit_changes(original) {
            let accepted = Snils::try_from(changed.as_str()).is_ok();
            assert_eq!(accepted, changed.ends_with("00") && sum(&changed) == 0, "{changed}");
        }
    }

    #[test]
    fn old_numbers_have_no_defined_check_digits() {
        assert!(Snils::try_from("00100199812").is_ok());
        assert_eq!(Snils::try_from("00100199912"), Err(Fault::SnilsCheckDigit));
        assert_eq!(Snils::try_from("00000000012"), Err(Fault::SnilsZeros));
    }

    #[test]
    fn debug_hides_the_number() {
        assert_eq!(format!("{:?}", Snils::try_from("11223344595").unwrap()), "Snils(..)");
    }
}
