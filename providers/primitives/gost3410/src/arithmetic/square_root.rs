//! Squares and their roots modulo p = 2^(64·N) - C with p ≡ 3 mod 4, of public numbers.

use super::{
    field::{Field, Scalar},
    pseudo_mersenne::{Multiplier, PseudoMersenne},
};

/// A field whose p is 3 modulo 4, so that -1 is no square.
pub(crate) trait SquareRoots: Scalar {
    /// x^((p + 1)/4), whose square is x where x is a square, and else -x.
    fn root(&self) -> Self;
    /// Whether x is a square and not zero (Euler's criterion).
    fn is_square_vartime(&self) -> bool;
}

impl<const C: u64, const N: usize, B: Multiplier<C, N>> SquareRoots for PseudoMersenne<C, N, B> {
    // (p + 1)/4 = 2^(64·N - 2) - (C - 1)/4
    fn root(&self) -> Self {
        const { assert!(C % 4 == 1 && (C - 1) / 4 < 1 << 8) };
        power(self, 64 * N - 10, 8, (1 << 8) - (C - 1) / 4)
    }

    // (p - 1)/2 = 2^(64·N - 1) - (C + 1)/2
    fn is_square_vartime(&self) -> bool {
        const { assert!(C.div_ceil(2) < 1 << 9) };
        power(self, 64 * N - 10, 9, (1 << 9) - C.div_ceil(2)).equals(&Self::ONE).declassify()
    }
}

/// x to the power of (2^ones - 1)·2^bits + low.
fn power<F: Field>(x: &F, ones: usize, bits: u32, low: u64) -> F {
    (0..bits).rev().fold(all_ones(x, ones), |power, bit| {
        let power = power.square();
        if low >> bit & 1 == 1 { power.mul(x) } else { power }
    })
}

/// x^(2^count - 1): such powers join, x^(2^a - 1) squared b times by x^(2^b - 1).
fn all_ones<F: Field>(x: &F, count: usize) -> F {
    let (mut power, mut have) = (*x, 1);
    for bit in (0..count.ilog2()).rev() {
        power = (0..have).fold(power, |power, _| power.square()).mul(&power);
        have *= 2;
        if count >> bit & 1 == 1 {
            power = power.square().mul(x);
            have += 1;
        }
    }
    power
}
