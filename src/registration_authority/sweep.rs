//! The engine's own acts: nothing that was begun stays unfinished.

mod accounts;
mod notices;
mod older;

use jiff::Timestamp;

use super::RegistrationAuthority;
use super::job::{Job, Work};
use crate::command::{Command, Envelope, Outcome};
use crate::entry::Entry;
use crate::error::Error;
use crate::fact::{CaseFact, Notice, Plan};
use crate::id::{ApprovalId, CaseId, CommandId, NoticeId, UserId};
use crate::lifecycle::Case;
use crate::profile::{OnEnd, Profile};
use crate::provider::journal::{ListPart, Page, Query};
use crate::reason::{Ground, GroundKind, Reason};
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
    /// How many claims it gave back whose terms were over.
    pub forgotten: usize,
    /// The number of the checkpoint that it made.
    pub checkpoint: Option<u64>,
    /// Why the audit could not be looked after, by the code of the error: `record.restored` wants an
    /// administrator, the others the next sweep.
    pub audit: Option<&'static str>,
    /// Notices that it handed over for delivery.
    pub sent: Vec<NoticeId>,
    /// Notices that it did not, for now or for good; see `RegistrationAuthority::notice`.
    pub unsent: Vec<(NoticeId, &'static str)>,
    /// Cases in which something happened by its term: a hold or a request ended, a plan was carried out.
    pub ended: Vec<CaseId>,
    /// Approvals that it executed, or that were over.
    pub approvals: Vec<ApprovalId>,
    /// Approvals that it could not execute, with the code of the error; the next sweep tries again.
    pub failed_approvals: Vec<(ApprovalId, &'static str)>,
    /// Cases that it could not finish, with the code of the error; the next sweep tries again.
    pub failed: Vec<(CaseId, &'static str)>,
    /// CRLs that it made, by list, with their numbers.
    pub crls: Vec<(ListPart, u64)>,
    /// Lists whose CRL it could not make or send, with the code of the error; twice where it could do neither.
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
        // a page each time: what is over holds nothing, however long it stays
        swept.forgotten = self.providers.journal.forget(now, FORGOTTEN_PAGE).await?;
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
            View::Approval(row) => self.sweep_approval(row.approval, now, swept).await,
            _ => {}
        }
    }

    async fn sweep_case(&self, id: CaseId, now: Timestamp, swept: &mut Swept) {
        match self.finish_case(id, now).await {
            Ok(Done::GaveUp) => swept.given_up.push(id),
            Ok(Done::Asked) => swept.pending.push(id),
            Ok(Done::Issued) => swept.finished.push(id),
            Ok(Done::Ended) => swept.ended.push(id),
            Ok(Done::Nothing) => {}
            Err(error) => swept.failed.push((id, error.code())),
        }
    }

    async fn sweep_approval(&self, id: ApprovalId, now: Timestamp, swept: &mut Swept) {
        match self.finish_approval(&id, now).await {
            Ok(()) => swept.approvals.push(id),
            Err(error) => swept.failed_approvals.push((id, error.code())),
        }
    }

    async fn finish_case(&self, id: CaseId, now: Timestamp) -> Result<Done, Error> {
        let mut case = self.load_case(&id).await?;
        let profile = self.profile_of(&case).await?;
        let envelope = Envelope::new(sweep_command(&case), Command::Issue { case: id });
        let job = Job::by_engine(self, &envelope, now);
        if case.state() == CaseState::KeyGen {
            let fact = CaseFact::KeyGenerationFailed { why: "interrupted".to_owned() };
            let change = job.change(&mut case, &profile, vec![job.entry(fact)])?;
            job.step("key-failed", Work::of(change)).await?;
            return Ok(Done::GaveUp);
        }
        match job.term(&case) {
            Term::Over(entry) => return job.end_term((&mut case, &profile), *entry).await,
            Term::Lasts => return Ok(Done::Nothing),
            Term::None => {}
        }
        match job.issue(case, &profile).await? {
            Outcome::Pending { .. } => Ok(Done::Asked),
            _ => Ok(Done::Issued),
        }
    }
}

