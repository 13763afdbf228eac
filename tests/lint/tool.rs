//! The exit status of `examples/lint`, and what it prints. `cargo test` builds the example before.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const CLEAN: &str = "generated/ul.cer";
const BROKEN: &str = "testca/gnutls-pkcs12-ca.cer";
const UNREADABLE: &str = "README.md";

fn tool() -> PathBuf {
    let test = env::current_exe().unwrap();
    test.parent().unwrap().parent().unwrap().join("examples/lint")
}

fn run(arguments: &[&str]) -> Output {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/samples");
    Command::new(tool()).current_dir(samples).args(arguments).output().unwrap()
}

#[test]
fn the_exit_status_is_that_of_the_worst_file() {
    for (files, status) in [
        (&[CLEAN][..], 0),
        (&[CLEAN, BROKEN], 1),
        (&[UNREADABLE, BROKEN], 2),
        (&["there is none", CLEAN], 2),
        (&[], 2),
        (&["--nonsense", CLEAN], 2),
    ] {
        assert_eq!(run(files).status.code(), Some(status), "{files:?}");
    }
}

#[test]
fn what_is_labelled_as_something_else_is_unreadable() {
    let folder = tempfile::tempdir().unwrap();
    let der = super::sample(CLEAN);
    let pem = gost_ca::x509::to_pem(gost_ca::x509::PemLabel::Certificate, &der);
    for (label, status) in [("CERTIFICATE", 0), ("X509 CRL", 2), ("CERTIFICATE REQUEST", 2)] {
        let path = folder.path().join("file.pem");
        fs::write(&path, pem.replace("CERTIFICATE", label)).unwrap();
        let output = run(&[path.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(status), "{label}");
    }
}

#[test]
fn the_report_is_text_or_json() {
    let text = String::from_utf8(run(&[BROKEN]).stdout).unwrap();
    let russian = String::from_utf8(run(&["--ru", BROKEN]).stdout).unwrap();
    let json = run(&["--json", "there is none", BROKEN, CLEAN]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let finding = &json[1]["report"]["findings"][0];
    let id = finding["id"].as_str().unwrap();
    assert!(text.contains(&format!("error {id}: {}", finding["english"].as_str().unwrap())));
    assert!(russian.contains(&format!("ошибка {id}: {}", finding["russian"].as_str().unwrap())));
    assert!(finding["severity"] == "error" && finding["clause"].is_string());
    assert!(json[0]["error"].is_string());
    assert_eq!(json[2]["report"]["findings"], serde_json::json!([]));
}
