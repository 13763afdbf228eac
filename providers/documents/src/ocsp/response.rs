//! Responses.

use der::asn1::{BitStringRef, OctetStringRef};
use der::{Decode, Header, Reader, SliceReader, Tag};
use gost_ca::lifecycle::OcspStatus;
use gost_ca::provider::Verifier;
use gost_ca::provider::verifier::Check;
use gost_ca::x509::extensions::{ExtendedKeyUsage, Extension, read_tagged};
use gost_ca::x509::parse::{self, all};
use gost_ca::x509::{Certificate, write};
use jiff::Timestamp;
use spki::AlgorithmIdentifierOwned;

use super::request::nonce;
use super::{ARCHIVE_CUTOFF, BASIC, CertId};
use crate::error::{Error, Result};
use crate::hash::HashFunction;

/// A response with its original octets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OcspResponse {
    der: Vec<u8>,
    /// `BasicOCSPResponse`.
    basic: Vec<u8>,
    tbs: Vec<u8>,
    algorithm: AlgorithmIdentifierOwned,
    signature: Vec<u8>,
    certificates: Vec<Certificate>,
    responder: ResponderId,
    produced_at: Timestamp,
    nonce: Option<Vec<u8>>,
    responses: Vec<SingleResponse>,
}

/// Who answered.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "RFC 6960 §4.2.1 has these two")]
pub enum ResponderId {
    /// By its `Name`, DER.
    Name(Vec<u8>),
    /// By SHA-1 of its key.
    Key(Vec<u8>),
}

/// What is said of one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "RFC 6960 §4.2.1 has these fields")]
pub struct SingleResponse {
    /// Which.
    pub certificate: CertId,
    /// Its status.
    pub status: OcspStatus,
    /// As of when.
    pub this_update: Timestamp,
    /// When more will be known.
    pub next_update: Option<Timestamp>,
    /// Since when ended certificates are remembered.
    pub archive_cutoff: Option<Timestamp>,
}

/// A response that answers nothing (RFC 6960 §4.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(clippy::exhaustive_enums, reason = "RFC 6960 §4.2.1 has these")]
pub enum OcspFailure {
    /// The request could not be read.
    #[error("malformedRequest")]
    MalformedRequest,
    /// Something broke.
    #[error("internalError")]
    InternalError,
    /// Later perhaps.
    #[error("tryLater")]
    TryLater,
    /// Only signed requests are answered.
    #[error("sigRequired")]
    SignatureRequired,
    /// Not to this client, or not about these certificates.
    #[error("unauthorized")]
    Unauthorized,
}

impl OcspFailure {
    const ALL: [Self; 5] = [
        Self::MalformedRequest,
        Self::InternalError,
        Self::TryLater,
        Self::SignatureRequired,
        Self::Unauthorized,
    ];

    const fn number(self) -> u8 {
        match self {
            Self::MalformedRequest => 1,
            Self::InternalError => 2,
            Self::TryLater => 3,
            Self::SignatureRequired => 5,
            Self::Unauthorized => 6,
        }
    }

    /// The response's octets: nobody signs a failure.
    pub fn to_der(self) -> Vec<u8> {
        write::sequence(&[write::tlv(write::ENUMERATED, &[self.number()])])
    }
}

