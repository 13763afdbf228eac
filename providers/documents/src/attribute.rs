//! Attributes of signatures (RFC 5652 §5.3), as the octets they came in.

use const_oid::ObjectIdentifier;
use der::{Decode, Header, Reader, SliceReader, Tag};
use gost_ca::x509::parse::{self, all};
use gost_ca::x509::{BadDer, Certificate, SerialNumber, write};
use jiff::Timestamp;

use crate::error::Result;
use crate::hash::HashFunction;
use crate::oid;

/// An attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Which.
    pub oid: ObjectIdentifier,
    /// Its values, DER.
    pub values: Vec<Vec<u8>>,
}

/// Which certificate was signed with, as `signingCertificate` and its second version say it (RFC 5035).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateReference {
    /// The hash function.
    pub function: HashFunction,
    /// The hash of the certificate.
    pub hash: Vec<u8>,
    /// Its issuer's `Name` and its serial number, where they are stated.
    pub issuer_serial: Option<(Vec<u8>, SerialNumber)>,
}

impl Attribute {
    /// An attribute of one value, DER.
    pub fn new(oid: ObjectIdentifier, value: Vec<u8>) -> Self {
        Self { oid, values: vec![value] }
    }

    /// `contentType`.
    pub(crate) fn content_type(content: &ObjectIdentifier) -> Self {
        Self::new(oid::CONTENT_TYPE, write::oid(content))
    }

    /// `messageDigest`.
    pub(crate) fn message_digest(digest: &[u8]) -> Self {
        Self::new(oid::MESSAGE_DIGEST, write::tlv(write::OCTET_STRING, digest))
    }

    /// `signingTime`, in whole seconds.
    pub(crate) fn signing_time(at: Timestamp) -> Self {
        Self::new(oid::SIGNING_TIME, write::time(at))
    }

    /// `signingCertificateV2`, with the hash function stated: its default is SHA-256.
    pub(crate) fn signing_certificate(reference: &CertificateReference) -> Self {
        let certificates = write::sequence(&[reference.to_der()]);
        Self::new(oid::SIGNING_CERTIFICATE_V2, write::sequence(&[certificates]))
    }

    /// `Attribute ::= SEQUENCE { type, values SET OF }`; the values sorted.
    pub(crate) fn to_der(&self) -> Vec<u8> {
        write::sequence(&[self.fields()])
    }

    /// The type and the values, without what is around them: time stamps are over these.
    pub(crate) fn fields(&self) -> Vec<u8> {
        let mut values = self.values.clone();
        values.sort_unstable();
        [write::oid(&self.oid), write::wrap(write::SET, &values)].concat()
    }

    /// The only value, where there is exactly one.
    pub(crate) fn only(&self) -> Option<&[u8]> {
        match self.values.as_slice() {
            [value] => Some(value),
            _ => None,
        }
    }
}

impl CertificateReference {
    /// The reference to a certificate.
    pub fn of(certificate: &Certificate, function: HashFunction) -> Self {
        Self {
            function,
            hash: function.digest(certificate.as_der()).octets,
            issuer_serial: Some((certificate.issuer().to_vec(), certificate.serial().clone())),
        }
    }

    /// Whether it is this certificate.
    pub fn names(&self, certificate: &Certificate) -> bool {
        let same = |(issuer, serial): &(Vec<u8>, SerialNumber)| {
            issuer == certificate.issuer() && serial == certificate.serial()
        };
        self.issuer_serial.as_ref().is_none_or(same)
            && self.function.digest(certificate.as_der()).octets == self.hash
    }

    /// `ESSCertIDv2`, its hash function always stated.
    fn to_der(&self) -> Vec<u8> {
        let issuer_serial = self.issuer_serial.as_ref().map(issuer_serial).unwrap_or_default();
        let hash = write::tlv(write::OCTET_STRING, &self.hash);
        write::sequence(&[self.function.algorithm(), hash, issuer_serial])
    }
}

/// `IssuerSerial ::= SEQUENCE { issuer GeneralNames, serialNumber }`.
pub(crate) fn issuer_serial((issuer, serial): &(Vec<u8>, SerialNumber)) -> Vec<u8> {
    let directory_name = write::tlv(write::constructed(4), issuer);
    let serial = write::tlv(write::INTEGER, serial.as_der_contents());
    write::sequence(&[write::sequence(&[directory_name]), serial])
}

