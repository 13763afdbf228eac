//! Signed messages (RFC 5652 §5), attached and detached.
//!
//! A content of any length is read once to be hashed ([`ContentDigests`]) and, where it goes into the
//! message, a second time; [`SignedDataStream`] reads it once, for what cannot be read again.

pub(crate) mod reader;
mod stream;

use std::io::{Read, Write};

use const_oid::ObjectIdentifier;
use der::{Decode, Header, Reader, SliceReader, Tag};
use gost_ca::x509::parse::all;
use gost_ca::x509::{BadDer, Certificate, CertificateList, write};

pub use reader::{Limits, SignedDataReader};
pub use stream::SignedDataStream;

use crate::error::{Error, Result};
use crate::hash::{BUFFER, ContentDigests, HashFunction, Hashers};
use crate::oid;
use crate::signer_info::{Signatory, SignerInfo, Signing};

/// A signed message without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedData {
    content_type: ObjectIdentifier,
    /// `CertificateChoices`, as they came.
    certificates: Vec<Vec<u8>>,
    /// `RevocationInfoChoice`, as they came.
    revocations: Vec<Vec<u8>>,
    /// The signatures.
    pub signers: Vec<SignerInfo>,
}

impl SignedData {
    /// A message that nobody has signed yet.
    pub const fn new(content_type: ObjectIdentifier) -> Self {
        Self {
            content_type,
            certificates: Vec::new(),
            revocations: Vec::new(),
            signers: Vec::new(),
        }
    }

    /// Adds a signature beside those that are there, with its certificate.
    ///
    /// # Errors
    /// `Malformed` where the content was not hashed by the key's function, and the key's own.
    pub async fn sign(
        &mut self,
        signatory: &Signatory<'_>,
        signing: &Signing,
        digests: &ContentDigests,
    ) -> Result<()> {
        let digest = digests.by(signatory.hash_function());
        let digest =
            digest.ok_or_else(|| Error::malformed("digest", "not of the key's function"))?;
        let signing = Signing { content_type: self.content_type, ..signing.clone() };
        self.signers.push(SignerInfo::sign(signatory, &signing, digest).await?);
        self.enclose(signatory.certificate());
        Ok(())
    }

    /// Encloses a certificate, once.
    pub fn enclose(&mut self, certificate: &Certificate) {
        put(&mut self.certificates, certificate.as_der().to_vec());
    }

    /// Takes all certificates out: who reads it must have them.
    pub fn enclose_nothing(&mut self) {
        self.certificates.clear();
    }

    /// Encloses a CRL, once.
    pub fn enclose_crl(&mut self, list: &CertificateList) {
        put(&mut self.revocations, list.as_der().to_vec());
    }

    /// Encloses an `OCSPResponse`, once (RFC 5940).
    pub fn enclose_ocsp(&mut self, response: &[u8]) {
        let other = [&write::oid(&oid::OCSP_REVOCATION), response];
        put(&mut self.revocations, write::wrap(write::constructed(1), &other));
    }

    /// What the content is.
    pub const fn content_type(&self) -> ObjectIdentifier {
        self.content_type
    }

    /// The enclosed certificates that can be read.
    pub fn certificates(&self) -> Vec<Certificate> {
        let x509 = self.certificates.iter().filter(|one| one.first() == Some(&write::SEQUENCE));
        x509.filter_map(|one| Certificate::from_der(one).ok()).collect()
    }

    /// The enclosed CRLs that can be read.
    pub fn crls(&self) -> Vec<CertificateList> {
        let lists = self.revocations.iter().filter(|one| one.first() == Some(&write::SEQUENCE));
        lists.filter_map(|one| CertificateList::from_der(one).ok()).collect()
    }

    /// The enclosed `OCSPResponse`s, DER.
    pub fn ocsp_responses(&self) -> Vec<Vec<u8>> {
        self.revocations.iter().filter_map(|one| ocsp_response(one)).collect()
    }

    /// Reads a message without content, or the whole of one that is small.
    ///
    /// # Errors
    /// `Malformed` for anything else; `OtherType` for a message of another type.
    pub fn from_octets(octets: &[u8]) -> Result<(Self, Option<Vec<u8>>)> {
        let mut reader = SignedDataReader::open(octets, Limits::default())?;
        let mut content = Vec::new();
        reader.read_to_end(&mut content)?;
        let attached = reader.is_attached();
        Ok((reader.finish()?.0, attached.then_some(content)))
    }

    /// The message without its content, DER.
    pub fn to_detached(&self) -> Vec<u8> {
        let content = write::sequence(&[write::oid(&self.content_type)]);
        let inner = write::sequence(&[self.before(), content, self.after()]);
        let outer = write::tlv(write::constructed(0), &inner);
        write::sequence(&[write::oid(&oid::SIGNED_DATA), outer])
    }

