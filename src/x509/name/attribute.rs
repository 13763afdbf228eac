//! One attribute of a name.

use core::fmt;

use const_oid::ObjectIdentifier;
use der::{AnyRef, Decode, Reader, SliceReader, Tag, Tagged};

use super::super::write;
use super::{label, text};
use crate::oid::Oid;
use crate::registration::{StringType, SubjectAttribute};

/// A value does not fit the string type of its attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{oid}: the value does not fit its string type, {string:?}")]
pub struct BadAttribute {
    /// Which attribute.
    pub oid: Oid,
    /// The string type wanted.
    pub string: StringType,
}

/// An `AttributeTypeAndValue` that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameAttribute {
    oid: ObjectIdentifier,
    tag: Tag,
    text: String,
}

impl NameAttribute {
    /// Which attribute.
    pub const fn oid(&self) -> &ObjectIdentifier {
        &self.oid
    }

    /// Whether it is a string of that type.
    pub fn is(&self, string: StringType) -> bool {
        self.tag == text::tag(string)
    }

    /// The text, or `#` and hexadecimal where it is no known string.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn read(reader: &mut SliceReader<'_>) -> der::Result<Self> {
        let (oid, tlv, value) = parts(reader)?;
        let tag = value.tag();
        let text = text::read(tag, value.value())
            .unwrap_or_else(|| format!("#{}", crate::hex::encode(tlv)));
        Ok(Self { oid, tag, text })
    }
}

/// Reads past an attribute, as [`NameAttribute::read`] would read it.
pub(super) fn pass(reader: &mut SliceReader<'_>) -> der::Result<()> {
    parts(reader).map(|_| ())
}

/// The type, the value, and the value read.
fn parts<'a>(
    reader: &mut SliceReader<'a>,
) -> der::Result<(ObjectIdentifier, &'a [u8], AnyRef<'a>)> {
    let oid = ObjectIdentifier::decode(reader)?;
    let tlv = reader.tlv_bytes()?;
    Ok((oid, tlv, AnyRef::from_der(tlv)?))
}

/// A `RelativeDistinguishedName` of one attribute alone.
pub(super) fn relative_name(attribute: &SubjectAttribute) -> Result<Vec<u8>, BadAttribute> {
    let SubjectAttribute { oid, string, value } = attribute;
    if value.is_empty() || !text::fits(*string, value) {
        return Err(BadAttribute { oid: *oid, string: *string });
    }
    let value = write::tlv(text::octet(*string), value.as_bytes());
    Ok(write::wrap(write::SET, &[write::sequence(&[write::oid(&oid.0), value])]))
}

impl fmt::Display for NameAttribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match label(&self.oid) {
            Some(label) => write!(f, "{}=", label.short)?,
            None => write!(f, "{}=", self.oid)?,
        }
        self.text.chars().try_for_each(|letter| match letter {
            ',' | '+' | '\\' => write!(f, "\\{letter}"),
            letter if letter.is_control() => write!(f, "\\u{{{:x}}}", u32::from(letter)),
            letter => write!(f, "{letter}"),
        })
    }
}
