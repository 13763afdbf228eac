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

#[path = "../support/authorities.rs"]
mod authorities;
#[path = "../support/bench.rs"]
mod bench;
mod binding;
mod blocks;
#[path = "../support/desk.rs"]
mod desk;
#[path = "../support/doubles.rs"]
mod doubles;
mod ends;
mod passwords;
mod table;

use bench::{Bench, OWN_PASSWORD};
use desk::Result;

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
