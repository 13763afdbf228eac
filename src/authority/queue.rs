//! A queue before a key: whoever signs at the same time is signed together.
//!
//! Many signatures at once cost less than each alone ([`Signer::sign_all`]), and callers come one by one. The
//! queue has no thread and no timer: a caller lets the others come first, once, and then signs for all
//! that wait.

use core::future::poll_fn;
use core::mem;
use core::task::{Poll, Waker};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use spki::AlgorithmIdentifierOwned;

use crate::provider::key_store::{Digest, Message, Signer};
use crate::provider::{ErrorKind, Result};
use crate::x509::PublicKey;

/// A signer that signs together what is asked of it at the same time.
#[derive(Debug)]
pub struct SigningQueue {
    inner: Arc<dyn Signer>,
    waiting: Mutex<Vec<Ticket>>,
}

/// A message that waits, and the place for its signature.
#[derive(Debug)]
struct Ticket {
    message: Owned,
    place: Arc<Mutex<Place>>,
}

#[derive(Clone, Debug)]
enum Owned {
    Bytes(Vec<u8>),
    Digest(Digest),
}

#[derive(Debug, Default)]
enum Place {
    /// Nobody began yet, or whoever began goes on.
    #[default]
    Empty,
    /// The caller sleeps.
    Asleep(Waker),
    /// Whoever began was dropped: the caller must ask again.
    Abandoned,
    /// It is done.
    Done(Result<Vec<u8>>),
}

impl SigningQueue {
    /// Puts a queue before a key.
    pub fn new(inner: Arc<dyn Signer>) -> Self {
        Self { inner, waiting: Mutex::default() }
    }

    fn enqueue(&self, message: &Owned) -> Arc<Mutex<Place>> {
        let place = Arc::new(Mutex::default());
        lock(&self.waiting).push(Ticket { message: message.clone(), place: Arc::clone(&place) });
        place
    }

    /// Signs for all that wait now.
    async fn serve(&self) {
        let batch = Batch(mem::take(&mut *lock(&self.waiting)));
        let messages: Vec<_> = batch.0.iter().map(|ticket| ticket.message.borrow()).collect();
        match self.inner.sign_all(&messages).await {
            Ok(signed) if signed.len() == batch.0.len() => batch.settle(signed.into_iter().map(Ok)),
            // all or nothing: which one failed is found out one by one
            _ => {
                for ticket in &batch.0 {
                    ticket.settle(self.inner.sign(ticket.message.borrow()).await);
                }
            }
        }
    }
}

impl Ticket {
    fn settle(&self, signed: Result<Vec<u8>>) {
        wake(mem::replace(&mut *lock(&self.place), Place::Done(signed)));
    }
}

impl Batch {
    fn settle(&self, signed: impl Iterator<Item = Result<Vec<u8>>>) {
        self.0.iter().zip(signed).for_each(|(ticket, signed)| ticket.settle(signed));
    }
}

#[async_trait]
impl Signer for SigningQueue {
    fn public_key(&self) -> &PublicKey {
        self.inner.public_key()
    }

    fn algorithm(&self) -> &AlgorithmIdentifierOwned {
        self.inner.algorithm()
    }

    async fn sign(&self, message: Message<'_>) -> Result<Vec<u8>> {
        let message = Owned::of(message)?;
        loop {
            let place = self.enqueue(&message);
            let_others_come().await;
            self.serve().await;
            if let Some(signed) = outcome(&place).await {
                return signed;
            }
        }
    }

    async fn sign_all(&self, messages: &[Message<'_>]) -> Result<Vec<Vec<u8>>> {
        self.inner.sign_all(messages).await
    }
}

impl Owned {
    fn of(message: Message<'_>) -> Result<Self> {
        match message {
            Message::Bytes(bytes) => Ok(Self::Bytes(bytes.to_vec())),
            Message::Digest(digest) => Ok(Self::Digest(digest.clone())),
            #[expect(unreachable_patterns, reason = "more kinds of messages may come")]
            _ => Err(ErrorKind::Unsupported.at("SigningQueue::sign")),
        }
    }

    fn borrow(&self) -> Message<'_> {
        match self {
            Self::Bytes(bytes) => Message::Bytes(bytes),
            Self::Digest(digest) => Message::Digest(digest),
        }
    }
}

/// Tickets being served; dropped unfinished, their callers are told to ask again.
struct Batch(Vec<Ticket>);

impl Drop for Batch {
    fn drop(&mut self) {
        for ticket in &self.0 {
            let mut place = lock(&ticket.place);
            if !matches!(*place, Place::Done(_)) {
                let before = mem::replace(&mut *place, Place::Abandoned);
                drop(place);
                wake(before);
            }
        }
    }
}

/// Yields once, so that those who are ready may join the queue.
async fn let_others_come() {
    let mut yielded = false;
    poll_fn(|context| {
        if mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Waits for whoever serves; `None` where they were dropped.
async fn outcome(place: &Mutex<Place>) -> Option<Result<Vec<u8>>> {
    poll_fn(|context| {
        let mut place = lock(place);
        match mem::take(&mut *place) {
            Place::Done(signed) => Poll::Ready(Some(signed)),
            Place::Abandoned => Poll::Ready(None),
            Place::Empty | Place::Asleep(_) => {
                *place = Place::Asleep(context.waker().clone());
                Poll::Pending
            }
        }
    })
    .await
}

fn wake(before: Place) {
    if let Place::Asleep(waker) = before {
        waker.wake();
    }
}

/// A poisoned lock is still a lock: its contents are replaced whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