impl OcspResponse {
    /// Reads a response.
    ///
    /// # Errors
    /// `Malformed`; `Answer` for a failure, and for a response of another type than the basic one.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        let (status, bytes) = all("OCSP response", der, |reader| {
            reader.sequence(|reader: &mut SliceReader<'_>| {
                let header = Header::decode(reader)?;
                header.tag().assert_eq(Tag::Enumerated)?;
                let status = reader.read_slice(header.length())?;
                Ok::<_, der::Error>((status, parse::tagged(reader, 0)?))
            })
        })?;
        if status != [0] {
            let known = OcspFailure::ALL.into_iter().find(|one| [one.number()] == status);
            let name = known.map_or_else(|| format!("{status:?}"), |one| one.to_string());
            return Err(Error::Answer(name));
        }
        let (kind, basic) = all("OCSP response", bytes.unwrap_or_default(), |reader| {
            reader.sequence(|reader: &mut SliceReader<'_>| {
                let kind = const_oid::ObjectIdentifier::decode(reader)?;
                Ok::<_, der::Error>((kind, <&OctetStringRef>::decode(reader)?.as_bytes()))
            })
        })?;
        if kind != BASIC {
            return Err(Error::Answer(format!("a response of the type {kind}")));
        }
        Self::from_basic(basic).map(|read| Self { der: der.to_vec(), ..read })
    }

    /// Reads a `BasicOCSPResponse`, as CAdES keeps it.
    ///
    /// # Errors
    /// `Malformed`.
    pub fn from_basic(basic: &[u8]) -> Result<Self> {
        let mut response = all("OCSP response", basic, |reader| reader.sequence(read_basic))?;
        response.basic = basic.to_vec();
        response.der = wrapped(basic);
        let (data, extensions) =
            all("OCSP response", &response.tbs, |reader| reader.sequence(read_data))?;
        (response.responder, response.produced_at) = (data.responder, data.produced_at);
        response.responses = data.responses;
        response.nonce = nonce(&extensions)?;
        Ok(response)
    }

    /// The original octets: `OCSPResponse`.
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// The original octets: `BasicOCSPResponse`.
    pub fn as_basic(&self) -> &[u8] {
        &self.basic
    }

    /// Who answered.
    pub const fn responder(&self) -> &ResponderId {
        &self.responder
    }

    /// The certificates that came with it.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// When it was signed.
    pub const fn produced_at(&self) -> Timestamp {
        self.produced_at
    }

    /// The nonce of the request that it answers.
    pub fn nonce(&self) -> Option<&[u8]> {
        self.nonce.as_deref()
    }

    /// What is said of each certificate; of those named by unknown hash functions nothing.
    pub fn responses(&self) -> &[SingleResponse] {
        &self.responses
    }

    /// What is said of a certificate.
    pub fn about(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Option<&SingleResponse> {
        self.responses.iter().find(|one| one.certificate.names(certificate, issuer))
    }

    /// Checks that the issuer answered, or somebody whom it let answer (RFC 6960 §4.2.2.2); gives the
    /// certificate of whoever it was.
    ///
    /// # Errors
    /// `Answer`.
    pub fn verify<'a>(
        &'a self,
        issuer: &'a Certificate,
        verifier: &dyn Verifier,
    ) -> Result<&'a Certificate> {
        let refuse = |why: &str| Error::Answer(why.to_owned());
        let all = core::iter::once(issuer).chain(&self.certificates);
        let responder = all
            .filter(|one| self.responder.names(one))
            .find(|one| self.signed_by(one, verifier))
            .ok_or_else(|| refuse("its signature is by no certificate that is at hand"))?;
        if responder.public_key() == issuer.public_key() {
            return Ok(responder);
        }
        let usage = responder.find::<ExtendedKeyUsage>()?.map(|usage| usage.0);
        if !usage.unwrap_or_default().contains(&OCSP_SIGNING) {
            return Err(refuse("its signer may not sign answers"));
        }
        let delegated = responder.issuer() == issuer.subject()
            && responder.verify(issuer.public_key(), verifier).is_ok();
        if !delegated || !responder.covers(self.produced_at) {
            return Err(refuse("its signer is not one of the certificate's issuer"));
        }
        Ok(responder)
    }

    fn signed_by(&self, certificate: &Certificate, verifier: &dyn Verifier) -> bool {
        let check = Check {
            key: certificate.public_key(),
            algorithm: &self.algorithm,
            message: &self.tbs,
            signature: &self.signature,
        };
        verifier.verify(&check).is_ok()
    }
}

impl ResponderId {
    /// Whether it is the owner of this certificate.
    pub fn names(&self, certificate: &Certificate) -> bool {
        match self {
            Self::Name(name) => name == certificate.subject(),
            Self::Key(key) => {
                *key == HashFunction::Sha1.digest(certificate.public_key().key_octets()).octets
            }
        }
    }

    pub(crate) fn to_der(&self) -> Vec<u8> {
        match self {
            Self::Name(name) => write::tlv(write::constructed(1), name),
            Self::Key(key) => {
                write::tlv(write::constructed(2), &write::tlv(write::OCTET_STRING, key))
            }
        }
    }

