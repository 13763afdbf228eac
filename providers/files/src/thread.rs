//! The one thread that touches files.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};

use gost_ca::provider::{ErrorKind, Result};
use tokio::sync::{Semaphore, oneshot};

type Job = Box<dyn FnOnce() + Send>;

/// Does one thing after the other, and ends with its handle.
#[derive(Debug)]
pub(crate) struct Thread {
    jobs: Option<SyncSender<Job>>,
    /// Places in the queue: whoever finds none waits without blocking.
    places: Semaphore,
    handle: Option<JoinHandle<()>>,
}

impl Thread {
    pub(crate) fn start(name: &str) -> Result<Self> {
        let (jobs, queue) = sync_channel(QUEUE);
        let thread = Builder::new().name(name.to_owned()).spawn(move || work(&queue));
        let thread = thread.map_err(|error| ErrorKind::Unavailable.at("thread").because(error))?;
        Ok(Self { jobs: Some(jobs), places: Semaphore::new(QUEUE), handle: Some(thread) })
    }

    /// Has something done; dropping the future does not stop it.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        operation: &'static str,
        job: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let gone = || ErrorKind::Unavailable.at(operation);
        let _place = self.places.acquire().await.map_err(|_| gone())?;
        let (sender, answer) = oneshot::channel();
        let job: Job = Box::new(move || {
            let _asker_may_be_gone = sender.send(job());
        });
        let jobs = self.jobs.as_ref().ok_or_else(gone)?;
        jobs.try_send(job).map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.handle.take() {
            let _a_panic_was_told_by_the_lost_answer = thread.join();
        }
    }
}

fn work(queue: &Receiver<Job>) {
    while let Ok(job) = queue.recv() {
        job();
    }
}

const QUEUE: usize = 64;
