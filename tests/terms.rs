//! What happens by terms, by others' leave, and after the end: holds, plans, approvals, acceptance, archive.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use gost_ca::Timestamp;
use gost_ca::command::{Command, Envelope, ItemOutcome, Means, Outcome};
use gost_ca::fact::{Acknowledgement, Notice, Plan, Succession};
use gost_ca::id::CaseId;
use gost_ca::lifecycle::{Act, CertificateStatus, OcspStatus, StatusAt};
use gost_ca::profile::{ApprovalRule, OnEnd, Policy, Supersede, Suspension};
use gost_ca::reason::{Ground, GroundKind, Reason};
use gost_ca::request::RequestBuilder;
use gost_ca::secret::Secret;
use gost_ca::view::{ApprovalState, CaseState};
use jiff::SignedDuration;

#[path = "support/authorities.rs"]
mod authorities;
#[path = "support/bench.rs"]
mod bench;
#[path = "support/desk.rs"]
mod desk;
#[path = "support/doubles.rs"]
mod doubles;

use bench::{Bench, ground, resume, revoke, suspend};
use desk::Result;

const DAY: i64 = 86_400;

/// A bench whose commercial profile has this policy.
async fn with(policy: Policy, on_end: OnEnd) -> Result<Bench> {
    let bench = Bench::open().await?;
    let mut profile = desk::profile();
    profile.version = 2;
    (profile.months, profile.key_months) = (1, 1);
    profile.policy = policy;
    profile.suspension = Suspension::Allowed { max_days: 30, on_end };
    let command = Command::AdoptProfile { profile: Box::new(profile) };
    bench.desk.run(&bench.desk.administrator, command).await?;
    Ok(bench)
}

fn hold(case: CaseId, until: Timestamp) -> Command {
    Command::Suspend { case, ground: ground(), until: Some(until), on_end: None }
}

async fn sweep_after(bench: &Bench, seconds: i64) -> Result<()> {
    bench.desk.clock.advance(seconds);
    bench.sweep().await
}

