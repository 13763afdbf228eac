//! The tables: every row is reachable, everything else is refused, and what must never be is tried by name.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cognitive_complexity,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;

use gost_ca::Timestamp;
use gost_ca::command::{Command, Envelope, Outcome};
use gost_ca::commitment::Commitment;
use gost_ca::desk::scan::{Scan, ScanFormat, ScanKind};
use gost_ca::entry::{Actor, Entry, Method, VERSION};
use gost_ca::fact::{Acknowledgement, CaseFact, Intent, Issued, Notice, Plan, RequestCreated};
use gost_ca::id::{ApprovalId, AuthorityId, CaseId, CommandId, Name, UserId};
use gost_ca::lifecycle::case::rows;
use gost_ca::lifecycle::{Act, Case, CertificateStatus, Refusal, StatusAt};
use gost_ca::profile::{OnEnd, Policy, Profile, Suspension};
use gost_ca::provider::authority::{Ticket, Validity};
use gost_ca::provider::key_store::{CarrierId, KeyId};
use gost_ca::provider::rng::RngKind;
use gost_ca::reason::Reason;
use gost_ca::view::{CaseState, Role};
use gost_ca::x509::{KeyIdentity, SerialNumber};
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

/// From nothing to each state, by the facts on the way.
const WAYS: &[(CaseState, &[&str])] = &[
    (CaseState::Draft, &[]),
    (CaseState::KeyGen, &["key.generation_started"]),
    (CaseState::Built, &["request.imported"]),
    (CaseState::Submitted, &["request.imported", "request.submitted"]),
    (CaseState::Approved, &["request.imported", "request.submitted", "request.approved"]),
    (CaseState::Issuing, &[BUILT, SUBMITTED, APPROVED, "issuance.intent"]),
    (CaseState::InDoubt, &[BUILT, SUBMITTED, APPROVED, "issuance.intent", "issuance.in_doubt"]),
    (CaseState::Failed, &[BUILT, SUBMITTED, APPROVED, "issuance.failed"]),
    (CaseState::Cancelled, &["request.cancelled"]),
    (CaseState::Active, &[BUILT, SUBMITTED, APPROVED, "issuance.intent", "certificate.issued"]),
    (
        CaseState::Suspended,
        &[
            BUILT,
            SUBMITTED,
            APPROVED,
            "issuance.intent",
            "certificate.issued",
            "certificate.suspended",
        ],
    ),
    (
        CaseState::Revoked,
        &[
            BUILT,
            SUBMITTED,
            APPROVED,
            "issuance.intent",
            "certificate.issued",
            "certificate.revoked",
        ],
    ),
    (CaseState::PolicyReview, &[BUILT, SUBMITTED, "request.policy_flagged"]),
    (CaseState::PendingApproval, &[BUILT, SUBMITTED, "request.approval_requested"]),
    (CaseState::Rejected, &[BUILT, SUBMITTED, "request.rejected"]),
    (CaseState::Expired, &["request.expired"]),
    (
        CaseState::AwaitingAcceptance,
        &[BUILT, SUBMITTED, APPROVED, "issuance.intent", "certificate.issued_on_hold"],
    ),
    (CaseState::Archived, ARCHIVED),
    (CaseState::Erased, ERASED),
];
const ARCHIVED: &[&str] = &[
    BUILT,
    SUBMITTED,
    APPROVED,
    "issuance.intent",
    "certificate.issued",
    "certificate.revoked",
    "certificate.archived",
];
const ERASED: &[&str] = &[
    BUILT,
    SUBMITTED,
    APPROVED,
    "issuance.intent",
    "certificate.issued",
    "certificate.revoked",
    "certificate.archived",
    "certificate.erased",
];
const BUILT: &str = "request.imported";
const SUBMITTED: &str = "request.submitted";
const APPROVED: &str = "request.approved";

#[test]
fn there_is_a_way_to_every_state() {
    let ways: BTreeSet<CaseState> = WAYS.iter().map(|(state, _)| *state).collect();
    assert_eq!(ways, CaseState::ALL.iter().copied().collect());
    for (state, _) in WAYS {
        assert_eq!(case_in(*state).state(), *state);
    }
}

