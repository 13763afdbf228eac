//! The rounds of Kuznyechik in vector registers.
//!
//! Constant-time: no address and no branch depends on the key or on the data.
//!
//! Eight blocks are two registers of eight lanes: lane j of the first holds octet j of each block,
//! lane j of the second octet j + 8.
//!
//! | step | instructions |
//! |---|---|
//! | X: the key is added | an XOR with a key spread likewise |
//! | S: π of each octet | `vpermi2b` in each half of the table, joined by the sign of the octet |
//! | L: each octet of a block acts on each | lane i is repeated in all lanes by `vpermq`, and `vgf2p8affineqb` has in lane j the 8×8 bits by which octet i acts on octet j; the sum by `vpternlogq` |
//!
//! Up to four such sets are interleaved, to have work while instructions wait for others.
#![expect(unsafe_code, reason = "loads and stores of vector registers")]
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "indices and tables known to the compiler, which unrolls the loops"
)]

use core::arch::x86_64::{
    __m512i, _mm_loadu_si128, _mm512_broadcast_i32x4, _mm512_gf2p8affine_epi64_epi8,
    _mm512_loadu_si512, _mm512_mask_blend_epi8, _mm512_movepi8_mask, _mm512_permutex2var_epi8,
    _mm512_permutexvar_epi8, _mm512_set1_epi64, _mm512_setzero_si512, _mm512_storeu_si512,
    _mm512_ternarylogic_epi64, _mm512_xor_si512,
};
use core::hint::black_box;

use super::super::constants::{COEFFICIENTS, PI};

/// Encrypts blocks in place.
#[target_feature(enable = "gfni,avx512f,avx512bw,avx512vbmi")]
pub(super) fn encrypt(keys: &[[u8; 16]; 10], blocks: &mut [[u8; 16]]) {
    let (groups, rest) = blocks.as_chunks_mut::<32>();
    for group in groups {
        let mut sets = gather::<4>(group);
        encrypt_sets(keys, &mut sets);
        scatter(&sets, group);
    }
    for group in rest.chunks_mut(8) {
        let mut whole = [[0; 16]; 8];
        whole[..group.len()].copy_from_slice(group);
        let mut sets = gather::<1>(&whole);
        encrypt_sets(keys, &mut sets);
        scatter(&sets, &mut whole);
        group.copy_from_slice(&whole[..group.len()]);
    }
}

/// Decrypts blocks in place.
#[target_feature(enable = "gfni,avx512f,avx512bw,avx512vbmi")]
pub(super) fn decrypt(keys: &[[u8; 16]; 10], blocks: &mut [[u8; 16]]) {
    let (groups, rest) = blocks.as_chunks_mut::<32>();
    for group in groups {
        let mut sets = gather::<4>(group);
        decrypt_sets(keys, &mut sets);
        scatter(&sets, group);
    }
    for group in rest.chunks_mut(8) {
        let mut whole = [[0; 16]; 8];
        whole[..group.len()].copy_from_slice(group);
        let mut sets = gather::<1>(&whole);
        decrypt_sets(keys, &mut sets);
        scatter(&sets, &mut whole);
        group.copy_from_slice(&whole[..group.len()]);
    }
}

/// The round keys of a key (RFC 7801, 4.3).
#[target_feature(enable = "gfni,avx512f,avx512bw,avx512vbmi")]
pub(super) fn schedule(key: &[u8; 32]) -> [[u8; 16]; 10] {
    let mut keys = [[0; 16]; 10];
    let (first, _) = key.as_chunks::<16>();
    let (mut left, mut right) = (spread(&first[0]), spread(&first[1]));
    for (number, constant) in ITERATION.iter().enumerate() {
        if number % 8 == 0 {
            keys[number / 4] = collect(left);
            keys[number / 4 + 1] = collect(right);
        }
        let turned = linear(substitute(xor(left, spread(constant)), &TABLE), &MATRICES);
        (left, right) = (xor(turned, right), left);
    }
    keys[8] = collect(left);
    keys[9] = collect(right);
    keys
}

#[inline]
#[target_feature(enable = "gfni,avx512f,avx512bw,avx512vbmi")]
fn encrypt_sets<const K: usize>(keys: &[[u8; 16]; 10], sets: &mut [Set; K]) {
    for set in &mut *sets {
        *set = xor(*set, spread(&keys[0]));
    }
    for key in &keys[1..] {
        let key = spread(key);
        for set in &mut *sets {
            *set = xor(linear(substitute(*set, &TABLE), &MATRICES), key);
        }
    }
}

