//! What a prime field must do for the curve formulas.

use crate::{number::Number, taint};

/// All ones for "yes", zero for "no"; made so that a compiler does not turn it into a branch.
#[derive(Clone, Copy)]
pub(crate) struct Mask(u64);

impl Mask {
    /// From 0 or 1.
    #[inline(always)]
    pub(crate) fn from_bit(bit: u64) -> Self {
        Self(core::hint::black_box(bit.wrapping_neg()))
    }

    /// Whether two words are equal.
    #[inline(always)]
    pub(crate) fn equal(a: u64, b: u64) -> Self {
        let difference = a ^ b;
        Self::from_bit(((difference | difference.wrapping_neg()) >> 63) ^ 1)
    }

    /// Whether all limbs are zero.
    #[inline(always)]
    pub(crate) fn zero<const N: usize>(limbs: &[u64; N]) -> Self {
        Self::equal(limbs.iter().fold(0, |all, limb| all | limb), 0)
    }

    /// `a` for "yes", else `b`.
    #[inline(always)]
    pub(crate) fn select<const N: usize>(self, a: &[u64; N], b: &[u64; N]) -> [u64; N] {
        core::array::from_fn(|i| b[i] ^ (self.0 & (a[i] ^ b[i])))
    }

    #[inline(always)]
    pub(crate) fn word(self) -> u64 {
        self.0
    }

    /// Leaves the realm of constant time: for what is not, or no longer, secret.
    #[inline(always)]
    pub(crate) fn declassify(self) -> bool {
        taint::public(self.0) != 0
    }
}

/// Arithmetic in a prime field, or in several at once (one per vector lane), in constant time.
pub(crate) trait Field: Copy + Send + Sync + 'static {
    const ZERO: Self;
    const ONE: Self;

    fn add(&self, other: &Self) -> Self;
    fn sub(&self, other: &Self) -> Self;
    fn mul(&self, other: &Self) -> Self;

    #[inline(always)]
    fn square(&self) -> Self {
        self.mul(self)
    }

    #[inline(always)]
    fn double(&self) -> Self {
        self.add(self)
    }

    #[inline(always)]
    fn neg(&self) -> Self {
        Self::ZERO.sub(self)
    }
}

/// One element, with a canonical value.
pub(crate) trait Scalar: Field {
    /// Limbs of a value.
    const LIMBS: usize;

    /// Reduces any number of `LIMBS` limbs.
    fn from_number(number: &Number) -> Self;
    /// The value in [0, p).
    fn to_number(&self) -> Number;
    /// 1/x, and 0 for 0.
    fn invert(&self) -> Self;
    /// As [`Scalar::invert`], for public values.
    fn invert_vartime(&self) -> Self {
        self.invert()
    }
    fn is_zero(&self) -> Mask;
    /// `a` for "yes", else `b`.
    fn select(mask: Mask, a: &Self, b: &Self) -> Self;

    fn equals(&self, other: &Self) -> Mask {
        self.sub(other).is_zero()
    }
}
