//! Signing in, and what a session is good for.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use spki::AlgorithmIdentifierOwned;

use super::RegistrationAuthority;
use super::access::access;
use crate::command::{Command, Envelope};
use crate::entry::{Actor, Method};
use crate::error::Error;
use crate::fact::AccessFact;
use crate::id::{CaseId, CommandId, UserId};
use crate::lifecycle::{Account, Refusal};
use crate::provider::journal::{Batch, Claim, CommandMark, Holder, Page, Query};
use crate::provider::verifier::Check;
use crate::provider::{Conflict, ErrorKind, PasswordHash};
use crate::registration::Login;
use crate::secret::Secret;
use crate::view::{AccountState, Role, View};
use crate::x509::{Certificate, KeyIdentity, PublicKey};

/// Somebody who signed in. Only the registration authority makes one.
#[derive(Clone, Debug)]
pub struct Session {
    actor: Actor,
    key: Option<PublicKey>,
    began: Timestamp,
}

/// What a session is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doing {
    /// The one thing that a temporary password is good for.
    ChangePassword,
    /// Anything else.
    Other,
}

impl Doing {
    pub(super) const fn of(command: &Command) -> Self {
        match command {
            Command::ChangePassword { .. } => Self::ChangePassword,
            _ => Self::Other,
        }
    }
}

/// A one-time question: whoever signs it in time has the key.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Challenge(#[serde(with = "crate::hex::octets")] Vec<u8>);

/// A signed challenge.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Answer {
    /// The challenge, as it was given.
    pub challenge: Challenge,
    /// The signature's algorithm.
    pub algorithm: AlgorithmIdentifierOwned,
    /// The signature over [`Challenge::signed_bytes`], as X.509 carries it.
    pub signature: Vec<u8>,
}

impl Answer {
    /// Puts an answer together.
    pub const fn new(
        challenge: Challenge,
        algorithm: AlgorithmIdentifierOwned,
        signature: Vec<u8>,
    ) -> Self {
        Self { challenge, algorithm, signature }
    }
}

impl Challenge {
    /// What is signed: nothing else that this library signs begins like it.
    pub fn signed_bytes(&self) -> Vec<u8> {
        [DOMAIN, &self.0].concat()
    }

    fn until(&self) -> Option<Timestamp> {
        let octets = self.0.get(NONCE..NONCE_AND_TIME)?.try_into().ok()?;
        Timestamp::from_second(i64::from_be_bytes(octets)).ok()
    }
}

impl Session {
    pub(super) const fn founding(user: UserId, key: PublicKey, began: Timestamp) -> Self {
        let actor = Actor {
            role: Role::Administrator,
            user: Some(user),
            office: None,
            method: Method::Key,
        };
        Self { actor, key: Some(key), began }
    }

    fn of(account: &Account, method: Method, key: Option<PublicKey>, began: Timestamp) -> Self {
        let (role, user, office) =
            (account.role(), Some(account.user()), account.office().cloned());
        Self { actor: Actor { role, user, office, method }, key, began }
    }

    /// Who signed in, as what, where and how.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// When.
    pub const fn began(&self) -> Timestamp {
        self.began
    }
}

impl RegistrationAuthority {
    /// Makes a challenge: random, of limited term, recognisable as this record's.
    ///
    /// # Errors
    /// [`Refusal::NotFounded`] for an empty record.
    pub async fn challenge(&self) -> Result<Challenge, Error> {
        let until = self.now().checked_add(self.settings.challenge).unwrap_or(Timestamp::MAX);
        let mut octets = self.random::<NONCE>()?.to_vec();
        octets.extend(until.as_second().to_be_bytes());
        let tag = self.claim_key().await?.tag(CHALLENGE_LABEL, &octets);
        octets.extend(tag);
        Ok(Challenge(octets))
    }

    /// Signs in by a certificate of this record: administrators and operators.
    ///
    /// # Errors
    /// [`Refusal::Challenge`], [`Refusal::ChallengeReplayed`] and, for all else that does not fit,
    /// [`Refusal::SignIn`].
    pub async fn sign_in(
        &self,
        certificate: &Certificate,
        answer: &Answer,
    ) -> Result<Session, Error> {
        let now = self.now();
        let done = self.try_certificate(certificate, answer, now).await;
        self.note_sign_in(done, now).await
    }

    async fn try_certificate(
        &self,
        certificate: &Certificate,
        answer: &Answer,
        now: Timestamp,
    ) -> Result<Session, Error> {
        self.check_challenge(&answer.challenge, now).await?;
        self.check_answer(certificate.public_key(), answer)?;
        let (case, account) = self.owner_of(certificate, now).await?;
        let key = Some(certificate.public_key().clone());
        let session = Session::of(&account, Method::Certificate(case), key, now);
        self.record_sign_in(&session, Some(&answer.challenge), now).await?;
        Ok(session)
    }