#[test]
fn every_row_leads_where_it_says() {
    for row in rows().filter(|row| !row.from.is_empty()) {
        for from in row.from {
            let mut case = case_in(*from);
            if matches!(row.act, Act::MarkOverdue | Act::DismissTermination) {
                let applied = fact("certificate.termination_applied");
                case.apply(&entry(applied, Role::System)).unwrap();
            }
            for role in row.actors {
                let now = when(row.id);
                let admitted = case.admits(&actor(*role), &fact(row.event), &profile(), now);
                let right = match (row.act, *role) {
                    // the requests of these cases were made elsewhere
                    (Act::DestroyKey, _) => Err("guard.key-needed"),
                    (Act::Resume, Role::User) => Err("guard.owner-may-not-resume"),
                    _ => Ok(()),
                };
                assert_eq!(admitted.map_err(|why| why.code()), right, "{} {from} {role}", row.id);
            }
            case.apply(&entry(fact(row.event), Role::System)).unwrap();
            let to = if row.act == Act::Unarchive { CaseState::Revoked } else { *from };
            assert_eq!(case.state(), row.to.unwrap_or(to), "{} from {from}", row.id);
        }
    }
}

#[test]
fn everything_else_is_refused() {
    for event in rows().filter(|row| !row.from.is_empty()).map(|row| row.event) {
        let legal: Vec<_> = rows().filter(|row| row.event == event).collect();
        for (state, _) in
            WAYS.iter().filter(|(state, _)| legal.iter().all(|row| !row.from.contains(state)))
        {
            let mut case = case_in(*state);
            let role = legal[0].actors[0];
            let refusal = case.admits(&actor(role), &fact(event), &profile(), soon()).unwrap_err();
            assert_eq!(refusal.code(), "state", "{event} in {state}");
            assert!(case.apply(&entry(fact(event), role)).is_err(), "{event} in {state}");
            assert_eq!(case, case_in(*state), "and it changed nothing");
        }
    }
}

#[test]
fn whoever_is_not_named_is_refused() {
    for row in rows().filter(|row| !row.from.is_empty()) {
        for role in Role::ALL.iter().filter(|role| !row.actors.contains(role)) {
            for from in row.from {
                let case = case_in(*from);
                let refusal =
                    case.admits(&actor(*role), &fact(row.event), &profile(), soon()).unwrap_err();
                let by_itself = row.actors == [Role::System];
                let right = matches!(refusal, Refusal::Role { .. })
                    || (by_itself && matches!(refusal, Refusal::State { .. }));
                assert!(right, "{} by {role}: {refusal:?}", row.id);
            }
        }
    }
}

/// When the guards of a row hold.
fn when(row: &str) -> Timestamp {
    match row {
        "T13" | "T17" | "T19" | "T20" => late(),
        "T9" => soon() + SignedDuration::from_hours(1),
        "T21'" => soon() + SignedDuration::from_hours(12),
        _ => soon(),
    }
}

