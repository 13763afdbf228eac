//! Checkpoints: when they are made, what they cover, and where they are kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use gost_ca::audit::checkpoint::{BadProof, SignedCheckpoint, verify_all};
use gost_ca::audit::verify::Finding;
use gost_ca::command::Command;
use gost_ca::provider::{AuditSink, ErrorKind};
use gost_ca::{RegistrationAuthority, Settings};
use gost_ca_memory::MemoryAuditSink;

use crate::desk::{self, Result};
use crate::office::{Office, inspect};

#[tokio::test]
async fn checkpoints_continue_each_other() -> Result<()> {
    let office = Office::found().await?;
    assert_eq!(office.checkpoint().await?, Some(1));
    assert_eq!(office.checkpoint().await?, None, "the checkpoint itself is no news");
    office.desk.active(10).await?;
    assert_eq!(office.checkpoint().await?, Some(2));
    let report = office.inspect(&office.record).await?;
    assert!(report.is_whole(), "{:#?}", report.findings);
    assert_eq!(report.checkpoints, 2);
    let kept = office.kept().await?;
    assert_eq!((kept.checkpoint.number, kept.checkpoint.size), (2, 2));
    kept.verify(&gost_ca_software::GostVerifier, &office.key())?;
    Ok(())
}

#[tokio::test]
async fn of_many_signatures_each_is_judged_by_itself() -> Result<()> {
    let office = Office::found().await?;
    let mut all = Vec::new();
    for number in 10..14 {
        office.desk.active(number).await?;
        office.checkpoint().await?;
        all.push(office.kept().await?);
    }
    all[1].signature[0] ^= 1;
    all[2].checkpoint.version = 9;
    let key = office.key();
    let mut keyed: Vec<_> = all.iter().map(|signed| (signed, Some(&key))).collect();
    keyed.push((&all[0], None));
    let verdicts = verify_all(&gost_ca_software::GostVerifier, &keyed);
    let [Ok(()), Err(BadProof::Signature), Err(BadProof::Version(9)), Ok(()), Err(BadProof::Key)] =
        verdicts.as_slice()
    else {
        panic!("{verdicts:?}")
    };
    Ok(())
}

#[tokio::test]
async fn sweeps_make_them_after_a_time_or_a_number() -> Result<()> {
    let office = Office::found().await?;
    assert_eq!(office.ra.sweep().await?.checkpoint, Some(1), "there was none");
    office.desk.active(10).await?;
    assert_eq!(office.ra.sweep().await?.checkpoint, None, "too early");
    office.desk.clock.advance(3_600);
    assert_eq!(office.ra.sweep().await?.checkpoint, Some(2));
    office.desk.clock.advance(3_600);
    assert_eq!(office.ra.sweep().await?.checkpoint, None, "no news");
    let mut settings = Settings::default();
    settings.checkpoints.links = 5;
    let ra = RegistrationAuthority::new(office.ra.providers().clone(), settings);
    office.desk.active(11).await?;
    assert_eq!(ra.sweep().await?.checkpoint, Some(3), "more than five links");
    assert!(office.inspect(&office.record).await?.is_whole());
    Ok(())
}

#[tokio::test]
async fn two_processes_make_one_chain_of_them() -> Result<()> {
    let office = Office::found().await?;
    office.checkpoint().await?;
    let twin = office.over(&office.record)?;
    office.desk.active(10).await?;
    twin.execute(office.administrator(), &office.envelope(Command::MakeCheckpoint)).await?;
    office.desk.active(11).await?;
    assert_eq!(office.checkpoint().await?, Some(3));
    let report = office.inspect(&office.record).await?;
    assert!(report.is_whole(), "{:#?}", report.findings);
    assert_eq!(report.writers, 2);
    Ok(())
}

#[tokio::test]
async fn another_key_signs_nothing() -> Result<()> {
    let office = Office::found().await?;
    let other = desk::key(78, &office.desk.rng);
    let providers = office.ra.providers().clone().with_auditor(other, office.sink.clone());
    let ra = RegistrationAuthority::new(providers, Settings::default());
    let made = ra.execute(office.administrator(), &office.envelope(Command::MakeCheckpoint)).await;
    assert_eq!(made.unwrap_err().code(), "provider.fault");
    assert_eq!(office.sink.newest().await?, None);
    assert_eq!(inspect(&office.record, None).await?.checkpoints, 0);
    Ok(())
}

#[tokio::test]
async fn only_administrators_keep_the_audit() -> Result<()> {
    let office = Office::found().await?;
    let document = String::new();
    let public_key = office.key().as_der().to_vec();
    for command in [
        Command::MakeCheckpoint,
        Command::RegisterAuditKey { public_key },
        Command::AcknowledgeRestore { document },
        Command::SetRecovery { keys: Vec::new(), needed: 1 },
    ] {
        let done = office.ra.execute(&office.desk.operator, &office.envelope(command)).await;
        assert_eq!(done.unwrap_err().code(), "permission.role");
    }
    Ok(())
}

#[tokio::test]
async fn a_made_up_checkpoint_is_found() -> Result<()> {
    let office = Office::found().await?;
    office.checkpoint().await?;
    let mut other = office.kept().await?;
    other.checkpoint.root[0] ^= 1;
    let report = inspect(&office.record, Some(other)).await?;
    let [Finding::Checkpoint { number: 1, .. }, Finding::RolledBack { kept: 1, newest: 1 }] =
        report.findings.as_slice()
    else {
        panic!("{:#?}", report.findings)
    };
    Ok(())
}

/// A place that is out of reach now and then.
#[derive(Debug, Default)]
struct FarAway {
    kept: MemoryAuditSink,
    gone: AtomicBool,
}

#[async_trait]
impl AuditSink for FarAway {
    async fn keep(&self, checkpoint: &SignedCheckpoint) -> gost_ca::provider::Result<()> {
        if self.gone.load(Ordering::Relaxed) {
            return Err(ErrorKind::Unavailable.at("keep"));
        }
        self.kept.keep(checkpoint).await
    }

    async fn newest(&self) -> gost_ca::provider::Result<Option<SignedCheckpoint>> {
        self.kept.newest().await
    }
}

#[tokio::test]
async fn what_could_not_be_kept_is_kept_later() -> Result<()> {
    let office = Office::found().await?;
    let sink = Arc::new(FarAway::default());
    let providers = office.ra.providers().clone();
    let providers = providers.with_auditor(office.signer.clone(), sink.clone());
    let ra = RegistrationAuthority::new(providers, Settings::default());
    sink.gone.store(true, Ordering::Relaxed);
    assert_eq!(ra.sweep().await?.audit, Some("provider.unavailable"));
    assert_eq!(sink.newest().await?, None);
    sink.gone.store(false, Ordering::Relaxed);
    assert_eq!(ra.sweep().await?.audit, None);
    assert_eq!(sink.newest().await?.unwrap().checkpoint.number, 1);
    Ok(())
}
