//! Compares two multisets in constant memory, whatever their order.
//!
//! Each item becomes a tag under a seed; tags of what is found are added to the sum of their bucket, tags of
//! what should be there are taken away. Equal multisets leave zeros. Whoever could have prepared the items
//! must not know the seed beforehand: under a known one, sums can be made to cancel out.

use gost_hash::streebog256;

/// What is unpredictable in a tally.
pub type Seed = [u8; 32];

/// The sums, in buckets by group, so that a difference shows where it is.
pub(super) struct Tally {
    seed: Seed,
    sums: Vec<[u128; 2]>,
}

impl Tally {
    pub(super) fn new(seed: Seed) -> Self {
        Self { seed, sums: vec![[0; 2]; BUCKETS] }
    }

    /// One more item of a group was found.
    pub(super) fn add(&mut self, group: &str, item: &[u8]) {
        self.count(group, item, u128::wrapping_add);
    }

    /// One more item of a group should be there.
    pub(super) fn expect(&mut self, group: &str, item: &[u8]) {
        self.count(group, item, u128::wrapping_sub);
    }

    fn count(&mut self, group: &str, item: &[u8], count: fn(u128, u128) -> u128) {
        let tag = streebog256(&[&self.seed, group.as_bytes(), &[0], item].concat());
        let (high, low) = tag.split_at(16);
        let lanes = [high, low].map(|lane| lane.try_into().map_or(0, u128::from_be_bytes));
        if let Some(sums) = self.sums.get_mut(bucket(group)) {
            sums.iter_mut().zip(lanes).for_each(|(sum, lane)| *sum = count(*sum, lane));
        }
    }

    /// In which groups there may be a difference; none where there is none at all.
    pub(super) fn suspects(&self) -> Option<Suspects> {
        let differs = |(_, sums): &(usize, &[u128; 2])| **sums != [0; 2];
        let buckets: Vec<usize> =
            self.sums.iter().enumerate().filter(differs).map(|(bucket, _)| bucket).collect();
        let more = buckets.len().saturating_sub(BUCKETS_AT_ONCE);
        let buckets = buckets.into_iter().take(BUCKETS_AT_ONCE).collect::<Vec<_>>();
        (!buckets.is_empty()).then_some(Suspects { buckets, more })
    }
}

/// Groups to be compared one by one.
pub(super) struct Suspects {
    buckets: Vec<usize>,
    /// Buckets that differ too, and are not looked into: memory stays bounded.
    pub(super) more: usize,
}

impl Suspects {
    pub(super) fn include(&self, group: &str) -> bool {
        self.buckets.binary_search(&bucket(group)).is_ok()
    }
}

/// Spreads groups; nothing rests on its strength (FNV-1a).
fn bucket(group: &str) -> usize {
    let mix = |hash: u64, octet| (hash ^ u64::from(octet)).wrapping_mul(0x0100_0000_01b3);
    let hash = group.bytes().fold(0xcbf2_9ce4_8422_2325, mix);
    let folded = (hash ^ (hash >> 32)) & u64::from(u32::MAX); // short names leave the high bits alone
    usize::try_from(folded).unwrap_or_default() % BUCKETS
}

const BUCKETS: usize = 4_096;
/// Buckets that are looked into at once: of a million streams, each has some 250.
const BUCKETS_AT_ONCE: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_does_not_matter_and_number_does() {
        let mut tally = Tally::new([7; 32]);
        for item in [b"a", b"b", b"b"] {
            tally.add("case/1", item);
        }
        for item in [b"b", b"a"] {
            tally.expect("case/1", item);
        }
        assert!(tally.suspects().is_some_and(|suspects| suspects.include("case/1")));
        tally.expect("case/1", b"b");
        assert!(tally.suspects().is_none());
        tally.add("case/1", b"c");
        tally.expect("case/2", b"c");
        assert!(tally.suspects().is_some(), "each group by itself");
    }

    #[test]
    fn memory_stays_bounded() {
        let mut tally = Tally::new([7; 32]);
        (0..100_000_u32).for_each(|group| tally.add(&group.to_string(), b""));
        let suspects = tally.suspects().unwrap();
        assert_eq!(suspects.buckets.len().saturating_add(suspects.more), BUCKETS);
    }
}