/// What each role finds open in each state, written down by hand.
const OPEN: &[(CaseState, &[Act], &[Act])] = {
    use Act::{
        Accept, AmendReason, ApplyForTermination, AttachScan, Cancel, ChangeSuspension, DestroyKey,
        EditRequest, GenerateKey, ImportRequest, Install, Issue, Print, RefuseAcceptance, Reissue,
        Reject, Renew, Resume, Revoke, Schedule, Submit, Suspend, UseKey, Waive, WithdrawSchedule,
    };
    &[
        (
            CaseState::Draft,
            &[
                AttachScan,
                EditRequest,
                GenerateKey,
                UseKey,
                ImportRequest,
                Cancel,
                DestroyKey,
                Print,
            ],
            &[EditRequest, GenerateKey, UseKey, ImportRequest, Cancel, DestroyKey, Print],
        ),
        (CaseState::KeyGen, &[Cancel], &[Cancel]),
        (
            CaseState::Built,
            &[AttachScan, Submit, Cancel, DestroyKey, Print],
            &[Submit, Cancel, DestroyKey, Print],
        ),
        (CaseState::Submitted, &[Cancel, Reject], &[Cancel]),
        (CaseState::PolicyReview, &[EditRequest, Waive, Reject, Cancel], &[EditRequest, Cancel]),
        (CaseState::PendingApproval, &[EditRequest, Reject, Cancel], &[EditRequest, Cancel]),
        (CaseState::Approved, &[Cancel, Issue], &[Cancel]),
        (CaseState::Issuing, &[Issue], &[]),
        (CaseState::InDoubt, &[Issue], &[]),
        (CaseState::Failed, &[AttachScan, Cancel, Issue, Reject, Print], &[Cancel, Print]),
        (CaseState::Cancelled, &[DestroyKey], &[DestroyKey]),
        (CaseState::Rejected, &[DestroyKey], &[DestroyKey]),
        (CaseState::Expired, &[DestroyKey], &[DestroyKey]),
        (
            CaseState::AwaitingAcceptance,
            &[Accept, RefuseAcceptance, Revoke, ApplyForTermination, Install, Print],
            &[Accept, RefuseAcceptance, Revoke, Install, Print],
        ),
        (
            CaseState::Active,
            &[
                AttachScan,
                Install,
                Suspend,
                Revoke,
                ApplyForTermination,
                Schedule,
                WithdrawSchedule,
                Renew,
                Reissue,
                Print,
                Accept,
                DestroyKey,
            ],
            &[Install, Suspend, Revoke, Renew, Print, Accept, DestroyKey],
        ),
        (
            CaseState::Suspended,
            &[
                AttachScan,
                Install,
                Resume,
                ChangeSuspension,
                Revoke,
                ApplyForTermination,
                Schedule,
                WithdrawSchedule,
                Print,
                Accept,
                DestroyKey,
            ],
            &[Install, Revoke, Print, Accept, DestroyKey],
        ),
        (
            CaseState::Revoked,
            &[AttachScan, Install, Act::Hide, Print, AmendReason, Reissue, Accept, DestroyKey],
            &[Install, Act::Hide, Print, AmendReason, Accept, DestroyKey],
        ),
        (CaseState::Archived, &[], &[]),
        (CaseState::Erased, &[], &[]),
    ]
};

#[test]
fn the_buttons_are_those_of_the_desk() {
    for (state, operators, users) in OPEN {
        for (role, right) in [(Role::Operator, operators), (Role::User, users)] {
            let open: BTreeSet<Act> = case_in(*state)
                .allowed_actions(&actor(role), &profile(), soon())
                .into_iter()
                .filter(|action| action.refusal.is_none())
                .map(|action| action.act)
                .collect();
            assert_eq!(open, right.iter().copied().collect(), "{state} for {role}");
        }
    }
}

#[test]
fn a_profile_may_forbid_suspension() {
    let forbidding = Profile { suspension: Suspension::Forbidden, ..profile() };
    let case = case_in(CaseState::Active);
    let refusal = case.may(&actor(Role::Operator), Act::Suspend, &forbidding, soon()).unwrap_err();
    assert_eq!(refusal.code(), "guard.suspension-forbidden");
}

/// A case of the user 2, whom the office "main" serves.
fn case_in(state: CaseState) -> Case {
    let (_, way) = WAYS.iter().find(|(known, _)| *known == state).unwrap();
    let mut first = entry(begun(), Role::Operator);
    first.actor.user = Some(UserId::new([12; 16])); // a colleague of whoever acts
    let mut entries = vec![first];
    entries.extend(way.iter().map(|event| entry(fact(event), Role::System)));
    Case::fold(CaseId::new([9; 16]), &entries).unwrap().unwrap()
}

fn begun() -> CaseFact {
    CaseFact::RequestCreated(Box::new(RequestCreated {
        user: UserId::new([2; 16]),
        role: Role::User,
        office: Some("main".parse().unwrap()),
        registration: commitment(),
        profile: "commercial".parse().unwrap(),
        profile_version: 1,
        authority: AuthorityId::new([4; 16]),
        lineage: CaseId::new([9; 16]),
        renews: None,
        succession: None,
        ends: Some(soon()),
    }))
}

