//! Text as people search for it: any case, Ё as Е, numbers with or without separators.

use super::digits::is_separator;
use super::text::compose;

/// Splits text into folded words: small letters, Ё as Е, apostrophes dropped.
///
/// Everything that is neither letter nor digit ends a word.
///
/// ```
/// use gost_ca::registration::search_words;
/// assert_eq!(search_words("О'Нил-Семёнова  АННА"), ["онил", "семенова", "анна"]);
/// ```
pub fn search_words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for character in compose(text).chars().filter(|&c| !is_apostrophe(c)) {
        if character.is_alphanumeric() {
            if let Some(word) = words.last_mut() {
                word.extend(character.to_lowercase().map(fold));
            }
        } else if words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Words in one string, each after a space: what a store keeps and matches ` prefix` against.
pub fn search_index<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let words = texts.into_iter().flat_map(search_words);
    words.flat_map(|word| [" ".to_owned(), word]).collect()
}

/// What somebody typed into the search box, ready to compare.
///
/// ```
/// use gost_ca::registration::{SearchQuery, search_index};
/// let index = search_index(["Ёлкин Семён Петрович", "11223344595"]);
/// assert!(SearchQuery::from_typed("елк СЕМ").matches(&index));
/// assert!(SearchQuery::from_typed("112-233-445 95").matches(&index));
/// assert!(!SearchQuery::from_typed("кин").matches(&index));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct SearchQuery {
    words: Vec<String>,
    number: Option<String>,
    hex: Option<String>,
}

impl SearchQuery {
    /// Reads a search box; any input is a query.
    pub fn from_typed(typed: &str) -> Self {
        let number: String = typed.chars().filter(|&c| !is_separator(c)).collect();
        let is_number = number.len() >= 2 && number.bytes().all(|byte| byte.is_ascii_digit());
        Self {
            words: search_words(typed),
            number: is_number.then_some(number),
            hex: hex_digits(typed),
        }
    }

    /// Folded words, each to be found as the beginning of a word.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The digits of an INN, SNILS or OGRN, when nothing else was typed.
    pub fn number(&self) -> Option<&str> {
        self.number.as_deref()
    }

    /// A serial or thumbprint in small hex digits, when the input can be one.
    pub fn hex(&self) -> Option<&str> {
        self.hex.as_deref()
    }

    /// Whether nothing was typed, which matches everything.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether an index of [`search_index`] holds all words, or the number.
    pub fn matches(&self, index: &str) -> bool {
        let begins = |word: &str| index.contains(&format!(" {word}"));
        self.words.iter().all(|word| begins(word)) || self.number().is_some_and(begins)
    }
}

impl core::fmt::Debug for SearchQuery {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SearchQuery(..)")
    }
}

/// Reads a serial or thumbprint as people paste it: `00 A1:b2`, `0xA1B2`, Cyrillic look-alikes.
///
/// Answers small hex digits without separators and leading zeros; `None` when it is not hex.
///
/// ```
/// use gost_ca::registration::hex_digits;
/// assert_eq!(hex_digits("\u{200e}00 A1:b2-С3").as_deref(), Some("a1b2c3"));
/// assert_eq!(hex_digits("Иванов"), None);
/// ```
pub fn hex_digits(typed: &str) -> Option<String> {
    let clean: String = typed
        .chars()
        .filter(|&character| !is_separator(character) && character != ':')
        .map(|character| latin_look_alike(character).to_ascii_lowercase())
        .collect();
    let digits = clean.strip_prefix("0x").unwrap_or(&clean);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let significant = digits.trim_start_matches('0');
    Some(if significant.is_empty() { "0" } else { significant }.to_owned())
}

const fn fold(character: char) -> char {
    match character {
        'ё' => 'е',
        other => other,
    }
}

const fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '\u{2019}' | '\u{2018}' | '\u{2bc}' | '`' | '\u{b4}')
}

/// A hex number typed in the Russian layout.
const fn latin_look_alike(character: char) -> char {
    match character {
        'А' | 'а' => 'A',
        'В' => 'B',
        'С' | 'с' => 'C',
        'Е' | 'е' => 'E',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cyrillic_case_and_yo_do_not_matter() {
        assert_eq!(search_words("ЁЛКИН"), search_words("елкин"));
        assert_eq!(search_words("Андреи\u{306}"), ["андрей"]);
        assert_eq!(search_words(" -- "), Vec::<String>::new());
    }

    #[test]
    fn query_needs_every_word_as_a_beginning() {
        let index = search_index(["Салтыкова-Щедрина Мария", "7707314029"]);
        for found in ["щедр", "мар салт", "МАРИЯ", "7707 31", "7707314029", ""] {
            assert!(SearchQuery::from_typed(found).matches(&index), "{found}");
        }
        for missed in ["едрина", "мария иванова", "0731"] {
            assert!(!SearchQuery::from_typed(missed).matches(&index), "{missed}");
        }
    }

    #[test]
    fn serials_are_read_as_pasted() {
        for typed in ["01A2b3", "1a2b3", "0x01A2B3", "01:a2:b3", "01 A2 B3", "01-А2-В3"] {
            assert_eq!(hex_digits(typed).as_deref(), Some("1a2b3"), "{typed}");
        }
        assert_eq!(hex_digits("00 00").as_deref(), Some("0"));
        assert_eq!(hex_digits(""), None);
        assert_eq!(hex_digits("0x"), None);
    }
}
