//! A person's name: surname, given name, optional patronymic.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::Fault;
use super::checked::{checked_string, display_as_is};
use super::search::search_words;
use super::text::{check_line, tidy};

checked_string! {
    /// A surname, given name or patronymic of 1 to 128 characters.
    ///
    /// Letters of any alphabet (one alphabet per word), spaces, hyphens, apostrophes and dots, so
    /// that «Салтыков-Щедрин», «О'Нил», «Мамедов оглы» and «Ёлкин» pass.
    NamePart, check_part
}

display_as_is!(NamePart);

impl NamePart {
    /// Reads a typed name: spaces are tidied, apostrophes and hyphens of other kinds replaced.
    ///
    /// # Errors
    /// As `try_from` after cleaning.
    pub fn from_typed(typed: &str) -> Result<Self, Fault> {
        let plain = |character| match character {
            '\u{2018}' | '\u{2019}' | '\u{2bc}' | '`' | '\u{b4}' => '\'',
            '\u{2010}'..='\u{2013}' | '\u{2212}' => '-',
            other => other,
        };
        Self::try_from(tidy(typed).chars().map(plain).collect::<String>())
    }
}

/// Surname, given name and patronymic as the identity document spells them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct PersonName(Parts);

impl PersonName {
    /// Joins the parts.
    ///
    /// # Errors
    /// [`Fault::NamesTooLong`] when given name and patronymic exceed `givenName`'s 128 characters.
    pub fn new(
        surname: NamePart,
        given_name: NamePart,
        patronymic: Option<NamePart>,
    ) -> Result<Self, Fault> {
        Self::try_from(Parts { surname, given_name, patronymic })
    }

    /// «Фамилия».
    pub const fn surname(&self) -> &NamePart {
        &self.0.surname
    }

    /// «Имя».
    pub const fn given_name(&self) -> &NamePart {
        &self.0.given_name
    }

    /// «Отчество», which not everybody has.
    pub const fn patronymic(&self) -> Option<&NamePart> {
        self.0.patronymic.as_ref()
    }

    /// Given name and patronymic together, the attribute `givenName`.
    pub fn given_names(&self) -> String {
        self.0.given_names()
    }

    /// Surname, given name and patronymic, the attribute `commonName` of a person.
    pub fn full(&self) -> String {
        format!("{} {}", self.surname(), self.given_names())
    }

    /// Whether both name the same person: case, Ё and Е, apostrophes and hyphens do not matter.
    pub fn same_as(&self, other: &Self) -> bool {
        let words = |name: &Self| search_words(&name.full());
        words(self) == words(other)
    }
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.full())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    surname: NamePart,
    given_name: NamePart,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    patronymic: Option<NamePart>,
}

impl Parts {
    fn given_names(&self) -> String {
        match &self.patronymic {
            Some(patronymic) => format!("{} {patronymic}", self.given_name),
            None => self.given_name.to_string(),
        }
    }
}

impl TryFrom<Parts> for PersonName {
    type Error = Fault;

    fn try_from(parts: Parts) -> Result<Self, Fault> {
        if parts.given_names().chars().count() > MAX_PART {
            return Err(Fault::NamesTooLong);
        }
        Ok(Self(parts))
    }
}

impl From<PersonName> for Parts {
    fn from(name: PersonName) -> Self {
        name.0
    }
}

fn check_part(text: &str) -> Result<(), Fault> {
    check_line(text, MAX_PART)?;
    if !text.chars().all(|c| c.is_alphabetic() || MARKS.contains(c)) {
        return Err(Fault::NameCharacters);
    }
    // «'т Хоофт» begins with an apostrophe, «Мл.» ends with a dot.
    let begins = text.starts_with(|c: char| c.is_alphabetic() || c == '\'' || c == '\u{2019}');
    let ends = !text.ends_with('-');
    let doubled = ["--", "''", "..", "-'", "'-"].iter().any(|marks| text.contains(marks));
    if !begins || !ends || doubled || !text.contains(char::is_alphabetic) {
        return Err(Fault::NameForm);
    }
    if text.split([' ', '-']).any(mixes_alphabets) {
        return Err(Fault::NameMixedAlphabet);
    }
    Ok(())
}

/// A Latin letter inside a Russian word looks right and is found by no search.
fn mixes_alphabets(word: &str) -> bool {
    let cyrillic = |c: char| matches!(c, '\u{400}'..='\u{52f}' | '\u{1c80}'..='\u{1c8f}');
    let latin = |c: char| {
        c.is_ascii_alphabetic() || matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
    };
    word.contains(cyrillic) && word.contains(latin)
}

const MARKS: &str = " -'\u{2019}.";

/// `surname` and `givenName` of the qualified profile (FSB order 795).
const MAX_PART: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    fn part(text: &str) -> NamePart {
        NamePart::try_from(text).unwrap()
    }

    #[test]
    fn names_people_have_are_accepted() {
        for name in [
            "Ёлкин",
            "Салтыков-Щедрин",
            "О'Нил",
            "О\u{2019}Коннор",
            "'т Хоофт",
            "Гейдар оглы",
            "де ла Крус",
            "Nguyễn",
            "Müller",
            "王",
            "Ы",
            "Ким Чен Ын",
            "Мл.",
            "Ҡунафин",
        ] {
            assert!(NamePart::try_from(name).is_ok(), "{name}");
        }
        assert!(NamePart::try_from("я".repeat(128)).is_ok());
    }

    #[test]
    fn what_is_no_name_is_refused() {
        use Fault::*;
        for (text, fault) in [
            ("", TextEmpty),
            (" Иванов", TextSpaces),
            ("Иванов ", TextSpaces),
            ("Ива\tнов", TextControl),
            ("Иванов1", NameCharacters),
            ("Иванов,", NameCharacters),
            ("-", NameForm),
            ("Петров-", NameForm),
            ("-Петров", NameForm),
            ("А--Б", NameForm),
            (".", NameForm),
            ("'", NameForm),
            ("Ивaнов", NameMixedAlphabet),
            ("Cидорова", NameMixedAlphabet),
        ] {
            assert_eq!(NamePart::try_from(text), Err(fault), "{text:?}");
        }
        assert_eq!(NamePart::try_from("я".repeat(129)), Err(TextTooLong));
    }

    #[test]
    fn given_names_fit_one_attribute() {
        let long = part(&"я".repeat(64));
        let name = PersonName::new(part("А"), long.clone(), Some(long));
        assert_eq!(name, Err(Fault::NamesTooLong));
    }

    #[test]
    fn typed_marks_are_made_plain() {
        assert_eq!(NamePart::from_typed(" О\u{2019}Нил\u{a0}").unwrap().as_str(), "О'Нил");
        assert_eq!(NamePart::from_typed("Щедрин\u{2010}Белый").unwrap().as_str(), "Щедрин-Белый");
    }

    #[test]
    fn same_name_whatever_the_spelling() {
        let name = |s, g, p: Option<&str>| PersonName::new(part(s), part(g), p.map(part)).unwrap();
        let semyon = name("Ёлкин", "Семён", Some("Петрович"));
        assert!(semyon.same_as(&name("ЕЛКИН", "Семен", Some("Петрович"))));
        assert!(!semyon.same_as(&name("Ёлкин", "Семён", None)));
        assert_eq!(semyon.full(), "Ёлкин Семён Петрович");
        assert!(!format!("{semyon:?}").contains("лкин"));
    }
}
