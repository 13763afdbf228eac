//! Multiplication of points that are not known beforehand.
//!
//! Two multiples are added in one chain of doublings (E. Straus, 1964).

use alloc::vec::Vec;

use super::{
    field::Mask,
    group::{Group, Vartime},
    recode::{POSITIONS, SignedWindows, wnaf_vartime},
};
use crate::number::Number;

/// Width of the digits of an unknown point.
const WIDTH: usize = 5;
/// Odd multiples of an unknown point: 1, 3, …, 15.
const ODD: usize = 1 << (WIDTH - 2);
/// Width of the digits of a known point.
const KNOWN_WIDTH: usize = 9;

/// Odd multiples of a known point: 1, 3, …, 255.
pub(crate) struct KnownPoint<G: Group> {
    multiples: Vec<G::Entry>,
}

impl<G: Group> KnownPoint<G> {
    pub(crate) fn new(point: &G::Point) -> Self {
        let twice = G::double(point);
        let next = |multiple: &G::Point| Some(G::add(multiple, &twice));
        let multiples: Vec<_> =
            core::iter::successors(Some(*point), next).take(1 << (KNOWN_WIDTH - 2)).collect();
        Self { multiples: G::entries(&multiples) }
    }
}

/// a·G + b·P for public numbers.
pub(crate) fn double_multiply_vartime<G: Vartime>(
    known: &KnownPoint<G>,
    a: &Number,
    point: &G::Point,
    b: &Number,
) -> G::Sum {
    let digits =
        Digits { known: wnaf_vartime::<KNOWN_WIDTH>(a), unknown: wnaf_vartime::<WIDTH>(b) };
    digits.sum::<G>(&known.multiples, &odd_multiples::<G>(point))
}

/// Digits of the factors of both points, the lowest first.
struct Digits {
    known: [i16; POSITIONS],
    unknown: [i16; POSITIONS],
}

impl Digits {
    fn sum<G: Vartime>(&self, known: &[G::Entry], unknown: &[G::Summand; ODD]) -> G::Sum {
        let mut sum = G::ZERO;
        let pairs = self.known.iter().zip(&self.unknown).rev();
        for (&a, &b) in pairs.skip_while(|(a, b)| **a | **b == 0) {
            sum = G::sum_double(&sum, a | b != 0);
            if b != 0 {
                sum = G::sum_add(&sum, &unknown[index(b)], b < 0);
            }
            if a != 0 {
                sum = G::sum_add_entry(&sum, &known[index(a)], a < 0);
            }
        }
        sum
    }
}

/// Where an odd digit's multiple stands.
fn index(digit: i16) -> usize {
    usize::from(digit.unsigned_abs() / 2)
}

fn odd_multiples<G: Vartime>(point: &G::Point) -> [G::Summand; ODD] {
    let mut multiple = G::sum(point);
    let twice = G::summand(&G::sum_double(&multiple, true));
    let mut table = [G::summand(&multiple); ODD];
    for entry in &mut table[1..] {
        multiple = G::sum_add(&multiple, &twice, false);
        *entry = G::summand(&multiple);
    }
    table
}

/// k·P for secret k and a P of order q, in constant time.
pub(crate) fn multiply<G: Group>(point: &G::Point, k: &Number) -> G::Point {
    let mut table = [*point; 1 << (WIDTH - 1)];
    for i in 1..table.len() {
        table[i] = G::add(&table[i - 1], point);
    }
    let digits = SignedWindows::<WIDTH>::new::<G::Order>(k);
    let mut sum = G::IDENTITY;
    for digit in digits.iter().rev() {
        for _ in 0..WIDTH {
            sum = G::double(&sum);
        }
        let mut multiple = G::IDENTITY;
        for (value, candidate) in (1..).zip(&table) {
            multiple = G::select(Mask::equal(digit.size, value), candidate, &multiple);
        }
        let multiple = G::select(digit.negative, &G::neg(&multiple), &multiple);
        sum = G::add(&sum, &multiple);
    }
    sum
}
