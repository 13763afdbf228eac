//! Multiples of one point, computed once, so that multiplication needs no doubling.

use alloc::vec::Vec;

use super::{
    field::Mask,
    group::{Group, Vartime},
    recode::SignedWindows,
};
use crate::number::Number;

/// Bits of a window.
pub(crate) const WIDTH: usize = 5;
/// Entries of a window: 1 to 16, the sign comes apart.
pub(crate) const ENTRIES: usize = 1 << (WIDTH - 1);

/// For every window i of 5 bits the points 1·32^i·P to 16·32^i·P.
pub(crate) struct FixedBase<G: Group> {
    windows: Vec<[G::Entry; ENTRIES]>,
}

impl<G: Group> FixedBase<G> {
    /// Computes the table; the point is public.
    pub(crate) fn new(point: &G::Point) -> Self {
        let count = SignedWindows::<WIDTH>::count::<G::Order>();
        let mut points = Vec::with_capacity(count * ENTRIES);
        let mut base = *point;
        for _ in 0..count {
            let mut multiple = base;
            for _ in 0..ENTRIES {
                points.push(multiple);
                multiple = G::add(&multiple, &base);
            }
            for _ in 0..WIDTH {
                base = G::double(&base);
            }
        }
        let entries = G::entries(&points);
        Self { windows: entries.as_chunks().0.to_vec() }
    }

    #[cfg(target_arch = "x86_64")]
    pub(crate) fn windows(&self) -> &[[G::Entry; ENTRIES]] {
        &self.windows
    }

    /// k·P in constant time.
    pub(crate) fn multiply(&self, k: &Number) -> G::Point {
        let digits = SignedWindows::<WIDTH>::new::<G::Order>(k);
        let mut sum = G::IDENTITY;
        for (entries, digit) in self.windows.iter().zip(digits.iter()) {
            let mut entry = entries[0];
            for (value, candidate) in (1..).zip(entries) {
                entry = G::select_entry(Mask::equal(digit.size, value), candidate, &entry);
            }
            let entry = G::negate_entry(digit.negative, &entry);
            let next = G::add_entry(&sum, &entry);
            sum = G::select(Mask::equal(digit.size, 0), &sum, &next);
        }
        sum
    }

    /// sum + k·P for a public k.
    pub(crate) fn multiply_add_vartime(&self, sum: G::Sum, k: &Number) -> G::Sum
    where
        G: Vartime,
    {
        let digits = SignedWindows::<WIDTH>::new::<G::Order>(k);
        let pairs = self.windows.iter().zip(digits.iter());
        pairs.fold(sum, |sum, (entries, digit)| match index(digit.size) {
            None => sum,
            Some(index) => G::sum_add_entry(&sum, &entries[index], digit.negative.declassify()),
        })
    }
}

/// Where the multiple `size` stands among the entries; zero stands nowhere.
fn index(size: u64) -> Option<usize> {
    usize::try_from(size).ok()?.checked_sub(1)
}
