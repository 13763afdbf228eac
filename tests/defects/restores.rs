//! Defects of restoring from a backup.

use gost_ca::audit::verify::Finding;
use gost_ca::command::Command;
use gost_ca::view::CaseState;

use super::bench::revoke;
use super::desk::Result;
use super::office::Office;

/// An older copy in which a revocation is missing is found out by what was kept elsewhere, and nothing is
/// done over it, no CRL made, before an administrator says that it is known.
#[tokio::test]
async fn d_12_a_restore_does_not_take_a_revocation_back() -> Result<()> {
    let office = Office::found().await?;
    let desk = &office.desk;
    let case = desk.active(10).await?;
    office.checkpoint().await?;
    let backup = office.record.copy()?;
    desk.run(&desk.operator, revoke(case)).await?;
    office.checkpoint().await?;

    let report = office.inspect(&backup).await?;
    assert_eq!(report.findings, [Finding::RolledBack { kept: 2, newest: 1 }]);
    let restored = office.over(&backup)?;
    let card = restored.case(office.administrator(), &case).await?;
    assert_eq!(card.case.state(), CaseState::Active, "the copy does not know");
    let next_update = "2026-03-20T09:00:00Z".parse()?;
    let list = Command::IssueCrl { authority: desk.authority, next_update };
    for command in [list, Command::Renew { case }] {
        let error = restored.execute(office.administrator(), &office.envelope(command)).await;
        assert_eq!(error.unwrap_err().code(), "record.restored");
    }
    assert_eq!(restored.sweep().await?.audit, Some("record.restored"), "nor by itself");
    assert!(office.inspect(&office.record).await?.is_whole(), "the record itself is whole");
    Ok(())
}
