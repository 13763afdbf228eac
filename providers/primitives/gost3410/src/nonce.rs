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

use rand_core::TryCryptoRng;
use zeroize::{Zeroize, Zeroizing};

use gost_hash::{Digest as _, Streebog512};

use crate::{Error, ParameterSet, arithmetic, number::Number};

/// A generator for one signature or one key.
pub(crate) struct Nonces {
    set: ParameterSet,
    seed: Zeroizing<[u8; 64]>,
    counter: u8,
}

impl Nonces {
    /// Seeds with fresh randomness and whatever `secret` and `digest` add to it.
    pub(crate) fn new<R: TryCryptoRng + ?Sized>(
        set: ParameterSet,
        rng: &mut R,
        secret: &Number,
        digest: &[u8],
    ) -> Result<Self, Error> {
        let mut randomness = Zeroizing::new([0; 64]);
        rng.try_fill_bytes(&mut *randomness).map_err(|_| Error::Rng)?;
        let mut key = Zeroizing::new([0; 64]);
        let key = key.split_at_mut(set.size()).0;
        secret.write_le(key);
        let seed = Streebog512::new()
            .chain_update(DOMAIN)
            .chain_update(*randomness)
            .chain_update(key)
            .chain_update(digest)
            .finalize();
        Ok(Self { set, seed: Zeroizing::new(seed.into()), counter: 0 })
    }

    /// The next number, uniform in [1, q-1].
    pub(crate) fn draw(&mut self) -> Result<Zeroizing<Number>, Error> {
        loop {
            let mut octets = Zeroizing::new([0; 128]);
            let octets = octets.split_at_mut(self.set.size().saturating_mul(2)).0;
            for chunk in octets.chunks_mut(64) {
                chunk.copy_from_slice(&*self.block()?);
            }
            let (low, high) = octets.split_at(self.set.size());
            let low = Zeroizing::new(Number::from_le(low));
            let high = Zeroizing::new(Number::from_le(high));
            let arithmetic = arithmetic::of(self.set.curve());
            if let Some(number) = arithmetic.scalar_from_uniform(&low, &high) {
                return Ok(Zeroizing::new(number));
            }
        }
    }

    /// 255 blocks are never needed: then the hash is broken, and nothing is signed.
    fn block(&mut self) -> Result<Zeroizing<[u8; 64]>, Error> {
        self.counter = self.counter.checked_add(1).ok_or(Error::Rng)?;
        let mut block =
            Streebog512::new().chain_update(*self.seed).chain_update([self.counter]).finalize();
        let octets = Zeroizing::new(block.into());
        block.zeroize();
        Ok(octets)
    }
}

const DOMAIN: &[u8] = b"gost3410 nonce";
