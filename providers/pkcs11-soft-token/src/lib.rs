//! A PKCS#11 2.40 module with GOST R 34.10-2012 keys in encrypted files.
//!
//! `libpkcs11_soft_token.so` is what any PKCS#11 client loads; its one export is
//! `C_GetFunctionList`. `SOFT_TOKEN_DIR` names the folder of its slots. It is for tests, and for
//! people who want GOST keys in a PKCS#11 client without hardware: **a file can be copied, and
//! PINs tried on the copy**, which a real token prevents. `docs/soft-token.md` says how to set it
//! up, what it can do, and how to make it misbehave.
//!
//! The unsafe code is in `ffi`; all behind it takes slices.

mod ffi;

pub use ffi::C_GetFunctionList;
pub mod tc26;

mod answer;
mod attribute;
mod authenticator;
mod certificate;
mod ciphering;
mod control;
mod deriving;
mod digesting;
mod durable;
mod general;
mod key;
mod mechanism;
mod mode;
mod module;
mod object;
mod objects;
mod operation;
mod parameter_set;
mod profile;
mod refusal;
mod secret;
mod session;
mod settings;
mod signing;
mod slot;
mod store;
mod template;
mod token;
mod vault;
mod wrapping;
