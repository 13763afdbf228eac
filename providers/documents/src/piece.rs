//! Content that is written in pieces.

use std::io::{self, Write};

use gost_ca::x509::write;

use crate::hash::BUFFER;

/// Octets that wait until they are a piece.
#[derive(Debug)]
pub(crate) struct Piece(Vec<u8>);

impl Piece {
    pub(crate) fn new() -> Self {
        Self(Vec::with_capacity(BUFFER))
    }

    pub(crate) fn is_full(&self) -> bool {
        self.0.len() >= BUFFER
    }

    /// Takes as many as there is room for.
    pub(crate) fn take<'a>(&mut self, octets: &'a [u8]) -> &'a [u8] {
        let room = BUFFER.saturating_sub(self.0.len()).min(octets.len());
        let taken = octets.get(..room).unwrap_or_default();
        self.0.extend_from_slice(taken);
        taken
    }

    /// Writes what waits, changed, as a string of octets; nothing where nothing waits.
    pub(crate) fn write(
        &mut self,
        out: &mut impl Write,
        change: impl FnOnce(&mut [u8]),
    ) -> io::Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        change(&mut self.0);
        out.write_all(&write::tlv(write::OCTET_STRING, &self.0))?;
        self.0.clear();
        Ok(())
    }
}

/// The tag of a string of octets in pieces.
pub(crate) const PIECES: u8 = 0x24;
/// In place of a length.
pub(crate) const INDEFINITE: u8 = 0x80;
/// The end of what has no length.
pub(crate) const END: [u8; 2] = [0, 0];
