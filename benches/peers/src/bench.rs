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
    group: String,
    peer: String,
}

impl Bench {
    /// `BENCH_MS` milliseconds a row, for subjects that begin with the first argument; rows bear the
    /// name `BENCH_PEER`, or else this one.
    pub(crate) fn from_environment(peer: &str) -> Self {
        let milliseconds = env::var("BENCH_MS").ok().and_then(|text| text.parse().ok());
        Self {
            seconds: milliseconds.unwrap_or(200.0) / 1000.0,
            group: env::args().nth(1).unwrap_or_default(),
            peer: env::var("BENCH_PEER").unwrap_or_else(|_| peer.to_owned()),
        }
    }

    /// Whether the subject is of the group.
    pub(crate) fn wants(&self, subject: &str) -> bool {
        subject.starts_with(&self.group)
    }

    /// Prints the best of five runs of a work that counts as `amount`.
    pub(crate) fn run(&self, subject: &str, work: &str, amount: f64, mut once: impl FnMut()) {
        if !self.wants(subject) {
            return;
        }
        once();
        let best = (0..5).map(|_| self.rate(&mut once)).fold(0.0, f64::max);
        println!("{}\t{subject}\t{work}\t{:.1}", self.peer, best * amount);
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
