//! Keys on PKCS#11 tokens and HSMs, GOST R 34.10-2012 included.
//!
//! ```no_run
//! use gost_ca::provider::KeyStore;
//! use gost_ca::secret::Secret;
//! use gost_ca_pkcs11::{PinSource, Settings, TokenKeyStore};
//!
//! # async fn example() -> gost_ca::provider::Result<()> {
//! let pins = PinSource::new(|request| {
//!     println!("PIN of {}? {:?} tries", request.label, request.tries);
//!     Some(Secret::from("12345678"))
//! });
//! let store = TokenKeyStore::new(Settings::default(), pins)
//!     .with_module("rutoken", "/usr/lib/librtpkcs11ecp.so")?;
//! for carrier in store.carriers().await? {
//!     println!("{} ({}): {} keys", carrier.label, carrier.id.0, store.keys(&carrier.id).await?.len());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! What is set up how on which token, and what was tried on what: `docs/tokens.md`.

mod agreement;
mod algorithm;
mod attribute;
mod constants;
mod ffi;
mod key_store;
mod load_error;
mod login;
mod module;
mod pin_source;
pub mod public_key;
pub mod quirks;
mod refused;
mod rng;
mod session;
mod signer;
mod token;
pub mod token_info;
pub mod uri;
mod watch;
mod workers;

pub use key_store::{Settings, TokenKeyStore};
pub use module::Filter;
pub use pin_source::{PinRequest, PinSource};
pub use quirks::Quirks;
pub use rng::TokenRng;
pub use watch::{TokenEvent, Watcher};
