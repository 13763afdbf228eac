//! One command on its way through the six steps.

use serde::Serialize;

use super::foreseen::Foreseen;
use super::revocation::Termination;
use super::session::Doing;
use super::{RegistrationAuthority, Running, SYSTEM};
use crate::command::{Command, Envelope, Means, Outcome};
use crate::commitment::{Document, DocumentKind};
use crate::entry::{Actor, Entry, VERSION};
use crate::error::Error;
use crate::fact::CaseFact;
use crate::id::{ApprovalId, CaseId};
use crate::lifecycle::{Act, Case};
use crate::profile::Profile;
use crate::provider::Conflict;
use crate::provider::journal::{
    Batch, Change, Claim, CommandMark, Expected, Receipt, StoredEntry, StreamId,
};
use crate::view::View;
use jiff::Timestamp;

/// A command with its actor and its moment.
pub(super) struct Job<'a> {
    pub(super) ra: &'a RegistrationAuthority,
    pub(super) actor: Actor,
    pub(super) envelope: &'a Envelope,
    pub(super) means: Means<'a>,
    pub(super) now: Timestamp,
    /// The approval by which it runs, where others had to approve.
    pub(super) approval: Option<ApprovalId>,
    /// Only to see whether it would be done: nothing is.
    pub(super) rehearsal: bool,
    /// What is known of its request, where it is one of many.
    pub(super) foreseen: Option<&'a Foreseen>,
}

/// What one step of a command commits.
#[derive(Default)]
pub(super) struct Work {
    pub(super) changes: Vec<Change>,
    pub(super) claims: Vec<Claim>,
    pub(super) documents: Vec<Document>,
}

