//! What a key may be used for, by name.

use const_oid::ObjectIdentifier;
use der::Decode;

use super::ExtensionValue;
use crate::x509::parse::{BadDer, all, sequence_of};
use crate::x509::write;

/// `extKeyUsage` (RFC 5280 §4.2.1.12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtendedKeyUsage(pub Vec<ObjectIdentifier>);

impl ExtensionValue for ExtendedKeyUsage {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");

    fn encode(&self) -> Vec<u8> {
        write::sequence(&self.0.iter().map(write::oid).collect::<Vec<_>>())
    }

    fn decode(value: &[u8]) -> Result<Self, BadDer> {
        all("extKeyUsage", value, |reader| sequence_of(reader, ObjectIdentifier::decode).map(Self))
    }
}
