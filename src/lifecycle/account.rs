//! Accounts: the table and the fold.

mod guards;
mod rows;

use jiff::Timestamp;

pub use guards::Circumstances;
pub use rows::ROWS;

use super::case::BrokenHistory;
use super::{Act, AllowedAction, Refusal, Row, permission};
use crate::commitment::Commitment;
use crate::entry::{Actor, Entry};
use crate::fact::{AccountFact, TemporaryPassword};
use crate::id::{CaseId, CommandId, OfficeId, UserId};
use crate::view::AccountState::{
    self, Active, Archived, Blocked, Draft, Erased, PasswordChangeRequired, TemporarilyLocked,
};
use crate::view::{AccountView, Role};

/// One account so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    user: UserId,
    length: u64,
    state: AccountState,
    /// What a lock or a block covers.
    beneath: AccountState,
    role: Role,
    office: Option<OfficeId>,
    registration: Commitment,
    versions: u32,
    temporary: Option<TemporaryPassword>,
    password: Option<Commitment>,
    spent: Vec<Commitment>,
    locked_until: Option<Timestamp>,
    blocked_by: Option<Role>,
    closed: Option<(u64, CommandId)>,
    bound: Vec<CaseId>,
    phrase: Option<Commitment>,
    draft: Option<(Commitment, Timestamp)>,
    to_erase: Option<Timestamp>,
    created: Timestamp,
}

impl Account {
    /// Folds entries from the first one on; `None` where there are none.
    ///
    /// # Errors
    /// [`BrokenHistory`] where a fact does not follow from the state before it.
    pub fn fold(
        user: UserId,
        entries: &[Entry<AccountFact>],
    ) -> Result<Option<Self>, BrokenHistory> {
        let Some((first, rest)) = entries.split_first() else { return Ok(None) };
        let mut account = Self::begin(user, first)?;
        rest.iter().try_for_each(|entry| account.apply(entry))?;
        Ok(Some(account))
    }

    /// Begins an account by its first entry.
    ///
    /// # Errors
    /// [`BrokenHistory`] where the entry begins nothing.
    pub fn begin(user: UserId, entry: &Entry<AccountFact>) -> Result<Self, BrokenHistory> {
        let mut account = match &entry.fact {
            AccountFact::DraftCreated { office, draft, ends } => {
                let office = Some(office.clone());
                let blank = Self::blank(user, entry.at, (Draft, Role::User, office, *draft));
                Self { draft: Some((*draft, *ends)), ..blank }
            }
            AccountFact::Registered { role, office, registration, password, .. } => {
                let state = if password.is_some() { PasswordChangeRequired } else { Active };
                Self::blank(user, entry.at, (state, *role, office.clone(), *registration))
            }
            other => return Err(BrokenHistory { event: other.event() }),
        };
        account.absorb(entry);
        Ok(account)
    }

    fn blank(
        user: UserId,
        created: Timestamp,
        (state, role, office, registration): (AccountState, Role, Option<OfficeId>, Commitment),
    ) -> Self {
        Self {
            user,
            length: 1,
            state,
            beneath: state,
            role,
            office,
            registration,
            versions: 0,
            temporary: None,
            password: None,
            spent: Vec::new(),
            locked_until: None,
            blocked_by: None,
            closed: None,
            bound: Vec::new(),
            phrase: None,
            draft: None,
            to_erase: None,
            created,
        }
    }

    /// Applies one more entry.
    ///
    /// # Errors
    /// [`BrokenHistory`] where its fact does not follow from the state.
    pub fn apply(&mut self, entry: &Entry<AccountFact>) -> Result<(), BrokenHistory> {
        let event = entry.fact.event();
        // what a lock's own end follows is the lock
        let from = match entry.fact {
            AccountFact::Unlocked => self.state,
            _ => self.state_at(entry.at),
        };
        let row = self.rows(from).find(|row| row.event == event).ok_or(BrokenHistory { event })?;
        self.state = row.to.unwrap_or(from);
        self.length = self.length.saturating_add(1);
        if self.state != TemporarilyLocked {
            self.locked_until = None;
        }
        self.absorb(entry);
        Ok(())
    }

