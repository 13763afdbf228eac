//! Fixed-length strings of ASCII digits and their check digits.

use super::Fault;

/// Reads exactly `N` ASCII digits.
pub(super) fn digits<const N: usize>(
    text: &str,
    length: Fault,
    not_digits: Fault,
) -> Result<[u32; N], Fault> {
    let mut found = [0; N];
    let mut characters = text.chars();
    for place in &mut found {
        let character = characters.next().ok_or(length)?;
        // `to_digit` knows ASCII digits only, so that Arabic-Indic ones are refused.
        *place = character.to_digit(10).ok_or(not_digits)?;
    }
    characters.next().map_or(Ok(found), |_| Err(length))
}

/// Σ digit · weight, to the length of the shorter one.
#[expect(clippy::arithmetic_side_effects, reason = "at most 15 products of numbers below 14")]
pub(super) fn weighted_sum(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
}

/// The number written by the digits, modulo a small prime.
#[expect(clippy::arithmetic_side_effects, reason = "the remainder stays below the modulus")]
pub(super) fn remainder<const MODULUS: u32>(digits: &[u32]) -> u32 {
    const { assert!(MODULUS > 0 && MODULUS < 1000) };
    digits.iter().fold(0, |rest, digit| (rest * 10 + digit) % MODULUS)
}

/// Removes what people put between digits: spaces of any kind, dashes, direction marks.
pub(super) fn without_separators(typed: &str) -> String {
    typed.chars().filter(|&character| !is_separator(character)).collect()
}

/// Whether a character only separates digits of a pasted number.
pub(super) fn is_separator(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{200b}'..='\u{200f}' | '\u{feff}'
        )
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// All texts that differ from `number` in exactly one digit.
    pub(crate) fn single_digit_changes(number: &str) -> Vec<String> {
        let places = 0..number.len();
        let replace = |(place, digit): (usize, char)| {
            let mut text = number.to_owned();
            text.replace_range(place..=place, &digit.to_string());
            text
        };
        let all = places.flat_map(|place| ('0'..='9').map(move |digit| (place, digit)));
        all.map(replace).filter(|text| text != number).collect()
    }

    #[test]
    fn separators_are_cleaned() {
        let typed = "\u{200e}112\u{2011}233\u{a0}445 95\u{feff}";
        assert_eq!(without_separators(typed), "11223344595");
    }
}