fn fact(event: &str) -> CaseFact {
    let why = "test".to_owned();
    let (request, public_key) = (commitment(), KeyIdentity::from_octets([3; 32]));
    let successor = CaseId::new([10; 16]);
    match event {
        "request.edited" => CaseFact::RequestEdited { registration: commitment() },
        "key.generation_started" => {
            let (store, key) = place();
            CaseFact::KeyGenerationStarted { store, key }
        }
        "key.generation_failed" => CaseFact::KeyGenerationFailed { why },
        "request.built" => CaseFact::RequestBuilt { request, public_key, rng: RngKind::System },
        "request.imported" => CaseFact::RequestImported { request, public_key },
        "request.submitted" => CaseFact::RequestSubmitted,
        "request.approved" => CaseFact::RequestApproved { automatic: true },
        "request.cancelled" => CaseFact::RequestCancelled,
        "issuance.intent" => {
            CaseFact::IssuanceIntended(Intent::Deferred { ticket: Ticket("t".to_owned()) })
        }
        "issuance.in_doubt" => CaseFact::IssuanceInDoubt { why },
        "issuance.failed" => CaseFact::IssuanceFailed { why },
        "issuance.retry" => CaseFact::IssuanceRetried,
        "certificate.issued" => CaseFact::CertificateIssued(issued()),
        "issuance.recovered" => CaseFact::IssuanceRecovered(issued()),
        "certificate.installed" => CaseFact::CertificateInstalled,
        "request.built_anew" => {
            let (store, key) = place();
            CaseFact::RequestBuiltAnew { request, public_key, store, key }
        }
        "request.policy_flagged" => CaseFact::RequestFlagged { findings: Vec::new() },
        "request.policy_waived" => CaseFact::FindingsWaived { comment: why },
        "request.approval_requested" => {
            CaseFact::ApprovalRequested { approval: ApprovalId::new([11; 16]) }
        }
        "request.reopened" => CaseFact::RequestReopened,
        "request.rejected" => CaseFact::RequestRejected { comment: why },
        "request.expired" => CaseFact::RequestExpired,
        "container.destroyed" => {
            let (store, key) = place();
            CaseFact::KeyDestroyed { store, key }
        }
        "certificate.issued_on_hold" => {
            CaseFact::CertificateIssuedOnHold { issued: issued(), until: soon() }
        }
        "certificate.accepted" => {
            CaseFact::CertificateAccepted { acknowledgement: Acknowledgement::Electronic }
        }
        "certificate.acceptance_refused" => CaseFact::AcceptanceRefused { date: start() },
        "certificate.acceptance_timeout" => CaseFact::AcceptanceOverdue { date: start() },
        "certificate.suspended" => CaseFact::CertificateSuspended {
            ground: ground(),
            until: Some(soon() + SignedDuration::from_hours(1)),
            on_end: OnEnd::Resume,
            by_phrase: false,
        },
        "certificate.suspension_changed" => CaseFact::SuspensionChanged {
            ground: ground(),
            until: Some(soon() + SignedDuration::from_hours(2)),
            on_end: OnEnd::Stay,
        },
        "certificate.suspension_ended" => CaseFact::SuspensionEnded,
        "certificate.scheduled" => {
            let plan = Plan::Revoke { reason: Reason::Superseded, ground: ground() };
            CaseFact::Scheduled { at: soon() + SignedDuration::from_hours(1), plan }
        }
        "certificate.schedule_withdrawn" => CaseFact::ScheduleWithdrawn,
        "certificate.revoked_after_expiry" => CaseFact::RevokedAfterExpiry {
            reason: Reason::Superseded,
            ground: ground(),
            date: late(),
            invalidity: None,
        },
        "certificate.reason_amended" => {
            CaseFact::ReasonAmended { ground: ground(), invalidity: None }
        }
        "certificate.termination_applied" => CaseFact::TerminationApplied {
            reason: Reason::CessationOfOperation,
            ground: ground(),
            learned: start(),
            deadline: soon() + SignedDuration::from_hours(12),
        },
        "certificate.termination_overdue" => {
            CaseFact::TerminationOverdue { deadline: soon() + SignedDuration::from_hours(12) }
        }
        "certificate.termination_dismissed" => CaseFact::TerminationDismissed { comment: why },
        "certificate.superseded" => CaseFact::Superseded { successor, at: None },
        "certificate.reissue_started" => CaseFact::ReissueStarted { successor, why },
        "certificate.archived" => CaseFact::Archived,
        "certificate.unarchived" => CaseFact::Unarchived,
        "certificate.erased" => CaseFact::Erased,
        "certificate.resumed" => CaseFact::CertificateResumed { ground: ground() },
        "certificate.revoked" => CaseFact::CertificateRevoked {
            reason: Reason::Superseded,
            ground: ground(),
            date: soon(),
            invalidity: None,
            notice: Notice::default(),
        },
        "certificate.renewal_started" => CaseFact::RenewalStarted { successor },
        "certificate.renewal_cancelled" => CaseFact::RenewalCancelled { successor },
        "certificate.hidden" => CaseFact::CertificateHidden,
        "certificate.scan_attached" => CaseFact::ScanAttached { scan: scan() },
        "certificate.printed" => {
            CaseFact::Printed { form: "copy".to_owned(), paper: commitment(), template: None }
        }
        other => panic!("{other} has no sample"),
    }
}

