//! Defects of what is remembered.

use gost_ca::Timestamp;
use gost_ca::command::{Command, Outcome};
use gost_ca::lifecycle::{CertificateStatus, StatusAt};
use gost_ca::provider::journal::StreamId;

use super::bench::{Bench, resume, revoke, suspend};
use super::desk::Result;
use super::{DAY, HOUR};

/// A hold that ended was a hold all the same.
#[tokio::test]
async fn d_6_a_resumption_does_not_erase_the_hold() -> Result<()> {
    let desk = &Bench::open().await?.desk;
    let case = desk.active(10).await?;
    desk.clock.advance(HOUR);
    let mut holds = Vec::new();
    for _ in 0..2 {
        let since = desk.clock_now();
        desk.run(&desk.operator, suspend(case)).await?;
        desk.clock.advance(DAY);
        holds.push((since, desk.clock_now()));
        desk.run(&desk.operator, resume(case)).await?;
        desk.clock.advance(DAY);
    }
    let status = |time: Timestamp| desk.ra.status_at(&case, StatusAt::time(time));
    let hour = jiff::SignedDuration::from_hours(1);
    for again in [false, true] {
        for (since, until) in holds.clone() {
            assert_eq!(status(since - hour).await?, CertificateStatus::Good);
            assert_eq!(status(since).await?, CertificateStatus::Suspended { since });
            assert_eq!(status(until - hour).await?, CertificateStatus::Suspended { since });
            assert_eq!(status(until).await?, CertificateStatus::Good);
        }
        if !again {
            desk.run(&desk.operator, revoke(case)).await?;
            desk.clock.advance(DAY);
        }
    }
    Ok(())
}

/// A renewal joins the lineage of the first certificate, and takes nothing away.
#[tokio::test]
async fn d_13_a_renewal_keeps_the_lineage_and_the_past() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let first = desk.active(10).await?;
    let mut cases = vec![first];
    for number in 0..3_u8 {
        let elder = *cases.last().unwrap();
        let before = bench.case_entries(elder).await?;
        let renewed = desk.run(&desk.operator, Command::Renew { case: elder }).await?;
        let Outcome::RequestCreated { case } = renewed else { panic!("{renewed:?}") };
        let import = bench.import(case, 500 + u32::from(number)).await?;
        desk.run(&desk.operator, import).await?;
        desk.run(&desk.operator, Command::Submit { case }).await?;
        let begun = desk.ra.case(&desk.operator, &case).await?.case.begun().clone();
        assert_eq!((begun.lineage, begun.renews), (first, Some(elder)));
        let after = bench.case_entries(elder).await?;
        assert_eq!(after[..before.len()], before[..], "what was recorded stays");
        cases.push(case);
    }
    for case in cases {
        let events = bench.events(StreamId::Case(case), 0).await?;
        for kept in ["request.created", "request.approved", "certificate.issued"] {
            assert!(events.iter().any(|event| event == kept), "{kept} of {events:?}");
        }
        desk.ra.certificate(&desk.operator, &case).await?;
    }
    Ok(())
}
