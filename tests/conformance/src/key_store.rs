//! What every key store promises.

mod agreement;
mod containers;
mod expected;
mod keys_under_test;
mod pins;
mod self_signed;
mod signatures;

use std::sync::Arc;

use gost_ca::provider::{KeyStore, Verifier};

use crate::check::{Check, run};
use crate::report::Report;
pub use keys_under_test::KeysUnderTest;

/// Checks a key store on its first carrier; every signature is checked by `verifier`.
///
/// Keys are made in containers named `conformance …` and deleted again. No PIN but the kit's own is tried:
/// a carrier with a PIN of its own is opened by [`Access::Prompted`](gost_ca::provider::Access::Prompted),
/// so that the store asks for it by itself.
///
/// A store without a carrier fails all checks; one that makes no keys skips most.
pub async fn key_store(store: Arc<dyn KeyStore>, verifier: Arc<dyn Verifier>) -> Report {
    run("key-store", &KeysUnderTest::new(store, verifier), &key_store_checks()).await
}

/// The promises of a key store.
pub fn key_store_checks() -> Vec<Check<KeysUnderTest>> {
    let mut checks = containers::checks();
    checks.extend(signatures::checks());
    checks.extend(pins::checks());
    checks.extend(agreement::checks());
    checks
}

/// Declares a table of checks: `id: why => body`, a body being `async fn(&Bench<'_>) -> Kept`; before it
/// the ability that all of them need.
macro_rules! promises {
    ($needs:path; $($id:literal: $why:literal => $body:path;)+) => {
        pub(super) fn checks() -> Vec<Check<KeysUnderTest>> {
            vec![$(Check {
                id: concat!("key-store/", $id),
                why: $why,
                run: |subject| Box::pin(subject.judge($needs, async |bench| $body(&bench).await)),
            }),+]
        }
    };
}
use promises;
