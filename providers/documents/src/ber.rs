//! BER from a stream: long content piece by piece, everything else as DER in memory.
//!
//! Messages of any length are read in constant memory (X.690 §8.1.3.6: the indefinite form of lengths;
//! §8.7.3: strings in pieces). What is kept is given as DER of definite lengths, so that it can be read
//! strictly; values that have no indefinite length within keep their octets.

use std::io::{self, BufReader, Read};

use gost_ca::x509::write;

use crate::error::{Error, Result};
use crate::hash::BUFFER;

/// Reads BER from a stream.
#[derive(Debug)]
pub(crate) struct Ber<R> {
    input: BufReader<R>,
    /// Octets read so far.
    position: u64,
    /// A header that was looked at.
    ahead: Option<Header>,
    /// The ends of the values we are in; none for those of indefinite length.
    ends: Vec<Option<u64>>,
    /// How much of what is kept in memory may come yet.
    budget: u64,
}

#[derive(Clone, Debug)]
struct Header {
    tag: u8,
    /// None: indefinite.
    length: Option<u64>,
    octets: Vec<u8>,
}

/// A string that is read in pieces.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    /// How many constructed values around the piece belong to the string.
    depth: usize,
    /// Octets of the piece that are left.
    left: u64,
}

/// How long the value is with which octets begin.
#[cfg(feature = "pdf")]
pub(crate) fn first_length(octets: &[u8]) -> Result<u64> {
    let mut ber = Ber::new(octets, write::length(octets));
    ber.element()?;
    Ok(ber.position)
}

impl<R: Read> Ber<R> {
    /// Reads from a stream; keeps at most so many octets in memory.
    pub(crate) fn new(input: R, budget: u64) -> Self {
        let input = BufReader::with_capacity(BUFFER, input);
        Self { input, position: 0, ahead: None, ends: Vec::new(), budget }
    }

    /// Goes into the value that comes next.
    pub(crate) fn enter(&mut self, tag: u8) -> Result<()> {
        let header = self.header()?;
        if header.tag != tag {
            return Err(malformed(format!("tag {:02x} where {tag:02x} was expected", header.tag)));
        }
        self.push(&header)
    }

    /// Leaves a value, which must be at its end.
    pub(crate) fn leave(&mut self) -> Result<()> {
        if self.more()? {
            return Err(malformed("more fields than there should be"));
        }
        if self.ends.pop() == Some(None) && self.header()?.length != Some(0) {
            return Err(malformed("an end with contents"));
        }
        Ok(())
    }

    /// Whether the value has another field.
    pub(crate) fn more(&mut self) -> Result<bool> {
        match self.ends.last() {
            Some(Some(end)) => Ok(self.ahead.is_some() || self.position < *end),
            Some(None) => Ok(self.look()?.tag != END),
            None => Ok(self.ahead.is_some() || !self.at_end()?),
        }
    }

    /// The tag of the next field.
    pub(crate) fn tag(&mut self) -> Result<u8> {
        Ok(self.look()?.tag)
    }

    /// The next field whole, as DER of definite lengths.
    pub(crate) fn element(&mut self) -> Result<Vec<u8>> {
        self.nested(0)
    }

    /// Begins a string of octets under that tag.
    pub(crate) fn string(&mut self, tag: u8) -> Result<Pieces> {
        let header = self.header()?;
        let mut pieces = Pieces::default();
        self.piece(&mut pieces, &header, tag)?;
        Ok(pieces)
    }

    /// The next octets of a string; none at its end.
    pub(crate) fn pull(&mut self, pieces: &mut Pieces, out: &mut [u8]) -> Result<usize> {
        loop {
            if pieces.left > 0 && !out.is_empty() {
                return self.pull_piece(pieces, out);
            }
            if pieces.depth == 0 || out.is_empty() {
                return Ok(0);
            }
            if self.more()? {
                let header = self.header()?;
                self.piece(pieces, &header, write::OCTET_STRING)?;
            } else {
                self.leave()?;
                pieces.depth = pieces.depth.saturating_sub(1);
            }
        }
    }

