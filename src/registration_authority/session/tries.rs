//! Signing in by password, and what becomes of wrong ones (U7).
//!
//! A login has so many tries in a window. One is taken, durably, *before* a password is compared, so that
//! no number of callers at once, of processes or of restarts gives more. Tries and locks are unique keys
//! with a term under the login's keyed hash: they end by themselves, no stream is touched by a knock, and a
//! login that is nobody's is treated like any other: the same commits, the same hashing, the same answer.

use core::fmt;
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};

use super::super::{RegistrationAuthority, SYSTEM};
use super::Session;
use crate::entry::{Entry, Method, VERSION};
use crate::error::Error;
use crate::fact::AccountFact;
use crate::id::{CommandId, UserId};
use crate::lifecycle::{Account, Act, Refusal};
use crate::provider::journal::{
    Batch, Change, Claim, CommandMark, Expected, Holder, StreamId, UniqueKey,
};
use crate::provider::{Conflict, ErrorKind, PasswordHash};
use crate::registration::Login;
use crate::secret::Secret;
use crate::view::{AccountState, View};

/// How many wrong passwords are too many, and what then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lockout {
    /// So many tries a login has in a [window](Self::window); at least one.
    pub tries: u8,
    /// How long a wrong password counts.
    pub window: SignedDuration,
    /// How long a lock lasts.
    pub term: SignedDuration,
}

impl Default for Lockout {
    /// Five in a quarter of an hour, then none for half an hour (U10).
    fn default() -> Self {
        Self {
            tries: 5,
            window: SignedDuration::from_mins(15),
            term: SignedDuration::from_mins(30),
        }
    }
}

/// A verifier that fits no password: it is compared with where there is no other.
#[derive(Default)]
pub(in super::super) struct Dummy(Mutex<Option<Arc<PasswordHash>>>);

impl fmt::Debug for Dummy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dummy(..)")
    }
}

/// What a knock gets.
enum Try {
    /// One of the tries; the last one, or not.
    Taken { last: bool },
    /// There is none left, or the login is locked.
    None,
}

impl RegistrationAuthority {
    /// Signs a user in by login and password, the temporary one included.
    ///
    /// Whether the login exists, is locked or blocked, or the password is wrong is not told, nor to be told
    /// from the time it takes.
    ///
    /// # Errors
    /// [`Refusal::SignIn`], whatever does not fit.
    pub async fn sign_in_by_password(
        &self,
        login: &Login,
        password: &Secret,
    ) -> Result<Session, Error> {
        let now = self.now();
        let dummy = self.dummy().await?;
        let attempt = self.take_try(login, now).await?;
        let known = self.account_by_login(login, now).await?;
        let account = known.as_ref().filter(|account| {
            matches!(attempt, Try::Taken { .. }) && takes_passwords(account, now)
        });
        let fits = self.compare(account, password, (now, &dummy)).await?;
        if let Some(account) = account.filter(|_| fits) {
            let session = Session::of(account, Method::Password, None, now);
            let forgiven = self.forgiven_login(login).await?;
            self.record_sign_in(&session, forgiven, now).await?;
            return Ok(session);
        }
        if let Try::Taken { last: true } = attempt {
            self.lock(login, known.as_ref(), now).await?;
        }
        let user = known.as_ref().map(Account::user);
        self.count_wrong_password(user, Refusal::SignIn.code(), now);
        Err(Refusal::SignIn.into())
    }

    /// Takes one of the login's tries, if there is one.
    async fn take_try(&self, login: &Login, now: Timestamp) -> Result<Try, Error> {
        let (claims, journal) = (self.claim_key().await?, &self.providers.journal);
        let mut free = Vec::new();
        for number in 0..self.settings.lockout.tries.max(1) {
            let key = claims.sign_in_try(login, number);
            if journal.holder(&key, now).await?.is_none() {
                free.push(key);
            }
        }
        if journal.holder(&claims.sign_in_lock(login), now).await?.is_some() {
            free.clear();
        }
        let until = now.checked_add(self.settings.lockout.window).unwrap_or(Timestamp::MAX);
        let mut left = free.len();
        for key in free {
            if self.commit_claims(vec![self.take(key, until)?], Vec::new(), now).await? {
                return Ok(Try::Taken { last: left == 1 });
            }
            left = left.saturating_sub(1); // another caller was faster
        }
        // a knock in vain writes as much as any other
        let spare = self.take(claims.sign_in_try(login, u8::MAX), now)?;
        self.commit_claims(vec![spare], Vec::new(), now).await?;
        Ok(Try::None)
    }

    fn take(&self, key: UniqueKey, until: Timestamp) -> Result<Claim, Error> {
        Ok(Claim::Take { key, holder: Holder(self.random()?), until: Some(until) })
    }

