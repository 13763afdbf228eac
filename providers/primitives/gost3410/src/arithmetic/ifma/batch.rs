//! a·G + b·P for eight points P and pairs (a, b) at once.
//!
//! All lanes take the same steps: for each window of 5 bits five doublings, one addition of a
//! multiple of P and one of G. The multiples of G are the same for all lanes, so that a vector
//! permutation looks them up.
#![expect(unsafe_code, reason = "functions for processors that have been checked")]

use alloc::vec::Vec;

use super::{
    super::{
        fixed_base::{ENTRIES, WIDTH},
        group::Group,
        recode::SignedWindows,
    },
    Elements, LANES, LaneGroup,
    digits::LaneDigits,
    gather,
    lanes::{LaneField, Vector, equal, scan},
    load, select, store,
};
use crate::number::Number;

/// 1·G to 16·G, limb by limb.
pub(crate) struct SharedMultiples<G: LaneGroup> {
    pairs: Vec<[Vector; 2]>,
    group: core::marker::PhantomData<G>,
}

impl<G: LaneGroup> SharedMultiples<G> {
    pub(crate) fn new() -> Self {
        let generator = G::Base::generator();
        let next = |point: &<G::Base as Group>::Point| Some(G::Base::add(point, &generator));
        let points: Vec<_> = core::iter::successors(Some(generator), next).take(ENTRIES).collect();
        let entries = G::Base::entries(&points);
        let halves = entries.as_chunks::<LANES>().0.iter().map(|half| {
            let entry: G::Entry = gather(half);
            let mut vectors = alloc::vec![Vector::default(); G::Entry::COUNT * G::Field::VECTORS];
            store(&entry, &mut vectors);
            vectors
        });
        let halves: Vec<_> = halves.collect();
        let pairs = halves[0].iter().zip(&halves[1]).map(|(low, high)| [*low, *high]).collect();
        Self { pairs, group: core::marker::PhantomData }
    }

    /// The entry for each lane's digit; any where the digit is 0.
    #[inline(always)]
    fn look_up(&self, sizes: &Vector) -> G::Entry {
        let indices = Vector(sizes.0.map(|size| size.wrapping_sub(1)));
        G::Entry::build(
            #[inline(always)]
            |i| G::Field::look_up(&indices, &self.pairs[i * G::Field::VECTORS..]),
        )
    }
}

/// a·G + b·P for up to eight P and (a, b), all public.
pub(crate) fn double_multiply<G: LaneGroup>(
    generator: &SharedMultiples<G>,
    points: &[<G::Base as Group>::Point],
    factors: &[(Number, Number)],
) -> G::Point {
    let a = digits::<G>(factors.iter().map(|(a, _)| a));
    let b = digits::<G>(factors.iter().map(|(_, b)| b));
    // SAFETY: lanes exist only where the processor has been checked.
    unsafe { sum::<G>(generator, &gather(points), &a, &b) }
}

fn digits<'a, G: LaneGroup>(numbers: impl Iterator<Item = &'a Number>) -> LaneDigits {
    let mut digits = LaneDigits::new(SignedWindows::<WIDTH>::count::<<G::Base as Group>::Order>());
    for (lane, number) in numbers.enumerate() {
        let windows = SignedWindows::<WIDTH>::new::<<G::Base as Group>::Order>(number);
        windows.iter().enumerate().for_each(|(step, digit)| digits.set(lane, step, &digit));
    }
    digits
}

#[target_feature(enable = "avx512f,avx512ifma")]
fn sum<G: LaneGroup>(
    generator: &SharedMultiples<G>,
    point: &G::Point,
    a: &LaneDigits,
    b: &LaneDigits,
) -> G::Point {
    let size = G::Point::COUNT * G::Field::VECTORS;
    let mut multiples = alloc::vec![Vector::default(); ENTRIES * size];
    let mut multiple = *point;
    for vectors in multiples.chunks_mut(size) {
        store(&multiple, vectors);
        multiple = G::add(&multiple, point);
    }
    let mut vectors = alloc::vec![Vector::default(); size];
    let mut sum = G::IDENTITY;
    for ((a, negative_a), (b, negative_b)) in a.iter().zip(b.iter()).rev() {
        for _ in 0..WIDTH {
            sum = G::double(&sum);
        }
        scan(b, &multiples, &mut vectors);
        let next = G::add(&sum, &G::negate(negative_b, &load(&vectors)));
        sum = select(equal(b, 0), &next, &sum);
        let entry = G::negate_entry(negative_a, &generator.look_up(a));
        let next = G::add_entry(&sum, &entry);
        sum = select(equal(a, 0), &next, &sum);
    }
    sum
}
