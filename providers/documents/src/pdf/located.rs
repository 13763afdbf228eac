//! Where a signature lies in a file, and what it is over.

use core::ops::Range;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use lopdf::xref::XrefEntry;
use lopdf::{Dictionary, Document, ObjectId, decode_text_string};

use super::syntax;
use crate::ber;
use crate::check::Finding;

/// What a signature dictionary holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A signed message.
    Signature,
    /// A time stamp over the document (ETSI EN 319 142-1 §5.4.3).
    TimeStamp,
}

/// A signature with its place.
#[derive(Clone, Debug)]
pub(crate) struct Located {
    /// The hexadecimal string of the signed message, its delimiters included: all of the covered octets but these
    /// are signed.
    pub(crate) gap: Range<usize>,
    /// Where the covered octets end.
    pub(crate) end: usize,
    /// The signed message, without what fills its place.
    pub(crate) message: Vec<u8>,
    /// What it is.
    pub(crate) kind: Kind,
    /// The time that the dictionary states.
    pub(crate) time: Option<Timestamp>,
}

/// Where a signature dictionary is being prepared: the array of its range, and the place of its message.
pub(crate) struct Places {
    pub(crate) range: Range<usize>,
    pub(crate) contents: Range<usize>,
}

/// Finds the signature of a dictionary: a file whose readers could disagree on what is signed has none.
pub(crate) fn locate(file: &[u8], document: &Document, id: ObjectId) -> Result<Located, Finding> {
    let dictionary = document.get_dictionary(id).map_err(|_| Finding::DocumentRange)?;
    let kind = kind(dictionary)?;
    let places = places(file, document, id).ok_or(Finding::DocumentRange)?;
    let range = file.get(places.range).and_then(syntax::integers);
    let Some([0, length, after, rest]) = range.as_deref() else {
        return Err(Finding::DocumentRange);
    };
    let (gap, end) = (*length..*after, after.checked_add(*rest));
    let end = end
        .filter(|end| *end <= file.len() && gap.start < gap.end)
        .ok_or(Finding::DocumentRange)?;
    if gap != places.contents {
        return Err(Finding::DocumentGap);
    }
    let octets = file.get(gap.clone()).and_then(syntax::hexadecimal).ok_or(Finding::DocumentGap)?;
    let message = message(&octets)?;
    Ok(Located { gap, end, message, kind, time: time(dictionary) })
}

/// Where the dictionary says what it covers, and where its message stands.
pub(crate) fn places(file: &[u8], document: &Document, id: ObjectId) -> Option<Places> {
    let Some(XrefEntry::Normal { offset, .. }) = document.reference_table.get(id.0) else {
        return None; // in an object stream: what is signed could not leave it out
    };
    let entries = syntax::dictionary(file, usize::try_from(*offset).ok()?, id)?;
    let find =
        |name: &[u8]| entries.iter().find(|(known, _)| known == name).map(|(_, at)| at.clone());
    Some(Places { range: find(b"ByteRange")?, contents: find(b"Contents")? })
}

pub(crate) fn kind(dictionary: &Dictionary) -> Result<Kind, Finding> {
    let name = dictionary.get(b"SubFilter").and_then(lopdf::Object::as_name);
    match name {
        Ok(b"ETSI.CAdES.detached" | b"adbe.pkcs7.detached") => Ok(Kind::Signature),
        Ok(b"ETSI.RFC3161") => Ok(Kind::TimeStamp),
        _ => Err(Finding::DocumentFormat),
    }
}

/// The message at the beginning of its place; zeros fill the rest.
fn message(octets: &[u8]) -> Result<Vec<u8>, Finding> {
    let length = ber::first_length(octets).ok().and_then(|length| usize::try_from(length).ok());
    let parts = length.and_then(|length| octets.split_at_checked(length));
    let (message, filling) = parts.ok_or(Finding::SignatureMalformed)?;
    if filling.iter().any(|octet| *octet != 0) {
        return Err(Finding::DocumentFilling);
    }
    Ok(message.to_vec())
}

/// `D:20260502120000+03'00'` (ISO 32000-2 §7.9.4); a time without zone is no time.
fn time(dictionary: &Dictionary) -> Option<Timestamp> {
    let text = decode_text_string(dictionary.get(b"M").ok()?).ok()?;
    let text = text.strip_prefix("D:").unwrap_or(&text);
    let (local, zone) = text.split_at_checked(14)?;
    let local = DateTime::strptime("%Y%m%d%H%M%S", local).ok()?;
    let zone: String = zone.chars().filter(|letter| *letter != '\'').collect();
    let (sign, digits) = match zone.as_bytes().first()? {
        b'Z' => (0, ""),
        b'+' => (1, zone.get(1..)?),
        b'-' => (-1, zone.get(1..)?),
        _ => return None,
    };
    let part = |range| digits.get(range).map_or(Some(0), |part: &str| part.parse::<i32>().ok());
    let minutes = part(0..2)?.checked_mul(60)?.checked_add(part(2..4)?)?;
    let offset = Offset::from_seconds(minutes.checked_mul(60)?.checked_mul(sign)?).ok()?;
    offset.to_timestamp(local).ok()
}
