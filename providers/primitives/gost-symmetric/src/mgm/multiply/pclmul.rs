//! Carry-less multiplication by the instruction of x86-64 for it.

use core::arch::x86_64::{
    __m128i, _mm_clmulepi64_si128, _mm_cvtsi128_si64, _mm_set_epi64x, _mm_setzero_si128,
    _mm_unpackhi_epi64, _mm_xor_si128,
};

use super::halves;

cpufeatures::new!(features, "pclmulqdq");

/// The sum of the products as (low, high); `None` where the processor lacks the instruction.
pub(super) fn sum_of_products(pairs: impl Iterator<Item = (u128, u128)>) -> Option<(u128, u128)> {
    #[expect(unsafe_code, reason = "calls code for special processors")]
    features::get().then(|| {
        // SAFETY: the instruction is there, and SSE2 always is.
        unsafe { sum(pairs) }
    })
}

#[target_feature(enable = "pclmulqdq,sse2")]
fn sum(pairs: impl Iterator<Item = (u128, u128)>) -> (u128, u128) {
    let zero = _mm_setzero_si128();
    let (mut low, mut middle, mut high) = (zero, zero, zero);
    for (a, b) in pairs {
        let (a, b) = (register(a), register(b));
        low = _mm_xor_si128(low, _mm_clmulepi64_si128::<0x00>(a, b));
        high = _mm_xor_si128(high, _mm_clmulepi64_si128::<0x11>(a, b));
        middle = _mm_xor_si128(middle, _mm_clmulepi64_si128::<0x01>(a, b));
        middle = _mm_xor_si128(middle, _mm_clmulepi64_si128::<0x10>(a, b));
    }
    let middle = number(middle);
    (number(low) ^ (middle << 64), number(high) ^ (middle >> 64))
}

#[inline]
#[target_feature(enable = "sse2")]
fn register(number: u128) -> __m128i {
    let (high, low) = halves(number);
    _mm_set_epi64x(high.cast_signed(), low.cast_signed())
}

#[inline]
#[target_feature(enable = "sse2")]
fn number(register: __m128i) -> u128 {
    let low = _mm_cvtsi128_si64(register).cast_unsigned();
    let high = _mm_cvtsi128_si64(_mm_unpackhi_epi64(register, register)).cast_unsigned();
    (u128::from(high) << 64) | u128::from(low)
}
