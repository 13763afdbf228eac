//! Measures our signatures; see `run.sh`.
#![expect(clippy::expect_used, reason = "a bench may fail by panicking")]

use std::hint::black_box;

use getrandom::SysRng;
use gost3410::{ParameterSet, SigningKey, Verification, verify_batch};

use self::bench::Bench;

#[path = "../bench.rs"]
mod bench;

const SETS: &[(&str, ParameterSet)] = &[
    ("256-A", ParameterSet::TC26_256_A),
    ("256-B", ParameterSet::TC26_256_B),
    ("256-C", ParameterSet::TC26_256_C),
    ("256-D", ParameterSet::TC26_256_D),
    ("512-A", ParameterSet::TC26_512_A),
    ("512-B", ParameterSet::TC26_512_B),
    ("512-C", ParameterSet::TC26_512_C),
];

/// Items of a batch.
const BATCH: usize = 64;

fn main() {
    let bench = Bench::from_environment("gost3410");
    for (name, set) in SETS.iter().filter(|(name, _)| bench.wants(name)) {
        signatures(&bench, name, *set);
    }
}

fn signatures(bench: &Bench, name: &str, set: ParameterSet) {
    let key = SigningKey::generate(set, &mut SysRng).expect("the system has randomness");
    let digest = vec![0x5a; set.size()];
    let sign = || key.sign_prehash(&digest, &mut SysRng).expect("signs");
    let signature = sign();
    let public = key.verifying_key();
    bench.run(name, "sign", 1.0, || {
        black_box(sign());
    });
    bench.run(name, "verify", 1.0, || {
        public.verify_prehash(&digest, &signature).expect("verifies");
    });
    let digests = vec![digest.as_slice(); BATCH];
    bench.run(name, "sign, batch of 64", 64.0, || {
        black_box(key.sign_batch(&digests, &mut SysRng).expect("signs"));
    });
    let items = vec![Verification { key: public, digest: &digest, signature: &signature }; BATCH];
    bench.run(name, "verify, batch of 64", 64.0, || {
        assert!(verify_batch(&items).iter().all(Result::is_ok));
    });
    let prepared = public.prepare();
    bench.run(name, "verify, prepared key", 1.0, || {
        prepared.verify_prehash(&digest, &signature).expect("verifies");
    });
    bench.run(name, "generate", 1.0, || {
        drop(black_box(SigningKey::generate(set, &mut SysRng).expect("generates")));
    });
}
