//! Signing and verifying on every parameter set, as the library does it: a message of 1.5 kB, hashed and signed.
//!
//! `cargo bench --bench signatures`; ratios to other implementations are printed by `benches/peers/run.sh`.

use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use gost_ca::provider::key_store::Message;
use gost_ca::provider::verifier::Check;
use gost_ca::provider::{Signer, Verifier};
use gost_ca_software::{GostSigner, GostVerifier, SystemRng};
use gost3410::{ParameterSet, SigningKey};
use tokio::runtime::Runtime;

const SETS: [(&str, ParameterSet); 7] = [
    ("256-A", ParameterSet::TC26_256_A),
    ("256-B", ParameterSet::TC26_256_B),
    ("256-C", ParameterSet::TC26_256_C),
    ("256-D", ParameterSet::TC26_256_D),
    ("512-A", ParameterSet::TC26_512_A),
    ("512-B", ParameterSet::TC26_512_B),
    ("512-C", ParameterSet::TC26_512_C),
];

fn signatures(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let message = [0x30; 1500];
    for (name, set) in SETS {
        let mut octets = vec![7; set.size()];
        *octets.last_mut().unwrap() = 1;
        let key = SigningKey::from_le_bytes(set, &octets).unwrap();
        let signer = GostSigner::new(key, Arc::new(SystemRng)).unwrap();
        let mut group = criterion.benchmark_group(name);
        group.bench_function("sign", |bencher| {
            bencher.iter(|| runtime.block_on(signer.sign(Message::Bytes(&message))).unwrap());
        });
        let signature = runtime.block_on(signer.sign(Message::Bytes(&message))).unwrap();
        let (key, algorithm) = (signer.public_key(), signer.algorithm());
        let check = Check { key, algorithm, message: &message, signature: &signature };
        group.bench_function("verify", |bencher| {
            bencher.iter(|| GostVerifier.verify(&check).unwrap());
        });
        group.finish();
    }
}

criterion_group!(benches, signatures);
criterion_main!(benches);
