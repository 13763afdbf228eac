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
}

impl Circumstances {
    /// At a time, among so many administrators.
    pub const fn new(now: Timestamp, administrators: usize) -> Self {
        Self { now, administrators }
    }
}

impl Account {
    /// Whether a guard holds for this actor now.
    pub(super) fn keeps(&self, guard: Guard, actor: &Actor, around: &Circumstances) -> bool {
        let now = around.now;
        match guard {
            Guard::PasswordInForce => {
                self.password.is_some() || self.temporary.is_some_and(|open| now < open.until)
            }
            Guard::PasswordUsed => self.role == Role::User,
            Guard::TermOver => self.temporary.is_some_and(|password| password.until <= now),
            Guard::NotOneself => !actor.is(&self.user),
            Guard::NotLastAdministrator => {
                self.role != Role::Administrator || around.administrators > 1
            }
            Guard::BlockWithinReach => {
                actor.role == Role::Administrator || self.blocked_by != Some(Role::Administrator)
            }
            Guard::Staff => self.role != Role::User,
            _ => true, // of certificates
        }
    }
}
