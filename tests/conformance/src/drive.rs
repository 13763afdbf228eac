//! Driving futures without a runtime, so that the kit asks none of its users.

use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::task::Wake;
use std::thread::{self, Thread};

/// Waits for a future on this thread.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = core::pin::pin!(future);
    let waker = Waker::from(std::sync::Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: std::sync::Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs futures side by side in the caller's task; their outputs in their order.
pub async fn together<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let running = futures.into_iter().map(|future| (Box::pin(future), None)).collect();
    Together { running }.await
}

/// Each future, and its output once it is there.
struct Together<F: Future> {
    running: Vec<Running<F>>,
}

type Running<F> = (Pin<Box<F>>, Option<<F as Future>::Output>);

/// Nothing in it is pinned but behind boxes.
impl<F: Future> Unpin for Together<F> {}

impl<F: Future> Future for Together<F> {
    type Output = Vec<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut pending = false;
        for (future, output) in &mut self.running {
            if output.is_none() {
                match future.as_mut().poll(context) {
                    Poll::Ready(ready) => *output = Some(ready),
                    Poll::Pending => pending = true,
                }
            }
        }
        if pending {
            return Poll::Pending;
        }
        Poll::Ready(self.running.drain(..).filter_map(|(_, output)| output).collect())
    }
}

/// Runs a future on each of `count` threads at once, blocking; their outputs in their order.
///
/// A thread that panics gives none: the caller counts.
pub fn on_threads<T, F>(count: usize, work: impl Fn(usize) -> F + Sync) -> Vec<T>
where
    T: Send,
    F: Future<Output = T>,
{
    let work = &work;
    thread::scope(|scope| {
        let spawn = |number| scope.spawn(move || block_on(work(number)));
        let threads: Vec<_> = (0..count).map(spawn).collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Is pending once, and wakes itself from another thread.
    async fn late(value: usize) -> usize {
        let mut asked = false;
        core::future::poll_fn(|context| {
            if asked {
                return Poll::Ready(value);
            }
            asked = true;
            let waker = context.waker().clone();
            thread::spawn(move || waker.wake());
            Poll::Pending
        })
        .await
    }

    #[test]
    fn together_keeps_the_order() {
        assert_eq!(block_on(together((0..20).map(late))), (0..20).collect::<Vec<_>>());
    }

    #[test]
    fn on_threads_gives_all_but_panics() {
        let given = on_threads(8, |n| async move {
            assert_ne!(n, 3);
            late(n).await
        });
        assert_eq!(given, [0, 1, 2, 4, 5, 6, 7]);
    }
}
