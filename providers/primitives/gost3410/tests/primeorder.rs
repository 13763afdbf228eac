//! This crate against the curves of cofactor 1 over the `primeorder` crate.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may fail by panicking"
)]

use core::marker::PhantomData;

use gost3410::ParameterSet;
use primeorder::elliptic_curve::ops::Reduce;
use primeorder::elliptic_curve::point::AffineCoordinates;
use primeorder::elliptic_curve::{Curve, Group};
use primeorder::{
    AffinePoint, Field, FieldBytes, PrimeCurveParams, PrimeField, ProjectivePoint, Scalar,
};

use agreement::{Oracle, check};

#[path = "oracle/agreement.rs"]
mod agreement;
#[path = "oracle/curves.rs"]
mod curves;

#[test]
fn set_256_b() {
    check(&PrimeOrder::<curves::b256::C>::new(ParameterSet::TC26_256_B), ROUNDS);
    check(&PrimeOrder::<curves::b256::C>::new(ParameterSet::CRYPTO_PRO_A), ROUNDS);
}

#[test]
fn set_256_c() {
    check(&PrimeOrder::<curves::c256::C>::new(ParameterSet::TC26_256_C), ROUNDS);
}

#[test]
fn set_256_d() {
    check(&PrimeOrder::<curves::d256::C>::new(ParameterSet::TC26_256_D), ROUNDS);
}

#[test]
fn set_512_a() {
    check(&PrimeOrder::<curves::a512::C>::new(ParameterSet::TC26_512_A), ROUNDS);
}

#[test]
fn set_512_b() {
    check(&PrimeOrder::<curves::b512::C>::new(ParameterSet::TC26_512_B), ROUNDS);
}

struct PrimeOrder<C>(ParameterSet, PhantomData<C>);

impl<C: PrimeCurveParams> PrimeOrder<C> {
    const fn new(set: ParameterSet) -> Self {
        Self(set, PhantomData)
    }

    /// Reads x ‖ y.
    fn point(octets: &[u8]) -> ProjectivePoint<C> {
        let (x, y) = octets.split_at(octets.len() / 2);
        let point = AffinePoint::<C>::from_coordinates(&reversed::<C>(x), &reversed::<C>(y));
        point.into_option().expect("is on the curve").into()
    }

    /// r = x(R) mod q; None where R is infinity.
    fn abscissa(point: ProjectivePoint<C>) -> Option<Scalar<C>> {
        let finite = !bool::from(point.is_identity());
        finite.then(|| Reduce::reduce(&point.to_affine().x()))
    }

    /// e of a digest (RFC 7091, 6.1, step 2).
    fn number(digest: &[u8]) -> Scalar<C> {
        let e = <Scalar<C> as Reduce<FieldBytes<C>>>::reduce(&reversed::<C>(digest));
        if e == Scalar::<C>::ZERO { Scalar::<C>::ONE } else { e }
    }

    fn scalar(big_endian: &[u8]) -> Option<Scalar<C>> {
        let octets = FieldBytes::<C>::try_from(big_endian).unwrap();
        Option::from(Scalar::<C>::from_repr(octets)).filter(|number| *number != Scalar::<C>::ZERO)
    }

    fn little_endian_scalar(octets: &[u8]) -> Scalar<C> {
        Self::scalar(&reversed::<C>(octets)).expect("is in [1, q-1]")
    }
}

impl<C: PrimeCurveParams> Oracle for PrimeOrder<C> {
    fn set(&self) -> ParameterSet {
        self.0
    }

    fn order(&self) -> Vec<u8> {
        let last = -Scalar::<C>::ONE;
        let mut order = reversed::<C>(&last.to_repr()).to_vec();
        order[0] += 1; // q is odd
        order
    }

    fn public_key(&self, d: &[u8]) -> Vec<u8> {
        let point = (ProjectivePoint::<C>::GENERATOR * Self::little_endian_scalar(d)).to_affine();
        [reversed::<C>(&point.x()), reversed::<C>(&point.y())].concat()
    }

    fn sign(&self, d: &[u8], k: &[u8], digest: &[u8]) -> Option<Vec<u8>> {
        let (d, k) = (Self::little_endian_scalar(d), Self::little_endian_scalar(k));
        let r = Self::abscissa(ProjectivePoint::GENERATOR * k)?;
        let s = r * d + k * Self::number(digest);
        let usable = r != Scalar::<C>::ZERO && s != Scalar::<C>::ZERO;
        usable.then(|| [s.to_repr(), r.to_repr()].concat())
    }

    fn verify(&self, public_key: &[u8], digest: &[u8], signature: &[u8]) -> bool {
        let key = Self::point(public_key);
        let (s, r) = signature.split_at(signature.len() / 2);
        let (Some(s), Some(r)) = (Self::scalar(s), Self::scalar(r)) else { return false };
        let v = Self::number(digest).invert().expect("e is not 0");
        let point = ProjectivePoint::GENERATOR * (s * v) + key * -(r * v);
        Self::abscissa(point) == Some(r)
    }
}

fn reversed<C: Curve>(octets: &[u8]) -> FieldBytes<C> {
    octets.iter().rev().copied().collect()
}

const ROUNDS: usize = 20;