    /// Locks the login; where it is somebody's, their account says so.
    async fn lock(
        &self,
        login: &Login,
        account: Option<&Account>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let until = now.checked_add(self.settings.lockout.term).unwrap_or(Timestamp::MAX);
        let key = self.claim_key().await?.sign_in_lock(login);
        let mut account = account.cloned();
        for _ in 0..PATIENCE {
            let mut claims = self.forgiven_login(login).await?;
            claims.retain(|claim| *claim != Claim::Release { key });
            claims.push(self.take(key, until)?);
            let change = account.as_ref().map(|account| locked(account, until, now));
            let changes = change.transpose()?.flatten().into_iter().collect();
            if self.commit_claims(claims, changes, now).await? {
                return Ok(());
            }
            // the account changed meanwhile, or somebody else locked it
            if let Some(known) = &account {
                account = Some(self.load_account(&known.user()).await?);
            }
            if self.providers.journal.holder(&key, now).await?.is_some() {
                return Ok(());
            }
        }
        let lock = vec![self.take(key, until)?];
        self.commit_claims(lock, Vec::new(), now).await.map(drop)
    }

    /// Commits what nobody's command asked for; `false` where somebody else was faster.
    async fn commit_claims(
        &self,
        claims: Vec<Claim>,
        changes: Vec<Change>,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let command = CommandMark { id: CommandId::new(self.random()?), digest: [0; 32] };
        let (documents, outcome) = (Vec::new(), Vec::new());
        let batch = Batch { command, at, changes, claims, documents, outcome };
        match self.providers.journal.commit(&batch).await {
            Ok(_) => Ok(true),
            Err(error) => match error.kind() {
                ErrorKind::Conflict(Conflict::Taken { .. } | Conflict::Stream { .. }) => Ok(false),
                _ => Err(error.into()),
            },
        }
    }

    /// Gives back all tries of an account's login, and ends its lock.
    pub(in super::super) async fn forgiven(&self, account: &Account) -> Result<Vec<Claim>, Error> {
        let record = self.user_record(&account.user(), account.registration()).await?;
        self.forgiven_login(&record.login).await
    }

    async fn forgiven_login(&self, login: &Login) -> Result<Vec<Claim>, Error> {
        let claims = self.claim_key().await?;
        let tries = 0..self.settings.lockout.tries.max(1);
        let keys = tries.map(|number| claims.sign_in_try(login, number));
        let keys = keys.chain([claims.sign_in_lock(login)]);
        Ok(keys.map(|key| Claim::Release { key }).collect())
    }

    pub(in super::super) async fn account_by_login(
        &self,
        login: &Login,
        now: Timestamp,
    ) -> Result<Option<Account>, Error> {
        let key = self.claim_key().await?.login(login);
        match self.providers.journal.holder(&key, now).await? {
            Some(Holder(user)) => self.load_account(&UserId::new(user)).await.map(Some),
            None => Ok(None),
        }
    }

    /// Compares a password with the account's; where there is none, it takes as long.
    pub(in super::super) async fn password_fits(
        &self,
        account: Option<&Account>,
        password: &Secret,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let dummy = self.dummy().await?;
        self.compare(account, password, (now, &dummy)).await
    }

    async fn compare(
        &self,
        account: Option<&Account>,
        password: &Secret,
        (now, dummy): (Timestamp, &PasswordHash),
    ) -> Result<bool, Error> {
        let hasher = &self.providers.password_hasher;
        let verifier = account.and_then(|account| match account.temporary() {
            Some(temporary) => Some((temporary.verifier, now < temporary.until)),
            None => account.password().map(|password| (*password, true)),
        });
        let Some((verifier, in_force)) = verifier else {
            hasher.verify(password, dummy).await?;
            return Ok(false);
        };
        let document = self.document(&verifier).await?;
        let phc = core::str::from_utf8(document.bytes())
            .map_err(|error| Error::Damaged(error.to_string()))?;
        let fits = hasher.verify(password, &PasswordHash::new(phc)).await?;
        Ok(fits && in_force)
    }

    /// The verifier that fits nothing, made once.
    async fn dummy(&self) -> Result<Arc<PasswordHash>, Error> {
        if let Some(dummy) = self.dummy.0.lock().ok().and_then(|dummy| dummy.clone()) {
            return Ok(dummy);
        }
        let password = Secret::new(self.random::<32>()?);
        let dummy = self.providers.password_hasher.hash(&password, &self.random()?).await?;
        let dummy = Arc::new(dummy);
        if let Ok(mut known) = self.dummy.0.lock() {
            *known = Some(Arc::clone(&dummy));
        }
        Ok(dummy)
    }
}

fn takes_passwords(account: &Account, now: Timestamp) -> bool {
    matches!(account.state_at(now), AccountState::PasswordChangeRequired | AccountState::Active)
}

/// U7, by the engine; none where the account is locked or blocked already.
fn locked(account: &Account, until: Timestamp, now: Timestamp) -> Result<Option<Change>, Error> {
    let around = crate::lifecycle::account::Circumstances::new(now, 0);
    if account.admits(SYSTEM, Act::Lock, &around).is_err() {
        return Ok(None);
    }
    let (actor, command) = (SYSTEM.clone(), CommandId::new([0; 16]));
    let fact = AccountFact::Locked { until };
    let entry = Entry { version: VERSION, at: now, effective: now, actor, command, fact };
    let mut after = account.clone();
    after.apply(&entry)?;
    Ok(Some(Change {
        stream: StreamId::Account(account.user()),
        expected: Expected::Exactly(account.length()),
        entries: vec![entry.encode()],
        views: vec![View::Account(after.view())],
    }))
}

/// How often a lock is tried to be recorded with its account; after that, the lock alone is.
const PATIENCE: usize = 5;
