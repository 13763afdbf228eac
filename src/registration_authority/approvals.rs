//! Approvals: a command is frozen, others agree, and then it is executed as whoever asked gave it.

use super::job::{Job, Work};
use super::{RegistrationAuthority, Session};
use crate::command::{Command, Envelope, Outcome};
use crate::commitment::{Document, DocumentKind};
use crate::entry::{Actor, Entry, Method, VERSION};
use crate::error::Error;
use crate::fact::{ApprovalFact, ApprovalRequest, CaseFact};
use crate::id::{ApprovalId, CommandId};
use crate::lifecycle::refusal::Need;
use crate::lifecycle::{Act, AllowedAction, Approval, Case, Refusal, permission};
use crate::profile::Profile;
use crate::provider::ErrorKind;
use crate::provider::journal::{ApprovalFilter, Change, Cursor, Expected, Page, Query, StreamId};
use crate::view::{ApprovalState, ApprovalView, Role, View};
use jiff::Timestamp;

use super::session::Doing;

/// All about one approval.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ApprovalCard {
    /// The approval.
    pub approval: Approval,
    /// What is to be done, as it was asked for.
    pub command: Command,
    /// What may be done with it.
    pub actions: Vec<AllowedAction>,
}

impl Job<'_> {
    /// Stops where others must approve, and did not.
    pub(super) fn check_approval(
        &self,
        case: &Case,
        profile: &Profile,
        (act, back_dated): (Act, bool),
    ) -> Result<(), Refusal> {
        let quorum = profile.policy.quorum(act, back_dated);
        if quorum == 0 || self.approval.is_some() || self.actor.role == Role::System {
            return Ok(());
        }
        let begun = case.begun();
        Err(Refusal::NeedsApproval(Box::new(Need {
            act,
            quorum,
            office: begun.office.clone(),
            beneficiary: Some(begun.user),
            begun_by: None,
            case: Some((case.id(), case.length())),
        })))
    }

    /// The same for what concerns no case: by the settings of the record.
    pub(super) fn check_desk_approval(&self) -> Result<(), Refusal> {
        let rules = &self.ra.settings.approvals;
        let quorum = rules.quorum(&self.envelope.command);
        if quorum == 0 || self.approval.is_some() || self.actor.role == Role::System {
            return Ok(());
        }
        let (act, beneficiary) = match &self.envelope.command {
            Command::Bulk { .. } => (Act::Bulk, None),
            Command::ArchiveUser { user, .. } => (Act::ArchiveAccount, Some(*user)),
            Command::EraseUser { user, .. } => (Act::EraseAccount, Some(*user)),
            Command::ChangeRole { user, .. } => (Act::ChangeRole, Some(*user)),
            Command::ReleaseCrl { .. } => (Act::ReleaseCrl, None),
            Command::Import { .. } => (Act::Import, None),
            _ => (Act::Administer, None),
        };
        let office = self.actor.office.clone();
        let need = Need { act, quorum, office, beneficiary, begun_by: None, case: None };
        Err(Refusal::NeedsApproval(Box::new(need)))
    }

    /// Freezes the command of this envelope, and asks others.
    pub(super) async fn ask(&self, need: &Need) -> Result<Outcome, Error> {
        let applied = self.application_changes().await?;
        let as_seen = need.case.map(|(_, length)| length).or(self.envelope.expected);
        let frozen = Envelope {
            id: self.envelope.id.step(APPROVED),
            // what the law wants ended is ended, also where it became overdue meanwhile
            expected: as_seen.filter(|_| applied.is_none()),
            command: self.envelope.command.clone(),
            signature: None,
        };
        let (approval, change, document) = self.approval_change(need, &frozen)?;
        let mut work = Work::of(change).with_documents([document]);
        work.changes.extend(applied.unwrap_or_default());
        self.finish(work, Outcome::ApprovalRequested { approval }).await
    }

    /// The first entry of an approval, with the document that freezes the command.
    pub(super) fn approval_change(
        &self,
        need: &Need,
        frozen: &Envelope,
    ) -> Result<(ApprovalId, Change, Document), Error> {
        let approval = ApprovalId::made_by(&self.envelope.id);
        let octets =
            serde_json::to_vec(frozen).map_err(|error| Error::Damaged(error.to_string()))?;
        let document = self.seal(DocumentKind::Command, octets)?;
        let term = self.ra.settings.approvals.term;
        let request = ApprovalRequest {
            act: need.act,
            command: *document.commitment(),
            quorum: need.quorum,
            office: need.office.clone(),
            beneficiary: need.beneficiary,
            begun_by: need.begun_by,
            case: need.case.map(|(case, _)| case),
            until: self.now.checked_add(term).unwrap_or(Timestamp::MAX),
        };
        let entry = self.entry(ApprovalFact::Requested(Box::new(request)));
        let view = Approval::begin(approval, &entry)?.view();
        let change = Change {
            stream: StreamId::Approval(approval),
            expected: Expected::Exactly(0),
            entries: vec![entry.encode()],
            views: vec![View::Approval(view)],
        };
        Ok((approval, change, document))
    }

    pub(super) async fn approve(&self, id: &ApprovalId, comment: &str) -> Result<Outcome, Error> {
        let mut approval = self.ra.load_approval(id).await?;
        if !self.was_done(GRANTED).await? {
            self.expect(StreamId::Approval(*id), approval.length())?;
            let granted = ApprovalFact::Granted { comment: comment.to_owned() };
            let mut entries = vec![self.entry(granted)];
            if approval.wants_one_more() {
                entries.push(self.system_entry(ApprovalFact::Approved));
            }
            let work = Work::of(self.change_approval(&mut approval, entries)?);
            self.step(GRANTED, work).await?;
        }
        let state = match approval.state() {
            ApprovalState::Approved => self.ra.run_approved(id, self.now).await?,
            state => state,
        };
        self.finish(Work::default(), Outcome::Approved { approval: *id, state }).await
    }

    pub(super) async fn reject_approval(
        &self,
        id: &ApprovalId,
        comment: &str,
    ) -> Result<Outcome, Error> {
        let fact = ApprovalFact::Rejected { comment: comment.to_owned() };
        let (approval, mut work) = self.decide(id, fact).await?;
        if let Some(mut case) = self.ra.waiting_case(&approval).await? {
            let profile = self.ra.profile_of(&case).await?;
            let fact = CaseFact::RequestRejected { comment: comment.to_owned() };
            work = work.with_change(self.change(&mut case, &profile, vec![self.entry(fact)])?);
            work.changes.extend(self.freed_elder(&case).await?);
        }
        self.finish(work, Outcome::Done).await
    }

    /// Whoever asked asks no more; a request that waited goes back to the draft.
    pub(super) async fn withdraw(&self, id: &ApprovalId) -> Result<Outcome, Error> {
        let (approval, mut work) = self.decide(id, ApprovalFact::Withdrawn).await?;
        if let Some(mut case) = self.ra.waiting_case(&approval).await? {
            let profile = self.ra.profile_of(&case).await?;
            let entries = vec![self.entry(CaseFact::RequestReopened)];
            work = work.with_change(self.change(&mut case, &profile, entries)?);
        }
        self.finish(work, Outcome::Done).await
    }

    pub(super) async fn retry_approval(&self, id: &ApprovalId) -> Result<Outcome, Error> {
        if !self.was_done(RETRIED).await? {
            let (_, work) = self.decide(id, ApprovalFact::Retried).await?;
            self.step(RETRIED, work).await?;
        }
        let state = self.ra.run_approved(id, self.now).await?;
        self.finish(Work::default(), Outcome::Approved { approval: *id, state }).await
    }

    async fn decide(&self, id: &ApprovalId, fact: ApprovalFact) -> Result<(Approval, Work), Error> {
        let mut approval = self.ra.load_approval(id).await?;
        self.expect(StreamId::Approval(*id), approval.length())?;
        let change = self.change_approval(&mut approval, vec![self.entry(fact)])?;
        Ok((approval, Work::of(change)))
    }

    /// The only way an approval changes: table, permission and guards first, then entry and view.
    fn change_approval(
        &self,
        approval: &mut Approval,
        entries: Vec<Entry<ApprovalFact>>,
    ) -> Result<Change, Error> {
        let expected = Expected::Exactly(approval.length());
        let mut stored = Vec::with_capacity(entries.len());
        for entry in entries {
            approval.admits(&entry.actor, &entry.fact, self.now)?;
            approval.apply(&entry)?;
            stored.push(entry.encode());
        }
        let views = vec![View::Approval(approval.view())];
        Ok(Change { stream: StreamId::Approval(approval.id()), expected, entries: stored, views })
    }

    /// What was to be approved of a request that changes: it counts no more, or has been over.
    pub(super) async fn withdrawal(&self, case: &Case) -> Result<Option<Change>, Error> {
        let Some(id) = case.approval() else { return Ok(None) };
        let mut approval = self.ra.load_approval(&id).await?;
        if approval.state() != ApprovalState::Waiting {
            return Ok(None);
        }
        let over = approval.request().until <= self.now;
        let fact = if over { ApprovalFact::Expired } else { ApprovalFact::Withdrawn };
        self.change_approval(&mut approval, vec![self.system_entry(fact)]).map(Some)
    }
}

