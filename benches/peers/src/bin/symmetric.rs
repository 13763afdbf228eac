//! Measures our hashes and ciphers; see `run.sh`.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a bench may fail by panicking")]

use std::hint::black_box;

use gost_hash::{streebog256, streebog256_many, streebog512, streebog512_many};
use gost_symmetric::{CtrAcpkm, GostCipher, Kuznyechik, Magma, Mgm, omac};

use self::bench::Bench;
use self::lengths::{LENGTHS, megabytes};

#[path = "../bench.rs"]
mod bench;
#[path = "../lengths.rs"]
mod lengths;

fn main() {
    let bench = Bench::from_environment("gost-hash, gost-symmetric");
    hashes(&bench, "Streebog-256", streebog256, streebog256_many);
    hashes(&bench, "Streebog-512", streebog512, streebog512_many);
    ciphers::<Kuznyechik>(&bench, "Kuznyechik");
    ciphers::<Magma>(&bench, "Magma");
}

fn hashes<const N: usize>(
    bench: &Bench,
    name: &str,
    one: impl Fn(&[u8]) -> [u8; N],
    many: impl Fn(&[&[u8]]) -> Vec<[u8; N]>,
) {
    let data = vec![0x5a; 1 << 20];
    for (work, length) in LENGTHS {
        let message = &data[..length];
        bench.run(name, work, megabytes(length), || {
            black_box(one(black_box(message)));
        });
    }
    let messages = [&data[..1500], &data[1500..3000], &data[3000..4500], &data[4500..6000]];
    bench.run(name, "1.5 kB, four at a time", megabytes(6000), || {
        drop(black_box(many(black_box(&messages))));
    });
}

fn ciphers<C: GostCipher>(bench: &Bench, name: &str) {
    let mut data = vec![0x5a; 1 << 20];
    let megabytes = megabytes(data.len());
    let (key, nonce) = ([7; 32], [1; 16]);
    let (block, half) = (&nonce[..C::BLOCK], &nonce[..C::BLOCK / 2]);
    bench.run(&format!("{name} CTR-ACPKM"), "1 MiB", megabytes, || {
        CtrAcpkm::<C>::new(&key, half, C::SECTION).expect("starts").apply(&mut data);
    });
    let mgm = Mgm::<C>::new(&key);
    bench.run(&format!("{name} MGM"), "1 MiB", megabytes, || {
        black_box(mgm.seal(block, b"", &mut data).expect("seals"));
    });
    bench.run(&format!("{name} OMAC"), "1 MiB", megabytes, || {
        black_box(omac::<C>(&key, &[&data]));
    });
}
