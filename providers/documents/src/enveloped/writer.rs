//! Encrypting messages of any length.

use std::io::{self, Write};

use gost_ca::provider::Rng;
use gost_ca::x509::{Certificate, write};
use zeroize::Zeroizing;

use super::Encryption;
use super::content::{ContentAlgorithm, Running};
use super::reader::unprotected;
use super::recipient::{Exchange, Recipient};
use crate::error::{Error, Result};
use crate::oid;
use crate::piece::{END, INDEFINITE, Piece};

/// Encrypts what is written into it, in BER: lengths are not known in advance.
///
/// The message is whole only after [`finish`](Self::finish).
#[derive(Debug)]
pub struct EnvelopedDataWriter<W: Write> {
    out: W,
    running: Running,
    piece: Piece,
}

impl<W: Write> EnvelopedDataWriter<W> {
    /// Begins a message to the owners of certificates. Whether these are valid is the caller's to know: see
    /// [`Checker::certificate`](crate::Checker::certificate).
    ///
    /// # Errors
    /// `Recipient` and `Unsupported` for a certificate that cannot be encrypted to, then nothing is written;
    /// the generator's and the writer's.
    pub fn begin(
        mut out: W,
        encryption: Encryption,
        recipients: &[Certificate],
        rng: &dyn Rng,
    ) -> Result<Self> {
        if recipients.is_empty() {
            return Err(Error::Recipient("there is none"));
        }
        let recipients: Result<Vec<_>> = recipients.iter().map(Recipient::new).collect();
        let mut key = Zeroizing::new([0; 32]);
        rng.fill(&mut *key)?;
        let wrap =
            |one: &Recipient<'_>| one.wrap(encryption.exchange, encryption.cipher, &key, rng);
        let mut infos = recipients?.iter().map(wrap).collect::<Result<Vec<_>>>()?;
        infos.sort_unstable();
        let algorithm = ContentAlgorithm::draw(encryption.cipher, rng)?;
        let running = algorithm.start(&key, encryption.sections)?;
        // RFC 5652 §6.1: 2 with keys agreed on, or with attributes
        let plain = encryption.exchange == Exchange::Transport;
        let version = if plain && !encryption.cipher.is_authenticated() { 0 } else { 2 };
        for part in [
            &[write::SEQUENCE, INDEFINITE][..],
            &write::oid(&oid::ENVELOPED_DATA),
            &[write::constructed(0), INDEFINITE, write::SEQUENCE, INDEFINITE],
            &write::integer(version),
            &write::wrap(write::SET, &infos),
            &[write::SEQUENCE, INDEFINITE],
            &write::oid(&oid::DATA),
            &algorithm.to_der(),
            &[write::constructed(0), INDEFINITE],
        ] {
            out.write_all(part)?;
        }
        Ok(Self { out, running, piece: Piece::new() })
    }

    /// Ends the message.
    ///
    /// # Errors
    /// The writer's.
    pub fn finish(mut self) -> Result<W> {
        self.piece.write(&mut self.out, |piece| self.running.encrypt(piece))?;
        self.out.write_all(&END.repeat(2))?; // the content, EncryptedContentInfo
        if let Some(code) = self.running.seal() {
            self.out.write_all(&unprotected(&code))?;
        }
        self.out.write_all(&END.repeat(3))?; // EnvelopedData, [0], ContentInfo
        Ok(self.out)
    }
}

impl<W: Write> Write for EnvelopedDataWriter<W> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        if self.piece.is_full() {
            self.piece.write(&mut self.out, |piece| self.running.encrypt(piece))?;
        }
        Ok(self.piece.take(octets).len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.piece.write(&mut self.out, |piece| self.running.encrypt(piece))?;
        self.out.flush()
    }
}
