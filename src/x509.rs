//! Certificates, requests and keys as the octets they came in.
//!
//! What came from outside owns its original octets: they are verified and stored, never re-encoded, because
//! decoding and encoding again is not the identity (an unsorted `SET OF`, an explicit `DEFAULT`).

mod certificate;
mod crl_entry;
mod key;
mod parse;
mod request;
mod serial;

pub use certificate::{Certificate, Extension};
pub use crl_entry::CrlEntry;
pub use key::{KeyIdentity, PublicKey};
pub use parse::BadDer;
pub use request::CertificationRequest;
pub use serial::{BadSerial, SerialNumber};
