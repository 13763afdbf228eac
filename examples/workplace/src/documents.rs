//! Documents: signed, checked, encrypted and decrypted, piece by piece as the page gives them.

use std::cell::RefCell;
use std::fmt::Debug;
use std::io::{self, Read, Write};

use gost_ca::Timestamp;
use gost_ca::language::Language;
use gost_ca::provider::{Rng, Signer};
use gost_ca::secret::Secret;
use gost_ca::x509::{Certificate, CertificateList};
use gost_ca_documents::{
    CheckRules, Checker, ContentDigests, Encryption, EnvelopedDataReader, EnvelopedDataWriter,
    Limits, Sections, Signatory, SignedData, SignedDataReader, Signing, oid,
};
use gost_ca_software::GostVerifier;

use crate::elsewhere::Elsewhere;
use crate::workplace::Result;
use crate::{Answer, Failure, Octets, SecretOctets};

/// The page's document, and where what comes of it goes.
pub trait Files: Debug {
    /// Gives the next octets of the document; none at its end.
    ///
    /// # Errors
    /// The page's.
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize>;

    /// Begins the document anew, and forgets what was written.
    ///
    /// # Errors
    /// The page's.
    fn rewind(&mut self) -> io::Result<()>;

    /// Takes octets.
    ///
    /// # Errors
    /// The page's.
    fn write(&mut self, octets: &[u8]) -> io::Result<()>;
}

/// A page that has no documents.
#[derive(Debug)]
pub(crate) struct NoFiles;

impl Files for NoFiles {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn rewind(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn write(&mut self, _: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// One document that is read and one that is written at the same time.
struct Open<'a, 'b>(&'a RefCell<&'b mut dyn Files>);

impl Read for Open<'_, '_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.0.borrow_mut().read(out)
    }
}

impl Write for Open<'_, '_> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(octets)?;
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A document that was hashed, and waits for the signature of a key that is not here.
#[derive(Debug)]
pub(crate) struct Hashed {
    certificate: Certificate,
    at: Timestamp,
    digests: ContentDigests,
}

impl Hashed {
    /// Reads the document to its end.
    pub(crate) fn read(files: &mut dyn Files, certificate: &Octets, at: i64) -> Result<Self> {
        let certificate = read_certificate(certificate)?;
        let at = Timestamp::from_second(at).map_err(|_| Failure::Certificate)?;
        let key = Elsewhere::new(&certificate, None)?;
        let function = Signatory::new(&key, &certificate)?.hash_function();
        files.rewind()?;
        let files = RefCell::new(files);
        let digests = ContentDigests::of(&mut Open(&files), &[function])?;
        Ok(Self { certificate, at, digests })
    }

    /// What the key is to sign: the attributes of CAdES-BES.
    pub(crate) fn to_be_signed(&self) -> Result<Answer> {
        let key = Elsewhere::new(&self.certificate, None)?;
        let refused = self.message(&key).err();
        key.asked(refused)
    }

    /// Writes the message, around the document or without it.
    pub(crate) fn seal(
        self,
        files: &mut dyn Files,
        signature: Vec<u8>,
        attached: bool,
    ) -> Result<Answer> {
        let key = Elsewhere::new(&self.certificate, Some(Secret::new(signature)))?;
        let message = self.message(&key)?;
        files.rewind()?;
        if attached {
            let files = RefCell::new(files);
            message.write_attached(&self.digests, &mut Open(&files), &mut Open(&files))?;
        } else {
            files.write(&message.to_detached())?;
        }
        Ok(Answer::Written)
    }

    fn message(&self, key: &Elsewhere) -> Result<SignedData> {
        let signatory = Signatory::new(key, &self.certificate)?;
        let signing = Signing { time: Some(self.at), ..Signing::default() };
        let mut message = SignedData::new(oid::DATA);
        pollster::block_on(message.sign(&signatory, &signing, &self.digests))?;
        Ok(message)
    }
}

/// What a check goes by.
#[derive(Debug)]
pub(crate) struct Trust<'a> {
    pub(crate) anchors: &'a [Octets],
    pub(crate) crls: &'a [Octets],
    pub(crate) at: i64,
    pub(crate) language: Language,
}

