//! Eight residues modulo 2^256 - 617 or 2^512 - 569 in limbs of 52 bits.
//!
//! 5 or 10 limbs leave the highest one 48 or 44 bits (`TOP`). Between operations all limbs are
//! below 2^52, as IFMA demands, and the highest one is below 2^TOP + 2^8: a value below
//! 2^(64·N) + 2^(52·(L-1) + 8). What is above 2^(64·N) is worth C and is folded back before the
//! one carry chain that ends each operation.
#![expect(unsafe_code, reason = "intrinsics, which need a processor that has them")]

use core::{
    arch::x86_64::{
        __m512i, __mmask8, _mm512_add_epi64, _mm512_and_si512, _mm512_cmpeq_epi64_mask,
        _mm512_load_si512, _mm512_madd52hi_epu64, _mm512_madd52lo_epu64, _mm512_mask_mov_epi64,
        _mm512_mul_epu32, _mm512_permutex2var_epi64, _mm512_permutexvar_epi64, _mm512_set1_epi64,
        _mm512_setzero_si512, _mm512_slli_epi64, _mm512_srli_epi64, _mm512_store_si512,
        _mm512_sub_epi64,
    },
    mem::transmute,
};

use super::super::{field::Field, fixed_base::ENTRIES, limbs::adc};
use crate::number::Number;

/// One bit for each lane.
pub(crate) type LaneMask = __mmask8;

/// A vector in memory.
#[derive(Clone, Copy, Default)]
#[repr(align(64))]
pub(crate) struct Vector(pub(crate) [u64; 8]);

/// Eight residues; only the back-end makes them, after it has checked the processor.
#[derive(Clone, Copy)]
pub(crate) struct Lanes<const C: u64, const L: usize>([__m512i; L]);

/// What eight residues can beyond arithmetic.
pub(crate) trait LaneField: Field {
    /// Vectors of an element.
    const VECTORS: usize;

    fn gather(numbers: &[Number; 8]) -> Self;
    /// The value in a lane, not fully reduced.
    fn number(&self, lane: usize) -> Number;
    /// The other where the mask has a bit.
    fn select(&self, mask: LaneMask, other: &Self) -> Self;
    /// Lane i gets what lane (i + by) mod 8 had.
    fn rotate(&self, by: u64) -> Self;
    fn store(&self, vectors: &mut [Vector]);
    /// Words of 16 vectors, by the lane's index: vector pair i has limb i of all 16.
    fn look_up(indices: &Vector, pairs: &[[Vector; 2]]) -> Self;
    /// What `store` stored.
    fn load(vectors: &[Vector]) -> Self;
}

const MASK: i64 = (1 << 52) - 1;

const fn splat(word: u64) -> __m512i {
    // SAFETY: both are 64 octets, and every pattern is valid.
    unsafe { transmute::<[u64; 8], __m512i>([word; 8]) }
}

impl<const C: u64, const L: usize> Lanes<C, L> {
    /// Limbs of 64 bits.
    const WORDS: usize = 52 * L / 64;
    /// Bits of the highest limb.
    const TOP: u32 = match L {
        5 => 48,
        _ => 44,
    };
    /// 2^(52·L) modulo p.
    const OVERFLOW: u64 = C << (52 - Self::TOP);
    /// 4·p, with all limbs large enough that nothing subtracted from them borrows.
    const FOUR_P: [__m512i; L] = {
        let mut limbs = [splat((1 << 54) - 4); L];
        limbs[0] = splat((1 << 54) - 4 * C);
        limbs[L - 1] = splat((1 << (Self::TOP + 2)) - 4);
        limbs
    };

    /// The same value in every lane.
    pub(crate) const fn splat(words: &[u64; 9]) -> Self {
        let (mut limbs, mut i) = ([splat(0); L], 0);
        while i < L {
            limbs[i] = splat(bits52(words, 52 * i));
            i += 1;
        }
        Self(limbs)
    }

