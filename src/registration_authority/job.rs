//! One command on its way through the six steps.

use serde::Serialize;

use super::session::Doing;
use super::{RegistrationAuthority, SYSTEM};
use crate::command::{Command, Envelope, Means, Outcome};
use crate::commitment::{Document, DocumentKind};
use crate::entry::{Actor, Entry, VERSION};
use crate::error::Error;
use crate::fact::{AccessFact, CaseFact};
use crate::id::CommandId;
use crate::lifecycle::Case;
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
}

/// What one step of a command commits.
#[derive(Default)]
pub(super) struct Work {
    pub(super) changes: Vec<Change>,
    pub(super) claims: Vec<Claim>,
    pub(super) documents: Vec<Document>,
}

impl Job<'_> {
    pub(super) async fn run(&self) -> Result<Outcome, Error> {
        match &self.envelope.command {
            Command::OpenOffice { office, title } => self.open_office(office, title).await,
            Command::AdoptProfile { profile } => self.adopt_profile(profile).await,
            Command::OpenAuthority { title } => self.open_authority(title).await,
            Command::InstallAuthorityKey { authority, certificate } => {
                self.install_authority_key(authority, certificate).await
            }
            Command::Register(registration) => self.register(registration).await,
            Command::IssueTemporaryPassword { user } => self.issue_temporary_password(user).await,
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
            Command::Cancel { case } => self.simple(case, CaseFact::RequestCancelled).await,
            Command::Issue { case } => self.issue_again(case).await,
            Command::Install { case } => self.install(case).await,
            Command::Suspend { case, ground, until } => self.suspend(case, ground, *until).await,
            Command::Resume { case, ground } => {
                self.simple(case, CaseFact::CertificateResumed { ground: ground.clone() }).await
            }
            Command::Revoke { case, reason, ground, invalidity } => {
                self.revoke(case, *reason, ground, *invalidity).await
            }
            Command::Renew { case } => self.renew(case).await,
            Command::Hide { case } => self.simple(case, CaseFact::CertificateHidden).await,
            Command::Print { case, form, paper } => self.print(case, form, paper).await,
            Command::IssueCrl { authority, next_update } => {
                self.issue_crl(authority, *next_update).await
            }
        }
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

    /// Loads a case, and compares its length with what the actor saw.
    pub(super) async fn case(&self, id: &crate::id::CaseId) -> Result<(Case, Profile), Error> {
        let case = self.ra.load_case(id).await?;
        self.expect(StreamId::Case(*id), case.length())?;
        let profile = self.ra.profile_of(&case).await?;
        Ok((case, profile))
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

    /// Changes one case by one fact, and nothing else.
    pub(super) async fn simple(
        &self,
        id: &crate::id::CaseId,
        fact: CaseFact,
    ) -> Result<Outcome, Error> {
        let (mut case, profile) = self.case(id).await?;
        let change = self.change(&mut case, &profile, vec![self.entry(fact)])?;
        self.finish(Work::of(change), Outcome::Done).await
    }

    /// Commits the last step of the command.
    pub(super) async fn finish(&self, work: Work, outcome: Outcome) -> Result<Outcome, Error> {
        self.commit(self.envelope.mark(), work, &outcome).await?;
        Ok(outcome)
    }

    /// Commits an earlier step, under an id of its own.
    pub(super) async fn step(&self, name: &str, work: Work) -> Result<Receipt, Error> {
        let mark = CommandMark { id: self.envelope.id.step(name), ..self.envelope.mark() };
        self.commit(mark, work, &Outcome::Done).await
    }

    /// Whether an earlier step was committed before.
    pub(super) async fn was_done(&self, step: &str) -> Result<bool, Error> {
        let id: CommandId = self.envelope.id.step(step);
        Ok(self.ra.providers.journal.receipt(&id).await?.is_some())
    }

    async fn commit(
        &self,
        command: CommandMark,
        work: Work,
        outcome: &impl Serialize,
    ) -> Result<Receipt, Error> {
        let outcome =
            serde_json::to_vec(outcome).map_err(|error| Error::Damaged(error.to_string()))?;
        let Work { changes, claims, documents } = work;
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
        self.check_session(session, Doing::of(&envelope.command), now).await?;
        self.check_command_signature(session, envelope)?;
        let Some(receipt) = self.providers.journal.receipt(&envelope.id).await? else {
            return Ok(None);
        };
        if receipt.command != envelope.mark() {
            return Err(Error::Conflict(Conflict::Command));
        }
        let first = serde_json::from_slice(&receipt.outcome)
            .map_err(|error| Error::Damaged(error.to_string()))?;
        Ok(Some(Outcome::AlreadyDone(Box::new(first))))
    }

    /// Records a sign-in or a refusal, in a stream that locks nothing.
    pub(super) async fn note_access(
        &self,
        actor: &Actor,
        command: CommandId,
        fact: AccessFact,
        now: Timestamp,
    ) -> Result<(), Error> {
        let salt = CommandId::new(self.random()?);
        let (at, actor) = (now, actor.clone());
        let entry = Entry { version: VERSION, at, effective: at, actor, command, fact };
        let change = append(StreamId::Access, Expected::Any, entry.encode());
        let mark = CommandMark { id: salt, digest: [0; 32] };
        let (claims, documents, outcome) = (Vec::new(), Vec::new(), Vec::new());
        let batch =
            Batch { command: mark, at: now, changes: vec![change], claims, documents, outcome };
        self.providers.journal.commit(&batch).await?;
        Ok(())
    }
}
