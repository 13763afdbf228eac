//! Measures the crates of others: `primeorder`, `streebog`, `mgm`; see `run.sh`.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a bench may fail by panicking"
)]

use std::hint::black_box;

use kuznyechik::Kuznyechik;
use magma::Magma;
use mgm::Mgm;
use mgm::aead::{AeadInPlace, KeyInit};
use primeorder::elliptic_curve::Group;
use primeorder::elliptic_curve::ops::{LinearCombination, Reduce};
use primeorder::elliptic_curve::point::AffineCoordinates;
use primeorder::{Field, FieldBytes, PrimeCurveParams, ProjectivePoint, Scalar};
use streebog::{Digest, Streebog256, Streebog512};

use self::bench::Bench;
use self::lengths::{LENGTHS, megabytes};

#[path = "../bench.rs"]
mod bench;
#[path = "../../../../providers/primitives/gost3410/tests/oracle/curves.rs"]
mod curves;
#[path = "../lengths.rs"]
mod lengths;

fn main() {
    let primeorder = Bench::from_environment("crate primeorder");
    signatures::<curves::b256::C>(&primeorder, "256-B");
    signatures::<curves::c256::C>(&primeorder, "256-C");
    signatures::<curves::d256::C>(&primeorder, "256-D");
    signatures::<curves::a512::C>(&primeorder, "512-A");
    signatures::<curves::b512::C>(&primeorder, "512-B");
    let streebog = Bench::from_environment("crate streebog");
    hashes::<Streebog256>(&streebog, "Streebog-256");
    hashes::<Streebog512>(&streebog, "Streebog-512");
    authenticated_encryption(&Bench::from_environment("crate mgm"));
}

/// RFC 7091 over the points and scalars of the crate.
fn signatures<C: PrimeCurveParams>(bench: &Bench, name: &str) {
    let (key, e) = (random::<C>(), random::<C>());
    let public = ProjectivePoint::<C>::mul_by_generator(&key);
    let sign = || {
        let k = random::<C>();
        let r = abscissa::<C>(&ProjectivePoint::mul_by_generator(&k));
        (r, r * key + k * e)
    };
    let verify = |(r, s): (Scalar<C>, Scalar<C>)| {
        let v = e.invert().expect("e is not 0");
        let terms = [(ProjectivePoint::<C>::GENERATOR, s * v), (public, -(r * v))];
        assert!(abscissa::<C>(&ProjectivePoint::lincomb_vartime(&terms)) == r);
    };
    let signature = sign();
    bench.run(name, "sign", 1.0, || {
        black_box(sign());
    });
    bench.run(name, "verify", 1.0, || verify(black_box(signature)));
    bench.run(name, "generate", 1.0, || {
        black_box(ProjectivePoint::<C>::mul_by_generator(&random::<C>()).to_affine());
    });
}

fn abscissa<C: PrimeCurveParams>(point: &ProjectivePoint<C>) -> Scalar<C> {
    Reduce::reduce(&point.to_affine().x())
}

fn random<C: PrimeCurveParams>() -> Scalar<C> {
    let mut octets = FieldBytes::<C>::default();
    getrandom::fill(&mut octets).expect("the system has randomness");
    Reduce::reduce(&octets)
}

fn hashes<D: Digest>(bench: &Bench, name: &str) {
    let data = vec![0x5a; 1 << 20];
    for (work, length) in LENGTHS {
        let message = &data[..length];
        bench.run(name, work, megabytes(length), || {
            black_box(D::digest(black_box(message)));
        });
    }
}

fn authenticated_encryption(bench: &Bench) {
    let mut data = vec![0x5a; 1 << 20];
    let megabytes = megabytes(data.len());
    let kuznyechik = Mgm::<Kuznyechik>::new(&[7; 32].into());
    bench.run("Kuznyechik MGM", "1 MiB", megabytes, || {
        let nonce = [1; 16].into();
        black_box(kuznyechik.encrypt_in_place_detached(&nonce, b"", &mut data).expect("seals"));
    });
    let magma = Mgm::<Magma>::new(&[7; 32].into());
    bench.run("Magma MGM", "1 MiB", megabytes, || {
        let nonce = [1; 8].into();
        black_box(magma.encrypt_in_place_detached(&nonce, b"", &mut data).expect("seals"));
    });
}
