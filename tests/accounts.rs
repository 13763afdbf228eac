//! Accounts: the table row by row, wrong passwords, blocks, roles and sessions.
#![expect(clippy::panic, clippy::too_many_lines, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use gost_ca::Timestamp;
use gost_ca::audit::inspect::Inspection;
use gost_ca::command::{Command, Outcome, Possession, Register, Termination};
use gost_ca::commitment::Commitment;
use gost_ca::desk::scan::{Scan, ScanFormat, ScanKind};
use gost_ca::entry::{Actor, Entry, Method, VERSION};
use gost_ca::fact::{AccountFact, TemporaryPassword};
use gost_ca::id::{CaseId, CommandId, UserId};
use gost_ca::lifecycle::account::{Circumstances, ROWS};
use gost_ca::lifecycle::{Account, Act, Refusal};
use gost_ca::provider::Signer as _;
use gost_ca::provider::directory::{FoundUsers, SealedRecord};
use gost_ca::provider::journal::{Page, StreamId};
use gost_ca::provider::key_store::Message;
use gost_ca::provider::{
    ErrorKind, PasswordHash, PasswordHasher, Result as Provided, UserDirectory, UserFilter,
};
use gost_ca::reason::Reason;
use gost_ca::registration::{Field, Login, RegistrationForm};
use gost_ca::secret::Secret;
use gost_ca::view::{AccountState, CaseState, Role};
use gost_ca::{RegistrationAuthority, Session};
use gost_ca_software::{CheapHasher, GostVerifier};
use jiff::SignedDuration;

#[path = "support/authorities.rs"]
mod authorities;
#[path = "support/bench.rs"]
mod bench;
#[path = "support/desk.rs"]
mod desk;
#[path = "support/doubles.rs"]
mod doubles;

use bench::{Bench, OWN_PASSWORD};
use desk::Result;

