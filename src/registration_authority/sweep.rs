//! The engine's own acts: nothing that was begun stays unfinished.

mod accounts;
mod notices;

use jiff::Timestamp;

use super::job::{Job, Work};
use super::{RegistrationAuthority, SYSTEM};
use crate::command::{Command, Envelope, Means, Outcome};
use crate::error::Error;
use crate::fact::CaseFact;
use crate::id::{CaseId, CommandId, NoticeId, UserId};
use crate::lifecycle::Case;
use crate::provider::journal::{ListPart, Page, Query};
use crate::view::{CaseState, View};

/// What a sweep did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Swept {
    /// Cases whose unfinished issuing it finished.
    pub finished: Vec<CaseId>,
    /// Cases that somebody else has not decided yet.
    pub pending: Vec<CaseId>,
    /// Cases whose unfinished key generation it gave up: the key, if there is one, certifies nothing.
    pub given_up: Vec<CaseId>,
    /// Accounts whose lock or temporary password it found to be over.
    pub accounts: Vec<UserId>,
    /// Accounts that it could not look after, with the code of the error; the next sweep tries again.
    pub failed_accounts: Vec<(UserId, &'static str)>,
    /// The number of the checkpoint that it made.
    pub checkpoint: Option<u64>,
    /// Why the audit could not be looked after, by the code of the error: `record.restored` wants an
    /// administrator, the others the next sweep.
    pub audit: Option<&'static str>,
    /// Notices that it handed over for delivery.
    pub sent: Vec<NoticeId>,
    /// Notices that it did not, for now or for good; see `RegistrationAuthority::notice`.
    pub unsent: Vec<(NoticeId, &'static str)>,
    /// Cases that it could not finish, with the code of the error; the next sweep tries again.
    pub failed: Vec<(CaseId, &'static str)>,
    /// CRLs that it made, by list, with their numbers.
    pub crls: Vec<(ListPart, u64)>,
    /// Lists whose CRL it could not make or send, with the code of the error.
    pub crls_failed: Vec<(ListPart, &'static str)>,
}

impl RegistrationAuthority {
    /// Finishes what a crash interrupted. Call it at every start, and now and then.
    ///
    /// What was touched within [`Settings::patience`](super::Settings::patience) is left to whoever began it.
    ///
    /// # Errors
    /// Only where the record cannot be read; what cannot be finished now is reported in [`Swept`].
    pub async fn sweep(&self) -> Result<Swept, Error> {
        let now = self.now();
        self.tell_refusals(now).await?;
        let mut swept = Swept::default();
        match self.sweep_audit(now).await {
            Ok(number) => swept.checkpoint = number,
            Err(error) => swept.audit = Some(error.code()),
        }
        let (query, mut page) = (Query::Due(now), Page::first(SWEPT_PAGE));
        loop {
            let found = self.providers.journal.find(&query, &page).await?;
            for view in &found.views {
                self.sweep_row(view, now, &mut swept).await;
            }
            match found.next {
                Some(next) => page.after = Some(next),
                None => break,
            }
        }
        self.sweep_crls(now, &mut swept).await?;
        Ok(swept)
    }

    async fn sweep_row(&self, row: &View, now: Timestamp, swept: &mut Swept) {
        let overdue = now.checked_sub(self.settings.patience).unwrap_or(Timestamp::MIN);
        match row {
            // whoever began it may still be at it
            View::Case(row) if row.due.is_none_or(|due| overdue < due) => {}
            View::Case(row) => self.sweep_case(row.case, now, swept).await,
            View::Notice(row) => self.sweep_notice(row.notice, now, swept).await,
            View::Account(row) => self.sweep_account(row.user, now, swept).await,
            _ => {}
        }
    }

    async fn sweep_case(&self, id: CaseId, now: Timestamp, swept: &mut Swept) {
        match self.finish_case(id, now).await {
            Ok(Done::GaveUp) => swept.given_up.push(id),
            Ok(Done::Asked) => swept.pending.push(id),
            Ok(Done::Issued) => swept.finished.push(id),
            Err(error) => swept.failed.push((id, error.code())),
        }
    }

    async fn finish_case(&self, id: CaseId, now: Timestamp) -> Result<Done, Error> {
        let mut case = self.load_case(&id).await?;
        let profile = self.profile_of(&case).await?;
        let envelope = Envelope::new(sweep_command(&case), Command::Issue { case: id });
        let (actor, means) = (SYSTEM.clone(), Means::default());
        let job = Job { ra: self, actor, envelope: &envelope, means, now };
        if case.state() == CaseState::KeyGen {
            let fact = CaseFact::KeyGenerationFailed { why: "interrupted".to_owned() };
            let change = job.change(&mut case, &profile, vec![job.entry(fact)])?;
            job.step("key-failed", Work::of(change)).await?;
            return Ok(Done::GaveUp);
        }
        match job.issue(case, &profile).await? {
            Outcome::Pending { .. } => Ok(Done::Asked),
            _ => Ok(Done::Issued),
        }
    }
}

/// What became of one case.
enum Done {
    Issued,
    Asked,
    GaveUp,
}

/// A function of the case as it stands: two sweeps at once do the same thing, once.
fn sweep_command(case: &Case) -> CommandId {
    CommandId::new(*case.id().octets()).step(&format!("sweep-{}", case.length()))
}

/// Cases that are looked at at once.
const SWEPT_PAGE: usize = 100;