impl Job<'_> {
    /// What a term that is over does to a case.
    fn term(&self, case: &Case) -> Term {
        let of = |entry: Option<Entry<CaseFact>>| {
            entry.map_or(Term::Lasts, |entry| Term::Over(Box::new(entry)))
        };
        let is_over = |end: Option<Timestamp>| end.is_some_and(|end| end <= self.now);
        match case.state() {
            CaseState::Draft
            | CaseState::Built
            | CaseState::PolicyReview
            | CaseState::PendingApproval
            | CaseState::Failed => {
                let over = is_over(case.request_end());
                of(over.then(|| self.entry(CaseFact::RequestExpired)))
            }
            CaseState::AwaitingAcceptance => {
                let date = case.hold().map_or_else(|| self.second(), |hold| hold.since);
                let over = is_over(case.acceptance_end());
                let over = over.then(|| self.dated_entry(CaseFact::AcceptanceOverdue { date }));
                of(over.or_else(|| self.overdue(case)))
            }
            CaseState::Active | CaseState::Suspended => of(self.planned(case)),
            _ => Term::None,
        }
    }

    /// The end of a hold counts from its term, however late the engine looks; a plan from its time: whichever
    /// came first.
    fn planned(&self, case: &Case) -> Option<Entry<CaseFact>> {
        let at = |effective, fact| Entry { effective, ..self.entry(fact) };
        let over = |end: &Timestamp| *end <= self.now;
        let end = case.hold_end().filter(|(end, then)| over(end) && *then != OnEnd::Stay);
        let plan = case.plan().filter(|(time, _)| over(time));
        let (end, then) = match (plan, end) {
            (Some((time, plan)), end) if end.is_none_or(|(end, _)| *time < end) => {
                return Some(at(*time, carried_out(case, plan, *time)));
            }
            (_, Some(end)) => end,
            (_, None) => return self.overdue(case),
        };
        if then == OnEnd::Resume {
            return Some(at(end, CaseFact::SuspensionEnded));
        }
        let ground = Ground { kind: GroundKind::Regulations, document: String::new() };
        let date = case.hold().map_or(end, |hold| hold.since);
        Some(at(end, termination(Reason::CessationOfOperation, ground, date)))
    }

    async fn end_term(
        &self,
        (case, profile): (&mut Case, &Profile),
        entry: Entry<CaseFact>,
    ) -> Result<Done, Error> {
        let asked = self.withdrawal(case).await?;
        let expired = matches!(entry.fact, CaseFact::RequestExpired);
        let mut work = Work::of(self.change(case, profile, vec![entry])?);
        work.claims.extend(self.forbid_key(case).await?);
        if expired {
            work.changes.extend(asked);
            work.changes.extend(self.freed_elder(case).await?);
        }
        self.step("term", work).await?;
        Ok(Done::Ended)
    }
}

/// What a case waits for.
enum Term {
    /// A term that is over: this happens.
    Over(Box<Entry<CaseFact>>),
    /// A term that is not over, as somebody else saw to it meanwhile.
    Lasts,
    /// Something else.
    None,
}

fn carried_out(case: &Case, plan: &Plan, time: Timestamp) -> CaseFact {
    match plan.clone() {
        // it is on hold already
        Plan::Suspend { .. } if case.state() != CaseState::Active => CaseFact::ScheduleWithdrawn,
        Plan::Suspend { ground, until, on_end } => {
            CaseFact::CertificateSuspended { ground, until, on_end, by_phrase: false }
        }
        Plan::Revoke { reason, ground } => {
            termination(reason, ground, case.hold().map_or(time, |hold| hold.since))
        }
    }
}

fn termination(reason: Reason, ground: Ground, date: Timestamp) -> CaseFact {
    let (invalidity, notice) = (None, Notice::default());
    CaseFact::CertificateRevoked { reason, ground, date, invalidity, notice }
}

/// What became of one case.
enum Done {
    Issued,
    Asked,
    GaveUp,
    Ended,
    Nothing,
}

/// A function of the case as it stands: two sweeps at once do the same thing, once.
fn sweep_command(case: &Case) -> CommandId {
    CommandId::new(*case.id().octets()).step(&format!("sweep-{}", case.length()))
}

/// Claims that are given back at once.
const FORGOTTEN_PAGE: usize = 1_000;
/// Cases that are looked at at once.
const SWEPT_PAGE: usize = 100;
