//! Non-negative integers below 2^512, the currency between the API and the arithmetic.

use core::fmt;

use zeroize::Zeroize;

/// Octets of the largest number.
const OCTETS: usize = 64;

/// Eight limbs of 64 bits, the lowest first; numbers of 256-bit sets leave the upper half zero.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Number([u64; 8]);

impl Number {
    /// Reads at most 64 little-endian octets.
    pub(crate) fn from_le(octets: &[u8]) -> Self {
        let mut padded = [0; OCTETS];
        for (to, from) in padded.iter_mut().zip(octets) {
            *to = *from;
        }
        let mut limbs = [0; 8];
        for (limb, chunk) in limbs.iter_mut().zip(padded.as_chunks::<8>().0) {
            *limb = u64::from_le_bytes(*chunk);
        }
        padded.zeroize();
        Self(limbs)
    }

    /// Reads at most 64 big-endian octets.
    pub(crate) fn from_be(octets: &[u8]) -> Self {
        let mut reversed = [0; OCTETS];
        for (to, from) in reversed.iter_mut().zip(octets.iter().rev()) {
            *to = *from;
        }
        let number = Self::from_le(&reversed);
        reversed.zeroize();
        number
    }

    /// Fills `out` with the low octets, the lowest first.
    pub(crate) fn write_le(&self, out: &mut [u8]) {
        let octets = self.0.iter().flat_map(|limb| limb.to_le_bytes());
        for (to, from) in out.iter_mut().zip(octets) {
            *to = from;
        }
    }

    /// Fills `out` with the low octets, the highest of them first.
    pub(crate) fn write_be(&self, out: &mut [u8]) {
        self.write_le(out);
        out.reverse();
    }

    pub(crate) fn from_limbs<const N: usize>(limbs: &[u64; N]) -> Self {
        let mut padded = [0; 8];
        for (to, from) in padded.iter_mut().zip(limbs) {
            *to = *from;
        }
        Self(padded)
    }

    /// The low `N` limbs.
    pub(crate) fn limbs<const N: usize>(&self) -> [u64; N] {
        let mut limbs = [0; N];
        for (to, from) in limbs.iter_mut().zip(&self.0) {
            *to = *from;
        }
        limbs
    }
}

impl Zeroize for Number {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

/// A number may be a key: nothing of it is shown.
impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Number(..)")
    }
}
