//! Conformance checks for providers and certification authorities.
//!
//! A provider's author writes ten lines: build the provider, hand it over, assert.
//!
//! ```ignore
//! #[tokio::test]
//! async fn my_token_keeps_the_promises() {
//!     let store = MyToken::open("/usr/lib/my.so", |_ask| Some("12345678".into())).unwrap();
//!     conformance::key_store(Arc::new(store), Arc::new(GostVerifier)).await.assert_conformant(&[
//!         Exception { id: "key-store/label-cyrillic", reason: "firmware 1.3 keeps ASCII only" },
//!     ]);
//! }
//! ```
//!
//! Every promise is a [`Check`] with a stable id in one table per trait. All checks run, a provider that
//! panics fails that check only, and the [`Report`] is for people (`Display`) and for files
//! ([`Report::to_json`]). No provider marks its own work: signatures are checked by a verifier that is
//! handed in, and that verifier is itself checked by vectors.

mod applicant_check;
mod audit_sink;
mod authority;
mod broken;
mod check;
mod crl_sink;
mod directory;
mod drive;
mod encodings;
mod fresh;
#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a check that panics fails that check only"
)]
mod journal;
mod key_store;
mod notifier;
mod oids;
mod password_hasher;
mod publisher;
mod report;
mod rng;
mod verifier;

pub use applicant_check::{ApplicantsUnderTest, applicant_check, applicant_check_checks};
pub use audit_sink::{AuditSinkUnderTest, audit_sink, audit_sink_checks};
pub use authority::{AuthorityUnderTest, authority, authority_checks};
pub use check::{BoxFuture, Check, Verdict, ready, run};
pub use crl_sink::{CrlSinkUnderTest, crl_sink, crl_sink_checks};
pub use directory::{DirectoryUnderTest, directory, directory_checks};
pub use drive::{block_on, on_threads, together};
pub use journal::{JournalUnderTest, journal, journal_checks};
pub use key_store::{KeysUnderTest, key_store, key_store_checks};
pub use notifier::{Delivered, NotifierUnderTest, notifier, notifier_checks};
pub use password_hasher::{PasswordHasherUnderTest, password_hasher, password_hasher_checks};
pub use publisher::{PublisherUnderTest, publisher, publisher_checks};
pub use report::{Exception, Finding, Report};
pub use rng::{RngUnderTest, rng, rng_checks};
pub use verifier::{VerifierUnderTest, verifier, verifier_checks};