fn scan() -> Scan {
    let (kind, format) = (ScanKind::SignedCopy, ScanFormat::Pdf);
    Scan { kind, format, size: 1, document: commitment() }
}

fn place() -> (Name, KeyId) {
    let key = KeyId { carrier: CarrierId("memory".to_owned()), container: "key".to_owned() };
    ("memory".parse().unwrap(), key)
}

fn issued() -> Issued {
    Issued {
        certificate: commitment(),
        issuer: KeyIdentity::from_octets([1; 32]),
        serial: SerialNumber::from_magnitude(&[0x51; 16]).unwrap(),
        validity: Validity {
            not_before: start(),
            not_after: start() + SignedDuration::from_hours(24 * 365),
        },
        thumbprint: [5; 20],
        partition: 0,
    }
}

fn actor(role: Role) -> Actor {
    if role == Role::System {
        return Actor::SYSTEM;
    }
    let user = if role == Role::User { [2; 16] } else { [7; 16] };
    Actor {
        role,
        user: Some(UserId::new(user)),
        office: Some("main".parse().unwrap()),
        method: Method::Password,
    }
}

fn entry(fact: CaseFact, role: Role) -> Entry<CaseFact> {
    let (at, effective, command) = (start(), start(), CommandId::new([8; 16]));
    Entry { version: VERSION, at, effective, actor: actor(role), command, fact }
}

fn commitment() -> Commitment {
    Commitment::from_octets([6; 32])
}

/// A profile that allows whatever one may allow, and lets nobody wait for an approval.
fn profile() -> Profile {
    let policy = Policy {
        late_revocation: true,
        emergency_days: Some(3),
        same_key: true,
        archive_days: Some(1),
        erase_days: Some(1),
        ..Policy::default()
    };
    Profile { policy, ..desk::profile() }
}

/// After the certificate's end, and long enough for the archive.
fn late() -> Timestamp {
    start() + SignedDuration::from_hours(24 * 400)
}

fn start() -> Timestamp {
    desk::START.parse().unwrap()
}

fn soon() -> Timestamp {
    start() + SignedDuration::from_hours(1)
}

const MONTHS_16: i64 = 16 * 31 * 86_400;

#[tokio::test]
async fn revoked_never_becomes_active_or_suspended_again() -> Result<()> {
    let bench = Bench::open().await?;
    let (case, by) = (bench.active(10).await?, &bench.desk.operator);
    bench.desk.run(by, revoke(case)).await?;
    assert_eq!(bench.desk.refusal(by, resume(case)).await, "state");
    assert_eq!(bench.desk.refusal(by, suspend(case)).await, "state");
    assert_eq!(bench.desk.refusal(by, Command::Submit { case }).await, "state");
    assert_eq!(bench.desk.refusal(by, Command::Issue { case }).await, "state");
    assert_eq!(bench.case(case).await?.state(), CaseState::Revoked);
    Ok(())
}

#[tokio::test]
async fn a_second_revoke_moves_no_date() -> Result<()> {
    let bench = Bench::open().await?;
    let (case, by) = (bench.active(10).await?, &bench.desk.operator);
    bench.desk.run(by, revoke(case)).await?;
    let before = *bench.case(case).await?.revoked().unwrap();
    bench.desk.clock.advance(86_400);
    assert_eq!(bench.desk.refusal(by, revoke(case)).await, "state");
    assert_eq!(*bench.case(case).await?.revoked().unwrap(), before);
    Ok(())
}

