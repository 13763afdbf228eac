//! Every back-end against the vectors and against the portable one.

use alloc::{string::String, vec, vec::Vec};
use std::println;

use serde_json::Value;

use super::{Affine, Arithmetic, Claim, Pair, curves};
use crate::{Curve, ParameterSet, error::KeyDefect, number::Number};

extern crate std;

/// The back-ends this processor can run.
fn back_ends(curve: Curve) -> Vec<(&'static str, &'static dyn Arithmetic)> {
    #[cfg_attr(not(target_arch = "x86_64"), expect(unused_mut, reason = "nothing to add"))]
    let mut back_ends = vec![("portable", curves::portable(curve))];
    #[cfg(target_arch = "x86_64")]
    if super::adx::available() {
        back_ends.push(("adx", curves::adx(curve)));
    }
    #[cfg(target_arch = "x86_64")]
    if super::ifma::available() {
        back_ends.push(("ifma", curves::ifma(curve)));
    }
    back_ends
}

fn vectors() -> Vec<Value> {
    let json: Value =
        serde_json::from_str(include_str!("../../tests/vectors/gost3410_sign.json")).unwrap();
    json["vectors"].as_array().unwrap().clone()
}

fn number(vector: &Value, field: &str) -> Number {
    Number::from_be(&hex::decode(vector[field].as_str().unwrap()).unwrap())
}

fn curve(vector: &Value) -> Curve {
    let oid = spki::ObjectIdentifier::new(vector["curve_oid"].as_str().unwrap()).unwrap();
    ParameterSet::from_oid(oid).unwrap().curve()
}

#[test]
fn signatures_with_known_nonces() {
    for vector in vectors() {
        let digest = hex::decode(vector["hash"].as_str().unwrap()).unwrap();
        let digest = Number::from_le(&digest);
        let (d, k) = (number(&vector, "d"), number(&vector, "k"));
        let expected = Pair { r: number(&vector, "r"), s: number(&vector, "s") };
        let key = Affine { x: number(&vector, "Qx"), y: number(&vector, "Qy") };
        for (name, arithmetic) in back_ends(curve(&vector)) {
            let context = (name, vector["id"].as_str());
            assert!(arithmetic.public_key(&d) == key, "{context:?}");
            assert_eq!(arithmetic.check(&key), Ok(()), "{context:?}");
            assert!(arithmetic.sign(&d, &digest, &k) == Some(expected), "{context:?}");
            let items = vec![(digest, zeroize::Zeroizing::new(k)); 3];
            assert!(arithmetic.sign_all(&d, &items) == [Some(expected); 3], "{context:?}");
            assert!(arithmetic.verify(&key, &digest, &expected), "{context:?}");
            assert!(arithmetic.prepare(&key).verify(&digest, &expected), "{context:?}");
            let claim = Claim { key, digest, signature: expected };
            assert_eq!(arithmetic.verify_all(&[claim; 11]), [true; 11], "{context:?}");
        }
    }
}

/// Numbers that hurt: small, near q, sparse, dense, and arbitrary ones.
fn scalars(arithmetic: &dyn Arithmetic) -> Vec<Number> {
    let mut scalars: Vec<_> = (1..40_u8).map(|small| Number::from_le(&[small])).collect();
    for i in (0..64).step_by(5) {
        let mut octets = vec![0; 64];
        octets[i] = 0x10;
        scalars.push(Number::from_le(&octets));
        octets[..i].fill(0xff);
        scalars.push(Number::from_le(&octets));
        scalars.push(Number::from_le(&gost_hash::streebog512(&[u8::try_from(i).unwrap()])));
        let mut octets = gost_hash::streebog512(&octets);
        octets[32..].fill(0);
        scalars.push(Number::from_le(&octets));
    }
    scalars.extend(largest(arithmetic));
    scalars.retain(|scalar| arithmetic.is_scalar(scalar));
    scalars
}

