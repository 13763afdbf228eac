//! Measures our hashes and ciphers and prints rows: peer, algorithm, work, octets a second.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a bench may fail by panicking")]

use std::hint::black_box;

use gost_hash::{pbkdf2_hmac_streebog512, streebog256, streebog256_many, streebog512};
use gost_symmetric::{CtrAcpkm, GostCipher, Kuznyechik, Magma, Mgm, omac};

use self::bench::Bench;

#[path = "../bench.rs"]
mod bench;

fn main() {
    let bench = Bench::from_environment("gost-ca");
    hashes(&bench);
    ciphers::<Kuznyechik>(&bench, "kuznyechik");
    ciphers::<Magma>(&bench, "magma");
}

fn hashes(bench: &Bench) {
    let data = vec![0x5a; 1 << 20];
    for length in [64, 1024, 1500, 1 << 20] {
        let message = &data[..length];
        bench.run("Streebog256", &format!("hash {length}B"), octets(length), || {
            black_box(streebog256(black_box(message)));
        });
        bench.run("Streebog512", &format!("hash {length}B"), octets(length), || {
            black_box(streebog512(black_box(message)));
        });
    }
    let messages = [&data[..1500], &data[1500..3000], &data[3000..4500], &data[4500..6000]];
    bench.run("Streebog256", "hash 4 x 1500B", 6000, || {
        drop(black_box(streebog256_many(black_box(&messages))));
    });
    bench.run("PBKDF2-HMAC-Streebog512", "iterations", 1000, || {
        let mut key = [0; 32];
        pbkdf2_hmac_streebog512(b"password", b"salt", 1000, &mut key).expect("derives");
        black_box(key);
    });
}

fn ciphers<C: GostCipher>(bench: &Bench, name: &str) {
    let mut data = vec![0x5a; 1 << 20];
    let (key, nonce) = ([7; 32], [1; 16]);
    let (block, half) = (&nonce[..C::BLOCK], &nonce[..C::BLOCK / 2]);
    bench.run(&format!("{name}-ctr-acpkm"), "1048576B", octets(data.len()), || {
        CtrAcpkm::<C>::new(&key, half, C::SECTION).expect("starts").apply(&mut data);
    });
    let mgm = Mgm::<C>::new(&key);
    bench.run(&format!("{name}-mgm"), "1048576B", octets(data.len()), || {
        black_box(mgm.seal(block, b"", &mut data).expect("seals"));
    });
    bench.run(&format!("{name}-omac"), "1048576B", octets(data.len()), || {
        black_box(omac::<C>(&key, &[&data]));
    });
}

fn octets(length: usize) -> u32 {
    length.try_into().expect("is short")
}
