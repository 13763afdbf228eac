//! Tokens: signed messages whose content says when (RFC 3161 §2.4.2).

use const_oid::ObjectIdentifier;
use der::{Decode, Reader, SliceReader, Tag};
use gost_ca::provider::key_store::Digest;
use gost_ca::x509::parse::{self, all};
use jiff::Timestamp;

use super::{next_is, read_imprint, read_integer};
use crate::error::{Error, Result};
use crate::hash::ContentDigests;
use crate::oid;
use crate::signed_data::SignedData;

/// A time stamp with its original octets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeStampToken {
    der: Vec<u8>,
    message: SignedData,
    content: Vec<u8>,
    info: TimeStampInfo,
}

/// What a time stamp says: `TSTInfo`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimeStampInfo {
    /// Under which policy.
    pub policy: ObjectIdentifier,
    /// What existed.
    pub imprint: Digest,
    /// The number of the time stamp: the contents of an `INTEGER`.
    pub serial: Vec<u8>,
    /// When.
    pub time: Timestamp,
    /// The nonce of the request.
    pub nonce: Option<Vec<u8>>,
}

impl TimeStampToken {
    /// Reads a token.
    ///
    /// # Errors
    /// `Malformed`; `OtherType` for a signed message about something else.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        let (message, content) = SignedData::from_octets(der)?;
        if message.content_type() != oid::TST_INFO {
            return Err(Error::OtherType(message.content_type()));
        }
        let content = content.ok_or_else(|| Error::malformed("time stamp", "without content"))?;
        let info = all("time stamp", &content, |reader| reader.sequence(TimeStampInfo::read))?;
        Ok(Self { der: der.to_vec(), message, content, info })
    }

    /// The original octets.
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// The signed message that it is.
    pub const fn message(&self) -> &SignedData {
        &self.message
    }

    /// What it says.
    pub const fn info(&self) -> &TimeStampInfo {
        &self.info
    }

    /// The digests of its content by its signers' functions.
    ///
    /// # Errors
    /// In practice none.
    pub fn digests(&self) -> Result<ContentDigests> {
        let functions = self.message.hash_functions();
        Ok(ContentDigests::of(&mut self.content.as_slice(), &functions)?)
    }
}

impl TimeStampInfo {
    fn read(reader: &mut SliceReader<'_>) -> der::Result<Self> {
        if u8::decode(reader)? != 1 {
            return Err(Tag::Integer.value_error().into());
        }
        let policy = ObjectIdentifier::decode(reader)?;
        let imprint = read_imprint(reader)?;
        let serial = read_integer(reader)?;
        let time = crate::ocsp::generalized(reader)?;
        if next_is(reader, Tag::Sequence)? {
            reader.tlv_bytes()?; // accuracy
        }
        if next_is(reader, Tag::Boolean)? {
            bool::decode(reader)?; // ordering
        }
        let nonce = next_is(reader, Tag::Integer)?;
        let nonce = nonce.then(|| read_integer(reader)).transpose()?;
        parse::tagged(reader, 0)?; // tsa: the certificate says it
        parse::tagged(reader, 1)?; // extensions
        Ok(Self { policy, imprint, serial, time, nonce })
    }
}
