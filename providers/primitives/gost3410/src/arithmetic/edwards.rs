//! u² + v² = 1 + d·u²·v² in extended coordinates (X : Y : Z : T), u = X/Z, v = Y/Z, T = XY/Z.
//!
//! RFC 7836, 5.2, gives 256-A and 512-C in this form with e = 1. Here d is no square, so that the
//! addition law is complete for all points of the curve, those of even order too (Bernstein and
//! Lange, 2007). Formulas: H. Hisil et al., "Twisted Edwards curves revisited" (2008), in the
//! Explicit-Formulas Database "add-2008-hwcd" and "dbl-2008-hwcd" with a = 1.
//!
//! The map to y² = x³ + a·x + b is x = s·(1 + v)/(1 - v) + t, y = s·(1 + v)/((1 - v)·u) with
//! s = (1 - d)/4 and t = (1 + d)/6.

use core::marker::PhantomData;

use alloc::vec::Vec;

use super::{
    Affine,
    field::{Field, Mask, Scalar},
    group::{Group, Order, Vartime, invert_all},
    halving::is_fourfold_vartime,
    square_root::SquareRoots,
};
use crate::error::KeyDefect;

/// The coefficient, over one field or over lanes of it.
pub(crate) trait Coefficient: Send + Sync + 'static {
    type Field: Field;

    /// d.
    const D: Self::Field;
}

/// An Edwards curve of order 4q.
pub(crate) trait QuarterCurve: Coefficient<Field: SquareRoots> {
    type Order: Order;

    const A: Self::Field;
    const B: Self::Field;
    const S: Self::Field;
    const T: Self::Field;
    /// A square root of -d.
    const ROOT: Self::Field;
    /// Weierstrass coordinates of the base point.
    const X: Self::Field;
    const Y: Self::Field;
}

#[derive(Clone, Copy)]
pub(crate) struct Extended<F> {
    pub(crate) x: F,
    pub(crate) y: F,
    pub(crate) z: F,
    pub(crate) t: F,
}

/// u, v and d·u·v.
#[derive(Clone, Copy)]
pub(crate) struct Niels<F> {
    pub(crate) u: F,
    pub(crate) v: F,
    pub(crate) duv: F,
}

/// The group of a [`QuarterCurve`].
pub(crate) struct Edwards<C>(PhantomData<C>);

impl<F: Field> Extended<F> {
    pub(crate) const IDENTITY: Self = Self { x: F::ZERO, y: F::ONE, z: F::ONE, t: F::ZERO };

    /// "add-2008-hwcd": 9M, 1 by d.
    #[inline(always)]
    pub(crate) fn add<C: Coefficient<Field = F>>(&self, other: &Self) -> Self {
        let a = self.x.mul(&other.x);
        let b = self.y.mul(&other.y);
        let c = self.t.mul(&C::D).mul(&other.t);
        let d = self.z.mul(&other.z);
        let e = self.x.add(&self.y).mul(&other.x.add(&other.y)).sub(&a.add(&b));
        complete(&e, &d.sub(&c), &d.add(&c), &b.sub(&a))
    }

    /// "madd-2008-hwcd" with d·u·v at hand: 8M.
    #[inline(always)]
    pub(crate) fn add_niels(&self, other: &Niels<F>) -> Self {
        let a = self.x.mul(&other.u);
        let b = self.y.mul(&other.v);
        let c = self.t.mul(&other.duv);
        let e = self.x.add(&self.y).mul(&other.u.add(&other.v)).sub(&a.add(&b));
        complete(&e, &self.z.sub(&c), &self.z.add(&c), &b.sub(&a))
    }

    /// "dbl-2008-hwcd": 4M, 4S.
    #[inline(always)]
    pub(crate) fn double(&self) -> Self {
        let a = self.x.square();
        let b = self.y.square();
        let c = self.z.square().double();
        let g = a.add(&b);
        let e = self.x.add(&self.y).square().sub(&g);
        complete(&e, &g.sub(&c), &g, &a.sub(&b))
    }

    /// As [`Extended::double`] without T: 3M, 4S.
    #[inline(always)]
    fn double_projective(&self) -> Self {
        let a = self.x.square();
        let b = self.y.square();
        let c = self.z.square().double();
        let g = a.add(&b);
        let e = self.x.add(&self.y).square().sub(&g);
        let f = g.sub(&c);
        Self { x: e.mul(&f), y: g.mul(&a.sub(&b)), z: f.mul(&g), t: F::ZERO }
    }

    #[inline(always)]
    pub(crate) fn neg(&self) -> Self {
        Self { x: self.x.neg(), t: self.t.neg(), ..*self }
    }
}

/// The last step of every formula.
#[inline(always)]
fn complete<F: Field>(e: &F, f: &F, g: &F, h: &F) -> Extended<F> {
    Extended { x: e.mul(f), y: g.mul(h), z: f.mul(g), t: e.mul(h) }
}

impl<C: QuarterCurve> Group for Edwards<C> {
    type Field = C::Field;
    type Order = C::Order;
    type Point = Extended<C::Field>;
    type Entry = Niels<C::Field>;

    const COFACTOR: u8 = 4;
    const IDENTITY: Self::Point = Extended::IDENTITY;

    fn generator() -> Self::Point {
        from_weierstrass::<C>(&C::X, &C::Y)
    }

