//! One signature of a message (RFC 5652 §5.3), as the octets it came in.

use const_oid::ObjectIdentifier;
use der::asn1::OctetStringRef;
use der::{Decode, Reader, SliceReader};
use gost_ca::provider::key_store::{Digest, Message};
use gost_ca::provider::{ErrorKind, Signer};
use gost_ca::x509::parse::{self, all};
use gost_ca::x509::{BadDer, Certificate, SerialNumber, write};
use jiff::Timestamp;
use spki::AlgorithmIdentifierOwned;

use crate::attribute::{self, Attribute, CertificateReference};
use crate::error::{Error, Result};
use crate::hash::HashFunction;
use crate::oid;

/// Whose certificate: of a signer or of a recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "RFC 5652 §5.3 has these two")]
pub enum CertificateId {
    /// By the issuer's `Name`, DER, and the serial number.
    IssuerSerial(Vec<u8>, SerialNumber),
    /// By the `subjectKeyIdentifier`.
    Key(Vec<u8>),
}

/// A key with its certificate, about to sign. What all of its signatures have in common is made once.
#[derive(Clone, Debug)]
pub struct Signatory<'a> {
    key: &'a dyn Signer,
    certificate: &'a Certificate,
    function: HashFunction,
    /// `signingCertificateV2`: the certificate is hashed for it.
    reference: CertificateReference,
    signer: CertificateId,
    /// The fields of a `SignerInfo` before its attributes.
    identifier: Vec<u8>,
    /// `signatureAlgorithm`.
    algorithm: AlgorithmIdentifierOwned,
}

/// What is signed beside the content.
#[derive(Clone, Debug)]
pub struct Signing {
    /// What the content is.
    pub content_type: ObjectIdentifier,
    /// The signer's own word about the time.
    pub time: Option<Timestamp>,
    /// More signed attributes.
    pub attributes: Vec<Attribute>,
}

/// A signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignerInfo {
    /// The fields up to the signature, as they came.
    head: Vec<u8>,
    version: u8,
    signer: CertificateId,
    digest_algorithm: ObjectIdentifier,
    /// As they are signed: under the tag of `SET`.
    signed: Option<Vec<u8>>,
    attributes: Vec<Attribute>,
    algorithm: AlgorithmIdentifierOwned,
    signature: Vec<u8>,
    /// What was added without being signed: time stamps, counter-signatures.
    pub unsigned: Vec<Attribute>,
}

impl CertificateId {
    /// Names a certificate by its issuer and number, as the order of 2020 on formats of signatures wants it.
    pub fn of(certificate: &Certificate) -> Self {
        Self::IssuerSerial(certificate.issuer().to_vec(), certificate.serial().clone())
    }

    /// Whether it is this certificate.
    pub fn names(&self, certificate: &Certificate) -> bool {
        match self {
            Self::IssuerSerial(issuer, serial) => {
                issuer == certificate.issuer() && serial == certificate.serial()
            }
            Self::Key(key) => certificate.subject_key().as_ref() == Some(key),
        }
    }

    pub(crate) fn to_der(&self) -> Vec<u8> {
        match self {
            Self::IssuerSerial(issuer, serial) => {
                let serial = write::tlv(write::INTEGER, serial.as_der_contents());
                write::sequence(&[issuer.as_slice(), &serial])
            }
            Self::Key(key) => write::tlv(write::primitive(0), key),
        }
    }

    pub(crate) fn read(reader: &mut SliceReader<'_>) -> der::Result<Self> {
        if let Some(key) = parse::tagged(reader, 0)? {
            return Ok(Self::Key(key.to_vec()));
        }
        reader.sequence(|reader: &mut SliceReader<'_>| {
            Ok(Self::IssuerSerial(parse::name(reader)?, parse::serial(reader)?))
        })
    }
}

impl<'a> Signatory<'a> {
    /// Takes a key with its certificate.
    ///
    /// # Errors
    /// [`Error::WrongKey`] where they do not belong together; `Unsupported` for a key of an unknown algorithm.
    pub fn new(key: &'a dyn Signer, certificate: &'a Certificate) -> Result<Self> {
        if key.public_key().key_octets() != certificate.public_key().key_octets() {
            return Err(Error::WrongKey);
        }
        let function = HashFunction::of_signature(&key.algorithm().oid)?;
        let signer = CertificateId::of(certificate);
        let identifier = [write::integer(VERSION), signer.to_der(), function.algorithm()];
        // R 1323565.1.025 and practice state the key's algorithm, without its parameters.
        let oid = key.public_key().algorithm().oid;
        Ok(Self {
            key,
            certificate,
            function,
            reference: CertificateReference::of(certificate, function),
            signer,
            identifier: identifier.concat(),
            algorithm: AlgorithmIdentifierOwned { oid, parameters: None },
        })
    }

