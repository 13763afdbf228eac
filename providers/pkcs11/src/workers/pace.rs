//! Whether it pays to look for what comes next, rather than to sleep until it is there.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

/// What the calls of one token are like.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// The last job took no longer than to wake two threads, many times over.
    quick: AtomicBool,
    /// Callers who wait for answers.
    waiting: AtomicUsize,
}

/// A caller who waits.
#[derive(Debug)]
pub(super) struct Waiting(Arc<Pace>);

impl Pace {
    pub(super) fn note(&self, took: Duration) {
        self.quick.store(took <= QUICK, Ordering::Relaxed);
    }

    /// A thread without a job looks for the next one.
    pub(super) fn is_quick(&self) -> bool {
        self.quick.load(Ordering::Relaxed) && has_room()
    }

    pub(super) fn wait(self: &Arc<Self>) -> Waiting {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        Waiting(Arc::clone(self))
    }
}

impl Waiting {
    /// A caller looks for the answer where it will be there at once: not behind others' calls.
    pub(super) fn looks(&self) -> bool {
        self.0.waiting.load(Ordering::Relaxed) == 1 && self.0.is_quick()
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Whoever looks on the only processor keeps the others from what is looked for.
fn has_room() -> bool {
    static ROOM: OnceLock<bool> = OnceLock::new();
    *ROOM.get_or_init(|| thread::available_parallelism().is_ok_and(|count| count.get() > 1))
}

/// How long a call may take and be looked for: a signature in software, no device.
pub(super) const QUICK: Duration = Duration::from_micros(400);
