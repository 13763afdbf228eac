//! Octets that only look random.

use std::sync::{Mutex, PoisonError};

use gost_ca::provider::{Result, Rng, RngKind};

/// The same octets for the same seed: tests can be repeated. **NO SECURITY.**
#[derive(Debug)]
pub struct SeededRng(Mutex<u64>);

impl SeededRng {
    /// Starts the sequence of a seed.
    pub const fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Rng for SeededRng {
    fn fill(&self, out: &mut [u8]) -> Result<()> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in out.chunks_mut(8) {
            let octets = split_mix(&mut state).to_le_bytes();
            chunk.iter_mut().zip(octets).for_each(|(to, from)| *to = from);
        }
        Ok(())
    }

    fn kind(&self) -> RngKind {
        RngKind::System
    }
}

/// `SplitMix64` (Steele, Lea, Flood 2014).
const fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_split_mix() {
        // The first outputs for seed 0, as Vigna's splitmix64.c prints them.
        let mut out = [0; 16];
        SeededRng::new(0).fill(&mut out).unwrap();
        assert_eq!(out[..8], 0xe220_a839_7b1d_cdaf_u64.to_le_bytes());
        assert_eq!(out[8..], 0x6e78_9e6a_a1b9_65f4_u64.to_le_bytes());
    }
}
