//! `docs/lint.md` has the rules that are in code.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use gost_ca::lint::{CHAPTERS, Severity};

const BEGIN: &str = "<!-- rules: made from the tables in code -->\n";
const END: &str = "<!-- end of rules -->\n";

/// Writes the file anew where that is asked for, else compares it.
pub(super) fn compare(path: &Path, right: &str) {
    if std::env::var_os("UPDATE_DOCUMENTS").is_some() {
        fs::write(path, right).unwrap();
    }
    let stale = fs::read_to_string(path).unwrap() != right;
    assert!(!stale, "{}: run UPDATE_DOCUMENTS=1 cargo test --test lint", path.display());
}

#[test]
fn the_rules_in_the_document_are_those_in_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/lint.md");
    let text = fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    compare(&path, &format!("{before}{BEGIN}{}{END}{after}", table()));
}

fn table() -> String {
    let mut text = String::new();
    for (title, rules) in CHAPTERS {
        write!(text, "\n### {title}\n\n| rule | severity | clause | says | по-русски |\n|---|---|---|---|---|\n").unwrap();
        for rule in *rules {
            let severity = match rule.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Notice => "notice",
            };
            let (id, clause, english, russian) = (rule.id, rule.clause, rule.english, rule.russian);
            writeln!(text, "| `{id}` | {severity} | {clause} | {english} | {russian} |").unwrap();
        }
    }
    text + "\n"
}

/// The id and the clause are what people look up.
#[test]
fn ids_tell_their_severity() {
    for rule in CHAPTERS.iter().flat_map(|(_, rules)| *rules) {
        let letter = match rule.severity {
            Severity::Error => "e_",
            Severity::Warning => "w_",
            Severity::Notice => "n_",
        };
        assert!(rule.id.starts_with(letter), "{}", rule.id);
        assert!(!rule.clause.is_empty() && !rule.english.ends_with('.'), "{}", rule.id);
    }
}
