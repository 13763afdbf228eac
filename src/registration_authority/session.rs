//! Signing in, and what a session is good for.

mod tries;

use core::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use spki::AlgorithmIdentifierOwned;

use super::RegistrationAuthority;
use super::access::access;
use super::claims::binding_key;
use crate::command::{Command, Envelope};
use crate::entry::{Actor, Method};
use crate::error::Error;
use crate::fact::AccessFact;
use crate::id::{CaseId, CommandId, UserId};
use crate::lifecycle::{Account, Refusal};
use crate::provider::journal::{Batch, Claim, CommandMark, Holder, Page, Query};
use crate::provider::verifier::Check;
use crate::provider::{Conflict, ErrorKind};
use crate::secret::Secret;
use crate::view::{Role, View};
use crate::x509::{Certificate, KeyIdentity, PublicKey};

pub(super) use tries::Dummy;
pub use tries::Lockout;

/// Somebody who signed in. Only the registration authority makes one; clones are the same session.
#[derive(Clone, Debug)]
pub struct Session {
    actor: Actor,
    key: Option<PublicKey>,
    began: Timestamp,
    pulse: Arc<Pulse>,
}

/// What becomes of a session as it goes on.
#[derive(Debug)]
struct Pulse {
    /// When it was last used: milliseconds since 1970.
    used: AtomicI64,
    /// How many entries the account had when the session was last good: what closed sessions before is no matter.
    since: AtomicU64,
}

/// What a session is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doing {
    /// The one thing that a temporary password is good for; by this command.
    ChangePassword(CommandId),
    /// Anything else.
    Other,
}

impl Doing {
    pub(super) const fn of(envelope: &Envelope) -> Self {
        match &envelope.command {
            Command::ChangePassword { .. } => Self::ChangePassword(envelope.id),
            _ => Self::Other,
        }
    }

