//! Eight field elements side by side in AVX-512 vectors, multiplied by IFMA.
//!
//! IFMA multiplies the low 52 bits of eight pairs of words and adds the low or the high half of
//! each product to a third vector. Elements are therefore kept in limbs of 52 bits, limb i of all
//! eight in one vector ([`lanes`]).
//!
//! One signature uses the lanes for eight parts of one multiplication ([`table`]), a batch of
//! verifications uses them for eight items ([`batch`]).

use super::{
    edwards::{Coefficient, Edwards, Extended, Niels, QuarterCurve},
    field::{Field, Scalar},
    group::{Group, Vartime},
    weierstrass::{AffinePoint, Coefficients, PrimeCurve, Projective, Weierstrass},
};
use lanes::{LaneField, LaneMask, Vector};

pub(crate) mod batch;
mod digits;
pub(crate) mod engine;
pub(crate) mod lanes;
pub(crate) mod table;

/// Whether this processor can.
pub(crate) fn available() -> bool {
    cpufeatures::new!(ifma, "avx512f", "avx512dq", "avx512vl", "avx512ifma", "adx", "bmi2");
    ifma::get()
}

/// Lanes of a vector.
pub(crate) const LANES: usize = 8;

/// A structure of field elements, or the same structure of lanes of them.
pub(crate) trait Elements<F>: Copy {
    /// How many.
    const COUNT: usize;

    fn get(&self, index: usize) -> &F;
    fn build(element: impl FnMut(usize) -> F) -> Self;
}

/// A group in eight lanes, beside the group it computes in.
pub(crate) trait LaneGroup: Send + Sync + 'static {
    type Base: Vartime<
            Point: Elements<<Self::Base as Group>::Field>,
            Entry: Elements<<Self::Base as Group>::Field>,
        >;
    type Field: LaneField;
    type Point: Elements<Self::Field>;
    type Entry: Elements<Self::Field>;

    const IDENTITY: Self::Point;

    fn add(a: &Self::Point, b: &Self::Point) -> Self::Point;
    fn double(a: &Self::Point) -> Self::Point;
    fn add_entry(a: &Self::Point, b: &Self::Entry) -> Self::Point;
    /// Negated in the lanes of the mask.
    fn negate(mask: LaneMask, a: &Self::Point) -> Self::Point;
    fn negate_entry(mask: LaneMask, a: &Self::Entry) -> Self::Entry;
}

/// Lanes of an Edwards curve, of which `B` is the scalar form.
pub(crate) struct EdwardsLanes<C, B>(core::marker::PhantomData<(C, B)>);

/// Lanes of a Weierstrass curve, of which `B` is the scalar form.
pub(crate) struct WeierstrassLanes<C, B>(core::marker::PhantomData<(C, B)>);

impl<C, B> LaneGroup for EdwardsLanes<C, B>
where
    C: Coefficient<Field: LaneField>,
    B: QuarterCurve,
{
    type Base = Edwards<B>;
    type Field = C::Field;
    type Point = Extended<C::Field>;
    type Entry = Niels<C::Field>;

    const IDENTITY: Self::Point = Extended::IDENTITY;

    #[inline(always)]
    fn add(a: &Self::Point, b: &Self::Point) -> Self::Point {
        a.add::<C>(b)
    }

    #[inline(always)]
    fn double(a: &Self::Point) -> Self::Point {
        a.double()
    }

    #[inline(always)]
    fn add_entry(a: &Self::Point, b: &Self::Entry) -> Self::Point {
        a.add_niels(b)
    }

    #[inline(always)]
    fn negate(mask: LaneMask, a: &Self::Point) -> Self::Point {
        Extended { x: a.x.select(mask, &a.x.neg()), t: a.t.select(mask, &a.t.neg()), ..*a }
    }

    #[inline(always)]
    fn negate_entry(mask: LaneMask, a: &Self::Entry) -> Self::Entry {
        Niels { u: a.u.select(mask, &a.u.neg()), v: a.v, duv: a.duv.select(mask, &a.duv.neg()) }
    }
}

impl<C, B> LaneGroup for WeierstrassLanes<C, B>
where
    C: Coefficients<Field: LaneField>,
    B: PrimeCurve,
{
    type Base = Weierstrass<B>;
    type Field = C::Field;
    type Point = Projective<C::Field>;
    type Entry = AffinePoint<C::Field>;

    const IDENTITY: Self::Point = Projective::IDENTITY;

    #[inline(always)]
    fn add(a: &Self::Point, b: &Self::Point) -> Self::Point {
        a.add::<C>(b)
    }

    #[inline(always)]
    fn double(a: &Self::Point) -> Self::Point {
        a.double::<C>()
    }

    #[inline(always)]
    fn add_entry(a: &Self::Point, b: &Self::Entry) -> Self::Point {
        a.add_affine::<C>(b)
    }

    #[inline(always)]
    fn negate(mask: LaneMask, a: &Self::Point) -> Self::Point {
        Projective { y: a.y.select(mask, &a.y.neg()), ..*a }
    }

    #[inline(always)]
    fn negate_entry(mask: LaneMask, a: &Self::Entry) -> Self::Entry {
        AffinePoint { x: a.x, y: a.y.select(mask, &a.y.neg()) }
    }
}

/// Makes a structure of `F` an [`Elements`].
macro_rules! elements {
    ($shape:ident, $count:literal, $($field:ident = $index:literal),+) => {
        impl<F: Field> Elements<F> for $shape<F> {
            const COUNT: usize = $count;

            #[inline(always)]
            fn get(&self, index: usize) -> &F {
                [$(&self.$field),+][index]
            }

            #[inline(always)]
            fn build(mut element: impl FnMut(usize) -> F) -> Self {
                Self { $($field: element($index)),+ }
            }
        }
    };
}

elements!(Extended, 4, x = 0, y = 1, z = 2, t = 3);
elements!(Niels, 3, u = 0, v = 1, duv = 2);
elements!(Projective, 3, x = 0, y = 1, z = 2);
elements!(AffinePoint, 2, x = 0, y = 1);

/// Eight structures side by side; missing ones are all zero.
pub(crate) fn gather<F: Scalar, V: LaneField, S: Elements<F>, L: Elements<V>>(items: &[S]) -> L {
    L::build(|index| {
        V::gather(&core::array::from_fn(|lane| {
            items.get(lane).map(|item| item.get(index).to_number()).unwrap_or_default()
        }))
    })
}

/// The structure in one lane.
pub(crate) fn lane<F: Scalar, V: LaneField, S: Elements<F>, L: Elements<V>>(
    lanes: &L,
    lane: usize,
) -> S {
    S::build(|index| F::from_number(&lanes.get(index).number(lane)))
}

/// Writes all limbs, element by element.
pub(crate) fn store<V: LaneField, L: Elements<V>>(lanes: &L, vectors: &mut [Vector]) {
    for (index, vectors) in vectors.chunks_mut(V::VECTORS).enumerate() {
        lanes.get(index).store(vectors);
    }
}

/// Reads what [`store`] has written.
#[inline(always)]
pub(crate) fn load<V: LaneField, L: Elements<V>>(vectors: &[Vector]) -> L {
    L::build(
        #[inline(always)]
        |index| V::load(&vectors[index * V::VECTORS..]),
    )
}

/// The other structure in the lanes of the mask.
#[inline(always)]
pub(crate) fn select<V: LaneField, L: Elements<V>>(mask: LaneMask, a: &L, other: &L) -> L {
    L::build(|index| a.get(index).select(mask, other.get(index)))
}
