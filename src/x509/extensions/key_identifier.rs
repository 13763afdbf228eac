//! Which key signed, and which key is signed.

use const_oid::ObjectIdentifier;
use der::asn1::OctetStringRef;
use der::{Decode, Header, Reader, SliceReader, Tag};

use super::ExtensionValue;
use crate::x509::parse::{BadDer, all, context, name, tagged};
use crate::x509::{PublicKey, SerialNumber, sha1, write};

/// `subjectKeyIdentifier` (RFC 5280 §4.2.1.2). Opaque: authorities compute it in several ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectKeyIdentifier(pub Vec<u8>);

impl SubjectKeyIdentifier {
    /// The identifier for a new certificate: SHA-1 of the `BIT STRING`'s octets (method 1 of the clause).
    pub fn of(key: &PublicKey) -> Self {
        Self(sha1(key.key_octets()).to_vec())
    }
}

impl ExtensionValue for SubjectKeyIdentifier {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.14");

    fn encode(&self) -> Vec<u8> {
        write::tlv(write::OCTET_STRING, &self.0)
    }

    fn decode(value: &[u8]) -> Result<Self, BadDer> {
        all("subjectKeyIdentifier", value, |reader| {
            Ok(Self(<&OctetStringRef>::decode(reader)?.as_bytes().to_vec()))
        })
    }
}

/// `authorityKeyIdentifier` (RFC 5280 §4.2.1.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorityKeyIdentifier {
    /// The issuer's `subjectKeyIdentifier`.
    pub key: Option<Vec<u8>>,
    /// The issuer's own certificate: obligatory in qualified ones (63-FZ art. 17 names its number).
    pub certificate: Option<IssuerSerial>,
}

/// A certificate by its issuer and serial number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerSerial {
    /// The `Name` of whoever issued it, DER.
    pub issuer: Vec<u8>,
    /// Its serial number.
    pub serial: SerialNumber,
}

impl ExtensionValue for AuthorityKeyIdentifier {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.35");

    fn encode(&self) -> Vec<u8> {
        let key = self.key.as_deref().map(|key| write::tlv(write::primitive(0), key));
        let certificate = self.certificate.as_ref().map(|certificate| {
            let directory_name = write::tlv(write::constructed(4), &certificate.issuer);
            let issuer = write::tlv(write::constructed(1), &directory_name);
            let serial = write::tlv(write::primitive(2), certificate.serial.as_der_contents());
            [issuer, serial].concat()
        });
        write::sequence(&[key.unwrap_or_default(), certificate.unwrap_or_default()])
    }

    fn decode(value: &[u8]) -> Result<Self, BadDer> {
        all("authorityKeyIdentifier", value, |reader| reader.sequence(identifier))
    }
}

fn identifier(reader: &mut SliceReader<'_>) -> der::Result<AuthorityKeyIdentifier> {
    let key = tagged(reader, 0)?.map(<[u8]>::to_vec);
    let issuer = tagged(reader, 1)?.map(directory_name).transpose()?.flatten();
    let serial = tagged(reader, 2)?
        .map(|octets| SerialNumber::try_from(octets).map_err(|_| Tag::Integer.value_error()))
        .transpose()?;
    let certificate = issuer.zip(serial).map(|(issuer, serial)| IssuerSerial { issuer, serial });
    Ok(AuthorityKeyIdentifier { key, certificate })
}

/// The first `directoryName` of `GeneralNames`.
fn directory_name(names: &[u8]) -> der::Result<Option<Vec<u8>>> {
    let mut reader = SliceReader::new(names)?;
    while !reader.is_finished() {
        if context(&reader, 4)? {
            let header = Header::decode(&mut reader)?;
            return reader
                .read_nested(header.length(), |inner: &mut SliceReader<'_>| name(inner))
                .map(Some);
        }
        reader.tlv_bytes()?;
    }
    Ok(None)
}