impl<'a> Job<'a> {
    #[expect(clippy::cognitive_complexity, clippy::too_many_lines, reason = "one arm per command")]
    pub(super) async fn run(&self) -> Result<Outcome, Error> {
        match &self.envelope.command {
            Command::OpenOffice { office, title } => self.open_office(office, title).await,
            Command::AdoptProfile { profile } => self.adopt_profile(profile).await,
            Command::OpenAuthority { title } => self.open_authority(title).await,
            Command::InstallAuthorityKey { authority, certificate } => {
                self.install_authority_key(authority, certificate).await
            }
            Command::StartRegistration { office, draft } => {
                self.start_registration(office, draft).await
            }
            Command::SaveDraft { user, draft } => self.save_draft(user, draft).await,
            Command::CompleteRegistration { user, person_known } => {
                self.complete_registration(user, *person_known).await
            }
            Command::DiscardDraft { user } => self.discard_draft(user).await,
            Command::Register(registration) => self.register(registration).await,
            Command::RegisterByCertificate { registration, case, possession } => {
                self.register_by_certificate(registration, case, possession).await
            }
            Command::BindCertificate { user, case, possession } => {
                self.bind_certificate(user, case, possession).await
            }
            Command::UnbindCertificate { user, case } => self.unbind_certificate(user, case).await,
            Command::IssueTemporaryPassword { user } => self.issue_temporary_password(user).await,
            Command::ResetPassword { user, identified } => {
                self.reset_password(user, identified).await
            }
            Command::Unlock { user } => self.unlock(user).await,
            Command::Block { user, reason } => self.block(user, reason).await,
            Command::Unblock { user, reason } => self.unblock(user, reason).await,
            Command::ArchiveUser { user, reason, termination } => {
                self.archive_user(user, reason, termination.as_ref()).await
            }
            Command::EraseUser { user, reason } => self.erase_user(user, reason).await,
            Command::ChangeRole { user, role, office } => {
                self.change_role(user, *role, office.as_ref()).await
            }
            Command::ChangePassword { verifier } => self.change_password(verifier).await,
            Command::EditData { user, data } => self.edit_data(user, data).await,
            Command::CreateRequest { user, profile, authority } => {
                self.create_request(user, profile, authority).await
            }
            Command::EditRequest { case } => self.edit_request(case).await,
            Command::GenerateKey { case, store, key, algorithm, temporary_pin } => {
                self.generate_key(case, store, key, (*algorithm, *temporary_pin)).await
            }
            Command::ImportRequest { case, request } => self.import_request(case, request).await,
            Command::Submit { case } => self.submit(case).await,
            Command::Cancel { case } => self.cancel(case).await,
            Command::Issue { case } => self.issue_again(case).await,
            Command::Install { case } => self.install(case).await,
            Command::Suspend { case, ground, until, on_end } => {
                self.suspend(case, ground, (*until, *on_end)).await
            }
            Command::SuspendByPhrase { case } => self.suspend_by_phrase(case).await,
            Command::ChangeSuspension { case, ground, until, on_end } => {
                self.change_suspension(case, ground, (*until, *on_end)).await
            }
            Command::Resume { case, ground } => self.resume(case, ground).await,
            Command::Revoke { case, reason, ground, invalidity, date, notice } => {
                let termination = Termination {
                    reason: *reason,
                    ground,
                    invalidity: *invalidity,
                    date: *date,
                    notice: *notice,
                };
                self.revoke(case, &termination).await
            }
            Command::ApplyForTermination { case, reason, ground, learned } => {
                self.apply_for_termination(case, (*reason, ground), *learned).await
            }
            Command::DismissTermination { case, comment } => {
                self.dismiss_termination(case, comment).await
            }
            Command::RevokeExpired { case, reason, ground, invalidity } => {
                self.revoke_expired(case, *reason, ground, *invalidity).await
            }
            Command::AmendReason { case, ground, invalidity } => {
                self.amend_reason(case, ground, *invalidity).await
            }
            Command::Schedule { case, at, plan } => self.schedule(case, *at, plan).await,
            Command::WithdrawSchedule { case } => self.withdraw_schedule(case).await,
            Command::Renew { case } => self.renew(case).await,
            Command::Reissue { case, why } => self.reissue(case, why).await,
            Command::UseKey { case } => self.use_key(case).await,
            Command::Waive { case, comment } => self.waive(case, comment).await,
            Command::Reject { case, comment } => self.reject(case, comment).await,
            Command::Reopen { case } => self.reopen(case).await,
            Command::DestroyKey { case, store, key } => self.destroy_key(case, store, key).await,
            Command::Accept { case, paper } => self.accept_certificate(case, paper.as_ref()).await,
            Command::RefuseAcceptance { case } => self.refuse_acceptance(case).await,
            Command::Archive { case } => self.put_away(case, Act::Archive).await,
            Command::Unarchive { case } => self.put_away(case, Act::Unarchive).await,
            Command::Erase { case } => self.erase(case).await,
            Command::SetCodePhrase { user } => self.set_code_phrase(user).await,
            Command::BlockKey { key, ground } => self.block_key(key, ground).await,
            Command::Approve { approval, comment } => self.approve(approval, comment).await,
            Command::RejectApproval { approval, comment } => {
                self.reject_approval(approval, comment).await
            }
            Command::WithdrawApproval { approval } => self.withdraw(approval).await,
            Command::RetryApproval { approval } => self.retry_approval(approval).await,
            Command::Bulk { items, .. } => self.bulk(items).await,
            Command::Hide { case } => self.hide(case).await,
            Command::Print { case, form, paper, template } => {
                self.print(case, (form, *template), paper).await
            }
            Command::PrintForUser { user, form, paper, template } => {
                self.print_for_user(user, (form, *template), paper).await
            }
            Command::CheckApplicant { user } => self.check_applicant(user).await,
            Command::AttachScan { to, kind, digest } => self.attach_scan(to, *kind, digest).await,
            Command::ReceiveCarrier { office, serial, model, paper } => {
                self.receive_carrier(office, (serial, model, paper)).await
            }
            Command::HandOutCarrier { carrier, user, paper } => {
                self.hand_out_carrier(carrier, user, paper).await
            }
            Command::TakeCarrierBack { carrier, paper } => {
                self.take_carrier_back(carrier, paper).await
            }
            Command::DestroyCarrier { carrier, paper } => {
                self.destroy_carrier(carrier, paper).await
            }
            Command::RegisterAuditKey { public_key } => self.register_audit_key(public_key).await,
            Command::MakeCheckpoint => self.make_checkpoint().await,
            Command::AcknowledgeRestore { document } => self.acknowledge_restore(document).await,
            Command::SetRecovery { keys, needed } => self.set_recovery(keys, *needed).await,
            Command::AdoptCrlPolicy { authority, policy } => {
                self.adopt_crl_policy(authority, policy).await
            }
            Command::ReleaseCrl { authority, part } => self.release_crl(authority, part).await,
            Command::Import { authority, profile, certificates } => {
                self.import(authority, profile, certificates).await
            }
            Command::IssueCrl { authority, next_update } => {
                self.issue_crl(authority, *next_update).await
            }
        }
    }

