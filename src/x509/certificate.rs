//! A certificate as it came.

use core::fmt;

use const_oid::ObjectIdentifier;
use der::{Decode, Header, Reader, SliceReader, Tag};
use gost_hash::streebog256;
use jiff::Timestamp;
use spki::AlgorithmIdentifierOwned;

use super::extensions::{
    AuthorityKeyIdentifier, Extension, ExtensionValue, SubjectKeyIdentifier, find, read_tagged,
};
use super::parse::{BadDer, Signed, context, name, serial, time};
use super::{PublicKey, SerialNumber, sha1, write};
use crate::provider::authority::Validity;
use crate::provider::verifier::{Check, Unverified, Verifier};

/// An X.509 certificate (RFC 5280 §4.1) with its original octets.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    signed: Signed,
    tbs: Box<TbsCertificate>,
}

/// The signed part of a certificate, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TbsCertificate {
    version: u8,
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
        let tbs =
            TbsCertificate::parse(der.get(signed.tbs.clone()).unwrap_or_default()).map_err(bad)?;
        let tbs = Box::new(tbs);
        Ok(Self { der: der.to_vec(), signed, tbs })
    }

    /// Puts a signature to a signed part that was read: the same as reading the whole.
    ///
    /// # Errors
    /// [`BadDer`] where the algorithm or the signature do not give a certificate with exactly that part.
    pub(crate) fn sealed(
        (octets, tbs): (&[u8], TbsCertificate),
        algorithm: &AlgorithmIdentifierOwned,
        signature: &[u8],
    ) -> Result<Self, BadDer> {
        let der = write::signed(octets, algorithm, signature);
        let signed = Signed::parse(&der).map_err(|error| BadDer::new("certificate", error))?;
        if der.get(signed.tbs.clone()) != Some(octets) {
            return Err(BadDer::new("certificate", "other octets were read"));
        }
        Ok(Self { der, signed, tbs: Box::new(tbs) })
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

    /// The signature's octets.
    pub fn signature(&self) -> &[u8] {
        &self.signed.signature
    }

    /// The signed part, read.
    pub fn fields(&self) -> &TbsCertificate {
        &self.tbs
    }

    /// The serial number.
    pub fn serial(&self) -> &SerialNumber {
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
    pub fn validity(&self) -> &Validity {
        &self.tbs.validity
    }

    /// Whether the certificate is within its dates at that time.
    pub fn covers(&self, at: Timestamp) -> bool {
        (self.tbs.validity.not_before..=self.tbs.validity.not_after).contains(&at)
    }

    /// The subject's key.
    pub fn public_key(&self) -> &PublicKey {
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

    /// What the first extension of that kind says.
    ///
    /// # Errors
    /// [`BadDer`] where it is there and is malformed.
    pub fn find<T: ExtensionValue>(&self) -> Result<Option<T>, BadDer> {
        find(self.extensions())
    }

    /// The issuer's key identifier, where it is stated: tells the keys of one issuer apart.
    pub fn authority_key(&self) -> Option<Vec<u8>> {
        self.find::<AuthorityKeyIdentifier>().ok().flatten()?.key
    }

    /// The subject's key identifier, where it is stated.
    pub fn subject_key(&self) -> Option<Vec<u8>> {
        self.find::<SubjectKeyIdentifier>().ok().flatten().map(|found| found.0)
    }

    /// SHA-1 of the certificate, as other tools show it («отпечаток»). Names it; protects nothing.
    pub fn thumbprint_sha1(&self) -> [u8; 20] {
        sha1(&self.der)
    }

    /// Streebog-256 of the certificate.
    pub fn thumbprint_streebog256(&self) -> [u8; 32] {
        streebog256(&self.der)
    }

    /// Checks that a key signed the certificate.
    ///
    /// # Errors
    /// What the verifier finds; `Malformed` where the two algorithm fields differ (RFC 5280 §4.1.1.2).
    pub fn verify(&self, issuer: &PublicKey, verifier: &dyn Verifier) -> Result<(), Unverified> {
        if self.signed.algorithm != self.tbs.algorithm {
            return Err(Unverified::Malformed("the two signature algorithms differ"));
        }
        verifier.verify(&Check {
            key: issuer,
            algorithm: &self.signed.algorithm,
            message: self.tbs(),
            signature: &self.signed.signature,
        })
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({})", self.tbs.serial)
    }
}

impl TbsCertificate {
    /// Reads a `TBSCertificate` that stands alone: about to be signed.
    ///
    /// # Errors
    /// [`BadDer`] for anything that is not the strict DER of one.
    pub fn from_der(der: &[u8]) -> Result<Self, BadDer> {
        Self::parse(der).map_err(|error| BadDer::new("TBSCertificate", error))
    }

    /// The number in the version field: 2 is v3.
    pub const fn version(&self) -> u8 {
        self.version
    }

    /// The serial number.
    pub const fn serial(&self) -> &SerialNumber {
        &self.serial
    }

    /// The algorithm it is signed with.
    pub const fn algorithm(&self) -> &AlgorithmIdentifierOwned {
        &self.algorithm
    }

    /// The issuer's `Name`, DER.
    pub fn issuer(&self) -> &[u8] {
        &self.issuer
    }

    /// The subject's `Name`, DER.
    pub fn subject(&self) -> &[u8] {
        &self.subject
    }

    /// From when to when.
    pub const fn validity(&self) -> &Validity {
        &self.validity
    }

    /// The subject's key.
    pub const fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// All extensions, in their order.
    pub fn extensions(&self) -> &[Extension] {
        &self.extensions
    }

    fn parse(bytes: &[u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(bytes)?;
        let tbs = reader.sequence(|reader: &mut SliceReader<'_>| {
            let version = version(reader)?;
            let serial = serial(reader)?;
            let algorithm = AlgorithmIdentifierOwned::decode(reader)?;
            let issuer = name(reader)?;
            let validity = reader.sequence(|reader: &mut SliceReader<'_>| {
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
            let extensions = read_tagged(reader, 3)?;
            Ok::<_, der::Error>(Self {
                version,
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

/// `[0] EXPLICIT INTEGER DEFAULT v1`.
fn version(reader: &mut SliceReader<'_>) -> der::Result<u8> {
    if !context(reader, 0)? {
        return Ok(0);
    }
    let header = Header::decode(reader)?;
    let version = reader.read_nested(header.length(), u8::decode)?;
    if version > 2 { Err(Tag::Integer.value_error().into()) } else { Ok(version) }
}

fn skip_context(reader: &mut SliceReader<'_>, number: u32) -> der::Result<()> {
    if context(reader, number)? {
        reader.tlv_bytes()?;
    }
    Ok(())
}
