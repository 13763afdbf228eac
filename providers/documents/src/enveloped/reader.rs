//! Decrypting messages of any length.

use std::io::{self, Read};

use der::asn1::OctetStringRef;
use der::{Decode, Header, Reader};
use gost_ca::provider::Signer;
use gost_ca::x509::parse::all;
use gost_ca::x509::{Certificate, write};

use super::content::{ContentAlgorithm, ContentCipher, Running, Sections};
use super::recipient::{RecipientInfo, Wrapped, recipients};
use crate::attribute::{self, Attribute};
use crate::ber::{Ber, Pieces};
use crate::error::{Error, Result};
use crate::hash::BUFFER;
use crate::oid;
use crate::signed_data::Limits;
use crate::signed_data::reader::{enter_content_info, leave_content_info, version};
use crate::signer_info::CertificateId;

/// Reads an encrypted message: first for whom it is, then, with a key, its content.
#[derive(Debug)]
pub struct EnvelopedDataReader<R> {
    sealed: Sealed<R>,
    recipients: Vec<u8>,
}

/// The encrypted content, up to which all was read.
#[derive(Debug)]
pub(super) struct Sealed<R> {
    ber: Ber<R>,
    pub(super) algorithm: ContentAlgorithm,
    content: Pieces,
}

/// A content that is decrypted as it is read.
///
/// **Nothing that was read may be used before [`finish`](Self::finish) says that it is what was encrypted.**
#[derive(Debug)]
pub struct Decrypting<R> {
    ber: Ber<R>,
    content: Pieces,
    cipher: ContentCipher,
    running: Running,
}

impl<R: Read> EnvelopedDataReader<R> {
    /// Reads up to the content.
    ///
    /// # Errors
    /// `Malformed`; `OtherType` for a message of another type; `Unsupported` for another cipher.
    pub fn open(input: R, limits: Limits) -> Result<Self> {
        let mut ber = Ber::new(input, limits.kept);
        enter_content_info(&mut ber, oid::ENVELOPED_DATA)?;
        ber.enter(write::SEQUENCE)?;
        version(&ber.element()?, 4)?;
        if ber.tag()? == write::constructed(0) {
            ber.element()?; // originatorInfo: certificates of the sender, which the caller has
        }
        let recipients = ber.element()?;
        Ok(Self { sealed: Sealed::open(ber)?, recipients })
    }

    /// The cipher of the content.
    pub const fn cipher(&self) -> ContentCipher {
        self.sealed.algorithm.cipher
    }

    /// Whose certificates the key was wrapped for.
    ///
    /// # Errors
    /// `Malformed`.
    pub fn recipients(&self) -> Result<Vec<CertificateId>> {
        let infos = recipients(&self.recipients)?;
        Ok(infos.into_iter().flat_map(RecipientInfo::into_ids).collect())
    }

    /// Unwraps the key of the content by an open key with its certificate. `senders` are certificates of those
    /// who may have agreed by keys of their own.
    ///
    /// # Errors
    /// `NotForThisKey`, `WrongKey`, `Forged`, `Unsupported`; the key's own.
    pub async fn decrypt(
        self,
        (key, certificate): (&dyn Signer, &Certificate),
        senders: &[Certificate],
        sections: Sections,
    ) -> Result<Decrypting<R>> {
        let wrapped = Wrapped::find(&self.recipients, certificate, senders)?;
        let key = wrapped.unwrap(key).await?;
        self.sealed.start(&key, sections)
    }
}

impl<R: Read> Sealed<R> {
    /// Reads `EncryptedContentInfo` up to the content.
    pub(super) fn open(mut ber: Ber<R>) -> Result<Self> {
        ber.enter(write::SEQUENCE)?;
        ber.element()?; // contentType: what is within is the caller's to know
        let algorithm = ContentAlgorithm::read(&ber.element()?)?;
        if !ber.more()? {
            return Err(Error::unsupported("message", "its content is elsewhere"));
        }
        let content = ber.string(write::primitive(0))?;
        Ok(Self { ber, algorithm, content })
    }

    pub(super) fn start(self, key: &[u8; 32], sections: Sections) -> Result<Decrypting<R>> {
        Ok(Decrypting {
            running: self.algorithm.start(key, sections)?,
            cipher: self.algorithm.cipher,
            ber: self.ber,
            content: self.content,
        })
    }
}

impl<R: Read> Decrypting<R> {
    /// Reads what is left, and checks the whole where the cipher authenticates.
    ///
    /// # Errors
    /// `Forged` for a content that is not what was encrypted; `Malformed`, and the reader's.
    pub fn finish(mut self) -> Result<()> {
        let mut buffer = vec![0; BUFFER];
        while self.pull(&mut buffer)? > 0 {}
        self.ber.leave()?; // EncryptedContentInfo
        let mut code = None;
        if self.ber.more()? {
            code = authentication_code(&self.ber.element()?)?;
        }
        self.ber.leave()?;
        leave_content_info(self.ber)?;
        let code = code.filter(|_| self.cipher.is_authenticated());
        self.running.check(code.as_deref())
    }

    fn pull(&mut self, out: &mut [u8]) -> Result<usize> {
        let length = self.ber.pull(&mut self.content, out)?;
        self.running.decrypt(out.get_mut(..length).unwrap_or_default());
        Ok(length)
    }
}

impl<R: Read> Read for Decrypting<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.pull(out).map_err(io::Error::from)
    }
}

/// The code among `unprotectedAttrs` (R 1323565.1.025-2019, 5.4.2).
fn authentication_code(attributes: &[u8]) -> Result<Option<Vec<u8>>> {
    let contents = all("attributes", attributes, |reader| {
        let header = Header::decode(reader)?;
        reader.read_slice(header.length())
    })?;
    let attributes = attribute::read_set(contents)?;
    let value = attribute::only(&attributes, &AUTHENTICATION_CODE)?;
    let read = |reader: &mut der::SliceReader<'_>| {
        Ok(<&OctetStringRef>::decode(reader)?.as_bytes().to_vec())
    };
    Ok(value.map(|value| all("authentication code", value, read)).transpose()?)
}

/// `[1] unprotectedAttrs` with the code.
pub(super) fn unprotected(code: &[u8]) -> Vec<u8> {
    let code = write::tlv(write::OCTET_STRING, code);
    let attribute = Attribute::new(AUTHENTICATION_CODE, code).to_der();
    write::wrap(write::constructed(1), &[attribute])
}

/// `id-cms-mac-attr`.
const AUTHENTICATION_CODE: const_oid::ObjectIdentifier =
    const_oid::ObjectIdentifier::new_unwrap("1.2.643.7.1.0.6.1.1");
