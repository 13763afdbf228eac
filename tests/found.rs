//! What random walks found, each in a few steps of its own.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;

use gost_ca::Timestamp;
use gost_ca::command::{Command, ItemOutcome, Means, Outcome, Termination};
use gost_ca::fact::Plan;
use gost_ca::id::{ApprovalId, CaseId};
use gost_ca::lifecycle::{Act, CertificateStatus, StatusAt};
use gost_ca::profile::{ApprovalRule, OnEnd, Policy, Suspension};
use gost_ca::provider::authority::Prepared;
use gost_ca::provider::key_store::{Access, CarrierId, KeyId};
use gost_ca::provider::{ErrorKind, Result as Provided};
use gost_ca::reason::{Ground, GroundKind, Reason};
use gost_ca::registration::Login;
use gost_ca::secret::Secret;
use gost_ca::view::{ApprovalState, CaseState, Role};
use gost_ca::x509::Certificate;
use jiff::SignedDuration;

#[path = "support/authorities.rs"]
mod authorities;
#[path = "support/bench.rs"]
mod bench;
#[path = "support/desk.rs"]
mod desk;
#[path = "support/doubles.rs"]
mod doubles;

use bench::{Bench, OWN_PASSWORD, PIN, STORE, ground, resume, revoke, suspend};
use desk::Result;
use doubles::{Failing, Hook};

const DAY: i64 = 86_400;

/// A bench whose commercial profile has this policy.
async fn with(policy: Policy) -> Result<Bench> {
    let bench = Bench::open().await?;
    let mut profile = desk::profile();
    profile.version = 2;
    (profile.months, profile.key_months) = (1, 1);
    profile.policy = policy;
    profile.suspension = Suspension::Allowed { max_days: 30, on_end: OnEnd::Stay };
    let command = Command::AdoptProfile { profile: Box::new(profile) };
    bench.desk.run(&bench.desk.administrator, command).await?;
    Ok(bench)
}

/// Where others must approve that.
fn approved(act: Act) -> Policy {
    let approvals = vec![ApprovalRule { act, quorum: 1, back_dated: false }];
    Policy { approvals, ..Policy::default() }
}

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

async fn submitted(bench: &Bench, case: CaseId) -> Result<ApprovalId> {
    match bench.desk.run(&bench.desk.operator, Command::Submit { case }).await? {
        Outcome::ApprovalRequested { approval } => Ok(approval),
        other => panic!("{other:?}"),
    }
}

const fn approve(approval: ApprovalId) -> Command {
    Command::Approve { approval, comment: String::new() }
}

async fn plan(bench: &Bench, case: CaseId, at: Timestamp, plan: Plan) -> Result<()> {
    bench.desk.run(&bench.desk.operator, Command::Schedule { case, at, plan }).await?;
    Ok(())
}

async fn sweep_after(bench: &Bench, seconds: i64) -> Result<()> {
    bench.desk.clock.advance(seconds);
    bench.sweep().await
}

#[tokio::test]
async fn a_renewal_that_was_not_approved_may_be_begun_again() -> Result<()> {
    let bench = with(approved(Act::Issue)).await?;
    let (desk, by) = (&bench.desk, &bench.desk.operator);
    let case = bench.built(10).await?;
    let approval = submitted(&bench, case).await?;
    desk.run(&desk.administrator, approve(approval)).await?;
    let renewed = desk.run(by, Command::Renew { case }).await?;
    let Outcome::RequestCreated { case: heir } = renewed else { panic!("{renewed:?}") };
    desk.run(by, bench.import(heir, 11).await?).await?;
    let approval = submitted(&bench, heir).await?;
    let reject = Command::RejectApproval { approval, comment: "нет".to_owned() };
    desk.run(&desk.administrator, reject).await?;
    assert_eq!(bench.case(heir).await?.state(), CaseState::Rejected);
    desk.run(by, Command::Renew { case }).await?;
    bench.check().await
}