impl RegistrationAuthority {
    pub(super) async fn load_approval(&self, id: &ApprovalId) -> Result<Approval, Error> {
        let entries = self.approval_entries(id).await?;
        Ok(Approval::fold(*id, &entries)?.ok_or(Refusal::NotFound("approval"))?)
    }

    /// The request that waits for this approval.
    async fn waiting_case(&self, approval: &Approval) -> Result<Option<Case>, Error> {
        let Some(case) = &approval.request().case else { return Ok(None) };
        let case = self.load_case(case).await?;
        let waits = case.state() == crate::view::CaseState::PendingApproval;
        Ok(Some(case).filter(|case| waits && case.approval() == Some(approval.id())))
    }

    async fn frozen(&self, approval: &Approval) -> Result<Envelope, Error> {
        let document = self.document(approval.command()).await?;
        serde_json::from_slice(document.bytes()).map_err(|error| Error::Damaged(error.to_string()))
    }

    /// Executes what was approved, as whoever asked; safe to repeat.
    pub(super) async fn run_approved(
        &self,
        id: &ApprovalId,
        now: Timestamp,
    ) -> Result<ApprovalState, Error> {
        let mut approval = self.load_approval(id).await?;
        if approval.state() != ApprovalState::Approved {
            return Ok(approval.state());
        }
        let frozen = self.frozen(&approval).await?;
        let fact = match self.run_frozen(&approval, &frozen, now).await {
            Ok(_) => ApprovalFact::Executed,
            Err(Error::Provider(error)) if *error.kind() == ErrorKind::Unavailable => {
                return Err(error.into()); // the outcome is unknown: the sweep repeats it
            }
            Err(error @ Error::Provider(_)) => {
                ApprovalFact::ExecutionFailed { code: error.code().to_owned() }
            }
            Err(error @ (Error::Refused(_) | Error::Form(_) | Error::Conflict(_))) => {
                ApprovalFact::ExecutionDenied { code: error.code().to_owned() }
            }
            Err(error) => return Err(error),
        };
        let job = Job::by_engine(self, &frozen, now);
        let entry = Entry {
            version: VERSION,
            at: now,
            effective: now,
            actor: Actor::SYSTEM,
            command: frozen.id,
            fact,
        };
        let step = format!("execution-{}", approval.length());
        let change = job.change_approval(&mut approval, vec![entry])?;
        job.step(&step, Work::of(change)).await?;
        Ok(approval.state())
    }

