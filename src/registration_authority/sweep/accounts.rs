//! What ends in accounts by itself: temporary passwords and locks.

use jiff::Timestamp;

use super::super::RegistrationAuthority;
use super::super::job::{Job, Work};
use super::Swept;
use crate::command::{Command, Envelope, Outcome};
use crate::error::Error;
use crate::fact::AccountFact;
use crate::id::{CommandId, UserId};
use crate::lifecycle::{Account, Act};
use crate::view::AccountState;

impl RegistrationAuthority {
    pub(super) async fn sweep_account(&self, user: UserId, now: Timestamp, swept: &mut Swept) {
        match self.look_after(user, now).await {
            Ok(true) => swept.accounts.push(user),
            Ok(false) => {}
            // whoever was faster did it, or the next sweep does
            Err(Error::Conflict(_)) => {}
            Err(error) => swept.failed_accounts.push((user, error.code())),
        }
    }

    /// Whether there was anything to be done.
    async fn look_after(&self, user: UserId, now: Timestamp) -> Result<bool, Error> {
        let mut account = self.load_account(&user).await?;
        let mut changed = false;
        while let Some((act, fact)) = overdue(&account, now) {
            // a function of the account as it stands: two sweeps at once do the same thing, once
            let id = CommandId::new(*user.octets()).step(&format!("sweep-{}", account.length()));
            let envelope = Envelope::new(id, Command::Unlock { user });
            let job = Job::by_engine(self, &envelope, now);
            let around = self.circumstances(&account, now).await?;
            let change = job.change_account(&mut account, act, fact, &around)?;
            job.finish(Work::of(change), Outcome::Done).await?;
            self.erase_spent(&account).await?;
            changed = true;
        }
        if account.to_erase().is_some() {
            match account.state() {
                AccountState::Erased => self.finish_erasure(account, now).await?,
                _ => self.finish_draft(account, now).await?,
            }
            changed = true;
        }
        Ok(changed)
    }
}

/// What is over and not recorded to be.
fn overdue(account: &Account, now: Timestamp) -> Option<(Act, AccountFact)> {
    if account.locked_until().is_some_and(|until| until <= now) {
        return Some((Act::Unlock, AccountFact::Unlocked));
    }
    if account.draft().is_some_and(|(_, ends)| *ends <= now) {
        return Some((Act::Expire, AccountFact::DraftEnded));
    }
    let over = account.temporary().is_some_and(|password| password.until <= now);
    over.then_some((Act::ExpireTemporaryPassword, AccountFact::TemporaryPasswordExpired))
}
