//! The smaller tables, row by row and pair by pair: approvals, notices, lists of CRLs.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use gost_ca::Timestamp;
use gost_ca::commitment::Commitment;
use gost_ca::entry::{Actor, Entry, Method, VERSION};
use gost_ca::fact::{ApprovalFact, ApprovalRequest, NoticeFact};
use gost_ca::id::{ApprovalId, CommandId, NoticeId, UserId};
use gost_ca::lifecycle::{Act, Approval, CrlLine, CrlState, Dispatch, approval, crl, notice};
use gost_ca::notice::NoticeKind;
use gost_ca::provider::journal::ListPart;
use gost_ca::view::{ApprovalState, NoticeState, Role};
use gost_ca::x509::KeyIdentity;
use jiff::SignedDuration;

const APPROVALS: &[(ApprovalState, &[&str])] = &[
    (ApprovalState::Waiting, &[]),
    (ApprovalState::Approved, &["approval.granted", "approval.approved"]),
    (ApprovalState::Executed, &["approval.granted", "approval.approved", "approval.executed"]),
    (
        ApprovalState::Failed,
        &["approval.granted", "approval.approved", "approval.execution_failed"],
    ),
    (
        ApprovalState::Denied,
        &["approval.granted", "approval.approved", "approval.execution_denied"],
    ),
    (ApprovalState::Rejected, &["approval.rejected"]),
    (ApprovalState::Withdrawn, &["approval.withdrawn"]),
    (ApprovalState::Expired, &["approval.expired"]),
];

#[test]
fn approvals_follow_their_table_and_nothing_else() {
    let states: BTreeSet<_> = APPROVALS.iter().map(|(state, _)| *state).collect();
    assert_eq!(states, ApprovalState::ALL.iter().copied().collect());
    for (state, way) in APPROVALS {
        assert_eq!(approval_after(way).state(), *state);
        for row in approval::ROWS.iter().filter(|row| !row.from.is_empty()) {
            let mut approval = approval_after(way);
            let (actor, now) = (approver(row.actors), when(row.id));
            let admitted = approval.admits(&actor, &approval_fact(row.event), now);
            let applied = approval.apply(&approval_entry(row.event));
            if row.from.contains(state) {
                let right = match row.id {
                    "A3" if way.is_empty() => Err("guard.quorum"),
                    _ => Ok(()),
                };
                assert_eq!(admitted.map_err(|why| why.code()), right, "{} in {state}", row.id);
                applied.unwrap();
                assert_eq!(approval.state(), row.to.unwrap_or(*state), "{}", row.id);
            } else {
                assert_eq!(admitted.unwrap_err().code(), "state", "{} in {state}", row.id);
                assert!(applied.is_err(), "{} in {state}", row.id);
                assert_eq!(approval, approval_after(way), "and it changed nothing");
            }
        }
    }
}

/// Whoever is not named in a row is refused; so are those who may not judge their own.
#[test]
fn approvals_are_others() {
    for row in approval::ROWS.iter().filter(|row| !row.from.is_empty()) {
        for role in Role::ALL.iter().filter(|role| !row.actors.contains(role)) {
            let way = APPROVALS.iter().find(|(state, _)| row.from.contains(state)).unwrap().1;
            let approval = approval_after(way);
            let refusal = approval.admits(&actor(*role, 7), &approval_fact(row.event), start());
            let code = refusal.unwrap_err().code();
            assert!(code.starts_with("permission."), "{} by {role}: {code}", row.id);
        }
    }
    let waiting = approval_after(&[]);
    let grant = |who, now| {
        let refusal = waiting.admits(&actor(Role::Operator, who), &granted(), now);
        refusal.map_err(|why| why.code())
    };
    assert_eq!(grant(REQUESTER, start()), Err("guard.own-approval"));
    assert_eq!(grant(BENEFICIARY, start()), Err("guard.beneficiary"));
    assert_eq!(grant(7, when("A10")), Err("guard.approval-over"));
    assert_eq!(grant(7, start()), Ok(()));
    let once = approval_after(&["approval.granted"]);
    let again = once.admits(&actor(Role::Operator, 7), &granted(), start());
    assert_eq!(again.unwrap_err().code(), "guard.approved-before");
    let actions = waiting.allowed_actions(&actor(Role::Operator, REQUESTER), start());
    let told: Vec<_> = actions
        .iter()
        .map(|it| (it.act, it.refusal.as_ref().map_or("", |why| why.code())))
        .collect();
    assert_eq!(
        told,
        [
            (Act::Approve, "guard.own-approval"),
            (Act::RejectApproval, "guard.own-approval"),
            (Act::WithdrawApproval, ""),
            (Act::Execute, "state"),
        ]
    );
}

const REQUESTER: u8 = 12;
const BENEFICIARY: u8 = 2;

fn approval_after(way: &[&str]) -> Approval {
    let mut first = approval_entry("approval.requested");
    first.actor = actor(Role::Operator, REQUESTER);
    let mut approval = Approval::begin(ApprovalId::new([1; 16]), &first).unwrap();
    for event in way {
        approval.apply(&approval_entry(event)).unwrap();
    }
    approval
}

fn approval_entry(event: &str) -> Entry<ApprovalFact> {
    entry(approval_fact(event), actor(Role::Operator, 7))
}

