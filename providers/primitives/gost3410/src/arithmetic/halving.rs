//! Whether a point of an Edwards curve of order 4q is in the subgroup of order q.
//!
//! The group is cyclic (d is no square, hence one point of order 2 alone), so that the subgroup is
//! the fourfold points; and a point is fourfold where it is twice some point that is itself
//! a double one. That takes two square roots and one test for a square in place of q·P = O.
//!
//! With the point of order 2 moved to x = 0 the curve is y² = x³ + a·x² + b·x with a = 3t, b = s² and
//! a² - 4b = d. Halving goes through the curve it is 2-isogenous to, y² = x³ - 2a·x² + d·x (J. H. Silverman,
//! "The arithmetic of elliptic curves", III.4.5 and X.1.4):
//!
//! * P = (x, y) is a double point where x is a square w².
//! * X = a + 2x + 2y/w and X' = a + 2x - 2y/w have the product d: one of them is a square m².
//! * With it, (X - a)/2 + w·m is the abscissa of a half of P. The other half, farther by the point of order
//!   2, has b = s² divided by it: both are squares or neither is.
//!
//! To do without divisions, squares are multiplied in: Z = x·X, n = w·m, and where Z is no square,
//! n² = -Z and √Z' = x·√-d/n.

use super::{
    edwards::QuarterCurve,
    field::{Field, Scalar},
    square_root::SquareRoots,
};

/// Whether a public point of the curve, not at infinity, is four times another.
pub(crate) fn is_fourfold_vartime<C: QuarterCurve>(x: &C::Field, y: &C::Field) -> bool {
    let x = x.sub(&C::T);
    let w = x.root();
    // The point of order 2 has y = 0 and is no fourfold point.
    if y.is_zero().declassify() || !w.square().equals(&x).declassify() {
        return false;
    }
    let a = C::T.double().add(&C::T);
    let (middle, step) = (x.mul(&a.add(&x.double())), y.mul(&w).double());
    let z = middle.add(&step);
    let n = z.root();
    let half = if n.square().equals(&z).declassify() {
        z.sub(&a.mul(&x)).add(&n.mul(&x).double())
    } else {
        let other = middle.sub(&step).sub(&a.mul(&x));
        n.mul(&n.mul(&other).add(&x.square().mul(&C::ROOT).double()))
    };
    half.double().is_square_vartime()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        arithmetic::{
            Affine,
            curves::{A256, C512},
            edwards::{Edwards, Extended},
            group::{Group, Order},
            pseudo_mersenne::Portable,
        },
        number::Number,
    };

    #[test]
    fn fourfold_points_are_those_of_order_q() {
        agrees::<A256<Portable>>();
        agrees::<C512<Portable>>();
    }

    /// On points of the whole curve, and on those moved by a point of order 2 and one of order 4.
    fn agrees<C: QuarterCurve>() {
        let mut counts = [0_u32; 2];
        for seed in 0..60_u8 {
            let x = C::Field::from_number(&Number::from_le(&gost_hash::streebog512(&[seed])));
            let right = x.square().add(&C::A).mul(&x).add(&C::B);
            let y = right.root();
            if !y.square().equals(&right).declassify() {
                continue;
            }
            let point = Edwards::<C>::load(&Affine { x: x.to_number(), y: y.to_number() });
            let turned = Extended { x: point.y, y: point.x.neg(), t: point.t.neg(), ..point };
            let across = |p: Extended<C::Field>| Extended { x: p.x.neg(), y: p.y.neg(), ..p };
            for point in [point, turned, across(point), across(turned)] {
                let ordered = is_identity(&times_order::<C>(&point));
                counts[usize::from(ordered)] += 1;
                let Affine { x, y } = Edwards::<C>::affine(&point).unwrap();
                let [x, y] = [x, y].map(|number| C::Field::from_number(&number));
                assert_eq!(is_fourfold_vartime::<C>(&x, &y), ordered, "{seed}");
            }
        }
        assert!(counts[1] > 10 && counts[0] == 3 * counts[1], "{counts:?}");
    }

    fn times_order<C: QuarterCurve>(point: &Extended<C::Field>) -> Extended<C::Field> {
        let order = C::Order::modulus().limbs::<8>();
        (0..512).rev().fold(Extended::IDENTITY, |sum, bit| {
            let sum = sum.double();
            if order[bit / 64] >> (bit % 64) & 1 == 1 { sum.add::<C>(point) } else { sum }
        })
    }

    fn is_identity<F: Scalar>(point: &Extended<F>) -> bool {
        point.x.is_zero().declassify() && point.y.equals(&point.z).declassify()
    }
}