    /// Signs the founding administrator in by the key itself, while there is no certificate for it.
    ///
    /// # Errors
    /// As [`sign_in`](Self::sign_in).
    pub async fn sign_in_by_key(&self, key: &PublicKey, answer: &Answer) -> Result<Session, Error> {
        let now = self.now();
        let done = self.try_key(key, answer, now).await;
        self.note_sign_in(done, now).await
    }

    async fn try_key(
        &self,
        key: &PublicKey,
        answer: &Answer,
        now: Timestamp,
    ) -> Result<Session, Error> {
        self.check_challenge(&answer.challenge, now).await?;
        self.check_answer(key, answer)?;
        let identity = self.providers.verifier.identify(key).map_err(|_| Refusal::SignIn)?;
        let record = self.record().await?;
        let founding = record.founding().filter(|founding| founding.key == identity);
        let founding = founding.ok_or(Refusal::SignIn)?;
        let session = Session::founding(founding.administrator, key.clone(), now);
        if !self.founding_cases(&identity).await?.is_empty() {
            return Err(Refusal::SignIn.into()); // there is a certificate to sign in by
        }
        self.record_sign_in(&session, Some(&answer.challenge), now).await?;
        Ok(session)
    }

    /// Signs a user in by login and password, the temporary one included.
    ///
    /// # Errors
    /// [`Refusal::SignIn`], whatever does not fit.
    pub async fn sign_in_by_password(
        &self,
        login: &Login,
        password: &Secret,
    ) -> Result<Session, Error> {
        let now = self.now();
        let account = self.account_by_login(login, now).await?;
        if !self.password_fits(account.as_ref(), password, now).await? {
            self.note_failed_sign_in(account.as_ref(), &Refusal::SignIn, now).await?;
            return Err(Refusal::SignIn.into());
        }
        let account = account.ok_or(Refusal::SignIn)?;
        let session = Session::of(&account, Method::Password, None, now);
        self.record_sign_in(&session, None, now).await?;
        Ok(session)
    }

    async fn check_challenge(&self, challenge: &Challenge, now: Timestamp) -> Result<(), Error> {
        let (body, tag) = challenge.0.split_at_checked(NONCE_AND_TIME).ok_or(Refusal::Challenge)?;
        let right = Secret::new(self.claim_key().await?.tag(CHALLENGE_LABEL, body));
        let fresh = challenge.until().is_some_and(|until| now < until);
        if fresh && right == Secret::new(tag) { Ok(()) } else { Err(Refusal::Challenge.into()) }
    }

    fn check_answer(&self, key: &PublicKey, answer: &Answer) -> Result<(), Error> {
        let (algorithm, signature) = (&answer.algorithm, answer.signature.as_slice());
        let message = &answer.challenge.signed_bytes();
        let verdict = self.providers.verifier.verify(&Check { key, algorithm, message, signature });
        verdict.map_err(|_| Refusal::SignIn.into())
    }

    /// Whose certificate it is: one of this record, octet by octet, in force, that signs people in.
    async fn owner_of(
        &self,
        certificate: &Certificate,
        now: Timestamp,
    ) -> Result<(CaseId, Account), Error> {
        let query = Query::Thumbprint(certificate.thumbprint_sha1());
        let found = self.providers.journal.find(&query, &Page::first(1)).await?;
        let Some(View::Certificate(view)) = found.views.first() else {
            return Err(Refusal::SignIn.into());
        };
        let case = self.load_case(&view.case).await?;
        let account = self.load_account(&case.begun().user).await?;
        let signs_in = self.profile_of(&case).await?.sign_in && account.role() != Role::User;
        let same = self.certificate_of(&case).await? == *certificate;
        if same && signs_in && case.is_in_force(now) {
            Ok((case.id(), account))
        } else {
            Err(Refusal::SignIn.into())
        }
    }

    pub(super) async fn account_by_login(
        &self,
        login: &Login,
        now: Timestamp,
    ) -> Result<Option<Account>, Error> {
        let key = self.claim_key().await?.login(login);
        match self.providers.journal.holder(&key, now).await? {
            Some(Holder(user)) => self.load_account(&UserId::new(user)).await.map(Some),
            None => Ok(None),
        }
    }

    /// Compares a password with the account's; an account that is not there takes as long.
    pub(super) async fn password_fits(
        &self,
        account: Option<&Account>,
        password: &Secret,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let hasher = &self.providers.password_hasher;
        let verifier = account.and_then(|account| match account.temporary() {
            Some(temporary) => Some((temporary.verifier, now < temporary.until)),
            None => account.password().map(|password| (*password, true)),
        });
        let Some((verifier, in_force)) = verifier else {
            hasher.hash(password, &[0; 16]).await?;
            return Ok(false);
        };
        let document = self.document(&verifier).await?;
        let phc = core::str::from_utf8(document.bytes())
            .map_err(|error| Error::Damaged(error.to_string()))?;
        let fits = hasher.verify(password, &PasswordHash::new(phc)).await?;
        Ok(fits && in_force)
    }

