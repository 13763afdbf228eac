//! Time that the test sets.

use std::sync::{Arc, Mutex, PoisonError};

use gost_ca::Timestamp;
use gost_ca::provider::Clock;

/// A clock that stands still until it is moved; its clones are the same clock.
#[derive(Clone, Debug)]
pub struct MemoryClock(Arc<Mutex<Timestamp>>);

impl MemoryClock {
    /// Starts at a time.
    pub fn at(now: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(now)))
    }

    /// Moves to a time, also back.
    pub fn set(&self, now: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    /// Moves on by whole seconds; at the end of time it stops.
    pub fn advance(&self, seconds: i64) {
        let then = self.now().as_second().saturating_add(seconds);
        self.set(Timestamp::from_second(then).unwrap_or(Timestamp::MAX));
    }
}

impl Clock for MemoryClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