    /// The command that changes the password.
    const fn change(&self) -> Option<&CommandId> {
        match self {
            Self::ChangePassword(id) => Some(id),
            Self::Other => None,
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

    /// What is signed to let a certificate sign in to an account; it signs nobody in by itself.
    pub fn binding_bytes(&self, user: &UserId) -> Vec<u8> {
        [BINDING, user.octets(), self.0.as_slice()].concat()
    }

    fn until(&self) -> Option<Timestamp> {
        let octets = self.0.get(NONCE..NONCE_AND_TIME)?.try_into().ok()?;
        Timestamp::from_second(i64::from_be_bytes(octets)).ok()
    }
}

impl Session {
    pub(super) fn founding(user: UserId, key: PublicKey, began: Timestamp, since: u64) -> Self {
        let actor = Actor {
            role: Role::Administrator,
            user: Some(user),
            office: None,
            method: Method::Key,
        };
        Self { actor, key: Some(key), began, pulse: Pulse::new(began, since) }
    }

    fn of(account: &Account, method: Method, key: Option<PublicKey>, began: Timestamp) -> Self {
        let (role, user, office) =
            (account.role(), Some(account.user()), account.office().cloned());
        let pulse = Pulse::new(began, account.length());
        Self { actor: Actor { role, user, office, method }, key, began, pulse }
    }

    /// What closed the account's other sessions did not close this one.
    pub(super) fn goes_on(&self, length: u64) {
        self.pulse.since.store(length, Ordering::Relaxed);
    }

    /// Whether it ended by its age, idle, or by a change of the account.
    fn is_over(&self, account: &Account, doing: Doing, now: Timestamp, limits: &Limits) -> bool {
        let used = self.pulse.used.load(Ordering::Relaxed);
        let used = Timestamp::from_millisecond(used).unwrap_or(Timestamp::MIN);
        limits.life < now.duration_since(self.began)
            || limits.idle < now.duration_since(used)
            || account.has_closed(self.pulse.since.load(Ordering::Relaxed), doing.change())
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

impl Pulse {
    fn new(began: Timestamp, since: u64) -> Arc<Self> {
        let (used, since) = (AtomicI64::new(began.as_millisecond()), AtomicU64::new(since));
        Arc::new(Self { used, since })
    }
}

/// How long sessions last.
struct Limits {
    life: SignedDuration,
    idle: SignedDuration,
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

    /// Signs in by a certificate of this record: staff by their profile's, users by those bound to them.
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
        self.record_sign_in(&session, self.answered(&answer.challenge).await?, now).await?;
        Ok(session)
    }

    /// Signs an administrator in by a bare key, the founding one or one of a [recovery](super::Recovery), while
    /// there is no certificate for it.
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
        let administrator = record.administrator_by_key(&identity).ok_or(Refusal::SignIn)?;
        let account = self.load_account(&administrator).await?;
        if !account.lets_in() {
            return Err(Refusal::SignIn.into());
        }
        let session = Session::founding(account.user(), key.clone(), now, account.length());
        if !self.founding_cases(&identity).await?.is_empty() {
            return Err(Refusal::SignIn.into()); // there is a certificate to sign in by
        }
        self.record_sign_in(&session, self.answered(&answer.challenge).await?, now).await?;
        Ok(session)
    }

    pub(super) async fn check_challenge(
        &self,
        challenge: &Challenge,
        now: Timestamp,
    ) -> Result<(), Error> {
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
        let bound = self.providers.journal.holder(&binding_key(&case.id()), now).await?;
        let owner = bound.map_or(case.begun().user, |Holder(user)| UserId::new(user));
        let account = self.load_account(&owner).await?;
        let signs_in = match account.role() {
            Role::User => account.bound().contains(&case.id()),
            // whoever a claim names: staff signs in by what was issued to them
            _ => account.user() == case.begun().user && self.profile_of(&case).await?.sign_in,
        };
        let same = self.certificate_of(&case).await? == *certificate;
        if same && signs_in && account.lets_in() && case.is_in_force(now) {
            Ok((case.id(), account))
        } else {
            Err(Refusal::SignIn.into())
        }
    }

    /// A challenge is answered once.
    pub(super) async fn answered(&self, challenge: &Challenge) -> Result<Vec<Claim>, Error> {
        let key = self.claim_key().await?.challenge(&challenge.0);
        Ok(vec![Claim::Take { key, holder: Holder(self.random()?), until: challenge.until() }])
    }

    async fn record_sign_in(
        &self,
        session: &Session,
        claims: Vec<Claim>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let id = CommandId::new(self.random()?);
        let batch = Batch {
            command: CommandMark { id, digest: [0; 32] },
            at: now,
            changes: vec![access(&session.actor, id, AccessFact::SignedIn, now)],
            claims,
            documents: Vec::new(),
            outcome: Vec::new(),
        };
        self.commit_answer(&batch).await
    }

    /// Commits what takes a challenge.
    pub(super) async fn commit_answer(&self, batch: &Batch) -> Result<(), Error> {
        match self.providers.journal.commit(batch).await {
            Ok(_) => Ok(()),
            Err(error) if matches!(error.kind(), ErrorKind::Conflict(Conflict::Taken { .. })) => {
                Err(Refusal::ChallengeReplayed.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Passes a sign-in by key or certificate on; a refused one is recorded as nobody's.
    pub(super) async fn note_sign_in<T: Send>(
        &self,
        done: Result<T, Error>,
        now: Timestamp,
    ) -> Result<T, Error> {
        if let Err(Error::Refused(refusal)) = &done {
            let actor = Actor { role: Role::User, user: None, office: None, method: Method::None };
            let nothing = (CommandId::new([0; 16]), None);
            self.note_refusal(&actor, nothing, refusal.code(), now).await?;
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
        let limits = Limits { life: self.settings.session, idle: self.settings.idle };
        if session.is_over(&account, doing, now, &limits) {
            return Err(Refusal::SessionOver.into());
        }
        let refusal = match session.actor.method {
            Method::Certificate(case) => (!self.load_case(&case).await?.is_in_force(now))
                .then_some(Refusal::SessionCertificate),
            Method::Password => {
                let open = account.must_change_password() && doing == Doing::Other;
                open.then_some(Refusal::PasswordChangeRequired)
            }
            Method::Key => self.founding_refusal(session, now).await?,
            Method::None => Some(Refusal::SignIn),
        };
        if let Some(refusal) = refusal {
            return Err(refusal.into());
        }
        session.pulse.used.store(now.as_millisecond(), Ordering::Relaxed);
        Ok(())
    }

    /// A session by a bare key holds until there is a certificate for it, and then while that does.
    async fn founding_refusal(
        &self,
        session: &Session,
        now: Timestamp,
    ) -> Result<Option<Refusal>, Error> {
        let key = session.key.as_ref().ok_or(Refusal::SignIn)?;
        let key = self.providers.verifier.identify(key).map_err(|_| Refusal::SignIn)?;
        let cases = self.founding_cases(&key).await?;
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

pub(super) const DOMAIN: &[u8] = b"gost-ca sign-in\0";
pub(super) const BINDING: &[u8] = b"gost-ca binding\0";
const CHALLENGE_LABEL: &str = "challenge";
const NONCE: usize = 32;
const NONCE_AND_TIME: usize = 40;
/// One, and the serial numbers that were reserved for it in vain.
const CERTIFICATES_OF_ONE_KEY: usize = 100;