mod table {
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
                if ends && account.must_change_password() == (row.to == Some(AccountState::Active))
                {
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
        assert_eq!(
            locked.state_at(end - SignedDuration::from_millis(1)).name(),
            "temporarily-locked"
        );
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
            "user.certificate_bound" => {
                AccountFact::CertificateBound { case: CaseId::new([9; 16]) }
            }
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
}

async fn sign_in(ra: &RegistrationAuthority, login: &str, password: &Secret) -> Result<Session> {
    Ok(ra.sign_in_by_password(&Login::from_typed(login)?, password).await?)
}

async fn refused(ra: &RegistrationAuthority, login: &str, password: &str) -> Result<()> {
    let login = Login::from_typed(login)?;
    let error = ra.sign_in_by_password(&login, &Secret::from(password)).await.unwrap_err();
    assert_eq!(error.code(), "sign-in");
    Ok(())
}

/// A user with a password of their own, and a session.
async fn user(bench: &Bench, number: u32) -> Result<(UserId, Session)> {
    let (user, temporary) = bench.user(number).await?;
    let (temporary, ra) = (temporary.unwrap(), &bench.desk.ra);
    let session = sign_in(ra, &format!("user-{number}"), &temporary).await?;
    let id = desk::command_id(&bench.desk.rng);
    ra.change_own_password(&session, id, (&temporary, &OWN_PASSWORD.into())).await?;
    Ok((user, session))
}

fn reset(user: UserId) -> Command {
    Command::ResetPassword { user, identified: "паспорт предъявлен".to_owned() }
}

fn block(user: UserId) -> Command {
    Command::Block { user, reason: "№ 1".to_owned() }
}

fn unblock(user: UserId) -> Command {
    Command::Unblock { user, reason: "№ 2".to_owned() }
}

async fn state(bench: &Bench, user: UserId) -> Result<AccountState> {
    let desk = &bench.desk;
    let card = desk.ra.user(&desk.administrator, &user).await?;
    Ok(card.account.state_at(desk.clock_now()))
}

#[tokio::test]
async fn five_wrong_passwords_lock_and_time_unlocks() -> Result<()> {
    let bench = Bench::open().await?;
    let (ra, own) = (&bench.desk.ra, Secret::from(OWN_PASSWORD));
    let (id, _) = user(&bench, 10).await?;
    for _ in 0..4 {
        refused(ra, "user-10", "wrong-1").await?;
    }
    sign_in(ra, "user-10", &own).await?;
    for _ in 0..5 {
        assert_eq!(state(&bench, id).await?, AccountState::Active, "a good one forgives the wrong");
        refused(ra, "user-10", "wrong-1").await?;
    }
    assert_eq!(state(&bench, id).await?, AccountState::TemporarilyLocked);
    refused(ra, "user-10", OWN_PASSWORD).await?;
    bench.desk.clock.advance(30 * 60 - 1);
    refused(ra, "user-10", OWN_PASSWORD).await?;
    bench.desk.clock.advance(1);
    sign_in(ra, "user-10", &own).await?;
    bench.desk.clock.advance(31);
    assert_eq!(ra.sweep().await?.accounts, [id], "the lists are told");
    let events = bench.events(StreamId::Account(id), 2).await?;
    assert_eq!(events, ["user.locked", "user.unlocked"], "one entry a lock, however many knocks");
    bench.check().await
}

#[tokio::test]
async fn old_wrong_passwords_do_not_count() -> Result<()> {
    let bench = Bench::open().await?;
    let (id, _) = user(&bench, 10).await?;
    for _ in 0..12 {
        refused(&bench.desk.ra, "user-10", "wrong-1").await?;
        bench.desk.clock.advance(4 * 60);
    }
    assert_eq!(state(&bench, id).await?, AccountState::Active);
    sign_in(&bench.desk.ra, "user-10", &OWN_PASSWORD.into()).await?;
    Ok(())
}

#[tokio::test]
async fn an_operator_unlocks_and_a_reset_does_too() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let (id, _) = user(&bench, 10).await?;
    let lock = async || -> Result<()> {
        for _ in 0..5 {
            refused(&desk.ra, "user-10", "wrong-1").await?;
        }
        assert_eq!(state(&bench, id).await?, AccountState::TemporarilyLocked);
        Ok(())
    };
    lock().await?;
    desk.run(&desk.operator, Command::Unlock { user: id }).await?;
    sign_in(&desk.ra, "user-10", &OWN_PASSWORD.into()).await?;
    assert_eq!(desk.refusal(&desk.operator, Command::Unlock { user: id }).await, "state");
    lock().await?;
    let done = desk.run(&desk.operator, reset(id)).await?;
    let Outcome::Registered { temporary_password: Some(new), .. } = done else { panic!() };
    refused(&desk.ra, "user-10", OWN_PASSWORD).await?;
    sign_in(&desk.ra, "user-10", &new).await?;
    bench.check().await
}

/// Counts the hashing.
#[derive(Debug, Default)]
struct Counting(AtomicUsize, AtomicUsize);

#[async_trait::async_trait]
impl PasswordHasher for Counting {
    async fn hash(&self, password: &Secret, salt: &[u8; 16]) -> Provided<PasswordHash> {
        self.0.fetch_add(1, Ordering::Relaxed);
        CheapHasher.hash(password, salt).await
    }

    async fn verify(&self, password: &Secret, hash: &PasswordHash) -> Provided<bool> {
        self.1.fetch_add(1, Ordering::Relaxed);
        CheapHasher.verify(password, hash).await
    }
}

