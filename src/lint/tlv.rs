//! Tag, length and value, read as tolerantly as it can be told apart.
//!
//! Lint alone reads so: what the strict reader of [`x509`](crate::x509) refuses must become a finding that
//! says where and why.

use std::borrow::Cow;

use crate::x509::write;

/// A value as it was written. Its contents are looked at only when asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tlv<'a> {
    /// The first identifier octet: class, constructed or not, number.
    pub(super) tag: u8,
    /// The whole of it.
    pub(super) octets: &'a [u8],
    /// Without tag and length.
    pub(super) contents: &'a [u8],
    /// Whether the length is written in the fewest octets (X.690 §10.1).
    pub(super) shortest: bool,
}

/// How deep values may lie in one another; certificates need about 12.
const DEEPEST: u8 = 32;

/// The bit of the tag that says "made of values".
const CONSTRUCTED: u8 = 0x20;

pub(super) const CUT_SHORT: &str = "cut short";
const INDEFINITE: &str = "of indefinite length";
const LONG: &str = "longer than anything";

impl<'a> Tlv<'a> {
    /// Reads the first value of the octets, and gives what follows it.
    pub(super) fn read(octets: &'a [u8]) -> Result<(Self, &'a [u8]), &'static str> {
        let (&tag, mut rest) = octets.split_first().ok_or(CUT_SHORT)?;
        if tag & 0x1f == 0x1f {
            let end = rest.iter().position(|octet| octet & 0x80 == 0).ok_or(CUT_SHORT)?;
            rest = rest.get(end.saturating_add(1)..).ok_or(CUT_SHORT)?;
        }
        let (length, shortest, rest) = read_length(rest)?;
        let (contents, rest) = rest.split_at_checked(length).ok_or(CUT_SHORT)?;
        let whole = octets.len().saturating_sub(rest.len());
        let octets = octets.get(..whole).ok_or(CUT_SHORT)?;
        Ok((Self { tag, octets, contents, shortest }, rest))
    }

    /// Reads a value that takes up all the octets.
    pub(super) fn whole(octets: &'a [u8]) -> Option<Self> {
        Self::read(octets).ok().filter(|(_, rest)| rest.is_empty()).map(|(tlv, _)| tlv)
    }

    /// What it is made of.
    pub(super) fn children(self) -> Result<Vec<Self>, &'static str> {
        Values { rest: self.contents }.collect()
    }

    /// What it is made of, as far as that can be read: for sequences too long to be collected.
    pub(super) fn values(self) -> impl Iterator<Item = Self> {
        Values { rest: self.contents }.map_while(Result::ok)
    }

    /// Whether it is made of values.
    pub(super) const fn is_constructed(self) -> bool {
        self.tag & CONSTRUCTED != 0
    }

    /// Shows it and all values in it; `broken` is shown what is made of no values, or lies too deep.
    pub(super) fn walk(self, see: &mut impl FnMut(Self), broken: &mut impl FnMut(Self)) {
        self.descend(DEEPEST, see, broken);
    }

    /// The same of a value that lies in another.
    pub(super) fn walk_within(self, see: &mut impl FnMut(Self), broken: &mut impl FnMut(Self)) {
        self.descend(DEEPEST.saturating_sub(1), see, broken);
    }

    fn descend(self, left: u8, see: &mut impl FnMut(Self), broken: &mut impl FnMut(Self)) {
        see(self);
        if !self.is_constructed() {
            return;
        }
        let Some(left) = left.checked_sub(1) else { return broken(self) };
        for child in (Values { rest: self.contents }) {
            match child {
                Ok(child) => child.descend(left, see, broken),
                Err(_) => broken(self),
            }
        }
    }

    /// The same in DER, as far as lengths and booleans go: what strict decoders can read.
    pub(super) fn in_der(self) -> Cow<'a, [u8]> {
        if self.is_der(DEEPEST) {
            return Cow::Borrowed(self.octets);
        }
        Cow::Owned(self.rewritten(DEEPEST))
    }

    /// Whether [`rewritten`](Self::rewritten) would change nothing.
    fn is_der(self, left: u8) -> bool {
        let same = match (self.tag, self.contents, left.checked_sub(1)) {
            (tag, _, _) if tag & 0x1f == 0x1f => return true,
            (write::BOOLEAN, [1..=0xfe], _) => return false,
            (_, _, Some(left)) if self.is_constructed() => {
                let mut all = Values { rest: self.contents };
                all.all(|child| child.is_ok_and(|child| child.is_der(left)))
            }
            _ => true,
        };
        same && self.shortest
    }

    fn rewritten(self, left: u8) -> Vec<u8> {
        let header = self.octets.len().saturating_sub(self.contents.len());
        match (self.tag, self.contents, left.checked_sub(1)) {
            (tag, _, _) if tag & 0x1f == 0x1f => self.octets.to_vec(),
            (write::BOOLEAN, [1..=0xfe], _) => vec![write::BOOLEAN, 1, 0xff],
            (tag, _, Some(left)) if self.is_constructed() => match self.children() {
                Ok(parts) => {
                    write::wrap(tag, &parts.iter().map(|it| it.rewritten(left)).collect::<Vec<_>>())
                }
                Err(_) => write::tlv(tag, self.contents),
            },
            (tag, contents, _) if header > 0 => write::tlv(tag, contents),
            _ => self.octets.to_vec(),
        }
    }

    /// Where it begins, in octets from the beginning of what it was read from.
    pub(super) fn offset_in(self, all: &[u8]) -> usize {
        self.octets.as_ptr().addr().saturating_sub(all.as_ptr().addr())
    }
}

