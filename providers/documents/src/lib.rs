//! Documents signed, checked, encrypted and decrypted.
#![forbid(unsafe_code)]

pub mod attribute;
mod ber;
pub mod enveloped;
mod error;
mod hash;
pub mod oid;
pub mod path;
pub mod signed_data;
mod signer_info;

pub use attribute::{Attribute, CertificateReference};
pub use enveloped::{
    ContentCipher, Encryption, EnvelopedDataReader, EnvelopedDataWriter, Exchange, Sections,
};
pub use error::{Error, Result};
pub use hash::{ContentDigests, HashFunction};
pub use signed_data::{Limits, SignedData, SignedDataReader, SignedDataStream};
pub use signer_info::{CertificateId, Signatory, SignerInfo, Signing};
