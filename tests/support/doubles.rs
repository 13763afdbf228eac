//! Doubles of providers: a hook around every call, and a signer that remembers.
#![allow(dead_code, reason = "each test needs its own part of it")]

use core::fmt::Debug;
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use std::future::poll_fn;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use gost_ca::Timestamp;
use gost_ca::commitment::{Commitment, Document};
use gost_ca::id::{CommandId, UserId};
use gost_ca::provider::authority::{
    CertificateAuthority, CrlHeading, CrlIssuer, Decision, Prepared, Submission, Ticket,
};
use gost_ca::provider::directory::{FoundUsers, SealedDraft, SealedRecord};
use gost_ca::provider::journal::{
    Batch, Found, Holder, ListPart, ListedPage, Loaded, Page, Query, Receipt, StreamId, UniqueKey,
};
use gost_ca::provider::key_store::{
    Access, Carrier, CarrierId, Digest, KeyId, KeySpec, Message, StoredKey,
};
use gost_ca::provider::{
    AuditTrail, Documents, Drafts, ErrorKind, Journal, KeyStore, Listings, PasswordHash,
    PasswordHasher, Result, Rng, Signer, UserDirectory, UserFilter, WritableKeyStore,
};
use gost_ca::secret::{Pin, Secret};
use gost_ca::x509::crl::CrlFrame;
use gost_ca::x509::{Certificate, PublicKey, SerialNumber};
use spki::AlgorithmIdentifierOwned;

/// Asked before and after every call of a provider.
#[async_trait]
pub(crate) trait Hook: Debug + Send + Sync {
    async fn before(&self) -> Result<()>;
    async fn after(&self) -> Result<()>;
}

/// A provider with a hook around its calls.
#[derive(Debug)]
pub(crate) struct Hooked<T: ?Sized> {
    inner: Arc<T>,
    hook: Arc<dyn Hook>,
}

impl<T: ?Sized> Hooked<T> {
    pub(crate) fn new(inner: &Arc<T>, hook: &Arc<dyn Hook>) -> Arc<Self> {
        Arc::new(Self { inner: Arc::clone(inner), hook: Arc::clone(hook) })
    }

    async fn around<O>(&self, call: impl Future<Output = Result<O>> + Send) -> Result<O> {
        self.hook.before().await?;
        let done = call.await;
        self.hook.after().await?;
        done
    }
}

/// Gives way once at every call, before it and after it.
#[derive(Debug)]
pub(crate) struct Yielding;

#[async_trait]
impl Hook for Yielding {
    async fn before(&self) -> Result<()> {
        pause().await;
        Ok(())
    }

    async fn after(&self) -> Result<()> {
        pause().await;
        Ok(())
    }
}

