//! `docs/messages.md` has the texts that are in code.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use gost_ca::language::Language::{English, Russian};
use gost_ca::message::CATALOGUE;

const HEAD: &str = "\
# Messages

What people are told, by code. Codes are stable: programs compare them, and never the texts. `{name}` stands for an
argument; what is in `[…]` is left out where its argument is not known. The words are those of the law and of the
operator's manual. In a program: `Message::from(&error).spoken(Language::Russian)`.

Made from `src/message/catalogue/` by `UPDATE_DOCUMENTS=1 cargo test --test messages`.
";

#[test]
fn the_document_has_the_texts_in_code() {
    let mut right = HEAD.to_owned();
    for (title, texts) in CATALOGUE {
        let errors = texts.iter().any(|text| text.words(English).next.is_some());
        write!(right, "\n## {title}\n\n| code | по-русски |").unwrap();
        right += if errors {
            " что делать | in English | what to do |\n|---|---|---|---|---|\n"
        } else {
            " in English |\n|---|---|---|\n"
        };
        for text in *texts {
            write!(right, "| `{}` |", text.code).unwrap();
            for words in [Russian, English].map(|language| text.words(language)) {
                write!(right, " {} |", words.says).unwrap();
                if errors {
                    write!(right, " {} |", words.next.unwrap_or_default()).unwrap();
                }
            }
            right.push('\n');
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/messages.md");
    if std::env::var_os("UPDATE_DOCUMENTS").is_some() {
        fs::write(&path, &right).unwrap();
    }
    let stale = fs::read_to_string(&path).unwrap() != right;
    assert!(!stale, "run UPDATE_DOCUMENTS=1 cargo test --test messages");
}
