//! The rounds of Streebog in vector registers.
//!
//! Constant-time: no address and no branch depends on the data hashed.
//!
//! A state of 8 words of 8 octets is one register, kept transposed: octet w of lane b is octet b
//! of word w. The four transformations of a round (RFC 6986, 6) become:
//!
//! | step | instructions |
//! |---|---|
//! | X: the key is added | part of the sum that ended the round before |
//! | S: π of each octet | `vpermi2b` in each half of the table, joined by the sign of the octet |
//! | P: transposition | part of four `vpermb`: number k gives lane b the word b + k, for k = 0…3 |
//! | L: each octet of a word acts on each | eight `vgf2p8affineqb`: number k has in lane b the 8×8 bits by which octet b + k of a word acts on octet b; those for k = 4…7 act on the same four permutations, and their sum is turned by four lanes |
//!
//! Each instruction of a round waits for the one before, so that one message leaves much of the
//! processor idle: several independent messages are interleaved.
#![expect(unsafe_code, reason = "loads and stores of vector registers")]
#![expect(
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "indices and tables known to the compiler, which unrolls the loops"
)]

use core::arch::x86_64::{
    __m512i, _mm512_gf2p8affine_epi64_epi8, _mm512_loadu_si512, _mm512_mask_blend_epi8,
    _mm512_movepi8_mask, _mm512_permutex2var_epi8, _mm512_permutexvar_epi8, _mm512_shuffle_i64x2,
    _mm512_storeu_si512, _mm512_ternarylogic_epi64, _mm512_xor_si512,
};

use super::{
    super::constants::{ITERATION, PI, ROWS},
    Lane, Stage, State,
};

