//! The table of accounts, row by row.

use super::*;

/// From nothing to each state, by the facts on the way.
const WAYS: &[(AccountState, &[&str])] = &[
    (AccountState::Draft, &[DRAFT]),
    (AccountState::PasswordChangeRequired, &[]),
    (AccountState::Active, &["user.password_changed"]),
    (AccountState::TemporarilyLocked, &["user.password_changed", "user.locked"]),
    (AccountState::TemporarilyLocked, &["user.locked"]),
    (AccountState::Blocked, &["user.password_changed", "user.blocked"]),
    (AccountState::Blocked, &["user.blocked"]),
    (AccountState::Archived, &["user.archived"]),
    (AccountState::Erased, &["user.archived", "user.erased"]),
];

const DRAFT: &str = "user.draft_created";

#[test]
fn there_is_a_way_to_every_state() {
    let ways: BTreeSet<AccountState> = WAYS.iter().map(|(state, _)| *state).collect();
    assert_eq!(ways, AccountState::ALL.iter().copied().collect());
    for (state, way) in WAYS {
        assert_eq!(account(way).state(), *state, "{way:?}");
    }
}

#[test]
fn every_row_leads_where_it_says() {
    let mut seen = BTreeSet::new();
    for (state, way) in WAYS {
        for row in ROWS.iter().filter(|row| row.from.contains(state)) {
            let mut account = account(way);
            let ends = matches!(row.act, Act::Unlock | Act::Unblock);
            if ends && account.must_change_password() == (row.to == Some(AccountState::Active)) {
                continue; // its twin is the one for what the lock or the block covers
            }
            seen.insert(row.id);
            for role in row.actors {
                let admitted = account.admits(&actor(*role), row.act, &around());
                let right = match row.act {
                    Act::ExpireTemporaryPassword | Act::Expire => Err("guard.term-lasts"),
                    Act::ChangeRole => Err("guard.not-staff"),
                    Act::Unblock if *role == Role::Operator => {
                        Err("guard.blocked-by-administrator")
                    }
                    _ => Ok(()),
                };
                assert_eq!(admitted.map_err(|why| why.code()), right, "{} {role}", row.id);
            }
            account.apply(&entry(row.event)).unwrap();
            assert_eq!(account.state(), row.to.unwrap_or(*state), "{} from {state}", row.id);
        }
    }
    let all = ROWS.iter().filter(|row| !row.from.is_empty()).map(|row| row.id).collect();
    assert_eq!(seen, all, "every row was tried");
}

#[test]
fn everything_else_is_refused() {
    for (state, way) in WAYS {
        for row in ROWS.iter().filter(|row| !row.from.is_empty()) {
            if ROWS.iter().any(|other| other.act == row.act && other.from.contains(state)) {
                continue;
            }
            let mut account = account(way);
            for role in row.actors {
                let refusal = account.admits(&actor(*role), row.act, &around()).unwrap_err();
                assert_eq!(refusal.code(), "state", "{} in {state}", row.id);
            }
            assert!(account.apply(&entry(row.event)).is_err(), "{} in {state}", row.id);
            assert_eq!(account, self::account(way), "and it changed nothing");
        }
    }
}

#[test]
fn whoever_is_not_named_is_refused() {
    for (state, way) in WAYS {
        for row in ROWS.iter().filter(|row| row.from.contains(state)) {
            for role in Role::ALL.iter().filter(|role| !row.actors.contains(role)) {
                let refusal = account(way).admits(&actor(*role), row.act, &around());
                assert!(matches!(refusal, Err(Refusal::Role { .. })), "{} {role}", row.id);
            }
        }
    }
}

#[test]
fn a_lock_ends_by_itself() {
    let locked = account(&["user.password_changed", "user.locked"]);
    let end = start() + SignedDuration::from_mins(30);
    assert_eq!(locked.state_at(end - SignedDuration::from_millis(1)).name(), "temporarily-locked");
    assert_eq!(locked.state_at(end), AccountState::Active);
    let later = Circumstances::new(end, 1);
    assert!(locked.admits(&Actor::SYSTEM, Act::Lock, &later).is_ok(), "and may begin anew");
    assert_eq!(locked.view().due, Some(end), "the engine tells the lists");
}

