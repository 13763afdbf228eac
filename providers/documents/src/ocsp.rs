//! The status of certificates, asked and answered (RFC 6960).

mod client;
mod request;
mod responder;
mod response;

use const_oid::ObjectIdentifier;
use der::asn1::OctetStringRef;
use der::{Decode, Reader, SliceReader};
use gost_ca::x509::{Certificate, SerialNumber, parse, write};
use spki::AlgorithmIdentifierOwned;

pub use client::OcspClient;
pub use request::OcspRequest;
pub use responder::{Answer, OcspResponder, OcspSource, OcspStore, ResponderName};
pub(crate) use response::generalized;
pub use response::{OcspFailure, OcspResponse, ResponderId, SingleResponse};

use crate::hash::HashFunction;

/// A certificate, as OCSP names it: by hashes of its issuer's name and key, and its number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CertId {
    /// The hash function: SHA-1 of nearly all clients, Streebog of some.
    pub function: HashFunction,
    /// The hash of the issuer's `Name`.
    pub name: Vec<u8>,
    /// The hash of the issuer's key: of the octets in its `BIT STRING`.
    pub key: Vec<u8>,
    /// The certificate's number.
    pub serial: SerialNumber,
    /// As it came: some clients compare an answer's with their own octet by octet.
    octets: Vec<u8>,
}

impl CertId {
    /// Names a certificate.
    pub fn of(certificate: &Certificate, issuer: &Certificate, function: HashFunction) -> Self {
        let name = function.digest(certificate.issuer()).octets;
        let key = function.digest(issuer.public_key().key_octets()).octets;
        let serial = certificate.serial().clone();
        // All write the parameters of SHA-1 (RFC 3370 §2.1).
        let null: &[u8] = if function == HashFunction::Sha1 { &[5, 0] } else { &[] };
        let octets = write::sequence(&[
            write::sequence(&[&write::oid(&function.oid()), null]),
            write::tlv(write::OCTET_STRING, &name),
            write::tlv(write::OCTET_STRING, &key),
            write::tlv(write::INTEGER, serial.as_der_contents()),
        ]);
        Self { function, name, key, serial, octets }
    }

    /// Whether that issuer issued it.
    pub fn is_of(&self, issuer: &Certificate) -> bool {
        self.function.digest(issuer.subject()).octets == self.name
            && self.function.digest(issuer.public_key().key_octets()).octets == self.key
    }

    /// Whether it is that certificate of that issuer.
    pub fn names(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        self.serial == *certificate.serial() && self.is_of(issuer)
    }

    pub(crate) fn as_der(&self) -> &[u8] {
        &self.octets
    }

    /// None for a hash function that is not known here.
    pub(crate) fn read(reader: &mut SliceReader<'_>) -> der::Result<Option<Self>> {
        let octets = reader.tlv_bytes()?;
        SliceReader::new(octets)?.sequence(|reader: &mut SliceReader<'_>| {
            let function = HashFunction::from_oid(&AlgorithmIdentifierOwned::decode(reader)?.oid);
            let name = <&OctetStringRef>::decode(reader)?.as_bytes().to_vec();
            let key = <&OctetStringRef>::decode(reader)?.as_bytes().to_vec();
            let serial = parse::serial(reader)?;
            let octets = octets.to_vec();
            let id = |function| Self { function, name, key, serial, octets };
            Ok::<_, der::Error>(function.ok().map(id))
        })
    }
}

/// `id-pkix-ocsp-nonce`.
const NONCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.2");
/// `id-pkix-ocsp-basic`.
const BASIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.1");
/// `id-pkix-ocsp-archive-cutoff`.
const ARCHIVE_CUTOFF: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.6");