/// Runs up to four messages together until the first of them has its digest.
#[target_feature(enable = "gfni,avx512f,avx512bw,avx512vbmi")]
pub(super) fn advance(lanes: &mut [Lane<'_>]) {
    match lanes {
        [] => {}
        [a] => run(&mut [a]),
        [a, b] => run(&mut [a, b]),
        [a, b, c] => run(&mut [a, b, c]),
        [a, b, c, d, ..] => run(&mut [a, b, c, d]),
    }
}

#[target_feature(enable = "gfni,avx512f,avx512bw,avx512vbmi")]
fn run<const K: usize>(lanes: &mut [&mut Lane<'_>; K]) {
    let steps = lanes.iter().map(|lane| lane.steps()).min().unwrap_or(0);
    let mut h = [load(&[0; 8]); K];
    for i in 0..K {
        h[i] = load(&lanes[i].state.h);
    }
    for _ in 0..steps {
        let mut n = h;
        let mut m = h;
        for i in 0..K {
            let (bits, block) = lanes[i].input();
            n[i] = transpose(load(&bits));
            m[i] = transpose(load(&block));
        }
        h = compress(h, n, m);
    }
    for i in 0..K {
        store(h[i], &mut lanes[i].state.h);
        if lanes[i].stage == Stage::Done {
            let mut digest = [0; 8];
            store(transpose(h[i]), &mut digest);
            lanes[i].digest.copy_from_slice(digest.map(u64::to_le_bytes).as_flattened());
        }
    }
}

/// Hashes whole blocks of one message.
#[target_feature(enable = "gfni,avx512f,avx512bw,avx512vbmi")]
pub(super) fn update(state: &mut State, blocks: &[[u8; 64]]) {
    let mut h = [load(&state.h)];
    for block in blocks {
        let (n, m) = state.count(block, 512);
        h = compress(h, [transpose(load(&n))], [transpose(load(&m))]);
    }
    store(h[0], &mut state.h);
}

/// g of K independent states (RFC 6986, 8).
#[inline]
#[target_feature(enable = "gfni,avx512f,avx512bw,avx512vbmi")]
fn compress<const K: usize>(h: [__m512i; K], n: [__m512i; K], m: [__m512i; K]) -> [__m512i; K] {
    let mut key = h;
    let mut text = m;
    for i in 0..K {
        key[i] = lps_xor(_mm512_xor_si512(h[i], n[i]), load(&TRANSPOSED[0]));
        text[i] = xor3(m[i], key[i], load(&TRANSPOSED[0]));
    }
    // `key` is K_i + C_i and `text` has K_i added: what the next round starts with.
    for constant in &TRANSPOSED[1..] {
        let constant = load(constant);
        for i in 0..K {
            key[i] = lps_xor(key[i], constant);
            text[i] = lps_xor(text[i], _mm512_xor_si512(key[i], constant));
        }
    }
    for i in 0..K {
        text[i] = xor3(text[i], h[i], m[i]);
    }
    text
}

/// `lps(x) ^ y`
#[inline]
#[target_feature(enable = "gfni,avx512f,avx512bw,avx512vbmi")]
fn lps_xor(x: __m512i, y: __m512i) -> __m512i {
    let low = _mm512_permutex2var_epi8(load(&TABLE[0]), x, load(&TABLE[1]));
    let high = _mm512_permutex2var_epi8(load(&TABLE[2]), x, load(&TABLE[3]));
    let s = _mm512_mask_blend_epi8(_mm512_movepi8_mask(x), low, high);
    let turned = |k: usize| _mm512_permutexvar_epi8(load(&TURNS[k]), s);
    let (t0, t1, t2, t3) = (turned(0), turned(1), turned(2), turned(3));
    let part = |k: usize, t: __m512i| _mm512_gf2p8affine_epi64_epi8::<0>(t, load(&MATRICES[k]));
    let far = _mm512_xor_si512(xor3(part(4, t0), part(5, t1), part(6, t2)), part(7, t3));
    let far = _mm512_shuffle_i64x2::<0x4e>(far, far);
    let near = xor3(xor3(part(0, t0), part(1, t1), y), part(2, t2), part(3, t3));
    _mm512_xor_si512(near, far)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn xor3(a: __m512i, b: __m512i, c: __m512i) -> __m512i {
    _mm512_ternarylogic_epi64::<0x96>(a, b, c)
}

/// Between words and the order of the state; its own inverse.
#[inline]
#[target_feature(enable = "avx512f,avx512vbmi")]
fn transpose(x: __m512i) -> __m512i {
    _mm512_permutexvar_epi8(load(&TRANSPOSITION), x)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load(words: &[u64; 8]) -> __m512i {
    // SAFETY: 64 octets are readable; no alignment is asked for.
    unsafe { _mm512_loadu_si512(words.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn store(x: __m512i, words: &mut [u64; 8]) {
    // SAFETY: 64 octets are writable; no alignment is asked for.
    unsafe { _mm512_storeu_si512(words.as_mut_ptr().cast(), x) }
}

type Register = [u64; 8];

const TABLE: [Register; 4] = {
    let mut table = [[0; 8]; 4];
    let mut i = 0;
    while i < 256 {
        table[i / 64][i % 64 / 8] |= (PI[i] as u64) << (8 * (i % 8));
        i += 1;
    }
    table
};

/// The permutation of octets that gives octet i of lane b octet `from(b, i)`.
const TURNS: [Register; 8] = {
    let mut turns = [[0; 8]; 8];
    let mut i = 0;
    while i < 512 {
        let (k, b, w) = (i / 64, i / 8 % 8, i % 8);
        let from = 8 * w + (b + k) % 8;
        turns[k][b] |= (from as u64) << (8 * w);
        i += 1;
    }
    turns
};

const TRANSPOSITION: Register = TURNS[0];

const MATRICES: [Register; 8] = {
    let mut matrices = [[0; 8]; 8];
    let mut i = 0;
    while i < 4096 {
        let (k, b, to, from) = (i / 512, i / 64 % 8, i / 8 % 8, i % 8);
        let row = ROWS[8 * ((b + k) % 8) + from];
        let lane = if k < 4 { b } else { (b + 4) % 8 };
        // The row of bit 0 is in the highest octet of a matrix.
        matrices[k][lane] |= ((row >> (8 * b + to)) & 1) << (8 * (7 - to) + from);
        i += 1;
    }
    matrices
};

/// The iteration constants, and a zero for the key that is added after the last round.
const TRANSPOSED: [Register; 13] = {
    let mut transposed = [[0; 8]; 13];
    let mut i = 0;
    while i < 768 {
        let (number, b, w) = (i / 64, i / 8 % 8, i % 8);
        transposed[number][b] |= ((ITERATION[number][w] >> (8 * b)) & 0xff) << (8 * w);
        i += 1;
    }
    transposed
};
