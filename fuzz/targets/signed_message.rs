//! Signed messages: read, checked, written and read again.
#![no_main]

use std::future::Future;
use std::pin::pin;
use std::sync::LazyLock;
use std::task::{Context, Poll, Waker};

use gost_ca::language::Language;
use gost_ca::x509::Certificate;
use gost_ca_documents::{CheckRules, Checker, ContentDigests, HashFunction, SignedData, cades};
use gost_ca_software::GostVerifier;
use libfuzzer_sys::fuzz_target;

static ROOT: LazyLock<Certificate> = LazyLock::new(|| {
    let der = include_bytes!("../../tests/data/samples/generated/root.cer");
    Certificate::from_der(der).expect("a sample")
});

fuzz_target!(|input: &[u8]| {
    let Ok((message, content)) = SignedData::from_octets(input) else { return };
    let content = content.unwrap_or_default();
    let digests = ContentDigests::of(&mut content.as_slice(), &HashFunction::ALL).expect("octets");
    let anchors = [ROOT.clone()];
    let rules = CheckRules::at("2026-11-22T10:00:00Z".parse().expect("a time"));
    let checker = Checker::new(&anchors, &GostVerifier, rules);
    let report = ready(checker.message(&message, &digests));
    assert_eq!(report.signers.len(), message.signers.len());
    let _text = report.text(Language::Russian);
    let (again, none) = SignedData::from_octets(&message.to_detached()).expect("our own");
    assert!(none.is_none());
    assert_eq!(again.to_detached(), message.to_detached());
    let mut attached = Vec::new();
    message.write_attached(&digests, &mut content.as_slice(), &mut attached).expect("the same");
    let (_, read) = SignedData::from_octets(&attached).expect("our own");
    assert_eq!(read, Some(content));
    let _material = message.signers.iter().map(cades::values).count();
});

/// Nothing here waits.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("a check waits for something"),
    }
}
