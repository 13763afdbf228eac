//! Looks for timing that depends on the private key, by statistics over measured times.
//!
//! ```text
//! cargo run --release -p gost3410 --example timing [samples]
//! ```
//!
//! Half of the measurements use one fixed key (d = 1, the sparsest), half use random keys; Welch's
//! t-test then asks whether the two samples have the same mean, over all times and over the times
//! below several percentiles (O. Reparaz, J. Balasch, I. Verbauwhede, "Dude, is my code constant
//! time?", 2016). |t| above 10 says that they differ; below 4.5 nothing was found.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::unwrap_used,
    reason = "a measuring example may fail by panicking"
)]

use std::{env, hint::black_box, time::Instant};

use getrandom::SysRng;
use gost3410::{ParameterSet, SigningKey, vko};
use rand_core::TryRng;

/// Classes of inputs.
const FIXED: usize = 0;
const PERCENTILES: [usize; 5] = [10, 25, 50, 90, 100];

fn main() {
    let samples = env::args().nth(1).map_or(20_000, |count| count.parse().unwrap());
    println!("set\twork\tt at percentiles {PERCENTILES:?}");
    for set in [
        ParameterSet::TC26_256_A,
        ParameterSet::TC26_256_B,
        ParameterSet::TC26_256_C,
        ParameterSet::TC26_512_A,
        ParameterSet::TC26_512_C,
    ] {
        let peer = SigningKey::generate(set, &mut SysRng).unwrap();
        let digest = vec![3; set.size()];
        report(set, "public key", samples, &|key| {
            drop(black_box(SigningKey::from_le_bytes(set, &key.to_le_bytes())));
        });
        report(set, "sign", samples, &|key| {
            black_box(key.sign_prehash(&digest, &mut SysRng).unwrap());
        });
        report(set, "agree", samples / 4, &|key| {
            drop(black_box(vko(key, peer.verifying_key(), &[1; 8]).unwrap()));
        });
    }
}

/// Measures both classes in random order and prints the statistics.
fn report(set: ParameterSet, work: &str, samples: usize, act: &dyn Fn(&SigningKey)) {
    let mut one = vec![0; set.size()];
    *one.first_mut().unwrap() = 1;
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..samples {
        let class = usize::from(SysRng.try_next_u32().unwrap() & 1 == 1);
        // Both classes make a random key, so that the caches see the same.
        let random = SigningKey::generate(set, &mut SysRng).unwrap();
        let fixed = SigningKey::from_le_bytes(set, &one).unwrap();
        let key = if class == FIXED { fixed } else { random };
        let start = Instant::now();
        act(&key);
        let elapsed = start.elapsed().as_nanos() as f64;
        times.get_mut(class).unwrap().push(elapsed);
    }
    let mut all: Vec<_> = times.iter().flatten().copied().collect();
    all.sort_by(f64::total_cmp);
    let statistics = PERCENTILES.map(|percentile| {
        let limit = all.get((all.len() - 1) * percentile / 100).copied().unwrap();
        format!("{:+.1}", welch(&times, limit))
    });
    println!("{}\t{work}\t{}", set.name(), statistics.join("\t"));
}

/// Welch's t of the times up to a limit.
fn welch(times: &[Vec<f64>; 2], limit: f64) -> f64 {
    let [(n0, mean0, var0), (n1, mean1, var1)] = times.each_ref().map(|times| {
        let kept: Vec<_> = times.iter().filter(|time| **time <= limit).collect();
        let count = kept.len() as f64;
        let mean = kept.iter().copied().sum::<f64>() / count;
        let squares: f64 = kept.iter().map(|time| (*time - mean).powi(2)).sum();
        (count, mean, squares / (count - 1.0))
    });
    (mean0 - mean1) / (var0 / n0 + var1 / n1).sqrt()
}