    /// The certificate.
    pub const fn certificate(&self) -> &'a Certificate {
        self.certificate
    }

    /// The hash function of the key's signatures.
    pub const fn hash_function(&self) -> HashFunction {
        self.function
    }

    /// How its signatures name the certificate.
    #[cfg(feature = "xml")]
    pub(crate) const fn reference(&self) -> &CertificateReference {
        &self.reference
    }

    pub(crate) const fn key(&self) -> &'a dyn Signer {
        self.key
    }

    /// The same with another way to sign by its key.
    #[cfg(feature = "pdf")]
    pub(crate) fn with_key<'b>(&self, key: &'b dyn Signer) -> Signatory<'b>
    where
        'a: 'b,
    {
        Signatory { key, ..self.clone() }
    }
}

impl Default for Signing {
    fn default() -> Self {
        Self { content_type: oid::DATA, time: None, attributes: Vec::new() }
    }
}

impl SignerInfo {
    /// Signs a content by its digest, with the attributes of CAdES-BES (RFC 5126 §4.3.1).
    ///
    /// # Errors
    /// `Malformed` for a digest of another function than the key's, and for attributes that are no DER; the key's own.
    pub async fn sign(
        signatory: &Signatory<'_>,
        signing: &Signing,
        digest: &Digest,
    ) -> Result<Self> {
        let mut attributes = vec![Attribute::content_type(&signing.content_type)];
        attributes.extend(signing.time.map(Attribute::signing_time));
        for value in signing.attributes.iter().flat_map(|one| &one.values) {
            all("attribute", value, |reader| reader.tlv_bytes().map(drop))?;
        }
        attributes.extend(signing.attributes.iter().cloned());
        Self::over(signatory, attributes, digest).await
    }

    /// Signs another's signature (RFC 5652 §11.4), and adds that to it.
    ///
    /// # Errors
    /// The key's own.
    pub async fn counter_sign(
        &mut self,
        signatory: &Signatory<'_>,
        time: Option<Timestamp>,
    ) -> Result<()> {
        let digest = signatory.function.digest(&self.signature);
        let attributes = time.map(Attribute::signing_time).into_iter().collect();
        let signature = Self::over(signatory, attributes, &digest).await?;
        self.add(Attribute::new(oid::COUNTER_SIGNATURE, signature.to_der()));
        Ok(())
    }

    async fn over(
        signatory: &Signatory<'_>,
        mut attributes: Vec<Attribute>,
        digest: &Digest,
    ) -> Result<Self> {
        if digest.algorithm != signatory.function.oid() {
            return Err(Error::malformed("digest", "not of the key's hash function"));
        }
        attributes.push(Attribute::message_digest(&digest.octets));
        attributes.push(Attribute::signing_certificate(&signatory.reference));
        for attribute in &mut attributes {
            attribute.values.sort_unstable();
        }
        let mut written: Vec<_> = attributes.into_iter().map(|one| (one.to_der(), one)).collect();
        written.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        let (written, attributes): (Vec<_>, Vec<_>) = written.into_iter().unzip();
        let signed = write::wrap(write::SET, &written);
        let signature = signatory.key.sign(Message::Bytes(&signed)).await?;
        let head = [
            signatory.identifier.clone(),
            write::wrap(write::constructed(0), &written),
            write::algorithm(&signatory.algorithm),
            write::tlv(write::OCTET_STRING, &signature),
        ];
        Ok(Self {
            head: head.concat(),
            version: VERSION,
            signer: signatory.signer.clone(),
            digest_algorithm: digest.algorithm,
            signed: Some(signed),
            attributes,
            algorithm: signatory.algorithm.clone(),
            signature,
            unsigned: Vec::new(),
        })
    }

    /// Reads a `SignerInfo`.
    ///
    /// # Errors
    /// [`BadDer`] for anything else.
    pub fn from_der(der: &[u8]) -> core::result::Result<Self, BadDer> {
        let (mut info, signed, unsigned) =
            all("SignerInfo", der, |reader| reader.sequence(Self::read))?;
        if let Some(signed) = signed {
            info.attributes = attribute::read_set(signed)?;
            info.signed = Some(write::tlv(write::SET, signed));
        }
        if let Some(unsigned) = unsigned {
            info.unsigned = attribute::read_set(unsigned)?;
        }
        Ok(info)
    }

    /// The octets of the `SignerInfo`: the signed ones as they came.
    pub fn to_der(&self) -> Vec<u8> {
        let mut unsigned: Vec<_> = self.unsigned.iter().map(Attribute::to_der).collect();
        unsigned.sort_unstable();
        let unsigned = match unsigned.as_slice() {
            [] => Vec::new(),
            all => write::wrap(write::constructed(1), all),
        };
        write::sequence(&[&self.head, &unsigned])
    }

