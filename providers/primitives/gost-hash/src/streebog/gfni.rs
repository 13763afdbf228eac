//! Streebog on x86-64 with GFNI and AVX-512 VBMI, one message or up to four at once.

use alloc::{vec, vec::Vec};

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

mod vector;

cpufeatures::new!(features, "gfni", "avx512f", "avx512bw", "avx512vbmi");

/// The hash of some whole blocks; exists only where the processor has the features.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(crate) struct State {
    /// h, transposed.
    h: [u64; 8],
    /// N
    bits: u128,
    /// Σ
    sum: [u64; 8],
}

impl State {
    /// The initial state: this octet everywhere (RFC 6986, 5.1).
    pub(crate) fn new(iv: u8) -> Option<Self> {
        let h = [u64::from_ne_bytes([iv; 8]); 8];
        features::get().then_some(Self { h, bits: 0, sum: [0; 8] })
    }

    /// Hashes whole blocks.
    #[expect(unsafe_code, reason = "calls code for special processors")]
    pub(crate) fn update(&mut self, blocks: &[[u8; 64]]) {
        // SAFETY: `State::new` has found the features.
        unsafe { vector::update(self, blocks) }
    }

    /// The digest of what was hashed and the rest of the message, which may be any length.
    pub(crate) fn finish(&self, rest: &[u8]) -> [u8; 64] {
        let mut digest = [0; 64];
        advance(&mut [Lane::new(self, rest, &mut digest)]);
        digest
    }

    /// N before the block and the block as numbers; adds the block to N and Σ (RFC 6986, 9).
    #[inline]
    fn count(&mut self, block: &[u8; 64], bits: u128) -> ([u64; 8], [u64; 8]) {
        let n = words(self.bits);
        let mut m = [0; 8];
        for (word, octets) in m.iter_mut().zip(block.as_chunks::<8>().0) {
            *word = u64::from_le_bytes(*octets);
        }
        self.bits = self.bits.wrapping_add(bits);
        add(&mut self.sum, &m);
        (n, m)
    }
}

/// Hashes the rest of each message, several at a time.
pub(crate) fn finish_all<'a>(
    messages: impl ExactSizeIterator<Item = (&'a State, &'a [u8])>,
) -> Vec<[u8; 64]> {
    let mut digests = vec![[0; 64]; messages.len()];
    let mut waiting =
        messages.zip(&mut digests).map(|((state, rest), digest)| Lane::new(state, rest, digest));
    let mut live = Vec::with_capacity(WIDTH);
    loop {
        live.extend(waiting.by_ref().take(WIDTH.saturating_sub(live.len())));
        if live.is_empty() {
            break;
        }
        advance(&mut live);
        live.retain(|lane| lane.stage != Stage::Done);
    }
    drop((waiting, live));
    digests
}

/// Replaces each of up to four blocks by the digest of what was hashed and the block.
pub(crate) fn finish_blocks<const K: usize>(state: &State, blocks: &mut [[u8; 64]; K]) {
    let messages = Zeroizing::new(*blocks);
    let mut rests = messages.iter();
    let mut lanes = blocks.each_mut().map(|digest| {
        let rest = rests.next().map_or(&[][..], |message| message);
        Lane::new(state, rest, digest)
    });
    advance(&mut lanes);
}

/// Runs messages together until the first of them has its digest.
#[expect(unsafe_code, reason = "calls code for special processors")]
fn advance(lanes: &mut [Lane<'_>]) {
    // SAFETY: a `Lane` has a `State`, and `State::new` has found the features.
    unsafe { vector::advance(lanes) }
}

/// A message on its way to its digest.
struct Lane<'a> {
    state: State,
    rest: &'a [u8],
    stage: Stage,
    digest: &'a mut [u8; 64],
}

/// What is compressed next (RFC 6986, 9).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Message,
    Length,
    Sum,
    Done,
}

impl<'a> Lane<'a> {
    /// Goes on from a state with the rest of its message.
    fn new(state: &State, rest: &'a [u8], digest: &'a mut [u8; 64]) -> Self {
        Self { state: state.clone(), rest, stage: Stage::Message, digest }
    }

    /// Compressions that are left.
    fn steps(&self) -> usize {
        match self.stage {
            Stage::Message => (self.rest.len() / 64).saturating_add(3),
            Stage::Length => 2,
            Stage::Sum => 1,
            Stage::Done => 0,
        }
    }

    /// The next N and m.
    #[inline]
    fn input(&mut self) -> ([u64; 8], [u64; 8]) {
        match self.stage {
            Stage::Message => self.message(),
            Stage::Length => {
                self.stage = Stage::Sum;
                ([0; 8], words(self.state.bits))
            }
            Stage::Sum | Stage::Done => {
                self.stage = Stage::Done;
                ([0; 8], self.state.sum)
            }
        }
    }

    #[inline]
    fn message(&mut self) -> ([u64; 8], [u64; 8]) {
        if let Some((block, rest)) = self.rest.split_first_chunk() {
            self.rest = rest;
            return self.state.count(block, 512);
        }
        self.stage = Stage::Length;
        let mut block = [0; 64];
        let last = self.rest.iter().chain(&[1]);
        block.iter_mut().zip(last).for_each(|(to, from)| *to = *from);
        let bits = self.rest.len().saturating_mul(8);
        self.state.count(&block, u128::try_from(bits).unwrap_or_default())
    }
}

#[inline]
fn words(number: u128) -> [u64; 8] {
    let octets = number.to_le_bytes();
    let mut words = [0; 8];
    for (word, octets) in words.iter_mut().zip(octets.as_chunks().0) {
        *word = u64::from_le_bytes(*octets);
    }
    words
}

/// Addition modulo 2⁵¹².
#[inline]
fn add(sum: &mut [u64; 8], words: &[u64; 8]) {
    let mut carry = false;
    for (sum, word) in sum.iter_mut().zip(words) {
        let (part, first) = sum.overflowing_add(*word);
        let (whole, second) = part.overflowing_add(u64::from(carry));
        (*sum, carry) = (whole, first | second);
    }
}

/// Messages hashed together.
const WIDTH: usize = 4;
