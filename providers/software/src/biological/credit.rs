//! What events are worth; the table is in the module above.

use super::event::{Event, Kind};

/// What changed from one event of a kind to the next: the raw sample of the noise source.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Step {
    pub(super) is_key: bool,
    /// Microseconds.
    pub(super) time: u64,
    /// Key code, or pixels.
    pub(super) x: i64,
    pub(super) y: i64,
}

/// Credit for the events of one pool.
#[derive(Default)]
pub(super) struct Credit {
    half_bits: u32,
    keys: Track,
    pointer: Track,
}

/// The last event and step of a kind.
#[derive(Default)]
struct Track {
    event: Option<Event>,
    step: Option<Step>,
}

impl Credit {
    pub(super) fn half_bits(&self) -> u32 {
        self.half_bits
    }

    /// Begins to count anew; what was last seen stays known.
    pub(super) fn spend(&mut self) {
        self.half_bits = 0;
    }

    /// Credits an event; gives its step where there was one before.
    pub(super) fn take(&mut self, event: &Event) -> Option<Step> {
        let is_key = matches!(event.kind, Kind::Key(_));
        let track = if is_key { &mut self.keys } else { &mut self.pointer };
        let step = track.event.replace(*event).map(|last| Step::between(&last, event));
        let step = step?;
        let regular = track.step.replace(step) == Some(step);
        let moved = is_key || step.x != 0 || step.y != 0;
        if step.time > 0 && moved && !regular {
            self.half_bits = self.half_bits.saturating_add(if is_key { 2 } else { 1 });
        }
        Some(step)
    }
}

impl Step {
    /// Time that runs backwards is no time.
    fn between(last: &Event, event: &Event) -> Self {
        let time = event.at.saturating_sub(last.at);
        match (last.kind, event.kind) {
            (Kind::Pointer(x0, y0), Kind::Pointer(x1, y1)) => {
                let along = |from: i32, to: i32| i64::from(to).saturating_sub(i64::from(from));
                Self { is_key: false, time, x: along(x0, x1), y: along(y0, y1) }
            }
            (_, Kind::Key(code)) => Self { is_key: true, time, x: i64::from(code), y: 0 },
            (_, Kind::Pointer(x, y)) => {
                Self { is_key: false, time, x: i64::from(x), y: i64::from(y) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worth(events: &[(u64, Kind)]) -> u32 {
        let mut credit = Credit::default();
        for (at, kind) in events {
            credit.take(&Event { at: *at, kind: *kind });
        }
        credit.half_bits()
    }

    #[test]
    fn news_are_credited_and_nothing_else() {
        use Kind::{Key, Pointer};
        assert_eq!(worth(&[(0, Key(1))]), 0, "there is no time before the first");
        assert_eq!(worth(&[(0, Key(1)), (9, Key(2))]), 2);
        assert_eq!(worth(&[(0, Key(1)), (0, Key(2))]), 0, "no time passed");
        assert_eq!(worth(&[(9, Key(1)), (3, Key(2))]), 0, "time ran backwards");
        assert_eq!(
            worth(&[(0, Key(1)), (9, Key(1)), (18, Key(1)), (27, Key(1))]),
            2,
            "auto-repeat"
        );
        assert_eq!(worth(&[(0, Pointer(1, 1)), (9, Pointer(2, 1))]), 1);
        assert_eq!(worth(&[(0, Pointer(1, 1)), (9, Pointer(1, 1))]), 0, "nothing moved");
        let line =
            [(0, Pointer(0, 0)), (8, Pointer(1, 1)), (16, Pointer(2, 2)), (24, Pointer(3, 3))];
        assert_eq!(worth(&line), 1, "a straight line at one speed");
        assert_eq!(worth(&[(0, Pointer(i32::MIN, 0)), (9, Pointer(i32::MAX, 0))]), 1);
    }
}