struct Values<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Values<'a> {
    type Item = Result<Tlv<'a>, &'static str>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let read = Tlv::read(self.rest);
        self.rest = read.as_ref().map_or(&[][..], |(_, rest)| rest);
        Some(read.map(|(tlv, _)| tlv))
    }
}

/// The length, whether it is in its shortest form, and what follows.
fn read_length(octets: &[u8]) -> Result<(usize, bool, &[u8]), &'static str> {
    let (&first, rest) = octets.split_first().ok_or(CUT_SHORT)?;
    if first < 0x80 {
        return Ok((usize::from(first), true, rest));
    }
    let count = usize::from(first & 0x7f);
    if count == 0 {
        return Err(INDEFINITE);
    }
    let (digits, rest) = rest.split_at_checked(count).ok_or(CUT_SHORT)?;
    let length = digits.iter().try_fold(0_usize, |length, &digit| {
        length.checked_mul(256)?.checked_add(usize::from(digit))
    });
    let length = length.ok_or(LONG)?;
    Ok((length, digits.first() != Some(&0) && length >= 0x80, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lengths_are_read_and_noticed() {
        let (tlv, rest) = Tlv::read(&[0x30, 0x82, 0, 3, 1, 1, 1, 7]).unwrap();
        assert_eq!((tlv.shortest, tlv.contents, rest), (false, &[1, 1, 1][..], &[7][..]));
        assert_eq!(*tlv.in_der(), [0x30, 3, 1, 1, 0xff]);
        let good = Tlv::whole(&[0x30, 3, 1, 1, 0xff]).unwrap();
        assert_eq!(good.in_der(), Cow::Borrowed(good.octets));
        assert_eq!(Tlv::read(&[0x30, 0x80, 0, 0]).unwrap_err(), INDEFINITE);
        assert_eq!(Tlv::read(&[0x30, 0x89, 1, 0, 0, 0, 0, 0, 0, 0, 0]).unwrap_err(), LONG);
        assert_eq!(Tlv::read(&[0x30, 2, 0]).unwrap_err(), CUT_SHORT);
    }

    #[test]
    fn nesting_has_an_end() {
        let nest = |inner: Vec<u8>| write::tlv(write::SEQUENCE, &inner);
        let deep = (0..5000).fold(Vec::new(), |inner, _| nest(inner));
        let (mut seen, mut broken) = (0, 0);
        let tlv = Tlv::whole(&deep).unwrap();
        tlv.walk(&mut |_| seen += 1, &mut |_| broken += 1);
        assert_eq!((seen, broken), (u32::from(DEEPEST) + 1, 1));
        assert_eq!(tlv.in_der(), deep);
    }
}