#[inline]
#[target_feature(enable = "gfni,avx512f,avx512bw,avx512vbmi")]
fn decrypt_sets<const K: usize>(keys: &[[u8; 16]; 10], sets: &mut [Set; K]) {
    for set in &mut *sets {
        *set = xor(*set, spread(&keys[9]));
    }
    for key in keys[..9].iter().rev() {
        let key = spread(key);
        for set in &mut *sets {
            *set = xor(substitute(linear(*set, &INVERSE_MATRICES), &INVERSE_TABLE), key);
        }
    }
}

/// Eight blocks: octets 0…7, octets 8…15.
type Set = [__m512i; 2];

#[inline]
#[target_feature(enable = "avx512f")]
fn xor(a: Set, b: Set) -> Set {
    [_mm512_xor_si512(a[0], b[0]), _mm512_xor_si512(a[1], b[1])]
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn substitute(set: Set, table: &[Register; 4]) -> Set {
    let half = |x: __m512i| {
        let low = _mm512_permutex2var_epi8(register(&table[0]), x, register(&table[1]));
        let high = _mm512_permutex2var_epi8(register(&table[2]), x, register(&table[3]));
        _mm512_mask_blend_epi8(_mm512_movepi8_mask(x), low, high)
    };
    [half(set[0]), half(set[1])]
}

#[inline]
#[target_feature(enable = "gfni,avx512f")]
fn linear(set: Set, matrices: &[[Register; 2]; 16]) -> Set {
    let mut lanes = [[0; 8]; 2];
    store(set, &mut lanes);
    // Through memory: loads can repeat a lane while the units that permute are busy with π.
    let lanes: &[Register; 2] = black_box(&lanes);
    let mut sum = [_mm512_setzero_si512(); 2];
    for i in 0..8 {
        let first = repeat(lanes[0][i]);
        let second = repeat(lanes[1][i]);
        for half in 0..2 {
            sum[half] = _mm512_ternarylogic_epi64::<0x96>(
                sum[half],
                _mm512_gf2p8affine_epi64_epi8::<0>(first, register(&matrices[i][half])),
                _mm512_gf2p8affine_epi64_epi8::<0>(second, register(&matrices[i + 8][half])),
            );
        }
    }
    sum
}

#[inline]
#[target_feature(enable = "avx512f")]
fn repeat(lane: u64) -> __m512i {
    _mm512_set1_epi64(lane.cast_signed())
}

#[inline]
#[target_feature(enable = "avx512f,avx512vbmi")]
fn gather<const K: usize>(blocks: &[[u8; 16]]) -> [Set; K] {
    let mut sets = [[_mm512_setzero_si512(); 2]; K];
    for (set, blocks) in sets.iter_mut().zip(blocks.as_chunks::<4>().0.as_chunks::<2>().0) {
        let (first, second) = (four(&blocks[0]), four(&blocks[1]));
        for half in 0..2 {
            set[half] = _mm512_permutex2var_epi8(first, register(&GATHER[half]), second);
        }
    }
    sets
}

#[inline]
#[target_feature(enable = "avx512f,avx512vbmi")]
fn scatter(sets: &[Set], blocks: &mut [[u8; 16]]) {
    for (set, blocks) in sets.iter().zip(blocks.as_chunks_mut::<4>().0.as_chunks_mut::<2>().0) {
        for half in 0..2 {
            let turned = _mm512_permutex2var_epi8(set[0], register(&SCATTER[half]), set[1]);
            store_four(turned, &mut blocks[half]);
        }
    }
}

/// A block in the places of all eight.
#[inline]
#[target_feature(enable = "avx512f,avx512vbmi")]
fn spread(block: &[u8; 16]) -> Set {
    // SAFETY: 16 octets are readable; no alignment is asked for.
    let block = unsafe { _mm_loadu_si128(block.as_ptr().cast()) };
    let four = _mm512_broadcast_i32x4(block);
    [0, 1].map(|half| _mm512_permutexvar_epi8(register(&SPREAD[half]), four))
}

/// The first of eight blocks.
#[inline]
#[target_feature(enable = "avx512f,avx512vbmi")]
fn collect(set: Set) -> [u8; 16] {
    let mut blocks = [[0; 16]; 8];
    scatter(&[set], &mut blocks);
    blocks[0]
}

#[inline]
#[target_feature(enable = "avx512f")]
fn register(words: &Register) -> __m512i {
    // SAFETY: 64 octets are readable; no alignment is asked for.
    unsafe { _mm512_loadu_si512(words.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn store(set: Set, words: &mut [Register; 2]) {
    for half in 0..2 {
        // SAFETY: 64 octets are writable; no alignment is asked for.
        unsafe { _mm512_storeu_si512(words[half].as_mut_ptr().cast(), set[half]) }
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn four(blocks: &[[u8; 16]; 4]) -> __m512i {
    // SAFETY: 64 octets are readable; no alignment is asked for.
    unsafe { _mm512_loadu_si512(blocks.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn store_four(x: __m512i, blocks: &mut [[u8; 16]; 4]) {
    // SAFETY: 64 octets are writable; no alignment is asked for.
    unsafe { _mm512_storeu_si512(blocks.as_mut_ptr().cast(), x) }
}

type Register = [u64; 8];

const TABLE: [Register; 4] = table(&PI);

const INVERSE_TABLE: [Register; 4] = {
    let mut inverse = [0; 256];
    let mut i = 0;
    while i < 256 {
        inverse[PI[i] as usize] = i as u8;
        i += 1;
    }
    table(&inverse)
};

const fn table(octets: &[u8; 256]) -> [Register; 4] {
    let mut table = [[0; 8]; 4];
    let mut i = 0;
    while i < 256 {
        table[i / 64][i % 64 / 8] |= (octets[i] as u64) << (8 * (i % 8));
        i += 1;
    }
    table
}

/// Octet j eight times in lane j.
const SPREAD: [Register; 2] = {
    let mut order = [[0; 8]; 2];
    let mut j = 0;
    while j < 16 {
        order[j / 8][j % 8] = u64::from_ne_bytes([j as u8; 8]);
        j += 1;
    }
    order
};

/// From octet j of block b to octet b of lane j.
const GATHER: [Register; 2] = {
    let mut order = [[0; 8]; 2];
    let mut i = 0;
    while i < 128 {
        let (j, b) = (i / 8, i % 8);
        order[j / 8][j % 8] |= ((16 * b + j) as u64) << (8 * b);
        i += 1;
    }
    order
};

/// And back.
const SCATTER: [Register; 2] = {
    let mut order = [[0; 8]; 2];
    let mut i = 0;
    while i < 128 {
        let (b, j) = (i / 16, i % 16);
        order[i / 64][i % 64 / 8] |= ((8 * j + b) as u64) << (8 * (i % 8));
        i += 1;
    }
    order
};

/// `[i][half]`, lane j: how octet i of a block acts on octet j + 8·half in L.
const MATRICES: [[Register; 2]; 16] = matrices(false);

const INVERSE_MATRICES: [[Register; 2]; 16] = matrices(true);

const fn matrices(inverse: bool) -> [[Register; 2]; 16] {
    let mut matrices = [[[0; 8]; 2]; 16];
    let mut i = 0;
    while i < 16 {
        let mut unit = [0; 16];
        unit[i] = 1;
        let column = l(unit, inverse);
        let mut j = 0;
        while j < 16 {
            matrices[i][j / 8][j % 8] = matrix(column[j]);
            j += 1;
        }
        i += 1;
    }
    matrices
}

/// Multiplication by the factor as 8×8 bits, the row of bit 0 in the highest octet.
const fn matrix(factor: u8) -> u64 {
    let mut matrix = 0;
    let mut i = 0;
    while i < 64 {
        let (from, to) = (i / 8, i % 8);
        let image = multiply(factor, 1 << from) as u64;
        matrix |= ((image >> to) & 1) << (8 * (7 - to) + from);
        i += 1;
    }
    matrix
}

/// `C_1` … `C_32` (RFC 7801, 4.3): L of a number.
const ITERATION: [[u8; 16]; 32] = {
    let mut constants = [[0; 16]; 32];
    let mut i = 0;
    while i < 32 {
        constants[i][15] = i as u8 + 1;
        constants[i] = l(constants[i], false);
        i += 1;
    }
    constants
};

/// L or its inverse (RFC 7801, 4.2): sixteen times R.
const fn l(mut block: [u8; 16], inverse: bool) -> [u8; 16] {
    let mut step = 0;
    while step < 16 {
        let mut turned = [0; 16];
        let mut sum = 0;
        let mut i = 0;
        while i < 16 {
            if inverse {
                turned[i] = block[(i + 1) % 16];
                sum ^= multiply(COEFFICIENTS[i], turned[i]);
            } else {
                turned[(i + 1) % 16] = block[i];
                sum ^= multiply(COEFFICIENTS[i], block[i]);
            }
            i += 1;
        }
        turned[if inverse { 15 } else { 0 }] = sum;
        block = turned;
        step += 1;
    }
    block
}

/// In the field of x⁸ + x⁷ + x⁶ + x + 1 (RFC 7801, 4.2).
const fn multiply(a: u8, b: u8) -> u8 {
    let (mut a, mut product, mut i) = (a as u16, 0, 0);
    while i < 8 {
        if (b >> i) & 1 == 1 {
            product ^= a;
        }
        a <<= 1;
        if a & 0x100 != 0 {
            a ^= 0x1c3;
        }
        i += 1;
    }
    product as u8
}

#[cfg(test)]
mod tests;
