//! A bounded queue. One of the threads that have nothing to do looks for the next job for a moment before it
//! sleeps: to wake a thread takes longer than many a call of a module.

use std::collections::VecDeque;
use std::hint;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub(super) struct Queue<J> {
    state: Mutex<State<J>>,
    /// Jobs in the state: seen without the lock.
    length: AtomicUsize,
    news: Condvar,
    longest: usize,
}

struct State<J> {
    jobs: VecDeque<J>,
    /// A thread looks: it takes a job without being woken.
    looked_at: bool,
    asleep: usize,
    over: bool,
}

/// A job that found no room.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Full;

impl<J> Queue<J> {
    pub(super) const fn new(longest: usize) -> Self {
        let state = State { jobs: VecDeque::new(), looked_at: false, asleep: 0, over: false };
        let (length, news) = (AtomicUsize::new(0), Condvar::new());
        Self { state: Mutex::new(state), length, news, longest }
    }

    pub(super) fn push(&self, job: J) -> Result<(), Full> {
        let mut state = self.state();
        if state.jobs.len() >= self.longest {
            return Err(Full);
        }
        state.jobs.push_back(job);
        let wakes = state.asleep > 0 && state.jobs.len() > usize::from(state.looked_at);
        self.show(&state);
        drop(state);
        if wakes {
            self.news.notify_one();
        }
        Ok(())
    }

    /// The next job; none when the queue has ended and is empty. `looks` before it sleeps, unless another does.
    pub(super) fn take(&self, looks: bool) -> Option<J> {
        let (mut state, mut looks) = (self.state(), looks);
        loop {
            if let Some(job) = state.jobs.pop_front() {
                self.show(&state);
                return Some(job);
            }
            if state.over {
                return None;
            }
            state = if looks && !state.looked_at { self.look(state) } else { self.sleep(state) };
            looks = false;
        }
    }

    /// What is in the queue is still done.
    pub(super) fn end(&self) {
        self.state().over = true;
        self.news.notify_all();
    }

    fn look<'a>(&'a self, mut state: MutexGuard<'a, State<J>>) -> MutexGuard<'a, State<J>> {
        state.looked_at = true;
        drop(state);
        let begun = Instant::now();
        while self.length.load(Ordering::Relaxed) == 0 && begun.elapsed() < MOMENT {
            hint::spin_loop();
        }
        let mut state = self.state();
        state.looked_at = false;
        state
    }

    fn sleep<'a>(&'a self, mut state: MutexGuard<'a, State<J>>) -> MutexGuard<'a, State<J>> {
        state.asleep = state.asleep.saturating_add(1);
        let mut state = self.news.wait(state).unwrap_or_else(PoisonError::into_inner);
        state.asleep = state.asleep.saturating_sub(1);
        state
    }

    fn show(&self, state: &State<J>) {
        self.length.store(state.jobs.len(), Ordering::Relaxed);
    }

    fn state(&self) -> MutexGuard<'_, State<J>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// As long as it takes to come back with the next message.
const MOMENT: Duration = Duration::from_micros(50);

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU64;
    use std::thread;

    use super::*;

    #[test]
    fn jobs_come_in_order_and_after_the_end_too() {
        let queue = Queue::new(2);
        queue.push(1).unwrap();
        queue.push(2).unwrap();
        assert_eq!(queue.push(3), Err(Full));
        queue.end();
        assert_eq!(
            [queue.take(true), queue.take(false), queue.take(true)],
            [Some(1), Some(2), None]
        );
    }

    /// Whoever looks, sleeps or works: each job is taken once, and all threads end.
    #[test]
    fn no_job_is_lost_and_none_is_done_twice() {
        let (queue, sum) = (Queue::new(1000), AtomicU64::new(0));
        thread::scope(|scope| {
            for thread in 0..4 {
                let (queue, sum) = (&queue, &sum);
                scope.spawn(move || {
                    while let Some(job) = queue.take(thread % 2 == 0) {
                        sum.fetch_add(job, Ordering::Relaxed);
                    }
                });
            }
            for job in 1..=10_000 {
                while queue.push(job).is_err() {
                    thread::yield_now();
                }
                if job % 100 == 0 {
                    thread::sleep(MOMENT);
                }
            }
            queue.end();
        });
        assert_eq!(sum.into_inner(), 10_000 * 10_001 / 2);
    }
}