#[tokio::test]
async fn what_was_approved_and_failed_is_tried_again() -> Result<()> {
    let bench = with(approved(Act::Issue)).await?;
    let desk = &bench.desk;
    let case = bench.built(10).await?;
    let approval = submitted(&bench, case).await?;
    let inner = Arc::clone(&desk.ra.providers().authorities[&desk.authority]);
    let keyless = authorities::Completing {
        inner,
        complete: |_: &Prepared| -> Provided<Certificate> {
            Err(ErrorKind::NotFound.at("authority key"))
        },
    };
    let ra = bench.with_authority(Arc::new(keyless));
    let done = ra.execute(&desk.administrator, &desk.envelope(approve(approval))).await?;
    assert_eq!(done, Outcome::Approved { approval, state: ApprovalState::Failed });
    let done = desk.run(&desk.administrator, Command::RetryApproval { approval }).await?;
    assert_eq!(done, Outcome::Approved { approval, state: ApprovalState::Executed });
    assert_eq!(bench.case(case).await?.state(), CaseState::Active);
    bench.check().await
}

#[tokio::test]
async fn a_plan_counts_from_its_time_however_late_it_is_carried_out() -> Result<()> {
    let bench = with(Policy::default()).await?;
    let (desk, by) = (&bench.desk, &bench.desk.operator);
    let begin = desk.clock_now();
    let first = bench.active(10).await?;
    let until = Some(begin + days(3));
    let hold = Plan::Suspend { ground: ground(), until, on_end: OnEnd::Resume };
    plan(&bench, first, begin + days(1), hold).await?;
    let ended = bench.active(11).await?;
    let reason = Reason::PrivilegeWithdrawn; // the engine gives no such reason of its own
    plan(&bench, ended, begin + days(5), Plan::Revoke { reason, ground: ground() }).await?;
    let both = bench.active(12).await?;
    let hold = Command::Suspend {
        case: both,
        ground: ground(),
        until: Some(begin + days(2)),
        on_end: Some(OnEnd::Resume),
    };
    desk.run(by, hold).await?;
    plan(&bench, both, begin + days(5), Plan::Revoke { reason, ground: ground() }).await?;
    // all of them have expired when the engine looks
    desk.clock.advance(40 * DAY);
    for _ in 0..3 {
        assert_eq!(desk.ra.sweep().await?.failed, []);
    }
    let status =
        async |case, day| desk.ra.status_at(&case, StatusAt::time(begin + days(day))).await;
    let on_hold = matches!(status(first, 2).await?, CertificateStatus::Suspended { .. });
    assert!(on_hold);
    assert_eq!(status(first, 4).await?, CertificateStatus::Good);
    assert_eq!(status(ended, 4).await?, CertificateStatus::Good);
    assert_eq!(status(both, 4).await?, CertificateStatus::Good);
    for case in [ended, both] {
        let since = begin + days(5);
        let revoked = CertificateStatus::Revoked { since, date: since, reason, invalidity: None };
        assert_eq!(status(case, 6).await?, revoked);
    }
    bench.check().await
}

#[tokio::test]
async fn nobody_is_notified_ahead_of_an_annulment() -> Result<()> {
    let bench = with(Policy::default()).await?;
    let case = bench.active(10).await?;
    let ground = Ground { kind: GroundKind::Court, document: "№ 2".to_owned() };
    let plan = Plan::Revoke { reason: Reason::Superseded, ground };
    let command = Command::Schedule { case, at: bench.desk.clock_now() + days(1), plan };
    let refusal = bench.desk.refusal(&bench.desk.operator, command).await;
    assert_eq!(refusal, "guard.ground-incomplete");
    bench.check().await
}

#[tokio::test]
async fn a_key_is_forbidden_however_its_certificate_ends() -> Result<()> {
    let bench = with(Policy::default()).await?;
    let (desk, by) = (&bench.desk, &bench.desk.operator);
    let (planned, archived) = (bench.active(10).await?, bench.active(11).await?);
    let reason = Reason::KeyCompromise;
    let at = desk.clock_now() + days(1);
    plan(&bench, planned, at, Plan::Revoke { reason, ground: ground() }).await?;
    sweep_after(&bench, 2 * DAY).await?;
    let user = bench.case(archived).await?.begun().user;
    let termination = Some(Termination { reason, ground: ground() });
    let archive = Command::ArchiveUser { user, reason: "№ 1".to_owned(), termination };
    desk.run(&desk.administrator, archive).await?;
    let draft = bench.draft(12).await?;
    for number in [10, 11] {
        let import = bench.import(draft, number).await?;
        assert_eq!(desk.refusal(by, import).await, "key.blocked");
    }
    bench.check().await
}