    /// One type for all commands: a command may run others.
    pub(super) fn boxed(self) -> Running<'a> {
        Box::pin(async move { self.run().await })
    }

    /// What the engine does by itself.
    pub(super) fn by_engine(
        ra: &'a RegistrationAuthority,
        envelope: &'a Envelope,
        now: Timestamp,
    ) -> Self {
        let (actor, means) = (SYSTEM.clone(), Means::default());
        Self { ra, actor, envelope, means, now, approval: None, rehearsal: false, foreseen: None }
    }

    /// An entry of this command, by its actor, in force at once.
    pub(super) fn entry<F>(&self, fact: F) -> Entry<F> {
        self.entry_by(&self.actor, fact)
    }

    /// An entry of this command that the engine makes.
    pub(super) fn system_entry<F>(&self, fact: F) -> Entry<F> {
        self.entry_by(SYSTEM, fact)
    }

    fn entry_by<F>(&self, actor: &Actor, fact: F) -> Entry<F> {
        let (at, actor, command) = (self.now, actor.clone(), self.envelope.id);
        Entry { version: VERSION, at, effective: at, actor, command, fact }
    }

    /// Now in whole seconds, as X.509 has them.
    pub(super) fn second(&self) -> Timestamp {
        Timestamp::from_second(self.now.as_second()).unwrap_or(self.now)
    }

    /// Seals a document under a fresh salt.
    pub(super) fn seal(&self, kind: DocumentKind, bytes: Vec<u8>) -> Result<Document, Error> {
        Ok(Document::seal(kind, self.ra.random()?, bytes))
    }

    /// Loads a case where the actor may do this to it now, it is as they saw it, and nobody else must approve.
    pub(super) async fn case(&self, id: &CaseId, act: Act) -> Result<(Case, Profile), Error> {
        let (case, profile) = self.begun_case(id, act).await?;
        self.check_begin(&case, &profile, act)?;
        self.check_approval(&case, &profile, (act, false))?;
        Ok((case, profile))
    }

    /// Loads a case that this very command may have changed already: its state says nothing yet.
    pub(super) async fn begun_case(&self, id: &CaseId, act: Act) -> Result<(Case, Profile), Error> {
        let case = self.ra.load_case(id).await?;
        case.permits(&self.actor, act)?;
        let profile = self.ra.profile_of(&case).await?;
        Ok((case, profile))
    }

    /// Before the first step: the case is as the actor saw it, and allows the act.
    pub(super) fn check_begin(
        &self,
        case: &Case,
        profile: &Profile,
        act: Act,
    ) -> Result<(), Error> {
        self.expect(StreamId::Case(case.id()), case.length())?;
        Ok(case.may(&self.actor, act, profile, self.now)?)
    }

    /// A conflict where the stream is not as the actor saw it.
    pub(super) fn expect(&self, stream: StreamId, actual: u64) -> Result<(), Error> {
        match self.envelope.expected {
            Some(expected) if expected != actual => {
                Err(Error::Conflict(Conflict::Stream { stream, actual }))
            }
            _ => Ok(()),
        }
    }

    /// The only way a case changes: table, permission and guards first, then entry and views.
    pub(super) fn change(
        &self,
        case: &mut Case,
        profile: &Profile,
        entries: Vec<Entry<CaseFact>>,
    ) -> Result<Change, Error> {
        let expected = Expected::Exactly(case.length());
        let mut stored = Vec::with_capacity(entries.len());
        for entry in entries {
            case.admits(&entry.actor, &entry.fact, profile, self.now)?;
            case.apply(&entry)?;
            stored.push(entry.encode());
        }
        let views = [Some(View::Case(case.view())), case.certificate_view().map(View::Certificate)];
        let views = views.into_iter().flatten().collect();
        Ok(Change { stream: StreamId::Case(case.id()), expected, entries: stored, views })
    }

    /// Before anything is done that lasts: a rehearsal ends here.
    pub(super) const fn check_rehearsal(&self) -> Result<(), Error> {
        if self.rehearsal { Err(Error::Rehearsed) } else { Ok(()) }
    }

    /// Commits the last step of the command; where the same command was faster, its outcome stands.
    pub(super) async fn finish(&self, work: Work, outcome: Outcome) -> Result<Outcome, Error> {
        let receipt = self.commit(self.envelope.mark(), work, &outcome).await?;
        if receipt.repeated { first_outcome(&receipt) } else { Ok(outcome) }
    }

    /// Commits an earlier step, under an id of its own.
    pub(super) async fn step(&self, name: &str, work: Work) -> Result<Receipt, Error> {
        self.commit(self.step_mark(name), work, &Outcome::Done).await
    }

    /// Whether an earlier step of this command was committed before.
    pub(super) async fn was_done(&self, step: &str) -> Result<bool, Error> {
        let mark = self.step_mark(step);
        match self.ra.providers.journal.receipt(&mark.id).await? {
            Some(receipt) if receipt.command != mark => Err(Error::Conflict(Conflict::Command)),
            receipt => Ok(receipt.is_some()),
        }
    }

    fn step_mark(&self, name: &str) -> CommandMark {
        CommandMark { id: self.envelope.id.step(name), ..self.envelope.mark() }
    }

    async fn commit(
        &self,
        command: CommandMark,
        work: Work,
        outcome: &impl Serialize,
    ) -> Result<Receipt, Error> {
        let outcome =
            serde_json::to_vec(outcome).map_err(|error| Error::Damaged(error.to_string()))?;
        let Work { mut changes, claims, documents } = work;
        changes.extend(self.ra.notices_of(&changes, self.now)?);
        self.check_rehearsal()?;
        let batch = Batch { command, at: self.now, changes, claims, documents, outcome };
        Ok(self.ra.providers.journal.commit(&batch).await?)
    }
}

