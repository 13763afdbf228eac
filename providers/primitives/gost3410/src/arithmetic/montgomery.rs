//! Residues modulo any odd prime in Montgomery's form x·R mod p, R = 2^(64·N).
//!
//! P. Montgomery, "Modular multiplication without trial division" (1985); word by word as "CIOS"
//! in Koç, Acar, Kaliski, "Analyzing and comparing Montgomery multiplication algorithms" (1996).

use core::marker::PhantomData;

use super::{
    field::{Field, Mask, Scalar},
    inversion::Inverter,
    limbs::{adc, add, mac, masked, sub},
};
use crate::number::Number;

/// A prime of `N` limbs.
pub(crate) trait Modulus<const N: usize>: Copy + Send + Sync + 'static {
    const P: [u64; N];
}

/// A residue modulo `M::P`, fully reduced.
#[derive(Clone, Copy)]
pub(crate) struct Montgomery<M, const N: usize> {
    limbs: [u64; N],
    modulus: PhantomData<M>,
}

impl<M: Modulus<N>, const N: usize> Montgomery<M, N> {
    /// -1/p mod 2^64, by Newton's iteration.
    const INVERSE: u64 = {
        let (mut inverse, mut i) = (1_u64, 0);
        while i < 6 {
            inverse = inverse.wrapping_mul(2_u64.wrapping_sub(M::P[0].wrapping_mul(inverse)));
            i += 1;
        }
        inverse.wrapping_neg()
    };
    /// R mod p: 1, doubled often enough.
    const R: [u64; N] = double_times::<M, N>(&one(), 64 * N);
    /// R² mod p.
    const R2: [u64; N] = double_times::<M, N>(&Self::R, 64 * N);

    const INVERTER: Inverter<N> = Inverter::new(&M::P);

    /// From 1/(x·R) to the form of 1/x, which is R/x: times R² twice, divided by R twice.
    fn from_inverse(inverse: &[u64; N]) -> Self {
        Self::from_limbs(&Self::from_limbs(inverse).limbs)
    }

    const fn wrap(limbs: [u64; N]) -> Self {
        Self { limbs, modulus: PhantomData }
    }

    /// From a value below 2^(64·N).
    pub(crate) const fn from_limbs(limbs: &[u64; N]) -> Self {
        Self::wrap(multiply::<M, N>(limbs, &Self::R2))
    }

    /// The value in [0, p).
    pub(crate) const fn to_limbs(self) -> [u64; N] {
        multiply::<M, N>(&self.limbs, &one())
    }

    /// 3·x, at compile time.
    pub(crate) const fn triple(self) -> Self {
        let (sum, carry) = add(&double_times::<M, N>(&self.limbs, 1), &self.limbs);
        Self::wrap(subtract_once::<M, N>(&sum, carry))
    }

    /// low + high·2^(64·N) mod p.
    pub(crate) fn from_wide(low: &[u64; N], high: &[u64; N]) -> Self {
        let high = Self::from_limbs(high);
        Self::from_limbs(low).add(&Self::from_limbs(&high.limbs))
    }

    /// 2^(128·N) mod p: how far the largest multiple of p stays below 2^(128·N).
    pub(crate) const fn wide_remainder() -> [u64; N] {
        Self::R2
    }
}

const fn one<const N: usize>() -> [u64; N] {
    let mut limbs = [0; N];
    limbs[0] = 1;
    limbs
}

/// x·2^times mod p.
const fn double_times<M: Modulus<N>, const N: usize>(x: &[u64; N], times: usize) -> [u64; N] {
    let (mut x, mut i) = (*x, 0);
    while i < times {
        let (sum, carry) = add(&x, &x);
        x = subtract_once::<M, N>(&sum, carry);
        i += 1;
    }
    x
}

/// x + carry·2^(64·N) - p where that is not negative, else x.
#[inline(always)]
const fn subtract_once<M: Modulus<N>, const N: usize>(x: &[u64; N], carry: u64) -> [u64; N] {
    let (reduced, borrow) = sub(x, &M::P);
    // A borrow that the carry does not pay means x was below p.
    let keep = carry.wrapping_sub(borrow);
    let (mut out, mut i) = (reduced, 0);
    while i < N {
        out[i] = (x[i] & keep) | (reduced[i] & !keep);
        i += 1;
    }
    out
}

/// a·b/R mod p for a < R, b < p.
#[inline(always)]
const fn multiply<M: Modulus<N>, const N: usize>(a: &[u64; N], b: &[u64; N]) -> [u64; N] {
    let (mut t, mut top, mut i) = ([0_u64; N], 0_u64, 0);
    while i < N {
        let (mut carry, mut j) = (0, 0);
        while j < N {
            (t[j], carry) = mac(t[j], a[i], b[j], carry);
            j += 1;
        }
        let (high, over) = adc(top, carry, 0);
        let factor = t[0].wrapping_mul(Montgomery::<M, N>::INVERSE);
        (_, carry) = mac(t[0], factor, M::P[0], 0);
        j = 1;
        while j < N {
            (t[j - 1], carry) = mac(t[j], factor, M::P[j], carry);
            j += 1;
        }
        (t[N - 1], carry) = adc(high, carry, 0);
        top = over + carry;
        i += 1;
    }
    subtract_once::<M, N>(&t, top)
}

impl<M: Modulus<N>, const N: usize> Field for Montgomery<M, N> {
    const ZERO: Self = Self::wrap([0; N]);
    const ONE: Self = Self::wrap(Self::R);

    #[inline(always)]
    fn add(&self, other: &Self) -> Self {
        let (sum, carry) = add(&self.limbs, &other.limbs);
        Self::wrap(subtract_once::<M, N>(&sum, carry))
    }

    #[inline(always)]
    fn sub(&self, other: &Self) -> Self {
        let (difference, borrow) = sub(&self.limbs, &other.limbs);
        Self::wrap(add(&difference, &masked(&M::P, borrow.wrapping_neg())).0)
    }

    #[inline]
    fn mul(&self, other: &Self) -> Self {
        Self::wrap(multiply::<M, N>(&self.limbs, &other.limbs))
    }
}

impl<M: Modulus<N>, const N: usize> Scalar for Montgomery<M, N> {
    const LIMBS: usize = N;

    fn from_number(number: &Number) -> Self {
        Self::from_limbs(&number.limbs())
    }

    fn to_number(&self) -> Number {
        Number::from_limbs(&self.to_limbs())
    }

    fn invert(&self) -> Self {
        Self::from_inverse(&Self::INVERTER.invert(&self.limbs))
    }

    fn invert_vartime(&self) -> Self {
        Self::from_inverse(&Self::INVERTER.invert_vartime(&self.limbs))
    }

    fn is_zero(&self) -> Mask {
        Mask::zero(&self.limbs)
    }

    #[inline(always)]
    fn select(mask: Mask, a: &Self, b: &Self) -> Self {
        Self::wrap(mask.select(&a.limbs, &b.limbs))
    }
}
