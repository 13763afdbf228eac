//! Single-line text of a limited length.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::Fault;

/// One line of 1 to `MAX` characters, without invisible ones.
///
/// X.520 counts characters, not bytes. Control, bidirectional and zero-width characters are
/// refused: a printed form must show what the certificate holds.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Text<const MAX: usize>(String);

impl<const MAX: usize> Text<MAX> {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads typed text: outer and repeated spaces are dropped, split letters composed.
    ///
    /// # Errors
    /// As `try_from` after cleaning.
    pub fn from_typed(typed: &str) -> Result<Self, Fault> {
        Self::try_from(tidy(typed))
    }
}

impl<const MAX: usize> TryFrom<String> for Text<MAX> {
    type Error = Fault;

    fn try_from(text: String) -> Result<Self, Fault> {
        check_line(&text, MAX).map(|()| Self(text))
    }
}

impl<const MAX: usize> TryFrom<&str> for Text<MAX> {
    type Error = Fault;

    fn try_from(text: &str) -> Result<Self, Fault> {
        Self::try_from(text.to_owned())
    }
}

impl<const MAX: usize> From<Text<MAX>> for String {
    fn from(text: Text<MAX>) -> Self {
        text.0
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const MAX: usize> fmt::Debug for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Text(..)")
    }
}

/// The rules of one line, shared with names.
pub(super) fn check_line(text: &str, max: usize) -> Result<(), Fault> {
    if text.is_empty() {
        return Err(Fault::TextEmpty);
    }
    if text.chars().any(is_invisible) {
        return Err(Fault::TextControl);
    }
    let odd_space = text.contains(|c: char| c.is_whitespace() && c != ' ');
    if odd_space || text.trim() != text || text.contains("  ") {
        return Err(Fault::TextSpaces);
    }
    if text.chars().count() > max { Err(Fault::TextTooLong) } else { Ok(()) }
}

/// Trims, joins runs of spaces of any kind, composes split Cyrillic letters.
pub(super) fn tidy(typed: &str) -> String {
    let composed = compose(typed);
    let mut tidy = String::with_capacity(composed.len());
    for word in composed.split_whitespace() {
        if !tidy.is_empty() {
            tidy.push(' ');
        }
        tidy.push_str(word);
    }
    tidy
}

/// Composes the Cyrillic letters that some systems paste as letter and mark (NFD).
pub(super) fn compose(text: &str) -> String {
    let mut composed = String::with_capacity(text.len());
    for character in text.chars() {
        let Some(last) = composed.chars().next_back() else {
            composed.push(character);
            continue;
        };
        let pair = COMPOSED.iter().find(|&&(base, mark, _)| (base, mark) == (last, character));
        if pair.is_some() {
            composed.pop();
        }
        composed.push(pair.map_or(character, |&(_, _, letter)| letter));
    }
    composed
}

fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{e000}'..='\u{f8ff}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'..='\u{10ffff}')
}

/// Base, combining mark, letter.
const COMPOSED: &[(char, char, char)] = &[
    ('и', '\u{306}', 'й'),
    ('И', '\u{306}', 'Й'),
    ('е', '\u{308}', 'ё'),
    ('Е', '\u{308}', 'Ё'),
    ('і', '\u{308}', 'ї'),
    ('І', '\u{308}', 'Ї'),
    ('у', '\u{306}', 'ў'),
    ('У', '\u{306}', 'Ў'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_counts_characters() {
        assert!(Text::<3>::try_from("ёёё").is_ok());
        assert_eq!(Text::<3>::try_from("ёёёё"), Err(Fault::TextTooLong));
        assert_eq!(Text::<3>::try_from(""), Err(Fault::TextEmpty));
        assert_eq!(Text::<3>::from_typed(" \u{a0}"), Err(Fault::TextEmpty));
    }

    #[test]
    fn what_a_print_would_not_show_is_refused() {
        for bad in ["a\nb", "a\u{0}", "a\u{200b}b", "a\u{202e}b", "\u{feff}a", "a\u{fffd}"] {
            assert_eq!(Text::<9>::try_from(bad), Err(Fault::TextControl), "{bad:?}");
        }
        for bad in [" a", "a ", "a  b", "\u{a0}a", "a\u{a0}b", "a\u{2003}b"] {
            assert_eq!(Text::<9>::try_from(bad), Err(Fault::TextSpaces), "{bad:?}");
        }
    }

    #[test]
    fn typed_text_is_tidied() {
        let text = Text::<40>::from_typed("  Андреи\u{306}  Семе\u{308}нов\u{a0}").unwrap();
        assert_eq!(text.as_str(), "Андрей Семёнов");
    }
}