#[tokio::test]
async fn a_request_whose_key_was_forbidden_since_is_not_issued() -> Result<()> {
    let bench = with(approved(Act::Issue)).await?;
    let (desk, by) = (&bench.desk, &bench.desk.operator);
    let (one, two) = (bench.built(10).await?, bench.built(11).await?);
    let approval = submitted(&bench, two).await?;
    for case in [one, two] {
        let key = bench.case(case).await?.request().unwrap().public_key;
        desk.run(by, Command::BlockKey { key, ground: ground() }).await?;
    }
    assert_eq!(desk.refusal(by, Command::Submit { case: one }).await, "key.blocked");
    assert_eq!(bench.case(one).await?.state(), CaseState::Built, "nothing changed");
    let done = desk.run(&desk.administrator, approve(approval)).await?;
    assert_eq!(done, Outcome::Approved { approval, state: ApprovalState::Denied });
    assert_eq!(bench.case(two).await?.state(), CaseState::Failed);
    sweep_after(&bench, DAY).await?;
    bench.check().await
}

/// A repetition tries again; it does not answer that its own interrupted try had failed.
#[tokio::test]
async fn a_try_that_failed_and_was_interrupted_is_repeated() -> Result<()> {
    for call in 0.. {
        let bench = with(approved(Act::Issue)).await?;
        let (desk, case) = (&bench.desk, bench.built(10).await?);
        let approval = submitted(&bench, case).await?;
        let key = bench.case(case).await?.request().unwrap().public_key;
        desk.run(&desk.operator, Command::BlockKey { key, ground: ground() }).await?;
        desk.run(&desk.administrator, approve(approval)).await?;
        assert_eq!(bench.case(case).await?.state(), CaseState::Failed);

        let again = desk.envelope(Command::Issue { case });
        let failing = Arc::new(Failing::at(call, true));
        let hook: Arc<dyn Hook> = Arc::clone(&failing) as _;
        let first = bench.hooked(&hook).execute(&desk.administrator, &again).await.unwrap_err();
        let second = desk.ra.execute(&desk.administrator, &again).await.unwrap_err();
        assert_eq!(second.code(), "key.blocked", "call {call}: {first}");
        assert_eq!(bench.case(case).await?.state(), CaseState::Failed);
        bench.check().await?;
        if failing.is_unused() {
            assert_eq!(first.code(), "key.blocked");
            break;
        }
    }
    Ok(())
}

#[tokio::test]
async fn an_account_ends_with_a_certificate_that_waits_for_its_owner() -> Result<()> {
    let bench = with(Policy { acceptance_days: Some(2), ..Policy::default() }).await?;
    let desk = &bench.desk;
    let case = bench.active(10).await?;
    let user = bench.case(case).await?.begun().user;
    let termination = Some(Termination { reason: Reason::Superseded, ground: ground() });
    let archive = Command::ArchiveUser { user, reason: "№ 1".to_owned(), termination };
    desk.run(&desk.administrator, archive).await?;
    assert_eq!(bench.case(case).await?.state(), CaseState::Revoked);
    sweep_after(&bench, 3 * DAY).await?;
    bench.check().await
}

#[tokio::test]
async fn a_container_that_a_successor_uses_stays() -> Result<()> {
    let bench = with(Policy { same_key: true, ..Policy::default() }).await?;
    let (desk, by) = (&bench.desk, &bench.desk.operator);
    let case = bench.draft(10).await?;
    let carrier = CarrierId(STORE.to_owned());
    let key = KeyId { carrier, container: "shared".to_owned() };
    let (store, algorithm) = (STORE.parse()?, desk::algorithm());
    let generate =
        Command::GenerateKey { case, store, key: key.clone(), algorithm, temporary_pin: false };
    let access = Access::New(Secret::from(PIN));
    let run = async |command| {
        let means = Means::for_key(&access, &*desk.rng);
        desk.ra.execute_with(by, &desk.envelope(command), means).await
    };
    run(generate).await?;
    desk.run(by, Command::Submit { case }).await?;
    let renewed = desk.run(by, Command::Renew { case }).await?;
    let Outcome::RequestCreated { case: heir } = renewed else { panic!("{renewed:?}") };
    run(Command::UseKey { case: heir }).await?;
    desk.run(by, Command::Submit { case: heir }).await?;
    desk.run(by, revoke(case)).await?;
    let destroy = || Command::DestroyKey { case, store: STORE.parse().unwrap(), key: key.clone() };
    let refused = run(destroy()).await.unwrap_err();
    assert_eq!(refused.code(), "guard.key-needed");
    desk.run(by, revoke(heir)).await?;
    run(destroy()).await?;
    bench.check().await
}

