//! GOST R 34.10-2012 over any group.

use alloc::{boxed::Box, vec::Vec};

use once_cell::race::OnceBox;
use zeroize::Zeroizing;

use super::{
    Affine, Arithmetic, Claim, Pair, Prepared,
    field::{Field, Mask, Scalar},
    fixed_base::FixedBase,
    group::{Group, Order, Vartime, invert_all, x_is_vartime},
    limbs::sub,
    straus::{self, KnownPoint},
};
use crate::{error::KeyDefect, number::Number};

/// The algorithms of the standard over the group `G`, with tables computed at first use.
pub(crate) struct Engine<G: Group> {
    generator: OnceBox<FixedBase<G>>,
    odd_multiples: OnceBox<KnownPoint<G>>,
}

impl<G: Group> Engine<G> {
    pub(crate) const fn new() -> Self {
        Self { generator: OnceBox::new(), odd_multiples: OnceBox::new() }
    }

    fn generator(&self) -> &FixedBase<G> {
        self.generator.get_or_init(|| Box::new(FixedBase::new(&G::generator())))
    }
}

impl<G: Vartime> Engine<G> {
    /// Whether r is the x coordinate of z₁·G + z₂·key.
    pub(crate) fn verify_by(&self, key: &Affine, z: &(Number, Number), signature: &Pair) -> bool {
        let known = self.odd_multiples.get_or_init(|| Box::new(KnownPoint::new(&G::generator())));
        let sum = straus::double_multiply_vartime::<G>(known, &z.0, &G::load(key), &z.1);
        x_is_vartime::<G>(&sum, &signature.r)
    }
}

impl<G: Vartime> Arithmetic for Engine<G> {
    fn check(&self, point: &Affine) -> Result<(), KeyDefect> {
        G::decode(point).map(|_| ())
    }

    fn is_scalar(&self, k: &Number) -> bool {
        in_range::<G>(k)
    }

    fn scalar_from_uniform(&self, low: &Number, high: &Number) -> Option<Number> {
        // Reject from the largest multiple of q below 2^(2n) on: 2^(2n) - (2^(2n) mod q).
        let ones =
            high.limbs::<8>()[..G::Order::LIMBS].iter().fold(u64::MAX, |all, limb| all & limb);
        let complement = Number::from_limbs(&low.limbs::<8>().map(|limb| !limb));
        let near = below(&truncate(&complement, G::Order::LIMBS * 8), &G::Order::wide_remainder());
        if Mask::equal(ones & near.word(), u64::MAX).declassify() {
            return None;
        }
        let scalar = G::Order::from_wide(low, high);
        if scalar.is_zero().declassify() { None } else { Some(scalar.to_number()) }
    }

    fn multiply_scalars(&self, a: &Number, b: &Number) -> Number {
        G::Order::from_number(a).mul(&G::Order::from_number(b)).to_number()
    }

    fn invert_scalar(&self, a: &Number) -> Number {
        G::Order::from_number(a).invert().to_number()
    }

    fn public_key(&self, d: &Number) -> Affine {
        let point = self.generator().multiply(d);
        affine::<G>(&point)
    }

    fn sign(&self, d: &Number, digest: &Number, k: &Number) -> Option<Pair> {
        finish::<G>(&self.generator().multiply(k), d, digest, k)
    }

    fn sign_all(&self, d: &Number, items: &[(Number, Zeroizing<Number>)]) -> Vec<Option<Pair>> {
        let points: Vec<_> = items.iter().map(|(_, k)| self.generator().multiply(k)).collect();
        finish_all::<G>(&points, d, items)
    }

    fn verify_all(&self, items: &[Claim]) -> Vec<bool> {
        let multipliers = multipliers_all::<G>(items);
        let verify = |(claim, z): (&Claim, &Option<(Number, Number)>)| {
            z.is_some_and(|z| self.verify_by(&claim.key, &z, &claim.signature))
        };
        items.iter().zip(&multipliers).map(verify).collect()
    }

    fn verify(&self, key: &Affine, digest: &Number, signature: &Pair) -> bool {
        multipliers::<G>(digest, signature).is_some_and(|z| self.verify_by(key, &z, signature))
    }

    fn prepare(&'static self, key: &Affine) -> Box<dyn Prepared> {
        let multiples = FixedBase::new(&G::load(key));
        Box::new(PreparedKey { engine: self, multiples })
    }

    fn agree(&self, d: &Number, ukm: &Number, point: &Affine) -> Option<Affine> {
        let cofactor = Number::from_le(&[G::COFACTOR]);
        let factor = self.multiply_scalars(d, ukm);
        let factor = self.multiply_scalars(&factor, &cofactor);
        G::affine(&straus::multiply::<G>(&G::load(point), &factor))
    }
}

