//! The legal term of terminations (R3): what is to be entered, until when, and what is overdue.

use jiff::Timestamp;

use super::accounts::text;
use super::job::Job;
use super::reading::sees;
use super::session::Doing;
use super::{RegistrationAuthority, Session};
use crate::command::{Command, Outcome};
use crate::entry::Entry;
use crate::error::Error;
use crate::fact::CaseFact;
use crate::id::CaseId;
use crate::lifecycle::case::Application;
use crate::lifecycle::{Act, Case, Guard, Refusal};
use crate::provider::journal::{Change, Cursor, Page, Query};
use crate::reason::{Ground, Reason};
use crate::view::{CaseView, View};

/// A certificate that had to be terminated by now, and is not.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OverdueTermination {
    /// Its case.
    pub case: CaseView,
    /// When the authority learned of it, and until when the entry was due.
    pub application: Application,
}

impl Job<'_> {
    /// T21: the papers are there, the entry is not yet.
    pub(super) async fn apply_for_termination(
        &self,
        id: &CaseId,
        (reason, ground): (Reason, &Ground),
        learned: Option<Timestamp>,
    ) -> Result<Outcome, Error> {
        let case = self.case(id, Act::ApplyForTermination).await?;
        let learned = learned.unwrap_or(self.now);
        if self.now < learned {
            return Err(Refusal::Guard(Guard::DateWithinPolicy).into());
        }
        let deadline = case.1.policy.termination_deadline(learned);
        let deadline = deadline.ok_or(Refusal::Missing("a legal term in the profile"))?;
        let ground = ground.clone();
        self.dated(case, CaseFact::TerminationApplied { reason, ground, learned, deadline }).await
    }

    /// T21: it turned out that nothing is to be terminated.
    pub(super) async fn dismiss_termination(
        &self,
        id: &CaseId,
        comment: &str,
    ) -> Result<Outcome, Error> {
        let case = self.case(id, Act::DismissTermination).await?;
        let comment = text(comment, "a reason")?;
        self.dated(case, CaseFact::TerminationDismissed { comment }).await
    }

    /// While others are asked to approve a termination, its term runs on; `None` where there is no such term.
    pub(super) async fn application_changes(&self) -> Result<Option<Vec<Change>>, Error> {
        let Command::Revoke { case, reason, ground, notice, .. } = &self.envelope.command else {
            return Ok(None);
        };
        let (mut case, profile) = self.begun_case(case, Act::Revoke).await?;
        let learned = notice.learned.unwrap_or(self.now);
        let Some(deadline) = profile.policy.termination_deadline(learned) else { return Ok(None) };
        if case.application().is_some() {
            return Ok(Some(Vec::new()));
        }
        let (reason, ground) = (*reason, ground.clone());
        let fact = CaseFact::TerminationApplied { reason, ground, learned, deadline };
        let entry = Entry { actor: crate::entry::Actor::SYSTEM, ..self.dated_entry(fact) };
        self.change(&mut case, &profile, vec![entry]).map(|change| Some(vec![change]))
    }

    /// Marks what is overdue, once.
    pub(super) fn overdue(&self, case: &Case) -> Option<Entry<CaseFact>> {
        let asked = case.application()?;
        let over = !asked.overdue && asked.deadline <= self.now;
        let fact = CaseFact::TerminationOverdue { deadline: asked.deadline };
        over.then(|| Entry { effective: asked.deadline, ..self.entry(fact) })
    }
}

impl RegistrationAuthority {
    /// Finds certificates that had to be terminated by now, the longest overdue first; a page may be short.
    ///
    /// # Errors
    /// As the providers.
    pub async fn overdue_terminations(
        &self,
        session: &Session,
        page: &Page,
    ) -> Result<(Vec<OverdueTermination>, Option<Cursor>), Error> {
        let now = self.now();
        self.check_session(session, Doing::Other, now).await?;
        let found = self.providers.journal.find(&Query::Due(now), page).await?;
        let mut overdue = Vec::new();
        for view in found.views {
            let View::Case(row) = view else { continue };
            if !sees(session.actor(), row.office.as_ref(), &row.user) {
                continue;
            }
            let case = self.load_case(&row.case).await?;
            let asked = case.application().filter(|asked| asked.deadline <= now);
            overdue
                .extend(asked.map(|asked| OverdueTermination { case: row, application: *asked }));
        }
        Ok((overdue, found.next))
    }
}
