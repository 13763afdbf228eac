//! This crate against affine big integers, where `primeorder` cannot go.
//!
//! The formulas are those of a textbook (RFC 7091, 5.1), in Weierstrass form also where this crate
//! computes in Edwards form; the numbers are those of `vectors/curves.json`.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may fail by panicking"
)]

use gost3410::ParameterSet;
use num_bigint::BigUint;
use serde_json::Value;

use agreement::{Oracle, check};

#[path = "oracle/agreement.rs"]
mod agreement;

#[test]
fn set_256_a() {
    check(&Affine::new(ParameterSet::TC26_256_A), ROUNDS);
}

#[test]
fn set_512_c() {
    check(&Affine::new(ParameterSet::TC26_512_C), ROUNDS);
}

#[test]
fn set_test_256() {
    check(&Affine::new(ParameterSet::TEST_256), ROUNDS);
}

#[test]
fn set_test_512() {
    check(&Affine::new(ParameterSet::TEST_512), ROUNDS);
}

/// A curve y² = x³ + ax + b over the integers modulo p, with a point of order q.
struct Affine {
    set: ParameterSet,
    p: BigUint,
    a: BigUint,
    b: BigUint,
    q: BigUint,
    base: Finite,
}

type Finite = (BigUint, BigUint);

/// None is infinity.
type Point = Option<Finite>;

impl Affine {
    fn new(set: ParameterSet) -> Self {
        let curves: Value = serde_json::from_str(include_str!("vectors/curves.json")).unwrap();
        let mut curves = curves["vectors"].as_array().unwrap().iter();
        let curve = curves.find(|curve| curve["oid"] == set.oid().to_string()).unwrap();
        let number = |field| {
            let digits: &str = curve[field].as_str().unwrap();
            BigUint::parse_bytes(digits.as_bytes(), 16).unwrap()
        };
        let base = (number("x"), number("y"));
        Self { set, p: number("p"), a: number("a"), b: number("b"), q: number("q"), base }
    }

    /// Reads x ‖ y.
    fn point(&self, octets: &[u8]) -> Finite {
        let (x, y) = octets.split_at(self.set.size());
        let (x, y) = (BigUint::from_bytes_le(x), BigUint::from_bytes_le(y));
        let right = &x * &x * &x + &self.a * &x + &self.b;
        assert_eq!(&y * &y % &self.p, right % &self.p, "is on the curve");
        (x, y)
    }

    fn add(&self, left: &Point, right: &Point) -> Point {
        let (Some((x1, y1)), Some((x2, y2))) = (left, right) else {
            return left.clone().or_else(|| right.clone());
        };
        let p = &self.p;
        let (rise, run) = if x1 != x2 {
            (p + y2 - y1, p + x2 - x1)
        } else if y1 == y2 {
            (x1 * x1 * 3_u8 + &self.a, y1 * 2_u8)
        } else {
            return None;
        };
        // No run is a vertical line: the double of a point of order 2.
        let slope = rise * run.modinv(p)? % p;
        let x = (&slope * &slope + p + p - x1 - x2) % p;
        let y = (slope * (p + x1 - &x) + p - y1) % p;
        Some((x, y))
    }

    fn multiply(&self, number: &BigUint, point: &Finite) -> Point {
        let point = Some(point.clone());
        (0..number.bits()).rev().fold(None, |sum, bit| {
            let double = self.add(&sum, &sum);
            if number.bit(bit) { self.add(&double, &point) } else { double }
        })
    }

    /// e of a digest (RFC 7091, 6.1, step 2).
    fn number(&self, digest: &[u8]) -> BigUint {
        let e = BigUint::from_bytes_le(digest) % &self.q;
        if e == BigUint::ZERO { BigUint::from(1_u8) } else { e }
    }

    fn in_range(&self, number: &BigUint) -> bool {
        *number != BigUint::ZERO && *number < self.q
    }

    fn little_endian(&self, number: &BigUint) -> Vec<u8> {
        let mut octets = number.to_bytes_le();
        octets.resize(self.set.size(), 0);
        octets
    }

    fn big_endian(&self, number: &BigUint) -> Vec<u8> {
        self.little_endian(number).into_iter().rev().collect()
    }
}

impl Oracle for Affine {
    fn set(&self) -> ParameterSet {
        self.set
    }

    fn order(&self) -> Vec<u8> {
        self.little_endian(&self.q)
    }

    fn public_key(&self, d: &[u8]) -> Vec<u8> {
        let (x, y) = self.multiply(&BigUint::from_bytes_le(d), &self.base).expect("0 < d < q");
        [self.little_endian(&x), self.little_endian(&y)].concat()
    }

    fn sign(&self, d: &[u8], k: &[u8], digest: &[u8]) -> Option<Vec<u8>> {
        let (d, k) = (BigUint::from_bytes_le(d), BigUint::from_bytes_le(k));
        let r = self.multiply(&k, &self.base)?.0 % &self.q;
        let s = (&r * d + k * self.number(digest)) % &self.q;
        let usable = self.in_range(&r) && self.in_range(&s);
        usable.then(|| [self.big_endian(&s), self.big_endian(&r)].concat())
    }

    fn verify(&self, public_key: &[u8], digest: &[u8], signature: &[u8]) -> bool {
        let key = self.point(public_key);
        let (s, r) = signature.split_at(self.set.size());
        let (s, r) = (BigUint::from_bytes_be(s), BigUint::from_bytes_be(r));
        if !self.in_range(&s) || !self.in_range(&r) {
            return false;
        }
        let v = self.number(digest).modinv(&self.q).expect("q is prime, e is not 0");
        let (z1, z2) = (s * &v % &self.q, (&self.q - &r) * v % &self.q);
        let sum = self.add(&self.multiply(&z1, &self.base), &self.multiply(&z2, &key));
        sum.is_some_and(|(x, _)| x % &self.q == r)
    }
}

const ROUNDS: usize = 3;