#[tokio::test]
async fn a_hold_ends_as_its_profile_says_and_counts_from_its_term() -> Result<()> {
    for (on_end, then) in [
        (OnEnd::Resume, CaseState::Active),
        (OnEnd::Revoke, CaseState::Revoked),
        (OnEnd::Stay, CaseState::Suspended),
    ] {
        let bench = with(Policy::default(), on_end).await?;
        let case = bench.active(10).await?;
        let until = bench.desk.clock_now() + SignedDuration::from_hours(48);
        bench.desk.run(&bench.desk.operator, hold(case, until)).await?;
        sweep_after(&bench, DAY).await?;
        assert_eq!(bench.case(case).await?.state(), CaseState::Suspended, "before its term");
        sweep_after(&bench, 10 * DAY).await?;
        assert_eq!(bench.case(case).await?.state(), then);
        let ra = &bench.desk.ra;
        let before = StatusAt::time(until - SignedDuration::from_secs(1));
        let held =
            matches!(ra.status_at(&case, before).await?, CertificateStatus::Suspended { .. });
        assert!(held, "whenever the engine looked");
        let after = ra.status_at(&case, StatusAt::time(until)).await?;
        match on_end {
            OnEnd::Resume => assert_eq!(after, CertificateStatus::Good),
            OnEnd::Revoke => {
                let revoked = matches!(
                    after,
                    CertificateStatus::Revoked { reason: Reason::CessationOfOperation, .. }
                );
                assert!(revoked, "{after:?}");
            }
            _ => assert!(matches!(after, CertificateStatus::Suspended { .. }), "{after:?}"),
        }
        bench.check().await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_term_of_a_hold_may_change_and_plans_are_carried_out() -> Result<()> {
    let bench = with(Policy::default(), OnEnd::Resume).await?;
    let (desk, by) = (&bench.desk, &bench.desk.operator);
    let case = bench.active(10).await?;
    let day = |days: i64| bench.desk.clock_now() + SignedDuration::from_hours(24 * days);
    let (begin, until, later) = (day(1), day(3), day(6));
    let plan = Plan::Suspend { ground: ground(), until: Some(until), on_end: OnEnd::Resume };
    desk.run(by, Command::Schedule { case, at: begin, plan }).await?;
    assert_eq!(bench.case(case).await?.state(), CaseState::Active);
    sweep_after(&bench, DAY + 60).await?;
    assert_eq!(bench.case(case).await?.state(), CaseState::Suspended);
    let longer = Command::ChangeSuspension {
        case,
        ground: ground(),
        until: Some(later),
        on_end: Some(OnEnd::Stay),
    };
    desk.run(by, longer).await?;
    sweep_after(&bench, 4 * DAY).await?;
    assert_eq!(bench.case(case).await?.state(), CaseState::Suspended, "the former term is over");
    desk.run(by, resume(case)).await?;
    let at = desk.clock_now() + SignedDuration::from_hours(24);
    let plan = Plan::Revoke { reason: Reason::Superseded, ground: ground() };
    desk.run(by, Command::Schedule { case, at, plan: plan.clone() }).await?;
    desk.run(by, Command::WithdrawSchedule { case }).await?;
    desk.run(by, Command::Schedule { case, at, plan }).await?;
    let past = Plan::Revoke { reason: Reason::Superseded, ground: ground() };
    let early = Command::Schedule { case, at: desk.clock_now(), plan: past };
    assert_eq!(desk.refusal(by, early).await, "guard.schedule-time");
    sweep_after(&bench, 3 * DAY).await?;
    assert_eq!(bench.case(case).await?.state(), CaseState::Revoked);
    bench.check().await
}

#[tokio::test]
async fn a_call_with_the_code_phrase_suspends() -> Result<()> {
    let policy = Policy { emergency_days: Some(3), ..Policy::default() };
    let bench = with(policy, OnEnd::Revoke).await?;
    let (desk, by) = (&bench.desk, &bench.desk.operator);
    let case = bench.active(10).await?;
    let user = bench.case(case).await?.begun().user;
    let said = |phrase: &str| Secret::new(phrase.as_bytes());
    let (right, heard) = (said("Зелёная ёлка 7"), said("зеленая елка, 7"));
    let call = |phrase| {
        let envelope = desk.envelope(Command::SuspendByPhrase { case });
        async move { desk.ra.execute_with(by, &envelope, Means::of_phrase(phrase)).await }
    };
    assert_eq!(call(&right).await.unwrap_err().code(), "code-phrase", "there is none yet");
    let set = desk.envelope(Command::SetCodePhrase { user });
    desk.ra.execute_with(by, &set, Means::of_phrase(&right)).await?;
    let wrong = said("что-то другое");
    assert_eq!(call(&wrong).await.unwrap_err().code(), "code-phrase");
    call(&heard).await?;
    let held = bench.case(case).await?;
    let until = held.hold().unwrap().until.unwrap();
    assert!(until <= desk.clock_now() + SignedDuration::from_hours(72));
    sweep_after(&bench, 4 * DAY).await?;
    assert_eq!(bench.case(case).await?.state(), CaseState::Revoked, "no paper came in time");
    bench.check().await
}

#[tokio::test]
async fn requests_expire_are_refused_and_go_back() -> Result<()> {
    let approvals = vec![ApprovalRule { act: Act::Issue, quorum: 1, back_dated: false }];
    let policy = Policy { request_days: Some(5), approvals, ..Policy::default() };
    let bench = with(policy, OnEnd::Stay).await?;
    let (desk, by) = (&bench.desk, &bench.desk.operator);
    let case = bench.built(10).await?;
    let asked = desk.run(by, Command::Submit { case }).await?;
    let Outcome::ApprovalRequested { approval } = asked else { panic!("{asked:?}") };
    assert_eq!(bench.case(case).await?.state(), CaseState::PendingApproval);
    let approve = Command::Approve { approval, comment: String::new() };
    assert_eq!(desk.refusal(by, approve.clone()).await, "guard.own-approval");
    desk.run(by, Command::Reopen { case }).await?;
    assert_eq!(bench.case(case).await?.state(), CaseState::Draft);
    let card = desk.ra.approval(by, &approval).await?;
    assert_eq!(card.approval.state(), ApprovalState::Withdrawn, "an edit resets it");
    assert_eq!(desk.refusal(&desk.administrator, approve).await, "state");

    desk.run(by, bench.import(case, 11).await?).await?;
    let asked = desk.run(by, Command::Submit { case }).await?;
    let Outcome::ApprovalRequested { approval } = asked else { panic!("{asked:?}") };
    let approve = Command::Approve { approval, comment: String::new() };
    let done = desk.run(&desk.administrator, approve).await?;
    let state = ApprovalState::Executed;
    assert_eq!(done, Outcome::Approved { approval, state });
    assert_eq!(bench.case(case).await?.state(), CaseState::Active);

    let left = bench.built(12).await?;
    sweep_after(&bench, 6 * DAY).await?;
    assert_eq!(bench.case(left).await?.state(), CaseState::Expired);
    bench.check().await
}

#[tokio::test]
async fn a_certificate_waits_for_its_owner() -> Result<()> {
    let policy = Policy { acceptance_days: Some(2), ..Policy::default() };
    let bench = with(policy, OnEnd::Stay).await?;
    let desk = &bench.desk;
    let case = bench.active(10).await?;
    assert_eq!(bench.case(case).await?.state(), CaseState::AwaitingAcceptance);
    let now = desk.ra.status(&case).await?;
    assert!(matches!(now.ocsp(), OcspStatus::Revoked { reason: Some(6), .. }), "{now:?}");
    let bare = Command::Accept { case, paper: None };
    assert_eq!(desk.refusal(&desk.operator, bare).await, "missing");
    let paper = Command::Accept { case, paper: Some("№ 1 от 02.03.2026".to_owned()) };
    desk.run(&desk.operator, paper).await?;
    assert_eq!(desk.ra.status(&case).await?, CertificateStatus::Good);
    let accepted = bench.case(case).await?;
    assert!(matches!(accepted.acknowledged(), Some((_, Acknowledgement::Paper { .. }))));

    let late = bench.active(11).await?;
    sweep_after(&bench, 3 * DAY).await?;
    assert_eq!(bench.case(late).await?.state(), CaseState::Revoked);
    bench.check().await
}

#[tokio::test]
async fn terminations_follow_the_policy() -> Result<()> {
    let policy = Policy { late_revocation: true, ..Policy::default() };
    let bench = with(policy, OnEnd::Stay).await?;
    let (desk, by) = (&bench.desk, &bench.desk.operator);
    let case = bench.active(10).await?;
    let with_terms = |date, kind, notice| Command::Revoke {
        case,
        reason: Reason::Superseded,
        ground: Ground { kind, document: "№ 2".to_owned() },
        invalidity: None,
        date,
        notice,
    };
    let yesterday = desk.clock_now() - SignedDuration::from_hours(24);
    let back = with_terms(Some(yesterday), GroundKind::OwnerApplication, Notice::default());
    assert_eq!(desk.refusal(by, back).await, "guard.date-beyond-policy");
    let untold = with_terms(None, GroundKind::Court, Notice::default());
    assert_eq!(desk.refusal(by, untold).await, "guard.ground-incomplete");
    let told = Notice { learned: Some(yesterday), owner_notified: Some(yesterday) };
    desk.run(by, with_terms(None, GroundKind::Court, told)).await?;
    let before = *bench.case(case).await?.revoked().unwrap();
    let amend = || Command::AmendReason { case, ground: ground(), invalidity: None };
    desk.run(by, amend()).await?;
    assert_eq!(desk.refusal(by, amend()).await, "guard.reason-final");
    let after = *bench.case(case).await?.revoked().unwrap();
    assert_eq!((after.reason, after.date), (Reason::KeyCompromise, before.date));
    bench.check().await
}

#[tokio::test]
async fn a_compromised_key_is_never_built_on_again() -> Result<()> {
    let bench = with(Policy::default(), OnEnd::Stay).await?;
    let (desk, by) = (&bench.desk, &bench.desk.operator);
    let draft = bench.draft(10).await?;
    let import = bench.import(draft, 10).await?;
    let Command::ImportRequest { request, .. } = &import else { panic!() };
    let parsed = gost_ca::x509::CertificationRequest::from_der(request)?;
    let key = desk.ra.providers().verifier.identify(parsed.public_key())?;
    desk.run(by, Command::BlockKey { key, ground: ground() }).await?;
    assert_eq!(desk.refusal(by, import).await, "key.blocked");
    bench.check().await
}

#[tokio::test]
async fn successors_are_told_apart_and_supersede() -> Result<()> {
    let policy = Policy { supersede: Supersede::Immediately, ..Policy::default() };
    let bench = with(policy, OnEnd::Stay).await?;
    let (desk, by) = (&bench.desk, &bench.desk.operator);
    let case = bench.active(10).await?;
    let renewed = desk.run(by, Command::Renew { case }).await?;
    let Outcome::RequestCreated { case: heir } = renewed else { panic!("{renewed:?}") };
    desk.run(by, bench.import(heir, 20).await?).await?;
    desk.run(by, Command::Submit { case: heir }).await?;
    assert_eq!(bench.case(heir).await?.succession(), Some(Succession::Rekey));
    sweep_after(&bench, 60).await?;
    let old = bench.case(case).await?;
    assert_eq!((old.state(), old.is_superseded()), (CaseState::Revoked, true));
    assert_eq!(old.revoked().unwrap().reason, Reason::Superseded);
    assert_eq!(desk.refusal(by, Command::Renew { case }).await, "state", "renewal stays refused");

    let lost = bench.active(11).await?;
    desk.run(by, revoke(lost)).await?;
    let why = "Ключ утрачен".to_owned();
    let again = desk.run(by, Command::Reissue { case: lost, why }).await?;
    let Outcome::RequestCreated { case: anew } = again else { panic!("{again:?}") };
    let anew = bench.case(anew).await?;
    assert_eq!(anew.succession(), Some(Succession::Reissue));
    assert_eq!(anew.begun().lineage, bench.case(lost).await?.begun().lineage);
    bench.check().await
}

#[tokio::test]
async fn an_ended_case_is_put_away_and_its_documents_erased() -> Result<()> {
    let approvals = vec![ApprovalRule { act: Act::Erase, quorum: 1, back_dated: false }];
    let policy =
        Policy { archive_days: Some(1), erase_days: Some(1), approvals, ..Policy::default() };
    let bench = with(policy, OnEnd::Stay).await?;
    let (desk, by) = (&bench.desk, &bench.desk.administrator);
    let case = bench.active(10).await?;
    assert_eq!(desk.refusal(by, Command::Archive { case }).await, "guard.archive-not-due");
    sweep_after(&bench, 40 * DAY).await?;
    desk.run(by, Command::Archive { case }).await?;
    desk.run(by, Command::Unarchive { case }).await?;
    assert_eq!(bench.case(case).await?.state(), CaseState::Active, "as before");
    desk.run(by, Command::Archive { case }).await?;
    assert_eq!(desk.refusal(by, Command::Erase { case }).await, "guard.erase-not-due");
    sweep_after(&bench, 2 * DAY).await?;
    let certificate = bench.case(case).await?.issued().unwrap().certificate;
    let asked = desk.run(by, Command::Erase { case }).await?;
    let Outcome::ApprovalRequested { approval } = asked else { panic!("{asked:?}") };
    let approve = Command::Approve { approval, comment: String::new() };
    desk.run(&desk.operator, approve).await?;
    assert_eq!(bench.folded(case).await?.state(), CaseState::Erased);
    assert!(bench.journal().documents().get(&certificate).await?.is_none());
    Ok(())
}

/// Possession is checked of all together; who has none is told so, and the others go on.
#[tokio::test]
async fn of_many_requests_each_is_judged_by_itself() -> Result<()> {
    let bench = with(Policy::default(), OnEnd::Stay).await?;
    let (desk, by) = (&bench.desk, &bench.desk.operator);
    let (mut imports, mut cases) = (Vec::new(), Vec::new());
    for number in 10..18 {
        let user = desk.register(number).await?;
        let created = desk
            .run(
                by,
                Command::CreateRequest {
                    user,
                    profile: "commercial".parse()?,
                    authority: desk.authority,
                },
            )
            .await?;
        let Outcome::RequestCreated { case } = created else { panic!("{created:?}") };
        let data = desk.ra.user(by, &user).await?.record.data;
        let builder = RequestBuilder::new(&data.subject_attributes())?;
        let signer = desk::key(u8::try_from(number)?, &desk.rng);
        let mut request = builder.sign(&*signer).await?.as_der().to_vec();
        if [12, 15].contains(&number) {
            *request.last_mut().unwrap() ^= 1;
        }
        imports.push(Command::ImportRequest { case, request });
        cases.push(case);
    }
    let bulk = |items| Command::Bulk { title: "Запросы".to_owned(), items };
    let imported = desk.run(by, bulk(imports)).await?;
    assert_eq!(refusals(&imported), [(2, "request.not-accepted"), (5, "request.not-accepted")]);
    let submitted = cases.iter().map(|&case| Command::Submit { case }).collect();
    let submitted = desk.run(by, bulk(submitted)).await?;
    assert_eq!(refusals(&submitted), [(2, "state"), (5, "state")]);
    for (place, case) in cases.into_iter().enumerate() {
        let state = bench.case(case).await?.state();
        let good = ![2, 5].contains(&place);
        assert_eq!(state, if good { CaseState::Active } else { CaseState::Draft });
    }
    bench.check().await
}

/// The places of the items that were refused, and why.
fn refusals(outcome: &Outcome) -> Vec<(usize, &str)> {
    let Outcome::Bulk { items } = outcome else { panic!("{outcome:?}") };
    let refused = items.iter().enumerate().filter_map(|(place, item)| match item {
        ItemOutcome::Refused { code, .. } => Some((place, code.as_str())),
        _ => None,
    });
    refused.collect()
}

#[tokio::test]
async fn many_commands_are_done_one_by_one_and_once() -> Result<()> {
    let bench = with(Policy::default(), OnEnd::Stay).await?;
    let (desk, by) = (&bench.desk, &bench.desk.operator);
    let (one, two) = (bench.active(10).await?, bench.active(11).await?);
    let items = vec![suspend(one), resume(two), suspend(two)];
    let bulk = Command::Bulk { title: "Проверка".to_owned(), items: items.clone() };
    let rehearsed = desk.ra.rehearse(by, &bulk).await?;
    let codes: Vec<_> =
        rehearsed.iter().map(|item| item.as_ref().err().map(gost_ca::error::Error::code)).collect();
    assert_eq!(codes, [None, Some("state"), None]);
    assert_eq!(bench.case(one).await?.state(), CaseState::Active, "nothing was done");
    let envelope = desk.envelope(bulk);
    let done = desk.ra.execute(by, &envelope).await?;
    let Outcome::Bulk { items: told } = &done else { panic!("{done:?}") };
    let ok: Vec<_> = told.iter().map(|item| matches!(item, ItemOutcome::Done(_))).collect();
    assert_eq!(ok, [true, false, true]);
    let again = desk.ra.execute(by, &envelope).await?;
    assert_eq!(again, Outcome::AlreadyDone(Box::new(done)));

    let many = (0..51).map(|_| resume(one)).collect();
    let large = Envelope::new(
        desk::command_id(&desk.rng),
        Command::Bulk { title: "Много".to_owned(), items: many },
    );
    let asked = desk.ra.execute(by, &large).await?;
    let Outcome::ApprovalRequested { approval } = asked else { panic!("{asked:?}") };
    desk.run(&desk.administrator, Command::Approve { approval, comment: String::new() }).await?;
    assert_eq!(bench.case(one).await?.state(), CaseState::Active);
    bench.check().await
}
