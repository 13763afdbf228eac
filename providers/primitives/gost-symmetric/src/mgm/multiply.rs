use cipher::Block;
use zeroize::Zeroize;

use crate::gost_cipher::GostCipher;

#[cfg(all(target_arch = "x86_64", not(gost_portable)))]
mod pclmul;
#[cfg(not(all(target_arch = "x86_64", not(gost_portable))))]
mod pclmul {
    pub(super) fn sum_of_products<T>(_pairs: T) -> Option<(u128, u128)> {
        None
    }
}

/// A sum of products of polynomials over GF(2), not reduced yet: 256 bits.
///
/// The first bit of a block is the highest coefficient (RFC 9058, 2), so a block is a number.
#[derive(Default)]
pub(crate) struct Sum {
    low: u128,
    high: u128,
}

impl Sum {
    /// Adds `Σ keys_i · blocks_i` of as many pairs as both have.
    pub(crate) fn add<C: GostCipher>(&mut self, keys: &[Block<C>], blocks: &[Block<C>]) {
        let pairs = || {
            keys.iter().zip(blocks).map(|(key, block)| (C::from_block(key), C::from_block(block)))
        };
        let (low, high) = pclmul::sum_of_products(pairs()).unwrap_or_else(|| portable(pairs()));
        self.low ^= low;
        self.high ^= high;
    }

    /// The remainder modulo the polynomial of the field (RFC 9058, 3).
    ///
    /// `block` is the length of a block in octets.
    pub(crate) fn reduce(&self, block: usize) -> u128 {
        if block == 8 { self.modulo_64() } else { self.modulo_128() }
    }

    /// Modulo x¹²⁸ + x⁷ + x² + x + 1.
    fn modulo_128(&self) -> u128 {
        let high = self.high;
        let over = (high >> 127) ^ (high >> 126) ^ (high >> 121);
        self.low ^ fold(high, [1, 2, 7]) ^ fold(over, [1, 2, 7])
    }

    /// Modulo x⁶⁴ + x⁴ + x³ + x + 1; blocks of 64 bits have products of 127.
    fn modulo_64(&self) -> u128 {
        let once = (self.low & u128::from(u64::MAX)) ^ fold(self.low >> 64, [1, 3, 4]);
        (once & u128::from(u64::MAX)) ^ fold(once >> 64, [1, 3, 4])
    }
}

fn fold(number: u128, shifts: [u32; 3]) -> u128 {
    shifts.into_iter().fold(number, |sum, shift| sum ^ (number << shift))
}

fn portable(pairs: impl Iterator<Item = (u128, u128)>) -> (u128, u128) {
    pairs.fold((0, 0), |sum, (a, b)| {
        let product = multiply(a, b);
        (sum.0 ^ product.0, sum.1 ^ product.1)
    })
}

/// The product as (low, high), by Karatsuba, without branches or look-ups.
fn multiply(a: u128, b: u128) -> (u128, u128) {
    let ((a_high, a_low), (b_high, b_low)) = (halves(a), halves(b));
    let low = multiply_64(a_low, b_low);
    let high = multiply_64(a_high, b_high);
    let middle = multiply_64(a_low ^ a_high, b_low ^ b_high) ^ low ^ high;
    (low ^ (middle << 64), high ^ (middle >> 64))
}

fn multiply_64(a: u64, b: u64) -> u128 {
    let high = multiply_low(a.reverse_bits(), b.reverse_bits()).reverse_bits() >> 1;
    (u128::from(high) << 64) | u128::from(multiply_low(a, b))
}

/// The low 64 bits of the product.
///
/// Every fourth bit at a time, so that no more than 16 ones meet in a sum and carries end in the
/// three bits thrown away (T. Pornin, `BearSSL`, `ctmul64`).
fn multiply_low(a: u64, b: u64) -> u64 {
    let mut product = 0;
    for sum in 0..4_u32 {
        let mut part = 0;
        for i in 0..4 {
            let j = sum.wrapping_sub(i) & 3;
            part ^= (a & (EVERY_FOURTH << i)).wrapping_mul(b & (EVERY_FOURTH << j));
        }
        product |= part & (EVERY_FOURTH << sum);
    }
    product
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "takes numbers apart")]
fn halves(number: u128) -> (u64, u64) {
    ((number >> 64) as u64, number as u64)
}

impl Drop for Sum {
    fn drop(&mut self) {
        self.low.zeroize();
        self.high.zeroize();
    }
}

const EVERY_FOURTH: u64 = 0x1111_1111_1111_1111;

#[cfg(test)]
mod tests {
    use super::{Sum, multiply, multiply_64};

    #[test]
    fn products_are_carry_less() {
        for (a, b) in [(u64::MAX, u64::MAX), (0x8000_0000_0000_0001, 3), (0x0123_4567_89ab_cdef, 7)]
        {
            let expected =
                (0..64).filter(|i| b >> i & 1 == 1).fold(0, |sum, i| sum ^ (u128::from(a) << i));
            assert_eq!(multiply_64(a, b), expected);
        }
        assert_eq!(multiply(1 << 127, 1 << 127), (0, 1 << 126));
    }

    #[test]
    fn back_ends_agree() {
        let numbers = |seed: u128| (1..20_u128).map(move |i| seed.wrapping_mul(i).wrapping_pow(5));
        let pairs =
            || numbers(0x0123_4567_89ab_cdef_0011_2233_4455_6677).zip(numbers(u128::MAX / 7));
        if let Some(sum) = super::pclmul::sum_of_products(pairs()) {
            assert_eq!(sum, super::portable(pairs()));
        }
    }

    #[test]
    fn the_field_closes() {
        // x^127 · x = x^128 = x^7 + x^2 + x + 1
        let (low, high) = multiply(1 << 127, 2);
        assert_eq!(Sum { low, high }.modulo_128(), 0x87);
        // x^254 = (x^7 + x^2 + x + 1)^2 · x^-2
        let (low, high) = multiply(1 << 127, 1 << 127);
        let (low, high) = multiply(Sum { low, high }.modulo_128(), 4);
        assert_eq!(Sum { low, high }.modulo_128(), 0x4015);
        assert_eq!(Sum { low: 1 << 64, high: 0 }.modulo_64(), 0x1b);
    }
}
