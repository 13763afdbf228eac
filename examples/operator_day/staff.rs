//! People who sign in by certificate: their keys, their requests, their sessions.

use gost_ca::command::{Command, Means, Outcome};
use gost_ca::id::{CaseId, UserId};
use gost_ca::provider::Signer;
use gost_ca::provider::key_store::KeyId;
use gost_ca::registration_authority::Answer;
use gost_ca::secret::Secret;
use gost_ca::{RegistrationAuthority, Session};

use crate::Result;
use crate::office::Office;

pub(crate) struct Operator {
    pub(crate) session: Session,
}

/// Answers a challenge with a key.
pub(crate) async fn answer(ra: &RegistrationAuthority, signer: &dyn Signer) -> Result<Answer> {
    let challenge = ra.challenge().await?;
    let message = challenge.signed_bytes();
    let signature = signer.sign(gost_ca::provider::key_store::Message::Bytes(&message)).await?;
    Ok(Answer::new(challenge, signer.algorithm().clone(), signature))
}

impl Office {
    /// Gives a member of the staff a sign-in certificate, and signs them in by it.
    pub(crate) async fn certify_staff(&self, user: UserId, name: &str) -> Result<Session> {
        let by = &self.administrator;
        let case = self.create_request(by, user, "sign-in").await?;
        let place = &self.keys.staff;
        let (key, access) = (place.key(name), place.new_access(&staff_pin()));
        let command = Command::GenerateKey {
            case,
            store: place.store_name.clone(),
            key: key.clone(),
            algorithm: self.algorithm,
            temporary_pin: false,
        };
        let rng = self.biological()?;
        self.ra.execute_with(by, &self.envelope(command)?, Means::for_key(&access, &rng)).await?;
        self.submit(by, case).await?;
        self.execute(by, Command::Install { case }).await?;
        self.sign_in(by, case, &key).await
    }

    /// Signs in by a certificate and its key.
    pub(crate) async fn sign_in(&self, by: &Session, case: CaseId, key: &KeyId) -> Result<Session> {
        let certificate = self.ra.certificate(by, &case).await?;
        let place = &self.keys.staff;
        let signer = place.store.open(key, &place.access(&staff_pin())).await?;
        Ok(self.ra.sign_in(&certificate, &answer(&self.ra, &*signer).await?).await?)
    }

    pub(crate) async fn create_request(
        &self,
        by: &Session,
        user: UserId,
        profile: &str,
    ) -> Result<CaseId> {
        let command =
            Command::CreateRequest { user, profile: profile.parse()?, authority: self.authority };
        match self.execute(by, command).await? {
            Outcome::RequestCreated { case } => Ok(case),
            other => Err(format!("a request was to be created, not {other:?}").into()),
        }
    }

    pub(crate) async fn submit(&self, by: &Session, case: CaseId) -> Result<()> {
        match self.execute(by, Command::Submit { case }).await? {
            Outcome::Issued { .. } => Ok(()),
            other => Err(format!("a certificate was to be issued, not {other:?}").into()),
        }
    }
}

pub(crate) fn staff_pin() -> Secret {
    Secret::from("staff-2026")
}
