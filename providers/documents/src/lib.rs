//! Documents signed, checked, encrypted and decrypted: CMS and CAdES on GOST, of any length in constant memory.
//!
//! Keys are [`Signer`](gost_ca::provider::Signer)s of any key store, signatures are checked by any
//! [`Verifier`](gost_ca::provider::Verifier). Nothing here opens files or connections, or knows the time.
//!
//! ```
//! # use std::sync::Arc;
//! # use std::io::{Read, Write};
//! # use gost_ca::x509::Certificate;
//! # use gost_ca_documents::*;
//! # use gost_ca_software::{GostSigner, GostVerifier, SystemRng};
//! # use gost3410::SigningKey;
//! # use pkcs8::PrivateKeyInfoRef;
//! # use der::Decode;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
//! # let samples = "../../tests/data/samples/generated";
//! # let read = |name: &str| std::fs::read(format!("{samples}/{name}"));
//! # let pem = String::from_utf8(read("person.key.pem")?)?;
//! # let (_, pkcs8) = der::SecretDocument::from_pem(&pem)?;
//! # let key = SigningKey::from_pkcs8(&PrivateKeyInfoRef::from_der(pkcs8.as_bytes())?)?;
//! # let key = GostSigner::new(key, Arc::new(SystemRng))?;
//! # let certificate = Certificate::from_der(&read("person.cer")?)?;
//! # let anchors = [Certificate::from_der(&read("root.cer")?)?];
//! # let pool = [Certificate::from_der(&read("ca256.cer")?)?];
//! let document = b"a contract";
//!
//! // Sign: CAdES-BES, here detached.
//! let signatory = Signatory::new(&key, &certificate)?;
//! let digests = ContentDigests::of(&mut &document[..], &[signatory.hash_function()])?;
//! let mut message = SignedData::new(oid::DATA);
//! message.sign(&signatory, &Signing::default(), &digests).await?;
//! let signature = message.to_detached();
//!
//! // Check: each signer has a report, and what cannot be told is told apart from what is wrong.
//! let (message, _) = SignedData::from_octets(&signature)?;
//! let digests = ContentDigests::of(&mut &document[..], &message.hash_functions())?;
//! let mut rules = CheckRules::at("2026-11-22T10:00:00Z".parse()?);
//! rules.status = false; // no CRL is at hand
//! let mut checker = Checker::new(&anchors, &GostVerifier, rules);
//! checker.certificates = &pool;
//! assert_eq!(checker.message(&message, &digests).await.verdict, Verdict::Valid);
//!
//! // Encrypt and decrypt.
//! let recipients = [certificate.clone()];
//! let mut writer =
//!     EnvelopedDataWriter::begin(Vec::new(), Encryption::default(), &recipients, &SystemRng)?;
//! writer.write_all(document)?;
//! let sealed = writer.finish()?;
//! let reader = EnvelopedDataReader::open(&sealed[..], Limits::default())?;
//! let mut content = reader.decrypt((&key, &certificate), &[], Sections::Standard).await?;
//! let mut opened = Vec::new();
//! content.read_to_end(&mut opened)?;
//! content.finish()?; // only now it is known to be what was encrypted
//! assert_eq!(opened, document);
//! # Ok(())
//! # }
//! ```
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
#[cfg(feature = "pdf")]
pub mod pdf;
mod piece;
mod record;
pub mod signed_data;
mod signer_info;
pub mod status;
pub mod time_stamp;
mod transport;
#[cfg(feature = "xml")]
pub mod xml;

pub use attribute::{Attribute, CertificateReference};
pub use check::{CheckRules, Checker, Purpose, Report, Verdict};
pub use enveloped::{
    ContentCipher, Encryption, EnvelopedDataReader, EnvelopedDataWriter, Exchange, Sections,
};
pub use error::{Error, Result};
pub use hash::{ContentDigests, HashFunction};
pub use record::Record;
pub use signed_data::{Limits, SignedData, SignedDataReader, SignedDataStream};
pub use signer_info::{CertificateId, Signatory, SignerInfo, Signing};
pub use transport::{Service, Transport};