#[tokio::test]
async fn approvals_hold_while_people_are_what_they_were() -> Result<()> {
    let policy = Policy {
        approvals: vec![ApprovalRule { act: Act::Issue, quorum: 2, back_dated: false }],
        ..Policy::default()
    };
    let bench = with(policy).await?;
    let desk = &bench.desk;
    let other = desk.new_operator(&desk.administrator, 3, &desk.office.clone()).await?;
    let case = bench.built(10).await?;
    let approval = submitted(&bench, case).await?;
    desk.run(&other, approve(approval)).await?;
    let (user, role) = (other.actor().user.unwrap(), Role::Auditor);
    desk.run(&desk.administrator, Command::ChangeRole { user, role, office: None }).await?;
    let done = desk.run(&desk.administrator, approve(approval)).await?;
    assert_eq!(done, Outcome::Approved { approval, state: ApprovalState::Denied });
    bench.check().await
}

#[tokio::test]
async fn a_bulk_that_was_approved_asks_for_what_profiles_want_approved() -> Result<()> {
    let bench = with(approved(Act::Suspend)).await?;
    let (desk, by) = (&bench.desk, &bench.desk.operator);
    let case = bench.built(10).await?;
    desk.run(by, Command::Submit { case }).await?;
    let items: Vec<_> = (0..51).map(|_| suspend(case)).collect();
    let bulk = Command::Bulk { title: "Много".to_owned(), items };
    let Outcome::ApprovalRequested { approval } = desk.run(by, bulk).await? else { panic!() };
    desk.run(&desk.administrator, approve(approval)).await?;
    assert_eq!(bench.case(case).await?.state(), CaseState::Active);
    let one =
        Command::Bulk { title: "Одно".to_owned(), items: vec![suspend(case), resume(case)] };
    let Outcome::Bulk { items } = desk.run(by, one).await? else { panic!() };
    let needed =
        matches!(&items[..], [ItemOutcome::Refused { code, .. }, _] if code == "approval.needed");
    assert!(needed, "{items:?}");
    bench.check().await
}

#[tokio::test]
async fn a_request_and_its_approval_may_end_at_once() -> Result<()> {
    let policy = Policy { request_days: Some(2), ..approved(Act::Issue) };
    let bench = with(policy).await?;
    let case = bench.built(10).await?;
    let approval = submitted(&bench, case).await?;
    bench.desk.clock.advance(10 * DAY);
    let swept = bench.desk.ra.sweep().await?;
    assert!(swept.failed.is_empty() && swept.failed_approvals.is_empty(), "{swept:?}");
    assert_eq!(bench.case(case).await?.state(), CaseState::Expired);
    let card = bench.desk.ra.approval(&bench.desk.administrator, &approval).await?;
    assert_eq!(card.approval.state(), ApprovalState::Expired);
    bench.check().await
}

#[tokio::test]
async fn a_request_that_its_owner_submitted_is_issued_when_approved() -> Result<()> {
    let bench = with(approved(Act::Issue)).await?;
    let desk = &bench.desk;
    let (user, temporary) = bench.user(10).await?;
    let (login, temporary) = (Login::try_from("user-10".to_owned())?, temporary.unwrap());
    let session = desk.ra.sign_in_by_password(&login, &temporary).await?;
    let own = Secret::from(OWN_PASSWORD);
    let id = desk::command_id(&desk.rng);
    desk.ra.change_own_password(&session, id, (&temporary, &own)).await?;
    let key = bench::user_key(10, &desk.rng);
    let case = desk.build(&session, user, "commercial", &key).await?;
    let asked = desk.run(&session, Command::Submit { case }).await?;
    let Outcome::ApprovalRequested { approval } = asked else { panic!("{asked:?}") };
    let done = desk.run(&desk.administrator, approve(approval)).await?;
    assert_eq!(done, Outcome::Approved { approval, state: ApprovalState::Executed });
    assert_eq!(bench.case(case).await?.state(), CaseState::Active);
    bench.check().await
}

