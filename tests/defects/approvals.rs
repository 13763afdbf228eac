//! Defects of approvals.

use gost_ca::command::{Command, Outcome};
use gost_ca::lifecycle::Act;
use gost_ca::profile::ApprovalRule;
use gost_ca::view::CaseState;

use super::bench::{Bench, revoke};
use super::desk::{Result, profile};
use super::state;

/// Whoever asks does not approve: four eyes see it, with nothing set to have it so.
#[tokio::test]
async fn d_14_nobody_approves_what_they_asked_for() -> Result<()> {
    let desk = &Bench::open().await?.desk;
    let mut strict = profile();
    strict.version = 2;
    strict.policy.approvals = vec![serde_json::from_str(r#"{"act":"revoke","quorum":1}"#)?];
    desk.run(&desk.administrator, Command::AdoptProfile { profile: Box::new(strict) }).await?;
    let case = desk.active(10).await?;
    let asked = desk.run(&desk.operator, revoke(case)).await?;
    let Outcome::ApprovalRequested { approval } = asked else { panic!("{asked:?}") };
    assert_eq!(state(desk, case).await?, CaseState::Active, "nothing is done yet");
    let approve = || Command::Approve { approval, comment: "Согласен".to_owned() };
    assert_eq!(desk.refusal(&desk.operator, approve()).await, "guard.own-approval");
    let other = desk.new_operator(&desk.administrator, 3, &desk.office.clone()).await?;
    desk.run(&other, approve()).await?;
    assert_eq!(state(desk, case).await?, CaseState::Revoked);
    Ok(())
}

/// Two must be two people.
#[tokio::test]
async fn d_14_nobody_approves_twice() -> Result<()> {
    let desk = &Bench::open().await?.desk;
    let mut strict = profile();
    strict.version = 2;
    strict.policy.approvals = vec![ApprovalRule { act: Act::Revoke, quorum: 2, back_dated: false }];
    desk.run(&desk.administrator, Command::AdoptProfile { profile: Box::new(strict) }).await?;
    let case = desk.active(10).await?;
    let asked = desk.run(&desk.operator, revoke(case)).await?;
    let Outcome::ApprovalRequested { approval } = asked else { panic!("{asked:?}") };
    let other = desk.new_operator(&desk.administrator, 3, &desk.office.clone()).await?;
    let approve = || Command::Approve { approval, comment: "Согласен".to_owned() };
    desk.run(&other, approve()).await?;
    assert_eq!(desk.refusal(&other, approve()).await, "guard.approved-before");
    assert_eq!(state(desk, case).await?, CaseState::Active);
    desk.run(&desk.administrator, approve()).await?;
    assert_eq!(state(desk, case).await?, CaseState::Revoked);
    Ok(())
}