    /// x times a word of at most C.
    #[inline(always)]
    pub(crate) fn times_word(&self, word: u64) -> Self {
        // SAFETY: lanes exist only where the processor has been checked.
        unsafe { Self::scaled(self, splat(word)) }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn scaled(a: &Self, word: __m512i) -> Self {
        let zero = _mm512_setzero_si512();
        let mut limbs = [zero; L];
        for i in 0..L {
            limbs[i] = _mm512_madd52lo_epu64(limbs[i], a.0[i], word);
            if i + 1 < L {
                limbs[i + 1] = _mm512_madd52hi_epu64(zero, a.0[i], word);
            }
        }
        Self::reduce(limbs, _mm512_madd52hi_epu64(zero, a.0[L - 1], word))
    }

    /// Folds what is above 2^(64·N) and carries.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn reduce(mut limbs: [__m512i; L], overflow: __m512i) -> Self {
        let low = _mm512_set1_epi64(MASK);
        let top = limbs[L - 1];
        let excess = match L {
            5 => _mm512_add_epi64(_mm512_srli_epi64::<48>(top), _mm512_slli_epi64::<4>(overflow)),
            _ => _mm512_add_epi64(_mm512_srli_epi64::<44>(top), _mm512_slli_epi64::<8>(overflow)),
        };
        limbs[L - 1] = _mm512_and_si512(top, splat((1 << Self::TOP) - 1));
        limbs[0] = _mm512_add_epi64(limbs[0], _mm512_mul_epu32(excess, splat(C)));
        for i in 0..L - 1 {
            limbs[i + 1] = _mm512_add_epi64(limbs[i + 1], _mm512_srli_epi64::<52>(limbs[i]));
            limbs[i] = _mm512_and_si512(limbs[i], low);
        }
        Self(limbs)
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn sum(a: &Self, b: &Self) -> Self {
        let limbs = core::array::from_fn(
            #[inline(always)]
            |i| _mm512_add_epi64(a.0[i], b.0[i]),
        );
        Self::reduce(limbs, _mm512_setzero_si512())
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn difference(a: &Self, b: &Self) -> Self {
        let limbs = core::array::from_fn(
            #[inline(always)]
            |i| _mm512_add_epi64(a.0[i], _mm512_sub_epi64(Self::FOUR_P[i], b.0[i])),
        );
        Self::reduce(limbs, _mm512_setzero_si512())
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn blended(a: &Self, mask: LaneMask, b: &Self) -> Self {
        let mut limbs = a.0;
        for (limb, other) in limbs.iter_mut().zip(&b.0) {
            *limb = _mm512_mask_mov_epi64(*limb, mask, *other);
        }
        Self(limbs)
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn permuted(a: &Self, order: &Vector) -> Self {
        let (mut limbs, order) = (a.0, fetch(order));
        for limb in &mut limbs {
            *limb = _mm512_permutexvar_epi64(order, *limb);
        }
        Self(limbs)
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn looked_up(indices: &Vector, pairs: &[[Vector; 2]]) -> Self {
        let (mut limbs, indices) = ([_mm512_setzero_si512(); L], fetch(indices));
        for (limb, [low, high]) in limbs.iter_mut().zip(pairs) {
            *limb = _mm512_permutex2var_epi64(fetch(low), indices, fetch(high));
        }
        Self(limbs)
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn loaded(vectors: &[Vector]) -> Self {
        let mut limbs = [_mm512_setzero_si512(); L];
        for (limb, vector) in limbs.iter_mut().zip(vectors) {
            *limb = fetch(vector);
        }
        Self(limbs)
    }

    /// Column k of a·b: low halves of `a[i]`·`b[k-i]` and high halves of `a[i]`·`b[k-1-i]`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn column<const K: usize>(a: &Self, b: &Self) -> __m512i {
        let (mut low, mut high) = (_mm512_setzero_si512(), _mm512_setzero_si512());
        for i in 0..L {
            if K >= i && K - i < L {
                low = _mm512_madd52lo_epu64(low, a.0[i], b.0[K - i]);
            }
            if K > i && K - 1 - i < L {
                high = _mm512_madd52hi_epu64(high, a.0[i], b.0[K - 1 - i]);
            }
        }
        _mm512_add_epi64(low, high)
    }

    /// Column k of a².
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn square_column<const K: usize>(a: &Self, _: &Self) -> __m512i {
        let (mut low, mut high) = (_mm512_setzero_si512(), _mm512_setzero_si512());
        for i in 0..L {
            if K > 2 * i && K - i < L {
                low = _mm512_madd52lo_epu64(low, a.0[i], a.0[K - i]);
            }
            if K > 2 * i + 1 && K - 1 - i < L {
                high = _mm512_madd52hi_epu64(high, a.0[i], a.0[K - 1 - i]);
            }
        }
        let sum = _mm512_add_epi64(low, high);
        let sum = _mm512_add_epi64(sum, sum);
        let limb = &a.0[K / 2];
        if K.is_multiple_of(2) {
            _mm512_madd52lo_epu64(sum, *limb, *limb)
        } else {
            _mm512_madd52hi_epu64(sum, *limb, *limb)
        }
    }

    /// Reduces twice as many columns as there are limbs.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn reduce_columns(mut low: [__m512i; L], mut high: [__m512i; L]) -> Self {
        let mask = _mm512_set1_epi64(MASK);
        let factor = splat(Self::OVERFLOW);
        for i in 0..L - 1 {
            high[i + 1] = _mm512_add_epi64(high[i + 1], _mm512_srli_epi64::<52>(high[i]));
            high[i] = _mm512_and_si512(high[i], mask);
        }
        for i in 0..L {
            low[i] = _mm512_madd52lo_epu64(low[i], high[i], factor);
            if i + 1 < L {
                low[i + 1] = _mm512_madd52hi_epu64(low[i + 1], high[i], factor);
            }
        }
        let zero = _mm512_setzero_si512();
        Self::reduce(low, _mm512_madd52hi_epu64(zero, high[L - 1], factor))
    }
}

/// Products for one number of limbs, all columns written out so that they stay in registers.
macro_rules! products {
    ($limbs:literal, $($low:literal)+, $($high:literal)+) => {
        impl<const C: u64> Lanes<C, $limbs> {
            #[target_feature(enable = "avx512f,avx512ifma")]
            fn product(a: &Self, b: &Self) -> Self {
                let low = [$(Self::column::<$low>(a, b)),+];
                let high = [$(Self::column::<$high>(a, b)),+];
                Self::reduce_columns(low, high)
            }

            #[target_feature(enable = "avx512f,avx512ifma")]
            fn squared(a: &Self) -> Self {
                let low = [$(Self::square_column::<$low>(a, a)),+];
                let high = [$(Self::square_column::<$high>(a, a)),+];
                Self::reduce_columns(low, high)
            }
        }

        impl<const C: u64> Field for Lanes<C, $limbs> {
            const ZERO: Self = Self([splat(0); $limbs]);
            const ONE: Self = {
                let mut limbs = [splat(0); $limbs];
                limbs[0] = splat(1);
                Self(limbs)
            };

            #[inline(always)]
            fn add(&self, other: &Self) -> Self {
                // SAFETY: lanes exist only where the processor has been checked.
                unsafe { Self::sum(self, other) }
            }

            #[inline(always)]
            fn sub(&self, other: &Self) -> Self {
                // SAFETY: lanes exist only where the processor has been checked.
                unsafe { Self::difference(self, other) }
            }

            #[inline(always)]
            fn mul(&self, other: &Self) -> Self {
                // SAFETY: lanes exist only where the processor has been checked.
                unsafe { Self::product(self, other) }
            }

            #[inline(always)]
            fn square(&self) -> Self {
                // SAFETY: lanes exist only where the processor has been checked.
                unsafe { Self::squared(self) }
            }
        }

        impl<const C: u64> LaneField for Lanes<C, $limbs> {
            const VECTORS: usize = $limbs;

            fn gather(numbers: &[Number; 8]) -> Self {
                let mut vectors = [Vector::default(); $limbs];
                for (lane, number) in numbers.iter().enumerate() {
                    let words = number.limbs::<9>();
                    for (i, vector) in vectors.iter_mut().enumerate() {
                        vector.0[lane] = bits52(&words, 52 * i);
                    }
                }
                Self::load(&vectors)
            }

            fn number(&self, lane: usize) -> Number {
                let mut vectors = [Vector::default(); $limbs];
                self.store(&mut vectors);
                Self::join(core::array::from_fn(|i| vectors[i].0[lane]))
            }

            #[inline(always)]
            fn select(&self, mask: LaneMask, other: &Self) -> Self {
                // SAFETY: lanes exist only where the processor has been checked.
                unsafe { Self::blended(self, mask, other) }
            }

            #[inline(always)]
            fn rotate(&self, by: u64) -> Self {
                let order = Vector(core::array::from_fn(|lane| (lane_number(lane) + by) % 8));
                // SAFETY: lanes exist only where the processor has been checked.
                unsafe { Self::permuted(self, &order) }
            }

            #[inline(always)]
            fn store(&self, vectors: &mut [Vector]) {
                for (vector, limb) in vectors.iter_mut().zip(self.0) {
                    // SAFETY: a `Vector` is 64 octets, aligned to 64.
                    unsafe { _mm512_store_si512(vector.0.as_mut_ptr().cast(), limb) };
                }
            }

            #[inline(always)]
            fn look_up(indices: &Vector, pairs: &[[Vector; 2]]) -> Self {
                // SAFETY: lanes exist only where the processor has been checked.
                unsafe { Self::looked_up(indices, &pairs[..$limbs]) }
            }

            #[inline(always)]
            fn load(vectors: &[Vector]) -> Self {
                let vectors = &vectors[..$limbs];
                // SAFETY: lanes exist only where the processor has been checked.
                unsafe { Self::loaded(vectors) }
            }
        }
    };
}

products!(5, 0 1 2 3 4, 5 6 7 8 9);
products!(10, 0 1 2 3 4 5 6 7 8 9, 10 11 12 13 14 15 16 17 18 19);

impl<const C: u64, const L: usize> Lanes<C, L> {
    /// Words of 64 bits from limbs of 52, reduced below 2^(64·N).
    fn join(limbs: [u64; L]) -> Number {
        let (mut words, mut position) = ([0_u64; 9], 0);
        for limb in limbs {
            let (word, shift) = (position / 64, position % 64);
            words[word] |= limb << shift;
            if shift > 12 {
                words[word + 1] |= limb >> (64 - shift);
            }
            position += 52;
        }
        let mut carry = words[Self::WORDS] * C;
        words[Self::WORDS] = 0;
        for word in &mut words[..Self::WORDS] {
            (*word, carry) = adc(*word, carry, 0);
        }
        // A carry leaves a value so small that the lowest word takes it.
        words[0] += carry * C;
        Number::from_limbs(&words)
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn fetch(vector: &Vector) -> __m512i {
    // SAFETY: a `Vector` is 64 octets, aligned to 64.
    unsafe { _mm512_load_si512(vector.0.as_ptr().cast()) }
}

/// Lane by lane the entry of the lane's size, the first one for 0 and 1; reads all entries.
pub(crate) fn scan(sizes: &Vector, entries: &[Vector], entry: &mut [Vector]) {
    // SAFETY: lanes exist only where the processor has been checked.
    unsafe { scan_checked(sizes, entries, entry) }
}

#[target_feature(enable = "avx512f,avx512ifma")]
fn scan_checked(sizes: &Vector, entries: &[Vector], entry: &mut [Vector]) {
    let sizes = fetch(sizes);
    let masks: [LaneMask; ENTRIES] = core::array::from_fn(
        #[inline(always)]
        |i| _mm512_cmpeq_epi64_mask(sizes, splat(lane_number(i) + 1)),
    );
    let size = entry.len();
    for (i, vector) in entry.iter_mut().enumerate() {
        let mut words = fetch(&entries[i]);
        for (mask, entry) in masks.iter().zip(entries.chunks_exact(size)).skip(1) {
            words = _mm512_mask_mov_epi64(words, *mask, fetch(&entry[i]));
        }
        // SAFETY: a `Vector` is 64 octets, aligned to 64.
        unsafe { _mm512_store_si512(vector.0.as_mut_ptr().cast(), words) };
    }
}

/// Which lanes have this word.
pub(crate) fn equal(words: &Vector, word: u64) -> LaneMask {
    // SAFETY: lanes exist only where the processor has been checked.
    unsafe { equal_checked(words, word) }
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn equal_checked(words: &Vector, word: u64) -> LaneMask {
    _mm512_cmpeq_epi64_mask(fetch(words), splat(word))
}

/// 52 bits from `position` on.
const fn bits52(words: &[u64; 9], position: usize) -> u64 {
    let (word, shift) = (position / 64, position % 64);
    let mut bits = words[word] >> shift;
    if shift > 12 && word + 1 < words.len() {
        bits |= words[word + 1] << (64 - shift);
    }
    bits & MASK.cast_unsigned()
}

#[expect(clippy::as_conversions, reason = "below 8")]
const fn lane_number(lane: usize) -> u64 {
    lane as u64
}
