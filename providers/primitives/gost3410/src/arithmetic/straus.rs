//! Multiplication of points that are not known beforehand.

use super::{
    field::Mask,
    fixed_base,
    group::Group,
    recode::{SignedWindows, wnaf_vartime},
};
use crate::number::Number;

/// Width of the digits of an unknown point.
const WIDTH: usize = 5;
/// Odd multiples an unknown point needs: 1, 3, …, 15.
const ODD: usize = 1 << (WIDTH - 2);

/// k·P for public k and P, of any order.
pub(crate) fn multiply_vartime<G: Group>(point: &G::Point, k: &Number) -> G::Point {
    let table = odd_multiples::<G>(point);
    let mut sum = G::IDENTITY;
    for digit in wnaf_vartime(k, 5).into_iter().rev() {
        sum = G::double(&sum);
        sum = add_digit::<G>(&sum, &table, digit);
    }
    sum
}

/// a·G + b·P for public numbers.
pub(crate) fn double_multiply_vartime<G: Group>(
    a: &Number,
    b: &Number,
    point: &G::Point,
) -> G::Point {
    let sum = multiply_vartime::<G>(point, b);
    fixed_base::generator::<G>().multiply_add_vartime(sum, a)
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

fn odd_multiples<G: Group>(point: &G::Point) -> [G::Point; ODD] {
    let twice = G::double(point);
    let mut table = [*point; ODD];
    for i in 1..ODD {
        table[i] = G::add(&table[i - 1], &twice);
    }
    table
}

fn add_digit<G: Group>(sum: &G::Point, table: &[G::Point; ODD], digit: i16) -> G::Point {
    let entry = &table[usize::from(digit.unsigned_abs() / 2)];
    match digit {
        0 => *sum,
        1.. => G::add(sum, entry),
        _ => G::add(sum, &G::neg(entry)),
    }
}