#[test]
fn every_forbidden_act_has_its_reason() {
    let blocked = account(&["user.password_changed", "user.blocked"]);
    for (role, act, code) in [
        (Role::Operator, Act::Block, Some("state")),
        (Role::Operator, Act::Unblock, Some("guard.blocked-by-administrator")),
        (Role::Administrator, Act::Unblock, None),
        (Role::Operator, Act::ResetPassword, None),
        (Role::User, Act::ChangePassword, Some("state")),
        (Role::User, Act::Unblock, Some("permission.role")),
        (Role::Administrator, Act::ChangeRole, Some("state")),
    ] {
        let actions = blocked.allowed_actions(&actor(role), &around());
        let action = actions.iter().find(|action| action.act == act).unwrap();
        let refusal = action.refusal.as_ref().map(Refusal::code);
        assert_eq!(refusal, code, "{act:?} by {role}");
    }
}

fn account(way: &[&str]) -> Account {
    let (begin, way) = match way {
        [first, rest @ ..] if *first == DRAFT => (DRAFT, rest),
        way => ("user.registered", way),
    };
    let mut account = Account::begin(UserId::new([2; 16]), &entry(begin)).unwrap();
    for event in way {
        account.apply(&entry(event)).unwrap();
    }
    account
}

fn entry(event: &str) -> Entry<AccountFact> {
    let registration = Commitment::from_octets([6; 32]);
    let verifier = Commitment::from_octets([5; 32]);
    let until = start() + SignedDuration::from_hours(72);
    let password = TemporaryPassword { verifier, until };
    let reason = "№ 1".to_owned();
    let office = Some("main".parse().unwrap());
    let fact = match event {
        "user.registered" => AccountFact::Registered {
            role: Role::User,
            office,
            registration,
            password: Some(password),
            certificate: None,
        },
        DRAFT => AccountFact::DraftCreated {
            office: "main".parse().unwrap(),
            draft: verifier,
            ends: until,
        },
        "user.draft_saved" => AccountFact::DraftSaved { draft: registration },
        "user.draft_ended" => AccountFact::DraftEnded,
        "user.draft_erased" => AccountFact::DraftErased,
        "user.certificate_bound" => AccountFact::CertificateBound { case: CaseId::new([9; 16]) },
        "user.certificate_unbound" => {
            AccountFact::CertificateUnbound { case: CaseId::new([9; 16]) }
        }
        "user.temp_password_issued" => AccountFact::TemporaryPasswordIssued { password },
        "user.temp_password_expired" => AccountFact::TemporaryPasswordExpired,
        "user.password_reset" => AccountFact::PasswordReset { password, identified: reason },
        "user.password_changed" => AccountFact::PasswordChanged { password: verifier },
        "user.locked" => AccountFact::Locked { until: start() + SignedDuration::from_mins(30) },
        "user.unlocked" => AccountFact::Unlocked,
        "user.blocked" => AccountFact::Blocked { reason },
        "user.unblocked" => AccountFact::Unblocked { reason },
        "user.archived" => AccountFact::Archived { reason },
        "user.erased" => AccountFact::Erased { reason },
        "user.erasure_finished" => AccountFact::ErasureFinished,
        "user.role_changed" => AccountFact::RoleChanged { role: Role::User, office },
        "user.code_phrase_set" => {
            AccountFact::CodePhraseSet { phrase: Commitment::from_octets([6; 32]) }
        }
        "user.data_changed" => AccountFact::DataChanged { registration, fields: Vec::new() },
        "user.form_printed" => AccountFact::FormPrinted {
            form: "hand-over".to_owned(),
            paper: verifier,
            template: None,
        },
        "user.checked" => AccountFact::ApplicantChecked { registration, answers: Vec::new() },
        "user.scan_attached" => AccountFact::ScanAttached {
            scan: Scan {
                kind: ScanKind::Application,
                format: ScanFormat::Pdf,
                size: 123,
                document: verifier,
            },
        },
        other => panic!("{other} has no sample"),
    };
    let (at, command) = (start(), CommandId::new([8; 16]));
    let actor = actor(Role::Administrator);
    Entry { version: VERSION, at, effective: at, actor, command, fact }
}

fn actor(role: Role) -> Actor {
    if role == Role::System {
        return Actor::SYSTEM;
    }
    let user = if role == Role::User { [2; 16] } else { [7; 16] };
    let (user, office) = (Some(UserId::new(user)), Some("main".parse().unwrap()));
    Actor { role, user, office, method: Method::Password }
}

fn around() -> Circumstances {
    Circumstances::new(start() + SignedDuration::from_mins(1), 2)
}

fn start() -> Timestamp {
    desk::START.parse().unwrap()
}