    /// The message is over; nothing may follow it.
    pub(crate) fn finish(mut self) -> Result<()> {
        if self.ahead.is_some() || !self.at_end()? {
            return Err(malformed("octets after its end"));
        }
        Ok(())
    }

    fn pull_piece(&mut self, pieces: &mut Pieces, out: &mut [u8]) -> Result<usize> {
        let most = usize::try_from(pieces.left).unwrap_or(usize::MAX).min(out.len());
        let length = match self.input.read(out.get_mut(..most).unwrap_or_default()) {
            Ok(0) => return Err(cut()),
            Ok(length) => length,
            Err(error) => return Err(error.into()),
        };
        let read = u64::try_from(length).unwrap_or(u64::MAX);
        self.position = self.position.saturating_add(read);
        pieces.left = pieces.left.saturating_sub(read);
        Ok(length)
    }

    fn piece(&mut self, pieces: &mut Pieces, header: &Header, tag: u8) -> Result<()> {
        match header.length {
            Some(left) if header.tag == tag => pieces.left = left,
            _ if header.tag == tag | CONSTRUCTED => {
                self.push(header)?;
                pieces.depth = pieces.depth.saturating_add(1);
            }
            _ => return Err(malformed("the content is not a string of octets")),
        }
        Ok(())
    }

    fn push(&mut self, header: &Header) -> Result<()> {
        if self.ends.len() >= DEEPEST || header.tag & CONSTRUCTED == 0 {
            return Err(malformed("nested too deep, or not constructed"));
        }
        let end = header.length.map(|length| self.position.saturating_add(length));
        self.ends.push(end);
        Ok(())
    }

    fn nested(&mut self, depth: usize) -> Result<Vec<u8>> {
        if depth >= DEEPEST {
            return Err(malformed("nested too deep"));
        }
        let header = self.header()?;
        match header.length {
            Some(length) => self.definite(&header, length),
            None if header.tag & CONSTRUCTED == 0 => {
                Err(malformed("a primitive value of indefinite length"))
            }
            None => {
                let mut contents = Vec::new();
                self.ends.push(None);
                while self.more()? {
                    contents.append(&mut self.nested(depth.saturating_add(1))?);
                }
                self.leave()?;
                Ok(write::tlv(header.tag, &contents))
            }
        }
    }

    fn definite(&mut self, header: &Header, length: u64) -> Result<Vec<u8>> {
        let whole = length.saturating_add(write::length(&header.octets));
        self.budget = self.budget.checked_sub(whole).ok_or(Error::TooLong(self.budget))?;
        let mut octets = header.octets.clone();
        let read = (&mut self.input).take(length).read_to_end(&mut octets)?;
        if u64::try_from(read).ok() != Some(length) {
            return Err(cut());
        }
        self.position = self.position.saturating_add(length);
        Ok(octets)
    }

    fn look(&mut self) -> Result<&Header> {
        let header = self.header()?;
        Ok(self.ahead.insert(header))
    }

    /// Reads a header; it and the contents it promises lie in the value around it.
    fn header(&mut self) -> Result<Header> {
        if let Some(header) = self.ahead.take() {
            return Ok(header);
        }
        let header = self.read_header()?;
        let end = self.ends.iter().flatten().last().copied();
        let own = self.position.saturating_add(header.length.unwrap_or(0));
        if end.is_some_and(|end| own > end) {
            return Err(malformed("a field is longer than the value around it"));
        }
        Ok(header)
    }

    fn read_header(&mut self) -> Result<Header> {
        let mut octets = vec![self.octet()?, self.octet()?];
        let (tag, first) = match *octets.as_slice() {
            [tag, first] if tag & 0x1f != 0x1f => (tag, first),
            _ => return Err(malformed("a tag of several octets")),
        };
        let length = match first {
            0..0x80 => Some(u64::from(first)),
            0x80 => None,
            0x81..=0x88 => {
                let mut length = 0_u64;
                for _ in 0x80..first {
                    let octet = self.octet()?;
                    octets.push(octet);
                    length = (length << 8) | u64::from(octet);
                }
                Some(length)
            }
            _ => return Err(malformed("a length of too many octets")),
        };
        Ok(Header { tag, length, octets })
    }

