//! Authorities that do not do as they should.
#![allow(dead_code, reason = "each test needs its own part of it")]

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use gost_ca::provider::authority::{
    CertificateAuthority, Decision, Prepared, Refused, Submission, Ticket,
};
use gost_ca::provider::{ErrorKind, Result};
use gost_ca::x509::Certificate;

/// Issues nothing.
#[derive(Debug)]
pub(crate) struct Refusing;

#[async_trait]
impl CertificateAuthority for Refusing {
    async fn submit(&self, _submission: &Submission) -> Result<Decision> {
        let (code, explanation) = ("test.refused".to_owned(), "not today".to_owned());
        Ok(Decision::Refused(Refused { code, explanation }))
    }

    async fn complete(&self, _prepared: &Prepared) -> Result<Certificate> {
        Err(ErrorKind::NotFound.at("complete"))
    }

    async fn poll(&self, _ticket: &Ticket) -> Result<Decision> {
        Err(ErrorKind::NotFound.at("poll"))
    }
}

/// Prepares honestly; what it completes is another's choice.
pub(crate) struct Completing<F> {
    pub(crate) inner: Arc<dyn CertificateAuthority>,
    pub(crate) complete: F,
}

impl<F> core::fmt::Debug for Completing<F> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Completing(..)")
    }
}

#[async_trait]
impl<F> CertificateAuthority for Completing<F>
where
    F: Fn(&Prepared) -> Result<Certificate> + Send + Sync,
{
    async fn submit(&self, submission: &Submission) -> Result<Decision> {
        self.inner.submit(submission).await
    }

    async fn complete(&self, prepared: &Prepared) -> Result<Certificate> {
        (self.complete)(prepared)
    }

    async fn poll(&self, ticket: &Ticket) -> Result<Decision> {
        self.inner.poll(ticket).await
    }
}

/// Signs for itself, after it was asked so many times.
#[derive(Debug)]
pub(crate) struct Elsewhere {
    pub(crate) inner: Arc<dyn CertificateAuthority>,
    pub(crate) asks: Mutex<usize>,
    pub(crate) kept: Mutex<Option<Certificate>>,
}

impl Elsewhere {
    pub(crate) fn after(asks: usize, inner: Arc<dyn CertificateAuthority>) -> Self {
        Self { inner, asks: Mutex::new(asks), kept: Mutex::default() }
    }

    fn decide(&self) -> Decision {
        let mut asks = self.asks.lock().unwrap();
        if *asks == 0 {
            return Decision::Issued(self.kept.lock().unwrap().clone().unwrap());
        }
        *asks -= 1;
        Decision::Deferred(Ticket("ticket".to_owned()))
    }
}

#[async_trait]
impl CertificateAuthority for Elsewhere {
    async fn submit(&self, submission: &Submission) -> Result<Decision> {
        let known = self.kept.lock().unwrap().is_some();
        if !known {
            let Decision::Prepared(prepared) = self.inner.submit(submission).await? else {
                return Err(ErrorKind::Fault.at("submit"));
            };
            let certificate = self.inner.complete(&prepared).await?;
            *self.kept.lock().unwrap() = Some(certificate);
        }
        Ok(self.decide())
    }

    async fn complete(&self, _prepared: &Prepared) -> Result<Certificate> {
        Err(ErrorKind::Unsupported.at("complete"))
    }

    async fn poll(&self, _ticket: &Ticket) -> Result<Decision> {
        Ok(self.decide())
    }
}

type Decide = dyn Fn(Option<&Submission>) -> Result<Decision> + Send + Sync;

/// Decides as it is told, asked for the first time or polled.
pub(crate) struct Deciding(pub(crate) Box<Decide>);

impl core::fmt::Debug for Deciding {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Deciding(..)")
    }
}

#[async_trait]
impl CertificateAuthority for Deciding {
    async fn submit(&self, submission: &Submission) -> Result<Decision> {
        (self.0)(Some(submission))
    }

    async fn complete(&self, _prepared: &Prepared) -> Result<Certificate> {
        Err(ErrorKind::Unsupported.at("complete"))
    }

    async fn poll(&self, _ticket: &Ticket) -> Result<Decision> {
        (self.0)(None)
    }
}