#[tokio::test]
async fn a_login_that_is_nobodys_is_treated_alike() -> Result<()> {
    let bench = Bench::open().await?;
    let (blocked, _) = user(&bench, 10).await?;
    bench.desk.run(&bench.desk.operator, block(blocked)).await?;
    user(&bench, 11).await?;
    let counting = Arc::new(Counting::default());
    let mut providers = bench.desk.ra.providers().clone();
    providers.password_hasher = counting.clone();
    let ra = RegistrationAuthority::new(providers, desk::settings());
    refused(&ra, "somebody", "wrong-1").await?;
    assert_eq!(
        counting.0.load(Ordering::Relaxed),
        1,
        "the dummy is made at the first knock, whoever knocks"
    );
    // try by try, also when the lock comes, and when it is there
    for login in ["user-10", "user-11", "nobody"] {
        for _ in 0..7 {
            let before = counting.1.load(Ordering::Relaxed);
            refused(&ra, login, "wrong-1").await?;
            let hashed = (counting.0.load(Ordering::Relaxed), counting.1.load(Ordering::Relaxed));
            assert_eq!(hashed, (1, before + 1), "{login}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn knocking_in_parallel_gives_no_more_tries() -> Result<()> {
    let bench = Bench::open().await?;
    user(&bench, 10).await?;
    let twin = bench.with_authority(bench.desk.local.clone());
    let login = Login::from_typed("user-10")?;
    let wrong = Secret::from("wrong-1");
    let knocks = (0..8).map(|number| {
        let ra = if number % 2 == 0 { &bench.desk.ra } else { &twin };
        ra.sign_in_by_password(&login, &wrong)
    });
    for knock in knocks {
        assert_eq!(knock.await.unwrap_err().code(), "sign-in");
    }
    refused(&twin, "user-10", OWN_PASSWORD).await?;
    refused(&bench.desk.ra, "user-10", OWN_PASSWORD).await?;
    bench.check().await
}

#[tokio::test]
async fn knocking_hinders_nobody_at_the_desk() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let (id, session) = user(&bench, 10).await?;
    let seen = desk.ra.user(&desk.operator, &id).await?.account.length();
    for _ in 0..4 {
        refused(&desk.ra, "user-10", "wrong-1").await?;
    }
    let envelope = desk.envelope(bench.edit(id, 1).await?).expecting(seen);
    desk.ra.execute(&desk.operator, &envelope).await?;
    for _ in 0..5 {
        refused(&desk.ra, "user-10", "wrong-1").await?;
    }
    assert_eq!(state(&bench, id).await?, AccountState::TemporarilyLocked);
    desk.run(&desk.operator, bench.edit(id, 2).await?).await?;
    desk.run(&desk.operator, bench::create(desk, id)).await?;
    desk.ra.user(&session, &id).await?;
    Ok(())
}

#[tokio::test]
async fn a_reset_leaves_a_block_and_closes_sessions() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let (id, session) = user(&bench, 10).await?;
    desk.run(&desk.operator, reset(id)).await?;
    assert_eq!(desk.ra.user(&session, &id).await.unwrap_err().code(), "session.over");
    desk.run(&desk.operator, block(id)).await?;
    let done = desk.run(&desk.operator, reset(id)).await?;
    let Outcome::Registered { temporary_password: Some(new), .. } = done else { panic!() };
    assert_eq!(state(&bench, id).await?, AccountState::Blocked);
    refused(&desk.ra, "user-10", new.expose_str().unwrap()).await?;
    desk.run(&desk.operator, unblock(id)).await?;
    assert_eq!(state(&bench, id).await?, AccountState::PasswordChangeRequired);
    let session = sign_in(&desk.ra, "user-10", &new).await?;
    assert_eq!(
        desk.ra.user(&session, &id).await.unwrap_err().code(),
        "session.password-change-required"
    );
    assert_eq!(desk.refusal(&desk.operator, reset(id)).await, "state", "U5 is for that");
    let vague = Command::ResetPassword { user: id, identified: "  ".to_owned() };
    assert_eq!(desk.refusal(&desk.operator, vague).await, "missing");
    bench.check().await
}

#[tokio::test]
async fn a_changed_password_closes_other_sessions() -> Result<()> {
    let bench = Bench::open().await?;
    let ra = &bench.desk.ra;
    let (id, session) = user(&bench, 10).await?;
    let other = sign_in(ra, "user-10", &OWN_PASSWORD.into()).await?;
    let clone = session.clone();
    let (old, new) = (Secret::from(OWN_PASSWORD), Secret::from("another-password-2"));
    let command = desk::command_id(&bench.desk.rng);
    ra.change_own_password(&session, command, (&old, &new)).await?;
    ra.user(&session, &id).await?;
    ra.user(&clone, &id).await?;
    assert_eq!(ra.user(&other, &id).await.unwrap_err().code(), "session.over");
    let again = ra.change_own_password(&other, desk::command_id(&bench.desk.rng), (&new, &old));
    assert_eq!(again.await.unwrap_err().code(), "session.over");
    refused(ra, "user-10", OWN_PASSWORD).await
}

#[tokio::test]
async fn sessions_end_idle_and_by_age() -> Result<()> {
    let bench = Bench::open().await?;
    let ra =
        RegistrationAuthority::new(bench.desk.ra.providers().clone(), gost_ca::Settings::default());
    let (id, _) = user(&bench, 10).await?;
    let session = sign_in(&ra, "user-10", &OWN_PASSWORD.into()).await?;
    bench.desk.clock.advance(15 * 60);
    ra.user(&session, &id).await?;
    for _ in 0..47 {
        bench.desk.clock.advance(15 * 60);
        ra.user(&session, &id).await?;
    }
    bench.desk.clock.advance(1);
    assert_eq!(ra.user(&session, &id).await.unwrap_err().code(), "session.over", "twelve hours");
    let session = sign_in(&ra, "user-10", &OWN_PASSWORD.into()).await?;
    bench.desk.clock.advance(15 * 60 + 1);
    assert_eq!(ra.user(&session, &id).await.unwrap_err().code(), "session.over", "idle");
    assert_eq!(ra.user(&session, &id).await.unwrap_err().code(), "session.over", "for good");
    Ok(())
}

#[tokio::test]
async fn a_blocked_user_gets_nothing() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let case = bench.built(10).await?;
    let id = bench.case(case).await?.begun().user;
    desk.run(&desk.operator, block(id)).await?;
    assert_eq!(desk.refusal(&desk.operator, Command::Submit { case }).await, "owner.out-of-use");
    let create = bench::create(desk, id);
    assert_eq!(desk.refusal(&desk.operator, create).await, "owner.out-of-use");
    assert_eq!(desk.refusal(&desk.operator, bench.edit(id, 1).await?).await, "state");
    desk.run(&desk.operator, unblock(id)).await?;
    desk.run(&desk.operator, Command::Submit { case }).await?;
    bench.check().await
}

