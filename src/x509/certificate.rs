//! A certificate as it came.

use core::fmt;

use der::asn1::{ObjectIdentifier, OctetStringRef};
use der::{Decode, Header, Reader, SliceReader, Tag, TagNumber};
use jiff::Timestamp;
use spki::AlgorithmIdentifierOwned;

use super::parse::{BadDer, Signed, time};
use super::{PublicKey, SerialNumber};
use crate::provider::authority::Validity;

/// An X.509 certificate (RFC 5280 §4.1) with its original octets.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    signed: Signed,
    tbs: Tbs,
}

/// An extension as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Which.
    pub oid: ObjectIdentifier,
    /// Whether whoever does not know it must refuse.
    pub critical: bool,
    /// The contents of its `OCTET STRING`.
    pub value: Vec<u8>,
}

#[derive(Clone, PartialEq, Eq)]
struct Tbs {
    serial: SerialNumber,
    algorithm: AlgorithmIdentifierOwned,
    issuer: Vec<u8>,
    validity: Validity,
    subject: Vec<u8>,
    public_key: PublicKey,
    extensions: Vec<Extension>,
}

impl Certificate {
    /// Reads a certificate.
    ///
    /// # Errors
    /// [`BadDer`] for anything that is not the strict DER of one, a serial number of RFC 5280 included.
    pub fn from_der(der: &[u8]) -> Result<Self, BadDer> {
        let bad = |error: der::Error| BadDer::new("certificate", error);
        let signed = Signed::parse(der).map_err(bad)?;
        let tbs = Tbs::parse(der.get(signed.tbs.clone()).unwrap_or_default()).map_err(bad)?;
        Ok(Self { der: der.to_vec(), signed, tbs })
    }

    /// The original octets.
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// The octets that are signed.
    pub fn tbs(&self) -> &[u8] {
        self.der.get(self.signed.tbs.clone()).unwrap_or_default()
    }

    /// The signature's algorithm, as the outer field states it.
    pub const fn signature_algorithm(&self) -> &AlgorithmIdentifierOwned {
        &self.signed.algorithm
    }

    /// The signature's algorithm, as the signed part states it.
    pub const fn tbs_signature_algorithm(&self) -> &AlgorithmIdentifierOwned {
        &self.tbs.algorithm
    }

    /// The signature's octets.
    pub fn signature(&self) -> &[u8] {
        &self.signed.signature
    }

    /// The serial number.
    pub const fn serial(&self) -> &SerialNumber {
        &self.tbs.serial
    }

    /// The issuer's `Name`, DER.
    pub fn issuer(&self) -> &[u8] {
        &self.tbs.issuer
    }

    /// The subject's `Name`, DER.
    pub fn subject(&self) -> &[u8] {
        &self.tbs.subject
    }

    /// From when to when.
    pub const fn validity(&self) -> &Validity {
        &self.tbs.validity
    }

    /// Whether the certificate is within its dates at that time.
    pub fn covers(&self, at: Timestamp) -> bool {
        (self.tbs.validity.not_before..=self.tbs.validity.not_after).contains(&at)
    }

    /// The subject's key.
    pub const fn public_key(&self) -> &PublicKey {
        &self.tbs.public_key
    }

    /// All extensions, in their order.
    pub fn extensions(&self) -> &[Extension] {
        &self.tbs.extensions
    }

    /// The first extension of that kind.
    pub fn extension(&self, oid: &ObjectIdentifier) -> Option<&Extension> {
        self.tbs.extensions.iter().find(|extension| extension.oid == *oid)
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({})", self.tbs.serial)
    }
}

impl Tbs {
    fn parse(bytes: &[u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(bytes)?;
        let tbs = reader.sequence(|reader| {
            skip_context(reader, 0)?; // version
            let serial = serial(reader)?;
            let algorithm = AlgorithmIdentifierOwned::decode(reader)?;
            let issuer = name(reader)?;
            let validity = reader.sequence(|reader| {
                Ok::<_, der::Error>(Validity {
                    not_before: time(reader)?,
                    not_after: time(reader)?,
                })
            })?;
            let subject = name(reader)?;
            let public_key = PublicKey::from_der(reader.tlv_bytes()?)
                .map_err(|_| Tag::Sequence.value_error())?;
            skip_context(reader, 1)?; // issuerUniqueID
            skip_context(reader, 2)?; // subjectUniqueID
            let extensions = extensions(reader, 3)?;
            Ok::<_, der::Error>(Self {
                serial,
                algorithm,
                issuer,
                validity,
                subject,
                public_key,
                extensions,
            })
        })?;
        reader.finish()?;
        Ok(tbs)
    }
}

fn serial<'a>(reader: &mut impl Reader<'a>) -> der::Result<SerialNumber> {
    let tag = Tag::Integer;
    Header::decode(reader).and_then(|header| {
        header.tag().assert_eq(tag)?;
        SerialNumber::try_from(reader.read_slice(header.length())?)
            .map_err(|_| tag.value_error().into())
    })
}

/// A `Name`, whole.
pub(crate) fn name<'a>(reader: &mut impl Reader<'a>) -> der::Result<Vec<u8>> {
    let tlv = reader.tlv_bytes()?;
    x509_cert::name::Name::from_der(tlv)?;
    Ok(tlv.to_vec())
}

fn context(reader: &SliceReader<'_>, number: u32) -> der::Result<bool> {
    if reader.is_finished() {
        return Ok(false);
    }
    Ok(
        matches!(Tag::peek(reader)?, Tag::ContextSpecific { number: n, .. } if n == TagNumber(number)),
    )
}

fn skip_context<'a>(reader: &mut SliceReader<'a>, number: u32) -> der::Result<()> {
    if context(reader, number)? {
        reader.tlv_bytes()?;
    }
    Ok(())
}

/// `[number] EXPLICIT SEQUENCE OF Extension`, where it is there.
pub(crate) fn extensions(reader: &mut SliceReader<'_>, number: u32) -> der::Result<Vec<Extension>> {
    if !context(reader, number)? {
        return Ok(Vec::new());
    }
    Header::decode(reader)?;
    reader.sequence(|reader| {
        let mut all = Vec::new();
        while !reader.is_finished() {
            all.push(reader.sequence(extension)?);
        }
        Ok(all)
    })
}

fn extension<'a>(reader: &mut SliceReader<'a>) -> der::Result<Extension> {
    let oid = ObjectIdentifier::decode(reader)?;
    let critical = Tag::peek(reader)? == Tag::Boolean && bool::decode(reader)?;
    let value = <&OctetStringRef>::decode(reader)?.as_bytes().to_vec();
    Ok(Extension { oid, critical, value })
}