#[tokio::test]
async fn nothing_ends_or_resumes_after_expiry() -> Result<()> {
    let bench = Bench::open().await?;
    let (held, good) = (bench.active(10).await?, bench.active(11).await?);
    let user = bench.case(held).await?.begun().user;
    bench.desk.run(&bench.desk.operator, suspend(held)).await?;
    // staff's certificates end first: their sessions are not what is tried here
    let late = bench.desk.clock_now() + SignedDuration::from_secs(MONTHS_16);
    let operator = actor(Role::Operator);
    let refused = |case: &Case, act| {
        case.may(&operator, act, &profile(), late).map_err(|why| why.code()).unwrap_err()
    };
    let (held, good) = (bench.case(held).await?, bench.case(good).await?);
    assert_eq!(refused(&held, Act::Resume), "guard.expired");
    assert_eq!(refused(&held, Act::Revoke), "guard.expired");
    assert_eq!(refused(&good, Act::Suspend), "guard.expired");
    assert_eq!(refused(&good, Act::Renew), "guard.expired");
    assert!(good.may(&operator, Act::Hide, &profile(), late).is_ok());
    assert_eq!(held.begun().user, user);
    Ok(())
}

#[tokio::test]
async fn only_what_is_in_force_is_renewed_and_once() -> Result<()> {
    let bench = Bench::open().await?;
    let (case, by) = (bench.active(10).await?, &bench.desk.operator);
    let renew = Command::Renew { case };
    bench.desk.run(by, suspend(case)).await?;
    assert_eq!(bench.desk.refusal(by, renew.clone()).await, "state");
    bench.desk.run(by, resume(case)).await?;
    let renewed = bench.desk.run(by, renew.clone()).await?;
    let Outcome::RequestCreated { case: successor } = renewed else { panic!("{renewed:?}") };
    assert_eq!(bench.desk.refusal(by, renew.clone()).await, "guard.renewed");
    bench.desk.run(by, Command::Cancel { case: successor }).await?;
    assert_eq!(bench.case(case).await?.successor(), None);
    bench.desk.run(by, renew.clone()).await?;
    bench.desk.run(by, revoke(case)).await?;
    assert_eq!(bench.desk.refusal(by, renew).await, "state");
    bench.check().await
}

#[tokio::test]
async fn what_is_in_force_is_never_hidden() -> Result<()> {
    let bench = Bench::open().await?;
    let (case, by) = (bench.active(10).await?, &bench.desk.operator);
    let hide = Command::Hide { case };
    assert_eq!(bench.desk.refusal(by, hide.clone()).await, "guard.not-terminated");
    bench.desk.run(by, suspend(case)).await?;
    assert_eq!(bench.desk.refusal(by, hide).await, "guard.not-terminated");
    Ok(())
}

#[tokio::test]
async fn a_reserved_number_is_unknown_to_all() -> Result<()> {
    let bench = Bench::open().await?;
    let case = bench.built(10).await?;
    let inner = bench.desk.ra.providers().authorities[&bench.desk.authority].clone();
    let down = authorities::Completing {
        inner,
        complete: |_: &_| Err(gost_ca::provider::ErrorKind::Unavailable.at("Signer::sign")),
    };
    let ra = bench.with_authority(std::sync::Arc::new(down));
    let envelope: Envelope = bench.desk.envelope(Command::Submit { case });
    ra.execute(&bench.desk.operator, &envelope).await.unwrap_err();
    let row = bench.case(case).await?.certificate_view().unwrap();
    assert_eq!((row.thumbprint, row.listed), (None, None), "reserved, and on no CRL");
    for time in [bench.desk.clock_now(), row.not_after] {
        let answer = ra.status_at(&case, StatusAt::time(time)).await?;
        assert_eq!(answer, CertificateStatus::Unknown);
    }
    Ok(())
}

