//! Public points of a Weierstrass curve in Jacobian coordinates, x = X/Z², y = Y/Z³.
//!
//! Fewer products than the complete formulas, but with exceptions, which are branches: for public
//! points only. Explicit-Formulas Database, "dbl-2001-b" and "madd-2004-hmv" and "add-1998-cmo-2".

use super::{
    field::{Field, Scalar},
    group::{Group, Vartime},
    weierstrass::{AffinePoint, Coefficients, PrimeCurve, Projective, Weierstrass},
};

/// A public point; at infinity when Z = 0.
#[derive(Clone, Copy)]
pub(crate) struct Jacobian<F> {
    x: F,
    y: F,
    z: F,
}

/// With Z² and Z³.
#[derive(Clone, Copy)]
pub(crate) struct Cached<F> {
    point: Jacobian<F>,
    zz: F,
    zzz: F,
}

impl<F: Scalar> Jacobian<F> {
    const INFINITY: Self = Self { x: F::ONE, y: F::ONE, z: F::ZERO };

    fn is_infinity(&self) -> bool {
        self.z.is_zero().declassify()
    }

    /// "dbl-2001-b" for a = -3: 4M, 4S; right for the point at infinity.
    #[inline(always)]
    fn double<C: Coefficients<Field = F>>(&self) -> Self {
        let zz = self.z.square();
        let yy = self.y.square();
        let beta = self.x.mul(&yy).double().double();
        let alpha = C::slope(&self.x, &zz);
        let x = alpha.square().sub(&beta.double());
        let y4 = yy.double().square().double();
        Self { y: alpha.mul(&beta.sub(&x)).sub(&y4), z: self.y.mul(&self.z).double(), x }
    }

    /// The sum of this point (u₁, s₁ brought to a common denominator) and another, whose
    /// coordinates there are u₂, s₂; z is the product of the denominators.
    #[inline(always)]
    fn chord<C: Coefficients<Field = F>>(&self, [u1, s1, u2, s2, z]: [&F; 5]) -> Self {
        let (h, r) = (u2.sub(u1), s2.sub(s1));
        if h.is_zero().declassify() {
            return if r.is_zero().declassify() { self.double::<C>() } else { Self::INFINITY };
        }
        let hh = h.square();
        let hhh = h.mul(&hh);
        let v = u1.mul(&hh);
        let x = r.square().sub(&hhh.add(&v.double()));
        Self { y: r.mul(&v.sub(&x)).sub(&s1.mul(&hhh)), z: z.mul(&h), x }
    }
}

impl<C: PrimeCurve> Vartime for Weierstrass<C> {
    type Sum = Jacobian<C::Field>;
    type Summand = Cached<C::Field>;

    const ZERO: Self::Sum = Jacobian::INFINITY;

    /// (X : Y : Z) is (XZ : YZ² : Z) here.
    fn sum(point: &Self::Point) -> Self::Sum {
        let Projective { x, y, z } = point;
        Jacobian { x: x.mul(z), y: y.mul(&z.square()), z: *z }
    }

    fn summand(sum: &Self::Sum) -> Self::Summand {
        let zz = sum.z.square();
        Cached { point: *sum, zz, zzz: zz.mul(&sum.z) }
    }

    #[inline(always)]
    fn sum_double(sum: &Self::Sum, _addition_follows: bool) -> Self::Sum {
        sum.double::<C>()
    }

    /// "add-1998-cmo-2" with Z² and Z³ at hand: 11M, 3S.
    #[inline]
    fn sum_add(sum: &Self::Sum, summand: &Self::Summand, negative: bool) -> Self::Sum {
        let mut other = *summand;
        if negative {
            other.point.y = other.point.y.neg();
        }
        if sum.is_infinity() {
            return other.point;
        }
        if other.point.is_infinity() {
            return *sum;
        }
        let zz = sum.z.square();
        let u1 = sum.x.mul(&other.zz);
        let u2 = other.point.x.mul(&zz);
        let s1 = sum.y.mul(&other.zzz);
        let s2 = other.point.y.mul(&zz.mul(&sum.z));
        let z = sum.z.mul(&other.point.z);
        sum.chord::<C>([&u1, &s1, &u2, &s2, &z])
    }

    /// "madd-2004-hmv": 8M, 3S.
    #[inline]
    fn sum_add_entry(sum: &Self::Sum, entry: &Self::Entry, negative: bool) -> Self::Sum {
        let AffinePoint { x, y } = *entry;
        let y = if negative { y.neg() } else { y };
        if sum.is_infinity() {
            return Jacobian { x, y, z: C::Field::ONE };
        }
        let zz = sum.z.square();
        let s2 = y.mul(&zz.mul(&sum.z));
        sum.chord::<C>([&sum.x, &sum.y, &x.mul(&zz), &s2, &sum.z])
    }

    fn has_x(sum: &Self::Sum, x: &<Self as Group>::Field) -> bool {
        !sum.is_infinity() && x.mul(&sum.z.square()).equals(&sum.x).declassify()
    }
}
