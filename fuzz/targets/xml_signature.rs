//! Documents of XML: read, made canonical, checked, signed and checked again.
#![no_main]

use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll, Waker};

use der::Decode;
use gost_ca::language::Language;
use gost_ca::x509::Certificate;
use gost_ca_documents::xml::{
    CanonicalForm, Canonicalization, XmlDocument, XmlLimits, XmlRules, XmlSigning,
};
use gost_ca_documents::{CheckRules, Checker, Signatory, Verdict};
use gost_ca_software::{GostSigner, GostVerifier, SystemRng};
use gost3410::SigningKey;
use libfuzzer_sys::fuzz_target;
use pkcs8::PrivateKeyInfoRef;

static SIGNER: LazyLock<(GostSigner, Certificate)> = LazyLock::new(|| {
    let pem = include_str!("../../tests/data/samples/generated/person.key.pem");
    let (_, key) = der::SecretDocument::from_pem(pem).expect("a sample");
    let key = PrivateKeyInfoRef::from_der(key.as_bytes()).expect("a sample");
    let key = SigningKey::from_pkcs8(&key).expect("a sample");
    let certificate = include_bytes!("../../tests/data/samples/generated/person.cer");
    let signer = GostSigner::new(key, Arc::new(SystemRng)).expect("a sample");
    (signer, Certificate::from_der(certificate).expect("a sample"))
});

const FORMS: [CanonicalForm; 3] =
    [CanonicalForm::Inclusive, CanonicalForm::Inclusive11, CanonicalForm::Exclusive];

fuzz_target!(|input: &[u8]| {
    let Ok(document) = XmlDocument::from_octets(input, XmlLimits::default()) else { return };
    for form in FORMS {
        for method in [Canonicalization::new(form), Canonicalization::new(form).with_comments()] {
            let Ok(once) = document.canonical(&method) else { continue };
            // An element may have as many declarations as attributes.
            let limits = XmlLimits { attributes: 1024, ..XmlLimits::default() };
            let again = XmlDocument::from_octets(&once, limits).expect("a canonical form");
            assert_eq!(again.canonical(&method).expect("its own"), once);
        }
    }
    check(&document);
    let (key, certificate) = &*SIGNER;
    let signatory = Signatory::new(key, certificate).expect("a sample");
    let Ok(signed) = ready(document.sign(&signatory, &XmlSigning::default())) else { return };
    let signed = XmlDocument::from_octets(signed.as_bytes(), XmlLimits::default()).expect("our own");
    if let Some(last) = check(&signed) {
        assert_ne!(last, Verdict::Invalid);
    }
});

/// Gives the verdict on the last signature.
fn check(document: &XmlDocument) -> Option<Verdict> {
    let anchors = [SIGNER.1.clone()];
    let mut rules = CheckRules::at("2026-05-02T09:00:00Z".parse().expect("a time"));
    rules.status = false;
    let checker = Checker::new(&anchors, &GostVerifier, rules);
    let checked = ready(checker.xml(document, &XmlRules::default())).ok()?;
    assert_eq!(checked.report.signers.len(), checked.signatures.len());
    let _text = checked.report.text(Language::Russian);
    checked.report.signers.last().map(|signer| signer.verdict)
}

/// Nothing here waits.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("a check waits for something"),
    }
}
