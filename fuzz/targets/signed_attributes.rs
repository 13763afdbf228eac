//! What the agent takes for a document: never what else a key signs.
#![no_main]

use der::asn1::AnyRef;
use der::{Decode, Tag, Tagged};
use gost_ca::registration_authority::Signable;
use gost_ca::x509::{Certificate, CertificateList, CertificationRequest};
use libfuzzer_sys::fuzz_target;
use workplace_agent::document::is_signed_document;

fuzz_target!(|octets: &[u8]| {
    if !is_signed_document(octets) {
        return;
    }
    let set = AnyRef::from_der(octets).expect("one value");
    assert_eq!(set.tag(), Tag::Set);
    assert!(Signable::of(octets).is_none(), "what the desk asks for");
    assert!(Certificate::from_der(octets).is_err());
    assert!(CertificationRequest::from_der(octets).is_err());
    assert!(CertificateList::from_der(octets).is_err());
    for shorter in 0..octets.len().min(64) {
        assert!(!is_signed_document(&octets[..shorter]), "a part of it");
    }
});
