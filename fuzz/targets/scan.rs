//! Scans: told by their octets.
#![no_main]

use gost_ca::desk::scan::ScanFormat;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let Ok(format) = ScanFormat::of(octets, 4096) else { return };
    assert!(octets.len() <= 4096);
    assert!(!format.extension().is_empty());
});
