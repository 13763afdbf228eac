//! Threads of a provider's own, for work that blocks: the core starts none and never blocks.
#![forbid(unsafe_code)]

use core::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use gost_ca::provider::{ErrorKind, Result};
use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;

/// A few threads behind a bounded queue. They end when the last handle is dropped and the queue is empty.
pub struct Workers {
    queue: SyncSender<Job>,
}

impl Workers {
    /// Starts `threads` threads; at most `waiting` jobs wait for them.
    ///
    /// # Errors
    /// The system's, when no thread starts.
    pub fn start(name: &str, threads: usize, waiting: usize) -> io::Result<Self> {
        let (queue, jobs) = sync_channel(waiting);
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..threads.max(1) {
            let jobs = Arc::clone(&jobs);
            thread::Builder::new().name(name.to_owned()).spawn(move || work(&jobs))?;
        }
        Ok(Self { queue })
    }

    /// Has a job done; dropping the future does not stop it.
    ///
    /// # Errors
    /// `Unavailable` when the queue is full, `Fault` when the job panicked.
    pub async fn run<T: Send + 'static>(
        &self,
        operation: &'static str,
        job: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move || {
            // Nobody may be waiting any more: the caller's future was dropped.
            let _unsent = answer.send(job());
        });
        self.queue.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => ErrorKind::Unavailable.at(operation).because("queue is full"),
            TrySendError::Disconnected(_) => ErrorKind::Fault.at(operation).because("no workers"),
        })?;
        answered.await.map_err(|_| ErrorKind::Fault.at(operation).because("the worker panicked"))?
    }
}

fn work(jobs: &Mutex<Receiver<Job>>) {
    loop {
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        // A panic drops the answer's sender, which the caller sees; the thread lives on.
        let _panicked = catch_unwind(AssertUnwindSafe(job));
    }
}

impl fmt::Debug for Workers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Workers(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn gives_answers_and_survives_panics() {
        let workers = Workers::start("test", 1, 4).unwrap();
        assert_eq!(workers.run("seven", || Ok(7)).await.unwrap(), 7);
        let panic = workers.run::<()>("panic", || panic!("on purpose")).await.unwrap_err();
        assert_eq!(*panic.kind(), ErrorKind::Fault);
        assert_eq!(workers.run("eight", || Ok(8)).await.unwrap(), 8);
    }

    #[tokio::test]
    async fn refuses_when_full() {
        let workers = Workers::start("test", 1, 1).unwrap();
        let (release, blocked) = std::sync::mpsc::channel::<()>();
        let mut context = core::task::Context::from_waker(core::task::Waker::noop());
        let mut busy = Box::pin(workers.run("busy", move || {
            let _released = blocked.recv();
            Ok(())
        }));
        assert!(busy.as_mut().poll(&mut context).is_pending());
        // One runs (or is about to), one waits: of three more at least one is refused.
        let refused = (0..3).filter_map(|_| {
            let mut more = Box::pin(workers.run("more", || Ok(())));
            match more.as_mut().poll(&mut context) {
                core::task::Poll::Ready(answer) => Some(answer.unwrap_err()),
                core::task::Poll::Pending => None,
            }
        });
        let refused: Vec<_> = refused.collect();
        assert!(!refused.is_empty());
        assert!(refused.iter().all(|error| *error.kind() == ErrorKind::Unavailable));
        release.send(()).unwrap();
        busy.await.unwrap();
    }
}
