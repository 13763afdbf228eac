//! Rates in thread CPU time.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a bench measures in floating point"
)]

use std::env;

use rustix::time::{ClockId, clock_gettime};

/// How long and what to measure.
pub(crate) struct Bench {
    seconds: f64,
    filter: String,
    peer: String,
}

impl Bench {
    /// `BENCH_MS` milliseconds a row, rows that contain `BENCH_FILTER`, under the name `BENCH_PEER`.
    pub(crate) fn from_environment(peer: &str) -> Self {
        let variable = |name| env::var(name).unwrap_or_default();
        let milliseconds = variable("BENCH_MS").parse().unwrap_or(200.0);
        let named = variable("BENCH_PEER");
        Self {
            seconds: milliseconds / 1000.0,
            filter: variable("BENCH_FILTER"),
            peer: if named.is_empty() { peer.to_owned() } else { named },
        }
    }

    /// Best of five runs, in thread CPU time.
    pub(crate) fn run(&self, algorithm: &str, work: &str, items: u32, mut once: impl FnMut()) {
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
