//! Strict DER reading that keeps the original octets at hand.

use core::ops::Range;

use der::asn1::{BitStringRef, GeneralizedTime, UtcTime};
use der::{AnyRef, Decode, Header, Reader, SliceReader, Tag, Tagged};
use jiff::Timestamp;
use spki::AlgorithmIdentifierOwned;

/// The octets are not the DER of what they are said to be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a well-formed {what}: {why}")]
pub struct BadDer {
    /// What was expected.
    pub what: &'static str,
    /// What is wrong.
    pub why: String,
}

impl BadDer {
    pub(crate) fn new(what: &'static str, why: impl ToString) -> Self {
        Self { what, why: why.to_string() }
    }
}

/// `SEQUENCE { toBeSigned, AlgorithmIdentifier, BIT STRING }`: certificates, requests and CRLs alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signed {
    /// Where the signed part lies.
    pub(crate) tbs: Range<usize>,
    pub(crate) algorithm: AlgorithmIdentifierOwned,
    pub(crate) signature: Vec<u8>,
}

impl Signed {
    pub(crate) fn parse(bytes: &[u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(bytes)?;
        let header = Header::decode(&mut reader)?;
        header.tag().assert_eq(Tag::Sequence)?;
        let start = usize::try_from(reader.position())?;
        let tbs = reader.tlv_bytes()?;
        let end = start.checked_add(tbs.len()).ok_or(der::ErrorKind::Overflow)?;
        let algorithm = AlgorithmIdentifierOwned::decode(&mut reader)?;
        let signature = octets(&BitStringRef::decode(&mut reader)?)?;
        reader.finish()?;
        Ok(Self { tbs: start..end, algorithm, signature })
    }
}

/// The octets of a bit string without unused bits.
pub(crate) fn octets(bits: &BitStringRef<'_>) -> der::Result<Vec<u8>> {
    let octets = bits.as_bytes().ok_or_else(|| Tag::BitString.value_error())?;
    Ok(octets.to_vec())
}

/// `Time ::= CHOICE { UTCTime, GeneralizedTime }` (RFC 5280 §4.1.2.5).
pub(crate) fn time<'a>(reader: &mut impl Reader<'a>) -> der::Result<Timestamp> {
    let any = AnyRef::decode(reader)?;
    let since_epoch = match any.tag() {
        Tag::UtcTime => any.decode_as::<UtcTime>()?.to_unix_duration(),
        Tag::GeneralizedTime => any.decode_as::<GeneralizedTime>()?.to_unix_duration(),
        tag => return Err(tag.unexpected_error(Some(Tag::UtcTime)).into()),
    };
    let seconds = i64::try_from(since_epoch.as_secs()).map_err(|_| der::ErrorKind::DateTime)?;
    Timestamp::from_second(seconds).map_err(|_| der::ErrorKind::DateTime.into())
}