fn granted() -> ApprovalFact {
    ApprovalFact::Granted { comment: "да".to_owned() }
}

fn approval_fact(event: &str) -> ApprovalFact {
    let code = "state".to_owned();
    match event {
        "approval.requested" => ApprovalFact::Requested(Box::new(ApprovalRequest {
            act: Act::Revoke,
            command: Commitment::from_octets([6; 32]),
            quorum: 1,
            office: Some("main".parse().unwrap()),
            beneficiary: Some(UserId::new([BENEFICIARY; 16])),
            begun_by: None,
            case: None,
            until: start() + SignedDuration::from_hours(72),
        })),
        "approval.granted" => granted(),
        "approval.approved" => ApprovalFact::Approved,
        "approval.rejected" => ApprovalFact::Rejected { comment: "нет".to_owned() },
        "approval.withdrawn" => ApprovalFact::Withdrawn,
        "approval.expired" => ApprovalFact::Expired,
        "approval.executed" => ApprovalFact::Executed,
        "approval.execution_failed" => ApprovalFact::ExecutionFailed { code },
        "approval.retried" => ApprovalFact::Retried,
        "approval.execution_denied" => ApprovalFact::ExecutionDenied { code },
        other => panic!("{other} has no sample"),
    }
}

/// Somebody who may, as far as the row goes.
fn approver(actors: &[Role]) -> Actor {
    match actors {
        [only] => actor(*only, 7),
        // withdrawn by whoever asked, or by the engine
        roles if roles.contains(&Role::System) => Actor::SYSTEM,
        _ => actor(Role::Operator, 8),
    }
}

fn when(row: &str) -> Timestamp {
    let hours = if row == "A10" { 73 } else { 1 };
    start() + SignedDuration::from_hours(hours)
}

const NOTICES: &[(NoticeState, &[&str])] = &[
    (NoticeState::Waiting, &[]),
    (NoticeState::Failed, &["notice.tried", "notice.failed"]),
    (NoticeState::Sent, &["notice.tried", "notice.sent"]),
    (NoticeState::Dropped, &["notice.tried", "notice.dropped"]),
];

#[test]
fn notices_follow_their_table_and_nothing_else() {
    let states: BTreeSet<_> = NOTICES.iter().map(|(state, _)| *state).collect();
    assert_eq!(states, NoticeState::ALL.iter().copied().collect());
    for (state, way) in NOTICES {
        for row in notice::ROWS.iter().filter(|row| !row.from.is_empty()) {
            let mut notice = notice_after(way);
            assert_eq!(notice.state(), *state);
            let applied = notice.apply(&entry(notice_fact(row.event), Actor::SYSTEM));
            assert_eq!(applied.is_ok(), row.from.contains(state), "{} in {state}", row.id);
            let to = applied.map_or(*state, |()| row.to.unwrap_or(*state));
            assert_eq!(notice.state(), to, "{} in {state}", row.id);
        }
        let mut notice = notice_after(way);
        let begun = notice.apply(&entry(notice_fact("notice.queued"), Actor::SYSTEM));
        assert!(begun.is_err(), "it begins once");
    }
}

fn notice_after(way: &[&str]) -> Dispatch {
    let first = entry(notice_fact("notice.queued"), Actor::SYSTEM);
    let mut notice = Dispatch::begin(NoticeId::new([1; 16]), &first).unwrap();
    for event in way {
        notice.apply(&entry(notice_fact(event), Actor::SYSTEM)).unwrap();
    }
    notice
}

fn notice_fact(event: &str) -> NoticeFact {
    let why = "provider.unavailable".to_owned();
    match event {
        "notice.queued" => NoticeFact::Queued {
            user: UserId::new([2; 16]),
            case: None,
            office: None,
            notice: NoticeKind::Issued,
            due: start(),
        },
        "notice.tried" => NoticeFact::Tried { until: start() },
        "notice.sent" => NoticeFact::Sent,
        "notice.failed" => NoticeFact::Failed { why, next: start() },
        "notice.dropped" => NoticeFact::Dropped { why },
        other => panic!("{other} has no sample"),
    }
}

#[test]
fn lists_of_crls_follow_their_table_and_nothing_else() {
    let part = ListPart { issuer: KeyIdentity::from_octets([1; 32]), partition: 0 };
    for state in CrlState::ALL {
        for row in crl::ROWS {
            for role in Role::ALL {
                let mut line = CrlLine::new(part);
                line.state = state;
                let may = line.may(&actor(*role, 7), row.event).map_err(|why| why.code());
                let right = match (row.from.contains(&state), row.actors.contains(role)) {
                    (false, _) => Err("state"),
                    (true, false) => Err("permission.role"),
                    (true, true) => Ok(()),
                };
                assert_eq!(may, right, "{} in {} by {role}", row.id, state.name());
            }
        }
    }
}

fn actor(role: Role, who: u8) -> Actor {
    if role == Role::System {
        return Actor::SYSTEM;
    }
    let office = Some("main".parse().unwrap());
    Actor { role, user: Some(UserId::new([who; 16])), office, method: Method::Password }
}

fn entry<F>(fact: F, actor: Actor) -> Entry<F> {
    let (at, command) = (start(), CommandId::new([8; 16]));
    Entry { version: VERSION, at, effective: at, actor, command, fact }
}

fn start() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().unwrap()
}
