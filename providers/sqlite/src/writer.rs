//! The one thread that writes, many commits in one transaction.

use std::thread::JoinHandle;
use std::time::Duration;

use gost_ca::provider::{ErrorKind, Result};
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::connection::PATIENCE;
use crate::failure::{Failure, Outcome};

/// Takes work for the thread that writes.
#[derive(Debug)]
pub(crate) struct Writer {
    queue: Option<mpsc::Sender<Box<dyn Work>>>,
    thread: Option<JoinHandle<()>>,
}

/// Whether what is overwritten must also leave the write-ahead log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Traces {
    Kept,
    Wiped,
}

impl Writer {
    pub(crate) fn start(connection: Connection) -> Outcome<Self> {
        let (sender, receiver) = mpsc::channel(GROUP);
        let thread = std::thread::Builder::new().name("sqlite-writer".into());
        let thread = thread.spawn(move || write(&connection, receiver));
        let thread = thread.map_err(|_| Failure::Refused(ErrorKind::Unavailable))?;
        Ok(Self { queue: Some(sender), thread: Some(thread) })
    }

    /// Has work done, and answers once it is on disk. Work that fails leaves nothing behind.
    pub(crate) async fn perform<T: Send + 'static>(
        &self,
        operation: &'static str,
        traces: Traces,
        work: impl FnOnce(&Connection) -> Outcome<T> + Send + 'static,
    ) -> Result<T> {
        let (sender, receiver) = oneshot::channel();
        let task = Task { operation, traces, work: Some(work), outcome: None, sender };
        let gone = || ErrorKind::Unavailable.at(operation);
        let queue = self.queue.as_ref().ok_or_else(gone)?;
        queue.send(Box::new(task)).await.map_err(|_| gone())?;
        receiver.await.map_err(|_| gone())?
    }
}

/// Ends the thread, so that the file is closed when the store is gone.
impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            let _a_panic_was_told_by_the_lost_answer = thread.join();
        }
    }
}

/// A piece of work of any type of answer.
trait Work: Send {
    fn traces(&self) -> Traces;
    /// Does it, inside a savepoint; tells whether it is to be kept.
    fn run(&mut self, connection: &Connection) -> bool;
    /// Tells the caller, now that it is known whether the whole group is on disk.
    fn answer(self: Box<Self>, committed: bool);
}

struct Task<T, F> {
    operation: &'static str,
    traces: Traces,
    work: Option<F>,
    outcome: Option<Outcome<T>>,
    sender: oneshot::Sender<Result<T>>,
}

impl<T: Send, F: FnOnce(&Connection) -> Outcome<T> + Send> Work for Task<T, F> {
    fn traces(&self) -> Traces {
        self.traces
    }

    fn run(&mut self, connection: &Connection) -> bool {
        self.outcome = self.work.take().map(|work| work(connection));
        matches!(self.outcome, Some(Ok(_)))
    }

    fn answer(self: Box<Self>, committed: bool) {
        // Also a conflict was found among changes that are not on disk now.
        let outcome = self.outcome.filter(|_| committed);
        let outcome = outcome.unwrap_or(Err(Failure::Refused(ErrorKind::Unavailable)));
        let _caller_may_be_gone = self.sender.send(outcome.map_err(|f| f.at(self.operation)));
    }
}

fn write(connection: &Connection, mut queue: mpsc::Receiver<Box<dyn Work>>) {
    while let Some(first) = queue.blocking_recv() {
        let mut group = vec![first];
        while group.len() < GROUP
            && let Ok(next) = queue.try_recv()
        {
            group.push(next);
        }
        let committed = commit(connection, &mut group).is_ok();
        if !committed {
            let _there_may_be_none_left = connection.execute_batch("ROLLBACK");
        }
        if group.iter().any(|work| work.traces() == Traces::Wiped) {
            wipe_log(connection);
        }
        for work in group {
            work.answer(committed);
        }
    }
}

