//! Requests, as DER and as people upload them.
#![no_main]

use std::sync::LazyLock;

use gost_ca::print::{Reading, Zone};
use gost_ca::request::from_upload;
use gost_ca::x509::CertificationRequest;
use gost_ca_software::GostVerifier;
use libfuzzer_sys::fuzz_target;

static ZONE: LazyLock<Zone> = LazyLock::new(|| Zone::new(3, "МСК, UTC+3").expect("a zone"));

fuzz_target!(|octets: &[u8]| {
    if let Ok(request) = CertificationRequest::from_der(octets) {
        assert_eq!(request.as_der(), octets);
        let _verified = request.verify(&GostVerifier);
    }
    if let Ok(request) = from_upload(octets) {
        assert_eq!(CertificationRequest::from_der(request.as_der()).as_ref(), Ok(&request));
        let _shown = Reading::of_request(&request, &ZONE);
    }
});
