//! Certificates, requests and keys as the octets they came in.
//!
//! What came from outside owns its original octets: they are verified and stored, never re-encoded, because
//! decoding and encoding again is not the identity (an unsorted `SET OF`, an explicit `DEFAULT`).

mod certificate;
pub mod crl;
mod crl_entry;
pub mod extensions;
mod key;
pub mod name;
pub mod parse;
pub(crate) mod pem;
pub mod pkcs7;
mod request;
mod serial;
pub mod write;

pub use certificate::{Certificate, TbsCertificate};
pub use crl::CertificateList;
pub use crl_entry::{BadDate, CrlEntry};
pub use extensions::{Extension, ExtensionValue};
pub use key::{KeyIdentity, PublicKey};
pub use name::DistinguishedName;
pub use parse::BadDer;
pub use pem::{PemLabel, to_pem};
pub use request::CertificationRequest;
pub(crate) use request::EXTENSION_REQUEST;
pub use serial::{BadSerial, SerialNumber};

/// SHA-1, for names of keys and certificates alone: it protects nothing.
pub fn sha1(octets: &[u8]) -> [u8; 20] {
    use sha1::{Digest as _, Sha1};
    Sha1::digest(octets).into()
}
