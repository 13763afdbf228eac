//! Lint: any file gets its report.
#![no_main]

use gost_ca::lint::{Severity, lint};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| {
    let report = lint(file);
    let _texts = (report.to_string(), report.russian().to_string());
    assert!(serde_json::to_string(&report).is_ok());
    assert_eq!(report.kind.is_none(), report.unreadable.is_some());
    assert!(report.findings.is_sorted_by_key(|finding| finding.severity));
    assert!(report.worst() != Some(Severity::Error) || report.kind.is_some());
});
