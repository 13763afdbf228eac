//! Registrations that are begun, saved incomplete, and completed later (U1).
//!
//! What was typed lies in the directory alone; entries call it by commitments.

use jiff::Timestamp;

use super::super::job::{Job, Work};
use super::super::reading::sees;
use super::super::session::Doing;
use super::super::{RegistrationAuthority, Session};
use super::name_the_registration;
use crate::command::{Command, Draft, Envelope, Outcome, Register};
use crate::error::Error;
use crate::fact::AccountFact;
use crate::id::{CommandId, OfficeId, UserId};
use crate::lifecycle::account::Circumstances;
use crate::lifecycle::{Account, Act, AllowedAction, Refusal, permission};
use crate::provider::directory::SealedDraft;
use crate::provider::{Drafts, ErrorKind, UserRecord};
use crate::registration::Login;
use crate::view::Role;

/// All about a registration that is not complete.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DraftCard {
    /// The account that it will be.
    pub account: Account,
    /// What was saved last.
    pub draft: Draft,
    /// Until when it may be completed.
    pub ends: Timestamp,
    /// What may be done with it.
    pub actions: Vec<AllowedAction>,
}

impl Job<'_> {
    pub(in super::super) async fn start_registration(
        &self,
        office: &OfficeId,
        draft: &Draft,
    ) -> Result<Outcome, Error> {
        let act = Act::StartRegistration;
        permission::permits(&self.actor, act, Some(office), None)?;
        self.check_place(act, Role::User, Some(office)).await?;
        let user = UserId::made_by(&self.envelope.id);
        let sealed = self.keep_draft(&user, draft).await?;
        let ends = self.now.checked_add(self.ra.settings.drafts).unwrap_or(Timestamp::MAX);
        let (office, draft) = (office.clone(), sealed.commitment);
        let change = self.first_entry(user, AccountFact::DraftCreated { office, draft, ends })?;
        self.finish(Work::of(change), Outcome::RegistrationStarted { user }).await
    }

    pub(in super::super) async fn save_draft(
        &self,
        user: &UserId,
        draft: &Draft,
    ) -> Result<Outcome, Error> {
        let (mut account, around) = self.account(user, Act::SaveDraft).await?;
        let sealed = self.keep_draft(user, draft).await?;
        let fact = AccountFact::DraftSaved { draft: sealed.commitment };
        let change = self.change_account(&mut account, Act::SaveDraft, fact, &around)?;
        let done = self.finish(Work::of(change), Outcome::Done).await?;
        // what a crash leaves here goes with the whole draft
        self.ra.drafts()?.erase_but(user, Some(&sealed.commitment)).await?;
        Ok(done)
    }

    /// U2: from here on it is as if it had been registered at once.
    pub(in super::super) async fn complete_registration(
        &self,
        user: &UserId,
        person_known: bool,
    ) -> Result<Outcome, Error> {
        let (mut account, around) = self.account(user, Act::Register).await?;
        let draft = self.ra.draft_of(&account).await?;
        let login = draft.login.as_deref().ok_or(Refusal::Missing("a login"))?;
        let login = Login::from_typed(login).map_err(Refusal::Login)?;
        let (role, office) = (account.role(), account.office().cloned());
        let data = draft.form.check()?;
        let register = Register { role, office, login, data, person_known };
        let claims = self.check_registration(user, &register).await?;
        let (document, password, secret) = self.new_temporary_password().await?;
        let Register { role, office, login, data, .. } = register;
        let version = UserRecord { login, data }.seal(self.ra.random()?);
        self.check_rehearsal()?;
        self.ra.providers.directory.put(user, &version).await?;
        let (registration, password) = (version.commitment, Some(password));
        let certificate = None;
        let fact = AccountFact::Registered { role, office, registration, password, certificate };
        let change = self.change_account(&mut account, Act::Register, fact, &around)?;
        let work = Work::of(change).with_change(self.secret_shown(user));
        let work = work.with_claims(claims).with_documents([document]);
        let outcome = Outcome::Registered { user: *user, temporary_password: Some(secret) };
        let done = self.finish(work, outcome).await.map_err(name_the_registration)?;
        // registered is registered: what is not erased now, the sweep erases
        let _erased = self.ra.finish_draft(account, self.now).await;
        Ok(done)
    }

    pub(in super::super) async fn discard_draft(&self, user: &UserId) -> Result<Outcome, Error> {
        let (mut account, around) = self.account(user, Act::DiscardDraft).await?;
        let fact = AccountFact::DraftEnded;
        let change = self.change_account(&mut account, Act::DiscardDraft, fact, &around)?;
        let done = self.finish(Work::of(change), Outcome::Done).await?;
        self.ra.finish_draft(account, self.now).await?;
        Ok(done)
    }

    async fn keep_draft(&self, user: &UserId, draft: &Draft) -> Result<SealedDraft, Error> {
        let octets =
            serde_json::to_vec(draft).map_err(|error| Error::Damaged(error.to_string()))?;
        if octets.len() > LONGEST_DRAFT {
            return Err(Refusal::TooMany(LONGEST_DRAFT).into());
        }
        let sealed = SealedDraft::new(octets, self.ra.random()?);
        self.check_rehearsal()?;
        self.ra.drafts()?.keep(user, &sealed).await?;
        Ok(sealed)
    }
}

