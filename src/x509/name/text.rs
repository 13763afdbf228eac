//! The string types of names.

use der::Tag;

use crate::registration::StringType;

/// The type's tag.
pub(super) const fn tag(string: StringType) -> Tag {
    match string {
        StringType::Utf8 => Tag::Utf8String,
        StringType::Printable => Tag::PrintableString,
        StringType::Numeric => Tag::NumericString,
        StringType::Ia5 => Tag::Ia5String,
    }
}

/// The octet of the type's tag.
pub(super) const fn octet(string: StringType) -> u8 {
    match string {
        StringType::Utf8 => 0x0c,
        StringType::Printable => 0x13,
        StringType::Numeric => 0x12,
        StringType::Ia5 => 0x16,
    }
}

/// Whether the type can hold the text; spaces in numbers and control characters are refused.
pub(super) fn fits(string: StringType, text: &str) -> bool {
    match string {
        StringType::Utf8 => !text.chars().any(char::is_control),
        StringType::Printable => text.bytes().all(printable),
        StringType::Numeric => text.bytes().all(|letter| letter.is_ascii_digit()),
        StringType::Ia5 => text.bytes().all(|letter| matches!(letter, 0x20..=0x7e)),
    }
}

/// Reads what others wrote, with the errors that are common in the field: `None` is shown as octets.
pub(super) fn read(tag: Tag, octets: &[u8]) -> Option<String> {
    match tag {
        Tag::Utf8String => String::from_utf8(octets.to_vec()).ok(),
        Tag::PrintableString | Tag::NumericString | Tag::Ia5String | Tag::VisibleString => {
            octets.is_ascii().then(|| octets.iter().copied().map(char::from).collect())
        }
        // T.61 is taken for ISO 8859-1, as all others do.
        Tag::TeletexString => Some(octets.iter().copied().map(char::from).collect()),
        Tag::BmpString => bmp(octets),
        _ => None,
    }
}

/// Whether a value has only the characters of its string type (X.680 §41); anything but a string has.
pub(super) fn is_string(tag: u8, octets: &[u8]) -> bool {
    match tag {
        0x0c => core::str::from_utf8(octets).is_ok(),
        0x12 => octets.iter().all(|&letter| letter == b' ' || letter.is_ascii_digit()),
        0x13 => octets.iter().all(|&letter| printable(letter)),
        0x16 => octets.is_ascii(),
        0x1a => octets.iter().all(|letter| matches!(letter, 0x20..=0x7e)),
        0x1e => bmp(octets).is_some(),
        0x1c => octets.len().is_multiple_of(4),
        _ => true,
    }
}

fn bmp(octets: &[u8]) -> Option<String> {
    let (units, []) = octets.as_chunks::<2>() else { return None };
    String::from_utf16(&units.iter().copied().map(u16::from_be_bytes).collect::<Vec<_>>()).ok()
}

/// X.680 §41.4.
const fn printable(letter: u8) -> bool {
    letter.is_ascii_alphanumeric()
        || matches!(
            letter,
            b' ' | b'\'' | b'(' | b')' | b'+' | b',' | b'-' | b'.' | b'/' | b':' | b'=' | b'?'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_strings_are_read() {
        assert_eq!(read(Tag::BmpString, &[0x04, 0x23, 0x04, 0x26]).as_deref(), Some("УЦ"));
        assert_eq!(read(Tag::BmpString, &[0x04]), None);
        assert_eq!(read(Tag::Utf8String, &[0xff, 0xfe]), None);
        assert_eq!(read(Tag::TeletexString, b"caf\xe9").as_deref(), Some("café"));
    }
}
