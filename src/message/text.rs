//! A row of the catalogue.

use crate::language::Language;

/// A code with its texts. `{name}` stands for an argument; what is in `[…]` is left out where an argument
/// inside of it is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// Stable for ever.
    pub code: &'static str,
    russian: Words,
    english: Words,
}

/// What is said in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// What it is, or what happened.
    pub says: &'static str,
    /// What to do next; none where nothing went wrong.
    pub next: Option<&'static str>,
}

impl Text {
    /// The words in a language.
    pub const fn words(&self, language: Language) -> &Words {
        match language {
            Language::Russian => &self.russian,
            Language::English => &self.english,
        }
    }
}

/// The name of something.
pub(super) const fn name(code: &'static str, russian: &'static str, english: &'static str) -> Text {
    let (russian, english) =
        (Words { says: russian, next: None }, Words { says: english, next: None });
    Text { code, russian, english }
}

/// What went wrong, and what to do next.
pub(super) const fn error(
    code: &'static str,
    [russian, do_russian]: [&'static str; 2],
    [english, do_english]: [&'static str; 2],
) -> Text {
    Text {
        code,
        russian: Words { says: russian, next: Some(do_russian) },
        english: Words { says: english, next: Some(do_english) },
    }
}
