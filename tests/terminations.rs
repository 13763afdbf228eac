//! The end of certificates by the law's terms: applications, overdue entries, late terminations, amended
//! reasons, the same key again, and containers that nothing needs.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use gost_ca::Timestamp;
use gost_ca::authority::CrlPolicy;
use gost_ca::command::{Command, Means, Outcome};
use gost_ca::desk::report::{ReportKind, ReportOrder};
use gost_ca::fact::{Notice, Succession};
use gost_ca::id::CaseId;
use gost_ca::lifecycle::Act;
use gost_ca::profile::{ApprovalRule, Policy};
use gost_ca::provider::journal::{CaseFilter, Page, StreamId};
use gost_ca::provider::key_store::{Access, CarrierId, KeyId};
use gost_ca::reason::Reason;
use gost_ca::secret::Secret;
use gost_ca::view::{ApprovalState, CaseState};
use gost_ca::x509::CertificateList;
use gost_ca::x509::extensions::{ExpiredCertsOnCrl, RevocationReason, find};
use jiff::SignedDuration;

#[path = "support/authorities.rs"]
mod authorities;
#[path = "support/bench.rs"]
mod bench;
#[path = "support/desk.rs"]
mod desk;
#[path = "support/doubles.rs"]
mod doubles;

use bench::{Bench, PIN, STORE, ground, revoke};
use desk::Result;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// A bench whose commercial profile has this policy.
async fn with(policy: Policy) -> Result<Bench> {
    let bench = Bench::open().await?;
    let mut profile = desk::profile();
    profile.version = 2;
    (profile.months, profile.key_months) = (1, 1);
    profile.policy = policy;
    let command = Command::AdoptProfile { profile: Box::new(profile) };
    bench.desk.run(&bench.desk.administrator, command).await?;
    Ok(bench)
}

fn apply(case: CaseId, learned: Option<Timestamp>) -> Command {
    let reason = Reason::CessationOfOperation;
    Command::ApplyForTermination { case, reason, ground: ground(), learned }
}

/// The cases that are overdue now, as the desk's start page tells them.
async fn overdue(bench: &Bench) -> Result<Vec<CaseId>> {
    let page = Page::first(100);
    let found = bench.desk.ra.overdue_terminations(&bench.desk.operator, &page).await?;
    Ok(found.0.into_iter().map(|overdue| overdue.case.case).collect())
}

async fn late(bench: &Bench) -> Result<Vec<(CaseId, Option<Timestamp>)>> {
    let period = desk::START.parse()?..bench.desk.clock_now() + SignedDuration::from_hours(1);
    let order = ReportOrder { kind: ReportKind::Late, period, operator: None, offices: Vec::new() };
    let report = bench.desk.ra.report(&bench.desk.operator, &order).await?;
    Ok(report.lines.into_iter().map(|line| (line.case, line.learned)).collect())
}

#[tokio::test]
async fn a_termination_that_is_not_entered_in_time_is_told() -> Result<()> {
    let policy = Policy { termination_hours: Some(12), ..Policy::default() };
    let bench = with(policy).await?;
    let (desk, by) = (&bench.desk, &bench.desk.operator);
    let (slow, quick, mistaken) =
        (bench.active(10).await?, bench.active(11).await?, bench.active(12).await?);
    let learned = desk.clock_now() - SignedDuration::from_hours(1);
    let ahead = desk.clock_now() + SignedDuration::from_hours(1);
    assert_eq!(desk.refusal(by, apply(slow, Some(ahead))).await, "guard.date-beyond-policy");
    for case in [slow, quick, mistaken] {
        desk.run(by, apply(case, Some(learned))).await?;
    }
    assert_eq!(desk.refusal(by, apply(slow, None)).await, "guard.termination-applied");
    let dismiss = || Command::DismissTermination { case: mistaken, comment: "№ 9".to_owned() };
    desk.run(by, dismiss()).await?;
    assert_eq!(desk.refusal(by, dismiss()).await, "guard.no-termination-applied");

    desk.clock.advance(10 * HOUR);
    bench.sweep().await?;
    assert_eq!(overdue(&bench).await?, [], "within the term");
    desk.run(by, revoke(quick)).await?;
    desk.clock.advance(HOUR);
    assert_eq!(overdue(&bench).await?, [slow], "before anything swept");
    bench.sweep().await?;
    bench.sweep().await?;
    assert_eq!(overdue(&bench).await?, [slow]);
    let told = bench.events(StreamId::Case(slow), 0).await?;
    let marks = told.iter().filter(|event| *event == "certificate.termination_overdue").count();
    assert_eq!(marks, 1, "marked once");
    assert_eq!(late(&bench).await?, [], "it is not entered yet");

    desk.run(by, revoke(slow)).await?;
    assert_eq!(overdue(&bench).await?, []);
    assert_eq!(late(&bench).await?, [(slow, Some(learned))], "both moments are on record");
    bench.sweep().await?;
    bench.check().await
}