#[tokio::test]
async fn what_an_administrator_blocked_no_operator_unblocks() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let (id, _) = bench.user(10).await?;
    desk.run(&desk.administrator, block(id)).await?;
    let code = desk.refusal(&desk.operator, unblock(id)).await;
    assert_eq!(code, "guard.blocked-by-administrator");
    desk.run(&desk.administrator, unblock(id)).await?;
    assert_eq!(desk.refusal(&desk.administrator, unblock(id)).await, "state");
    let envelope = desk.envelope(block(id));
    desk.ra.execute(&desk.operator, &envelope).await?;
    let again = desk.ra.execute(&desk.operator, &envelope).await?;
    assert_eq!(again, Outcome::AlreadyDone(Box::new(Outcome::Done)));
    desk.run(&desk.operator, unblock(id)).await?;
    Ok(())
}

#[tokio::test]
async fn nobody_blocks_themselves_or_the_last_administrator() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let first = desk.administrator.actor().user.unwrap();
    assert_eq!(desk.refusal(&desk.administrator, block(first)).await, "guard.oneself");
    assert_eq!(desk.refusal(&desk.operator, block(first)).await, "permission.scope");
    let own = desk.operator.actor().user.unwrap();
    assert_eq!(desk.refusal(&desk.operator, block(own)).await, "permission.role");

    // an administrator who is blocked is none: the other one is the last
    let (second, session) = bench.desk.second_administrator().await?;
    desk.run(&session, block(first)).await?;
    assert_eq!(desk.ra.user(&desk.administrator, &first).await.unwrap_err().code(), "session.over");
    assert_eq!(desk.refusal(&session, block(second)).await, "guard.oneself");
    let around = Circumstances::new(desk.clock_now(), 1);
    let account = desk.ra.user(&session, &second).await?.account;
    let stranger = Actor { user: Some(UserId::new([9; 16])), ..session.actor().clone() };
    let refusal = account.admits(&stranger, Act::Block, &around).unwrap_err();
    assert_eq!(refusal.code(), "guard.last-administrator");
    desk.run(&session, unblock(first)).await?;
    bench.check_views().await
}

