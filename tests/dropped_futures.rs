//! A future that is dropped is a crash at that await: at each await of each call of a day.
//!
//! Every provider gives way before and after each of its calls; a call is polled so far and dropped, and
//! then repeated as the same envelope over a fresh start of the desk. It must do its thing, once.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cognitive_complexity,
    reason = "a test fails by panicking"
)]

use std::sync::Arc;

#[path = "support/authorities.rs"]
mod authorities;
#[path = "support/bench.rs"]
mod bench;
#[path = "support/desk.rs"]
mod desk;
#[path = "support/doubles.rs"]
mod doubles;

use bench::{Bench, Call, Deed, repeat};
use desk::Result;
use doubles::{Hook, Yielding, poll_at_most};

macro_rules! deeds {
    ($($name:ident: $deed:ident;)+) => {$(
        #[tokio::test]
        async fn $name() -> Result<()> {
            drop_everywhere(Deed::$deed).await
        }
    )+};
}

deeds! {
    registering: Register;
    a_new_temporary_password: IssueTemporaryPassword;
    an_own_password: ChangePassword;
    editing_data: EditData;
    beginning_a_request: CreateRequest;
    editing_a_request: EditRequest;
    making_a_key: GenerateKey;
    importing_a_request: ImportRequest;
    submitting: Submit;
    cancelling: Cancel;
    issuing_again: Issue;
    installing: Install;
    suspending: Suspend;
    resuming: Resume;
    revoking: Revoke;
    renewing: Renew;
    hiding: Hide;
    printing: Print;
    listing: IssueCrl;
    signing_in: SignIn;
    signing_in_by_password: SignInByPassword;
    starting_a_registration: StartRegistration;
    saving_a_draft: SaveDraft;
    completing_a_registration: CompleteRegistration;
    discarding_a_draft: DiscardDraft;
    resetting_a_password: ResetPassword;
    blocking: Block;
    unblocking: Unblock;
    archiving_an_account: ArchiveUser;
    applying_for_termination: ApplyForTermination;
    dismissing_an_application: DismissTermination;
    scheduling: Schedule;
    withdrawing_a_schedule: WithdrawSchedule;
    changing_a_suspension: ChangeSuspension;
    amending_a_reason: AmendReason;
    reissuing: Reissue;
    accepting: Accept;
    waiving_findings: Waive;
    rejecting: Reject;
    approving: Approve;
    going_on_with_a_key: UseKey;
    destroying_a_key: DestroyKey;
    blocking_a_key: BlockKey;
    erasing_documents: Erase;
}

async fn drop_everywhere(deed: Deed) -> Result<()> {
    let bench = Bench::open().await?;
    let hook: Arc<dyn Hook> = Arc::new(Yielding);
    for polls in 1.. {
        let number = 10 + u32::try_from(2 * polls)?;
        let first = bench.prepare(deed, number).await?;
        let ended = poll_at_most(first.make(&bench.hooked(&hook)), polls);
        repeat_then_sweep(&bench, &first).await?;

        let second = bench.prepare(deed, number + 1).await?;
        poll_at_most(second.make(&bench.hooked(&hook)), polls);
        sweep_then_repeat(&bench, deed, &second).await?;
        if let Some(ended) = ended {
            ended?;
            assert!(polls > 4, "{deed:?} made no calls");
            return bench.check().await;
        }
    }
    Ok(())
}

async fn repeat_then_sweep(bench: &Bench, call: &Call) -> Result<()> {
    bench.desk.clock.advance(1);
    repeat(call, &bench.desk.ra).await?;
    bench.sweep().await?;
    bench.check_done_once(call).await
}

async fn sweep_then_repeat(bench: &Bench, deed: Deed, call: &Call) -> Result<()> {
    bench.sweep().await?;
    match repeat(call, &bench.desk.ra).await {
        // the engine gave the generation up; the key that was made stays where it is
        Err(error) if deed == Deed::GenerateKey && error.code() == "conflict" => return Ok(()),
        repeated => repeated?,
    }
    bench.check_done_once(call).await
}
