//! What a password must be, and temporary ones.

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{Fault, Login};
use crate::secret::Secret;

/// Rules for a password that a person chooses.
///
/// The default is the operator's manual: at least 8 characters, letters and digits, not the
/// temporary one.
///
/// ```
/// use gost_ca::registration::{Fault, PasswordPolicy};
/// let policy = PasswordPolicy::default();
/// assert_eq!(policy.check("ключ-2024", Some("a2b3c4d5e6"), None), Ok(()));
/// assert_eq!(policy.check("password", None, None), Err(vec![Fault::PasswordNoDigit]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordPolicy {
    min_length: usize,
}

impl PasswordPolicy {
    /// A policy stricter than the default; fewer than 8 characters become 8.
    pub fn with_min_length(min_length: usize) -> Self {
        Self { min_length: min_length.clamp(MIN_LENGTH, MAX_LENGTH) }
    }

    /// Fewest characters.
    pub const fn min_length(self) -> usize {
        self.min_length
    }

    /// Checks a chosen password against all rules.
    ///
    /// # Errors
    /// Every rule that it breaks.
    pub fn check(
        self,
        password: &str,
        temporary: Option<&str>,
        login: Option<&Login>,
    ) -> Result<(), Vec<Fault>> {
        let length = password.chars().count();
        let same = |other: &str| bool::from(other.as_bytes().ct_eq(password.as_bytes()));
        let rules = [
            (length < self.min_length, Fault::PasswordTooShort),
            (length > MAX_LENGTH, Fault::PasswordTooLong),
            (!password.contains(char::is_alphabetic), Fault::PasswordNoLetter),
            (!password.contains(|c: char| c.is_ascii_digit()), Fault::PasswordNoDigit),
            (password.contains(char::is_control), Fault::PasswordControl),
            (temporary.is_some_and(same), Fault::PasswordTemporary),
            (login.is_some_and(|login| same(login.as_str())), Fault::PasswordIsLogin),
        ];
        let broken: Vec<Fault> =
            rules.into_iter().filter_map(|(broken, fault)| broken.then_some(fault)).collect();
        if broken.is_empty() { Ok(()) } else { Err(broken) }
    }
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self { min_length: MIN_LENGTH }
    }
}

/// Why no temporary password could be made.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum TemporaryPasswordError<E> {
    /// The source of random bytes failed.
    #[error("the source of random bytes failed")]
    Source(#[source] E),
    /// The source repeats itself so much that it cannot be random.
    #[error("the source of random bytes is not random")]
    NotRandom,
}

/// Makes a password of 10 characters that cannot be misread, with a letter and a digit among them.
///
/// The characters are uniform (no modulo bias) over 56 letters and digits without `0 O o 1 l I`:
/// 57 bits. `random` fills the buffer it is given.
///
/// # Errors
/// [`TemporaryPasswordError::Source`] passes on a failure of `random`;
/// [`TemporaryPasswordError::NotRandom`] after 64 tries that no random source would fail.
pub fn temporary_password<E>(
    random: &mut dyn FnMut(&mut [u8]) -> Result<(), E>,
) -> Result<Secret, TemporaryPasswordError<E>> {
    for _ in 0..TRIES {
        let mut bytes = Zeroizing::new([0; 2 * TEMPORARY_LENGTH]);
        random(bytes.as_mut_slice()).map_err(TemporaryPasswordError::Source)?;
        let letters = bytes.iter().filter_map(|&byte| letter(byte)).take(TEMPORARY_LENGTH);
        let mut password = Zeroizing::new(String::with_capacity(TEMPORARY_LENGTH));
        password.extend(letters);
        // Refusing whole passwords keeps the accepted ones uniform.
        if password.len() == TEMPORARY_LENGTH
            && PasswordPolicy::default().check(&password, None, None).is_ok()
        {
            return Ok(Secret::new(password.as_bytes()));
        }
    }
    Err(TemporaryPasswordError::NotRandom)
}

