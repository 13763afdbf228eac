//! Nonces: fresh randomness, the key and the digest, mixed by Streebog-512.
//!
//! For every signature a new generator is seeded with 64 octets from the caller's RNG, d and the
//! digest, and gives blocks
//!
//! ```text
//! seed    = Streebog-512("gost3410 nonce" ‖ randomness ‖ LE(d) ‖ digest)
//! block i = Streebog-512(seed ‖ i)          i = 1, 2, … as one octet
//! ```
//!
//! Without the key the blocks are unpredictable as long as *either* the randomness *or* d is
//! unknown: a weak RNG alone does not give the key away (two equal nonces need equal randomness,
//! key and digest, and then the signatures are equal too). Signatures stay randomised, as the
//! standard wants: a failing RNG is an error and never a deterministic signature.
//!
//! A candidate is twice as wide as q, is rejected from the largest multiple of q on (with a
//! probability of about 2^-n), and is then reduced: exactly uniform, and nearly always one draw.

use alloc::vec::Vec;

use gost_hash::{streebog512, streebog512_many};
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

use crate::{Error, ParameterSet, arithmetic, number::Number};

/// A generator for one signature or one key.
pub(crate) struct Nonces {
    set: ParameterSet,
    /// The seed and the number of blocks drawn.
    state: Zeroizing<[u8; SEED + 1]>,
}

impl Nonces {
    /// Seeds with fresh randomness and whatever `secret` and `digest` add to it.
    pub(crate) fn new<R: TryCryptoRng + ?Sized>(
        set: ParameterSet,
        rng: &mut R,
        secret: &Number,
        digest: &[u8],
    ) -> Result<Self, Error> {
        let mut randomness = Zeroizing::new([0; SEED]);
        rng.try_fill_bytes(&mut *randomness).map_err(|_| Error::Rng)?;
        let seed = Zeroizing::new(streebog512(&material(set, &randomness, secret, digest)));
        Ok(Self::from_seed(set, &seed))
    }

    /// A generator for each digest, with randomness of its own.
    pub(crate) fn many<R: TryCryptoRng + ?Sized>(
        set: ParameterSet,
        rng: &mut R,
        secret: &Number,
        digests: &[&[u8]],
    ) -> Result<Vec<Self>, Error> {
        let mut randomness = Zeroizing::new(alloc::vec![[0; SEED]; digests.len()]);
        rng.try_fill_bytes(randomness.as_flattened_mut()).map_err(|_| Error::Rng)?;
        let pairs = randomness.iter().zip(digests);
        let materials: Vec<_> =
            pairs.map(|(randomness, digest)| material(set, randomness, secret, digest)).collect();
        let materials: Vec<&[u8]> = materials.iter().map(|material| material.as_slice()).collect();
        let seeds = Zeroizing::new(streebog512_many(&materials));
        Ok(seeds.iter().map(|seed| Self::from_seed(set, seed)).collect())
    }

    /// The next number, uniform in [1, q-1].
    pub(crate) fn draw(&mut self) -> Result<Zeroizing<Number>, Error> {
        loop {
            let mut octets = Zeroizing::new([[0; BLOCK]; 2]);
            for block in octets.iter_mut().take(self.blocks()) {
                self.count()?;
                *block = streebog512(&*self.state);
            }
            if let Some(number) = self.reduce(octets.as_flattened()) {
                return Ok(number);
            }
        }
    }

    /// The first number of each generator.
    pub(crate) fn draw_all(generators: &mut [Self]) -> Result<Vec<Zeroizing<Number>>, Error> {
        let mut octets = Zeroizing::new(alloc::vec![[[0; BLOCK]; 2]; generators.len()]);
        let blocks = generators.first().map_or(0, Self::blocks);
        for i in 0..blocks {
            generators.iter_mut().try_for_each(Self::count)?;
            let states: Vec<_> =
                generators.iter().map(|generator| generator.state.as_slice()).collect();
            let hashes = Zeroizing::new(streebog512_many(&states));
            let slots = octets.iter_mut().filter_map(|blocks| blocks.get_mut(i));
            slots.zip(hashes.iter()).for_each(|(slot, hash)| *slot = *hash);
        }
        let pairs = generators.iter_mut().zip(octets.iter());
        pairs
            .map(|(generator, octets)| match generator.reduce(octets.as_flattened()) {
                Some(number) => Ok(number),
                None => generator.draw(),
            })
            .collect()
    }

    fn from_seed(set: ParameterSet, seed: &[u8; SEED]) -> Self {
        let mut state = Zeroizing::new([0; SEED + 1]);
        state.split_at_mut(SEED).0.copy_from_slice(seed);
        Self { set, state }
    }

    /// Blocks of a candidate.
    const fn blocks(&self) -> usize {
        if self.set.size() == 32 { 1 } else { 2 }
    }

    /// Goes to the next block. More than 255 are never needed: then the hash is broken, and
    /// nothing is signed.
    fn count(&mut self) -> Result<(), Error> {
        let [.., counter] = &mut *self.state;
        *counter = counter.checked_add(1).ok_or(Error::Rng)?;
        Ok(())
    }

    /// A candidate reduced; `None` where it is rejected.
    fn reduce(&self, octets: &[u8]) -> Option<Zeroizing<Number>> {
        let size = self.set.size();
        let (low, high) = octets.split_at_checked(size)?;
        let low = Zeroizing::new(Number::from_le(low));
        let high = Zeroizing::new(Number::from_le(high.split_at_checked(size)?.0));
        let arithmetic = arithmetic::of(self.set.curve());
        arithmetic.scalar_from_uniform(&low, &high).map(Zeroizing::new)
    }
}

/// What a seed is hashed from.
fn material(
    set: ParameterSet,
    randomness: &[u8; SEED],
    secret: &Number,
    digest: &[u8],
) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new([0; 64]);
    let key = key.split_at_mut(set.size()).0;
    secret.write_le(key);
    Zeroizing::new([DOMAIN, randomness, key, digest].concat())
}

const SEED: usize = 64;
const BLOCK: usize = 64;
const DOMAIN: &[u8] = b"gost3410 nonce";
