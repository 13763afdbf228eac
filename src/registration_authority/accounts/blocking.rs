//! Who may sign in, and as what: locks, blocks, roles.

use super::super::job::{Job, Work};
use super::text;
use crate::command::Outcome;
use crate::error::Error;
use crate::fact::{AccountFact, RecordFact};
use crate::id::{OfficeId, UserId};
use crate::lifecycle::account::Circumstances;
use crate::lifecycle::{Account, Act, Refusal};
use crate::view::Role;

impl Job<'_> {
    /// U8: the next try is taken at once.
    pub(in super::super) async fn unlock(&self, user: &UserId) -> Result<Outcome, Error> {
        let (mut account, around) = self.account(user, Act::Unlock).await?;
        let change =
            self.change_account(&mut account, Act::Unlock, AccountFact::Unlocked, &around)?;
        let work = Work::of(change).with_claims(self.ra.forgiven(&account).await?);
        self.finish(work, Outcome::Done).await
    }

    /// U9: what the person is among the staff is withdrawn with it.
    pub(in super::super) async fn block(
        &self,
        user: &UserId,
        reason: &str,
    ) -> Result<Outcome, Error> {
        let account = self.account(user, Act::Block).await?;
        let fact = AccountFact::Blocked { reason: text(reason, "a reason")? };
        let role = RecordFact::RoleWithdrawn { user: *user };
        self.change_with_role(account, (Act::Block, fact), role).await
    }

    /// U10: the person is what they were before.
    pub(in super::super) async fn unblock(
        &self,
        user: &UserId,
        reason: &str,
    ) -> Result<Outcome, Error> {
        let (account, around) = self.account(user, Act::Unblock).await?;
        let fact = AccountFact::Unblocked { reason: text(reason, "a reason")? };
        let (role, office) = (account.role(), account.office().cloned());
        let role = RecordFact::RoleGranted { user: *user, role, office };
        self.change_with_role((account, around), (Act::Unblock, fact), role).await
    }

    /// U15: users stay users, staff stay staff: whose a certificate was is not told anew.
    pub(in super::super) async fn change_role(
        &self,
        user: &UserId,
        role: Role,
        office: Option<&OfficeId>,
    ) -> Result<Outcome, Error> {
        let account = self.account(user, Act::ChangeRole).await?;
        let act = Act::ChangeRole;
        if matches!(role, Role::User | Role::System) {
            return Err(Refusal::Role { act, role }.into());
        }
        self.check_place(act, role, office).await?;
        self.check_desk_approval()?;
        let office = office.cloned();
        let fact = AccountFact::RoleChanged { role, office: office.clone() };
        let role = RecordFact::RoleGranted { user: *user, role, office };
        self.change_with_role(account, (act, fact), role).await
    }

    /// A change of the account and of the staff at once.
    ///
    /// All roles are in one stream: of two administrators who block each other, one comes too late.
    async fn change_with_role(
        &self,
        (mut account, around): (Account, Circumstances),
        (act, fact): (Act, AccountFact),
        role: RecordFact,
    ) -> Result<Outcome, Error> {
        let mut work = Work::default();
        if account.role() != Role::User {
            let record = self.ra.record().await?;
            work = work.with_change(self.record_change(record.length(), vec![role]));
            // as the stream is that this change extends, not as it was when the command began
            let around = Circumstances { administrators: record.administrators(), ..around };
            account.admits(&self.actor, act, &around)?;
        }
        let change = self.change_account(&mut account, act, fact, &around)?;
        self.finish(work.with_change(change), Outcome::Done).await
    }
}
