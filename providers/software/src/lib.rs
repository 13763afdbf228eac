//! Software keys, verifier, random generators and password hashing on GOST.
#![forbid(unsafe_code)]

pub mod biological;
mod cheap_hasher;
pub mod container;
mod curve_name;
mod hmac_drbg;
mod phc;
mod random;
mod signer;
mod verifier;

pub use biological::BiologicalRng;
pub use cheap_hasher::CheapHasher;
pub use signer::GostSigner;
pub use verifier::{CachingVerifier, GostVerifier};

#[cfg(not(target_family = "wasm"))]
pub mod argon2_hasher;
#[cfg(not(target_family = "wasm"))]
pub mod directory_key_store;
#[cfg(not(target_family = "wasm"))]
mod system_rng;
#[cfg(not(target_family = "wasm"))]
mod workers;

#[cfg(not(target_family = "wasm"))]
pub use argon2_hasher::Argon2Hasher;
#[cfg(not(target_family = "wasm"))]
pub use directory_key_store::DirectoryKeyStore;
#[cfg(not(target_family = "wasm"))]
pub use system_rng::SystemRng;
