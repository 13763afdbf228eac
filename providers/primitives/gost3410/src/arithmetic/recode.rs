//! Scalars as signed digits.

use zeroize::{Zeroize, Zeroizing};

use super::{field::Mask, group::Order};
use crate::number::Number;

/// Digits in [-2^(W-1), 2^(W-1)], the lowest first, in constant time.
pub(crate) struct SignedWindows<const W: usize> {
    digits: Zeroizing<[u8; 128]>,
    count: usize,
}

/// A digit as size and sign.
pub(crate) struct Digit {
    pub(crate) size: u64,
    pub(crate) negative: Mask,
}

/// Marks a negative digit.
const SIGN: u8 = 0x80;

impl<const W: usize> SignedWindows<W> {
    /// Digits of any number below 2^(64·LIMBS): one bit more for the last carry.
    pub(crate) const fn count<Q: Order>() -> usize {
        (64 * Q::LIMBS + 1).div_ceil(W)
    }

    pub(crate) fn new<Q: Order>(number: &Number) -> Self {
        let mut limbs = number.limbs::<9>();
        let mut digits = Zeroizing::new([0; 128]);
        let count = Self::count::<Q>();
        let mut carry = 0;
        for (i, digit) in digits.iter_mut().enumerate().take(count) {
            let value = bits::<W>(&limbs, i * W) + carry;
            // 1 where the value is above 2^(W-1): then value - 2^W and a carry.
            carry = ((1_u64 << (W - 1)).wrapping_sub(value)) >> 63;
            let size = (value ^ carry.wrapping_neg()).wrapping_add(carry) & ((1 << W) - 1);
            *digit = octet(size | carry << 7);
        }
        limbs.zeroize();
        Self { digits, count }
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = Digit> {
        self.digits[..self.count].iter().map(|digit| Digit {
            size: u64::from(digit & !SIGN),
            negative: Mask::from_bit(u64::from(digit >> 7)),
        })
    }
}

/// `W` bits from `position` on.
fn bits<const W: usize>(limbs: &[u64; 9], position: usize) -> u64 {
    let (limb, shift) = (position / 64, position % 64);
    let low = limbs[limb] >> shift;
    let high = if shift + W <= 64 { 0 } else { limbs[limb + 1] << (64 - shift) };
    (low | high) & ((1 << W) - 1)
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "below 256")]
const fn octet(value: u64) -> u8 {
    value as u8
}

/// Positions of a number of 512 bits and its last carry.
pub(crate) const POSITIONS: usize = 514;

/// Width-`W` non-adjacent form, the lowest digit first: odd digits below 2^(W-1) in size, at most
/// one in `W` positions not zero. For public numbers.
pub(crate) fn wnaf_vartime<const W: usize>(number: &Number) -> [i16; POSITIONS] {
    let limbs = number.limbs::<9>();
    let mut digits = [0; POSITIONS];
    let (mut position, mut carry) = (0, 0);
    while position < POSITIONS {
        if bits::<1>(&limbs, position) == carry {
            position += 1;
            continue;
        }
        let word = bits::<W>(&limbs, position) + carry;
        carry = word >> (W - 1);
        digits[position] = small(word.cast_signed() - (carry << W).cast_signed());
        position += W;
    }
    digits
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "below 2^15")]
const fn small(digit: i64) -> i16 {
    digit as i16
}