impl Work {
    pub(super) fn of(change: Change) -> Self {
        Self { changes: vec![change], ..Self::default() }
    }

    #[must_use]
    pub(super) fn with_claims(mut self, claims: impl IntoIterator<Item = Claim>) -> Self {
        self.claims.extend(claims);
        self
    }

    #[must_use]
    pub(super) fn with_documents(mut self, documents: impl IntoIterator<Item = Document>) -> Self {
        self.documents.extend(documents);
        self
    }

    #[must_use]
    pub(super) fn with_change(mut self, change: Change) -> Self {
        self.changes.push(change);
        self
    }
}

/// A change of one entry without a view.
pub(super) fn append(stream: StreamId, expected: Expected, entry: StoredEntry) -> Change {
    Change { stream, expected, entries: vec![entry], views: Vec::new() }
}

impl RegistrationAuthority {
    /// Repetitions get their first outcome; sessions that are over, and commands not signed well, nothing.
    pub(super) async fn admit(
        &self,
        session: &super::Session,
        envelope: &Envelope,
        now: Timestamp,
    ) -> Result<Option<Outcome>, Error> {
        self.check_session(session, Doing::of(envelope), now).await?;
        self.check_command_signature(session, envelope)?;
        self.check_restore(&envelope.command).await?;
        let Some(receipt) = self.providers.journal.receipt(&envelope.id).await? else {
            return Ok(None);
        };
        if receipt.command != envelope.mark() {
            return Err(Error::Conflict(Conflict::Command));
        }
        first_outcome(&receipt).map(Some)
    }
}

/// What a command did the first time.
pub(super) fn first_outcome(receipt: &Receipt) -> Result<Outcome, Error> {
    let first = serde_json::from_slice(&receipt.outcome);
    let first = first.map_err(|error| Error::Damaged(error.to_string()))?;
    Ok(Outcome::AlreadyDone(Box::new(first)))
}
