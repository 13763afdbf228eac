//! What must hold of an account besides state and role.

use jiff::Timestamp;

use super::Account;
use crate::entry::Actor;
use crate::lifecycle::Guard;
use crate::view::Role;

/// What guards look at that an account's own entries do not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Circumstances {
    /// The time.
    pub now: Timestamp,
    /// How many administrators may sign in, as far as their accounts go.
    pub administrators: usize,
    /// How many of the certificates that sign the account in are in force.
    pub bound: usize,
    /// How many of the person's certificates are in force or on hold.
    pub in_force: usize,
    /// How many of their requests are under way.
    pub pending: usize,
    /// How many of their certificates the register must keep.
    pub registered: usize,
}

impl Circumstances {
    /// At a time, among so many administrators.
    pub const fn new(now: Timestamp, administrators: usize) -> Self {
        Self { now, administrators, bound: 0, in_force: 0, pending: 0, registered: 0 }
    }

    /// With so many bound certificates in force.
    #[must_use]
    pub const fn with_bound(mut self, bound: usize) -> Self {
        self.bound = bound;
        self
    }
}

impl Account {
    /// Whether a guard holds for this actor now.
    pub(super) fn keeps(&self, guard: Guard, actor: &Actor, around: &Circumstances) -> bool {
        let now = around.now;
        match guard {
            Guard::PasswordInForce => self.has_password(now),
            // one of them is about to go
            Guard::MethodRemains => self.has_password(now) || around.bound > 1,
            Guard::User => self.role == Role::User,
            Guard::NoCertificates => around.in_force == 0,
            Guard::NoRequests => around.pending == 0,
            Guard::NoRegisterDuty => around.registered == 0,
            Guard::PasswordUsed => self.role == Role::User,
            Guard::TermOver => {
                let ends = self.draft.map(|(_, ends)| ends);
                ends.or(self.temporary.map(|open| open.until)).is_some_and(|end| end <= now)
            }
            Guard::NotOneself => !actor.is(&self.user),
            Guard::NotLastAdministrator => {
                self.role != Role::Administrator || around.administrators > 1
            }
            Guard::BlockWithinReach => {
                actor.role == Role::Administrator || self.blocked_by != Some(Role::Administrator)
            }
            Guard::Staff => self.role != Role::User,
            _ => true, // of certificates, or of the command alone
        }
    }

    fn has_password(&self, now: Timestamp) -> bool {
        self.password.is_some() || self.temporary.is_some_and(|open| now < open.until)
    }
}
