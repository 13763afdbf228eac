//! What a curve must do for signing and verifying.

use alloc::vec::Vec;

use once_cell::race::OnceBox;

use super::{
    Affine,
    field::{Mask, Scalar},
    fixed_base::FixedBase,
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
    /// Where the multiples of the generator are kept once computed.
    fn multiples_of_generator() -> &'static OnceBox<FixedBase<Self>>;

    /// From coordinates that may be anything.
    fn decode(point: &Affine) -> Result<Self::Point, KeyDefect>;
    /// From coordinates that `decode` has accepted.
    fn load(point: &Affine) -> Self::Point;
    /// The Weierstrass coordinates; `None` for the point at infinity.
    fn affine(point: &Self::Point) -> Option<Affine>;
    /// Whether the x coordinate of a public point is x.
    fn has_x_vartime(point: &Self::Point, x: &Self::Field) -> bool;

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

/// Whether x mod q = r for the x coordinate of a public point.
///
/// No inversion: r, r + q, r + 2q, … below p are compared as x/z (RFC 7091, 6.2, step 7).
pub(crate) fn x_is_vartime<G: Group>(point: &G::Point, r: &Number) -> bool {
    let (mut candidate, mut carry) = (r.limbs::<8>(), 0);
    let order = G::Order::modulus().limbs::<8>();
    loop {
        let number = Number::from_limbs(&candidate);
        let x = G::Field::from_number(&number);
        if carry != 0 || x.to_number() != number {
            return false;
        }
        if G::has_x_vartime(point, &x) {
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
