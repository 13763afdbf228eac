//! If the record cannot be written, commands fail before their effect.

use std::sync::Arc;

use async_trait::async_trait;
use gost_ca::command::{Command, Means};
use gost_ca::id::CommandId;
use gost_ca::provider::journal::{
    Batch, Found, Holder, Loaded, Page, Query, Receipt, StreamId, UniqueKey,
};
use gost_ca::provider::key_store::{Access, CarrierId, KeyId};
use gost_ca::provider::{
    AuditSink, AuditTrail, Documents, ErrorKind, Journal, Listings, Result, Signer as _,
};
use gost_ca::secret::Secret;
use gost_ca::{RegistrationAuthority, Settings, Timestamp};
use gost_ca_memory::MemoryAuditSink;

use crate::bench::{Bench, Deed, PIN, STORE};
use crate::desk;
use crate::doubles::Recording;

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

/// What cannot be taken back: a destroyed key, erased data, a checkpoint that others keep.
#[tokio::test]
async fn nothing_is_destroyed_erased_or_attested() -> desk::Result<()> {
    let mut bench = Bench::open().await?;
    let auditor = Recording::new(desk::key(77, &bench.desk.rng));
    let kept = Arc::new(MemoryAuditSink::default());
    let providers = bench.desk.ra.providers().clone();
    let providers = providers.with_auditor(Arc::clone(&auditor) as _, Arc::clone(&kept) as _);
    bench.desk.ra = RegistrationAuthority::new(providers, Settings::default());
    let by = bench.desk.administrator.clone();
    let public_key = auditor.public_key().as_der().to_vec();
    bench.desk.run(&by, Command::RegisterAuditKey { public_key }).await?;
    // a key that nobody needs, and a person who is gone
    let made = bench.prepare(Deed::GenerateKey, 10).await?;
    made.make(&bench.desk.ra).await?;
    let StreamId::Case(case) = made.stream else { panic!("a case") };
    let user = bench.case(case).await?.begun().user;
    bench.desk.run(&bench.desk.operator, Command::Cancel { case }).await?;
    let (carrier, container) = (CarrierId(STORE.to_owned()), "key-10".to_owned());
    let destroy =
        Command::DestroyKey { case, store: STORE.parse()?, key: KeyId { carrier, container } };
    let reason = "№ 3".to_owned();
    let archive = Command::ArchiveUser { user, reason: reason.clone(), termination: None };
    bench.desk.run(&by, archive).await?;
    let version = *bench.desk.ra.user(&by, &user).await?.account.registration();

    let mut providers = bench.desk.ra.providers().clone();
    providers.journal = Arc::new(FullDisk(providers.journal));
    let ra = RegistrationAuthority::new(providers, Settings::default());
    for command in [destroy, Command::EraseUser { user, reason }, Command::MakeCheckpoint] {
        let access = Access::Existing(Secret::from(PIN));
        let means = Means::for_key(&access, &*bench.desk.rng);
        let (name, envelope) = (command.name(), bench.desk.envelope(command));
        let failed = ra.execute_with(&by, &envelope, means).await.unwrap_err();
        assert_eq!(failed.code(), "provider.unavailable", "{name}: {failed}");
    }
    assert_eq!(keys(&bench).await?, [("key-10".to_owned(), false)], "the key is there");
    assert!(bench.desk.ra.providers().directory.get(&user, &version).await?.is_some());
    assert_eq!(auditor.signed.lock().unwrap().len(), 0, "no checkpoint was signed");
    assert!(kept.newest().await?.is_none());
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
