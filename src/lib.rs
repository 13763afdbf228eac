//! Registration desk and issuing engine of a certification authority on Russian cryptography.
//!
//! Everything a certificate goes through, from the application documents on the desk to the entry in the
//! CRL, as commands against one record. Cryptography, keys, randomness, storage, time and whoever signs
//! are [providers](provider); the [`RegistrationAuthority`](registration_authority) is their only caller.
#![forbid(unsafe_code)]

pub mod audit;
pub mod authority;
pub mod command;
pub mod commitment;
pub mod entry;
pub mod error;
pub mod fact;
pub mod hex;
pub mod id;
pub mod lifecycle;
pub mod oid;
pub mod print;
pub mod profile;
pub mod provider;
pub mod providers;
pub mod reason;
pub mod registration;
pub mod registration_authority;
pub mod request;
pub mod secret;
pub mod view;
pub mod x509;

pub use error::Error;
pub use jiff::Timestamp;
pub use providers::Providers;
pub use registration_authority::{RegistrationAuthority, Session, Settings};
