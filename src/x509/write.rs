//! DER writing: tags, lengths, and the few universal types that X.509 is made of.

use const_oid::ObjectIdentifier;
use der::Encode;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use spki::AlgorithmIdentifierOwned;

/// Tag of `BOOLEAN`.
pub const BOOLEAN: u8 = 0x01;
/// Tag of `INTEGER`.
pub const INTEGER: u8 = 0x02;
/// Tag of `BIT STRING`.
pub const BIT_STRING: u8 = 0x03;
/// Tag of `OCTET STRING`.
pub const OCTET_STRING: u8 = 0x04;
/// Tag of `OBJECT IDENTIFIER`.
pub const OBJECT_IDENTIFIER: u8 = 0x06;
/// Tag of `ENUMERATED`.
pub const ENUMERATED: u8 = 0x0a;
/// Tag of `UTF8String`.
pub const UTF8_STRING: u8 = 0x0c;
/// Tag of `UTCTime`.
pub const UTC_TIME: u8 = 0x17;
/// Tag of `GeneralizedTime`.
pub const GENERALIZED_TIME: u8 = 0x18;
/// Tag of `SEQUENCE`, constructed.
pub const SEQUENCE: u8 = 0x30;
/// Tag of `SET`, constructed.
pub const SET: u8 = 0x31;

/// `[number]` around other values.
pub const fn constructed(number: u8) -> u8 {
    0xa0 | number
}

/// `[number]` in place of a primitive type's tag.
pub const fn primitive(number: u8) -> u8 {
    0x80 | number
}

/// A tag and the shortest form of a length.
pub fn header(tag: u8, length: u64) -> Vec<u8> {
    let octets = length.to_be_bytes();
    let used = octets.iter().skip_while(|&&octet| octet == 0).copied();
    match u8::try_from(length) {
        Ok(short @ 0..0x80) => vec![tag, short],
        _ => [tag, 0x80 | u8::try_from(used.clone().count()).unwrap_or(0x08)]
            .into_iter()
            .chain(used)
            .collect(),
    }
}

/// A value of any type.
pub fn tlv(tag: u8, contents: &[u8]) -> Vec<u8> {
    let mut out = header(tag, length(contents));
    out.extend_from_slice(contents);
    out
}

/// A length as the headers count it.
pub fn length(contents: &[u8]) -> u64 {
    u64::try_from(contents.len()).unwrap_or(u64::MAX)
}

/// `SEQUENCE` of what is already encoded.
pub fn sequence<P: AsRef<[u8]>>(parts: &[P]) -> Vec<u8> {
    wrap(SEQUENCE, parts)
}

/// A constructed value of what is already encoded.
pub fn wrap<P: AsRef<[u8]>>(tag: u8, parts: &[P]) -> Vec<u8> {
    let all = parts.iter().map(|part| length(part.as_ref())).fold(0, u64::saturating_add);
    let mut out = header(tag, all);
    out.reserve_exact(usize::try_from(all).unwrap_or_default());
    for part in parts {
        out.extend_from_slice(part.as_ref());
    }
    out
}

/// `OBJECT IDENTIFIER`.
pub fn oid(oid: &ObjectIdentifier) -> Vec<u8> {
    tlv(OBJECT_IDENTIFIER, oid.as_bytes())
}

/// `INTEGER` of a small number.
pub fn integer(value: u8) -> Vec<u8> {
    if value < 0x80 { vec![INTEGER, 1, value] } else { vec![INTEGER, 2, 0, value] }
}

/// `AlgorithmIdentifier`.
///
/// # Panics
/// Never: its length was counted when it was read or made.
pub fn algorithm(algorithm: &AlgorithmIdentifierOwned) -> Vec<u8> {
    #[expect(clippy::expect_used, reason = "its length was counted when it was read or made")]
    algorithm.to_der().expect("an algorithm identifier can be written")
}

/// `SEQUENCE { toBeSigned, signatureAlgorithm, signature }`.
pub fn signed(
    tbs: &[u8],
    signature_algorithm: &AlgorithmIdentifierOwned,
    signature: &[u8],
) -> Vec<u8> {
    sequence(&[tbs, &algorithm(signature_algorithm), &bit_string(signature)])
}

/// `BIT STRING` without unused bits.
pub fn bit_string(octets: &[u8]) -> Vec<u8> {
    wrap(BIT_STRING, &[&[0], octets])
}

/// `UTCTime` through 2049, `GeneralizedTime` after (RFC 5280 §4.1.2.5).
pub fn time(at: Timestamp) -> Vec<u8> {
    let local = at.to_zoned(TimeZone::UTC);
    if (1950..2050).contains(&local.year()) {
        tlv(UTC_TIME, local.strftime("%y%m%d%H%M%SZ").to_string().as_bytes())
    } else {
        tlv(GENERALIZED_TIME, &generalized(at))
    }
}

/// The contents of a `GeneralizedTime` of whole seconds.
pub fn generalized(at: Timestamp) -> Vec<u8> {
    at.to_zoned(TimeZone::UTC).strftime("%Y%m%d%H%M%SZ").to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_shortest() {
        for (length, expected) in [
            (0, &[0x30, 0][..]),
            (0x7f, &[0x30, 0x7f]),
            (0x80, &[0x30, 0x81, 0x80]),
            (0x100, &[0x30, 0x82, 1, 0]),
            (0x1_0000_0000, &[0x30, 0x85, 1, 0, 0, 0, 0]),
        ] {
            assert_eq!(header(SEQUENCE, length), expected);
        }
    }

    #[test]
    fn rfc5280_4_1_2_5_times_switch_in_2050() {
        let at = |text: &str| time(text.parse().unwrap());
        assert_eq!(at("2049-12-31T23:59:59Z"), *b"\x17\x0d491231235959Z");
        assert_eq!(at("2050-01-01T00:00:00Z"), *b"\x18\x0f20500101000000Z");
    }
}
