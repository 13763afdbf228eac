//! Requests.

use const_oid::ObjectIdentifier;
use der::{Decode, Reader, SliceReader, Tag};
use gost_ca::provider::key_store::Digest;
use gost_ca::x509::extensions::{Extension, read_all};
use gost_ca::x509::parse::{self, all};
use gost_ca::x509::write;

use super::{imprint, next_is, read_imprint, read_integer};
use crate::error::Result;

/// A request for a time stamp.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "RFC 3161 §2.4.1 has these fields")]
pub struct TimeStampRequest {
    /// The digest that is to be stamped.
    pub imprint: Digest,
    /// Under which policy; none: the authority's own.
    pub policy: Option<ObjectIdentifier>,
    /// Makes the answer one to this request: the contents of an `INTEGER`.
    pub nonce: Option<Vec<u8>>,
    /// Whether the authority's certificate is to be enclosed.
    pub certificate: bool,
    /// Extensions; none is known here.
    pub extensions: Vec<Extension>,
}

impl TimeStampRequest {
    /// A request that wants all that is needed to check the answer.
    pub const fn new(imprint: Digest, nonce: Option<Vec<u8>>) -> Self {
        Self { imprint, policy: None, nonce, certificate: true, extensions: Vec::new() }
    }

    /// Reads a request.
    ///
    /// # Errors
    /// `Malformed`.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        Ok(all("time stamp request", der, |reader| reader.sequence(Self::read))?)
    }

    fn read(reader: &mut SliceReader<'_>) -> der::Result<Self> {
        if u8::decode(reader)? != 1 {
            return Err(Tag::Integer.value_error().into());
        }
        let imprint = read_imprint(reader)?;
        let policy = next_is(reader, Tag::ObjectIdentifier)?;
        let policy = policy.then(|| ObjectIdentifier::decode(reader)).transpose()?;
        let nonce = next_is(reader, Tag::Integer)?;
        let nonce = nonce.then(|| read_integer(reader)).transpose()?;
        let certificate = next_is(reader, Tag::Boolean)? && bool::decode(reader)?;
        let extensions = match parse::tagged(reader, 0)? {
            // IMPLICIT: the tag stands in place of that of the sequence
            Some(contents) => {
                let sequence = write::tlv(write::SEQUENCE, contents);
                read_all(&mut SliceReader::new(&sequence)?)?
            }
            None => Vec::new(),
        };
        Ok(Self { imprint, policy, nonce, certificate, extensions })
    }

    /// The request's octets, without extensions.
    pub fn to_der(&self) -> Vec<u8> {
        let nonce = self.nonce.as_ref().map(|nonce| write::tlv(write::INTEGER, nonce));
        let certificate: &[u8] = if self.certificate { &[write::BOOLEAN, 1, 0xff] } else { &[] };
        write::sequence(&[
            &write::integer(1),
            &imprint(&self.imprint),
            &self.policy.as_ref().map(write::oid).unwrap_or_default(),
            &nonce.unwrap_or_default(),
            certificate,
        ])
    }
}
