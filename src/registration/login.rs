//! Sign-in names and their proposal from a person's name.

use super::checked::{checked_string, display_as_is};
use super::{Fault, PersonName};

checked_string! {
    /// A sign-in name: 3 to 64 of `a-z 0-9 . _ - @`, small letters only.
    Login, check
}

display_as_is!(Login);

impl Login {
    /// Reads a typed login: outer spaces are dropped, capitals become small.
    ///
    /// # Errors
    /// [`Fault::LoginForm`].
    pub fn from_typed(typed: &str) -> Result<Self, Fault> {
        Self::try_from(typed.trim().to_ascii_lowercase())
    }

    /// Proposes surname and initials in Latin letters, numbered until one is not `taken`.
    ///
    /// «Щедрин Иван Ильич» becomes `shchedrin.ii`, then `shchedrin.ii2` and so on; when 99 999
    /// are taken, the first is proposed again.
    ///
    /// ```
    /// use gost_ca::registration::{Login, NamePart, PersonName};
    /// let part = |text| NamePart::try_from(text);
    /// let name = PersonName::new(part("Щедрин")?, part("Иван")?, Some(part("Ильич")?))?;
    /// assert_eq!(Login::propose(&name, |_| false).as_str(), "shchedrin.ii");
    /// # Ok::<(), gost_ca::registration::Fault>(())
    /// ```
    pub fn propose(name: &PersonName, mut taken: impl FnMut(&Self) -> bool) -> Self {
        let stem = stem(name);
        let first = Self(stem.clone());
        if !taken(&first) {
            return first;
        }
        let mut numbered = (2..=99_999_u32).map(|number| Self(format!("{stem}{number}")));
        numbered.find(|login| !taken(login)).unwrap_or(first)
    }
}

fn stem(name: &PersonName) -> String {
    let surname: String = latin(name.surname().as_str()).chars().take(40).collect();
    let surname = if surname.is_empty() { "user".to_owned() } else { surname };
    let initials: String = [Some(name.given_name()), name.patronymic()]
        .into_iter()
        .flatten()
        .filter_map(|part| latin(part.as_str()).chars().next())
        .collect();
    let stem = if initials.is_empty() { surname } else { format!("{surname}.{initials}") };
    format!("{stem:0<3}")
}

/// Transliterates as Russian passports do (ICAO Doc 9303, part 3, table of Cyrillic letters).
fn latin(text: &str) -> String {
    let mut latin = String::new();
    for character in text.chars().flat_map(char::to_lowercase) {
        match LETTERS.iter().find(|&&(cyrillic, _)| cyrillic == character) {
            Some((_, letters)) => latin.push_str(letters),
            None if character.is_ascii_lowercase() => latin.push(character),
            None => {}
        }
    }
    latin
}

fn check(text: &str) -> Result<(), Fault> {
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let fits = (3..=64).contains(&text.len())
        && text.chars().all(|c| edge(c) || "._-@".contains(c))
        && text.starts_with(edge)
        && text.ends_with(edge);
    if fits { Ok(()) } else { Err(Fault::LoginForm) }
}

const LETTERS: &[(char, &str)] = &[
    ('а', "a"),
    ('б', "b"),
    ('в', "v"),
    ('г', "g"),
    ('д', "d"),
    ('е', "e"),
    ('ё', "e"),
    ('ж', "zh"),
    ('з', "z"),
    ('и', "i"),
    ('й', "i"),
    ('к', "k"),
    ('л', "l"),
    ('м', "m"),
    ('н', "n"),
    ('о', "o"),
    ('п', "p"),
    ('р', "r"),
    ('с', "s"),
    ('т', "t"),
    ('у', "u"),
    ('ф', "f"),
    ('х', "kh"),
    ('ц', "ts"),
    ('ч', "ch"),
    ('ш', "sh"),
    ('щ', "shch"),
    ('ъ', "ie"),
    ('ы', "y"),
    ('ь', ""),
    ('э', "e"),
    ('ю', "iu"),
    ('я', "ia"),
    ('і', "i"),
    ('ї', "i"),
    ('є', "ie"),
    ('ґ', "g"),
    ('ў', "u"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registration::NamePart;

    fn name(surname: &str, given: &str) -> PersonName {
        let part = |text: &str| NamePart::try_from(text).unwrap();
        PersonName::new(part(surname), part(given), None).unwrap()
    }

    #[test]
    fn proposals_are_valid_logins() {
        for (surname, given, login) in [
            ("Щедрин", "Юлия", "shchedrin.i"),
            ("О'Нил", "Анна", "onil.a"),
            ("Ы", "Ь", "y00"),
            ("王", "小", "user"),
            ("Салтыков-Щедрин", "Ёж", "saltykovshchedrin.e"),
            ("Nguyễn", "An", "nguyn.a"),
        ] {
            let proposal = Login::propose(&name(surname, given), |_| false);
            assert_eq!(proposal.as_str(), login);
            assert!(Login::try_from(proposal.as_str()).is_ok());
        }
        let long = Login::propose(&name(&"щ".repeat(128), "Щит"), |_| false);
        assert!(Login::try_from(long.as_str()).is_ok());
    }

    #[test]
    fn taken_logins_are_numbered() {
        let mut asked = 0;
        let login = Login::propose(&name("Ким", "Ир"), |_| {
            asked += 1;
            asked < 3
        });
        assert_eq!(login.as_str(), "kim.i3");
        assert_eq!(Login::propose(&name("Ким", "Ир"), |_| true).as_str(), "kim.i");
    }

    #[test]
    fn logins_have_one_spelling() {
        assert_eq!(Login::from_typed(" Ivanov.II ").unwrap().as_str(), "ivanov.ii");
        for bad in ["ab", "Иванов", "a b c", ".abc", "abc.", "a/b/c", "", "ABC"] {
            assert_eq!(Login::try_from(bad), Err(Fault::LoginForm), "{bad}");
        }
    }
}
