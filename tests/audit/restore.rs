//! The drill: a backup while work goes on, an older copy restored, and what happens then (docs/backup.md).

use gost_ca::audit::verify::Finding;
use gost_ca::command::{Command, Outcome};
use gost_ca::x509::KeyIdentity;

use crate::desk::{Result, answer};
use crate::office::{Office, inspect};

#[tokio::test]
async fn an_older_copy_is_found_and_acknowledged() -> Result<()> {
    let office = Office::found().await?;
    let desk = &office.desk;
    desk.active(10).await?;
    office.checkpoint().await?;
    let backup = office.record.copy()?; // VACUUM INTO, while the office works
    assert!(office.inspect(&backup).await?.is_whole(), "it is not older than what is kept");

    // 1. Work goes on, and a checkpoint tells of it outside.
    let lost = desk.active(11).await?;
    office.checkpoint().await?;
    let before = issue_crl(&office, &office.ra).await?;

    // 2. The disk is lost. The verifier says what the copy is.
    let report = office.inspect(&backup).await?;
    assert_eq!(report.findings, [Finding::RolledBack { kept: 2, newest: 1 }]);

    // 3. Nothing is done over it before an administrator says that it is known.
    let ra = office.over(&backup)?;
    let open =
        || Command::OpenOffice { office: "new".parse().unwrap(), title: "Новый".to_owned() };
    let refused = ra.execute(office.administrator(), &office.envelope(open())).await.unwrap_err();
    assert_eq!(refused.code(), "record.restored");
    assert_eq!(ra.sweep().await?.audit, Some("record.restored"));
    let document = || "Акт № 3 о восстановлении".to_owned();
    let acknowledge = Command::AcknowledgeRestore { document: document() };
    let done = ra.execute(&desk.operator, &office.envelope(acknowledge.clone())).await;
    assert_eq!(done.unwrap_err().code(), "permission.role");
    ra.execute(office.administrator(), &office.envelope(acknowledge.clone())).await?;
    let again = ra.execute(office.administrator(), &office.envelope(acknowledge)).await;
    assert_eq!(again.unwrap_err().code(), "not-found", "there is nothing left to acknowledge");

    // 4. Work goes on: numbers go on from where they were, in time if not in the record.
    ra.execute(office.administrator(), &office.envelope(open())).await?;
    assert!(ra.case(office.administrator(), &lost).await.is_err(), "what came after it is gone");
    desk.clock.advance(1);
    let after = issue_crl(&office, &ra).await?;
    assert!(before < after, "CRL numbers only grow: {before:?}, {after:?}");
    let made = ra.execute(office.administrator(), &office.envelope(Command::MakeCheckpoint)).await;
    assert_eq!(made?, Outcome::CheckpointMade { number: Some(3) });
    let newest = office.kept().await?;
    assert_eq!((newest.checkpoint.number, newest.checkpoint.size), (3, 2));
    let report = office.inspect(&backup).await?;
    assert!(report.is_whole(), "{:#?}", report.findings);
    Ok(())
}

#[tokio::test]
async fn the_lost_checkpoint_is_told_of_for_ever() -> Result<()> {
    let office = Office::found().await?;
    office.checkpoint().await?;
    let backup = office.record.copy()?;
    office.desk.active(11).await?;
    office.checkpoint().await?;
    let lost = office.kept().await?;
    let ra = office.over(&backup)?;
    let acknowledge = Command::AcknowledgeRestore { document: "Акт № 3".to_owned() };
    ra.execute(office.administrator(), &office.envelope(acknowledge)).await?;
    let report = inspect(&backup, Some(lost)).await?;
    assert!(report.is_whole(), "{:#?}", report.findings);
    assert_eq!(report.restores, [2]);
    Ok(())
}

/// A CRL of the office's authority; by which key, with which number.
async fn issue_crl(
    office: &Office,
    ra: &gost_ca::RegistrationAuthority,
) -> Result<Vec<(KeyIdentity, u64)>> {
    let next_update = "2026-03-20T09:00:00Z".parse()?;
    let command = Command::IssueCrl { authority: office.desk.authority, next_update };
    match ra.execute(office.administrator(), &office.envelope(command)).await? {
        Outcome::CrlIssued { crls } => Ok(crls),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_lost_operator_certificate_is_replaced() -> Result<()> {
    let office = Office::found().await?;
    let desk = &office.desk;
    let gost_ca::entry::Method::Certificate(lost) = desk.operator.actor().method else {
        panic!("operators sign in by certificate")
    };
    let operator = desk.operator.actor().user.unwrap();
    // 1. The administrator ends it; so ends its session.
    let revoke = Command::Revoke {
        case: lost,
        reason: gost_ca::reason::Reason::KeyCompromise,
        ground: crate::record::ground(),
        invalidity: None,
        date: None,
        notice: gost_ca::fact::Notice::default(),
    };
    desk.run(&desk.administrator, revoke).await?;
    let refused = desk.run(&desk.operator, Command::MakeCheckpoint).await.unwrap_err();
    assert_eq!(refused.code(), "session.certificate");
    // 2. The operator comes with a new key, and gets a certificate for it.
    let signer = crate::desk::key(150, &desk.rng);
    let case = desk.issue(&desk.administrator, operator, "sign-in", &signer).await?;
    let certificate = desk.ra.certificate(&desk.administrator, &case).await?;
    let session = desk.ra.sign_in(&certificate, &answer(&desk.ra, &*signer).await?).await?;
    assert_eq!(session.actor().user, Some(operator));
    // 3. The lost one signs nobody in.
    let signer = crate::desk::key(102, &desk.rng);
    let certificate = desk.ra.certificate(&desk.administrator, &lost).await?;
    let refused = desk.ra.sign_in(&certificate, &answer(&desk.ra, &*signer).await?).await;
    assert_eq!(refused.unwrap_err().code(), "sign-in");
    Ok(())
}
