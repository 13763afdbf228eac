//! Residues modulo p = 2^(64·N) - C with a small C: 2^256 - 617 and 2^512 - 569.
//!
//! Elements are any values below 2^(64·N), not always below p. What overflows is worth C, for
//! 2^(64·N) ≡ C: products are folded twice, sums and differences corrected twice.

use core::{hint::black_box, marker::PhantomData};

use super::{
    field::{Field, Mask, Scalar},
    inversion::Inverter,
    limbs::{adc, add, mac, sbb, sub},
};
use crate::number::Number;

/// How sums and products are computed; all values are below 2^(64·N).
pub(crate) trait Multiplier<const C: u64, const N: usize>:
    Copy + Send + Sync + 'static
{
    #[inline(always)]
    fn add(a: &[u64; N], b: &[u64; N]) -> [u64; N] {
        let (sum, carry) = add(a, b);
        let (mut limbs, carry) = add_word(sum, carry.wrapping_neg() & C);
        // A second carry leaves a value below C, so that the lowest limb takes it. It is hidden,
        // lest the compiler branch on it, as it did in an earlier form.
        limbs[0] = limbs[0].wrapping_add(black_box(carry).wrapping_neg() & C);
        limbs
    }

    #[inline(always)]
    fn subtract(a: &[u64; N], b: &[u64; N]) -> [u64; N] {
        let (difference, borrow) = sub(a, b);
        let (mut limbs, borrow) = subtract_word(difference, borrow.wrapping_neg() & C);
        // A second borrow leaves a value above 2^(64·N) - C: the lowest limb gives it.
        limbs[0] = limbs[0].wrapping_sub(borrow.wrapping_neg() & C);
        limbs
    }

    fn multiply(a: &[u64; N], b: &[u64; N]) -> [u64; N];

    #[inline(always)]
    fn square(a: &[u64; N]) -> [u64; N] {
        Self::multiply(a, a)
    }
}

/// Double words of the language: any target.
#[derive(Clone, Copy)]
pub(crate) struct Portable;

/// A residue modulo 2^(64·N) - C.
#[derive(Clone, Copy)]
pub(crate) struct PseudoMersenne<const C: u64, const N: usize, B> {
    limbs: [u64; N],
    multiplier: PhantomData<B>,
}

impl<const C: u64, const N: usize, B: Multiplier<C, N>> PseudoMersenne<C, N, B> {
    const INVERTER: Inverter<N> = Inverter::new(&Self::P);
    /// p.
    const P: [u64; N] = {
        let mut limbs = [u64::MAX; N];
        limbs[0] = C.wrapping_neg();
        limbs
    };

    /// From a value below 2^(64·N).
    #[inline(always)]
    pub(crate) const fn from_limbs(limbs: &[u64; N]) -> Self {
        Self { limbs: *limbs, multiplier: PhantomData }
    }

    /// 3·x for x below 2^(64·N)/3, at compile time.
    pub(crate) const fn triple(self) -> Self {
        let (twice, carry) = add(&self.limbs, &self.limbs);
        let twice = correct_sum::<C, N>(twice, carry);
        let (sum, carry) = add(&twice, &self.limbs);
        Self::from_limbs(&correct_sum::<C, N>(sum, carry))
    }

    /// x times a word of at most C.
    #[inline(always)]
    pub(crate) fn times_word(&self, word: u64) -> Self {
        let (mut product, mut carry) = (self.limbs, 0);
        for limb in &mut product {
            (*limb, carry) = mac(0, *limb, word, carry);
        }
        Self::from_limbs(&fold_word::<C, N>(product, carry))
    }

    /// The value in [0, p).
    #[inline(always)]
    pub(crate) fn to_limbs(self) -> [u64; N] {
        let (reduced, borrow) = sub(&self.limbs, &Self::P);
        Mask::from_bit(borrow).select(&self.limbs, &reduced)
    }
}

/// sum + carry·2^(64·N), the carry 0 or 1.
#[inline(always)]
const fn correct_sum<const C: u64, const N: usize>(sum: [u64; N], carry: u64) -> [u64; N] {
    let (mut sum, carry) = add_word(sum, carry.wrapping_neg() & C);
    // A second carry leaves a value below C, so that the lowest limb takes it.
    sum[0] = sum[0].wrapping_add(carry.wrapping_neg() & C);
    sum
}

#[inline(always)]
const fn add_word<const N: usize>(mut limbs: [u64; N], word: u64) -> ([u64; N], u64) {
    let (mut carry, mut i) = (word, 0);
    while i < N {
        (limbs[i], carry) = adc(limbs[i], carry, 0);
        i += 1;
    }
    (limbs, carry)
}

