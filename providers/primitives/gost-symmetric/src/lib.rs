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
//!
//! On x86-64 processors with GFNI and AVX-512 VBMI Kuznyechik runs in vector registers,
//! constant-time and several times as fast ([`Kuznyechik::is_accelerated`]); elsewhere the
//! `kuznyechik` crate does the work, with look-ups by secret data. The evidence is with the crate
//! `gost-hash`, in `docs/constant-time.md`.
#![no_std]

extern crate alloc;

pub use cipher::{self, KeyInit};
pub use magma::Magma;

pub use crate::{
    acpkm::{CtrAcpkm, acpkm},
    ctr::Ctr,
    error::Error,
    feedback::{Cbc, Cfb, Ofb},
    gost_cipher::GostCipher,
    kuznyechik::Kuznyechik,
    mgm::Mgm,
    omac::{Mac, Omac, omac},
    omac_acpkm::{OmacAcpkm, acpkm_master},
};

mod acpkm;
pub mod agreement;
mod ctr;
pub mod ctr_acpkm_omac;
mod error;
mod feedback;
mod gost_cipher;
pub mod kexp15;
mod kuznyechik;
#[cfg(feature = "legacy")]
pub mod legacy;
mod mgm;
mod omac;
mod omac_acpkm;