#[tokio::test]
async fn waiting_for_approval_stops_no_term() -> Result<()> {
    let approvals = vec![ApprovalRule { act: Act::Revoke, quorum: 1, back_dated: false }];
    let policy = Policy { termination_hours: Some(12), approvals, ..Policy::default() };
    let bench = with(policy).await?;
    let desk = &bench.desk;
    let colleague = desk.new_operator(&desk.administrator, 3, &desk.office).await?;
    let case = bench.active(10).await?;
    let learned = desk.clock_now();
    let Command::Revoke { reason, ground, invalidity, date, .. } = revoke(case) else { panic!() };
    let notice = Notice { learned: Some(learned), owner_notified: None };
    let command = Command::Revoke { case, reason, ground, invalidity, date, notice };
    let Outcome::ApprovalRequested { approval } = desk.run(&desk.operator, command).await? else {
        panic!("an approval")
    };
    assert_eq!(bench.case(case).await?.application().unwrap().learned, learned);
    desk.clock.advance(13 * HOUR);
    bench.sweep().await?;
    assert_eq!(overdue(&bench).await?, [case]);
    let approve = Command::Approve { approval, comment: String::new() };
    let done = desk.run(&colleague, approve).await?;
    assert_eq!(done, Outcome::Approved { approval, state: ApprovalState::Executed });
    assert_eq!(bench.case(case).await?.state(), CaseState::Revoked);
    assert_eq!(late(&bench).await?, [(case, Some(learned))]);
    bench.check().await
}

#[tokio::test]
async fn a_late_termination_and_an_amended_reason_are_on_the_crl() -> Result<()> {
    let policy = Policy { late_revocation: true, ..Policy::default() };
    let bench = with(policy).await?;
    let desk = &bench.desk;
    let since: Timestamp = desk::START.parse()?;
    let policy = Box::new(CrlPolicy { expired_since: Some(since), ..CrlPolicy::default() });
    let adopt = Command::AdoptCrlPolicy { authority: desk.authority, policy };
    desk.run(&desk.administrator, adopt).await?;
    let (expired, amended) = (bench.active(10).await?, bench.active(11).await?);
    desk.run(&desk.operator, revoke(amended)).await?;
    let end = bench.case(expired).await?.not_after().unwrap();
    desk.clock.advance(end.duration_since(desk.clock_now()).as_secs() + DAY);
    assert_eq!(desk.refusal(&desk.operator, revoke(expired)).await, "guard.expired");
    let late = Command::RevokeExpired {
        case: expired,
        reason: Reason::KeyCompromise,
        ground: ground(),
        invalidity: Some(since),
    };
    assert_eq!(desk.refusal(&desk.operator, late.clone()).await, "permission.role");
    desk.run(&desk.administrator, late).await?;
    let amend = Command::AmendReason { case: amended, ground: ground(), invalidity: None };
    desk.run(&desk.operator, amend).await?;

    let next_update = desk.clock_now() + SignedDuration::from_hours(24);
    let issue = Command::IssueCrl { authority: desk.authority, next_update };
    desk.run(&desk.administrator, issue).await?;
    let crls = desk.ra.crls(&desk.authority).await?;
    let crl = CertificateList::from_der(crls.first().unwrap())?;
    let said: Option<ExpiredCertsOnCrl> = find(crl.extensions())?;
    assert_eq!(said.map(|said| said.0), Some(since));
    for case in [expired, amended] {
        let case = bench.case(case).await?;
        let serial = &case.issued().unwrap().serial;
        let listed = crl.find(serial).unwrap_or_else(|| panic!("{serial} is not listed"));
        assert_eq!(listed.reason, Some(RevocationReason::KeyCompromise));
        assert_eq!(listed.date, case.revoked().unwrap().date);
    }
    bench.check().await
}