/// Bytes from 224 = 4 · 56 up would favour the first letters and are dropped.
fn letter(byte: u8) -> Option<char> {
    let letters = ALPHABET.len();
    let index = usize::from(byte);
    let fair = index < 256_usize.checked_div(letters)?.checked_mul(letters)?;
    fair.then(|| index.checked_rem(letters))?
        .and_then(|at| ALPHABET.get(at))
        .map(|&b| char::from(b))
}

const ALPHABET: &[u8; 56] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const TEMPORARY_LENGTH: usize = 10;
const MIN_LENGTH: usize = 8;
/// Bounds the work of a deliberately slow password hash.
const MAX_LENGTH: usize = 128;
/// A try fails with probability below 1/4, so that all fail with probability below 2⁻¹²⁸.
const TRIES: usize = 64;

#[cfg(test)]
mod tests {
    use core::convert::Infallible;

    use super::*;

    #[test]
    fn manual_rules_hold() {
        use Fault::*;
        let check = |password| PasswordPolicy::default().check(password, Some("Temp2345ab"), None);
        assert_eq!(check("пароль22"), Ok(()));
        assert_eq!(check(""), Err(vec![PasswordTooShort, PasswordNoLetter, PasswordNoDigit]));
        assert_eq!(check("12345678"), Err(vec![PasswordNoLetter]));
        assert_eq!(check("abcdefgh"), Err(vec![PasswordNoDigit]));
        assert_eq!(check("abcdef7"), Err(vec![PasswordTooShort]));
        assert_eq!(check("abcdefg7\n"), Err(vec![PasswordControl]));
        assert_eq!(check("Temp2345ab"), Err(vec![PasswordTemporary]));
        assert_eq!(check(&"a1".repeat(65)), Err(vec![PasswordTooLong]));
        let login = Login::try_from("ivanov.ii2").unwrap();
        let policy = PasswordPolicy::with_min_length(1);
        assert_eq!(policy.check("ivanov.ii2", None, Some(&login)), Err(vec![PasswordIsLogin]));
        assert_eq!(policy.min_length(), 8);
    }

    /// A small generator: the test needs many bytes, not secret ones.
    fn splitmix(seed: u64) -> impl FnMut(&mut [u8]) -> Result<(), Infallible> {
        let mut state = seed;
        move |out: &mut [u8]| {
            for byte in out {
                state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
                let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                *byte =
                    (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb).to_be_bytes()[0];
            }
            Ok(())
        }
    }

    #[test]
    fn every_letter_comes_equally_often_from_bytes() {
        let mut counts = std::collections::BTreeMap::new();
        for found in (0..=255).filter_map(letter) {
            *counts.entry(found).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 56);
        assert!(counts.values().all(|&count| count == 4));
        assert!(!counts.keys().any(|&letter| "0Oo1lI".contains(letter)));
    }

    #[test]
    fn temporary_passwords_follow_the_policy_and_differ() {
        let mut random = splitmix(7);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..500 {
            let password = temporary_password(&mut random).unwrap();
            let text = password.expose_str().unwrap();
            assert_eq!(text.len(), 10);
            assert_eq!(PasswordPolicy::default().check(text, None, None), Ok(()));
            seen.insert(text.to_owned());
        }
        assert_eq!(seen.len(), 500);
    }

    #[test]
    fn broken_sources_are_refused() {
        let mut stuck = |out: &mut [u8]| -> Result<(), Infallible> {
            out.fill(0);
            Ok(())
        };
        let stuck = temporary_password(&mut stuck);
        assert!(matches!(stuck, Err(TemporaryPasswordError::NotRandom)));
        let failed = temporary_password(&mut |_: &mut [u8]| Err("unplugged"));
        assert!(matches!(failed, Err(TemporaryPasswordError::Source("unplugged"))));
    }
}
