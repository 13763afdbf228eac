//! The documented result of each file of the samples.
//!
//! `UPDATE_DOCUMENTS=1 cargo test --test lint` writes it anew.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use gost_ca::lint::{Kind, lint};

const FOLDERS: [&str; 7] = ["ca-ru", "crl", "csp/certs", "csr", "ee", "generated", "malformed"];

#[test]
fn each_sample_has_its_documented_result() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let mut found = HEAD.to_owned();
    for folder in FOLDERS.into_iter().chain(["testca"]) {
        let mut names: Vec<_> = fs::read_dir(data.join("samples").join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| claims(name).is_some() || name.ends_with(".p10.b64.txt"))
            .collect();
        names.sort();
        for name in names {
            let report = lint(&fs::read(data.join("samples").join(folder).join(&name)).unwrap());
            assert!(claims(&name).is_none_or(|kind| report.kind == Some(kind)), "{name}: {report}");
            let ids: Vec<_> = report.findings.iter().map(|finding| finding.id).collect();
            writeln!(found, "{folder}/{name}\t{}", ids.join(" ")).unwrap();
        }
    }
    super::document::compare(&data.join("lint-samples.tsv"), &found);
}

const HEAD: &str =
    "# What lint finds in each sample. Made by: UPDATE_DOCUMENTS=1 cargo test --test lint\n";

/// What a file claims to be by its name.
fn claims(name: &str) -> Option<Kind> {
    let kinds = [(".cer", Kind::Certificate), (".p10", Kind::Request), (".crl", Kind::Crl)];
    kinds.into_iter().find(|(end, _)| name.ends_with(end)).map(|(_, kind)| kind)
}