    fn read<'a>(reader: &mut SliceReader<'a>) -> der::Result<Read<'a>> {
        let start = usize::try_from(reader.position())?;
        let mut ahead = reader.clone();
        let version = u8::decode(reader)?;
        let signer = CertificateId::read(reader)?;
        let digest_algorithm = AlgorithmIdentifierOwned::decode(reader)?.oid;
        let attributes = parse::tagged(reader, 0)?;
        let algorithm = AlgorithmIdentifierOwned::decode(reader)?;
        let signature = <&OctetStringRef>::decode(reader)?.as_bytes().to_vec();
        let length = usize::try_from(reader.position())?.saturating_sub(start);
        let head = ahead.read_slice(der::Length::try_from(length)?)?.to_vec();
        let unsigned = parse::tagged(reader, 1)?;
        let info = Self {
            head,
            version,
            signer,
            digest_algorithm,
            signed: None,
            attributes: Vec::new(),
            algorithm,
            signature,
            unsigned: Vec::new(),
        };
        Ok((info, attributes, unsigned))
    }

    /// Whose it says it is.
    pub const fn signer(&self) -> &CertificateId {
        &self.signer
    }

    /// The signature's octets.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// The hash function that the content was hashed by.
    ///
    /// # Errors
    /// `Unsupported` for one that is not known here.
    pub fn hash_function(&self) -> Result<HashFunction> {
        HashFunction::from_oid(&self.digest_algorithm)
    }

    /// The attributes that are signed.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The octets that are signed, where attributes are; else the content is signed itself.
    pub fn signed_octets(&self) -> Option<&[u8]> {
        self.signed.as_deref()
    }

    /// The signature's algorithm as it is stated: that of the signature, or that of the key.
    pub const fn algorithm(&self) -> &AlgorithmIdentifierOwned {
        &self.algorithm
    }

    /// The signer's own word about the time.
    ///
    /// # Errors
    /// `Malformed` where it is no time.
    pub fn signing_time(&self) -> Result<Option<Timestamp>> {
        let value = attribute::only(&self.attributes, &oid::SIGNING_TIME)?;
        Ok(value.map(|value| all("signingTime", value, parse::time)).transpose()?)
    }

    /// What the signature says its content is.
    ///
    /// # Errors
    /// `Malformed` where it is said twice or is no object identifier.
    pub fn content_type(&self) -> Result<Option<ObjectIdentifier>> {
        let value = attribute::only(&self.attributes, &oid::CONTENT_TYPE)?;
        Ok(value.map(|value| all("contentType", value, ObjectIdentifier::decode)).transpose()?)
    }

    /// The digest of the content, where it is among the attributes.
    ///
    /// # Errors
    /// `Malformed` where it is said twice or is no string of octets.
    pub fn message_digest(&self) -> Result<Option<Vec<u8>>> {
        let value = attribute::only(&self.attributes, &oid::MESSAGE_DIGEST)?;
        let read = |reader: &mut SliceReader<'_>| {
            Ok(<&OctetStringRef>::decode(reader)?.as_bytes().to_vec())
        };
        Ok(value.map(|value| all("messageDigest", value, read)).transpose()?)
    }

    /// The signer's certificate as the signature itself names it: that of CAdES-BES.
    ///
    /// # Errors
    /// `Malformed`, and `Unsupported` for an unknown hash function.
    pub fn certificate_reference(&self) -> Result<Option<CertificateReference>> {
        for (oid, second) in
            [(&oid::SIGNING_CERTIFICATE_V2, true), (&oid::SIGNING_CERTIFICATE, false)]
        {
            if let Some(value) = attribute::only(&self.attributes, oid)? {
                return attribute::read_signing_certificate(value, second);
            }
        }
        Ok(None)
    }

    /// Signatures over this signature.
    ///
    /// # Errors
    /// [`BadDer`] where one is none.
    pub fn counter_signatures(&self) -> core::result::Result<Vec<Self>, BadDer> {
        let values = self.unsigned_values(&oid::COUNTER_SIGNATURE);
        values.map(Self::from_der).collect()
    }

    /// The values of all attributes of a kind that are not signed.
    pub fn unsigned_values(&self, oid: &ObjectIdentifier) -> impl Iterator<Item = &[u8]> {
        let found = self.unsigned.iter().filter(move |attribute| attribute.oid == *oid);
        found.flat_map(|attribute| attribute.values.iter().map(Vec::as_slice))
    }

    pub(crate) const fn version(&self) -> u8 {
        self.version
    }

    /// Adds what is not signed: a value more where the attribute is there.
    pub(crate) fn add(&mut self, attribute: Attribute) {
        match self.unsigned.iter_mut().find(|known| known.oid == attribute.oid) {
            Some(known) => known.values.extend(attribute.values),
            None => self.unsigned.push(attribute),
        }
    }
}

/// RFC 5652 §5.3: signers are named by issuer and number.
const VERSION: u8 = 1;

type Read<'a> = (SignerInfo, Option<&'a [u8]>, Option<&'a [u8]>);

/// The algorithm under which a verifier knows a signature that states its key's algorithm.
pub(crate) fn verifiable(
    stated: &AlgorithmIdentifierOwned,
    key: &AlgorithmIdentifierOwned,
    expected: &AlgorithmIdentifierOwned,
) -> Option<AlgorithmIdentifierOwned> {
    (stated.oid == key.oid || stated.oid == expected.oid).then(|| expected.clone())
}

/// A provider's error where an ability is missing.
pub(crate) fn missing(ability: &'static str) -> Error {
    ErrorKind::Unsupported.at(ability).into()
}
