//! Health tests of the raw steps (NIST SP 800-90B, 4.4), with a false alarm in 2^30.

use super::credit::Step;

/// The source repeats itself more than one of the claimed entropy ever would.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Stuck;

/// Watches each kind of step by itself.
#[derive(Default)]
pub(super) struct Health {
    keys: Watch,
    pointer: Watch,
}

impl Health {
    pub(super) fn take(&mut self, step: &Step) -> Result<(), Stuck> {
        if step.is_key { self.keys.take(step, &KEYS) } else { self.pointer.take(step, &POINTER) }
    }
}

/// From how many equal steps on a source is stuck.
struct Cutoffs {
    /// In a row: 1 + 30 / H (4.4.1).
    repetitions: u32,
    /// Among [`WINDOW`]: 1 + critbinom(512, 2^-H, 1 - 2^-30) (4.4.2).
    proportion: u32,
}

/// H = 1 bit.
const KEYS: Cutoffs = Cutoffs { repetitions: 31, proportion: 325 };
/// H = 1/2 bit.
const POINTER: Cutoffs = Cutoffs { repetitions: 61, proportion: 422 };
const WINDOW: u32 = 512;

#[derive(Default)]
struct Watch {
    last: Option<Step>,
    repetitions: u32,
    first: Option<Step>,
    seen: u32,
    equal: u32,
}

impl Watch {
    fn take(&mut self, step: &Step, cutoffs: &Cutoffs) -> Result<(), Stuck> {
        let again = self.last.replace(*step) == Some(*step);
        self.repetitions = if again { self.repetitions.saturating_add(1) } else { 1 };
        if self.seen == 0 {
            (self.first, self.equal) = (Some(*step), 0);
        }
        self.seen = self.seen.saturating_add(1) % WINDOW;
        self.equal = self.equal.saturating_add(u32::from(self.first == Some(*step)));
        let stuck = self.repetitions >= cutoffs.repetitions || self.equal >= cutoffs.proportion;
        if stuck { Err(Stuck) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(time: u64) -> Step {
        Step { is_key: true, time, x: 0, y: 0 }
    }

    /// Which sample of the sequence is the first to alarm.
    fn alarm(times: impl Iterator<Item = u64>) -> Option<usize> {
        let mut health = Health::default();
        times.map(step).position(|step| health.take(&step).is_err())
    }

    #[test]
    fn repetition_count() {
        assert_eq!(alarm(std::iter::repeat_n(7, 100)), Some(30));
        let almost = (0..1000).map(|n| if n % 31 == 30 { n } else { 7 });
        assert_eq!(alarm(almost.take(31)), None);
    }

    #[test]
    fn adaptive_proportion() {
        // Two of three are the first one: 342 of a window of 512 would be.
        assert_eq!(alarm((0..600).map(|n| if n % 3 == 2 { n } else { 7 })), Some(486));
        // Every other: 256 of 512.
        assert_eq!(alarm((0..2000).map(|n| if n % 2 == 1 { n } else { 7 })), None);
    }

    #[test]
    fn kinds_are_watched_apart() {
        let mut health = Health::default();
        for n in 0..29 {
            health.take(&step(7)).unwrap();
            health.take(&Step { is_key: false, time: n, x: 1, y: 1 }).unwrap();
        }
        health.take(&step(7)).unwrap();
        assert_eq!(health.take(&step(7)), Err(Stuck));
    }
}
