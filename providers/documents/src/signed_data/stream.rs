//! Signing what can be read once only.

use std::io::{self, Write};

use gost_ca::x509::write;

use super::SignedData;
use crate::error::Result;
use crate::hash::{HashFunction, Hashers};
use crate::oid;
use crate::piece::{END, INDEFINITE, PIECES, Piece};
use crate::signer_info::{Signatory, Signing};

/// Writes an attached message while its content comes, in BER: lengths are not known in advance.
///
/// The content is written into it as into a file; [`finish`](Self::finish) signs.
#[derive(Debug)]
pub struct SignedDataStream<W: Write> {
    out: W,
    message: SignedData,
    hashers: Hashers,
    piece: Piece,
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
        Ok(Self { out, message, hashers, piece: Piece::new() })
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
        self.piece.write(&mut self.out, |_| ())?;
        let digests = self.hashers.finish();
        for signatory in signatories {
            self.message.sign(signatory, signing, &digests).await?;
        }
        self.out.write_all(&END.repeat(3))?; // the string, [0], EncapsulatedContentInfo
        self.out.write_all(&self.message.after())?;
        self.out.write_all(&END.repeat(3))?; // SignedData, [0], ContentInfo
        Ok((self.out, self.message))
    }
}

impl<W: Write> Write for SignedDataStream<W> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        if self.piece.is_full() {
            self.piece.write(&mut self.out, |_| ())?;
        }
        let taken = self.piece.take(octets);
        self.hashers.update(taken);
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.piece.write(&mut self.out, |_| ())?;
        self.out.flush()
    }
}
