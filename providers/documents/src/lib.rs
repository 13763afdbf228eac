//! Documents signed, checked, encrypted and decrypted.
#![forbid(unsafe_code)]

pub mod attribute;
mod ber;
pub mod cades;
pub mod check;
pub mod enveloped;
mod error;
mod hash;
pub mod ocsp;
pub mod oid;
pub mod path;
pub mod signed_data;
mod signer_info;
pub mod status;
pub mod time_stamp;
mod transport;

pub use attribute::{Attribute, CertificateReference};
pub use check::{CheckRules, Checker, Purpose, Report, Verdict};
pub use enveloped::{
    ContentCipher, Encryption, EnvelopedDataReader, EnvelopedDataWriter, Exchange, Sections,
};
pub use error::{Error, Result};
pub use hash::{ContentDigests, HashFunction};
pub use signed_data::{Limits, SignedData, SignedDataReader, SignedDataStream};
pub use signer_info::{CertificateId, Signatory, SignerInfo, Signing};
pub use transport::{Service, Transport};
