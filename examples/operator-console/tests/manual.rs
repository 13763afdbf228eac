//! `docs/manual.md` has every step and figure of the manual, and what it names is there.
#![expect(clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::Path;

use gost_ca::message::CATALOGUE;

/// The numbered steps of the manual's sections, and how many there are.
const STEPS: [(&str, u32); 4] = [("2.1", 7), ("3", 14), ("4.1", 3), ("5", 7)];
/// What is to be done and has no number of its own.
const MORE: [&str; 18] = [
    "1",
    "1 sign",
    "1 check",
    "1 encrypt",
    "1 decrypt",
    "2.1.2 token",
    "2.1.6 draft",
    "2.1 end",
    "3.6 token",
    "3.9 token",
    "3.12 many",
    "3.14 token",
    "3 title",
    "4",
    "5.4 revoke",
    "5.4 suspend",
    "5.4 resume",
    "5.4 renew",
];

#[test]
fn every_step_and_figure_has_a_row() {
    let steps: BTreeSet<String> = rows().into_iter().map(|row| row[0].clone()).collect();
    let mut expected: BTreeSet<String> =
        (1..=22).map(|figure| format!("figure {figure}")).collect();
    expected.extend(["figure А", "figure Б"].map(str::to_owned));
    for (section, count) in STEPS {
        expected.extend((1..=count).map(|step| format!("{section}.{step}")));
    }
    expected.remove("5.4"); // it has four rows
    expected.extend(MORE.map(str::to_owned));
    assert_eq!(steps, expected);
}

#[test]
fn what_a_row_names_is_there() {
    let routes = read("src/web.rs");
    let texts: std::collections::BTreeMap<String, [String; 2]> =
        serde_json::from_str(&read("texts.json")).unwrap();
    let ours = texts.values().map(|[russian, _]| russian.clone());
    let library = CATALOGUE
        .iter()
        .flat_map(|(_, texts)| *texts)
        .map(|text| text.words(gost_ca::language::Language::Russian).says.to_owned());
    let sections =
        gost_ca::registration::Field::ALL.iter().map(|field| field.section().russian().to_owned());
    let labels: BTreeSet<String> = ours.chain(library).chain(sections).collect();
    let played = [
        "tests/browser.rs",
        "tests/web.rs",
        "tests/web/desk.rs",
        "tests/web/office.rs",
        "tests/browser/tokens.rs",
        "tests/browser/documents.rs",
    ]
    .map(read)
    .concat();
    for row in rows() {
        let [step, _, screen, label, _, test] = &row[..] else { panic!("{row:?}") };
        let bare = |cell: &str| cell.trim_matches('`').to_owned();
        assert!(routes.contains(&format!("\"{}\"", bare(screen))), "{step}: no page {screen}");
        assert!(labels.contains(label), "{step}: no label {label}");
        assert!(played.contains(&format!("fn {}(", bare(test))), "{step}: no test {test}");
    }
}

fn rows() -> Vec<Vec<String>> {
    let page = read("../../docs/manual.md");
    let table = page.lines().filter(|line| line.starts_with("| "));
    let rows = table
        .map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect());
    rows.filter(|row: &Vec<String>| row[0] != "step").collect()
}

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
