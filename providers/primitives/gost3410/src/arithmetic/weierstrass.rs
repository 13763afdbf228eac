//! y² = x³ + a·x + b in homogeneous coordinates (X : Y : Z), x = X/Z, y = Y/Z.
//!
//! Formulas: J. Renes, C. Costello, L. Batina, "Complete addition formulas for prime order
//! elliptic curves" (2016), algorithms 1 to 3: no exceptions on a curve of odd order.

use core::marker::PhantomData;

use alloc::vec::Vec;

use super::{
    Affine,
    field::{Field, Mask, Scalar},
    group::{Group, Order, invert_all},
};
use crate::error::KeyDefect;

/// The coefficients, over one field or over lanes of it.
pub(crate) trait Coefficients: Send + Sync + 'static {
    type Field: Field;

    /// a·x.
    fn times_a(x: &Self::Field) -> Self::Field;
    /// 3·b·x.
    fn times_3b(x: &Self::Field) -> Self::Field;
    /// 3·x² + a·zz².
    fn slope(x: &Self::Field, zz: &Self::Field) -> Self::Field;
}

/// A curve of prime order.
pub(crate) trait PrimeCurve: Coefficients<Field: Scalar> {
    type Order: Order;

    const B: Self::Field;
    const X: Self::Field;
    const Y: Self::Field;
}

#[derive(Clone, Copy)]
pub(crate) struct Projective<F> {
    pub(crate) x: F,
    pub(crate) y: F,
    pub(crate) z: F,
}

#[derive(Clone, Copy)]
pub(crate) struct AffinePoint<F> {
    pub(crate) x: F,
    pub(crate) y: F,
}

/// The group of a [`PrimeCurve`].
pub(crate) struct Weierstrass<C>(PhantomData<C>);

impl<F: Field> Projective<F> {
    pub(crate) const IDENTITY: Self = Self { x: F::ZERO, y: F::ONE, z: F::ZERO };

    /// Algorithm 1: 12M, 3 by a, 2 by 3b.
    #[inline(always)]
    pub(crate) fn add<C: Coefficients<Field = F>>(&self, other: &Self) -> Self {
        let xx = self.x.mul(&other.x);
        let yy = self.y.mul(&other.y);
        let zz = self.z.mul(&other.z);
        let xy = cross(&self.x, &self.y, &other.x, &other.y).sub(&xx.add(&yy));
        let xz = cross(&self.x, &self.z, &other.x, &other.z).sub(&xx.add(&zz));
        let yz = cross(&self.y, &self.z, &other.y, &other.z).sub(&yy.add(&zz));
        Products { xx, yy, zz, xy, xz, yz }.sum::<C>()
    }

    /// Algorithm 2: 11M, 3 by a, 2 by 3b; the other point is not at infinity.
    #[inline(always)]
    pub(crate) fn add_affine<C: Coefficients<Field = F>>(&self, other: &AffinePoint<F>) -> Self {
        let xx = self.x.mul(&other.x);
        let yy = self.y.mul(&other.y);
        let xy = cross(&self.x, &self.y, &other.x, &other.y).sub(&xx.add(&yy));
        let xz = other.x.mul(&self.z).add(&self.x);
        let yz = other.y.mul(&self.z).add(&self.y);
        Products { xx, yy, zz: self.z, xy, xz, yz }.sum::<C>()
    }

    /// Algorithm 3: 8M, 3S, 3 by a, 2 by 3b.
    #[inline(always)]
    pub(crate) fn double<C: Coefficients<Field = F>>(&self) -> Self {
        let products = Products {
            xx: self.x.square(),
            yy: self.y.square(),
            zz: self.z.square(),
            xy: self.x.mul(&self.y).double(),
            xz: self.x.mul(&self.z).double(),
            yz: self.y.mul(&self.z).double(),
        };
        let Middle { u, v, w, n } = products.middle::<C>();
        let Products { yy, xy, yz, .. } = products;
        Self {
            x: xy.mul(&u).sub(&yz.mul(&n)),
            y: u.mul(&v).add(&w.mul(&n)),
            z: yz.mul(&yy).double().double(),
        }
    }

    #[inline(always)]
    pub(crate) fn neg(&self) -> Self {
        Self { y: self.y.neg(), ..*self }
    }
}

/// (a + b)·(c + d).
#[inline(always)]
fn cross<F: Field>(a: &F, b: &F, c: &F, d: &F) -> F {
    a.add(b).mul(&c.add(d))
}

