//! Reading the entries of a CRL that is never in memory whole.

use core::cmp::Ordering;
use core::ops::Range;

use der::{Decode, Header, Length, Reader, SliceReader, Tag};

use super::super::parse::{BadDer, context, name, time};
use super::is_time;
use crate::x509::SerialNumber;

/// The serial number of an entry, as it lies there: compares as the integer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntrySerial<'a>(&'a [u8]);

impl<'a> EntrySerial<'a> {
    /// The number of a whole entry; `None` where it is not one.
    pub fn of(entry: &'a [u8]) -> Option<Self> {
        let (_, contents) = value(entry, SEQUENCE)?;
        let (_, digits) = value(contents, INTEGER)?;
        Some(Self(match digits {
            [0, rest @ ..] if !rest.is_empty() => rest,
            all => all,
        }))
    }

    /// The number by itself.
    pub fn to_serial(self) -> Option<SerialNumber> {
        SerialNumber::from_magnitude(self.0).ok()
    }
}

impl<'a> From<&'a SerialNumber> for EntrySerial<'a> {
    fn from(serial: &'a SerialNumber) -> Self {
        Self(serial.magnitude())
    }
}

impl Ord for EntrySerial<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.cmp(other.0))
    }
}

impl PartialOrd for EntrySerial<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The length of the first entry; `None` where more octets are wanted to know it, or to have it whole.
pub fn first_entry(octets: &[u8]) -> Option<&[u8]> {
    let (length, _) = value(octets, SEQUENCE)?;
    octets.get(..length)
}

/// The whole length of a value with this tag, and its contents.
fn value(octets: &[u8], tag: u8) -> Option<(usize, &[u8])> {
    let (start, length) = match octets {
        [found, length @ 0..=0x7f, ..] if *found == tag => (2, usize::from(*length)),
        [found, 0x81, length, ..] if *found == tag => (3, usize::from(*length)),
        [found, 0x82, high, low, ..] if *found == tag => {
            (4, usize::from(u16::from_be_bytes([*high, *low])))
        }
        _ => return None, // no entry is longer
    };
    let end = usize::checked_add(start, length)?;
    Some((end, octets.get(start..end)?))
}

/// Where the parts of a CRL lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrlLayout {
    /// The signed part.
    pub signed: Range<u64>,
    /// The entries, in it.
    pub entries: Range<u64>,
}

impl CrlLayout {
    /// Reads it from the first octets of a CRL, up to its first entry at least.
    ///
    /// # Errors
    /// [`BadDer`] where these are not the first octets of one.
    pub fn read(beginning: &[u8]) -> Result<Self, BadDer> {
        Self::parse(beginning).map_err(|error| BadDer::new("CRL", error))
    }

    fn parse(beginning: &[u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(beginning)?;
        sequence(&mut reader)?;
        let start = reader.position();
        let length = sequence(&mut reader)?;
        let end = end_of(reader.position(), length)?;
        if Tag::peek(&reader)? == Tag::Integer {
            reader.tlv_bytes()?;
        }
        reader.tlv_bytes()?; // the algorithm
        name(&mut reader)?;
        time(&mut reader)?;
        if is_time(&reader)? {
            time(&mut reader)?;
        }
        let entries = if reader.position() == end || context(&reader, 0)? {
            reader.position()..reader.position()
        } else {
            let length = sequence(&mut reader)?;
            reader.position()..end_of(reader.position(), length)?
        };
        let wide = |range: Range<Length>| {
            u64::from(u32::from(range.start))..u64::from(u32::from(range.end))
        };
        Ok(Self { signed: wide(start..end), entries: wide(entries) })
    }
}

#[expect(clippy::arithmetic_side_effects, reason = "lengths are added with a check")]
fn end_of(start: Length, length: Length) -> der::Result<Length> {
    start + length
}

fn sequence(reader: &mut SliceReader<'_>) -> der::Result<Length> {
    let header = Header::decode(reader)?;
    header.tag().assert_eq(Tag::Sequence)?;
    Ok(header.length())
}

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
