//! The entries of the CRL before, read beside the new ones.

use super::stock::{CHUNK, Kept, length};
use crate::error::Error;
use crate::lifecycle::crl::IssuedCrl;
use crate::provider::ErrorKind;
use crate::x509::crl::{CrlLayout, SignedPart, first_entry};

/// Reads a kept CRL entry by entry, and hashes all of its signed part on the way.
#[derive(Debug)]
pub(super) struct Previous<'a> {
    kept: Kept<'a>,
    hash: SignedPart,
    digest: Vec<u8>,
    layout: CrlLayout,
    /// Octets that were read and not yet gone through.
    buffer: Vec<u8>,
    /// How many of them were gone through, and how many of those were hashed.
    used: usize,
    hashed: usize,
    /// Where the next octets are read.
    offset: u64,
}

impl<'a> Previous<'a> {
    /// Opens it, to be hashed by SHA-256 where the record has that digest, else as it was signed; `None` where
    /// it is not what the record says.
    pub(super) async fn open(
        kept: Kept<'a>,
        crl: &IssuedCrl,
        hash: SignedPart,
    ) -> Result<Option<Self>, Error> {
        let buffer = match kept.read(0, CHUNK).await {
            Ok(buffer) => buffer,
            Err(error) if *error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let Ok(layout) = CrlLayout::read(&buffer) else { return Ok(None) };
        let hashed = usize::try_from(layout.signed.start).unwrap_or(usize::MAX);
        let used = usize::try_from(layout.entries.start).unwrap_or(usize::MAX);
        let digest = if crl.sha_256.is_empty() { &crl.digest } else { &crl.sha_256 };
        let (offset, digest) = (length(&buffer), digest.clone());
        Ok(Some(Self { kept, hash, digest, layout, buffer, used, hashed, offset }))
    }

    /// The entry that comes next; nothing at the end of the list, or where it breaks off.
    pub(super) fn peek(&self) -> Option<&[u8]> {
        let place = self.place();
        let rest = self.buffer.get(self.used..)?;
        if place >= self.layout.entries.end {
            return None;
        }
        first_entry(rest)
    }

    /// Goes past an entry of that length, and reads on where the buffer is at its end.
    pub(super) async fn pass(&mut self, entry: usize) -> Result<(), Error> {
        self.used = self.used.saturating_add(entry);
        if self.buffer.len().saturating_sub(self.used) < LONGEST {
            self.read_on().await?;
        }
        Ok(())
    }

    async fn read_on(&mut self) -> Result<(), Error> {
        let more = self.kept.read(self.offset, CHUNK).await?;
        self.offset = self.offset.saturating_add(length(&more));
        self.hash.update(self.buffer.get(self.hashed..self.used).unwrap_or_default());
        self.buffer.drain(..self.used.min(self.buffer.len()));
        (self.used, self.hashed) = (0, 0);
        self.buffer.extend(more);
        Ok(())
    }

    /// Where the next entry is, in the whole CRL.
    fn place(&self) -> u64 {
        let ahead = length(self.buffer.get(self.used..).unwrap_or_default());
        self.offset.saturating_sub(ahead)
    }

    /// Whether all of it was what was signed.
    pub(super) async fn end(mut self) -> Result<bool, Error> {
        if self.place() != self.layout.entries.end {
            return Ok(false);
        }
        while self.offset < self.layout.signed.end {
            let before = self.offset;
            self.read_on().await?;
            if self.offset == before {
                return Ok(false);
            }
        }
        let beyond = self.offset.saturating_sub(self.layout.signed.end);
        let end = length(&self.buffer).saturating_sub(beyond);
        let end = usize::try_from(end).unwrap_or(0);
        self.hash.update(self.buffer.get(self.hashed..end).unwrap_or_default());
        Ok(self.hash.finish().octets == self.digest)
    }
}

/// No entry, and no tail of a CRL, is longer.
const LONGEST: usize = 4096;