    /// The rows from a state; of those that end a lock or a block, the one that leads to what it covers.
    fn rows(&self, from: AccountState) -> impl Iterator<Item = &'static Row<AccountState>> {
        let beneath = self.beneath;
        ROWS.iter().filter(move |row| {
            let ends = matches!(row.act, Act::Unlock | Act::Unblock);
            row.from.contains(&from) && (!ends || row.to == Some(beneath))
        })
    }

    #[expect(clippy::too_many_lines, reason = "one arm per kind")]
    fn absorb(&mut self, entry: &Entry<AccountFact>) {
        match &entry.fact {
            AccountFact::TemporaryPasswordIssued { password } => self.open_temporary(*password),
            AccountFact::TemporaryPasswordExpired => self.spend_temporary(),
            AccountFact::PasswordReset { password, .. } => {
                self.open_temporary(*password);
                self.spent.extend(self.password.take());
                self.beneath = PasswordChangeRequired;
                self.close_sessions(entry);
            }
            AccountFact::PasswordChanged { password } => {
                self.spend_temporary();
                self.spent.extend(self.password.replace(*password));
                self.beneath = Active;
                self.close_sessions(entry);
            }
            AccountFact::CertificateBound { case } => self.bound.push(*case),
            AccountFact::CertificateUnbound { case } => {
                self.bound.retain(|bound| bound != case);
                self.close_sessions(entry);
            }
            AccountFact::Locked { until } => self.locked_until = Some(*until),
            AccountFact::Blocked { .. } => {
                self.blocked_by = Some(entry.actor.role);
                self.close_sessions(entry);
            }
            AccountFact::Unblocked { .. } => self.blocked_by = None,
            AccountFact::Archived { .. } => {
                self.spend_temporary();
                self.spent.extend(self.password.take());
                self.bound.clear();
                self.close_sessions(entry);
            }
            AccountFact::DraftSaved { draft } => {
                self.draft = self.draft.map(|(_, ends)| (*draft, ends));
            }
            AccountFact::DraftEnded => {
                self.draft = None;
                self.to_erase = Some(entry.at);
            }
            AccountFact::Registered { role, office, registration, password, certificate } => {
                (self.role, self.registration, self.versions) = (*role, *registration, 1);
                self.office.clone_from(office);
                self.temporary = *password;
                self.bound.extend(certificate);
                self.beneath = self.state;
                self.to_erase = self.draft.take().map(|_| entry.at);
            }
            AccountFact::Erased { .. } => self.to_erase = Some(entry.at),
            AccountFact::ErasureFinished | AccountFact::DraftErased => self.to_erase = None,
            AccountFact::RoleChanged { role, office } => {
                self.role = *role;
                self.office.clone_from(office);
                self.close_sessions(entry);
            }
            AccountFact::CodePhraseSet { phrase } => self.phrase = Some(*phrase),
            AccountFact::DataChanged { registration, .. } => {
                self.registration = *registration;
                self.versions = self.versions.saturating_add(1);
            }
            AccountFact::DraftCreated { .. }
            | AccountFact::Unlocked
            | AccountFact::FormPrinted { .. }
            | AccountFact::ScanAttached { .. }
            | AccountFact::ApplicantChecked { .. } => {}
        }
    }

    fn open_temporary(&mut self, password: TemporaryPassword) {
        self.spent.extend(self.temporary.replace(password).map(|old| old.verifier));
    }

    fn spend_temporary(&mut self) {
        self.spent.extend(self.temporary.take().map(|old| old.verifier));
    }

    fn close_sessions(&mut self, entry: &Entry<AccountFact>) {
        self.closed = Some((self.length, entry.command));
    }

    /// Whether this may happen now: the table, the permission, the guards.
    ///
    /// # Errors
    /// The [`Refusal`] that names what forbids it.
    pub fn admits(&self, actor: &Actor, act: Act, around: &Circumstances) -> Result<(), Refusal> {
        permission::permits(actor, act, self.office.as_ref(), Some((&self.user, self.role)))?;
        let state = self.state_at(around.now);
        // the end of a lock is recorded when it is over already
        let from = if act == Act::Unlock { self.state } else { state };
        let row = self.rows(from).find(|row| row.act == act);
        let row = row.ok_or(Refusal::State { act, state: state.name() })?;
        if !row.actors.contains(&actor.role) {
            return Err(Refusal::Role { act, role: actor.role });
        }
        match row.guards.iter().find(|guard| !self.keeps(**guard, actor, around)) {
            Some(guard) => Err(Refusal::Guard(*guard)),
            None => Ok(()),
        }
    }

    /// Every act on an account, with the reason for each that is not allowed.
    pub fn allowed_actions(&self, actor: &Actor, around: &Circumstances) -> Vec<AllowedAction> {
        let mut acts: Vec<Act> =
            ROWS.iter().filter(|row| !row.from.is_empty()).map(|row| row.act).collect();
        acts.sort_unstable();
        acts.dedup();
        let answer = |act| AllowedAction { act, refusal: self.admits(actor, act, around).err() };
        acts.into_iter().map(answer).collect()
    }

    /// The state at a time: a lock ends by itself.
    pub fn state_at(&self, now: Timestamp) -> AccountState {
        let over = self.locked_until.is_some_and(|until| until <= now);
        if self.state == TemporarilyLocked && over { self.beneath } else { self.state }
    }

    /// Whether its owner may have certificates issued.
    ///
    /// # Errors
    /// [`Refusal::Owner`] names the state that forbids it; a lock after wrong passwords does not.
    pub fn check_in_use(&self) -> Result<(), Refusal> {
        match self.state {
            PasswordChangeRequired | Active | TemporarilyLocked => Ok(()),
            Draft | Blocked | Archived | Erased => Err(Refusal::Owner(self.state.name())),
        }
    }

    /// Whether its owner may sign in, by a certificate at least.
    pub fn lets_in(&self) -> bool {
        self.check_in_use().is_ok()
    }

    /// Whether that is its registration data now, and it is not out of use for good.
    pub fn is_registered_as(&self, version: &Commitment) -> bool {
        !matches!(self.state, Draft | Archived | Erased) && self.registration == *version
    }

    /// The version of the incomplete registration in the directory, and until when it may be completed.
    pub const fn draft(&self) -> Option<&(Commitment, Timestamp)> {
        self.draft.as_ref()
    }

    /// Since when its personal data is to be erased, and is not known to be.
    pub const fn to_erase(&self) -> Option<Timestamp> {
        self.to_erase
    }

    /// Whether the temporary password must be changed before anything else.
    pub fn must_change_password(&self) -> bool {
        self.beneath == PasswordChangeRequired
    }

    /// Whether a session is closed that began when the account had so many entries.
    ///
    /// The command that closed it excuses its own session: a person who changes the password goes on.
    pub fn has_closed(&self, since: u64, own: Option<&CommandId>) -> bool {
        self.closed.as_ref().is_some_and(|(length, by)| since < *length && Some(by) != own)
    }

    /// Whose.
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// How many entries were folded.
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Its state, as it was last recorded; see [`state_at`](Self::state_at).
    pub const fn state(&self) -> AccountState {
        self.state
    }

    /// What the person may be.
    pub const fn role(&self) -> Role {
        self.role
    }

    /// The person's registration point.
    pub const fn office(&self) -> Option<&OfficeId> {
        self.office.as_ref()
    }

    /// The current version of the registration data.
    pub const fn registration(&self) -> &Commitment {
        &self.registration
    }

    /// How many versions of the registration data there were.
    pub const fn versions(&self) -> u32 {
        self.versions
    }

    /// The temporary password, until it is changed.
    pub const fn temporary(&self) -> Option<&TemporaryPassword> {
        self.temporary.as_ref()
    }

    /// The certificates that sign a user in, in force or not; staff have theirs by their profile.
    pub fn bound(&self) -> &[CaseId] {
        &self.bound
    }

    /// Until when wrong passwords lock it, as it was last recorded.
    pub const fn locked_until(&self) -> Option<Timestamp> {
        self.locked_until
    }

    /// The document with the verifier of the person's own password.
    pub const fn password(&self) -> Option<&Commitment> {
        self.password.as_ref()
    }

    /// The document with the verifier of the code phrase.
    pub const fn phrase(&self) -> Option<&Commitment> {
        self.phrase.as_ref()
    }

    /// The documents with verifiers of temporary passwords that open nothing any more.
    pub fn spent(&self) -> &[Commitment] {
        &self.spent
    }

    /// The row of the list of accounts.
    pub fn view(&self) -> AccountView {
        AccountView {
            user: self.user,
            role: self.role,
            office: self.office.clone(),
            state: self.state,
            registration: (self.state != Draft).then_some(self.registration),
            created: self.created,
            due: self.due(),
        }
    }

    /// When the engine must look: the end of a lock, a temporary password or a draft; an erasure.
    fn due(&self) -> Option<Timestamp> {
        let temporary = self.temporary.map(|password| password.until);
        let draft = self.draft.map(|(_, ends)| ends);
        self.locked_until.into_iter().chain(temporary).chain(draft).chain(self.to_erase).min()
    }
}
