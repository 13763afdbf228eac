//! PDF: read, checked, prepared for one signature more.
#![no_main]

use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll, Waker};

use der::Decode;
use gost_ca::language::Language;
use gost_ca::x509::Certificate;
use gost_ca_documents::pdf::{Pdf, PdfLimits, PdfSigning};
use gost_ca_documents::{CheckRules, Checker, Signatory};
use gost_ca_software::{GostSigner, GostVerifier, SystemRng};
use gost3410::SigningKey;
use libfuzzer_sys::fuzz_target;
use pkcs8::PrivateKeyInfoRef;

static PERSON: LazyLock<(GostSigner, Certificate)> = LazyLock::new(|| {
    let pem = include_str!("../../tests/data/samples/generated/person.key.pem");
    let (_, key) = der::SecretDocument::from_pem(pem).expect("a sample");
    let key = PrivateKeyInfoRef::from_der(key.as_bytes()).expect("a sample");
    let key = SigningKey::from_pkcs8(&key).expect("a sample");
    let certificate = include_bytes!("../../tests/data/samples/generated/person.cer");
    let certificate = Certificate::from_der(certificate).expect("a sample");
    (GostSigner::new(key, Arc::new(SystemRng)).expect("a sample"), certificate)
});

fuzz_target!(|input: &[u8]| {
    let mut limits = PdfLimits::default();
    limits.unpacked = 0x10_0000;
    let Ok(pdf) = Pdf::open(input, limits) else { return };
    let (key, certificate) = &*PERSON;
    let anchors = [certificate.clone()];
    let rules = CheckRules::at("2026-11-22T10:00:00Z".parse().expect("a time"));
    let checker = Checker::new(&anchors, &GostVerifier, rules);
    let report = ready(pdf.check(&checker));
    let signed = pdf.fields().filter(|(_, signed)| *signed).count();
    assert_eq!(report.signers.len(), signed);
    let _text = report.text(Language::Russian);
    let signatory = Signatory::new(key, certificate).expect("a sample");
    let Ok(prepared) = ready(pdf.prepare(&signatory, &PdfSigning::default())) else { return };
    assert!(prepared.covered().starts_with(input));
});

/// Nothing here waits.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("a check waits for something"),
    }
}
