//! Defects of ways in: what one can do by one of them, one can do by all.

use std::collections::BTreeSet;

use gost_ca::command::{Command, Envelope};
use gost_ca::lifecycle::permission::MATRIX;
use gost_ca::view::{CaseState, Role};

use super::bench::{Bench, resume, revoke, suspend};
use super::desk::Result;
use super::state;

/// Acts that are called something else as commands.
const CALLED: &[(&str, &[&str])] = &[
    ("administer", &["open-office", "adopt-profile", "open-authority", "install-authority-key"]),
    // whatever others must approve asks for it by itself
    ("request-approval", &[]),
    ("execute", &["retry-approval"]),
    ("archive-account", &["archive-user"]),
    ("erase-account", &["erase-user"]),
    ("edit-contacts", &["edit-data"]),
];

/// Whatever a person may do is a command, and commands are data: each way in has them all.
#[test]
fn d_11_each_act_of_people_is_a_command() {
    let commands = commands();
    for (act, roles) in MATRIX {
        if !roles.iter().any(|role| *role != Role::System) {
            continue;
        }
        let act = serde_json::to_value(act).unwrap();
        let act = act.as_str().unwrap();
        let called = CALLED.iter().find(|(known, _)| *known == act).map(|(_, names)| *names);
        for name in called.unwrap_or(&[act]) {
            assert!(commands.contains(*name), "{act}: no command {name}");
        }
    }
}

/// The names of all commands: what a reader of JSON says that it expected.
fn commands() -> BTreeSet<String> {
    let error = serde_json::from_str::<Command>(r#"{"command":"?"}"#).unwrap_err().to_string();
    let (_, expected) = error.split_once("expected one of ").unwrap();
    let names = expected.split('`').skip(1).step_by(2);
    names.map(str::to_owned).collect()
}

/// A hold over JSON alone, as a web service would have it.
#[tokio::test]
async fn d_11_holds_come_through_json() -> Result<()> {
    let desk = &Bench::open().await?.desk;
    let case = desk.active(10).await?;
    for (command, then) in [
        (suspend(case), CaseState::Suspended),
        (resume(case), CaseState::Active),
        (suspend(case), CaseState::Suspended),
        (revoke(case), CaseState::Revoked),
    ] {
        let sent = serde_json::to_vec(&desk.envelope(command))?;
        let received: Envelope = serde_json::from_slice(&sent)?;
        desk.ra.execute(&desk.operator, &received).await?;
        assert_eq!(state(desk, case).await?, then);
    }
    Ok(())
}
