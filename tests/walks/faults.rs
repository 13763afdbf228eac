//! What goes wrong: the authority's moods, storage and signer that fail, calls that are dropped.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use gost_ca::command::{Envelope, Means, Outcome};
use gost_ca::provider::authority::{
    CertificateAuthority, CrlIssuer, Decision, Prepared, Refused, Submission, Ticket,
};
use gost_ca::provider::key_store::Access;
use gost_ca::provider::{ErrorKind, Notice, Notifier, Result as Provided};
use gost_ca::secret::Secret;
use gost_ca::x509::Certificate;
use gost_ca::{Error, Session};
use gost_ca_memory::MemoryNotifier;

use crate::bench::PIN;
use crate::doubles::{Hook, poll_at_most};
use crate::model::Mood;
use crate::world::World;

/// The desk's authority, in a mood.
#[derive(Debug)]
pub(crate) struct Moody {
    pub(crate) inner: Arc<dyn CertificateAuthority>,
    pub(crate) mood: Arc<Mutex<Mood>>,
}

#[async_trait]
impl CertificateAuthority for Moody {
    async fn submit(&self, submission: &Submission) -> Provided<Decision> {
        let (code, explanation) = ("test.mood".to_owned(), "not today".to_owned());
        match *self.mood.lock().unwrap() {
            Mood::Refusing => return Ok(Decision::Refused(Refused { code, explanation })),
            Mood::Well | Mood::Down | Mood::Keyless => {}
        }
        self.inner.submit(submission).await
    }

    async fn complete(&self, prepared: &Prepared) -> Provided<Certificate> {
        match *self.mood.lock().unwrap() {
            Mood::Down => return Err(ErrorKind::Unavailable.at("Signer::sign")),
            Mood::Keyless => return Err(ErrorKind::NotFound.at("authority key")),
            Mood::Well | Mood::Refusing => {}
        }
        self.inner.complete(prepared).await
    }

    async fn poll(&self, ticket: &Ticket) -> Provided<Decision> {
        self.inner.poll(ticket).await
    }

    fn crl_issuer(&self) -> Option<&dyn CrlIssuer> {
        self.inner.crl_issuer()
    }
}

/// Delivers, unless the authority is out of reach.
#[derive(Debug)]
pub(crate) struct Post {
    pub(crate) inner: MemoryNotifier,
    pub(crate) mood: Arc<Mutex<Mood>>,
}

#[async_trait]
impl Notifier for Post {
    async fn notify(&self, notice: &Notice) -> Provided<()> {
        if *self.mood.lock().unwrap() == Mood::Down {
            return Err(ErrorKind::Unavailable.at("Notifier::notify"));
        }
        self.inner.notify(notice).await
    }
}

/// What goes wrong in one command.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trouble {
    /// That call of a provider fails: before it is made, or after it was really done.
    Fault { call: usize, after: bool },
    /// The caller is gone before so many waits are over.
    Dropped { waits: usize },
}

/// A hook that does as the walk says.
#[derive(Debug, Default)]
pub(crate) struct Weather(Mutex<Option<Trouble>>);

impl Weather {
    pub(crate) fn set(&self, trouble: Option<Trouble>) {
        *self.0.lock().unwrap() = trouble;
    }

    async fn call(&self, is_after: bool) -> Provided<()> {
        let now = *self.0.lock().unwrap();
        match now {
            Some(Trouble::Dropped { .. }) => {
                crate::doubles::pause().await;
                Ok(())
            }
            Some(Trouble::Fault { call, after }) if after == is_after => {
                let left = call.checked_sub(1);
                self.set(left.map(|call| Trouble::Fault { call, after }));
                left.map(drop).ok_or_else(|| ErrorKind::Unavailable.at("a scripted fault"))
            }
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl Hook for Weather {
    async fn before(&self) -> Provided<()> {
        self.call(false).await
    }

    async fn after(&self) -> Provided<()> {
        self.call(true).await
    }
}

impl World {
    /// Executes; whatever goes wrong on the way, the same again has the answer.
    pub(crate) async fn execute(
        &mut self,
        session: &Session,
        envelope: &Envelope,
        phrase: Option<&Secret>,
    ) -> Result<Outcome, Error> {
        let Some(trouble) = self.trouble.take() else {
            return self.attempt(session, envelope, phrase).await;
        };
        self.weather.set(Some(trouble));
        let attempt = Box::pin(self.attempt(session, envelope, phrase));
        let first = match trouble {
            Trouble::Dropped { waits } => poll_at_most(attempt, waits),
            Trouble::Fault { .. } => Some(attempt.await),
        };
        self.weather.set(None);
        match first {
            Some(Err(Error::Provider(error))) if *error.kind() == ErrorKind::Unavailable => {}
            Some(answer) => return answer,
            None => {}
        }
        self.note("trouble", "interrupted");
        match self.attempt(session, envelope, phrase).await {
            Ok(Outcome::AlreadyDone(first)) => Ok(*first),
            answer => answer,
        }
    }

    async fn attempt(
        &self,
        session: &Session,
        envelope: &Envelope,
        phrase: Option<&Secret>,
    ) -> Result<Outcome, Error> {
        let access = Access::New(Secret::from(PIN));
        let mut means = Means::for_key(&access, &*self.bench.desk.rng);
        means.phrase = phrase;
        self.bench.desk.ra.execute_with(session, envelope, means).await
    }
}
