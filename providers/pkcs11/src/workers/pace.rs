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
    /// How many it was the last time; twice as many next time, unless it went well in between.
    slept_through: AtomicU32,
}

/// A caller who waits.
#[derive(Debug)]
pub(super) struct Waiting {
    pace: Arc<Pace>,
    begun: Instant,
    has_looked: bool,
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
        Waiting { pace: Arc::clone(self), begun: Instant::now(), has_looked: false }
    }

    /// Learns from a call that was looked for: whether that took longer than to be woken.
    fn judge(&self, waited: Duration) {
        let beside = nanoseconds(waited).saturating_sub(self.last.load(Ordering::Relaxed));
        if beside <= nanoseconds(WAKING) {
            self.slept_through.store(0, Ordering::Relaxed);
            return;
        }
        let before = self.slept_through.load(Ordering::Relaxed);
        let calls = before.saturating_mul(2).clamp(FEWEST, MOST);
        self.slept_through.store(calls, Ordering::Relaxed);
        self.asleep.store(calls, Ordering::Relaxed);
    }

    fn sleep_through_one(&self) {
        let left = |calls: u32| calls.checked_sub(1);
        let _none_left = self.asleep.fetch_update(Ordering::Relaxed, Ordering::Relaxed, left);
    }
}

impl Waiting {
    /// A caller looks for an answer that will be there at once: not behind others' calls.
    pub(super) fn looks(&mut self) -> bool {
        let alone = self.pace.waiting.load(Ordering::Relaxed) == 1;
        let looks = alone && self.pace.looks() && self.begun.elapsed() < QUICK;
        self.has_looked |= looks;
        looks
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.pace.waiting.fetch_sub(1, Ordering::Relaxed);
        if self.has_looked {
            self.pace.judge(self.begun.elapsed());
        } else {
            self.pace.sleep_through_one();
        }
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
/// Somebody else wants the processor for a moment; for longer.
const FEWEST: u32 = 4;
const MOST: u32 = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_looks_for_slow_answers_nor_in_a_crowd() {
        let pace = Arc::new(Pace::default());
        assert!(!pace.looks(), "nothing is known yet");
        pace.note(Duration::from_micros(60));
        assert_eq!(pace.looks(), has_room());
        let (mut one, mut two) = (pace.wait(), pace.wait());
        assert!(!one.looks() && !two.looks());
        drop(two);
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
        for slept_through in [FEWEST, FEWEST * 2, FEWEST * 4] {
            pace.judge(Duration::from_micros(150));
            for _ in 0..slept_through {
                assert!(!pace.looks());
                drop(pace.wait());
            }
            assert_eq!(pace.looks(), has_room());
        }
    }
}
