//! Scalars as signed digits.

use alloc::vec::Vec;

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
    let high = if shift == 0 { 0 } else { limbs[limb + 1] << (64 - shift) };
    (low | high) & ((1 << W) - 1)
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "below 256")]
const fn octet(value: u64) -> u8 {
    value as u8
}

/// Width-`width` non-adjacent form, the lowest digit first: odd digits below 2^(width-1) in size,
/// at most one in `width` positions not zero. For public numbers.
pub(crate) fn wnaf_vartime(number: &Number, width: usize) -> Vec<i16> {
    let mut limbs = number.limbs::<9>();
    let mut digits = Vec::with_capacity(520);
    while limbs != [0; 9] {
        let mut digit = 0;
        if limbs[0] & 1 == 1 {
            let low = (limbs[0] & ((1 << width) - 1)).cast_signed();
            digit = if low >> (width - 1) == 0 { low } else { low - (1 << width) };
            subtract(&mut limbs, digit);
        }
        digits.push(small(digit));
        halve(&mut limbs);
    }
    digits
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "below 2^15")]
const fn small(digit: i64) -> i16 {
    digit as i16
}

/// limbs - digit, which is not negative.
fn subtract(limbs: &mut [u64; 9], digit: i64) {
    let mut carry = i128::from(digit).wrapping_neg();
    for limb in limbs {
        let sum = i128::from(*limb) + carry;
        *limb = low_half(sum);
        carry = sum >> 64;
    }
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the low half is meant"
)]
const fn low_half(value: i128) -> u64 {
    value as u64
}

fn halve(limbs: &mut [u64; 9]) {
    let mut carry = 0;
    for limb in limbs.iter_mut().rev() {
        (*limb, carry) = (*limb >> 1 | carry << 63, *limb & 1);
    }
}
