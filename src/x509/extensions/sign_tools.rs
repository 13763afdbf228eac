//! The tools of the owner and of the authority.

use const_oid::ObjectIdentifier;
use der::{AnyRef, Decode, Reader, SliceReader, Tag, Tagged};

use super::ExtensionValue;
use crate::x509::parse::{BadDer, all};
use crate::x509::write;

/// `subjectSignTool` (RFC 9215 §5): the owner's tool, 1 to 200 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectSignTool(pub String);

/// `issuerSignTool` (RFC 9215 §5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerSignTool {
    /// The authority's signing tool, 1 to 200 characters.
    pub sign_tool: String,
    /// The authority's own software, 1 to 200 characters.
    pub ca_tool: String,
    /// The document of the signing tool, 1 to 100 characters.
    pub sign_tool_document: String,
    /// The document of the authority's software, 1 to 100 characters.
    pub ca_tool_document: String,
}

impl ExtensionValue for SubjectSignTool {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.100.111");

    fn encode(&self) -> Vec<u8> {
        text(&self.0)
    }

    fn decode(value: &[u8]) -> Result<Self, BadDer> {
        all("subjectSignTool", value, read_text).map(Self)
    }
}

impl ExtensionValue for IssuerSignTool {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.100.112");

    fn encode(&self) -> Vec<u8> {
        write::sequence(&[
            text(&self.sign_tool),
            text(&self.ca_tool),
            text(&self.sign_tool_document),
            text(&self.ca_tool_document),
        ])
    }

    fn decode(value: &[u8]) -> Result<Self, BadDer> {
        all("issuerSignTool", value, |reader| {
            reader.sequence(|reader: &mut SliceReader<'_>| {
                Ok(Self {
                    sign_tool: read_text(reader)?,
                    ca_tool: read_text(reader)?,
                    sign_tool_document: read_text(reader)?,
                    ca_tool_document: read_text(reader)?,
                })
            })
        })
    }
}

fn text(text: &str) -> Vec<u8> {
    write::tlv(write::UTF8_STRING, text.as_bytes())
}

fn read_text(reader: &mut SliceReader<'_>) -> der::Result<String> {
    let any = AnyRef::decode(reader)?;
    any.tag().assert_eq(Tag::Utf8String)?;
    String::from_utf8(any.value().to_vec()).map_err(|_| Tag::Utf8String.value_error().into())
}
