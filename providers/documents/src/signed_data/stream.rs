//! Signing what can be read once only.

use std::io::{self, Write};

use gost_ca::x509::write;

use super::SignedData;
use crate::error::Result;
use crate::hash::{BUFFER, HashFunction, Hashers};
use crate::oid;
use crate::signer_info::{Signatory, Signing};

/// Writes an attached message while its content comes, in BER: lengths are not known in advance.
///
/// The content is written into it as into a file; [`finish`](Self::finish) signs.
#[derive(Debug)]
pub struct SignedDataStream<W: Write> {
    out: W,
    message: SignedData,
    hashers: Hashers,
    piece: Vec<u8>,
}

impl<W: Write> SignedDataStream<W> {
    /// Begins a message, with what is enclosed in `message` already; states the hash functions of the keys
    /// that will sign.
    ///
    /// # Errors
    /// The writer's.
    pub fn begin(mut out: W, message: SignedData, functions: &[HashFunction]) -> Result<Self> {
        let content_type = write::oid(&message.content_type);
        for part in [
            &[write::SEQUENCE, INDEFINITE][..],
            &write::oid(&oid::SIGNED_DATA),
            &[write::constructed(0), INDEFINITE, write::SEQUENCE, INDEFINITE],
            &message.heading(functions),
            &[write::SEQUENCE, INDEFINITE],
            &content_type,
            &[write::constructed(0), INDEFINITE, PIECES, INDEFINITE],
        ] {
            out.write_all(part)?;
        }
        let hashers = Hashers::new(functions);
        Ok(Self { out, message, hashers, piece: Vec::with_capacity(BUFFER) })
    }

    /// Ends the content, and signs it with each of the keys.
    ///
    /// # Errors
    /// `Malformed` for a key whose hash function was not stated; the keys' own, and the writer's.
    pub async fn finish(
        mut self,
        signatories: &[Signatory<'_>],
        signing: &Signing,
    ) -> Result<(W, SignedData)> {
        self.write_piece()?;
        let digests = self.hashers.finish();
        for signatory in signatories {
            self.message.sign(signatory, signing, &digests).await?;
        }
        self.out.write_all(&END.repeat(3))?; // the string, [0], EncapsulatedContentInfo
        self.out.write_all(&self.message.after())?;
        self.out.write_all(&END.repeat(3))?; // SignedData, [0], ContentInfo
        Ok((self.out, self.message))
    }

    fn write_piece(&mut self) -> io::Result<()> {
        if !self.piece.is_empty() {
            self.out.write_all(&write::tlv(write::OCTET_STRING, &self.piece))?;
            self.piece.clear();
        }
        Ok(())
    }
}

impl<W: Write> Write for SignedDataStream<W> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        if self.piece.len() >= BUFFER {
            self.write_piece()?;
        }
        let free = BUFFER.saturating_sub(self.piece.len()).min(octets.len());
        let taken = octets.get(..free).unwrap_or_default();
        self.piece.extend_from_slice(taken);
        self.hashers.update(taken);
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.write_piece()?;
        self.out.flush()
    }
}

/// A string of octets in pieces.
pub(crate) const PIECES: u8 = 0x24;
pub(crate) const INDEFINITE: u8 = 0x80;
pub(crate) const END: [u8; 2] = [0, 0];