/// All of the group in one transaction, each in its own savepoint.
fn commit(connection: &Connection, group: &mut [Box<dyn Work>]) -> Outcome<()> {
    let execute = |sql| connection.prepare_cached(sql)?.execute(());
    execute("BEGIN IMMEDIATE")?;
    for work in group {
        execute("SAVEPOINT work")?;
        if !work.run(connection) {
            // Fails where the trouble was so bad that SQLite gave up the transaction: then nothing is kept.
            execute("ROLLBACK TO work")?;
        }
        execute("RELEASE work")?;
    }
    execute("COMMIT")?;
    Ok(())
}

/// Empties the write-ahead log, in which the pages lie as they were; where a reader is in the way, the next
/// checkpoint does it.
fn wipe_log(connection: &Connection) {
    let _best_effort = connection.busy_timeout(Duration::ZERO);
    let _best_effort = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()));
    let _never_fails = connection.busy_timeout(PATIENCE);
}

/// At most so much in one transaction, and waiting; more waits outside.
const GROUP: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    async fn write(writer: &Writer, size: usize) -> Result<()> {
        let work = move |connection: &Connection| {
            // Two rows, so that half of it can be there.
            for octets in [vec![1; 10], vec![2; size]] {
                connection.execute("INSERT INTO t (octets) VALUES (?1)", [octets])?;
            }
            Ok(())
        };
        writer.perform("write", Traces::Kept, work).await
    }

    async fn rows(writer: &Writer) -> i64 {
        let count = |connection: &Connection| {
            Ok(connection.query_row("SELECT count(*) FROM t", (), |row| row.get(0))?)
        };
        writer.perform("count", Traces::Kept, count).await.unwrap()
    }

    fn start() -> (tempfile::TempDir, Writer) {
        let folder = tempfile::tempdir().unwrap();
        let connection = crate::connection::for_writing(&folder.path().join("t.db")).unwrap();
        crate::connection::make_durable(&connection).unwrap();
        connection.execute_batch("CREATE TABLE t (octets); PRAGMA max_page_count = 20").unwrap();
        (folder, Writer::start(connection).unwrap())
    }

    #[tokio::test]
    async fn a_full_disk_leaves_nothing_half() {
        let (_folder, writer) = start();
        write(&writer, 10).await.unwrap();
        for _ in 0..3 {
            let error = write(&writer, 1 << 20).await.unwrap_err();
            assert_eq!(*error.kind(), ErrorKind::Unavailable);
            assert_eq!(rows(&writer).await, 2);
        }
        write(&writer, 10).await.unwrap();
        assert_eq!(rows(&writer).await, 4);
    }

    #[tokio::test]
    async fn who_fails_does_not_harm_who_waits_beside() {
        let (_folder, writer) = start();
        let (one, two, three) =
            tokio::join!(write(&writer, 10), write(&writer, 1 << 20), write(&writer, 10));
        two.unwrap_err();
        let kept = usize::from(one.is_ok()) + usize::from(three.is_ok());
        assert_eq!(rows(&writer).await, i64::try_from(2 * kept).unwrap());
    }

    #[tokio::test]
    async fn refused_work_is_undone() {
        let (_folder, writer) = start();
        let work = |connection: &Connection| -> Outcome<()> {
            connection.execute("INSERT INTO t (octets) VALUES (x'01')", ())?;
            Err(Failure::Refused(ErrorKind::Invalid))
        };
        let (refused, kept) =
            tokio::join!(writer.perform("refused", Traces::Kept, work), write(&writer, 10));
        assert_eq!(*refused.unwrap_err().kind(), ErrorKind::Invalid);
        kept.unwrap();
        assert_eq!(rows(&writer).await, 2);
    }

    #[tokio::test]
    async fn a_caller_who_leaves_loses_only_the_answer() {
        let (_folder, writer) = start();
        let mut leaving = Box::pin(write(&writer, 10));
        core::future::poll_fn(|context| {
            let _on_its_way = leaving.as_mut().poll(context);
            core::task::Poll::Ready(())
        })
        .await;
        drop(leaving);
        assert_eq!(rows(&writer).await, 2);
    }
}
