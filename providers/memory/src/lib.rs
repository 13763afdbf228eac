//! Every provider in memory: for documents, tests and simulation. **No security at all.**
//!
//! The crate to copy when you write a provider of your own: each file is the shortest honest
//! implementation of one trait. Only signatures are checked elsewhere: no provider marks its own work.
#![forbid(unsafe_code)]

mod agreement;
mod applicant_check;
mod audit_sink;
mod clock;
mod crl_sink;
mod directory;
mod journal;
mod key_store;
mod notifier;
mod password_hasher;
mod rng;
mod signer;

use std::sync::Arc;

use gost_ca::id::WriterId;
use gost_ca::provider::key_store::CarrierId;
use gost_ca::provider::{Rng, Verifier};
use gost_ca::providers::Essentials;
use gost_ca::{Providers, Timestamp};

pub use applicant_check::MemoryApplicantCheck;
pub use audit_sink::MemoryAuditSink;
pub use clock::MemoryClock;
pub use crl_sink::MemoryCrls;
pub use directory::MemoryDirectory;
pub use journal::MemoryJournal;
pub use key_store::MemoryKeyStore;
pub use notifier::MemoryNotifier;
pub use password_hasher::PlainHasher;
pub use rng::SeededRng;

/// The whole bundle: an empty record, a clock that stands at `now`, and a key store by the name of `memory`.
///
/// # Panics
/// Never: `memory` is a name.
pub fn providers(verifier: Arc<dyn Verifier>, now: Timestamp, seed: u64) -> Providers {
    let rng: Arc<dyn Rng> = Arc::new(SeededRng::new(seed));
    let key_store = MemoryKeyStore::new(CarrierId("memory".to_owned()), Arc::clone(&rng));
    #[expect(clippy::expect_used, reason = "six small letters are a name")]
    let name = "memory".parse().expect("a name");
    let essentials = Essentials {
        journal: Arc::new(MemoryJournal::new(WriterId::new([1; 16]))),
        directory: Arc::new(MemoryDirectory::default()),
        verifier,
        rng,
        password_hasher: Arc::new(PlainHasher),
        clock: Arc::new(MemoryClock::at(now)),
    };
    Providers::new(essentials).with_key_store(name, Arc::new(key_store))
}
