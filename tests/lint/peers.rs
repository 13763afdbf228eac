//! What other tools say of the same files.

use std::fs;
use std::path::Path;
use std::process::Command;

use gost_ca::lint::{Severity, lint};

use super::tree::sample;

/// Files in which nothing is an error here.
fn clean(end: &str) -> Vec<String> {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/lint-samples.tsv");
    let text = fs::read_to_string(table).unwrap();
    let rows = text.lines().filter_map(|line| line.split_once('\t'));
    let clean = rows.filter(|(name, ids)| {
        name.ends_with(end) && !ids.split(' ').any(|id| id.starts_with("e_"))
    });
    clean.map(|(name, _)| name.to_owned()).collect()
}

fn path(name: &str) -> String {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/samples");
    samples.join(name).to_str().unwrap().to_owned()
}

/// `X509_check_ca`, `-x509_strict`: RFC 5280 as OpenSSL reads it, at a time at which all are in force.
#[test]
#[ignore = "needs OpenSSL with the GOST engine"]
fn openssl_is_as_strict_with_the_chain_of_the_samples() {
    for leaf in ["person", "ip", "ul", "auto", "ul512"] {
        let authority = if leaf == "ul512" { "ca512c" } else { "ca256" };
        let folder = tempfile::tempdir().unwrap();
        let pem = |name: &str| {
            let path = folder.path().join(name);
            let der = sample(&format!("generated/{name}.cer"));
            fs::write(&path, gost_ca::x509::to_pem(gost_ca::x509::PemLabel::Certificate, &der))
                .unwrap();
            path.to_str().unwrap().to_owned()
        };
        let output = Command::new("openssl")
            .args(["verify", "-engine", "gost", "-x509_strict", "-attime", "1795000000"])
            .args(["-CAfile", &pem("root"), "-untrusted", &pem(authority), &pem(leaf)])
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{leaf}: {text}");
        let report = lint(&sample(&format!("generated/{leaf}.cer")));
        assert!(report.worst() != Some(Severity::Error), "{leaf}: {report}");
    }
}

#[test]
#[ignore = "needs GnuTLS's certtool"]
fn certtool_reads_what_has_no_errors() {
    for name in clean(".cer") {
        let output = Command::new("certtool")
            .args(["--certificate-info", "--inder", "--infile", &path(&name)])
            .output()
            .unwrap();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
#[ignore = "needs OpenSSL with the GOST engine"]
fn openssl_reads_what_has_no_errors() {
    for (end, command) in [(".cer", "x509"), (".p10", "req"), (".crl", "crl")] {
        for name in clean(end) {
            let output = Command::new("openssl")
                .args([command, "-inform", "DER", "-noout", "-text"])
                .args(["-in", &path(&name)])
                .output()
                .unwrap();
            assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
}