impl RegistrationAuthority {
    /// All about a registration that is not complete; [`list_accounts`](Self::list_accounts) finds them by
    /// their state.
    ///
    /// # Errors
    /// [`Refusal::Scope`] for another office's, [`Refusal::NotFound`] where there is no such draft.
    pub async fn draft(&self, session: &Session, user: &UserId) -> Result<DraftCard, Error> {
        let now = self.now();
        self.check_session(session, Doing::Other, now).await?;
        let account = self.load_account(user).await?;
        if !sees(session.actor(), account.office(), user) {
            return Err(Refusal::Scope.into());
        }
        let (_, ends) = *account.draft().ok_or(Refusal::NotFound("draft"))?;
        let draft = self.draft_of(&account).await?;
        let around = self.circumstances(&account, now).await?;
        let actions = account.allowed_actions(session.actor(), &around);
        Ok(DraftCard { account, draft, ends, actions })
    }

    fn drafts(&self) -> Result<&dyn Drafts, Error> {
        let drafts = self.providers.directory.drafts();
        Ok(drafts.ok_or_else(|| ErrorKind::Unsupported.at("UserDirectory::drafts"))?)
    }

    async fn draft_of(&self, account: &Account) -> Result<Draft, Error> {
        let (version, _) = account.draft().ok_or(Refusal::NotFound("draft"))?;
        let found = self.drafts()?.read(&account.user(), version).await?;
        let sealed = found.ok_or_else(|| ErrorKind::NotFound.at("Drafts::read"))?;
        if SealedDraft::new(sealed.octets.clone(), sealed.salt).commitment != *version {
            return Err(Error::Damaged(format!("draft {version} differs")));
        }
        serde_json::from_slice(&sealed.octets).map_err(|error| Error::Damaged(error.to_string()))
    }

    /// Erases what was typed before a registration was complete or given up; records that it did.
    pub(in super::super) async fn finish_draft(
        &self,
        mut account: Account,
        now: Timestamp,
    ) -> Result<(), Error> {
        let user = account.user();
        self.drafts()?.erase_but(&user, None).await?;
        // a function of the account as it stands: done twice, it is recorded once
        let id = CommandId::new(*user.octets()).step(&format!("draft-{}", account.length()));
        let envelope = Envelope::new(id, Command::DiscardDraft { user });
        let job = Job::by_engine(self, &envelope, now);
        let fact = match account.state() {
            crate::view::AccountState::Erased => AccountFact::ErasureFinished,
            _ => AccountFact::DraftErased,
        };
        let around = Circumstances::new(now, 0);
        let change = job.change_account(&mut account, Act::FinishErasure, fact, &around)?;
        job.finish(Work::of(change), Outcome::Done).await?;
        Ok(())
    }
}

/// Octets of a draft: a form has no longer texts.
const LONGEST_DRAFT: usize = 1 << 16;