#[inline(always)]
fn subtract_word<const N: usize>(mut limbs: [u64; N], word: u64) -> ([u64; N], u64) {
    let mut borrow;
    (limbs[0], borrow) = sbb(limbs[0], word, 0);
    for limb in &mut limbs[1..] {
        (*limb, borrow) = sbb(*limb, 0, borrow);
    }
    (limbs, borrow)
}

impl<const C: u64, const N: usize> Multiplier<C, N> for Portable {
    #[inline]
    fn multiply(a: &[u64; N], b: &[u64; N]) -> [u64; N] {
        let mut product = [[0; N]; 2];
        let limbs = product.as_flattened_mut();
        for i in 0..N {
            limbs[i + N] = add_row(&mut limbs[i..i + N], a[i], b);
        }
        fold::<C, N>(product[0], &product[1])
    }

    #[inline]
    fn square(a: &[u64; N]) -> [u64; N] {
        let mut product = [[0; N]; 2];
        let limbs = product.as_flattened_mut();
        for i in 0..N - 1 {
            limbs[i + N] = add_row(&mut limbs[2 * i + 1..i + N], a[i], &a[i + 1..]);
        }
        let (mut carry, mut shifted) = (0, 0);
        for i in 0..N {
            let (low, high) = (limbs[2 * i], limbs[2 * i + 1]);
            let (square, over) = mac(low << 1 | shifted, a[i], a[i], carry);
            limbs[2 * i] = square;
            (limbs[2 * i + 1], carry) = adc(high << 1 | low >> 63, over, 0);
            shifted = high >> 63;
        }
        fold::<C, N>(product[0], &product[1])
    }
}

/// limbs + a·b; returns the carry.
#[inline(always)]
fn add_row(limbs: &mut [u64], a: u64, b: &[u64]) -> u64 {
    limbs.iter_mut().zip(b).fold(0, |mut carry, (limb, b)| {
        (*limb, carry) = mac(*limb, a, *b, carry);
        carry
    })
}

/// low + high·2^(64·N).
#[inline(always)]
fn fold<const C: u64, const N: usize>(mut low: [u64; N], high: &[u64; N]) -> [u64; N] {
    let mut carry = 0;
    for (low, high) in low.iter_mut().zip(high) {
        (*low, carry) = mac(*low, *high, C, carry);
    }
    fold_word::<C, N>(low, carry)
}

/// low + high·2^(64·N) for a high word of at most C.
#[inline(always)]
fn fold_word<const C: u64, const N: usize>(low: [u64; N], high: u64) -> [u64; N] {
    let (mut low, carry) = add_word(low, high * C);
    // A carry leaves a small value, so that the lowest limb takes it.
    low[0] = low[0].wrapping_add(carry.wrapping_neg() & C);
    low
}

impl<const C: u64, const N: usize, B: Multiplier<C, N>> Field for PseudoMersenne<C, N, B> {
    const ZERO: Self = Self::from_limbs(&[0; N]);
    const ONE: Self = {
        let mut limbs = [0; N];
        limbs[0] = 1;
        Self::from_limbs(&limbs)
    };

    #[inline(always)]
    fn add(&self, other: &Self) -> Self {
        Self::from_limbs(&B::add(&self.limbs, &other.limbs))
    }

    #[inline(always)]
    fn sub(&self, other: &Self) -> Self {
        Self::from_limbs(&B::subtract(&self.limbs, &other.limbs))
    }

    #[inline(always)]
    fn mul(&self, other: &Self) -> Self {
        Self::from_limbs(&B::multiply(&self.limbs, &other.limbs))
    }

    #[inline(always)]
    fn square(&self) -> Self {
        Self::from_limbs(&B::square(&self.limbs))
    }
}

impl<const C: u64, const N: usize, B: Multiplier<C, N>> Scalar for PseudoMersenne<C, N, B> {
    const LIMBS: usize = N;

    fn from_number(number: &Number) -> Self {
        Self::from_limbs(&number.limbs())
    }

    fn to_number(&self) -> Number {
        Number::from_limbs(&self.to_limbs())
    }

    fn invert(&self) -> Self {
        Self::from_limbs(&Self::INVERTER.invert(&self.to_limbs()))
    }

    fn invert_vartime(&self) -> Self {
        Self::from_limbs(&Self::INVERTER.invert_vartime(&self.to_limbs()))
    }

    fn is_zero(&self) -> Mask {
        Mask::zero(&self.to_limbs())
    }

    #[inline(always)]
    fn select(mask: Mask, a: &Self, b: &Self) -> Self {
        Self::from_limbs(&mask.select(&a.limbs, &b.limbs))
    }
}
