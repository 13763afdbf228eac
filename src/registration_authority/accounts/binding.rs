//! Certificates that sign users in (U3, U12).
//!
//! Only certificates of this record are bound: of others it could not tell whether they are in force. One
//! certificate signs in to one account, which is why a binding is a unique key.

use jiff::Timestamp;

use super::super::RegistrationAuthority;
use super::super::claims::binding_key;
use super::super::job::{Job, Work};
use crate::command::{Outcome, Possession, Register};
use crate::error::Error;
use crate::fact::AccountFact;
use crate::id::{CaseId, UserId};
use crate::lifecycle::account::Circumstances;
use crate::lifecycle::{Account, Act, Case, Guard, Refusal};
use crate::provider::Conflict;
use crate::provider::journal::{Claim, Holder, KeySpace};
use crate::provider::verifier::Check;
use crate::registration::RegistrationData;
use crate::view::Role;

impl Job<'_> {
    /// U3: a user without a password.
    pub(in super::super) async fn register_by_certificate(
        &self,
        register: &Register,
        case: &CaseId,
        possession: &Possession,
    ) -> Result<Outcome, Error> {
        if register.role != Role::User {
            return Err(Refusal::Guard(Guard::User).into());
        }
        let user = UserId::made_by(&self.envelope.id);
        let claims = self.check_registration(&user, register).await?;
        let bound = self.check_binding((&user, &register.data), case, possession).await?;
        let work = Work::default().with_claims(claims).with_claims(bound);
        let outcome = Outcome::Registered { user, temporary_password: None };
        let done = self.begin_account(user, register, (None, Some(*case)), (work, outcome));
        done.await.map_err(name_the_binding)
    }

    pub(in super::super) async fn bind_certificate(
        &self,
        user: &UserId,
        case: &CaseId,
        possession: &Possession,
    ) -> Result<Outcome, Error> {
        let (mut account, around) = self.account(user, Act::BindCertificate).await?;
        let data = self.ra.user_record(user, account.registration()).await?.data;
        let claims = self.check_binding((user, &data), case, possession).await?;
        let fact = AccountFact::CertificateBound { case: *case };
        let change = self.change_account(&mut account, Act::BindCertificate, fact, &around)?;
        let work = Work::of(change).with_claims(claims);
        self.finish(work, Outcome::Done).await.map_err(name_the_binding)
    }

    pub(in super::super) async fn unbind_certificate(
        &self,
        user: &UserId,
        case: &CaseId,
    ) -> Result<Outcome, Error> {
        let mut account = self.loaded(user).await?;
        if !account.bound().contains(case) {
            account.admits(
                &self.actor,
                Act::UnbindCertificate,
                &self.ra.circumstances(&account, self.now).await?,
            )?;
            return Err(Refusal::NotFound("bound certificate").into());
        }
        // one that is not in force any more may go whatever else is left
        let others = self.ra.bound_in_force(&account, Some(case), self.now).await?;
        let around = self.ra.circumstances(&account, self.now).await?;
        let around = around.with_bound(others.saturating_add(1));
        let fact = AccountFact::CertificateUnbound { case: *case };
        let change = self.change_account(&mut account, Act::UnbindCertificate, fact, &around)?;
        let released = Claim::Release { key: binding_key(case) };
        self.finish(Work::of(change).with_claims([released]), Outcome::Done).await
    }

    /// The certificate is the person's, in force, and its key is there; then what is taken.
    async fn check_binding(
        &self,
        (user, data): (&UserId, &RegistrationData),
        id: &CaseId,
        possession: &Possession,
    ) -> Result<Vec<Claim>, Error> {
        let case = self.ra.load_case(id).await?;
        if !case.is_in_force(self.now) || !self.is_of_same_person(&case, user, data).await? {
            return Err(Refusal::Guard(Guard::CertificateUsable).into());
        }
        let Possession { challenge, signature } = possession;
        self.ra.check_challenge(challenge, self.now).await?;
        let certificate = self.ra.certificate_of(&case).await?;
        let (key, verifier) = (certificate.public_key(), &self.ra.providers.verifier);
        let unproven = || Refusal::Guard(Guard::Possession);
        let algorithm = &verifier.signature_algorithm(key).map_err(|_| unproven())?;
        let message = &challenge.binding_bytes(user);
        verifier.verify(&Check { key, algorithm, message, signature }).map_err(|_| unproven())?;
        let (key, holder) = (binding_key(id), Holder(*user.octets()));
        if self.ra.providers.journal.holder(&key, self.now).await?.is_some() {
            return Err(Refusal::CertificateBound.into());
        }
        let mut claims = self.ra.answered(challenge).await?;
        claims.push(Claim::Take { key, holder, until: None });
        Ok(claims)
    }

    /// A user's certificate, by this registration or another one of the same SNILS.
    async fn is_of_same_person(
        &self,
        case: &Case,
        user: &UserId,
        data: &RegistrationData,
    ) -> Result<bool, Error> {
        let begun = case.begun();
        if begun.role != Role::User || begun.user == *user {
            return Ok(begun.role == Role::User);
        }
        let known = self.ra.registration_of(case).await?;
        Ok(known.subject.person().snils == data.subject.person().snils)
    }
}

impl RegistrationAuthority {
    /// How many certificates that sign the account in are in force, but for one.
    pub(in super::super) async fn bound_in_force(
        &self,
        account: &Account,
        but: Option<&CaseId>,
        now: Timestamp,
    ) -> Result<usize, Error> {
        let mut count = 0_usize;
        for case in account.bound().iter().filter(|case| Some(*case) != but) {
            let in_force = self.load_case(case).await?.is_in_force(now);
            count = count.saturating_add(usize::from(in_force));
        }
        Ok(count)
    }

    /// What guards look at that an account's own entries do not tell.
    pub(in super::super) async fn circumstances(
        &self,
        account: &Account,
        now: Timestamp,
    ) -> Result<Circumstances, Error> {
        let administrators = self.record().await?.administrators();
        let bound = self.bound_in_force(account, None, now).await?;
        Ok(Circumstances::new(now, administrators).with_bound(bound))
    }
}

/// What was taken meanwhile, in the words of the desk.
fn name_the_binding(error: Error) -> Error {
    let Error::Conflict(Conflict::Taken { key, .. }) = &error else { return error };
    match key.space {
        KeySpace::Binding => Refusal::CertificateBound.into(),
        KeySpace::Challenge => Refusal::ChallengeReplayed.into(),
        _ => error,
    }
}
