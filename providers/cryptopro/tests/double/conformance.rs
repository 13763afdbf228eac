//! The conformance kit.

use std::sync::Arc;

use gost_ca::provider::RngKind;
use gost_ca_conformance::{self as conformance, Exception};
use gost_ca_cryptopro::{CspKeyStore, CspRng, CspVerifier, Libraries, Provider, Settings, Spec};
use gost_ca_software::GostVerifier;

use crate::support::double;

#[tokio::test]
#[cfg_attr(windows, ignore = "the kit's password is Cyrillic, which is not taken there")]
async fn keys_keep_their_promises() {
    let (double, _turn) = double();
    for spec in [Spec::Exchange, Spec::Signature] {
        let before = double.handles();
        let store = Arc::new(double.store(Settings { spec, ..Settings::default() }));
        let report = conformance::key_store(store, Arc::new(GostVerifier)).await;
        report.assert_conformant(&EXCEPTIONS);
        assert_eq!(double.handles(), before, "handles leak");
    }
}

#[test]
fn the_verifier_keeps_its_promises() {
    let (double, _turn) = double();
    let verifier = CspVerifier::new(&double.provider).unwrap();
    conformance::verifier(&verifier).assert_conformant(&[]);
}

#[test]
fn the_generator_keeps_its_promises() {
    let (double, _turn) = double();
    let rng = CspRng::new(&double.provider, RngKind::System, false).unwrap();
    conformance::rng(&rng).assert_conformant(&[]);
}

/// The same over a real CSP, whose libraries `CSP_CAPI` (and `CSP_SUPPORT`, where it lies elsewhere) name.
/// It makes containers named `conformance …` on the first reader and deletes them.
#[tokio::test]
#[ignore = "needs CryptoPro CSP in CSP_CAPI"]
async fn a_real_csp_keeps_the_promises() {
    let mut libraries = Libraries::beside(std::env::var_os("CSP_CAPI").expect("CSP_CAPI"));
    if let Some(support) = std::env::var_os("CSP_SUPPORT") {
        libraries.support = support.into();
    }
    let provider = Provider::load(&libraries).unwrap();
    let marks = tempfile::tempdir().unwrap();
    let settings = Settings { marks: Some(marks.path().to_path_buf()), ..Settings::default() };
    let store = Arc::new(CspKeyStore::new(&provider, settings).unwrap());
    conformance::key_store(store, Arc::new(GostVerifier)).await.assert_conformant(&EXCEPTIONS);
    conformance::verifier(&CspVerifier::new(&provider).unwrap()).assert_conformant(&[]);
    let rng = CspRng::new(&provider, RngKind::System, false).unwrap();
    conformance::rng(&rng).assert_conformant(&[]);
}

/// The kit's own password has Cyrillic letters, and so has a container's name.
const EXCEPTIONS: [Exception; 1] = [Exception {
    id: "key-store/label-cyrillic",
    reason: "how the CSP keeps such a name in name.key is not known",
}];