    async fn record_sign_in(
        &self,
        session: &Session,
        challenge: Option<&Challenge>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let id = CommandId::new(self.random()?);
        let mut claims = Vec::new();
        if let Some(challenge) = challenge {
            let key = self.claim_key().await?.challenge(&challenge.0);
            claims.push(Claim::Take {
                key,
                holder: Holder(*id.octets()),
                until: challenge.until(),
            });
        }
        let batch = Batch {
            command: CommandMark { id, digest: [0; 32] },
            at: now,
            changes: vec![access(&session.actor, id, AccessFact::SignedIn, now)],
            claims,
            documents: Vec::new(),
            outcome: Vec::new(),
        };
        match self.providers.journal.commit(&batch).await {
            Ok(_) => Ok(()),
            Err(error) if matches!(error.kind(), ErrorKind::Conflict(Conflict::Taken { .. })) => {
                Err(Refusal::ChallengeReplayed.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn note_failed_sign_in(
        &self,
        account: Option<&Account>,
        refusal: &Refusal,
        now: Timestamp,
    ) -> Result<(), Error> {
        let user = account.map(Account::user);
        let actor = Actor { role: Role::User, user, office: None, method: Method::None };
        self.note_refusal(&actor, (CommandId::new([0; 16]), None), refusal.code(), now).await
    }

    /// Passes a sign-in by key or certificate on; a refused one is recorded as nobody's.
    async fn note_sign_in(
        &self,
        done: Result<Session, Error>,
        now: Timestamp,
    ) -> Result<Session, Error> {
        if let Err(Error::Refused(refusal)) = &done {
            self.note_failed_sign_in(None, refusal, now).await?;
        }
        done
    }

    /// Whether the session still holds: at every command and every look, the certificate's state included.
    pub(super) async fn check_session(
        &self,
        session: &Session,
        doing: Doing,
        now: Timestamp,
    ) -> Result<(), Error> {
        let user = session.actor.user.ok_or(Refusal::SignIn)?;
        let account = self.load_account(&user).await?;
        let changing = matches!(doing, Doing::ChangePassword);
        let refusal = match session.actor.method {
            Method::Certificate(case) => (!self.load_case(&case).await?.is_in_force(now))
                .then_some(Refusal::SessionCertificate),
            Method::Password => {
                let open = account.state() == AccountState::PasswordChangeRequired && !changing;
                open.then_some(Refusal::PasswordChangeRequired)
            }
            Method::Key => self.founding_refusal(now).await?,
            Method::None => Some(Refusal::SignIn),
        };
        refusal.map_or(Ok(()), |refusal| Err(refusal.into()))
    }

    /// A session by the founding key holds until there is a certificate for it, and then while that does.
    async fn founding_refusal(&self, now: Timestamp) -> Result<Option<Refusal>, Error> {
        let record = self.record().await?;
        let founding = record.founding().ok_or(Refusal::NotFounded)?;
        let cases = self.founding_cases(&founding.key).await?;
        for case in &cases {
            if self.load_case(case).await?.is_in_force(now) {
                return Ok(None);
            }
        }
        Ok((!cases.is_empty()).then_some(Refusal::SessionCertificate))
    }

    /// The cases whose certificates are for that key.
    async fn founding_cases(&self, key: &KeyIdentity) -> Result<Vec<CaseId>, Error> {
        let page = Page::first(CERTIFICATES_OF_ONE_KEY);
        let found = self.providers.journal.find(&Query::SubjectKey(*key), &page).await?;
        let issued = |view| match view {
            View::Certificate(view) if view.thumbprint.is_some() => Some(view.case),
            _ => None,
        };
        Ok(found.views.into_iter().filter_map(issued).collect())
    }

    /// A signature on a command must be its author's.
    pub(super) fn check_command_signature(
        &self,
        session: &Session,
        envelope: &Envelope,
    ) -> Result<(), Error> {
        let Some(signature) = &envelope.signature else { return Ok(()) };
        let key = session.key.as_ref().ok_or(Refusal::CommandSignature)?;
        let algorithm = self
            .providers
            .verifier
            .signature_algorithm(key)
            .map_err(|_| Refusal::CommandSignature)?;
        let message = &envelope.signed_bytes();
        let check = Check { key, algorithm: &algorithm, message, signature };
        self.providers.verifier.verify(&check).map_err(|_| Refusal::CommandSignature.into())
    }
}

const DOMAIN: &[u8] = b"gost-ca sign-in\0";
const CHALLENGE_LABEL: &str = "challenge";
const NONCE: usize = 32;
const NONCE_AND_TIME: usize = 40;
/// One, and the serial numbers that were reserved for it in vain.
const CERTIFICATES_OF_ONE_KEY: usize = 100;
