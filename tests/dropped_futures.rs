//! A future that is dropped is a crash at that await: at each await of each call of a day.
//!
//! Every provider gives way before and after each of its calls; a call is polled so far and dropped, and
//! then repeated as the same envelope over a fresh start of the desk. It must do its thing, once.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;

use gost_ca::RegistrationAuthority;
use gost_ca::command::Outcome;
use gost_ca::provider::journal::StreamId;

#[expect(dead_code, reason = "each test needs its own part of it")]
#[path = "support/authorities.rs"]
mod authorities;
#[expect(dead_code, reason = "each test needs its own part of it")]
#[path = "support/bench.rs"]
mod bench;
#[expect(dead_code, reason = "each test needs its own part of it")]
#[path = "support/desk.rs"]
mod desk;
#[expect(dead_code, reason = "each test needs its own part of it")]
#[path = "support/doubles.rs"]
mod doubles;

use bench::{Bench, Call, Deed, PATIENCE};
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
    sweep(bench).await?;
    check_done_once(bench, call).await
}

async fn sweep_then_repeat(bench: &Bench, deed: Deed, call: &Call) -> Result<()> {
    sweep(bench).await?;
    match repeat(call, &bench.desk.ra).await {
        // the engine gave the generation up; the key that was made stays where it is
        Err(error) if deed == Deed::GenerateKey && error.code() == "conflict" => return Ok(()),
        repeated => repeated?,
    }
    check_done_once(bench, call).await
}

/// The same again does it, or says that it is done; again and again.
async fn repeat(
    call: &Call,
    ra: &RegistrationAuthority,
) -> std::result::Result<(), gost_ca::Error> {
    let done = call.make(ra).await?;
    let again = call.make(ra).await?;
    let is_repetition = matches!(again, None | Some(Outcome::AlreadyDone(_)));
    assert!(is_repetition, "{done:?}, and then {again:?}");
    if let Some(Outcome::AlreadyDone(again)) = again {
        let done = match done.unwrap() {
            Outcome::AlreadyDone(done) => *done,
            Outcome::Registered { user, .. } => {
                Outcome::Registered { user, temporary_password: None }
            }
            done => done,
        };
        assert_eq!(*again, done);
    }
    Ok(())
}

async fn sweep(bench: &Bench) -> Result<()> {
    bench.desk.clock.advance(PATIENCE);
    let swept = bench.desk.ra.sweep().await?;
    assert_eq!(swept.failed, []);
    assert_eq!(bench.desk.ra.sweep().await?, gost_ca::registration_authority::Swept::default());
    Ok(())
}

async fn check_done_once(bench: &Bench, call: &Call) -> Result<()> {
    let events = bench.events(call.stream, call.from).await?;
    assert_eq!(told(&events), call.events, "{events:?}");
    if let StreamId::Case(case) = call.stream {
        bench.folded(case).await?;
    }
    Ok(())
}

/// What was done, whatever interrupted it: recovered is issued, given up and begun again is begun.
fn told(events: &[String]) -> Vec<&str> {
    let mut told: Vec<&str> = Vec::new();
    for event in events {
        match event.as_str() {
            "crl.intent" | "issuance.in_doubt" => {}
            "issuance.recovered" => told.push("certificate.issued"),
            "key.generation_failed" => {
                told.pop();
            }
            event => told.push(event),
        }
    }
    told
}
