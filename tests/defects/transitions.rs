//! Defects of suspending, resuming and terminating.

use gost_ca::command::Command;
use gost_ca::id::CaseId;
use gost_ca::lifecycle::CertificateStatus;
use gost_ca::provider::journal::StreamId;
use gost_ca::reason::Reason;
use gost_ca::view::CaseState;
use gost_ca::x509::extensions::RevocationReason;

use super::bench::{Bench, ground, resume, revoke, suspend};
use super::desk::{Result, profile};
use super::{DAY, crl, serial, state};

/// Where nothing changed nothing is told to have changed: no entry, no CRL that says so.
#[tokio::test]
async fn d_2_success_is_told_of_changes_alone() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let (held, gone) = (desk.active(10).await?, desk.active(11).await?);
    desk.run(&desk.operator, suspend(held)).await?;
    desk.run(&desk.operator, revoke(gone)).await?;
    let stream = StreamId::Case(gone);
    let (length, before) = (bench.length(stream).await?, crl(desk).await?);
    for command in [resume(gone), suspend(gone), revoke(gone)] {
        assert_eq!(desk.refusal(&desk.operator, command).await, "state");
    }
    assert_eq!(bench.length(stream).await?, length, "a refusal is no event of the certificate");
    desk.clock.advance(1);
    let after = crl(desk).await?;
    assert!(before.entries().eq(after.entries()));

    let length = bench.length(StreamId::Case(held)).await?;
    desk.run(&desk.operator, resume(held)).await?;
    let events = bench.events(StreamId::Case(held), length).await?;
    assert_eq!(events, ["certificate.resumed"]);
    assert_eq!(state(desk, held).await?, CaseState::Active);
    desk.clock.advance(1);
    assert!(crl(desk).await?.find(&serial(desk, held).await?).is_none());
    Ok(())
}

/// The first revocation's date and reason stay, whatever comes after.
#[tokio::test]
async fn d_3_a_second_revocation_moves_nothing() -> Result<()> {
    let desk = &Bench::open().await?.desk;
    let case = desk.active(10).await?;
    desk.run(&desk.operator, revoke(case)).await?;
    let serial = serial(desk, case).await?;
    let first = crl(desk).await?.find(&serial).unwrap();
    desk.clock.advance(DAY);
    for by in [&desk.operator, &desk.administrator] {
        assert_eq!(desk.refusal(by, revoke(case)).await, "state");
    }
    let again = crl(desk).await?.find(&serial).unwrap();
    assert_eq!((first.date, first.reason), (again.date, again.reason));
    Ok(())
}

/// Of two revocations at once one is made, and the other is told so.
#[tokio::test]
async fn d_3_of_two_revocations_one_wins() -> Result<()> {
    let desk = &Bench::open().await?.desk;
    let case = desk.active(10).await?;
    let seen = desk.ra.case(&desk.operator, &case).await?.case.length();
    let [one, two] = [(); 2].map(|()| desk.envelope(revoke(case)).expecting(seen));
    let (one, two) = tokio::join!(
        desk.ra.execute(&desk.operator, &one),
        desk.ra.execute(&desk.administrator, &two),
    );
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    let code = one.err().or(two.err()).unwrap().code();
    assert!(["conflict", "state"].contains(&code), "{code}");
    Ok(())
}

/// What is over does not come to life again.
#[tokio::test]
async fn d_5_no_resumption_after_the_end() -> Result<()> {
    let desk = &Bench::open().await?.desk;
    let mut short = profile(); // so that the operator's own certificate outlives it
    (short.version, short.months, short.key_months) = (2, 1, 1);
    desk.run(&desk.administrator, Command::AdoptProfile { profile: Box::new(short) }).await?;
    let case = desk.active(10).await?;
    let end = desk.ra.case(&desk.operator, &case).await?.case.not_after().unwrap();
    desk.clock.advance(DAY * 27);
    desk.run(&desk.operator, suspend(case)).await?;
    let left = end.as_second() - desk.clock_now().as_second();
    desk.clock.advance(left + 1);
    assert_eq!(desk.refusal(&desk.operator, resume(case)).await, "guard.expired");
    assert_ne!(desk.ra.status(&case).await?, CertificateStatus::Good);
    desk.ra.sweep().await?;
    assert_ne!(desk.ra.status(&case).await?, CertificateStatus::Good, "nor by itself");
    assert_eq!(desk.refusal(&desk.operator, resume(case)).await, "guard.expired");
    Ok(())
}

/// Nobody terminates without a reason and a ground, and the CRL gives the reason that was given.
#[tokio::test]
async fn d_15_a_reason_is_given_and_kept() -> Result<()> {
    let desk = &Bench::open().await?.desk;
    let command = serde_json::to_value(revoke(CaseId::new([1; 16])))?;
    for field in ["reason", "ground"] {
        let mut without = command.clone();
        assert!(without.as_object_mut().unwrap().remove(field).is_some());
        assert!(serde_json::from_value::<Command>(without).is_err(), "{field}");
    }
    for (number, &reason) in (10..).zip(Reason::ALL) {
        let case = desk.active(number).await?;
        let Command::Revoke { invalidity, .. } = revoke(case) else { panic!("a revocation") };
        let command = Command::Revoke {
            case,
            reason,
            ground: ground(),
            invalidity,
            date: None,
            notice: gost_ca::fact::Notice::default(),
        };
        desk.run(&desk.operator, command).await?;
        desk.clock.advance(1);
        let listed = crl(desk).await?.find(&serial(desk, case).await?).unwrap();
        assert_eq!(listed.reason.map_or(0, RevocationReason::number), reason.code());
        let revoked = *desk.ra.case(&desk.operator, &case).await?.case.revoked().unwrap();
        assert_eq!(revoked.reason, reason);
    }
    Ok(())
}