#[tokio::test]
async fn two_who_block_each_other_do_not_both_succeed() -> Result<()> {
    use doubles::{Hook, Yielding};
    // one of the two stops after so many steps, and the other goes on
    for stop in 0..60 {
        let bench = Bench::open().await?;
        let desk = &bench.desk;
        let first = desk.administrator.actor().user.unwrap();
        let (second, session) = bench.desk.second_administrator().await?;
        let hook: Arc<dyn Hook> = Arc::new(Yielding);
        let ra = bench.hooked(&hook);
        let envelope = desk.envelope(block(first));
        let mut slow = Box::pin(ra.execute(&session, &envelope));
        let early = doubles::poll_at_most(&mut slow, stop);
        let quick = desk.run(&desk.administrator, block(second)).await;
        let late = match early {
            Some(done) => done,
            None => slow.await,
        };
        assert!(quick.is_ok() != late.is_ok(), "{stop}: {quick:?} {late:?}");
        if quick.is_err() {
            break;
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_blocked_operator_is_out_by_certificate_too() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let stranger = desk.new_operator(&desk.administrator, 3, &desk.office.clone()).await?;
    let user = stranger.actor().user.unwrap();
    let Method::Certificate(case) = stranger.actor().method else { panic!("a certificate") };
    assert_eq!(desk.refusal(&desk.operator, block(user)).await, "permission.role");
    desk.run(&desk.administrator, block(user)).await?;
    assert_eq!(desk.ra.case(&stranger, &case).await.unwrap_err().code(), "session.over");
    let certificate = desk.ra.certificate(&desk.administrator, &case).await?;
    let answer = desk::answer(&desk.ra, &*desk::key(103, &desk.rng)).await?;
    assert_eq!(desk.ra.sign_in(&certificate, &answer).await.unwrap_err().code(), "sign-in");
    desk.run(&desk.administrator, unblock(user)).await?;
    let answer = desk::answer(&desk.ra, &*desk::key(103, &desk.rng)).await?;
    desk.ra.sign_in(&certificate, &answer).await?;
    bench.check().await
}

#[tokio::test]
async fn an_operator_moves_to_another_office() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let office = Command::OpenOffice { office: "other".parse()?, title: "Другой".to_owned() };
    desk.run(&desk.administrator, office).await?;
    let (id, _) = user(&bench, 10).await?;
    let operator = desk.new_operator(&desk.administrator, 3, &desk.office.clone()).await?;
    let user = operator.actor().user.unwrap();
    desk.ra.user(&operator, &id).await?;
    let change = |user, role, office: Option<&str>| Command::ChangeRole {
        user,
        role,
        office: office.map(|office| office.parse().unwrap()),
    };
    let by = &desk.administrator;
    for (command, code) in [
        (change(id, Role::Operator, Some("other")), "guard.not-staff"),
        (change(user, Role::User, Some("other")), "permission.role"),
        (change(user, Role::Operator, Some("none")), "unknown"),
        (change(user, Role::Operator, None), "missing"),
        (change(by.actor().user.unwrap(), Role::Auditor, None), "guard.oneself"),
    ] {
        assert_eq!(desk.refusal(by, command.clone()).await, code, "{command:?}");
    }
    let move_away = change(user, Role::Operator, Some("other"));
    assert_eq!(desk.refusal(&operator, move_away.clone()).await, "permission.role");
    desk.run(by, move_away).await?;
    assert_eq!(desk.ra.user(&operator, &id).await.unwrap_err().code(), "session.over");
    let Method::Certificate(case) = operator.actor().method else { panic!("a certificate") };
    let certificate = desk.ra.certificate(by, &case).await?;
    let answer = desk::answer(&desk.ra, &*desk::key(103, &desk.rng)).await?;
    let operator = desk.ra.sign_in(&certificate, &answer).await?;
    assert_eq!(operator.actor().office, Some("other".parse()?));
    assert_eq!(desk.ra.user(&operator, &id).await.unwrap_err().code(), "permission.scope");
    bench.check().await
}

#[tokio::test]
async fn temporary_passwords_end_and_their_verifiers_are_erased() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let (id, temporary) = bench.user(10).await?;
    let verifier = desk.ra.user(&desk.operator, &id).await?.account.temporary().unwrap().verifier;
    desk.clock.advance(72 * 3600 + 31);
    assert_eq!(desk.ra.sweep().await?.accounts, [id]);
    assert_eq!(bench.journal().documents().get(&verifier).await?, None);
    refused(&desk.ra, "user-10", temporary.unwrap().expose_str().unwrap()).await?;
    assert_eq!(state(&bench, id).await?, AccountState::PasswordChangeRequired);
    let done = desk.run(&desk.operator, Command::IssueTemporaryPassword { user: id }).await?;
    let Outcome::Registered { temporary_password: Some(new), .. } = done else { panic!() };
    sign_in(&desk.ra, "user-10", &new).await?;
    bench.check().await
}