/// Checks a message: its own content, which is written, or the document where the message is given apart.
pub(crate) fn check(
    files: &mut dyn Files,
    detached: Option<&Octets>,
    trust: &Trust<'_>,
) -> Result<Answer> {
    files.rewind()?;
    let files = RefCell::new(files);
    let attached = detached.is_none();
    let (message, digests) = if let Some(message) = detached {
        let (message, _) = SignedData::from_octets(&message.0)?;
        let digests = ContentDigests::of(&mut Open(&files), &message.hash_functions())?;
        (message, digests)
    } else {
        let mut reader = SignedDataReader::open(Open(&files), Limits::default())?;
        if !reader.is_attached() {
            return Err(Failure::ContentWanted);
        }
        io::copy(&mut reader, &mut Open(&files))?;
        reader.finish()?
    };
    let anchors = trust.anchors.iter().map(read_certificate).collect::<Result<Vec<_>>>()?;
    let crl = |octets: &Octets| CertificateList::from_der(&octets.0).map_err(|_| Failure::Document);
    let crls = trust.crls.iter().map(crl).collect::<Result<Vec<_>>>()?;
    let at = Timestamp::from_second(trust.at).map_err(|_| Failure::Document)?;
    let mut checker = Checker::new(&anchors, &GostVerifier, CheckRules::at(at));
    checker.crls = &crls;
    let report = pollster::block_on(checker.message(&message, &digests));
    let verdict = serde_json::to_value(report.verdict)?;
    let verdict = verdict.as_str().unwrap_or_default().to_owned();
    Ok(Answer::Checked { verdict, text: report.text(trust.language), attached })
}

/// Encrypts the document to the owners of certificates.
pub(crate) fn encrypt(
    files: &mut dyn Files,
    recipients: &[Octets],
    rng: &dyn Rng,
) -> Result<Answer> {
    let recipients = recipients.iter().map(read_certificate).collect::<Result<Vec<_>>>()?;
    files.rewind()?;
    let files = RefCell::new(files);
    let out = Open(&files);
    let mut writer = EnvelopedDataWriter::begin(out, Encryption::default(), &recipients, rng)?;
    io::copy(&mut Open(&files), &mut writer)?;
    writer.finish()?;
    Ok(Answer::Written)
}

/// Which secret the key of a certificate is to agree on, for the document to be decrypted.
pub(crate) fn to_be_agreed(files: &mut dyn Files, certificate: &Octets) -> Result<Answer> {
    let certificate = read_certificate(certificate)?;
    let key = Elsewhere::new(&certificate, None)?;
    files.rewind()?;
    let refused = decrypt_by(files, (&key, &certificate), Sections::Standard).err();
    key.asked(refused)
}

/// Decrypts the document by the secret that a key elsewhere agreed on.
pub(crate) fn decrypt_agreed(
    files: &mut dyn Files,
    certificate: &Octets,
    secret: &SecretOctets,
) -> Result<Answer> {
    let certificate = read_certificate(certificate)?;
    let key = Elsewhere::new(&certificate, Some(Secret::new(secret.expose())))?;
    decrypt(files, &key, &certificate)
}

/// Decrypts the document; what was written is of use only when this succeeds.
pub(crate) fn decrypt(
    files: &mut dyn Files,
    key: &dyn Signer,
    certificate: &Certificate,
) -> Result<Answer> {
    let mut last = Failure::Forged;
    // what others write long messages by is not what the standard says
    for sections in [Sections::Standard, Sections::Engine] {
        files.rewind()?;
        match decrypt_by(files, (key, certificate), sections) {
            Err(Failure::Forged) => last = Failure::Forged,
            done => return done,
        }
    }
    Err(last)
}

fn decrypt_by(
    files: &mut dyn Files,
    key: (&dyn Signer, &Certificate),
    sections: Sections,
) -> Result<Answer> {
    let files = RefCell::new(files);
    let reader = EnvelopedDataReader::open(Open(&files), Limits::default())?;
    let mut content = pollster::block_on(reader.decrypt(key, &[], sections))?;
    io::copy(&mut content, &mut Open(&files))?;
    content.finish()?;
    Ok(Answer::Written)
}

pub(crate) fn read_certificate(octets: &Octets) -> Result<Certificate> {
    Certificate::from_der(&octets.0).map_err(|_| Failure::Certificate)
}
