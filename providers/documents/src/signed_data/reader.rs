//! Reading signed messages of any length.

use std::io::{self, Read};

use const_oid::ObjectIdentifier;
use der::Decode;
use gost_ca::x509::parse::{all, sequence_of};
use gost_ca::x509::write;
use spki::AlgorithmIdentifierOwned;

use super::SignedData;
use crate::ber::{Ber, Pieces};
use crate::error::{Error, Result};
use crate::hash::{BUFFER, ContentDigests, HashFunction, Hashers};
use crate::oid;

/// How much of a message is kept in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Octets of all that is not content: certificates, CRLs, signatures.
    pub kept: u64,
}

impl Limits {
    /// At most so many octets of all that is not content.
    pub const fn keeping(kept: u64) -> Self {
        Self { kept }
    }
}

/// 16 MiB: some thousand certificates, or a CRL of hundreds of thousands of entries.
impl Default for Limits {
    fn default() -> Self {
        Self::keeping(0x100_0000)
    }
}

/// Reads a signed message: first its content, as a [`Read`], then the signatures.
///
/// The content is hashed as it is read. Nothing is said about it before the signatures are checked.
#[derive(Debug)]
pub struct SignedDataReader<R> {
    ber: Ber<R>,
    content_type: ObjectIdentifier,
    functions: Vec<HashFunction>,
    content: Option<Pieces>,
    hashers: Hashers,
}

impl<R: Read> SignedDataReader<R> {
    /// Reads up to the content.
    ///
    /// # Errors
    /// `Malformed`; `OtherType` for a message of another type.
    pub fn open(input: R, limits: Limits) -> Result<Self> {
        let mut ber = Ber::new(input, limits.kept);
        enter_content_info(&mut ber, oid::SIGNED_DATA)?;
        ber.enter(write::SEQUENCE)?;
        version(&ber.element()?, 5)?;
        let functions = functions(&ber.element()?)?;
        ber.enter(write::SEQUENCE)?;
        let content_type = read_oid(&ber.element()?)?;
        let content = if ber.more()? {
            ber.enter(write::constructed(0))?;
            Some(ber.string(write::OCTET_STRING)?)
        } else {
            None
        };
        let hashers = Hashers::new(&functions);
        Ok(Self { ber, content_type, functions, content, hashers })
    }

    /// Whether the content is in the message.
    pub const fn is_attached(&self) -> bool {
        self.content.is_some()
    }

    /// What the content is.
    pub const fn content_type(&self) -> ObjectIdentifier {
        self.content_type
    }

    /// The hash functions that the message announces, those that are known here.
    pub fn functions(&self) -> &[HashFunction] {
        &self.functions
    }

    /// Reads what is left: of the content, which is hashed, and all that follows it.
    ///
    /// # Errors
    /// `Malformed`, `TooLong`, and the reader's.
    pub fn finish(mut self) -> Result<(SignedData, ContentDigests)> {
        if self.content.is_some() {
            let mut buffer = vec![0; BUFFER];
            while self.pull(&mut buffer)? > 0 {}
            self.ber.leave()?; // [0]
        }
        self.ber.leave()?; // EncapsulatedContentInfo
        let mut message = SignedData::new(self.content_type);
        // Each once, in this order: what is read twice could be read differently by another.
        let mut fields = [write::constructed(0), write::constructed(1), write::SET].into_iter();
        while self.ber.more()? {
            let tag = self.ber.tag()?;
            if !fields.any(|field| field == tag) {
                return Err(Error::malformed("SignedData", "a field twice, or in a wrong place"));
            }
            message.set(&self.ber.element()?)?;
        }
        if fields.next().is_some() {
            return Err(Error::malformed("SignedData", "without signerInfos"));
        }
        self.ber.leave()?;
        leave_content_info(self.ber)?;
        Ok((message, self.hashers.finish()))
    }

    fn pull(&mut self, out: &mut [u8]) -> Result<usize> {
        let Some(content) = &mut self.content else {
            return Ok(0);
        };
        let length = self.ber.pull(content, out)?;
        self.hashers.update(out.get(..length).unwrap_or_default());
        Ok(length)
    }
}

impl<R: Read> Read for SignedDataReader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.pull(out).map_err(io::Error::from)
    }
}

/// Goes into `ContentInfo` (RFC 5652 §3) up to the content of a type.
pub(crate) fn enter_content_info<R: Read>(
    ber: &mut Ber<R>,
    expected: ObjectIdentifier,
) -> Result<()> {
    ber.enter(write::SEQUENCE)?;
    let found = read_oid(&ber.element()?)?;
    if found != expected {
        return Err(Error::OtherType(found));
    }
    ber.enter(write::constructed(0))
}

/// Leaves `ContentInfo`, which must be the end of the message.
pub(crate) fn leave_content_info<R: Read>(mut ber: Ber<R>) -> Result<()> {
    ber.leave()?;
    ber.leave()?;
    ber.finish()
}

pub(crate) fn read_oid(octets: &[u8]) -> Result<ObjectIdentifier> {
    Ok(all("object identifier", octets, ObjectIdentifier::decode)?)
}

pub(crate) fn version(octets: &[u8], newest: u8) -> Result<u8> {
    let version = all("version", octets, u8::decode)?;
    if version > newest {
        return Err(Error::unsupported("version of the message", version));
    }
    Ok(version)
}

/// `SET OF DigestAlgorithmIdentifier`; a signature by an unknown one gets its verdict later.
fn functions(set: &[u8]) -> Result<Vec<HashFunction>> {
    let mut sequence = set.to_vec();
    if let Some(tag @ &mut write::SET) = sequence.first_mut() {
        *tag = write::SEQUENCE;
    }
    let algorithms = all("digestAlgorithms", &sequence, |reader| {
        sequence_of(reader, AlgorithmIdentifierOwned::decode)
    })?;
    Ok(algorithms.iter().filter_map(|one| HashFunction::from_oid(&one.oid).ok()).collect())
}
