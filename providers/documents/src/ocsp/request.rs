//! Requests.

use der::asn1::OctetStringRef;
use der::{Decode, Reader, SliceReader};
use gost_ca::x509::extensions::{Extension, encode_all, read_tagged};
use gost_ca::x509::parse::{self, all};
use gost_ca::x509::write;

use super::{CertId, NONCE};
use crate::error::{Error, Result};

/// A request for the status of certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "what is used of RFC 6960 §4.1.1")]
pub struct OcspRequest {
    /// Which certificates.
    pub certificates: Vec<CertId>,
    /// Makes the answer one to this request.
    pub nonce: Option<Vec<u8>>,
}

impl OcspRequest {
    /// Reads a request. A signature of whoever asks is passed over: the answers are no secret.
    ///
    /// # Errors
    /// `Malformed`; `Unsupported` where a certificate is named by an unknown hash function.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        let (ids, extensions) = all("OCSP request", der, |reader| {
            reader.sequence(|reader: &mut SliceReader<'_>| {
                let read = reader.sequence(read_tbs)?;
                parse::tagged(reader, 0)?; // optionalSignature
                Ok::<_, der::Error>(read)
            })
        })?;
        let certificates: Option<Vec<_>> = ids.into_iter().collect();
        let certificates =
            certificates.ok_or_else(|| Error::unsupported("hash function", "of a certificate"))?;
        if certificates.is_empty() {
            return Err(Error::malformed("OCSP request", "it asks for nothing"));
        }
        Ok(Self { certificates, nonce: nonce(&extensions)? })
    }

    /// The request's octets.
    pub fn to_der(&self) -> Vec<u8> {
        let requests: Vec<_> =
            self.certificates.iter().map(|id| write::sequence(&[id.as_der()])).collect();
        let extensions = match &self.nonce {
            Some(nonce) => {
                let all = encode_all(&[nonce_extension(nonce)]);
                write::tlv(write::constructed(2), &all)
            }
            None => Vec::new(),
        };
        write::sequence(&[write::sequence(&[write::sequence(&requests), extensions])])
    }
}

/// `Nonce ::= OCTET STRING`, within that of the extension (RFC 8954).
pub(super) fn nonce_extension(nonce: &[u8]) -> Extension {
    Extension { oid: NONCE, critical: false, value: write::tlv(write::OCTET_STRING, nonce) }
}

/// The nonce; old clients wrote it without its own `OCTET STRING`.
pub(super) fn nonce(extensions: &[Extension]) -> Result<Option<Vec<u8>>> {
    let found = extensions.iter().find(|extension| extension.oid == NONCE);
    let Some(Extension { value, .. }) = found else {
        return Ok(None);
    };
    let nonce =
        <&OctetStringRef>::from_der(value).map_or(value.as_slice(), |inner| inner.as_bytes());
    if nonce.is_empty() || nonce.len() > LONGEST_NONCE {
        return Err(Error::malformed("nonce", "of a wrong length"));
    }
    Ok(Some(nonce.to_vec()))
}

type Tbs = (Vec<Option<CertId>>, Vec<Extension>);

fn read_tbs(reader: &mut SliceReader<'_>) -> der::Result<Tbs> {
    parse::tagged(reader, 0)?; // version
    parse::tagged(reader, 1)?; // requestorName
    let ids = parse::sequence_of(reader, |reader| {
        reader.sequence(|reader: &mut SliceReader<'_>| {
            let id = CertId::read(reader)?;
            parse::tagged(reader, 0)?; // singleRequestExtensions
            Ok::<_, der::Error>(id)
        })
    })?;
    Ok((ids, read_tagged(reader, 2)?))
}

/// RFC 8954 allows 32; RFC 9654 128.
const LONGEST_NONCE: usize = 128;