    async fn run_frozen(
        &self,
        approval: &Approval,
        frozen: &Envelope,
        now: Timestamp,
    ) -> Result<Outcome, Error> {
        if let Some(receipt) = self.providers.journal.receipt(&frozen.id).await? {
            return super::job::first_outcome(&receipt);
        }
        self.check_people(approval).await?;
        let actor = approval.requester().clone();
        self.run_job(frozen, actor, Some(approval.id()), now).await
    }

    /// Whoever asked is what they were then, and those who approved might do so still.
    async fn check_people(&self, approval: &Approval) -> Result<(), Error> {
        let asked = approval.requester();
        if let Some(user) = &asked.user {
            let account = self.load_account(user).await?;
            let same = account.role() == asked.role && account.office() == asked.office.as_ref();
            if !account.lets_in() || !same {
                return Err(Refusal::Scope.into());
            }
        }
        for person in approval.granted() {
            let account = self.load_account(person).await?;
            let (role, office) = (account.role(), account.office().cloned());
            let actor = Actor { role, user: Some(*person), office, method: Method::None };
            permission::permits(&actor, Act::Approve, approval.request().office.as_ref(), None)?;
            if !account.lets_in() {
                return Err(Refusal::Scope.into());
            }
        }
        Ok(())
    }

    /// Ends what waited too long, or runs what was approved and not executed.
    pub(super) async fn finish_approval(
        &self,
        id: &ApprovalId,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut approval = self.load_approval(id).await?;
        match approval.state() {
            ApprovalState::Approved => return self.run_approved(id, now).await.map(|_| ()),
            ApprovalState::Waiting => {}
            _ => return Ok(()), // it ended with its request
        }
        let command = CommandId::new(*id.octets()).step(&format!("sweep-{}", approval.length()));
        let envelope = Envelope::new(command, Command::WithdrawApproval { approval: *id });
        let job = Job::by_engine(self, &envelope, now);
        let entries = vec![job.entry(ApprovalFact::Expired)];
        let mut work = Work::of(job.change_approval(&mut approval, entries)?);
        if let Some(mut case) = self.waiting_case(&approval).await? {
            let profile = self.profile_of(&case).await?;
            let entries = vec![job.entry(CaseFact::RequestReopened)];
            work = work.with_change(job.change(&mut case, &profile, entries)?);
        }
        job.step("expired", work).await?;
        Ok(())
    }

