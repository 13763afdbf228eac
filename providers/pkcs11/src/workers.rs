//! Threads with a state of their own each, behind a bounded queue, and a watch that nobody waits for ever.

mod pace;
mod queue;
mod watch;

use core::{fmt, hint};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use gost_ca::provider::{ErrorKind, Result};
use tokio::sync::oneshot::{self, error::TryRecvError};
use tokio::task::yield_now;

use pace::{Pace, Waiting};
use queue::{Full, Queue};
use watch::Watch;

type Job<S> = Box<dyn FnOnce(&mut S) + Send>;

/// How many calls wait, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Patience {
    /// Calls in the queue; more are `Unavailable` at once.
    pub(crate) waiting: usize,
    /// How long a call may take, the queue included; then it is `Unavailable`, its outcome unknown.
    pub(crate) longest: Duration,
}

/// Threads that each have an `S`. They end when the last handle is dropped and the queue is empty.
pub(crate) struct Workers<S> {
    queue: Arc<Queue<Job<S>>>,
    pace: Arc<Pace>,
    watch: Watch,
}

impl<S: Send + 'static> Workers<S> {
    pub(crate) fn start(name: &str, states: Vec<S>, patience: Patience) -> io::Result<Self> {
        let (queue, pace) = (Arc::new(Queue::new(patience.waiting.max(1))), Arc::default());
        let workers = Self { queue, pace, watch: Watch::start(name, patience.longest)? };
        for state in states {
            let (queue, pace) = (Arc::clone(&workers.queue), Arc::clone(&workers.pace));
            let work = move || work(state, &queue, &pace);
            thread::Builder::new().name(name.to_owned()).spawn(work)?;
        }
        Ok(workers)
    }

    /// Has a job done. A job whose caller has gone is not begun.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        operation: &'static str,
        job: impl FnOnce(&mut S) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.submit(operation, job)?.wait(operation).await
    }

    /// Queues a job; what it gives is awaited later.
    pub(crate) fn submit<T: Send + 'static>(
        &self,
        operation: &'static str,
        job: impl FnOnce(&mut S) -> Result<T> + Send + 'static,
    ) -> Result<Pending<T>> {
        let (answer, answered) = oneshot::channel();
        let waiting = self.pace.wait();
        self.enqueue(operation, Answer::Async(answer), job)?;
        Ok(Pending { answered, waiting })
    }

    /// Has a job done while the calling thread waits.
    pub(crate) fn run_blocking<T: Send + 'static>(
        &self,
        operation: &'static str,
        job: impl FnOnce(&mut S) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = sync_channel(1);
        self.enqueue(operation, Answer::Blocking(answer), job)?;
        answered.recv().unwrap_or_else(|mpsc::RecvError| Err(panicked(operation)))
    }

    fn enqueue<T: Send + 'static>(
        &self,
        operation: &'static str,
        answer: Answer<T>,
        job: impl FnOnce(&mut S) -> Result<T> + Send + 'static,
    ) -> Result<()> {
        let answer = Arc::new(Mutex::new(Some(answer)));
        let late = Arc::clone(&answer);
        let ticket = self.watch.expect(Box::new(move || {
            give(&late, Err(ErrorKind::Unavailable.at(operation).because("no answer in time")));
        }));
        let job: Job<S> = Box::new(move |state| {
            if is_awaited(&answer) {
                // A panic drops the answer's sender, which the caller sees.
                give(&answer, job(state));
            }
            drop(ticket);
        });
        let full = |Full| ErrorKind::Unavailable.at(operation).because("queue is full");
        self.queue.push(job).map_err(full)
    }
}

impl<S> Drop for Workers<S> {
    fn drop(&mut self) {
        self.queue.end();
    }
}

/// The answer of a job that was queued.
pub(crate) struct Pending<T> {
    answered: oneshot::Receiver<Result<T>>,
    waiting: Waiting,
}

