//! The console's own words, in two languages. What the library has words for, it says itself.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use gost_ca::language::Language;
use gost_ca::message::{Message, find};

/// The words under a key; the key itself where there are none, which a test does not let pass.
pub(crate) fn words(key: &str, language: Language) -> String {
    let ours = TEXTS.get(key).map(|[russian, english]| match language {
        Language::Russian => russian.clone(),
        _ => english.clone(),
    });
    ours.unwrap_or_else(|| {
        if find(key).is_some() {
            Message::new(key.to_owned()).says(language)
        } else {
            key.to_owned()
        }
    })
}

/// The words that scripts say, by their own keys.
pub(crate) fn of_scripts(language: Language) -> BTreeMap<&'static str, String> {
    let ours = TEXTS.keys().filter_map(|key| key.strip_prefix("js."));
    ours.map(|key| (key, words(&format!("js.{key}"), language))).collect()
}

static TEXTS: LazyLock<BTreeMap<String, [String; 2]>> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the file is built in, and a test reads it")]
    serde_json::from_str(include_str!("../texts.json")).expect("texts.json")
});

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What templates and code ask for by `t('…')` and `words("…"`.
    fn asked_for() -> BTreeSet<String> {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files = Vec::new();
        for folder in ["templates", "src", "src/pages", "src/web", "src/acts"] {
            for file in std::fs::read_dir(root.join(folder)).unwrap() {
                let path = file.unwrap().path();
                if path.is_file() && !path.ends_with("texts.rs") {
                    files.push(std::fs::read_to_string(path).unwrap());
                }
            }
        }
        let mut keys = BTreeSet::new();
        for text in &files {
            for opening in [" t('", "words(\""] {
                for part in text.split(opening).skip(1) {
                    let end = part.find(['\'', '"']).unwrap_or(0);
                    let key = &part[..end];
                    if !key.is_empty() {
                        keys.insert(key.to_owned());
                    }
                }
            }
        }
        keys
    }

    #[test]
    fn every_text_that_is_asked_for_is_there() {
        for key in asked_for() {
            if key.ends_with(['.', '-']) {
                // the rest of it is put together
                assert!(
                    TEXTS.keys().any(|known| known.starts_with(&key)),
                    "no text begins with {key}"
                );
                continue;
            }
            assert!(TEXTS.contains_key(&key), "no text for {key}");
        }
    }

    #[test]
    fn every_row_has_its_words() {
        for row in crate::acts::ROWS {
            for field in row.fields {
                let key = format!("field.{}", field.name);
                assert!(TEXTS.contains_key(&key), "no text for {key}");
            }
        }
        let for_good = [
            "revoke",
            "revoke-expired",
            "amend-reason",
            "reject",
            "refuse-acceptance",
            "hide",
            "erase",
            "archive-user",
            "erase-user",
            "destroy-key",
            "destroy-carrier",
            "bulk",
            "discard-draft",
        ];
        for command in for_good {
            assert!(TEXTS.contains_key(&format!("effect.{command}")), "no effect of {command}");
        }
        let irreversible = crate::acts::ROWS.iter().filter(|row| row.irreversible).count();
        assert_eq!(irreversible + 2, for_good.len(), "each, the bulk, and a draft");
    }

    #[test]
    fn russian_texts_have_no_english_and_the_other_way_round() {
        for (key, [russian, english]) in &*TEXTS {
            let cyrillic = |text: &str| text.chars().any(|c| ('а'..='я').contains(&c));
            assert!(cyrillic(&russian.to_lowercase()), "{key}: {russian}");
            assert!(!cyrillic(&english.to_lowercase()), "{key}: {english}");
        }
    }
}
