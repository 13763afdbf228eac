//! Distinguished names: written attribute by attribute, read for display.
//!
//! Names are never compared after decoding: an issuer's name is its exact octets.

mod attribute;
mod label;
mod text;

use core::fmt;

use const_oid::ObjectIdentifier;
use der::{Decode, Header, Reader, SliceReader, Tag};

pub use attribute::{BadAttribute, NameAttribute};
pub use label::{LABELS, Label, label};

use super::parse::{BadDer, sequence_of};
use super::write;
use crate::registration::SubjectAttribute;

/// A `Name` (RFC 5280 §4.1.2.4), read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistinguishedName {
    attributes: Vec<NameAttribute>,
}

impl DistinguishedName {
    /// Reads a `Name`; values of types unknown here become `#` and hexadecimal.
    ///
    /// # Errors
    /// [`BadDer`] for anything that is no `Name`.
    pub fn from_der(der: &[u8]) -> Result<Self, BadDer> {
        let bad = |error: der::Error| BadDer::new("name", error);
        let mut reader = SliceReader::new(der).map_err(bad)?;
        let mut attributes = Vec::new();
        let read = |reader: &mut SliceReader<'_>| {
            NameAttribute::read(reader).map(|attribute| attributes.push(attribute))
        };
        each(&mut reader, read).map_err(bad)?;
        reader.finish().map_err(bad)?;
        Ok(Self { attributes })
    }

    /// All attributes, in their order.
    pub fn attributes(&self) -> &[NameAttribute] {
        &self.attributes
    }

    /// The text of the first attribute of that kind.
    pub fn text(&self, oid: &ObjectIdentifier) -> Option<&str> {
        self.attributes.iter().find(|found| found.oid() == oid).map(NameAttribute::text)
    }
}

/// Writes a `Name`: one attribute per RDN, in the order given; practice knows no common order.
///
/// # Errors
/// [`BadAttribute`] for a value that its string type cannot hold.
pub fn encode(attributes: &[SubjectAttribute]) -> Result<Vec<u8>, BadAttribute> {
    let rdns = attributes.iter().map(attribute::relative_name).collect::<Result<Vec<_>, _>>()?;
    Ok(write::sequence(&rdns))
}

/// For people: `CN=…, O=…`, with `,`, `+` and `\` escaped. Nothing parses it back.
impl fmt::Display for DistinguishedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.attributes.iter().enumerate().try_for_each(|(index, attribute)| {
            let separator = if index == 0 { "" } else { ", " };
            write!(f, "{separator}{attribute}")
        })
    }
}

/// The text of a string of any type that names are written in; `None` for anything else.
pub(crate) fn text(tag: Tag, octets: &[u8]) -> Option<String> {
    text::read(tag, octets)
}

/// Whether a value has only the characters of its string type; anything but a string has.
pub(crate) fn is_string(tag: u8, octets: &[u8]) -> bool {
    text::is_string(tag, octets)
}

/// Reads past a `Name`; takes what [`DistinguishedName::from_der`] takes.
pub(crate) fn pass(reader: &mut SliceReader<'_>) -> der::Result<()> {
    each(reader, attribute::pass)
}

fn each(
    reader: &mut SliceReader<'_>,
    mut take: impl FnMut(&mut SliceReader<'_>) -> der::Result<()>,
) -> der::Result<()> {
    sequence_of(reader, |reader| {
        let header = Header::decode(reader)?;
        header.tag().assert_eq(Tag::Set)?;
        reader.read_nested(header.length(), |reader| rdn(reader, &mut take))
    })?;
    Ok(())
}

fn rdn(
    reader: &mut SliceReader<'_>,
    take: &mut impl FnMut(&mut SliceReader<'_>) -> der::Result<()>,
) -> der::Result<()> {
    loop {
        reader.sequence(&mut *take)?;
        if reader.is_finished() {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oid::Oid;
    use crate::registration::StringType;

    use StringType::{Ia5, Numeric, Printable, Utf8};

    fn written(attributes: &[(&'static str, StringType, &str)]) -> Result<Vec<u8>, BadAttribute> {
        let all: Vec<_> = attributes
            .iter()
            .map(|&(oid, string, value)| SubjectAttribute {
                oid: Oid::new_unwrap(oid),
                string,
                value: value.to_owned(),
            })
            .collect();
        encode(&all)
    }

    #[test]
    fn reads_what_it_writes() {
        let all = [
            ("2.5.4.3", Utf8, "Ёлкина, О'Нил \\ #1"),
            ("2.5.4.6", Printable, "RU"),
            ("1.2.643.100.3", Numeric, "11223344595"),
            ("1.2.840.113549.1.9.1", Ia5, "a@b.example"),
        ];
        let name = DistinguishedName::from_der(&written(&all).unwrap()).unwrap();
        for (read, (oid, string, text)) in name.attributes().iter().zip(all) {
            assert_eq!((read.oid().to_string().as_str(), read.text()), (oid, text));
            assert!(read.is(string));
        }
        assert_eq!(
            name.to_string(),
            "CN=Ёлкина\\, О'Нил \\\\ #1, C=RU, SNILS=11223344595, E=a@b.example"
        );
    }

    #[test]
    fn values_fit_their_types() {
        for (oid, string, value) in [
            ("2.5.4.6", Printable, "Россия"),
            ("1.2.643.100.3", Numeric, "112-233"),
            ("1.2.643.100.3", Numeric, "１１２"),
            ("1.2.840.113549.1.9.1", Ia5, "а@b.example"),
            ("2.5.4.3", Utf8, ""),
            ("2.5.4.3", Utf8, "a\nb"),
        ] {
            assert!(written(&[(oid, string, value)]).is_err(), "{value}");
        }
    }

    #[test]
    fn an_empty_rdn_is_refused() {
        assert!(DistinguishedName::from_der(&[0x30, 2, 0x31, 0]).is_err());
    }
}
