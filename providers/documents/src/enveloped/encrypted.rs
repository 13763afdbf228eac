//! Content encrypted under a key that both sides have (RFC 5652 §8).

use std::io::Read;

use gost_ca::x509::write;

use super::content::{ContentCipher, Sections};
use super::reader::{Decrypting, Sealed};
use crate::ber::Ber;
use crate::error::Result;
use crate::oid;
use crate::signed_data::Limits;
use crate::signed_data::reader::{enter_content_info, version};

/// Reads a message whose key is known.
#[derive(Debug)]
pub struct EncryptedDataReader<R> {
    sealed: Sealed<R>,
}

impl<R: Read> EncryptedDataReader<R> {
    /// Reads up to the content.
    ///
    /// # Errors
    /// `Malformed`; `OtherType` for a message of another type; `Unsupported` for another cipher.
    pub fn open(input: R, limits: Limits) -> Result<Self> {
        let mut ber = Ber::new(input, limits.kept);
        enter_content_info(&mut ber, oid::ENCRYPTED_DATA)?;
        ber.enter(write::SEQUENCE)?;
        version(&ber.element()?, 2)?;
        Ok(Self { sealed: Sealed::open(ber)? })
    }

    /// The cipher of the content.
    pub const fn cipher(&self) -> ContentCipher {
        self.sealed.algorithm.cipher
    }

    /// Decrypts under a key.
    ///
    /// # Errors
    /// `Malformed` for parameters that the cipher does not take.
    pub fn decrypt(self, key: &[u8; 32], sections: Sections) -> Result<Decrypting<R>> {
        self.sealed.start(key, sections)
    }
}
