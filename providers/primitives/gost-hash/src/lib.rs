//! Streebog (GOST R 34.11-2012), HMAC, PBKDF2 and key derivation.
//!
//! ```
//! use gost_hash::{Digest, Streebog256, streebog256};
//!
//! let digest = Streebog256::new().chain_update(b"one ").chain_update(b"message").finalize();
//! assert_eq!(<[u8; 32]>::from(digest), streebog256(b"one message"));
//! ```
//!
//! Digests are in the octet order of X.509 and CMS. RFC 6986 prints them as numbers, that is
//! with the octets reversed.
//!
//! On x86-64 processors with GFNI and AVX-512 VBMI everything over Streebog runs in vector
//! registers, constant-time and several times as fast ([`is_accelerated`]); [`streebog256_many`]
//! interleaves independent messages. Elsewhere the `streebog` crate does the work, with look-ups
//! by secret data where keys are hashed. `docs/constant-time.md` shows the evidence.
#![no_std]

extern crate alloc;

pub use digest::{self, Digest, KeyInit, Mac};

pub use crate::{
    hmac::{HmacStreebog256, HmacStreebog512, hmac_streebog256, hmac_streebog512},
    kdf::{InvalidTree, kdf_gostr3411_2012_256, kdf_tree_gostr3411_2012_256, tlstree},
    many::{streebog256_many, streebog512_many},
    pbkdf2::{InvalidPbkdf2, pbkdf2_hmac_streebog512},
    streebog::{Streebog256, Streebog512, is_accelerated, streebog256, streebog512},
};

mod hmac;
mod kdf;
#[cfg(feature = "legacy")]
pub mod legacy;
mod many;
mod pbkdf2;
mod streebog;