    fn read(reader: &mut SliceReader<'_>) -> der::Result<Self> {
        if let Some(name) = parse::tagged(reader, 1)? {
            return parse::name(&mut SliceReader::new(name)?).map(Self::Name);
        }
        let key = parse::tagged(reader, 2)?.ok_or_else(|| Tag::Sequence.value_error())?;
        Ok(Self::Key(<&OctetStringRef>::from_der(key)?.as_bytes().to_vec()))
    }
}

/// `OCSPResponse` around a `BasicOCSPResponse`.
pub(super) fn wrapped(basic: &[u8]) -> Vec<u8> {
    let bytes = write::sequence(&[write::oid(&BASIC), write::tlv(write::OCTET_STRING, basic)]);
    let status = write::tlv(write::ENUMERATED, &[0]);
    write::sequence(&[status, write::tlv(write::constructed(0), &bytes)])
}

fn read_basic(reader: &mut SliceReader<'_>) -> der::Result<OcspResponse> {
    let tbs = reader.tlv_bytes()?.to_vec();
    let algorithm = AlgorithmIdentifierOwned::decode(reader)?;
    let signature = parse::octets(&BitStringRef::decode(reader)?)?;
    let certificates = match parse::tagged(reader, 0)? {
        Some(certificates) => parse::sequence_of(&mut SliceReader::new(certificates)?, |reader| {
            reader.tlv_bytes().map(|der| Certificate::from_der(der).ok())
        })?,
        None => Vec::new(),
    };
    Ok(OcspResponse {
        der: Vec::new(),
        basic: Vec::new(),
        tbs,
        algorithm,
        signature,
        certificates: certificates.into_iter().flatten().collect(),
        responder: ResponderId::Key(Vec::new()),
        produced_at: Timestamp::MIN,
        nonce: None,
        responses: Vec::new(),
    })
}

struct Data {
    responder: ResponderId,
    produced_at: Timestamp,
    responses: Vec<SingleResponse>,
}

fn read_data(reader: &mut SliceReader<'_>) -> der::Result<(Data, Vec<Extension>)> {
    parse::tagged(reader, 0)?; // version
    let responder = ResponderId::read(reader)?;
    let produced_at = generalized(reader)?;
    let responses =
        parse::sequence_of(reader, |reader| reader.sequence(read_single))?.into_iter().flatten();
    let data = Data { responder, produced_at, responses: responses.collect() };
    Ok((data, read_tagged(reader, 1)?))
}

fn read_single(reader: &mut SliceReader<'_>) -> der::Result<Option<SingleResponse>> {
    let certificate = CertId::read(reader)?;
    let status = read_status(reader)?;
    let this_update = generalized(reader)?;
    let next_update = parse::tagged(reader, 0)?;
    let next_update =
        next_update.map(|next| generalized(&mut SliceReader::new(next)?)).transpose()?;
    let extensions = read_tagged(reader, 1)?;
    let cutoff = extensions.iter().find(|extension| extension.oid == ARCHIVE_CUTOFF);
    let archive_cutoff =
        cutoff.map(|one| generalized(&mut SliceReader::new(&one.value)?)).transpose()?;
    Ok(certificate.map(|certificate| SingleResponse {
        certificate,
        status,
        this_update,
        next_update,
        archive_cutoff,
    }))
}

fn read_status(reader: &mut SliceReader<'_>) -> der::Result<OcspStatus> {
    if parse::tagged(reader, 0)?.is_some() {
        return Ok(OcspStatus::Good);
    }
    if parse::tagged(reader, 2)?.is_some() {
        return Ok(OcspStatus::Unknown);
    }
    let revoked = parse::tagged(reader, 1)?.ok_or_else(|| Tag::Null.value_error())?;
    let mut reader = SliceReader::new(revoked)?;
    let time = generalized(&mut reader)?;
    let reason = match parse::tagged(&mut reader, 0)? {
        Some([0x0a, 1, reason]) => Some(*reason),
        Some(_) => return Err(Tag::Enumerated.value_error().into()),
        None => None,
    };
    Ok(OcspStatus::Revoked { time, reason })
}

pub(crate) fn generalized(reader: &mut SliceReader<'_>) -> der::Result<Timestamp> {
    let header = Header::decode(reader)?;
    header.tag().assert_eq(Tag::GeneralizedTime)?;
    parse::generalized(reader.read_slice(header.length())?)
}

/// `id-kp-OCSPSigning`.
const OCSP_SIGNING: const_oid::ObjectIdentifier =
    const_oid::ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.9");
