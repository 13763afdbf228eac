//! A thread that knows when each call should have been answered.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

type Late = Box<dyn FnOnce() + Send>;

/// Calls what it was given, unless the ticket is dropped in time.
pub(super) struct Watch {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    news: Condvar,
    longest: Duration,
}

#[derive(Default)]
struct State {
    expected: BTreeMap<(Instant, u64), Late>,
    next: u64,
    /// The thread sleeps until it is woken; else it wakes by itself soon enough.
    asleep: bool,
    over: bool,
}

/// One call that is waited for.
pub(super) struct Ticket {
    shared: Arc<Shared>,
    key: (Instant, u64),
}

impl Watch {
    pub(super) fn start(name: &str, longest: Duration) -> io::Result<Self> {
        let shared = Arc::new(Shared { state: Mutex::default(), news: Condvar::new(), longest });
        let watched = Arc::clone(&shared);
        thread::Builder::new().name(format!("{name} watch")).spawn(move || watched.keep())?;
        Ok(Self { shared })
    }

    pub(super) fn expect(&self, late: Late) -> Ticket {
        // Far beyond any patience there is no deadline.
        let now = Instant::now();
        let deadline = now.checked_add(self.shared.longest).unwrap_or(now);
        let mut state = self.shared.state();
        let key = (deadline, state.next);
        state.next = state.next.wrapping_add(1);
        state.expected.insert(key, late);
        if state.asleep {
            self.shared.news.notify_one();
        }
        drop(state);
        Ticket { shared: Arc::clone(&self.shared), key }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.shared.state().over = true;
        self.shared.news.notify_one();
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let late = self.shared.state().expected.remove(&self.key);
        drop(late); // outside the lock
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self) {
        let mut state = self.state();
        while !state.over || !state.expected.is_empty() {
            state = match state.expected.first_entry() {
                Some(first) if first.key().0 <= Instant::now() => {
                    let late = first.remove();
                    drop(state);
                    late();
                    self.state()
                }
                Some(first) => {
                    let wait = first.key().0.saturating_duration_since(Instant::now());
                    self.nap(state, wait)
                }
                // Every deadline is as long away as the first: it cannot be missed in this nap.
                None => self.rest(state),
            };
        }
    }

    fn nap<'a>(&'a self, state: MutexGuard<'a, State>, wait: Duration) -> MutexGuard<'a, State> {
        self.news.wait_timeout(state, wait).unwrap_or_else(PoisonError::into_inner).0
    }

    fn rest<'a>(&'a self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        let mut state = self.nap(state, self.longest);
        if state.expected.is_empty() && !state.over {
            state.asleep = true;
            state = self.news.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.asleep = false;
        }
        state
    }
}