/// q - 1, q - 2, …: the largest numbers accepted, found bit by bit.
fn largest(arithmetic: &dyn Arithmetic) -> Vec<Number> {
    let mut limbs = [0_u64; 8];
    for bit in (0..512).rev() {
        limbs[bit / 64] |= 1 << (bit % 64);
        if !arithmetic.is_scalar(&Number::from_limbs(&limbs)) {
            limbs[bit / 64] &= !(1 << (bit % 64));
        }
    }
    let below = |by| super::limbs::sub(&limbs, &[by, 0, 0, 0, 0, 0, 0, 0]).0;
    (0..20).map(|by| Number::from_limbs(&below(by))).collect()
}

#[test]
fn back_ends_agree() {
    for set in ParameterSet::ALL {
        let back_ends = back_ends(set.curve());
        let portable = back_ends[0].1;
        let scalars = scalars(portable);
        println!("{set:?}: {} scalars", scalars.len());
        let keys: Vec<_> = scalars.iter().map(|k| portable.public_key(k)).collect();
        for (name, arithmetic) in &back_ends[1..] {
            for ((k, key), digest) in scalars.iter().zip(&keys).zip(scalars.iter().rev()) {
                assert!(arithmetic.public_key(k) == *key, "{name} {set:?} {}", show(k));
                assert_eq!(arithmetic.check(key), Ok(()), "{name} {set:?} {}", show(k));
                let signature = portable.sign(k, digest, digest);
                assert!(arithmetic.sign(k, digest, digest) == signature, "{name} {}", show(k));
                let shared = portable.agree(digest, k, &keys[3]);
                assert!(arithmetic.agree(digest, k, &keys[3]) == shared, "{name} {}", show(k));
            }
            let claims = claims(portable, &scalars, &keys);
            let verdicts: Vec<_> = claims
                .iter()
                .map(|claim| portable.verify(&claim.key, &claim.digest, &claim.signature))
                .collect();
            assert_eq!(arithmetic.verify_all(&claims), verdicts, "{name} {set:?}");
            assert_eq!(portable.verify_all(&claims), verdicts, "{name} {set:?}");
            for (claim, verdict) in claims.iter().zip(verdicts) {
                let Claim { key, digest, signature } = claim;
                assert_eq!(arithmetic.verify(key, digest, signature), verdict, "{name} {set:?}");
            }
        }
    }
}

/// Signatures of which every third is spoilt.
fn claims(portable: &dyn Arithmetic, scalars: &[Number], keys: &[Affine]) -> Vec<Claim> {
    let items = scalars.iter().zip(keys).enumerate();
    items
        .filter_map(|(i, (k, key))| {
            let digest = scalars[(i * 7 + 3) % scalars.len()];
            let mut signature = portable.sign(k, &digest, &scalars[(i * 5 + 1) % scalars.len()])?;
            if i % 3 == 0 {
                core::mem::swap(&mut signature.r, &mut signature.s);
            }
            Some(Claim { key: *key, digest, signature })
        })
        .collect()
}

#[test]
fn points_of_small_order_are_refused() {
    for curve in [Curve::A256, Curve::C512] {
        let points = small_order_points(curve);
        assert!(points.len() >= 6);
        for (name, arithmetic) in back_ends(curve) {
            for point in &points {
                let refused = arithmetic.check(point);
                assert_eq!(refused, Err(KeyDefect::Order), "{name} {curve:?}");
            }
        }
    }
}

/// Points of order 2, 4, 2q and 4q, from `tests/vectors/edge.json`.
fn small_order_points(curve: Curve) -> Vec<Affine> {
    let json: Value = serde_json::from_str(include_str!("../../tests/vectors/edge.json")).unwrap();
    let size = curve.size();
    let oid = if curve == Curve::A256 { "1.2.643.7.1.2.1.1.1" } else { "1.2.643.7.1.2.1.2.3" };
    let keys = json["keys"].as_array().unwrap().iter();
    keys.filter(|key| key["set"] == oid && key["flags"][0] == "WrongOrder")
        .map(|key| {
            let octets = hex::decode(key["octets"].as_str().unwrap()).unwrap();
            let (x, y) = octets.split_at(size);
            Affine { x: Number::from_le(x), y: Number::from_le(y) }
        })
        .collect()
}

fn show(number: &Number) -> String {
    let mut octets = [0; 64];
    number.write_be(&mut octets);
    hex::encode(octets)
}
