//! Two registration authorities over one journal, as two processes have them.

use std::sync::Arc;

use gost_ca::audit::verify::verify;
use gost_ca::command::{Command, Outcome};
use gost_ca::fact::Notice;
use gost_ca::id::{CaseId, WriterId};
use gost_ca::reason::{Ground, GroundKind, Reason};
use gost_ca::view::CaseState;
use gost_ca::{Error, RegistrationAuthority};
use gost_ca_memory::{MemoryDirectory, MemoryJournal};
use gost_ca_sqlite::SqliteStore;

#[path = "support/desk.rs"]
mod desk;
use desk::{Desk, Result, Storage, fresh_key};

fn writer(number: u8) -> WriterId {
    WriterId::new([number; 16])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_over_one_memory() -> Result<()> {
    let (journal, directory) =
        (MemoryJournal::new(writer(1)), Arc::new(MemoryDirectory::default()));
    let second =
        Storage { journal: Arc::new(journal.reopen(writer(2))), directory: directory.clone() };
    two_over_one(Storage { journal: Arc::new(journal), directory }, second).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_over_one_file() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let open =
        |number| SqliteStore::open(folder.path().join("office.db"), writer(number)).map(Arc::new);
    let (first, second) = (open(1)?, open(2)?);
    let second = Storage { journal: second.clone(), directory: second };
    two_over_one(Storage { journal: first.clone(), directory: first }, second).await
}

async fn two_over_one(first: Storage, second: Storage) -> Result<()> {
    let desk = Desk::found(first).await?;
    let twin = desk.twin(second);
    for number in 10..15 {
        let user = desk.register(number).await?;
        let case = desk.build(&desk.operator, user, "commercial", &fresh_key(&desk.rng)).await?;
        one_command_at_both(&desk, &twin, case).await?;
        one_state_change_wins(&desk, &twin, case).await?;
    }
    assert!(verify(twin.providers().journal.audit()).await?.is_whole());
    Ok(())
}

/// The same envelope at both: one certificate, and both hear of it in the end.
async fn one_command_at_both(
    desk: &Desk,
    twin: &RegistrationAuthority,
    case: CaseId,
) -> Result<()> {
    let envelope = desk.envelope(Command::Submit { case });
    let (one, other) = tokio::join!(
        desk.ra.execute(&desk.operator, &envelope),
        twin.execute(&desk.operator, &envelope)
    );
    for answer in [one, other] {
        assert!(
            matches!(answer, Ok(_) | Err(Error::Conflict(_) | Error::Refused(_))),
            "{answer:?}"
        );
    }
    // whoever lost repeats the envelope, and hears what was done
    let again = twin.execute(&desk.operator, &envelope).await?;
    assert!(matches!(again, Outcome::AlreadyDone(_) | Outcome::Issued { .. }), "{again:?}");
    let (ours, theirs) =
        (desk.ra.case(&desk.operator, &case).await?, twin.case(&desk.operator, &case).await?);
    assert_eq!(ours.case, theirs.case);
    assert_eq!(ours.case.state(), CaseState::Active);
    Ok(())
}

/// A hold at one and a revocation at the other: both cannot be decided from the same state.
async fn one_state_change_wins(
    desk: &Desk,
    twin: &RegistrationAuthority,
    case: CaseId,
) -> Result<()> {
    let ground = || Ground { kind: GroundKind::OwnerApplication, document: "№ 1".to_owned() };
    let length = desk.ra.case(&desk.operator, &case).await?.case.length();
    let hold = desk
        .envelope(Command::Suspend { case, ground: ground(), until: None, on_end: None })
        .expecting(length);
    let reason = Reason::CessationOfOperation;
    let revoke = Command::Revoke {
        case,
        reason,
        ground: ground(),
        invalidity: None,
        date: None,
        notice: Notice::default(),
    };
    let revoke = desk.envelope(revoke).expecting(length);
    let (first, second) =
        tokio::join!(desk.ra.execute(&desk.operator, &hold), twin.execute(&desk.operator, &revoke));
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    let state = twin.case(&desk.operator, &case).await?.case.state();
    assert_eq!(state, if first.is_ok() { CaseState::Suspended } else { CaseState::Revoked });
    Ok(())
}
