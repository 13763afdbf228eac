//! CRLs: every entry that is there is listed, and found.
#![no_main]

use gost_ca::x509::CertificateList;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|der: &[u8]| {
    let Ok(list) = CertificateList::from_der(der) else { return };
    assert_eq!(list.as_der(), der);
    assert_eq!(list.entries().count(), list.listed().count());
    let _number = list.number();
    // Looking for each would take the square of their number.
    for listed in list.listed().take(20) {
        assert!(list.find(&listed.serial).is_some());
    }
});
