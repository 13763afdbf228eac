//! The extensions of qualified certificates and of CRLs, encoded and decoded.
//!
//! Each is a type whose octets are the contents of the extension's `OCTET STRING`.

mod basic_constraints;
mod crl_scope;
mod extended_key_usage;
mod identification;
mod key_identifier;
mod key_usage;
mod locations;
mod policies;
mod revocation;
mod sign_tools;
mod usage_period;

use const_oid::ObjectIdentifier;
use der::asn1::OctetStringRef;
use der::{Decode, Header, Reader, SliceReader, Tag};

pub use basic_constraints::BasicConstraints;
pub use crl_scope::{DeltaCrlIndicator, ExpiredCertsOnCrl, FreshestCrl, IssuingDistributionPoint};
pub use extended_key_usage::ExtendedKeyUsage;
pub use key_identifier::{AuthorityKeyIdentifier, IssuerSerial, SubjectKeyIdentifier};
pub use key_usage::{KeyUsage, KeyUsages};
pub use locations::{CrlLocations, InformationLocations};
pub use policies::Policies;
pub use revocation::{CrlNumber, InvalidityDate, RevocationReason};
pub use sign_tools::{IssuerSignTool, SubjectSignTool};
pub use usage_period::PrivateKeyUsagePeriod;

use super::parse::{BadDer, context, sequence_of};
use super::write;

/// An extension as it came, or as it will go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Which.
    pub oid: ObjectIdentifier,
    /// Whether whoever does not know it must refuse.
    pub critical: bool,
    /// The contents of its `OCTET STRING`.
    pub value: Vec<u8>,
}

/// What one kind of extension says.
pub trait ExtensionValue: Sized {
    /// Which extension.
    const OID: ObjectIdentifier;

    /// Writes the contents of the `OCTET STRING`.
    fn encode(&self) -> Vec<u8>;

    /// Reads them.
    ///
    /// # Errors
    /// [`BadDer`] for anything that is no such extension.
    fn decode(value: &[u8]) -> Result<Self, BadDer>;

    /// Wraps it as an extension that the unknowing may ignore.
    fn extension(&self) -> Extension {
        Extension { oid: Self::OID, critical: false, value: self.encode() }
    }

    /// Wraps it as an extension that the unknowing must refuse.
    fn critical(&self) -> Extension {
        Extension { critical: true, ..self.extension() }
    }
}

impl Extension {
    /// Writes the whole `Extension`; `critical` is left out where it is the default.
    pub fn to_der(&self) -> Vec<u8> {
        let critical: &[u8] = if self.critical { &[write::BOOLEAN, 1, 0xff] } else { &[] };
        let value = write::tlv(write::OCTET_STRING, &self.value);
        write::sequence(&[&write::oid(&self.oid), critical, &value])
    }
}

/// Finds what the first extension of that kind says.
///
/// # Errors
/// [`BadDer`] where it is there and is malformed.
pub fn find<T: ExtensionValue>(extensions: &[Extension]) -> Result<Option<T>, BadDer> {
    extensions
        .iter()
        .find(|extension| extension.oid == T::OID)
        .map(|extension| T::decode(&extension.value))
        .transpose()
}

/// `Extensions ::= SEQUENCE OF Extension`.
pub fn encode_all(extensions: &[Extension]) -> Vec<u8> {
    write::sequence(&extensions.iter().map(Extension::to_der).collect::<Vec<_>>())
}

/// `[number] EXPLICIT Extensions`, where it is there.
///
/// # Errors
/// The reader's.
pub fn read_tagged(reader: &mut SliceReader<'_>, number: u32) -> der::Result<Vec<Extension>> {
    if !context(reader, number)? {
        return Ok(Vec::new());
    }
    let header = Header::decode(reader)?;
    reader.read_nested(header.length(), read_all)
}

/// `Extensions`.
///
/// # Errors
/// The reader's.
pub fn read_all(reader: &mut SliceReader<'_>) -> der::Result<Vec<Extension>> {
    sequence_of(reader, |reader| reader.sequence(read_one))
}

fn read_one(reader: &mut SliceReader<'_>) -> der::Result<Extension> {
    let oid = ObjectIdentifier::decode(reader)?;
    // An explicit FALSE breaks DER's rule for defaults, and is met in real certificates.
    let critical = Tag::peek(reader)? == Tag::Boolean && bool::decode(reader)?;
    let value = <&OctetStringRef>::decode(reader)?.as_bytes().to_vec();
    Ok(Extension { oid, critical, value })
}
