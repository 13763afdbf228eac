//! A few threads that read.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use gost_ca::provider::{ErrorKind, Result};
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::connection;
use crate::failure::{Failure, Outcome};

/// Runs questions, each in one snapshot of the file.
#[derive(Debug)]
pub(crate) struct Readers {
    queue: Option<mpsc::Sender<Question>>,
    threads: Vec<JoinHandle<()>>,
}

type Question = Box<dyn FnOnce(&Connection) + Send>;

impl Readers {
    pub(crate) fn start(path: &Path, count: usize) -> Outcome<Self> {
        let (sender, receiver) = mpsc::channel::<Question>(QUEUE);
        let receiver = Arc::new(Mutex::new(receiver));
        let mut readers = Self { queue: Some(sender), threads: Vec::new() };
        for _ in 0..count {
            let connection = connection::for_reading(path)?;
            let receiver = Arc::clone(&receiver);
            let thread = std::thread::Builder::new().name("sqlite-reader".into());
            let thread = thread.spawn(move || answer(&connection, &receiver));
            readers.threads.push(thread.map_err(|_| Failure::Refused(ErrorKind::Unavailable))?);
        }
        Ok(readers)
    }

    /// Asks; waits for a place in the queue and then for the answer, and never blocks the thread.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        operation: &'static str,
        question: impl FnOnce(&Connection) -> Outcome<T> + Send + 'static,
    ) -> Result<T> {
        let (sender, receiver) = oneshot::channel();
        let question = move |connection: &Connection| {
            let answer = in_snapshot(connection, question).map_err(|failure| failure.at(operation));
            let _asker_may_be_gone = sender.send(answer);
        };
        let gone = || ErrorKind::Unavailable.at(operation);
        let queue = self.queue.as_ref().ok_or_else(gone)?;
        queue.send(Box::new(question)).await.map_err(|_| gone())?;
        receiver.await.map_err(|_| gone())?
    }
}

/// Ends the threads, so that the file is closed when the store is gone.
impl Drop for Readers {
    fn drop(&mut self) {
        self.queue = None;
        for thread in self.threads.drain(..) {
            let _a_panic_was_told_by_the_lost_answer = thread.join();
        }
    }
}

fn answer(connection: &Connection, questions: &Mutex<mpsc::Receiver<Question>>) {
    loop {
        let next = questions.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
        let Some(question) = next else { return };
        question(connection);
    }
}

fn in_snapshot<T>(
    connection: &Connection,
    question: impl FnOnce(&Connection) -> Outcome<T>,
) -> Outcome<T> {
    let snapshot = connection.unchecked_transaction()?;
    let answer = question(&snapshot)?;
    snapshot.finish()?;
    Ok(answer)
}

/// Questions that wait; more of them wait outside.
const QUEUE: usize = 64;