impl<T> Pending<T> {
    /// Waits without blocking: a caller who looks for a quick answer lets others go first each time.
    pub(crate) async fn wait(mut self, operation: &'static str) -> Result<T> {
        while self.waiting.looks() {
            match self.answered.try_recv() {
                Err(TryRecvError::Empty) => {
                    breathe();
                    yield_now().await;
                }
                Err(TryRecvError::Closed) => return Err(panicked(operation)),
                Ok(answer) => return answer,
            }
        }
        self.answered.await.map_err(|_| panicked(operation))?
    }
}

/// Looks less often: two threads of one core share its arithmetic, and it is the other's that is waited for.
fn breathe() {
    for _ in 0..BREATH {
        hint::spin_loop();
    }
}

/// About a microsecond.
const BREATH: u32 = 50;

/// Whom the answer goes to.
enum Answer<T> {
    Async(oneshot::Sender<Result<T>>),
    Blocking(SyncSender<Result<T>>),
}

type Slot<T> = Mutex<Option<Answer<T>>>;

fn is_awaited<T>(slot: &Slot<T>) -> bool {
    match slot.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
        Some(Answer::Async(answer)) => !answer.is_closed(),
        Some(Answer::Blocking(_)) => true,
        None => false,
    }
}

/// Gives the answer, unless one was given already or nobody waits any more.
fn give<T>(slot: &Slot<T>, result: Result<T>) {
    match slot.lock().unwrap_or_else(PoisonError::into_inner).take() {
        Some(Answer::Async(answer)) => drop(answer.send(result)),
        Some(Answer::Blocking(answer)) => drop(answer.send(result)),
        None => {}
    }
}

fn panicked(operation: &'static str) -> gost_ca::provider::ProviderError {
    ErrorKind::Fault.at(operation).because("the worker panicked")
}

fn work<S>(mut state: S, queue: &Queue<Job<S>>, pace: &Pace) {
    while let Some(job) = queue.take(pace.looks()) {
        let begun = Instant::now();
        let _panicked = catch_unwind(AssertUnwindSafe(|| job(&mut state)));
        pace.note(begun.elapsed());
    }
}

impl<S> fmt::Debug for Workers<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Workers(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workers(waiting: usize, longest: Duration) -> Workers<u32> {
        Workers::start("test", vec![0], Patience { waiting, longest }).unwrap()
    }

    #[tokio::test]
    async fn keeps_its_state_and_survives_panics() {
        let workers = workers(4, Duration::from_secs(60));
        let count = |count: &mut u32| {
            *count += 1;
            Ok(*count)
        };
        assert_eq!(workers.run("one", count).await.unwrap(), 1);
        let panic = workers.run::<()>("panic", |_| panic!("on purpose")).await.unwrap_err();
        assert_eq!(*panic.kind(), ErrorKind::Fault);
        assert_eq!(workers.run_blocking("two", count).unwrap(), 2);
    }

    #[tokio::test]
    async fn nobody_waits_for_ever() {
        let workers = workers(1, Duration::from_millis(50));
        let (release, blocked) = mpsc::channel::<()>();
        let hang = move |_: &mut u32| {
            let _released = blocked.recv();
            Ok(())
        };
        let error = workers.run("hang", hang).await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (&ErrorKind::Unavailable, "hang"));
        // The thread hangs still: the next one waits, and one more finds the queue full.
        let waiting = workers.submit("waiting", |_| Ok(())).unwrap();
        assert!(workers.submit("full", |_| Ok(())).is_err());
        assert_eq!(*waiting.wait("waiting").await.unwrap_err().kind(), ErrorKind::Unavailable);
        release.send(()).unwrap();
    }

    #[tokio::test]
    async fn a_job_whose_caller_has_gone_is_not_begun() {
        let workers = workers(4, Duration::from_secs(60));
        let (release, blocked) = mpsc::channel::<()>();
        let busy = workers.submit("busy", move |_| {
            let _released = blocked.recv();
            Ok(())
        });
        drop(workers.submit("gone", |count| {
            *count = 100;
            Ok(())
        }));
        release.send(()).unwrap();
        busy.unwrap().wait("busy").await.unwrap();
        assert_eq!(workers.run("count", |count| Ok(*count)).await.unwrap(), 0);
    }
}