    /// Writes the message around its content, DER, in constant memory.
    ///
    /// # Errors
    /// [`Error::Changed`] where the content is not what `digests` are of; the reader's and the writer's.
    pub fn write_attached(
        &self,
        digests: &ContentDigests,
        content: &mut impl Read,
        out: &mut impl Write,
    ) -> Result<()> {
        let (before, after) = (self.before(), self.after());
        let content_type = write::oid(&self.content_type);
        let signed_data = write::oid(&oid::SIGNED_DATA);
        let whole = |header: &[u8], inner: u64| write::length(header).saturating_add(inner);
        // From the inside to the outside: each header holds the length of what is in it.
        let string = write::header(write::OCTET_STRING, digests.length);
        let tagged = whole(&string, digests.length);
        let tag = write::header(write::constructed(0), tagged);
        let encapsulated = whole(&content_type, whole(&tag, tagged));
        let sequence = write::header(write::SEQUENCE, encapsulated);
        let fields = whole(&before, whole(&after, whole(&sequence, encapsulated)));
        let inner = write::header(write::SEQUENCE, fields);
        let explicit = whole(&inner, fields);
        let outer = write::header(write::constructed(0), explicit);
        let all = write::header(write::SEQUENCE, whole(&signed_data, whole(&outer, explicit)));
        for part in [all, signed_data, outer, inner, before, sequence, content_type, tag, string] {
            out.write_all(&part)?;
        }
        copy(content, out, digests)?;
        out.write_all(&after)?;
        Ok(())
    }

    /// `version` and `digestAlgorithms`.
    fn before(&self) -> Vec<u8> {
        self.heading(&self.hash_functions())
    }

    fn heading(&self, functions: &[HashFunction]) -> Vec<u8> {
        let mut algorithms: Vec<_> = functions.iter().map(|one| one.algorithm()).collect();
        algorithms.sort_unstable();
        [write::integer(self.version()), write::wrap(write::SET, &algorithms)].concat()
    }

    /// `certificates`, `crls` and `signerInfos`.
    fn after(&self) -> Vec<u8> {
        let mut signers: Vec<_> = self.signers.iter().map(SignerInfo::to_der).collect();
        signers.sort_unstable();
        let signers = write::wrap(write::SET, &signers);
        [optional(0, &self.certificates), optional(1, &self.revocations), signers].concat()
    }

    /// The hash functions of the signatures.
    pub fn hash_functions(&self) -> Vec<HashFunction> {
        let mut all: Vec<_> =
            self.signers.iter().filter_map(|signer| signer.hash_function().ok()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// RFC 5652 §5.1.
    fn version(&self) -> u8 {
        let has = |choices: &[Vec<u8>], number| {
            choices.iter().any(|one| one.first() == Some(&write::constructed(number)))
        };
        let certificates = &self.certificates;
        if has(certificates, 3) || has(&self.revocations, 1) {
            5
        } else if has(certificates, 2) {
            4
        } else if has(certificates, 1)
            || self.content_type != oid::DATA
            || self.signers.iter().any(|signer| signer.version() == 3)
        {
            3
        } else {
            1
        }
    }

    /// Reads the fields after the content.
    fn set(&mut self, field: &[u8]) -> core::result::Result<(), BadDer> {
        all("SignedData", field, |reader| {
            let header = Header::decode(reader)?;
            let contents = reader.read_slice(header.length())?;
            let parts = parts(contents)?;
            match header.tag() {
                Tag::Set => self.signers = signers(&parts)?,
                Tag::ContextSpecific { constructed: true, number } if number.0 == 0 => {
                    self.certificates = parts;
                }
                Tag::ContextSpecific { constructed: true, number } if number.0 == 1 => {
                    self.revocations = parts;
                }
                tag => return Err(tag.unexpected_error(Some(Tag::Set)).into()),
            }
            Ok(())
        })
    }
}

fn signers(parts: &[Vec<u8>]) -> der::Result<Vec<SignerInfo>> {
    let read = |part: &Vec<u8>| SignerInfo::from_der(part);
    let all: core::result::Result<_, BadDer> = parts.iter().map(read).collect();
    all.map_err(|_| Tag::Set.value_error().into())
}

fn parts(contents: &[u8]) -> der::Result<Vec<Vec<u8>>> {
    let mut reader = SliceReader::new(contents)?;
    let mut parts = Vec::new();
    while !reader.is_finished() {
        parts.push(reader.tlv_bytes()?.to_vec());
    }
    Ok(parts)
}

fn optional(number: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    if parts.is_empty() {
        return Vec::new();
    }
    let mut parts = parts.to_vec();
    parts.sort_unstable();
    write::wrap(write::constructed(number), &parts)
}

fn put(all: &mut Vec<Vec<u8>>, one: Vec<u8>) {
    if !all.contains(&one) {
        all.push(one);
    }
}

/// `[1] OtherRevocationInfoFormat` of an OCSP response.
fn ocsp_response(choice: &[u8]) -> Option<Vec<u8>> {
    let read = |reader: &mut SliceReader<'_>| {
        let contents = gost_ca::x509::parse::tagged(reader, 1)?.unwrap_or_default();
        let mut reader = SliceReader::new(contents)?;
        let format = ObjectIdentifier::decode(&mut reader)?;
        let response = reader.tlv_bytes()?.to_vec();
        Ok((format == oid::OCSP_REVOCATION).then_some(response))
    };
    all("revocation information", choice, read).ok().flatten()
}

/// Copies a content that must be the one that was hashed.
fn copy(content: &mut impl Read, out: &mut impl Write, expected: &ContentDigests) -> Result<()> {
    let functions: Vec<_> =
        HashFunction::ALL.into_iter().filter(|one| expected.by(*one).is_some()).collect();
    let mut hashers = Hashers::new(&functions);
    let mut left = expected.length;
    let mut buffer = vec![0; BUFFER];
    loop {
        let length = content.read(&mut buffer)?;
        if length == 0 {
            break;
        }
        let octets = buffer.get(..length).unwrap_or_default();
        left = left.checked_sub(write::length(octets)).ok_or(Error::Changed)?;
        hashers.update(octets);
        out.write_all(octets)?;
    }
    if hashers.finish() == *expected { Ok(()) } else { Err(Error::Changed) }
}
