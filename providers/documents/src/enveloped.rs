//! Encrypted messages (RFC 5652 §6), for any number of recipients, in constant memory.
//!
//! Keys are agreed on or transported as R 1323565.1.025-2019 has it for Magma and Kuznyechik, and as RFC 4490
//! has it for GOST 28147-89, which old readers want.

mod content;
mod encrypted;
mod reader;
mod recipient;
mod wrap28147;
mod wrap_kexp15;
mod writer;

pub use content::{ContentCipher, Sections};
pub use encrypted::EncryptedDataReader;
pub use reader::{Decrypting, EnvelopedDataReader};
pub use recipient::Exchange;
pub use writer::EnvelopedDataWriter;

/// How a message is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a choice of three")]
pub struct Encryption {
    /// The cipher of the content; the keys are wrapped by the same.
    pub cipher: ContentCipher,
    /// How the recipients get the key.
    pub exchange: Exchange,
    /// How often the key of the content changes.
    pub sections: Sections,
}

/// Kuznyechik with authentication, transported keys: what most readers can.
impl Default for Encryption {
    fn default() -> Self {
        Self {
            cipher: ContentCipher::KuznyechikOmac,
            exchange: Exchange::Transport,
            sections: Sections::Standard,
        }
    }
}
