//! GOST R 34.10-2012 signatures on every parameter set.
//!
//! ```
//! use getrandom::SysRng;
//! use gost3410::{ParameterSet, Signature, SigningKey};
//!
//! let key = SigningKey::generate(ParameterSet::TC26_256_A, &mut SysRng)?;
//! let digest = gost_hash::streebog256(b"to be signed");
//! let signature = key.sign_prehash(&digest, &mut SysRng)?;
//!
//! let received = Signature::from_slice(signature.as_slice())?;
//! key.verifying_key().verify_prehash(&digest, &received)?;
//! # Ok::<(), gost3410::Error>(())
//! ```
//!
//! The parameter set is known at run time, by its OID ([`ParameterSet`]). Digests are octets as
//! Streebog outputs them, signatures s ‖ r as X.509 carries them, keys little-endian as PKCS#8
//! and `SubjectPublicKeyInfo` carry them. The traits of `signature`, `spki` and `pkcs8` are there
//! too; not the signers without an RNG, for nonces are always randomised.
#![no_std]

extern crate alloc;

pub use crate::{
    agreement::vko,
    batch::{Verification, verify_batch},
    curve::Curve,
    error::{Error, ErrorKind, KeyDefect},
    key_algorithm::KeyAlgorithm,
    parameter_set::{DigestParameterRule, ParameterSet},
    prepared_verifying_key::PreparedVerifyingKey,
    signature::Signature,
    signing_key::SigningKey,
    verifying_key::VerifyingKey,
};

#[cfg(gost3410_taint)]
#[doc(hidden)]
pub use crate::taint::secret as mark_secret;

mod agreement;
mod arithmetic;
mod batch;
mod curve;
mod digest;
mod error;
mod key_algorithm;
mod nonce;
mod number;
mod parameter_set;
mod prepared_verifying_key;
mod private_key_info;
mod signature;
mod signing_key;
mod taint;
mod verifying_key;