#[tokio::test]
async fn users_do_to_their_own_what_users_may() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let (user, temporary) = bench.user(10).await?;
    let (stranger, case) = (bench.active(11).await?, {
        let signer = bench::user_key(10, &desk.rng);
        desk.issue(&desk.operator, user, "commercial", &signer).await?
    });
    let (login, own) = ("user-10".to_owned().try_into()?, bench::OWN_PASSWORD.into());
    let temporary = temporary.unwrap();
    let first = desk.ra.sign_in_by_password(&login, &temporary).await?;
    assert_eq!(desk.refusal(&first, suspend(case)).await, "session.password-change-required");
    desk.ra.change_own_password(&first, desk::command_id(&desk.rng), (&temporary, &own)).await?;
    let session = desk.ra.sign_in_by_password(&login, &own).await?;
    assert_eq!(desk.refusal(&session, suspend(stranger)).await, "permission.scope");
    desk.run(&session, suspend(case)).await?;
    assert_eq!(desk.refusal(&session, resume(case)).await, "guard.owner-may-not-resume");
    let reason = Reason::PrivilegeWithdrawn;
    let for_others = Command::Revoke {
        case,
        reason,
        ground: ground(),
        invalidity: None,
        date: None,
        notice: Notice::default(),
    };
    assert_eq!(desk.refusal(&session, for_others).await, "guard.reason-not-allowed");
    desk.run(&session, revoke(case)).await?;
    assert_eq!(desk.refusal(&session, Command::Issue { case: stranger }).await, "permission.role");
    Ok(())
}

#[tokio::test]
async fn colleagues_are_the_administrators_business() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let colleague = desk.new_operator(&desk.administrator, 3, &desk.office.clone()).await?;
    let Method::Certificate(case) = colleague.actor().method else { panic!("a certificate") };
    let user = colleague.actor().user.unwrap();
    let by = &desk.operator;
    for command in [suspend(case), resume(case), revoke(case), Command::Issue { case }] {
        assert_eq!(desk.refusal(by, command).await, "permission.role");
    }
    let create =
        Command::CreateRequest { user, profile: "sign-in".parse()?, authority: desk.authority };
    let created = desk.run(&desk.administrator, create).await?;
    let Outcome::RequestCreated { case: draft } = created else { panic!("{created:?}") };
    let import = bench.import(draft, 66).await?;
    assert_eq!(desk.refusal(by, import).await, "permission.role", "nobody becomes a colleague");

    // one's own: what users may do to theirs, and nothing of the desk's
    assert_eq!(desk.refusal(&colleague, bench.edit(user, 1).await?).await, "permission.role");
    desk.run(&colleague, suspend(case)).await?;
    assert_eq!(desk.refusal(&colleague, resume(case)).await, "session.certificate");
    desk.run(&desk.administrator, resume(case)).await?;
    assert_eq!(desk.refusal(&colleague, resume(case)).await, "state", "nothing to resume");
    bench.check().await
}

#[tokio::test]
async fn a_founding_session_ends_with_its_certificate() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let Method::Certificate(case) = desk.administrator.actor().method else { panic!() };
    let session = &desk.founder;
    desk.ra.case(session, &case).await?;
    desk.run(&desk.administrator, revoke(case)).await?;
    assert_eq!(desk.ra.case(session, &case).await.unwrap_err().code(), "session.certificate");
    Ok(())
}

#[tokio::test]
async fn names_and_numbers_of_persons_move_with_their_corrections() -> Result<()> {
    use gost_ca::registration::{Field, RegistrationForm};
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let (wrong, _) = bench.user(10).await?;
    let snils = |number| -> Result<String> {
        let record = desk::people::staff(number, "somebody")?;
        Ok(RegistrationForm::from(&record.data).value(Field::Snils).unwrap().to_owned())
    };
    // 10 was registered under the number of 11, whose name is another; then it is corrected
    let edit = |set: (Field, String)| async move {
        let record = desk.ra.user(&desk.operator, &wrong).await?.record;
        let mut form = RegistrationForm::from(&record.data);
        form.set(set.0, set.1);
        let command = Command::EditData { user: wrong, data: Box::new(form.check()?) };
        desk.run(&desk.operator, command).await?;
        Ok::<(), Box<dyn std::error::Error>>(())
    };
    edit((Field::Snils, snils(11)?)).await?;
    let rightful = bench::register(desk, 11)?;
    assert_eq!(desk.refusal(&desk.operator, rightful.clone()).await, "registration.duplicate");
    edit((Field::Snils, snils(10)?)).await?;
    desk.run(&desk.operator, rightful).await?;
    // a changed name keeps the number, and is the name that it is known by
    edit((Field::Surname, "Ковалёва".to_owned())).await?;
    let Command::Register(mut again) = bench::register(desk, 10)? else { panic!() };
    again.login = "user-10-again".to_owned().try_into()?;
    let code = desk.refusal(&desk.operator, Command::Register(again)).await;
    assert_eq!(code, "registration.duplicate");
    bench.check().await
}