/// X₁X₂, Y₁Y₂, Z₁Z₂, X₁Y₂ + X₂Y₁, X₁Z₂ + X₂Z₁, Y₁Z₂ + Y₂Z₁.
struct Products<F> {
    xx: F,
    yy: F,
    zz: F,
    xy: F,
    xz: F,
    yz: F,
}

/// u, v = Y₁Y₂ ∓ (a·xz + 3b·zz); w = 3·xx + a·zz; n = 3b·xz + a·(xx - a·zz).
struct Middle<F> {
    u: F,
    v: F,
    w: F,
    n: F,
}

impl<F: Field> Products<F> {
    #[inline(always)]
    fn middle<C: Coefficients<Field = F>>(&self) -> Middle<F> {
        let m = C::times_a(&self.xz).add(&C::times_3b(&self.zz));
        let azz = C::times_a(&self.zz);
        Middle {
            u: self.yy.sub(&m),
            v: self.yy.add(&m),
            w: self.xx.double().add(&self.xx).add(&azz),
            n: C::times_3b(&self.xz).add(&C::times_a(&self.xx.sub(&azz))),
        }
    }

    #[inline(always)]
    fn sum<C: Coefficients<Field = F>>(&self) -> Projective<F> {
        let Middle { u, v, w, n } = self.middle::<C>();
        Projective {
            x: self.xy.mul(&u).sub(&self.yz.mul(&n)),
            y: u.mul(&v).add(&w.mul(&n)),
            z: self.yz.mul(&v).add(&self.xy.mul(&w)),
        }
    }
}

impl<C: PrimeCurve> Group for Weierstrass<C> {
    type Field = C::Field;
    type Order = C::Order;
    type Point = Projective<C::Field>;
    type Entry = AffinePoint<C::Field>;

    const COFACTOR: u8 = 1;
    const IDENTITY: Self::Point = Projective::IDENTITY;

    fn generator() -> Self::Point {
        Projective { x: C::X, y: C::Y, z: C::Field::ONE }
    }

    fn decode(point: &Affine) -> Result<Self::Point, KeyDefect> {
        let decoded = Self::load(point);
        let Projective { x, y, .. } = &decoded;
        if x.to_number() != point.x || y.to_number() != point.y {
            return Err(KeyDefect::Coordinate);
        }
        let right = x.square().mul(x).add(&C::times_a(x)).add(&C::B);
        if !y.square().equals(&right).declassify() {
            return Err(KeyDefect::NotOnCurve);
        }
        Ok(decoded) // the order is prime and the point not at infinity
    }

    fn load(point: &Affine) -> Self::Point {
        Projective {
            x: C::Field::from_number(&point.x),
            y: C::Field::from_number(&point.y),
            z: C::Field::ONE,
        }
    }

    fn denominator(point: &Self::Point) -> C::Field {
        point.z
    }

    fn affine_by(point: &Self::Point, inverse: &C::Field) -> Affine {
        Affine { x: point.x.mul(inverse).to_number(), y: point.y.mul(inverse).to_number() }
    }

    #[inline]
    fn add(a: &Self::Point, b: &Self::Point) -> Self::Point {
        a.add::<C>(b)
    }

    #[inline]
    fn double(a: &Self::Point) -> Self::Point {
        a.double::<C>()
    }

    fn neg(a: &Self::Point) -> Self::Point {
        a.neg()
    }

    fn select(mask: Mask, a: &Self::Point, b: &Self::Point) -> Self::Point {
        Projective {
            x: C::Field::select(mask, &a.x, &b.x),
            y: C::Field::select(mask, &a.y, &b.y),
            z: C::Field::select(mask, &a.z, &b.z),
        }
    }

    #[inline]
    fn add_entry(a: &Self::Point, b: &Self::Entry) -> Self::Point {
        a.add_affine::<C>(b)
    }

    fn negate_entry(mask: Mask, a: &Self::Entry) -> Self::Entry {
        AffinePoint { x: a.x, y: C::Field::select(mask, &a.y.neg(), &a.y) }
    }

    fn select_entry(mask: Mask, a: &Self::Entry, b: &Self::Entry) -> Self::Entry {
        AffinePoint { x: C::Field::select(mask, &a.x, &b.x), y: C::Field::select(mask, &a.y, &b.y) }
    }

    fn entries(points: &[Self::Point]) -> Vec<Self::Entry> {
        let denominators: Vec<_> = points.iter().map(|point| point.z).collect();
        let inverses = invert_all(&denominators);
        let pairs = points.iter().zip(&inverses);
        pairs.map(|(p, inverse)| AffinePoint { x: p.x.mul(inverse), y: p.y.mul(inverse) }).collect()
    }
}
