//! Whether a certificate is an authority's.

use const_oid::ObjectIdentifier;
use der::{Decode, Reader, SliceReader, Tag};

use super::ExtensionValue;
use crate::x509::parse::{BadDer, all};
use crate::x509::write;

/// `basicConstraints` (RFC 5280 §4.2.1.9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Whether the key may sign certificates.
    pub authority: bool,
    /// How many authorities may follow below.
    pub path_length: Option<u8>,
}

impl ExtensionValue for BasicConstraints {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");

    fn encode(&self) -> Vec<u8> {
        let authority: &[u8] = if self.authority { &[write::BOOLEAN, 1, 0xff] } else { &[] };
        let path = self.path_length.map(write::integer).unwrap_or_default();
        write::sequence(&[authority, &path])
    }

    fn decode(value: &[u8]) -> Result<Self, BadDer> {
        all("basicConstraints", value, |reader| {
            reader.sequence(|reader: &mut SliceReader<'_>| {
                let authority = !reader.is_finished()
                    && Tag::peek(reader)? == Tag::Boolean
                    && bool::decode(reader)?;
                let path_length =
                    (!reader.is_finished()).then(|| u8::decode(reader)).transpose()?;
                Ok(Self { authority, path_length })
            })
        })
    }
}
