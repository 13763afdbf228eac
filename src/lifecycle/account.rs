//! Accounts: the table and the fold.

use jiff::Timestamp;

use super::case::BrokenHistory;
use super::{Act, AllowedAction, Guard, Refusal, Row, permission};
use crate::commitment::Commitment;
use crate::entry::{Actor, Entry};
use crate::fact::{AccountFact, TemporaryPassword};
use crate::id::{OfficeId, UserId};
use crate::view::AccountState::{self, Active, PasswordChangeRequired};
use crate::view::{AccountView, Role};

/// Every transition of an account; what is not here is forbidden.
pub const ROWS: &[Row<AccountState>] = &[
    Row {
        id: "U2",
        act: Act::Register,
        from: &[],
        to: Some(PasswordChangeRequired),
        actors: &[Role::Administrator, Role::Operator],
        guards: &[],
        event: "user.registered",
    },
    Row {
        id: "U3",
        act: Act::Register,
        from: &[],
        to: Some(Active),
        actors: &[Role::Administrator, Role::System],
        guards: &[],
        event: "user.registered",
    },
    Row {
        id: "U4",
        act: Act::ChangePassword,
        from: &[PasswordChangeRequired],
        to: Some(Active),
        actors: &[Role::User],
        guards: &[Guard::PasswordInForce],
        event: "user.password_changed",
    },
    Row {
        id: "U5",
        act: Act::IssueTemporaryPassword,
        from: &[PasswordChangeRequired],
        to: Some(PasswordChangeRequired),
        actors: &[Role::Administrator, Role::Operator],
        guards: &[Guard::PasswordUsed],
        event: "user.temp_password_issued",
    },
    Row {
        id: "U11",
        act: Act::EditData,
        from: &[PasswordChangeRequired, Active],
        to: None,
        actors: &[Role::Administrator, Role::Operator],
        guards: &[],
        event: "user.data_changed",
    },
    Row {
        id: "V8",
        act: Act::Print,
        from: &[PasswordChangeRequired, Active],
        to: None,
        actors: &[Role::Administrator, Role::Operator, Role::User],
        guards: &[],
        event: "user.form_printed",
    },
];

/// One account so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    user: UserId,
    length: u64,
    state: AccountState,
    role: Role,
    office: Option<OfficeId>,
    registration: Commitment,
    versions: u32,
    temporary: Option<TemporaryPassword>,
    password: Option<Commitment>,
    spent: Vec<Commitment>,
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
        let AccountFact::Registered { role, office, registration, password } = &entry.fact else {
            return Err(BrokenHistory { event: entry.fact.event() });
        };
        Ok(Self {
            user,
            length: 1,
            state: if password.is_some() { PasswordChangeRequired } else { Active },
            role: *role,
            office: office.clone(),
            registration: *registration,
            versions: 1,
            temporary: *password,
            password: None,
            spent: Vec::new(),
            created: entry.at,
        })
    }

    /// Applies one more entry.
    ///
    /// # Errors
    /// [`BrokenHistory`] where its fact does not follow from the state.
    pub fn apply(&mut self, entry: &Entry<AccountFact>) -> Result<(), BrokenHistory> {
        let event = entry.fact.event();
        let row = ROWS.iter().find(|row| row.event == event && row.from.contains(&self.state));
        let row = row.ok_or(BrokenHistory { event })?;
        self.state = row.to.unwrap_or(self.state);
        self.length = self.length.saturating_add(1);
        match &entry.fact {
            AccountFact::Registered { .. } => return Err(BrokenHistory { event }),
            AccountFact::TemporaryPasswordIssued { password } => {
                self.spent.extend(self.temporary.replace(*password).map(|old| old.verifier));
            }
            AccountFact::PasswordChanged { password } => {
                self.spent.extend(self.temporary.take().map(|old| old.verifier));
                self.password = Some(*password);
            }
            AccountFact::DataChanged { registration, .. } => {
                self.registration = *registration;
                self.versions = self.versions.saturating_add(1);
            }
            AccountFact::FormPrinted { .. } => {}
        }
        Ok(())
    }

    /// Whether this may happen now: the table, the permission, the guards.
    ///
    /// # Errors
    /// The [`Refusal`] that names what forbids it.
    pub fn admits(&self, actor: &Actor, act: Act, now: Timestamp) -> Result<(), Refusal> {
        permission::permits(actor, act, self.office.as_ref(), Some((&self.user, self.role)))?;
        let row = ROWS.iter().find(|row| row.act == act && row.from.contains(&self.state));
        let row = row.ok_or(Refusal::State { act, state: self.state.name() })?;
        if !row.actors.contains(&actor.role) {
            return Err(Refusal::Role { act, role: actor.role });
        }
        match row.guards.iter().find(|guard| !self.keeps(**guard, now)) {
            Some(guard) => Err(Refusal::Guard(*guard)),
            None => Ok(()),
        }
    }

    /// Every act on an account, with the reason for each that is not allowed.
    pub fn allowed_actions(&self, actor: &Actor, now: Timestamp) -> Vec<AllowedAction> {
        [Act::ChangePassword, Act::IssueTemporaryPassword, Act::EditData, Act::Print]
            .into_iter()
            .map(|act| AllowedAction { act, refusal: self.admits(actor, act, now).err() })
            .collect()
    }

    fn keeps(&self, guard: Guard, now: Timestamp) -> bool {
        match guard {
            Guard::PasswordInForce => self.temporary.is_some_and(|password| now < password.until),
            Guard::PasswordUsed => self.temporary.is_some() || self.password.is_some(),
            _ => true, // of certificates
        }
    }

    /// Whose.
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// How many entries were folded.
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Its state.
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

    /// The document with the verifier of the person's own password.
    pub const fn password(&self) -> Option<&Commitment> {
        self.password.as_ref()
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
            registration: Some(self.registration),
            created: self.created,
            due: None,
        }
    }
}
