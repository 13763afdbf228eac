//! What every text promises.

use std::collections::BTreeSet;

use gost_ca::language::Language::{self, English, Russian};
use gost_ca::message::Text;
use gost_ca::registration::Fault;

use super::texts;

/// Latin words that Russian texts may have: names of formats, and what people type.
const ALLOWED: &[&str] = &[
    "JSON",
    "DER",
    "PEM",
    "Base64",
    "UTF-8",
    "RU",
    "name@example.org",
    "a-z",
    "CSV",
    "docs/applications.md",
    "docs/bulk.md",
    "form",
    "issue",
    "suspend",
    "resume",
    "renew",
    "revoke",
    "delete",
    "edit",
];

fn parts(text: &Text, language: Language) -> Vec<&'static str> {
    let words = text.words(language);
    [Some(words.says), words.next].into_iter().flatten().collect()
}

fn arguments(part: &str) -> BTreeSet<&str> {
    part.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()).collect()
}

/// The text without its arguments.
fn plain(part: &str) -> String {
    let mut pieces = part.split('{');
    let first = pieces.next().unwrap().to_owned();
    pieces.fold(first, |text, piece| text + piece.split_once('}').unwrap().1)
}

#[test]
fn russian_texts_are_russian() {
    for text in texts() {
        for part in parts(text, Russian) {
            let plain = plain(part);
            let letters = |c: char| ('а'..='я').contains(&c) || c == 'ё';
            assert!(plain.to_lowercase().contains(letters), "{}: {part}", text.code);
            for word in plain.split([' ', ',', ':', ';', '«', '»', '(', ')', '[', ']']) {
                let latin = word.contains(|c: char| c.is_ascii_alphabetic());
                let word = word.trim_end_matches('.');
                assert!(!latin || ALLOWED.contains(&word), "{}: {word} in {part}", text.code);
            }
        }
    }
}

#[test]
fn english_texts_are_english() {
    for text in texts() {
        for part in parts(text, English) {
            let cyrillic = part.contains(|c: char| ('\u{400}'..'\u{500}').contains(&c));
            let sample = text.code == "region.unknown"; // names a Russian region as it is written
            assert!(!cyrillic || sample, "{}: {part}", text.code);
            assert!(part.contains(|c: char| c.is_ascii_lowercase()), "{}", text.code);
        }
    }
}

/// U17: what happened, and what to do next, in whole sentences.
#[test]
fn errors_say_what_to_do_next() {
    const NAMES: &[&str] = &[
        "act.",
        "state.",
        "role.",
        "reason.",
        "ground.",
        "status.",
        "thing.",
        "key-space.",
        "row.",
        "bulk-file.",
        "event.",
    ];
    let faults: BTreeSet<_> = Fault::ALL.iter().map(|fault| fault.code()).collect();
    for text in texts() {
        let is_name = NAMES.iter().any(|kind| text.code.starts_with(kind));
        let is_fault = faults.contains(text.code) || text.code.starts_with("file.");
        for language in Language::ALL {
            let words = text.words(language);
            assert_eq!(words.next.is_none(), is_name || is_fault, "{}", text.code);
            if is_fault {
                assert!(words.says.starts_with('['), "{}: says where", text.code);
            }
            for sentence in words.next.into_iter().chain(words.next.is_some().then_some(words.says))
            {
                let begin = sentence.trim_start_matches(['«', '“', '{']);
                assert!(begin.starts_with(char::is_alphabetic), "{}: {sentence}", text.code);
                assert!(sentence.ends_with(['.', ']']), "{}: {sentence}", text.code);
            }
        }
    }
}

#[test]
fn both_languages_have_the_same_arguments() {
    for text in texts() {
        let all = |language| -> BTreeSet<_> {
            parts(text, language).into_iter().flat_map(arguments).collect()
        };
        assert_eq!(all(Russian), all(English), "{}", text.code);
        for language in Language::ALL {
            for part in parts(text, language) {
                for mark in [['{', '}'], ['[', ']']] {
                    let [begins, ends] = mark.map(|mark| part.matches(mark).count());
                    assert_eq!(begins, ends, "{}: {part}", text.code);
                }
            }
        }
    }
}
