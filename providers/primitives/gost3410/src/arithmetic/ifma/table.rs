//! Multiples of one point for one multiplication in eight lanes.
//!
//! k has 52 (103) signed digits of 5 bits. Lane j adds up the multiples for the digits from 7·j
//! (13·j) on, all lanes at once, from a table of their own; then the lanes are added. No doubling
//! is needed. All entries of a window are read, whatever the digit.
#![expect(unsafe_code, reason = "functions for processors that have been checked")]

use alloc::vec::Vec;

use super::{
    super::{
        fixed_base::{ENTRIES, FixedBase, WIDTH},
        group::Group,
        recode::SignedWindows,
    },
    Elements, LaneGroup, gather, lane,
    lanes::{LaneField, LaneMask, Vector, equal},
    select,
};
use crate::number::Number;

const LANES: usize = 8;

/// For each step, for each multiple from 1 to 16, the entries of eight windows side by side.
pub(crate) struct LaneTable<G: LaneGroup> {
    steps: Vec<Vec<Vector>>,
    group: core::marker::PhantomData<G>,
}

/// Sums in eight lanes, whose own sum is meant.
#[derive(Clone, Copy)]
pub(crate) struct Partial<G: LaneGroup>(G::Point);

impl<G: LaneGroup> Partial<G> {
    pub(crate) const ZERO: Self = Self(G::IDENTITY);
}

impl<G: LaneGroup> LaneTable<G> {
    /// Vectors of an entry.
    const SIZE: usize = G::Entry::COUNT * G::Field::VECTORS;

    pub(crate) fn new(base: &FixedBase<G::Base>) -> Self {
        let windows = base.windows();
        let count = windows.len().div_ceil(LANES);
        let step = |step: usize| {
            let mut vectors = alloc::vec![Vector::default(); ENTRIES * Self::SIZE];
            for (i, chunk) in vectors.chunks_mut(Self::SIZE).enumerate() {
                let entries: Vec<_> =
                    windows.iter().skip(step).step_by(count).map(|window| window[i]).collect();
                store::<G>(&gather(&entries), chunk);
            }
            vectors
        };
        Self { steps: (0..count).map(step).collect(), group: core::marker::PhantomData }
    }

    /// sum + k·P in constant time.
    pub(crate) fn multiply_add(&self, sum: &Partial<G>, k: &Number) -> Partial<G> {
        let digits = SignedWindows::<WIDTH>::new::<<G::Base as Group>::Order>(k);
        let mut sizes = alloc::vec![Vector::default(); self.steps.len()];
        let mut signs = alloc::vec![0; self.steps.len()];
        for (window, digit) in digits.iter().enumerate() {
            let (lane, step) = (window / self.steps.len(), window % self.steps.len());
            sizes[step].0[lane] = digit.size;
            signs[step] |= (digit.negative.word() & 1) << lane;
        }
        // SAFETY: lanes exist only where the processor has been checked.
        let sum = unsafe { self.accumulate(&sum.0, &sizes, &signs) };
        zeroize::Zeroize::zeroize(&mut signs);
        sizes.iter_mut().for_each(|sizes| zeroize::Zeroize::zeroize(&mut sizes.0));
        Partial(sum)
    }

    #[target_feature(enable = "avx512f,avx512ifma")]
    fn accumulate(&self, sum: &G::Point, sizes: &[Vector], signs: &[u64]) -> G::Point {
        let mut sum = *sum;
        for ((step, sizes), signs) in self.steps.iter().zip(sizes).zip(signs) {
            let mut entry = load::<G>(LaneMask::MAX, &step[..Self::SIZE], None);
            for (i, vectors) in (2..).zip(step[Self::SIZE..].chunks_exact(Self::SIZE)) {
                entry = load::<G>(equal(sizes, i), vectors, Some(&entry));
            }
            let entry = G::negate_entry(narrow(*signs), &entry);
            let next = G::add_entry(&sum, &entry);
            sum = select(equal(sizes, 0), &next, &sum);
        }
        sum
    }
}

impl<G: LaneGroup> Partial<G> {
    /// The sum of all lanes.
    pub(crate) fn total(&self) -> <G::Base as Group>::Point {
        // SAFETY: lanes exist only where the processor has been checked.
        let sum = unsafe { add_lanes::<G>(&self.0) };
        lane(&sum, 0)
    }
}

#[target_feature(enable = "avx512f,avx512ifma")]
fn add_lanes<G: LaneGroup>(sum: &G::Point) -> G::Point {
    [4, 2, 1].into_iter().fold(*sum, |sum, by| {
        let rotated = G::Point::build(|index| sum.get(index).rotate(by));
        G::add(&sum, &rotated)
    })
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "eight bits")]
const fn narrow(bits: u64) -> LaneMask {
    bits as LaneMask
}

fn store<G: LaneGroup>(entry: &G::Entry, vectors: &mut [Vector]) {
    for (index, vectors) in vectors.chunks_mut(G::Field::VECTORS).enumerate() {
        entry.get(index).store(vectors);
    }
}

/// What was stored, in the lanes of the mask; elsewhere `other`.
#[inline(always)]
fn load<G: LaneGroup>(mask: LaneMask, vectors: &[Vector], other: Option<&G::Entry>) -> G::Entry {
    G::Entry::build(
        #[inline(always)]
        |index| {
            let vectors = &vectors[index * G::Field::VECTORS..];
            let other = other.map_or(<G::Field as super::Field>::ZERO, |other| *other.get(index));
            other.load(mask, vectors)
        },
    )
}