    /// Lists the approvals that the session may see, the newest first.
    ///
    /// # Errors
    /// As the providers.
    pub async fn list_approvals(
        &self,
        session: &Session,
        mut filter: ApprovalFilter,
        page: &Page,
    ) -> Result<(Vec<ApprovalView>, Option<Cursor>), Error> {
        self.check_session(session, Doing::Other, self.now()).await?;
        filter.offices = super::reading::scope(session.actor(), filter.offices)?;
        let found = self.providers.journal.find(&Query::Approvals(filter), page).await?;
        let approval = |view| match view {
            View::Approval(view) => Some(view),
            _ => None,
        };
        Ok((found.views.into_iter().filter_map(approval).collect(), found.next))
    }

    /// All about one approval, the frozen command included.
    ///
    /// # Errors
    /// [`Refusal::Scope`] for another office's.
    pub async fn approval(
        &self,
        session: &Session,
        id: &ApprovalId,
    ) -> Result<ApprovalCard, Error> {
        self.check_session(session, Doing::Other, self.now()).await?;
        let approval = self.load_approval(id).await?;
        let own =
            session.actor().user.is_some() && session.actor().user == approval.requester().user;
        if !own {
            let offices = approval.request().office.clone().into_iter().collect();
            super::reading::scope(session.actor(), offices)?;
        }
        let command = self.frozen(&approval).await?.command;
        let actions = approval.allowed_actions(session.actor(), self.now());
        Ok(ApprovalCard { approval, command, actions })
    }
}

/// Whether a command may be frozen: one that wants nothing beside it, and is none about approvals itself.
pub(super) const fn may_be_frozen(command: &Command) -> bool {
    !matches!(
        command,
        Command::Approve { .. }
            | Command::RejectApproval { .. }
            | Command::WithdrawApproval { .. }
            | Command::RetryApproval { .. }
            | Command::ChangePassword { .. }
            | Command::SetCodePhrase { .. }
            | Command::SuspendByPhrase { .. }
            | Command::GenerateKey { .. }
            | Command::UseKey { .. }
            | Command::DestroyKey { .. }
    )
}

const APPROVED: &str = "approved";
const GRANTED: &str = "granted";
const RETRIED: &str = "retried";
