//! Whether it pays to look for what comes next, rather than to sleep until it is there.

use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

/// What the calls of one token are like.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// How long the last job took, in nanoseconds.
    last: AtomicU64,
    /// Callers who wait for answers.
    waiting: AtomicUsize,
    /// Calls that are to be slept through: looking was in the way of what was looked for.
    asleep: AtomicU32,
}

/// A caller who waits.
#[derive(Debug)]
pub(super) struct Waiting {
    pace: Arc<Pace>,
    begun: Instant,
}

impl Pace {
    pub(super) fn note(&self, took: Duration) {
        self.last.store(nanoseconds(took), Ordering::Relaxed);
    }

    /// A thread without a job looks for the next one.
    pub(super) fn looks(&self) -> bool {
        let last = self.last.load(Ordering::Relaxed);
        let quick = (1..=nanoseconds(QUICK)).contains(&last);
        quick && self.asleep.load(Ordering::Relaxed) == 0 && has_room()
    }

    pub(super) fn wait(self: &Arc<Self>) -> Waiting {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        Waiting { pace: Arc::clone(self), begun: Instant::now() }
    }

    fn judge(&self, waited: Duration) {
        let beside = nanoseconds(waited).saturating_sub(self.last.load(Ordering::Relaxed));
        if beside > nanoseconds(WAKING) {
            self.asleep.store(SLEPT_THROUGH, Ordering::Relaxed);
        }
    }
}

impl Waiting {
    /// A caller looks for an answer that will be there at once: not behind others' calls.
    pub(super) fn looks(&self) -> bool {
        let alone = self.pace.waiting.load(Ordering::Relaxed) == 1;
        alone && self.pace.looks() && self.begun.elapsed() < QUICK
    }

    /// Learns from an answer that was looked for.
    pub(super) fn found(&self) {
        self.pace.judge(self.begun.elapsed());
    }

    /// Learns from having slept.
    pub(super) fn slept(&self) {
        let left = |calls: u32| calls.checked_sub(1);
        let _none_left = self.pace.asleep.fetch_update(Ordering::Relaxed, Ordering::Relaxed, left);
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.pace.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Whoever looks on the only processor keeps the others from what is looked for.
fn has_room() -> bool {
    static ROOM: OnceLock<bool> = OnceLock::new();
    *ROOM.get_or_init(|| thread::available_parallelism().is_ok_and(|count| count.get() > 1))
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// How long a call may take and be looked for: a signature in software, no device.
const QUICK: Duration = Duration::from_micros(400);
/// What it costs to wake two threads: whoever looks and waits longer has no processor for it.
const WAKING: Duration = Duration::from_micros(25);
const SLEPT_THROUGH: u32 = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_looks_for_slow_answers_nor_in_a_crowd() {
        let pace = Arc::new(Pace::default());
        assert!(!pace.looks(), "nothing is known yet");
        pace.note(Duration::from_micros(60));
        assert_eq!(pace.looks(), has_room());
        let (one, two) = (pace.wait(), pace.wait());
        assert!(!one.looks() && !two.looks());
        drop(two);
        assert_eq!(one.looks(), has_room());
        pace.note(Duration::from_millis(1));
        assert!(!pace.looks() && !one.looks());
    }

    /// Where looking takes longer than waking would have, the next calls sleep; then it is tried again.
    #[test]
    fn whoever_looks_in_vain_sleeps() {
        let pace = Arc::new(Pace::default());
        pace.note(Duration::from_micros(60));
        pace.judge(Duration::from_micros(70));
        assert_eq!(pace.looks(), has_room());
        pace.judge(Duration::from_micros(150));
        for _ in 0..SLEPT_THROUGH {
            assert!(!pace.looks());
            pace.wait().slept();
        }
        assert_eq!(pace.looks(), has_room());
    }
}