async fn possession(bench: &Bench, user: UserId, key: u32) -> Result<Possession> {
    let challenge = bench.desk.ra.challenge().await?;
    let signer = bench::user_key(key, &bench.desk.rng);
    let message = challenge.binding_bytes(&user);
    let signature = signer.sign(Message::Bytes(&message)).await?;
    Ok(Possession { challenge, signature })
}

async fn sign_in_by_certificate(
    bench: &Bench,
    case: CaseId,
    key: u32,
) -> std::result::Result<Session, &'static str> {
    let desk = &bench.desk;
    let certificate = desk.ra.certificate(&desk.administrator, &case).await.unwrap();
    let answer = desk::answer(&desk.ra, &*bench::user_key(key, &desk.rng)).await.unwrap();
    desk.ra.sign_in(&certificate, &answer).await.map_err(|error| error.code())
}

#[tokio::test]
async fn a_user_binds_a_certificate_by_its_key() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let (id, session) = user(&bench, 10).await?;
    let signer = bench::user_key(10, &desk.rng);
    let case = desk.issue(&desk.operator, id, "commercial", &signer).await?;
    let stranger = bench.active(11).await?;
    assert_eq!(sign_in_by_certificate(&bench, case, 10).await.unwrap_err(), "sign-in");

    let bind = |case, possession| Command::BindCertificate { user: id, case, possession };
    let foreign = possession(&bench, id, 11).await?;
    let code = desk.refusal(&session, bind(case, foreign.clone())).await;
    assert_eq!(code, "guard.possession-not-proven");
    let code = desk.refusal(&session, bind(stranger, foreign)).await;
    assert_eq!(code, "guard.certificate-not-usable", "another person's");
    let for_another = possession(&bench, UserId::new([9; 16]), 10).await?;
    let code = desk.refusal(&session, bind(case, for_another)).await;
    assert_eq!(code, "guard.possession-not-proven", "a proof is for one account");
    let answer = desk::answer(&desk.ra, &*signer).await?;
    let sign_in = Possession { challenge: answer.challenge, signature: answer.signature };
    let code = desk.refusal(&session, bind(case, sign_in)).await;
    assert_eq!(code, "guard.possession-not-proven", "a sign-in binds nothing");

    let proof = possession(&bench, id, 10).await?;
    desk.run(&session, bind(case, proof.clone())).await?;
    let code = desk.refusal(&session, bind(case, proof)).await;
    assert_eq!(code, "certificate.bound");
    let by_certificate = sign_in_by_certificate(&bench, case, 10).await?;
    assert_eq!(desk.ra.user(&by_certificate, &id).await?.account.bound(), [case]);

    // the password may be wrong as often as one likes: the certificate signs in
    for _ in 0..5 {
        refused(&desk.ra, "user-10", "wrong-1").await?;
    }
    sign_in_by_certificate(&bench, case, 10).await?;
    desk.run(&desk.operator, block(id)).await?;
    assert_eq!(sign_in_by_certificate(&bench, case, 10).await.unwrap_err(), "sign-in");
    desk.run(&desk.operator, unblock(id)).await?;
    desk.run(&desk.operator, Command::UnbindCertificate { user: id, case }).await?;
    assert_eq!(sign_in_by_certificate(&bench, case, 10).await.unwrap_err(), "sign-in");
    assert_eq!(desk.ra.user(&by_certificate, &id).await.unwrap_err().code(), "session.over");
    let again = Command::UnbindCertificate { user: id, case };
    assert_eq!(desk.refusal(&desk.operator, again).await, "not-found");
    bench.check().await
}

