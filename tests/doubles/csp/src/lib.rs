//! A test double of CryptoPro CSP: `libcapi10` and `librdrsup` in one library, over folders of containers.
//!
//! It is **not** the CSP and protects nothing. It does what public descriptions say of the CSP: signatures
//! reversed as a whole, sizes asked for first (`ERROR_MORE_DATA`), hashes finished by their value, silent
//! contexts that refuse to ask, wrong and blocked passwords, terms of keys, one last error a thread,
//! enumerations to `ERROR_NO_MORE_ITEMS`. Its encoding is its own, so that the binding's mistakes are not
//! shared; both are held to what the CSP itself recorded.
//!
//! Certificate stores (`libcapi20`) are in memory.
//!
//! Containers are those of the CSP, in `CSP_DOUBLE_KEYS`, or in the folder given to `CspDoubleOpen`; the one
//! reader is `HDIMAGE`. `CspDoubleFail` makes a coming call fail with a code, `CspDoublePolicy` changes
//! what the double insists on.

#![expect(
    clippy::as_conversions,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "test gear may fail by panicking"
)]

mod act;
#[expect(
    unsafe_code,
    clippy::missing_safety_doc,
    missing_docs,
    reason = "the functions of CryptoAPI, whose names and promises are its own"
)]
pub mod certificates;
mod codes;
mod encoding;
#[expect(
    unsafe_code,
    clippy::missing_safety_doc,
    missing_docs,
    reason = "the functions of CryptoAPI, whose names and promises are its own"
)]
pub mod exports;
mod folder;
#[cfg(windows)]
#[expect(unsafe_code, reason = "the functions of a provider's DLL")]
mod provider;
mod state;
