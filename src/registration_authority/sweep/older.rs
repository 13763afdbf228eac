//! Reminders of certificates that were issued before anybody delivered notices.

use jiff::Timestamp;

use super::super::RegistrationAuthority;
use super::super::notices::Address;
use super::notices::{Ends, Subject, Wanted, with_days};
use crate::error::Error;
use crate::provider::journal::{CaseFilter, Cursor, Page, Query};
use crate::view::{CaseState, CaseView, View};

impl RegistrationAuthority {
    /// Queues the first reminder of each certificate that has none yet, those that end first; tells how many.
    ///
    /// Call it page by page, once, after a notifier was plugged in: what is issued from then on is reminded
    /// of by itself. Safe to repeat.
    ///
    /// # Errors
    /// As the providers.
    pub async fn remind_of_older(&self, page: &Page) -> Result<(usize, Option<Cursor>), Error> {
        if self.providers.notifier.is_none() {
            return Ok((0, None));
        }
        let now = self.now();
        let filter = CaseFilter {
            states: vec![CaseState::Active, CaseState::Suspended],
            expires: Some(now..Timestamp::MAX),
            hidden: true,
            ..CaseFilter::default()
        };
        let found = self.providers.journal.find(&Query::Cases(filter), page).await?;
        let mut reminded = 0_usize;
        for view in found.views {
            if let View::Case(row) = view
                && self.begin_reminders(&row, now).await?
            {
                reminded = reminded.saturating_add(1);
            }
        }
        Ok((reminded, found.next))
    }

    async fn begin_reminders(&self, row: &CaseView, now: Timestamp) -> Result<bool, Error> {
        let Subject::Certificate { certificate, key_end, needs_reminders: true, .. } =
            self.subject_of_case(&row.case, now).await?
        else {
            return Ok(false);
        };
        let address = Address { user: row.user, case: Some(row.case), office: row.office.clone() };
        let mut wanted = Vec::new();
        for end in Ends::of(&certificate, key_end).of_both(u16::MAX) {
            if !self.has_reminders(&address, end).await? {
                wanted.push(end);
            }
        }
        let changes = self.next_reminders(&address, wanted, now).await?;
        if changes.is_empty() {
            return Ok(false);
        }
        match self.commit_notices(changes, now).await {
            Ok(()) => Ok(true),
            Err(Error::Conflict(_)) => Ok(false), // another node was faster
            Err(error) => Err(error),
        }
    }

    /// Whether a reminder of this end was ever queued: each leads to the next.
    async fn has_reminders(&self, address: &Address, (_, _, kind): Wanted) -> Result<bool, Error> {
        for days in &self.settings.notices.reminders {
            if self.is_queued(address, with_days(kind, *days)).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