#[tokio::test]
async fn a_bulk_that_was_interrupted_goes_on() -> Result<()> {
    for call in 0.. {
        let bench = with(Policy::default()).await?;
        let desk = &bench.desk;
        let (one, two) = (bench.active(10).await?, bench.active(11).await?);
        let items = vec![suspend(one), suspend(two)];
        let bulk = desk.envelope(Command::Bulk { title: "Два".to_owned(), items });
        let failing = Arc::new(Failing::at(call, true));
        let hook: Arc<dyn Hook> = Arc::clone(&failing) as _;
        let first = bench.hooked(&hook).execute(&desk.operator, &bulk).await;
        let again = desk.ra.execute(&desk.operator, &bulk).await?;
        for case in [one, two] {
            assert_eq!(bench.case(case).await?.state(), CaseState::Suspended);
        }
        if failing.is_unused() {
            assert_eq!(again, Outcome::AlreadyDone(Box::new(first?)));
            break;
        }
        let items = match again {
            Outcome::Bulk { items } => items,
            Outcome::AlreadyDone(first) => match *first {
                Outcome::Bulk { items } => items,
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        };
        let done =
            |item: &ItemOutcome| matches!(item, ItemOutcome::Done(done) if **done == Outcome::Done);
        assert!(items.iter().all(done), "call {call}: {items:?}");
    }
    Ok(())
}

/// What comes after an item cannot make it possible: not when the whole is repeated either.
#[tokio::test]
async fn an_item_that_was_refused_stays_refused() -> Result<()> {
    for call in 0.. {
        let bench = with(Policy::default()).await?;
        let desk = &bench.desk;
        let case = bench.active(10).await?;
        let items = vec![resume(case), suspend(case)];
        let bulk = desk.envelope(Command::Bulk { title: "Два".to_owned(), items });
        let failing = Arc::new(Failing::at(call, true));
        let hook: Arc<dyn Hook> = Arc::clone(&failing) as _;
        let first = bench.hooked(&hook).execute(&desk.operator, &bulk).await;
        let again = desk.ra.execute(&desk.operator, &bulk).await?;
        let again = match again {
            Outcome::AlreadyDone(first) => *first,
            again => again,
        };
        let Outcome::Bulk { items } = again else { panic!("{again:?}") };
        let told = desk.ra.bulk_outcomes(&desk.operator, &bulk).await?;
        assert!(told.iter().map(Option::as_ref).eq(items.iter().map(Some)), "{told:?}");
        let [ItemOutcome::Refused { code, .. }, ItemOutcome::Done(_)] = items.as_slice() else {
            panic!("call {call}: {items:?}")
        };
        assert_eq!(code, "state");
        assert_eq!(bench.case(case).await?.state(), CaseState::Suspended);
        if failing.is_unused() {
            first?;
            break;
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_request_that_nobody_approved_in_time_is_a_draft_again() -> Result<()> {
    let policy = Policy {
        approvals: vec![ApprovalRule { act: Act::Issue, quorum: 1, back_dated: false }],
        ..Policy::default()
    };
    let bench = with(policy).await?;
    let desk = &bench.desk;
    let case = bench.built(10).await?;
    let approval = submitted(&bench, case).await?;
    desk.clock.advance(30 * 24 * 3_600);
    let swept = desk.ra.sweep().await?;
    assert_eq!((swept.approvals, swept.failed_approvals), (vec![approval], vec![]));
    let card = desk.ra.approval(&desk.administrator, &approval).await?;
    assert_eq!(card.approval.state(), ApprovalState::Expired);
    assert_eq!(bench.case(case).await?.state(), CaseState::Draft);
    bench.check().await
}