#[tokio::test]
async fn one_way_to_sign_in_remains() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    // one person, registered by themselves and for an organisation: the second one has no password
    let record = desk::people::staff(10, "user-10")?;
    let first = bench.active(10).await?;
    let mut form = RegistrationForm::from(&record.data);
    form.set(Field::Kind, "individual-entrepreneur".to_owned());
    form.set(Field::Ogrnip, "304500116000157".to_owned());
    let registration = Box::new(Register {
        role: Role::User,
        office: Some(desk.office.clone()),
        login: Login::from_typed("user-10-b")?,
        data: form.check()?,
        person_known: true,
    });
    let id = desk::command_id(&desk.rng);
    let user = UserId::made_by(&id);
    let possession = possession(&bench, user, 10).await?;
    let command = Command::RegisterByCertificate { registration, case: first, possession };
    let envelope = gost_ca::command::Envelope::new(id, command);
    let done = desk.ra.execute(&desk.operator, &envelope).await?;
    assert_eq!(done, Outcome::Registered { user, temporary_password: None });
    assert_eq!(state(&bench, user).await?, AccountState::Active);
    let session = sign_in_by_certificate(&bench, first, 10).await?;
    assert_eq!(session.actor().user, Some(user));

    let unbind = Command::UnbindCertificate { user, case: first };
    assert_eq!(desk.refusal(&session, unbind.clone()).await, "guard.last-sign-in-method");
    desk.run(&desk.operator, reset(user)).await?;
    desk.run(&desk.operator, unbind).await?;
    bench.check().await
}

fn archive(user: UserId, termination: Option<Termination>) -> Command {
    Command::ArchiveUser { user, reason: "№ 3".to_owned(), termination }
}

fn erase(user: UserId) -> Command {
    Command::EraseUser { user, reason: "№ 4".to_owned() }
}

#[tokio::test]
async fn an_account_is_archived_with_its_certificates() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let (id, session) = user(&bench, 10).await?;
    let signer = bench::user_key(10, &desk.rng);
    let active = desk.issue(&desk.operator, id, "commercial", &signer).await?;
    let create = bench::create(desk, id);
    let Outcome::RequestCreated { case: draft } = desk.run(&desk.operator, create).await? else {
        panic!("a draft")
    };
    let by = &desk.administrator;
    assert_eq!(desk.refusal(&desk.operator, archive(id, None)).await, "permission.role");
    assert_eq!(desk.refusal(by, archive(id, None)).await, "guard.requests-pending");
    desk.run(&desk.operator, Command::Cancel { case: draft }).await?;
    assert_eq!(desk.refusal(by, archive(id, None)).await, "guard.certificates-in-force");
    let (reason, ground) = (Reason::CessationOfOperation, bench::ground());
    let termination = Some(Termination { reason, ground });
    let envelope = desk.envelope(archive(id, termination));
    desk.ra.execute(by, &envelope).await?;
    let again = desk.ra.execute(by, &envelope).await?;
    assert_eq!(again, Outcome::AlreadyDone(Box::new(Outcome::Done)));
    assert_eq!(state(&bench, id).await?, AccountState::Archived);
    assert_eq!(bench.case(active).await?.state(), CaseState::Revoked, "in the same commit");
    assert_eq!(desk.ra.user(&session, &id).await.unwrap_err().code(), "session.over");
    refused(&desk.ra, "user-10", OWN_PASSWORD).await?;
    assert_eq!(desk.refusal(by, unblock(id)).await, "state");

    // the certificate is in the register: the data is kept, and the refusal says why
    assert_eq!(desk.refusal(by, erase(id)).await, "guard.register-duty");

    // the person may come back, under another login
    assert_eq!(
        desk.refusal(&desk.operator, bench::register(desk, 10)?).await,
        "registration.login-taken"
    );
    let Command::Register(mut again) = bench::register(desk, 10)? else { panic!() };
    again.login = Login::from_typed("user-10-again")?;
    desk.run(&desk.operator, Command::Register(again)).await?;
    bench.check().await
}

