//! Software keys, verifier, random generators and password hashing on GOST.
//!
//! ```
//! use std::sync::Arc;
//!
//! use gost_ca::oid::Oid;
//! use gost_ca::provider::key_store::{Access, CarrierId, KeyAlgorithm, KeyId, KeySpec, Message};
//! use gost_ca::provider::{KeyStore, Verifier, WritableKeyStore, verifier::Check};
//! use gost_ca::secret::Secret;
//! use gost_ca_software::directory_key_store::Settings;
//! use gost_ca_software::{DirectoryKeyStore, GostVerifier, SystemRng};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let directory = tempfile::tempdir()?;
//! let carrier = CarrierId("office".into());
//! let store = DirectoryKeyStore::new(Settings::default(), Arc::new(SystemRng))?
//!     .with_carrier(carrier.clone(), "Папка ключей", directory.path());
//!
//! let id = KeyId { carrier, container: "Иванов-1".into() };
//! let algorithm = KeyAlgorithm::Gost3410(Oid::new_unwrap("1.2.643.7.1.2.1.1.1"));
//! let spec = KeySpec { id: id.clone(), algorithm, temporary_pin: false };
//! store.generate(&spec, &Access::New(Secret::from("длинный пин")), &SystemRng).await?;
//!
//! let key = store.open(&id, &Access::Existing(Secret::from("длинный пин"))).await?;
//! let signature = key.sign(Message::Bytes(b"message")).await?;
//! GostVerifier.verify(&Check {
//!     key: key.public_key(),
//!     algorithm: key.algorithm(),
//!     message: b"message",
//!     signature: &signature,
//! })?;
//! # Ok(())
//! # }
//! ```
//!
//! In a browser (`wasm32-unknown-unknown`) there are [`container`], [`GostSigner`], [`GostVerifier`] and
//! [`BiologicalRng`]; what needs files, threads or the system's generator is not.
#![forbid(unsafe_code)]

mod agreement;
pub mod biological;
mod cheap_hasher;
pub mod container;
mod curve_name;
mod generation;
mod hmac_drbg;
mod phc;
mod random;
mod signer;
mod verifier;

pub use biological::BiologicalRng;
pub use cheap_hasher::CheapHasher;
pub use generation::generate_key;
pub use signer::GostSigner;
pub use verifier::{CachingVerifier, GostVerifier};

#[cfg(not(target_family = "wasm"))]
pub mod argon2_hasher;
#[cfg(not(target_family = "wasm"))]
mod checkpoint_folder;
#[cfg(not(target_family = "wasm"))]
pub mod directory_key_store;
#[cfg(not(target_family = "wasm"))]
mod durable_file;
#[cfg(not(target_family = "wasm"))]
mod system_rng;

#[cfg(not(target_family = "wasm"))]
pub use argon2_hasher::Argon2Hasher;
#[cfg(not(target_family = "wasm"))]
pub use checkpoint_folder::CheckpointFolder;
#[cfg(not(target_family = "wasm"))]
pub use directory_key_store::DirectoryKeyStore;
#[cfg(not(target_family = "wasm"))]
pub use system_rng::SystemRng;