    fn octet(&mut self) -> Result<u8> {
        let mut octet = [0];
        self.input.read_exact(&mut octet).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => cut(),
            _ => Error::from(error),
        })?;
        self.position = self.position.saturating_add(1);
        let [octet] = octet;
        Ok(octet)
    }

    fn at_end(&mut self) -> Result<bool> {
        use std::io::BufRead;
        Ok(self.input.fill_buf()?.is_empty())
    }
}

fn malformed(why: impl core::fmt::Display) -> Error {
    Error::malformed("message", why)
}

fn cut() -> Error {
    malformed("it ends in the middle")
}

const CONSTRUCTED: u8 = 0x20;
/// The first octet of end-of-contents.
const END: u8 = 0;
const DEEPEST: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    fn content(octets: &[u8]) -> Result<Vec<u8>> {
        let mut ber = Ber::new(octets, 100);
        let mut pieces = ber.string(write::OCTET_STRING)?;
        let (mut all, mut buffer) = (Vec::new(), [0; 3]);
        loop {
            match ber.pull(&mut pieces, &mut buffer)? {
                0 => break,
                length => all.extend_from_slice(&buffer[..length]),
            }
        }
        ber.finish()?;
        Ok(all)
    }

    #[test]
    fn x690_8_7_3_strings_come_in_pieces() {
        assert_eq!(content(&[4, 5, 1, 2, 3, 4, 5]).unwrap(), [1, 2, 3, 4, 5]);
        assert_eq!(content(&[0x24, 0x80, 4, 2, 1, 2, 4, 0, 4, 1, 3, 0, 0]).unwrap(), [1, 2, 3]);
        let nested = [0x24, 0x80, 0x24, 4, 4, 2, 1, 2, 4, 1, 3, 0, 0];
        assert_eq!(content(&nested).unwrap(), [1, 2, 3]);
        assert!(content(&[4, 0]).unwrap().is_empty());
    }

    #[test]
    fn what_is_not_a_string_is_refused() {
        for bad in [
            &[4, 5, 1, 2][..],               // cut
            &[0x24, 0x80, 4, 1, 1],          // without its end
            &[0x24, 3, 4, 2, 1, 2],          // a piece longer than the whole
            &[0x24, 0x80, 2, 1, 1, 0, 0],    // a number within
            &[4, 0x80, 1, 0, 0],             // primitive and indefinite
            &[4, 1, 1, 1],                   // more after it
            &[0x3f, 0x80, 1, 0],             // a long tag
            &[4, 0x89, 1, 1, 1, 1, 1, 1, 1], // a long length
        ] {
            assert!(matches!(content(bad), Err(Error::Malformed(_))), "{bad:x?}");
        }
    }

    #[test]
    fn indefinite_lengths_become_definite() {
        let mut ber = Ber::new(&[0x30, 0x80, 2, 1, 1, 0x31, 0x80, 0, 0, 0, 0][..], 100);
        assert_eq!(ber.element().unwrap(), [0x30, 5, 2, 1, 1, 0x31, 0]);
        ber.finish().unwrap();
        let deep = [0x30, 0x80].repeat(10_000);
        assert!(matches!(Ber::new(&deep[..], 100).element(), Err(Error::Malformed(_))));
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let long = write::tlv(write::SEQUENCE, &[5, 0].repeat(100));
        assert!(matches!(Ber::new(&long[..], 100).element(), Err(Error::TooLong(_))));
        let pieces = [&[0x30, 0x80][..], &[5, 0].repeat(1000), &[0, 0]].concat();
        assert!(Ber::new(&pieces[..], 100).element().is_err());
    }
}