/// Reads the fields of an `IssuerSerial`.
pub(crate) fn read_issuer_serial(
    reader: &mut SliceReader<'_>,
) -> der::Result<(Vec<u8>, SerialNumber)> {
    reader.sequence(|reader: &mut SliceReader<'_>| {
        let names: Vec<_> = parse::sequence_of(reader, |reader| match parse::tagged(reader, 4)? {
            Some(name) => Ok(Some(name.to_vec())),
            None => reader.tlv_bytes().map(|_| None),
        })?;
        let issuer = names.into_iter().flatten().next();
        let issuer = issuer.ok_or_else(|| Tag::Sequence.value_error())?;
        Ok::<_, der::Error>((issuer, parse::serial(reader)?))
    })
}

/// Reads `SET OF Attribute`, or what stands under another tag in its place.
pub(crate) fn read_set(contents: &[u8]) -> core::result::Result<Vec<Attribute>, BadDer> {
    all("attributes", contents, |reader| {
        let mut attributes = Vec::new();
        while !reader.is_finished() {
            attributes.push(reader.sequence(read)?);
        }
        Ok(attributes)
    })
}

fn read(reader: &mut SliceReader<'_>) -> der::Result<Attribute> {
    let oid = ObjectIdentifier::decode(reader)?;
    let header = Header::decode(reader)?;
    header.tag().assert_eq(Tag::Set)?;
    let values = reader.read_nested(header.length(), |reader: &mut SliceReader<'_>| {
        let mut values = Vec::new();
        while !reader.is_finished() {
            values.push(reader.tlv_bytes()?.to_vec());
        }
        Ok::<_, der::Error>(values)
    })?;
    Ok(Attribute { oid, values })
}

/// Finds the only attribute of a kind; RFC 5652 §11 has it once, with one value.
pub(crate) fn only<'a>(
    attributes: &'a [Attribute],
    oid: &ObjectIdentifier,
) -> Result<Option<&'a [u8]>> {
    let mut found = attributes.iter().filter(|attribute| attribute.oid == *oid);
    match (found.next(), found.next()) {
        (None, _) => Ok(None),
        (Some(one), None) => one.only().map(Some).ok_or_else(twice),
        (Some(_), Some(_)) => Err(twice()),
    }
}

fn twice() -> crate::Error {
    crate::Error::malformed("attributes", "one that stands alone is there twice, or without value")
}

/// Reads the value of `signingCertificate` or of `signingCertificateV2`: the first is the signer's.
pub(crate) fn read_signing_certificate(
    value: &[u8],
    second: bool,
) -> core::result::Result<Option<CertificateReference>, crate::Error> {
    let raw = all("signingCertificate", value, |reader| {
        reader.sequence(|reader: &mut SliceReader<'_>| {
            let all = parse::sequence_of(reader, |reader| {
                reader.sequence(|reader: &mut SliceReader<'_>| read_reference(reader, second))
            })?;
            if !reader.is_finished() {
                reader.tlv_bytes()?; // policies
            }
            Ok::<_, der::Error>(all)
        })
    })?;
    let Some((function, hash, issuer_serial)) = raw.into_iter().next() else {
        return Ok(None);
    };
    let function = HashFunction::from_oid(&function)?;
    Ok(Some(CertificateReference { function, hash, issuer_serial }))
}

type Reference = (ObjectIdentifier, Vec<u8>, Option<(Vec<u8>, SerialNumber)>);

fn read_reference(reader: &mut SliceReader<'_>, second: bool) -> der::Result<Reference> {
    let default = if second { HashFunction::Sha256 } else { HashFunction::Sha1 };
    let mut function = default.oid();
    if second && Tag::peek(reader)? == Tag::Sequence {
        function = spki::AlgorithmIdentifierOwned::decode(reader)?.oid;
    }
    let hash = <&der::asn1::OctetStringRef>::decode(reader)?.as_bytes().to_vec();
    let issuer_serial = (!reader.is_finished()).then(|| read_issuer_serial(reader)).transpose()?;
    Ok((function, hash, issuer_serial))
}
