//! Kuznyechik and Magma modes, re-keying and key wrapping.
//!
//! Everything is generic over [`GostCipher`], which only [`Kuznyechik`] and [`Magma`] are:
//!
//! ```
//! use gost_symmetric::{GostCipher, Kuznyechik, ctr_acpkm_omac};
//!
//! let (key, ukm) = ([7; 32], [1; 16]); // from PBKDF2, from the parameters
//! let section = Kuznyechik::SECTION;
//! let sealed = ctr_acpkm_omac::seal::<Kuznyechik>(&key, &ukm, section, b"private key")?;
//! let opened = ctr_acpkm_omac::open::<Kuznyechik>(&key, &ukm, section, &sealed)?;
//! assert_eq!(opened[..], b"private key"[..]);
//! # Ok::<(), gost_symmetric::Error>(())
//! ```
#![no_std]

extern crate alloc;

pub use cipher::{self, KeyInit};
pub use kuznyechik::Kuznyechik;
pub use magma::Magma;

pub use crate::{
    acpkm::{CtrAcpkm, acpkm},
    ctr::Ctr,
    error::Error,
    gost_cipher::GostCipher,
    omac::{Mac, Omac, omac},
};

mod acpkm;
mod ctr;
pub mod ctr_acpkm_omac;
mod error;
mod gost_cipher;
mod omac;
