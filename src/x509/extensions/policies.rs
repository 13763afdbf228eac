//! Classes of tools, and limits of use.

use const_oid::ObjectIdentifier;
use der::{AnyRef, Decode, Reader, SliceReader, Tag, Tagged};

use super::ExtensionValue;
use crate::x509::parse::{BadDer, all, sequence_of};
use crate::x509::write;

/// `certificatePolicies` (RFC 5280 §4.2.1.4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policies {
    /// The policies; for qualified certificates the classes 1.2.643.100.113.1 (KC1) and up.
    pub policies: Vec<ObjectIdentifier>,
    /// `userNotice`: limits of use, powers of a representative (63-FZ art. 17; stands at the first policy).
    pub notices: Vec<String>,
}

const USER_NOTICE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.2.2");

impl ExtensionValue for Policies {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.32");

    fn encode(&self) -> Vec<u8> {
        let mut qualifiers = Vec::new();
        if !self.notices.is_empty() {
            let all: Vec<_> = self.notices.iter().map(|text| notice(text)).collect();
            qualifiers = write::sequence(&all);
        }
        let policies = self
            .policies
            .iter()
            .map(|policy| write::sequence(&[write::oid(policy), core::mem::take(&mut qualifiers)]));
        write::sequence(&policies.collect::<Vec<_>>())
    }

    fn decode(value: &[u8]) -> Result<Self, BadDer> {
        all("certificatePolicies", value, |reader| {
            let mut found = Self::default();
            sequence_of(reader, |reader| {
                reader.sequence(|reader: &mut SliceReader<'_>| found.read(reader))
            })?;
            Ok(found)
        })
    }
}

impl Policies {
    fn read(&mut self, reader: &mut SliceReader<'_>) -> der::Result<()> {
        self.policies.push(ObjectIdentifier::decode(reader)?);
        if reader.is_finished() {
            return Ok(());
        }
        let notices = sequence_of(reader, |reader| reader.sequence(read_qualifier))?;
        self.notices.extend(notices.into_iter().flatten());
        Ok(())
    }
}

fn notice(text: &str) -> Vec<u8> {
    let user_notice = write::sequence(&[write::tlv(write::UTF8_STRING, text.as_bytes())]);
    write::sequence(&[write::oid(&USER_NOTICE), user_notice])
}

/// The `explicitText` of a `userNotice`; other qualifiers are passed over.
fn read_qualifier(reader: &mut SliceReader<'_>) -> der::Result<Option<String>> {
    if ObjectIdentifier::decode(reader)? != USER_NOTICE {
        reader.tlv_bytes()?;
        return Ok(None);
    }
    reader.sequence(|reader: &mut SliceReader<'_>| {
        let mut text = None;
        while !reader.is_finished() {
            let part = AnyRef::decode(reader)?;
            if part.tag() != Tag::Sequence {
                text = crate::x509::name::text(part.tag(), part.value());
            }
        }
        Ok(text)
    })
}
