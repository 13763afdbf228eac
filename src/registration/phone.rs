//! Telephone numbers in the international form.

use super::Fault;
use super::checked::{checked_string, display_as_is};
use super::digits::is_separator;

checked_string! {
    /// A number of E.164: `+` and 8 to 15 digits.
    Phone, check
}

display_as_is!(Phone);

impl Phone {
    /// Reads `+7 (495) 123-45-67`; a Russian number may begin with 8, 7 or the area code.
    ///
    /// # Errors
    /// [`Fault::PhoneForm`].
    pub fn from_typed(typed: &str) -> Result<Self, Fault> {
        let drop = |c: &char| !is_separator(*c) && !matches!(c, '(' | ')' | '.');
        let clean: String = typed.chars().filter(drop).collect();
        Self::try_from(match (clean.len(), clean.split_at_checked(1)) {
            (11, Some(("8" | "7", rest))) => format!("+7{rest}"),
            (10, Some(("3" | "4" | "8" | "9", _))) => format!("+7{clean}"),
            _ => clean,
        })
    }
}

fn check(text: &str) -> Result<(), Fault> {
    let digits = text.strip_prefix('+').ok_or(Fault::PhoneForm)?;
    let fits = (8..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0');
    if fits { Ok(()) } else { Err(Fault::PhoneForm) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_numbers_become_international() {
        for typed in ["+7 (495) 123-45-67", "8 495 123 45 67", "84951234567", "(495) 123.45.67"] {
            assert_eq!(Phone::from_typed(typed).unwrap().as_str(), "+74951234567", "{typed}");
        }
        assert_eq!(Phone::from_typed("+375 29 123-45-67").unwrap().as_str(), "+375291234567");
        for bad in ["", "123", "+0 495 123 45 67", "+7495123456789012", "звонить вечером"]
        {
            assert_eq!(Phone::from_typed(bad), Err(Fault::PhoneForm), "{bad}");
        }
    }
}
