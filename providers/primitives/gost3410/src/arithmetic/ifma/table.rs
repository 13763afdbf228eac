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
    Elements, LANES, LaneGroup,
    digits::LaneDigits,
    gather, lane,
    lanes::{LaneField, Vector, equal, scan},
    load, select, store,
};
use crate::number::Number;

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
                let entry: G::Entry = gather(&entries);
                store(&entry, chunk);
            }
            vectors
        };
        Self { steps: (0..count).map(step).collect(), group: core::marker::PhantomData }
    }

    /// sum + k·P in constant time.
    pub(crate) fn multiply_add(&self, sum: &Partial<G>, k: &Number) -> Partial<G> {
        let digits = SignedWindows::<WIDTH>::new::<<G::Base as Group>::Order>(k);
        let mut steps = LaneDigits::new(self.steps.len());
        for (window, digit) in digits.iter().enumerate() {
            steps.set(window / self.steps.len(), window % self.steps.len(), &digit);
        }
        // SAFETY: lanes exist only where the processor has been checked.
        Partial(unsafe { self.accumulate(&sum.0, &steps) })
    }

    #[target_feature(enable = "avx512f,avx512ifma")]
    fn accumulate(&self, sum: &G::Point, digits: &LaneDigits) -> G::Point {
        let mut sum = *sum;
        let mut vectors = alloc::vec![Vector::default(); Self::SIZE];
        for (step, (sizes, negative)) in self.steps.iter().zip(digits.iter()) {
            scan(sizes, step, &mut vectors);
            let entry = G::negate_entry(negative, &load(&vectors));
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
