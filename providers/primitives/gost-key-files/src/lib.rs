//! Private keys in files: PKCS#8, PFX, and the containers of CryptoPro CSP.
//!
//! ```
//! use gost_key_files::{EncryptedKey, Freshness};
//! use gost3410::{ParameterSet, SigningKey};
//! use pkcs8::EncodePrivateKey;
//!
//! # use getrandom::SysRng;
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let key = SigningKey::generate(ParameterSet::TC26_256_A, &mut SysRng)?;
//! let fresh = Freshness::draw(getrandom::fill)?;
//! let info = key.to_pkcs8_der()?;
//! let encrypted = EncryptedKey::seal(info.as_bytes(), "пароль".as_bytes(), 2000, fresh)?;
//!
//! let read = EncryptedKey::from_der(encrypted.as_der())?;
//! assert_eq!(read.open("пароль".as_bytes())?[..], info.as_bytes()[..]);
//! # Ok(())
//! # }
//! ```
//!
//! | what | reads | writes |
//! |---|---|---|
//! | [`EncryptedKey`]: PKCS#8 by PBES2 | RFC 9337, R 50.1.112 (GOST 28147-89) | the same |
//! | [`Pfx`] | RFC 9548, R 50.1.112, CryptoPro CSP | the same |
//! | [`CspContainer`]: the folder of a key of CryptoPro CSP | header version 2: all GOST keys | the same |
//! | [`PrivateBlob`], [`PublicBlob`]: keys as the CSP exports them | by its own algorithm | the same |
//!
//! Files, threads and randomness are the caller's: everything builds for a browser
//! (`wasm32-unknown-unknown`). What the CSP does was learnt from public descriptions and from files that
//! it had made; the CSP itself never ran here.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod csp_blob;
mod csp_container;
mod csp_key;
mod encrypted_key;
mod fields;
mod freshness;
mod identifiers;
mod pbes2;
mod pfx;
mod tlv;
mod unopened;

pub use csp_blob::{PrivateBlob, PublicBlob};
pub use csp_container::{CspContainer, Files, NewContainer, Written};
pub use csp_key::{CspKey, Usage};
pub use encrypted_key::EncryptedKey;
pub use freshness::Freshness;
pub use pbes2::{Cipher, MAX_ITERATIONS};
pub use pfx::{NewPfx, Pfx, PfxCertificate, PfxKey, Protection};
pub use unopened::Unopened;
