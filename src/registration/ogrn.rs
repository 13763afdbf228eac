//! OGRN and OGRNIP, the state register's numbers of organisations and entrepreneurs.

use super::Fault;
use super::checked::{checked_string, display_as_is};
use super::digits::{digits, remainder, without_separators};

checked_string! {
    /// The OGRN of an organisation: 13 digits, begins with 1 or 5.
    ///
    /// The check digit is `(first 12 mod 11) mod 10`; it sees every single-digit error except one
    /// that moves the number between the remainders 0 and 10.
    Ogrn, check_ogrn
}

checked_string! {
    /// The OGRNIP of an entrepreneur: 15 digits, begins with 3.
    ///
    /// The check digit is `(first 14 mod 13) mod 10`; a single-digit error hides when it moves the
    /// number between remainders that end in the same digit (0 and 10, 1 and 11, 2 and 12).
    Ogrnip, check_ogrnip
}

display_as_is!(Ogrn, Ogrnip);

impl Ogrn {
    /// Reads a pasted number: spaces and dashes are dropped.
    ///
    /// # Errors
    /// As `try_from` after cleaning.
    pub fn from_typed(typed: &str) -> Result<Self, Fault> {
        Self::try_from(without_separators(typed))
    }
}

impl Ogrnip {
    /// Reads a pasted number: spaces and dashes are dropped.
    ///
    /// # Errors
    /// As `try_from` after cleaning.
    pub fn from_typed(typed: &str) -> Result<Self, Fault> {
        Self::try_from(without_separators(typed))
    }
}

fn check_ogrn(text: &str) -> Result<(), Fault> {
    let [number @ .., check] = digits::<13>(text, Fault::OgrnLength, Fault::OgrnDigits)?;
    if !matches!(number, [1 | 5, ..]) {
        return Err(Fault::OgrnFirstDigit);
    }
    if remainder::<11>(&number) % 10 == check { Ok(()) } else { Err(Fault::OgrnCheckDigit) }
}

fn check_ogrnip(text: &str) -> Result<(), Fault> {
    let [number @ .., check] = digits::<15>(text, Fault::OgrnipLength, Fault::OgrnipDigits)?;
    if !matches!(number, [3, ..]) {
        return Err(Fault::OgrnipFirstDigit);
    }
    if remainder::<13>(&number) % 10 == check { Ok(()) } else { Err(Fault::OgrnipCheckDigit) }
}

#[cfg(test)]
mod tests {
    use super::super::digits::tests::single_digit_changes;
    use super::*;

    #[test]
    fn single_digit_errors_hide_only_where_documented() {
        for number in ["1027700166636", "1000000000110", "5067847000030"] {
            let accepted = |text: &str| Ogrn::try_from(text).is_ok();
            for changed in single_digit_changes(number).iter().filter(|text| accepted(text)) {
                assert_eq!(pair(rest::<13, 11>(number), rest::<13, 11>(changed)), (0, 10));
            }
        }
        for number in ["304500116000157", "300000000000190", "300000000000212"] {
            let accepted = |text: &str| Ogrnip::try_from(text).is_ok();
            for changed in single_digit_changes(number).iter().filter(|text| accepted(text)) {
                let (low, high) = pair(rest::<15, 13>(number), rest::<15, 13>(changed));
                assert_eq!((high, low < 3), (low + 10, true), "{changed}");
            }
        }
    }

    fn rest<const N: usize, const MODULUS: u32>(text: &str) -> u32 {
        let digits = digits::<N>(text, Fault::OgrnLength, Fault::OgrnDigits).unwrap();
        digits.split_last().map(|(_, number)| remainder::<MODULUS>(number)).unwrap()
    }

    fn pair(one: u32, other: u32) -> (u32, u32) {
        (one.min(other), one.max(other))
    }

    #[test]
    fn first_digit_tells_the_register() {
        assert_eq!(Ogrn::try_from("304500116000157"), Err(Fault::OgrnLength));
        assert_eq!(Ogrn::try_from("3027700166638"), Err(Fault::OgrnFirstDigit));
        assert_eq!(Ogrnip::try_from("104500116000157"), Err(Fault::OgrnipFirstDigit));
    }
}
