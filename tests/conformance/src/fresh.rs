//! Octets that no other check and no earlier run of the kit has used.

use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// `N` octets that were not given before: a provider may keep what earlier runs left.
pub(crate) fn fresh<const N: usize>() -> [u8; N] {
    static RUN: OnceLock<RandomState> = OnceLock::new();
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let run = RUN.get_or_init(RandomState::new);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let blocks = (0_u64..).flat_map(|block| run.hash_one((count, block)).to_be_bytes());
    let mut octets = [0; N];
    octets.iter_mut().zip(blocks).for_each(|(to, from)| *to = from);
    octets
}
