//! A certification request as it came.

use core::fmt;

use const_oid::ObjectIdentifier;
use der::{Decode, Header, Reader, SliceReader, Tag};
use spki::AlgorithmIdentifierOwned;

use super::PublicKey;
use super::extensions::{Extension, read_all};
use super::parse::{BadDer, Signed, all, context, name};
use crate::provider::verifier::{Check, Unverified, Verifier};

/// A PKCS#10 request (RFC 2986) with its original octets.
#[derive(Clone, PartialEq, Eq)]
pub struct CertificationRequest {
    der: Vec<u8>,
    signed: Signed,
    subject: Vec<u8>,
    public_key: PublicKey,
    attributes: Vec<u8>,
}

impl CertificationRequest {
    /// Reads a request.
    ///
    /// # Errors
    /// [`BadDer`] for anything that is not the strict DER of one, of version 0, with `[0]` attributes.
    pub fn from_der(der: &[u8]) -> Result<Self, BadDer> {
        let bad = |error: der::Error| BadDer::new("certification request", error);
        let signed = Signed::parse(der).map_err(bad)?;
        let (subject, public_key, attributes) =
            info(der.get(signed.tbs.clone()).unwrap_or_default()).map_err(bad)?;
        Ok(Self { der: der.to_vec(), signed, subject, public_key, attributes })
    }

    /// The original octets.
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// The octets that are signed: the `CertificationRequestInfo`.
    pub fn info(&self) -> &[u8] {
        self.der.get(self.signed.tbs.clone()).unwrap_or_default()
    }

    /// The signature's algorithm.
    pub const fn signature_algorithm(&self) -> &AlgorithmIdentifierOwned {
        &self.signed.algorithm
    }

    /// The signature's octets.
    pub fn signature(&self) -> &[u8] {
        &self.signed.signature
    }

    /// The subject's `Name`, DER.
    pub fn subject(&self) -> &[u8] {
        &self.subject
    }

    /// The key to be certified.
    pub const fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The `[0]` attributes, whole, DER.
    pub fn attributes(&self) -> &[u8] {
        &self.attributes
    }

    /// The extensions asked for by an `extensionRequest`; other attributes are passed over.
    ///
    /// # Errors
    /// [`BadDer`] where the attributes are no attributes.
    pub fn requested_extensions(&self) -> Result<Vec<Extension>, BadDer> {
        all("attributes", &self.attributes, |reader| {
            let header = Header::decode(reader)?;
            reader.read_nested(header.length(), extension_requests)
        })
    }

    /// Checks that the request was signed by its own key: possession of the private one.
    ///
    /// # Errors
    /// What the verifier finds.
    pub fn verify(&self, verifier: &dyn Verifier) -> Result<(), Unverified> {
        verifier.verify(&Check::from(self))
    }
}

/// That the request was signed by its own key.
impl<'a> From<&'a CertificationRequest> for Check<'a> {
    fn from(request: &'a CertificationRequest) -> Self {
        Self {
            key: &request.public_key,
            algorithm: &request.signed.algorithm,
            message: request.info(),
            signature: &request.signed.signature,
        }
    }
}

impl fmt::Debug for CertificationRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CertificationRequest({} octets)", self.der.len())
    }
}

/// `extensionRequest` (RFC 2985 §5.4.2).
pub(crate) const EXTENSION_REQUEST: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.14");

fn extension_requests(reader: &mut SliceReader<'_>) -> der::Result<Vec<Extension>> {
    let mut found = Vec::new();
    while !reader.is_finished() {
        found.extend(reader.sequence(extension_request)?);
    }
    Ok(found)
}

fn extension_request(reader: &mut SliceReader<'_>) -> der::Result<Vec<Extension>> {
    if ObjectIdentifier::decode(reader)? != EXTENSION_REQUEST {
        reader.tlv_bytes()?;
        return Ok(Vec::new());
    }
    let header = Header::decode(reader)?;
    header.tag().assert_eq(Tag::Set)?;
    reader.read_nested(header.length(), read_all)
}

fn info(bytes: &[u8]) -> der::Result<(Vec<u8>, PublicKey, Vec<u8>)> {
    let mut reader = SliceReader::new(bytes)?;
    let parts = reader.sequence(|reader: &mut SliceReader<'_>| {
        if u8::decode(reader)? != 0 {
            return Err(Tag::Integer.value_error().into());
        }
        let subject = name(reader)?;
        let key =
            PublicKey::from_der(reader.tlv_bytes()?).map_err(|_| Tag::Sequence.value_error())?;
        if !context(reader, 0)? {
            return Err(Tag::Set.value_error().into()); // obligatory, also where it is empty
        }
        let attributes = reader.tlv_bytes()?.to_vec();
        Ok::<_, der::Error>((subject, key, attributes))
    })?;
    reader.finish()?;
    Ok(parts)
}