/// Coordinates of a multiple of the generator by a number in [1, q-1]: never at infinity.
pub(crate) fn affine<G: Group>(point: &G::Point) -> Affine {
    G::affine(point).unwrap_or(Affine { x: Number::default(), y: Number::default() })
}

/// RFC 7091, 6.1, steps 4 to 6, from k·G.
pub(crate) fn finish<G: Group>(
    point: &G::Point,
    d: &Number,
    digest: &Number,
    k: &Number,
) -> Option<Pair> {
    halves::<G>(&G::affine(point)?.x, d, digest, k)
}

/// As [`finish`] for many, with one inversion.
pub(crate) fn finish_all<G: Group>(
    points: &[G::Point],
    d: &Number,
    items: &[(Number, Zeroizing<Number>)],
) -> Vec<Option<Pair>> {
    let points = G::affine_all(points);
    let pairs = points.iter().zip(items);
    pairs.map(|(point, (digest, k))| halves::<G>(&point.x, d, digest, k)).collect()
}

/// r and s; `None` where one is zero.
fn halves<G: Group>(x: &Number, d: &Number, digest: &Number, k: &Number) -> Option<Pair> {
    let r = G::Order::from_number(x);
    let e = hash_scalar::<G>(digest);
    let d = G::Order::from_number(d);
    let s = r.mul(&d).add(&G::Order::from_number(k).mul(&e));
    if r.is_zero().declassify() || s.is_zero().declassify() {
        return None;
    }
    Some(Pair { r: r.to_number(), s: s.to_number() })
}

/// A key with its multiples.
struct PreparedKey<G: Group> {
    engine: &'static Engine<G>,
    multiples: FixedBase<G>,
}

impl<G: Vartime> Prepared for PreparedKey<G> {
    fn verify(&self, digest: &Number, signature: &Pair) -> bool {
        let Some((z1, z2)) = multipliers::<G>(digest, signature) else { return false };
        let sum = self.engine.generator().multiply_add_vartime(G::ZERO, &z1);
        x_is_vartime::<G>(&self.multiples.multiply_add_vartime(sum, &z2), &signature.r)
    }
}

/// e: the digest modulo q, and 1 for 0 (RFC 7091, 6.1, step 2).
fn hash_scalar<G: Group>(digest: &Number) -> G::Order {
    let e = G::Order::from_number(digest);
    G::Order::select(e.is_zero(), &G::Order::ONE, &e)
}

/// z₁ = s/e and z₂ = -r/e (RFC 7091, 6.2, steps 3 to 5); `None` where r or s is out of range.
pub(crate) fn multipliers<G: Group>(digest: &Number, signature: &Pair) -> Option<(Number, Number)> {
    if !in_range::<G>(&signature.r) || !in_range::<G>(&signature.s) {
        return None;
    }
    Some(multipliers_by::<G>(&hash_scalar::<G>(digest).invert_vartime(), signature))
}

/// As [`multipliers`] for many, with one inversion.
pub(crate) fn multipliers_all<G: Group>(items: &[Claim]) -> Vec<Option<(Number, Number)>> {
    let digests: Vec<_> = items.iter().map(|claim| hash_scalar::<G>(&claim.digest)).collect();
    let inverses = invert_all(&digests);
    let multipliers = |(claim, v): (&Claim, &G::Order)| {
        let Pair { r, s } = &claim.signature;
        let valid = in_range::<G>(r) && in_range::<G>(s);
        valid.then(|| multipliers_by::<G>(v, &claim.signature))
    };
    items.iter().zip(&inverses).map(multipliers).collect()
}

fn multipliers_by<G: Group>(v: &G::Order, signature: &Pair) -> (Number, Number) {
    let z1 = G::Order::from_number(&signature.s).mul(v);
    let z2 = G::Order::from_number(&signature.r).mul(v).neg();
    (z1.to_number(), z2.to_number())
}

fn in_range<G: Group>(k: &Number) -> bool {
    let nonzero = !Mask::zero(&k.limbs::<8>()).word();
    Mask::equal(nonzero & below(k, &G::Order::modulus()).word(), u64::MAX).declassify()
}

/// Whether a < b.
fn below(a: &Number, b: &Number) -> Mask {
    Mask::from_bit(sub(&a.limbs::<8>(), &b.limbs::<8>()).1)
}

/// The low octets.
fn truncate(number: &Number, octets: usize) -> Number {
    let mut bytes = [0; 64];
    number.write_le(&mut bytes);
    Number::from_le(&bytes[..octets])
}
