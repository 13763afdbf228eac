//! When a private key may sign.

use const_oid::ObjectIdentifier;
use der::{Decode, Header, Reader, SliceReader};
use jiff::Timestamp;

use super::ExtensionValue;
use crate::x509::parse::{BadDer, all, context, generalized};
use crate::x509::write;

/// `privateKeyUsagePeriod` (RFC 3280 §4.2.1.4): tools refuse to sign after its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrivateKeyUsagePeriod {
    /// From when.
    pub not_before: Option<Timestamp>,
    /// Until when.
    pub not_after: Option<Timestamp>,
}

impl ExtensionValue for PrivateKeyUsagePeriod {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.16");

    fn encode(&self) -> Vec<u8> {
        let end = |number, at: Option<Timestamp>| {
            at.map(|at| write::tlv(write::primitive(number), &write::generalized(at)))
                .unwrap_or_default()
        };
        write::sequence(&[end(0, self.not_before), end(1, self.not_after)])
    }

    fn decode(value: &[u8]) -> Result<Self, BadDer> {
        all("privateKeyUsagePeriod", value, |reader| {
            reader.sequence(|reader: &mut SliceReader<'_>| {
                Ok(Self { not_before: tagged(reader, 0)?, not_after: tagged(reader, 1)? })
            })
        })
    }
}

fn tagged(reader: &mut SliceReader<'_>, number: u32) -> der::Result<Option<Timestamp>> {
    if !context(reader, number)? {
        return Ok(None);
    }
    let header = Header::decode(reader)?;
    generalized(reader.read_slice(header.length())?).map(Some)
}
