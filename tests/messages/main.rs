//! The catalogue of messages: every code of the source has its texts, and the texts are what they promise.
//!
//! Whoever adds an act, a guard, a state, a refusal … is told here which code lacks its texts, and adds a row
//! to the file of its kind in `src/message/catalogue/`. `UPDATE_DOCUMENTS=1 cargo test --test messages` writes
//! `docs/messages.md` anew.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod document;
mod source;
mod texts;
mod told;

use std::collections::BTreeSet;

use gost_ca::message::{CATALOGUE, Text};

fn texts() -> impl Iterator<Item = &'static Text> {
    CATALOGUE.iter().flat_map(|(_, texts)| *texts)
}

fn codes() -> BTreeSet<String> {
    texts().map(|text| text.code.to_owned()).collect()
}

#[test]
fn every_code_of_the_source_has_its_texts() {
    let lacking: Vec<_> = source::codes().difference(&codes()).cloned().collect();
    assert!(
        lacking.is_empty(),
        "add the texts of these codes, a row each, in src/message/catalogue/: {lacking:#?}"
    );
}

#[test]
fn codes_stand_once() {
    assert_eq!(codes().len(), texts().count());
}