pub(crate) async fn pause() {
    let mut paused = false;
    poll_fn(|context| {
        if core::mem::replace(&mut paused, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Fails one call: before it, or after it was really done.
#[derive(Debug)]
pub(crate) struct Failing {
    left: Mutex<Option<usize>>,
    after: bool,
}

impl Failing {
    /// Fails the call with that number, from 0.
    pub(crate) fn at(call: usize, after: bool) -> Self {
        Self { left: Mutex::new(Some(call)), after }
    }

    /// Whether the call was never made.
    pub(crate) fn is_unused(&self) -> bool {
        self.left.lock().unwrap().is_some()
    }

    fn strike(&self) -> Result<()> {
        let mut left = self.left.lock().unwrap();
        match *left {
            Some(0) => {
                *left = None;
                Err(ErrorKind::Unavailable.at("a scripted fault"))
            }
            Some(more) => {
                *left = Some(more - 1);
                Ok(())
            }
            None => Ok(()),
        }
    }
}

#[async_trait]
impl Hook for Failing {
    async fn before(&self) -> Result<()> {
        if self.after { Ok(()) } else { self.strike() }
    }

    async fn after(&self) -> Result<()> {
        if self.after { self.strike() } else { Ok(()) }
    }
}

/// Polls so often and no more; `None` where the future was dropped before it ended.
pub(crate) fn poll_at_most<F: Future>(future: F, polls: usize) -> Option<F::Output> {
    let (mut future, mut context) = (pin!(future), Context::from_waker(Waker::noop()));
    (0..polls).find_map(|_| match future.as_mut().poll(&mut context) {
        Poll::Ready(done) => Some(done),
        Poll::Pending => None,
    })
}

#[async_trait]
impl Journal for Hooked<dyn Journal> {
    async fn commit(&self, batch: &Batch) -> Result<Receipt> {
        self.around(self.inner.commit(batch)).await
    }

    async fn receipt(&self, command: &CommandId) -> Result<Option<Receipt>> {
        self.around(self.inner.receipt(command)).await
    }

    async fn load(&self, stream: &StreamId, from: u64) -> Result<Loaded> {
        self.around(self.inner.load(stream, from)).await
    }

    async fn find(&self, query: &Query, page: &Page) -> Result<Found> {
        self.around(self.inner.find(query, page)).await
    }

    async fn holder(&self, key: &UniqueKey, at: Timestamp) -> Result<Option<Holder>> {
        self.around(self.inner.holder(key, at)).await
    }

    async fn forget(&self, by: Timestamp, limit: usize) -> Result<usize> {
        self.around(self.inner.forget(by, limit)).await
    }

    fn audit(&self) -> &dyn AuditTrail {
        self.inner.audit()
    }

    fn documents(&self) -> &dyn Documents {
        self
    }

    fn listings(&self) -> &dyn Listings {
        self
    }
}

#[async_trait]
impl Listings for Hooked<dyn Journal> {
    async fn listed(
        &self,
        part: &ListPart,
        after: Option<&SerialNumber>,
        limit: usize,
    ) -> Result<ListedPage> {
        self.around(self.inner.listings().listed(part, after, limit)).await
    }
}

#[async_trait]
impl Documents for Hooked<dyn Journal> {
    async fn get(&self, commitment: &Commitment) -> Result<Option<Document>> {
        self.around(self.inner.documents().get(commitment)).await
    }

    async fn erase(&self, commitment: &Commitment) -> Result<()> {
        self.around(self.inner.documents().erase(commitment)).await
    }
}

#[async_trait]
impl UserDirectory for Hooked<dyn UserDirectory> {
    async fn put(&self, user: &UserId, version: &SealedRecord) -> Result<()> {
        self.around(self.inner.put(user, version)).await
    }

    async fn get(&self, user: &UserId, version: &Commitment) -> Result<Option<SealedRecord>> {
        self.around(self.inner.get(user, version)).await
    }

    async fn search(&self, filter: &UserFilter, page: &Page) -> Result<FoundUsers> {
        self.around(self.inner.search(filter, page)).await
    }

    async fn erase(&self, user: &UserId) -> Result<()> {
        self.around(self.inner.erase(user)).await
    }

    fn drafts(&self) -> Option<&dyn Drafts> {
        self.inner.drafts().map(|_| self as &dyn Drafts)
    }
}

#[async_trait]
impl Drafts for Hooked<dyn UserDirectory> {
    async fn keep(&self, user: &UserId, draft: &SealedDraft) -> Result<()> {
        self.around(self.inner.drafts().unwrap().keep(user, draft)).await
    }

    async fn read(&self, user: &UserId, version: &Commitment) -> Result<Option<SealedDraft>> {
        self.around(self.inner.drafts().unwrap().read(user, version)).await
    }

    async fn erase_but(&self, user: &UserId, kept: Option<&Commitment>) -> Result<()> {
        self.around(self.inner.drafts().unwrap().erase_but(user, kept)).await
    }
}

#[async_trait]
impl CertificateAuthority for Hooked<dyn CertificateAuthority> {
    async fn submit(&self, submission: &Submission) -> Result<Decision> {
        self.around(self.inner.submit(submission)).await
    }

    async fn complete(&self, prepared: &Prepared) -> Result<Certificate> {
        self.around(self.inner.complete(prepared)).await
    }

    async fn poll(&self, ticket: &Ticket) -> Result<Decision> {
        self.around(self.inner.poll(ticket)).await
    }

    fn crl_issuer(&self) -> Option<&dyn CrlIssuer> {
        self.inner.crl_issuer().map(|_| -> &dyn CrlIssuer { self })
    }
}

#[async_trait]
impl CrlIssuer for Hooked<dyn CertificateAuthority> {
    async fn sign_crl(
        &self,
        heading: &CrlHeading,
        frame: &CrlFrame,
        digest: &Digest,
    ) -> Result<Vec<u8>> {
        self.around(self.inner.crl_issuer().unwrap().sign_crl(heading, frame, digest)).await
    }
}

#[async_trait]
impl KeyStore for Hooked<dyn KeyStore> {
    async fn carriers(&self) -> Result<Vec<Carrier>> {
        self.around(self.inner.carriers()).await
    }

    async fn keys(&self, carrier: &CarrierId) -> Result<Vec<StoredKey>> {
        self.around(self.inner.keys(carrier)).await
    }

    async fn open(&self, key: &KeyId, access: &Access) -> Result<Arc<dyn Signer>> {
        self.around(self.inner.open(key, access)).await
    }

    fn writable(&self) -> Option<&dyn WritableKeyStore> {
        self.inner.writable().map(|_| -> &dyn WritableKeyStore { self })
    }
}

#[async_trait]
impl WritableKeyStore for Hooked<dyn KeyStore> {
    async fn generate(
        &self,
        spec: &KeySpec,
        access: &Access,
        rng: &dyn Rng,
    ) -> Result<Arc<dyn Signer>> {
        self.around(self.inner.writable().unwrap().generate(spec, access, rng)).await
    }

    async fn install(&self, key: &KeyId, certificate: &Certificate) -> Result<()> {
        self.around(self.inner.writable().unwrap().install(key, certificate)).await
    }

    async fn change_pin(&self, key: &KeyId, old: &Access, new: &Pin) -> Result<()> {
        self.around(self.inner.writable().unwrap().change_pin(key, old, new)).await
    }

    async fn delete(&self, key: &KeyId, access: &Access) -> Result<()> {
        self.around(self.inner.writable().unwrap().delete(key, access)).await
    }
}

#[async_trait]
impl PasswordHasher for Hooked<dyn PasswordHasher> {
    async fn hash(&self, password: &Secret, salt: &[u8; 16]) -> Result<PasswordHash> {
        self.around(self.inner.hash(password, salt)).await
    }

    async fn verify(&self, password: &Secret, hash: &PasswordHash) -> Result<bool> {
        self.around(self.inner.verify(password, hash)).await
    }
}

/// A signer that remembers what it signed.
#[derive(Debug)]
pub(crate) struct Recording {
    inner: Arc<dyn Signer>,
    pub(crate) signed: Mutex<Vec<Vec<u8>>>,
}

impl Recording {
    pub(crate) fn new(inner: Arc<dyn Signer>) -> Arc<Self> {
        Arc::new(Self { inner, signed: Mutex::default() })
    }
}

#[async_trait]
impl Signer for Recording {
    fn public_key(&self) -> &PublicKey {
        self.inner.public_key()
    }

    fn algorithm(&self) -> &AlgorithmIdentifierOwned {
        self.inner.algorithm()
    }

    async fn sign(&self, message: Message<'_>) -> Result<Vec<u8>> {
        let signed = match message {
            Message::Bytes(bytes) => bytes.to_vec(),
            Message::Digest(digest) => digest.octets.clone(), // a CRL's
            other => panic!("{other:?}"),
        };
        self.signed.lock().unwrap().push(signed);
        self.inner.sign(message).await
    }
}
