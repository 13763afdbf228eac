//! Strict DER reading that keeps the original octets at hand.

use core::fmt;
use core::ops::Range;

use der::asn1::{BitStringRef, GeneralizedTime, UtcTime};
use der::{AnyRef, Decode, Header, Reader, SliceReader, Tag, TagNumber, Tagged};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use spki::AlgorithmIdentifierOwned;

use super::SerialNumber;
use super::name::pass;

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
    /// Says what was expected, and what is wrong.
    pub fn new(what: &'static str, why: impl fmt::Display) -> Self {
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

/// Reads a value that takes up all the octets.
///
/// # Errors
/// [`BadDer`] naming `what`, also where octets are left over.
pub fn all<'a, T>(
    what: &'static str,
    octets: &'a [u8],
    read: impl FnOnce(&mut SliceReader<'a>) -> der::Result<T>,
) -> Result<T, BadDer> {
    let bad = |error: der::Error| BadDer::new(what, error);
    let mut reader = SliceReader::new(octets).map_err(bad)?;
    let value = read(&mut reader).map_err(bad)?;
    reader.finish().map_err(bad)?;
    Ok(value)
}

/// `SEQUENCE OF`, perhaps empty.
///
/// # Errors
/// The reader's.
pub fn sequence_of<'a, T>(
    reader: &mut SliceReader<'a>,
    mut read: impl FnMut(&mut SliceReader<'a>) -> der::Result<T>,
) -> der::Result<Vec<T>> {
    reader.sequence(|reader: &mut SliceReader<'a>| {
        let mut all = Vec::new();
        while !reader.is_finished() {
            all.push(read(reader)?);
        }
        Ok(all)
    })
}

/// Whether `[number]` comes next.
///
/// # Errors
/// The reader's.
pub fn context(reader: &SliceReader<'_>, number: u32) -> der::Result<bool> {
    if reader.is_finished() {
        return Ok(false);
    }
    Ok(
        matches!(Tag::peek(reader)?, Tag::ContextSpecific { number: n, .. } if n == TagNumber(number)),
    )
}

/// A `Name`, whole.
///
/// # Errors
/// The reader's.
pub fn name(reader: &mut SliceReader<'_>) -> der::Result<Vec<u8>> {
    let tlv = reader.tlv_bytes()?;
    let mut name = SliceReader::new(tlv)?;
    pass(&mut name).and_then(|()| name.finish()).map_err(|_| Tag::Sequence.value_error())?;
    Ok(tlv.to_vec())
}

/// The contents of a serial number's `INTEGER`.
///
/// # Errors
/// The reader's.
pub fn serial<'a>(reader: &mut impl Reader<'a>) -> der::Result<SerialNumber> {
    let tag = Tag::Integer;
    let header = Header::decode(reader)?;
    header.tag().assert_eq(tag)?;
    SerialNumber::try_from(reader.read_slice(header.length())?)
        .map_err(|_| tag.value_error().into())
}

/// The contents of `[number]`, where it comes next.
///
/// # Errors
/// The reader's.
pub fn tagged<'a>(reader: &mut SliceReader<'a>, number: u32) -> der::Result<Option<&'a [u8]>> {
    if !context(reader, number)? {
        return Ok(None);
    }
    let header = Header::decode(reader)?;
    reader.read_slice(header.length()).map(Some)
}

/// The octets of a bit string without unused bits.
///
/// # Errors
/// The reader's.
pub fn octets(bits: &BitStringRef<'_>) -> der::Result<Vec<u8>> {
    let octets = bits.as_bytes().ok_or_else(|| Tag::BitString.value_error())?;
    Ok(octets.to_vec())
}

/// `Time ::= CHOICE { UTCTime, GeneralizedTime }` (RFC 5280 §4.1.2.5).
///
/// # Errors
/// The reader's.
pub fn time<'a>(reader: &mut impl Reader<'a>) -> der::Result<Timestamp> {
    let any = AnyRef::decode(reader)?;
    let since_epoch = match any.tag() {
        Tag::UtcTime => any.decode_as::<UtcTime>()?.to_unix_duration(),
        Tag::GeneralizedTime => any.decode_as::<GeneralizedTime>()?.to_unix_duration(),
        tag => return Err(tag.unexpected_error(Some(Tag::UtcTime)).into()),
    };
    let seconds = i64::try_from(since_epoch.as_secs()).map_err(|_| der::ErrorKind::DateTime)?;
    // 99991231235959Z, "no end" (RFC 5280 §4.1.2.5), is a day after the last one here.
    Ok(Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX))
}

/// The contents of a `GeneralizedTime`; a fraction of a second, met in real certificates, is dropped.
///
/// # Errors
/// The reader's.
pub fn generalized(octets: &[u8]) -> der::Result<Timestamp> {
    let error = || der::Error::from(der::ErrorKind::DateTime);
    let (whole, rest) = octets.split_at_checked(14).ok_or_else(error)?;
    let fraction = match rest {
        b"Z" => &[][..],
        [b'.', digits @ .., b'Z'] if !digits.is_empty() => digits,
        _ => return Err(error()),
    };
    if !fraction.iter().chain(whole).all(u8::is_ascii_digit) {
        return Err(error());
    }
    let text = core::str::from_utf8(whole).map_err(|_| error())?;
    let local = DateTime::strptime("%Y%m%d%H%M%S", text).map_err(|_| error())?;
    local.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp()).map_err(|_| error())
}
