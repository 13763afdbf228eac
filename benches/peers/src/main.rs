//! Measures our signatures and prints rows: peer, algorithm, work, operations a second.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::expect_used,
    reason = "a bench measures in floating point and may fail by panicking"
)]

use std::{env, hint::black_box};

use getrandom::SysRng;
use gost3410::{ParameterSet, SigningKey};
use rustix::time::{ClockId, clock_gettime};

const SETS: &[(&str, ParameterSet)] = &[
    ("256-A", ParameterSet::TC26_256_A),
    ("256-B", ParameterSet::TC26_256_B),
    ("256-C", ParameterSet::TC26_256_C),
    ("256-D", ParameterSet::TC26_256_D),
    ("512-A", ParameterSet::TC26_512_A),
    ("512-B", ParameterSet::TC26_512_B),
    ("512-C", ParameterSet::TC26_512_C),
];

fn main() {
    let bench = Bench::from_environment();
    for (name, set) in SETS {
        let key = SigningKey::generate(*set, &mut SysRng).expect("the system has randomness");
        let digest = vec![0x5a; set.size()];
        let sign = || key.sign_prehash(&digest, &mut SysRng).expect("signs");
        let signature = sign();
        let public = key.verifying_key();
        let verified = |result: Result<(), gost3410::Error>| result.expect("verifies");
        bench.run(name, "sign", 1, || {
            black_box(sign());
        });
        bench.run(name, "verify", 1, || verified(public.verify_prehash(&digest, &signature)));
        let prepared = public.prepare();
        bench.run(name, "verify, prepared key", 1, || {
            verified(prepared.verify_prehash(&digest, &signature));
        });
        bench.run(name, "generate", 1, || {
            drop(black_box(SigningKey::generate(*set, &mut SysRng).expect("generates")));
        });
        let octets = public.to_le_bytes();
        bench.run(name, "decode key", 1, || {
            drop(gost3410::VerifyingKey::from_le_bytes(*set, &octets).expect("decodes"));
        });
    }
}

/// How long and what to measure.
struct Bench {
    seconds: f64,
    filter: String,
    peer: String,
}

impl Bench {
    /// `BENCH_MS` milliseconds a row, rows that contain `BENCH_FILTER`, under the name `BENCH_PEER`.
    fn from_environment() -> Self {
        let variable = |name| env::var(name).unwrap_or_default();
        let milliseconds = variable("BENCH_MS").parse().unwrap_or(200.0);
        let peer = variable("BENCH_PEER");
        Self {
            seconds: milliseconds / 1000.0,
            filter: variable("BENCH_FILTER"),
            peer: if peer.is_empty() { "gost3410".to_owned() } else { peer },
        }
    }

    /// Best of five runs, in thread CPU time.
    fn run(&self, algorithm: &str, work: &str, items: u32, mut once: impl FnMut()) {
        if !format!("{algorithm} {work}").contains(&self.filter) {
            return;
        }
        once();
        let runs = (0..5).map(|_| self.rate(&mut once)).fold(0.0, f64::max);
        println!("{}\t{algorithm}\t{work}\t{:.0}", self.peer, runs * f64::from(items));
    }

    fn rate(&self, once: &mut impl FnMut()) -> f64 {
        let (start, mut count, mut batch) = (cpu(), 0_u64, 1_u64);
        loop {
            (0..batch).for_each(|_| once());
            count += batch;
            let elapsed = cpu() - start;
            if elapsed >= self.seconds / 5.0 {
                return count as f64 / elapsed;
            }
            batch = ((self.seconds / 200.0) * count as f64 / elapsed).clamp(1.0, 1e6) as u64;
        }
    }
}

/// Seconds of this thread on the processor.
fn cpu() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}
