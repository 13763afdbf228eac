//! If the record cannot be written, commands fail before their effect.

use std::sync::Arc;

use async_trait::async_trait;
use gost_ca::id::CommandId;
use gost_ca::provider::journal::{
    Batch, Found, Holder, Loaded, Page, Query, Receipt, StreamId, UniqueKey,
};
use gost_ca::provider::key_store::CarrierId;
use gost_ca::provider::{AuditTrail, Documents, ErrorKind, Journal, Listings, Result};
use gost_ca::{RegistrationAuthority, Settings, Timestamp};

use crate::bench::{Bench, Deed, STORE};
use crate::desk;

/// Reads, and never writes.
#[derive(Debug)]
struct FullDisk(Arc<dyn Journal>);

#[async_trait]
impl Journal for FullDisk {
    async fn commit(&self, _: &Batch) -> Result<Receipt> {
        Err(ErrorKind::Unavailable.at("commit"))
    }

    async fn receipt(&self, command: &CommandId) -> Result<Option<Receipt>> {
        self.0.receipt(command).await
    }

    async fn load(&self, stream: &StreamId, from: u64) -> Result<Loaded> {
        self.0.load(stream, from).await
    }

    async fn find(&self, query: &Query, page: &Page) -> Result<Found> {
        self.0.find(query, page).await
    }

    async fn holder(&self, key: &UniqueKey, at: Timestamp) -> Result<Option<Holder>> {
        self.0.holder(key, at).await
    }

    async fn forget(&self, _: Timestamp, _: usize) -> Result<usize> {
        Err(ErrorKind::Unavailable.at("forget"))
    }

    fn audit(&self) -> &dyn AuditTrail {
        self.0.audit()
    }

    fn documents(&self) -> &dyn Documents {
        self.0.documents()
    }

    fn listings(&self) -> &dyn Listings {
        self.0.listings()
    }
}

#[tokio::test]
async fn nothing_is_signed_made_or_shown() -> desk::Result<()> {
    let bench = Bench::open().await?;
    let deeds = [
        Deed::Register,
        Deed::IssueTemporaryPassword,
        Deed::GenerateKey,
        Deed::Submit,
        Deed::Issue,
        Deed::Suspend,
        Deed::Resume,
        Deed::Revoke,
        Deed::Install,
        Deed::Print,
        Deed::IssueCrl,
        Deed::SignIn,
        Deed::SignInByPassword,
    ];
    for (number, deed) in (10..).zip(deeds) {
        let call = bench.prepare(deed, number).await?;
        let (signed, keys) = (signatures(&bench), keys(&bench).await?);
        let mut providers = bench.desk.ra.providers().clone();
        providers.journal = Arc::new(FullDisk(providers.journal));
        let ra = RegistrationAuthority::new(providers, Settings::default());
        let failed = call.make(&ra).await.unwrap_err();
        assert_eq!(failed.code(), "provider.unavailable", "{deed:?}");
        assert_eq!(signatures(&bench), signed, "{deed:?}: the authority signed");
        assert_eq!(self::keys(&bench).await?, keys, "{deed:?}: the carrier changed");
    }
    bench.check().await
}

fn signatures(bench: &Bench) -> usize {
    bench.signer.signed.lock().unwrap().len()
}

/// The keys of the carrier, and in which of them a certificate is.
async fn keys(bench: &Bench) -> desk::Result<Vec<(String, bool)>> {
    let store = &bench.desk.ra.providers().key_stores[&STORE.parse()?];
    let keys = store.keys(&CarrierId(STORE.to_owned())).await?;
    Ok(keys.into_iter().map(|key| (key.id.container, key.certificate.is_some())).collect())
}