    fn decode(point: &Affine) -> Result<Self::Point, KeyDefect> {
        let (x, y) = (C::Field::from_number(&point.x), C::Field::from_number(&point.y));
        if x.to_number() != point.x || y.to_number() != point.y {
            return Err(KeyDefect::Coordinate);
        }
        let right = x.square().add(&C::A).mul(&x).add(&C::B);
        if !y.square().equals(&right).declassify() {
            return Err(KeyDefect::NotOnCurve);
        }
        let has_order = is_fourfold_vartime::<C>(&x, &y);
        has_order.then(|| from_weierstrass::<C>(&x, &y)).ok_or(KeyDefect::Order)
    }

    fn load(point: &Affine) -> Self::Point {
        from_weierstrass::<C>(&C::Field::from_number(&point.x), &C::Field::from_number(&point.y))
    }

    // x = s·(Z + Y)/(Z - Y) + t and y = s·(Z + Y)·Z/((Z - Y)·X). The denominator (Z - Y)·X is zero
    // for the identity and, outside the subgroup, for the point of order 2.
    fn denominator(point: &Self::Point) -> C::Field {
        point.z.sub(&point.y).mul(&point.x)
    }

    fn affine_by(point: &Self::Point, inverse: &C::Field) -> Affine {
        let above = C::S.mul(&point.z.add(&point.y)).mul(inverse);
        Affine { x: above.mul(&point.x).add(&C::T).to_number(), y: above.mul(&point.z).to_number() }
    }

    #[inline]
    fn add(a: &Self::Point, b: &Self::Point) -> Self::Point {
        a.add::<C>(b)
    }

    #[inline]
    fn double(a: &Self::Point) -> Self::Point {
        a.double()
    }

    fn neg(a: &Self::Point) -> Self::Point {
        a.neg()
    }

    fn select(mask: Mask, a: &Self::Point, b: &Self::Point) -> Self::Point {
        Extended {
            x: C::Field::select(mask, &a.x, &b.x),
            y: C::Field::select(mask, &a.y, &b.y),
            z: C::Field::select(mask, &a.z, &b.z),
            t: C::Field::select(mask, &a.t, &b.t),
        }
    }

    #[inline]
    fn add_entry(a: &Self::Point, b: &Self::Entry) -> Self::Point {
        a.add_niels(b)
    }

    fn negate_entry(mask: Mask, a: &Self::Entry) -> Self::Entry {
        Niels {
            u: C::Field::select(mask, &a.u.neg(), &a.u),
            v: a.v,
            duv: C::Field::select(mask, &a.duv.neg(), &a.duv),
        }
    }

    fn select_entry(mask: Mask, a: &Self::Entry, b: &Self::Entry) -> Self::Entry {
        Niels {
            u: C::Field::select(mask, &a.u, &b.u),
            v: C::Field::select(mask, &a.v, &b.v),
            duv: C::Field::select(mask, &a.duv, &b.duv),
        }
    }

    fn entries(points: &[Self::Point]) -> Vec<Self::Entry> {
        let denominators: Vec<_> = points.iter().map(|point| point.z).collect();
        let inverses = invert_all(&denominators);
        let entry = |(point, inverse): (&Self::Point, &C::Field)| {
            let (u, v) = (point.x.mul(inverse), point.y.mul(inverse));
            Niels { u, v, duv: u.mul(&v).mul(&C::D) }
        };
        points.iter().zip(&inverses).map(entry).collect()
    }
}

/// The addition law has no exceptions: the same formulas serve, with fewer products.
impl<C: QuarterCurve> Vartime for Edwards<C> {
    type Sum = Extended<C::Field>;
    /// With d·T for T.
    type Summand = Extended<C::Field>;

    const ZERO: Self::Sum = Extended::IDENTITY;

    fn sum(point: &Self::Point) -> Self::Sum {
        *point
    }

    fn summand(sum: &Self::Sum) -> Self::Summand {
        Extended { t: sum.t.mul(&C::D), ..*sum }
    }

    #[inline(always)]
    fn sum_double(sum: &Self::Sum, addition_follows: bool) -> Self::Sum {
        if addition_follows { sum.double() } else { sum.double_projective() }
    }

    #[inline]
    fn sum_add(sum: &Self::Sum, summand: &Self::Summand, negative: bool) -> Self::Sum {
        let other = if negative { summand.neg() } else { *summand };
        let a = sum.x.mul(&other.x);
        let b = sum.y.mul(&other.y);
        let c = sum.t.mul(&other.t);
        let d = sum.z.mul(&other.z);
        let e = sum.x.add(&sum.y).mul(&other.x.add(&other.y)).sub(&a.add(&b));
        complete(&e, &d.sub(&c), &d.add(&c), &b.sub(&a))
    }

    #[inline]
    fn sum_add_entry(sum: &Self::Sum, entry: &Self::Entry, negative: bool) -> Self::Sum {
        if !negative {
            return sum.add_niels(entry);
        }
        sum.add_niels(&Niels { u: entry.u.neg(), v: entry.v, duv: entry.duv.neg() })
    }

    fn has_x(sum: &Self::Sum, x: &Self::Field) -> bool {
        let above = C::S.mul(&sum.z.add(&sum.y));
        let below = sum.z.sub(&sum.y);
        !below.is_zero().declassify() && x.sub(&C::T).mul(&below).equals(&above).declassify()
    }
}

/// u = (x - t)/y and v = (x - t - s)/(x - t + s), over the common denominator y·(x - t + s).
fn from_weierstrass<C: QuarterCurve>(x: &C::Field, y: &C::Field) -> Extended<C::Field> {
    let shifted = x.sub(&C::T);
    let (below, above) = (shifted.add(&C::S), shifted.sub(&C::S));
    Extended { x: shifted.mul(&below), y: above.mul(y), z: y.mul(&below), t: shifted.mul(&above) }
}
