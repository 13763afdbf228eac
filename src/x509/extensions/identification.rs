//! How the owner was identified: `identificationKind` (RFC 9215 §5).

use const_oid::ObjectIdentifier;
use der::{Decode, Tag};

use super::ExtensionValue;
use crate::registration::IdentificationKind;
use crate::x509::parse::{BadDer, all};
use crate::x509::write;

impl ExtensionValue for IdentificationKind {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.100.114");

    fn encode(&self) -> Vec<u8> {
        write::integer(self.number())
    }

    fn decode(value: &[u8]) -> Result<Self, BadDer> {
        all("identificationKind", value, |reader| {
            let number = u8::decode(reader)?;
            Self::ALL
                .into_iter()
                .find(|kind| kind.number() == number)
                .ok_or_else(|| Tag::Integer.value_error().into())
        })
    }
}
