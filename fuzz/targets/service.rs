//! Requests and answers of OCSP and of time stamps.
#![no_main]

use gost_ca::x509::Certificate;
use gost_ca_documents::ocsp::{OcspRequest, OcspResponse};
use gost_ca_documents::time_stamp::{TimeStampRequest, TimeStampToken};
use gost_ca_software::GostVerifier;
use libfuzzer_sys::fuzz_target;

const ISSUER: &[u8] = include_bytes!("../../tests/data/samples/generated/ca256.cer");

fuzz_target!(|input: &[u8]| {
    if let Ok(request) = OcspRequest::from_der(input) {
        assert_eq!(OcspRequest::from_der(&request.to_der()).expect("our own"), request);
    }
    if let Ok(response) = OcspResponse::from_der(input) {
        assert_eq!(response.as_der(), input);
        let issuer = Certificate::from_der(ISSUER).expect("a sample");
        let _verified = response.verify(&issuer, &GostVerifier);
        OcspResponse::from_basic(response.as_basic()).expect("read before");
    }
    if let Ok(mut request) = TimeStampRequest::from_der(input) {
        request.extensions.clear();
        assert_eq!(TimeStampRequest::from_der(&request.to_der()).expect("our own"), request);
    }
    if let Ok(token) = TimeStampToken::from_der(input) {
        assert_eq!(token.as_der(), input);
        let _digests = token.digests();
    }
});