#[tokio::test]
async fn personal_data_is_erased_and_the_audit_is_whole() -> Result<()> {
    for interrupted in [false, true] {
        let bench = Bench::open().await?;
        let desk = &bench.desk;
        let case = bench.built(10).await?;
        let id = bench.case(case).await?.begun().user;
        let by = &desk.administrator;
        let request = bench.case(case).await?.request().unwrap().document;
        let card = desk.ra.user(by, &id).await?;
        let (version, verifier) =
            (*card.account.registration(), card.account.temporary().unwrap().verifier);
        let second = bench.desk.second_administrator().await?;
        assert_eq!(desk.refusal(by, erase(id)).await, "state", "archived first");
        desk.run(&desk.operator, Command::Cancel { case }).await?;
        desk.run(by, archive(id, None)).await?;
        assert_eq!(desk.refusal(&desk.operator, erase(id)).await, "permission.role");
        let asked = desk.run(by, erase(id)).await?;
        let Outcome::ApprovalRequested { approval } = asked else { panic!("{asked:?}") };
        let envelope = desk.envelope(Command::Approve { approval, comment: String::new() });
        let (_, by) = &second;
        if interrupted {
            // the entry is written, and then the directory is out of reach
            let directory = Arc::new(OutOfReach(desk.ra.providers().directory.clone()));
            let mut providers = desk.ra.providers().clone();
            providers.directory = directory;
            let ra = RegistrationAuthority::new(providers, desk::settings());
            let error = ra.execute(by, &envelope).await.unwrap_err();
            assert_eq!(error.code(), "provider.unavailable");
            assert!(desk.ra.providers().directory.get(&id, &version).await?.is_some());
            assert_eq!(desk.ra.sweep().await?.accounts, [id], "the next sweep does it");
        } else {
            desk.ra.execute(by, &envelope).await?;
        }
        assert_eq!(desk.ra.providers().directory.get(&id, &version).await?, None);
        for document in [request, verifier] {
            assert_eq!(bench.journal().documents().get(&document).await?, None);
        }
        assert_eq!(desk.ra.sweep().await?.accounts, [], "once");
        let events = bench.events(StreamId::Account(id), 1).await?;
        assert_eq!(events, ["user.archived", "user.erased", "user.erasure_finished"]);
        bench.check().await?;
        let directory = desk.ra.providers().directory.clone();
        let inspection = Inspection::new(bench.journal(), &GostVerifier, [7; 32]);
        let report = inspection.with_directory(&*directory).run().await?;
        assert!(report.is_whole(), "{:?}", report.findings);
    }
    Ok(())
}

/// A directory that erases nothing.
#[derive(Debug)]
struct OutOfReach(Arc<dyn UserDirectory>);

#[async_trait::async_trait]
impl UserDirectory for OutOfReach {
    async fn put(&self, user: &UserId, version: &SealedRecord) -> Provided<()> {
        self.0.put(user, version).await
    }

    async fn get(&self, user: &UserId, version: &Commitment) -> Provided<Option<SealedRecord>> {
        self.0.get(user, version).await
    }

    async fn search(&self, filter: &UserFilter, page: &Page) -> Provided<FoundUsers> {
        self.0.search(filter, page).await
    }

    async fn erase(&self, _: &UserId) -> Provided<()> {
        Err(ErrorKind::Unavailable.at("test"))
    }
}
