//! CRLs in files: [`CrlFolder`] keeps them, [`PublicFolder`] is where a web server finds them.
//!
//! A file is there whole or not at all, also after a power cut: it is written under another name, synced
//! and renamed, and the folder is synced.
#![forbid(unsafe_code)]

mod crl_folder;
mod name;
mod public_folder;
mod thread;

pub use crl_folder::CrlFolder;
pub use public_folder::PublicFolder;
