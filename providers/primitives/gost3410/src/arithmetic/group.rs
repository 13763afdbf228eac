//! What a curve must do for signing and verifying.

use alloc::vec::Vec;

use super::{
    Affine,
    field::{Mask, Scalar},
    limbs::add,
    montgomery::{Modulus, Montgomery},
};
use crate::{error::KeyDefect, number::Number};

/// Residues modulo the order of the base point.
pub(crate) trait Order: Scalar {
    /// Reduces low + high·2^(64·LIMBS).
    fn from_wide(low: &Number, high: &Number) -> Self;
    /// 2^(128·LIMBS) mod q.
    fn wide_remainder() -> Number;
    fn modulus() -> Number;
}

impl<M: Modulus<N>, const N: usize> Order for Montgomery<M, N> {
    fn from_wide(low: &Number, high: &Number) -> Self {
        Self::from_wide(&low.limbs(), &high.limbs())
    }

    fn wide_remainder() -> Number {
        Number::from_limbs(&Self::wide_remainder())
    }

    fn modulus() -> Number {
        Number::from_limbs(&M::P)
    }
}

/// The subgroup of prime order q of a curve; all operations complete and in constant time
/// unless their name says `vartime`.
pub(crate) trait Group: Send + Sync + Sized + 'static {
    type Field: Scalar;
    type Order: Order;
    type Point: Copy + Send + Sync;
    /// A point prepared for addition, in affine coordinates.
    type Entry: Copy + Send + Sync;

    /// m/q.
    const COFACTOR: u8;
    const IDENTITY: Self::Point;

    fn generator() -> Self::Point;
    /// From coordinates that may be anything.
    fn decode(point: &Affine) -> Result<Self::Point, KeyDefect>;
    /// From coordinates that `decode` has accepted.
    fn load(point: &Affine) -> Self::Point;
    /// What must be inverted for the Weierstrass coordinates; zero for the point at infinity.
    fn denominator(point: &Self::Point) -> Self::Field;
    /// The Weierstrass coordinates, by the inverse of the denominator.
    fn affine_by(point: &Self::Point, inverse: &Self::Field) -> Affine;

    /// The Weierstrass coordinates; `None` for the point at infinity.
    fn affine(point: &Self::Point) -> Option<Affine> {
        let denominator = Self::denominator(point);
        let infinity = denominator.is_zero().declassify();
        (!infinity).then(|| Self::affine_by(point, &denominator.invert()))
    }

    /// As [`Group::affine`] for many points, of which none is at infinity.
    fn affine_all(points: &[Self::Point]) -> Vec<Affine> {
        let denominators: Vec<_> = points.iter().map(Self::denominator).collect();
        let inverses = invert_all(&denominators);
        points.iter().zip(&inverses).map(|(point, by)| Self::affine_by(point, by)).collect()
    }

    fn add(a: &Self::Point, b: &Self::Point) -> Self::Point;
    fn double(a: &Self::Point) -> Self::Point;
    fn neg(a: &Self::Point) -> Self::Point;
    fn select(mask: Mask, a: &Self::Point, b: &Self::Point) -> Self::Point;

    fn add_entry(a: &Self::Point, b: &Self::Entry) -> Self::Point;
    /// Negated for "yes".
    fn negate_entry(mask: Mask, a: &Self::Entry) -> Self::Entry;
    fn select_entry(mask: Mask, a: &Self::Entry, b: &Self::Entry) -> Self::Entry;
    /// Entries for points of which none is at infinity.
    fn entries(points: &[Self::Point]) -> Vec<Self::Entry>;
}

/// Faster operations for public points.
pub(crate) trait Vartime: Group {
    /// A public point.
    type Sum: Copy;
    /// A public point prepared for addition.
    type Summand: Copy;

    const ZERO: Self::Sum;

    fn sum(point: &Self::Point) -> Self::Sum;
    fn summand(sum: &Self::Sum) -> Self::Summand;
    /// 2·sum; what only addition needs may be left out where none follows.
    fn sum_double(sum: &Self::Sum, addition_follows: bool) -> Self::Sum;
    fn sum_add(sum: &Self::Sum, summand: &Self::Summand, negative: bool) -> Self::Sum;
    fn sum_add_entry(sum: &Self::Sum, entry: &Self::Entry, negative: bool) -> Self::Sum;
    /// Whether the x coordinate is x; never for the point at infinity.
    fn has_x(sum: &Self::Sum, x: &Self::Field) -> bool;
}

/// Whether x mod q = r for the x coordinate of a public point.
///
/// No inversion: r, r + q, r + 2q, … below p are compared as x/z (RFC 7091, 6.2, step 7).
pub(crate) fn x_is_vartime<G: Vartime>(sum: &G::Sum, r: &Number) -> bool {
    let (mut candidate, mut carry) = (r.limbs::<8>(), 0);
    let order = G::Order::modulus().limbs::<8>();
    loop {
        let number = Number::from_limbs(&candidate);
        let x = G::Field::from_number(&number);
        if carry != 0 || x.to_number() != number {
            return false;
        }
        if G::has_x(sum, &x) {
            return true;
        }
        (candidate, carry) = add(&candidate, &order);
    }
}

/// Inverts all, none of them zero, with one inversion (Montgomery's trick).
pub(crate) fn invert_all<F: Scalar>(elements: &[F]) -> Vec<F> {
    let mut product = F::ONE;
    let mut inverses: Vec<F> = elements
        .iter()
        .map(|element| {
            let before = product;
            product = product.mul(element);
            before
        })
        .collect();
    let mut inverse = product.invert();
    for (slot, element) in inverses.iter_mut().zip(elements).rev() {
        *slot = slot.mul(&inverse);
        inverse = inverse.mul(element);
    }
    inverses
}
