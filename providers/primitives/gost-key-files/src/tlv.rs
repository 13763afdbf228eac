//! Writing DER.

use alloc::vec::Vec;

use der::Encode;
use der::asn1::ObjectIdentifier;

use crate::Unopened;

/// A field: its tag, its length in the fewest octets, its contents.
pub(crate) fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut field = alloc::vec![tag];
    let octets = length.to_be_bytes();
    let digits = octets
        .iter()
        .position(|octet| *octet != 0)
        .map_or(&[][..], |at| octets.get(at..).unwrap_or_default());
    match digits {
        [] => field.push(0),
        [short @ 0..=0x7f] => field.push(*short),
        long => {
            // at most eight digits
            field.push(0x80 | u8::try_from(long.len()).unwrap_or_default());
            field.extend_from_slice(long);
        }
    }
    for part in parts {
        field.extend_from_slice(part);
    }
    field
}

pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, parts)
}

pub(crate) fn octets(value: &[u8]) -> Vec<u8> {
    tlv(0x04, &[value])
}

pub(crate) fn integer(value: u32) -> Result<Vec<u8>, Unopened> {
    Ok(value.to_der()?)
}

pub(crate) fn oid(value: ObjectIdentifier) -> Result<Vec<u8>, Unopened> {
    Ok(value.to_der()?)
}

/// `[number]` around fields, or in place of a SEQUENCE's tag.
pub(crate) fn constructed(number: u8, parts: &[&[u8]]) -> Vec<u8> {
    tlv(0xa0 | number, parts)
}

/// `[number]` in place of a tag of octets.
pub(crate) fn primitive(number: u8, value: &[u8]) -> Vec<u8> {
    tlv(0x80 | number, &[value])
}

/// `AlgorithmIdentifier`.
pub(crate) fn algorithm(id: ObjectIdentifier, parameters: &[u8]) -> Result<Vec<u8>, Unopened> {
    Ok(sequence(&[&oid(id)?, parameters]))
}

pub(crate) const NULL: [u8; 2] = [0x05, 0x00];
