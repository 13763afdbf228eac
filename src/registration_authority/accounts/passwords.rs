//! Passwords: temporary ones from the desk, own ones, lost ones.

use jiff::Timestamp;

use super::super::job::{Job, Work};
use super::super::session::Doing;
use super::super::{RegistrationAuthority, Session};
use super::text;
use crate::command::{Command, Envelope, Means, Outcome, Verifier};
use crate::commitment::{Document, DocumentKind};
use crate::error::Error;
use crate::fact::{AccountFact, TemporaryPassword};
use crate::id::{CommandId, UserId};
use crate::lifecycle::{Account, Act, Refusal};
use crate::provider::{Conflict, PasswordHash};
use crate::registration::{Fault, temporary_password};
use crate::secret::Secret;

impl Job<'_> {
    pub(super) async fn new_temporary_password(
        &self,
    ) -> Result<(Document, TemporaryPassword, Secret), Error> {
        let rng = &self.ra.providers.rng;
        let password = temporary_password(&mut |octets| rng.fill(octets));
        let password = password.map_err(|error| Error::Damaged(error.to_string()))?;
        let secret = Secret::new(password.expose());
        let document = self.ra.password_document(&secret).await?;
        let until = self.now.checked_add(self.ra.settings.temporary_password);
        let until = until.map_err(|error| Error::Damaged(error.to_string()))?;
        let fact = TemporaryPassword { verifier: *document.commitment(), until };
        Ok((document, fact, secret))
    }

    pub(in super::super) async fn issue_temporary_password(
        &self,
        user: &UserId,
    ) -> Result<Outcome, Error> {
        let fact = |password| AccountFact::TemporaryPasswordIssued { password };
        self.give_out_password(user, Act::IssueTemporaryPassword, fact).await
    }

    /// U6: the person is identified anew, and begins with a temporary password again; a block stays.
    pub(in super::super) async fn reset_password(
        &self,
        user: &UserId,
        identified: &str,
    ) -> Result<Outcome, Error> {
        let identified = text(identified, "how the person was identified")?;
        let fact = |password| AccountFact::PasswordReset { password, identified };
        self.give_out_password(user, Act::ResetPassword, fact).await
    }

    async fn give_out_password(
        &self,
        user: &UserId,
        act: Act,
        fact: impl FnOnce(TemporaryPassword) -> AccountFact,
    ) -> Result<Outcome, Error> {
        let (mut account, around) = self.account(user, act).await?;
        let (document, password, secret) = self.new_temporary_password().await?;
        let change = self.change_account(&mut account, act, fact(password), &around)?;
        let outcome = Outcome::Registered { user: *user, temporary_password: Some(secret) };
        let work = Work::of(change)
            .with_documents([document])
            .with_claims(self.ra.forgiven(&account).await?)
            .with_change(self.secret_shown(user));
        let done = self.finish(work, outcome).await?;
        self.ra.erase_spent(&account).await?;
        Ok(done)
    }

    pub(in super::super) async fn change_password(
        &self,
        verifier: &Verifier,
    ) -> Result<Outcome, Error> {
        let user = self.actor.user.ok_or(Refusal::SignIn)?;
        let (mut account, around) = self.account(&user, Act::ChangePassword).await?;
        let document =
            self.seal(DocumentKind::Password, verifier.hash().expose().as_bytes().to_vec())?;
        let fact = AccountFact::PasswordChanged { password: *document.commitment() };
        let change = self.change_account(&mut account, Act::ChangePassword, fact, &around)?;
        let done = self.finish(Work::of(change).with_documents([document]), Outcome::Done).await?;
        self.ra.erase_spent(&account).await?;
        Ok(done)
    }
}

impl RegistrationAuthority {
    /// Changes a user's password, the temporary one above all, for one of their own choice.
    ///
    /// It closes the account's other sessions; this one goes on.
    ///
    /// # Errors
    /// [`Refusal::Password`] against the policy, the old one included; as commands otherwise.
    pub async fn change_own_password(
        &self,
        session: &Session,
        id: CommandId,
        (old, new): (&Secret, &Secret),
    ) -> Result<Outcome, Error> {
        let now = self.now();
        let blank = Command::ChangePassword { verifier: PasswordHash::new("").into() };
        let done = self.try_new_password(session, id, (old, new), now).await;
        self.noted(session, &Envelope::new(id, blank), done, now).await
    }

    async fn try_new_password(
        &self,
        session: &Session,
        id: CommandId,
        (old, new): (&Secret, &Secret),
        now: Timestamp,
    ) -> Result<Outcome, Error> {
        self.check_session(session, Doing::ChangePassword(id), now).await?;
        let user = session.actor().user.ok_or(Refusal::SignIn)?;
        let account = self.load_account(&user).await?;
        if self.providers.journal.receipt(&id).await?.is_some() {
            return self.already_changed(session, &account, new, now).await;
        }
        if !self.password_fits(Some(&account), old, now).await? {
            return Err(Refusal::SignIn.into());
        }
        let login = self.user_record(&user, account.registration()).await?.login;
        let text = new.expose_str().ok_or_else(|| vec![Fault::PasswordText]);
        let policy = self.settings.passwords;
        text.and_then(|text| policy.check(text, old.expose_str(), Some(&login)))
            .map_err(Refusal::WeakPassword)?;
        let verifier = self.providers.password_hasher.hash(new, &self.random()?).await?.into();
        let envelope = Envelope::new(id, Command::ChangePassword { verifier });
        let done = self.execute_at(session, &envelope, Means::default(), now).await?;
        session.goes_on(self.load_account(&user).await?.length());
        Ok(done)
    }

    /// A repetition cannot be told by its octets, which have a fresh salt; but by the password itself.
    async fn already_changed(
        &self,
        session: &Session,
        account: &Account,
        new: &Secret,
        now: Timestamp,
    ) -> Result<Outcome, Error> {
        if account.must_change_password() || !self.password_fits(Some(account), new, now).await? {
            return Err(Error::Conflict(Conflict::Command));
        }
        session.goes_on(account.length());
        self.erase_spent(account).await?;
        Ok(Outcome::AlreadyDone(Box::new(Outcome::Done)))
    }

    /// Erases the verifiers that open nothing any more; again, where a crash came between.
    pub(in super::super) async fn erase_spent(&self, account: &Account) -> Result<(), Error> {
        for verifier in account.spent() {
            self.providers.journal.documents().erase(verifier).await?;
        }
        Ok(())
    }

    async fn password_document(&self, password: &Secret) -> Result<Document, Error> {
        let hash = self.providers.password_hasher.hash(password, &self.random()?).await?;
        Ok(Document::seal(
            DocumentKind::Password,
            self.random()?,
            hash.expose().as_bytes().to_vec(),
        ))
    }
}