/// A request whose key is made in the bench's store.
async fn generated(bench: &Bench, case: CaseId, container: &str) -> Result<KeyId> {
    let desk = &bench.desk;
    let key = KeyId { carrier: CarrierId(STORE.to_owned()), container: container.to_owned() };
    let generate = Command::GenerateKey {
        case,
        store: STORE.parse()?,
        key: key.clone(),
        algorithm: desk::algorithm(),
        temporary_pin: false,
    };
    let access = Access::New(Secret::from(PIN));
    let means = Means::for_key(&access, &*desk.rng);
    desk.ra.execute_with(&desk.operator, &desk.envelope(generate), means).await?;
    Ok(key)
}

#[tokio::test]
async fn a_renewal_may_keep_its_key_where_the_profile_lets_it() -> Result<()> {
    for same_key in [true, false] {
        let bench = with(Policy { same_key, ..Policy::default() }).await?;
        let (desk, by) = (&bench.desk, &bench.desk.operator);
        let case = bench.draft(10).await?;
        generated(&bench, case, "own").await?;
        desk.run(by, Command::Submit { case }).await?;
        let renewed = desk.run(by, Command::Renew { case }).await?;
        let Outcome::RequestCreated { case: heir } = renewed else { panic!("{renewed:?}") };
        let envelope = desk.envelope(Command::UseKey { case: heir });
        let without = desk.ra.execute(by, &envelope).await.unwrap_err();
        assert_eq!(without.code(), "missing", "the PIN");
        let access = Access::New(Secret::from(PIN));
        let done = desk.ra.execute_with(by, &envelope, Means::of_key(&access)).await;
        if !same_key {
            assert_eq!(done.unwrap_err().code(), "request.key-used");
            continue;
        }
        let Outcome::RequestBuilt { public_key, .. } = done? else { panic!("a request") };
        assert_eq!(public_key, bench.case(case).await?.request().unwrap().public_key);
        desk.run(by, Command::Submit { case: heir }).await?;
        let heir = bench.case(heir).await?;
        assert_eq!(heir.succession(), Some(Succession::Renewal));
        assert_eq!(heir.state(), CaseState::Active);
        let (old, new) =
            (desk.ra.certificate(by, &case).await?, desk.ra.certificate(by, &heir.id()).await?);
        assert_eq!(old.public_key(), new.public_key());
        assert_ne!(old.serial(), new.serial());
        bench.check().await?;
    }
    Ok(())
}

#[tokio::test]
async fn containers_that_nothing_needs_are_found_and_destroyed() -> Result<()> {
    let bench = with(Policy::default()).await?;
    let (desk, by) = (&bench.desk, &bench.desk.operator);
    let (kept, left) = (bench.draft(10).await?, bench.draft(11).await?);
    let needed = generated(&bench, kept, "kept").await?;
    desk.run(by, Command::Submit { case: kept }).await?;
    let orphan = generated(&bench, left, "left").await?;
    let store = STORE.parse()?;
    let destroy = |case, key: &KeyId| {
        let key = key.clone();
        desk.envelope(Command::DestroyKey { case, store: STORE.parse().unwrap(), key })
    };
    let access = Access::New(Secret::from(PIN));
    let means = || Means::of_key(&access);
    for (case, key) in [(kept, &needed), (left, &orphan)] {
        let refused = desk.ra.execute_with(by, &destroy(case, key), means()).await;
        assert_eq!(refused.unwrap_err().code(), "guard.key-needed");
    }
    desk.run(by, Command::Cancel { case: left }).await?;

    let orphans = async || {
        let page = Page::first(100);
        desk.ra.orphaned_keys(by, CaseFilter::default(), &page).await.map(|found| found.0)
    };
    let found = orphans().await?;
    let [only] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((only.case, &only.key, &only.store), (left, &orphan, &store));
    assert_eq!(only.found, Some(true));
    desk.ra.execute_with(by, &destroy(left, &orphan), means()).await?;
    assert_eq!(orphans().await?, []);
    let keys = &desk.ra.providers().key_stores[&store];
    let there: Vec<_> = keys.keys(&orphan.carrier).await?.into_iter().map(|key| key.id).collect();
    assert_eq!(there, [needed]);
    bench.check().await
}
