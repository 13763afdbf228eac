//! Break-glass: an administrator is called back when nobody can sign in as one any more.
//!
//! The recovery keys are set at the beginning and lie in envelopes, in safes, with different people. So many
//! of them as were asked for name a new key for an administrator. That is an entry of the record which nobody
//! can overlook, and the first thing to do after it is to certify the key and to revoke the lost certificate.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::job::{Job, Work, append};
use super::{Challenge, RegistrationAuthority, SYSTEM};
use crate::command::Outcome;
use crate::entry::{Entry, VERSION};
use crate::error::Error;
use crate::fact::{RecordFact, RecoveryKey};
use crate::id::{CommandId, UserId};
use crate::lifecycle::{Record, Refusal};
use crate::provider::journal::{Batch, CommandMark, Expected, StreamId};
use crate::provider::verifier::Check;
use crate::view::Role;
use crate::x509::{KeyIdentity, PublicKey};

/// What the holders of recovery keys sign: who may sign in again, and by which key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recovery {
    /// A challenge of this record: it is answered once.
    pub challenge: Challenge,
    /// Which administrator.
    pub administrator: UserId,
    /// Their new key, `SubjectPublicKeyInfo`, DER.
    #[serde(with = "crate::hex::octets")]
    pub key: Vec<u8>,
}

/// The signature of one holder of a recovery key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecoverySignature {
    /// By which key.
    pub key: KeyIdentity,
    /// Over [`Recovery::signed_bytes`], as X.509 carries it.
    #[serde(with = "crate::hex::octets")]
    pub signature: Vec<u8>,
}

impl Recovery {
    /// What is signed: nothing else that this library signs begins like it.
    ///
    /// # Panics
    /// Never: it is plain data.
    pub fn signed_bytes(&self) -> Vec<u8> {
        #[expect(clippy::expect_used, reason = "serialising plain data to memory cannot fail")]
        let json = serde_json::to_vec(self).expect("it is plain data");
        [DOMAIN, &json].concat()
    }
}

impl Job<'_> {
    /// Who sets them may read their halves nowhere: only public keys come here.
    pub(super) async fn set_recovery(
        &self,
        keys: &[String],
        needed: u32,
    ) -> Result<Outcome, Error> {
        self.administrator_only()?;
        let record = self.ra.record().await?;
        self.expect(StreamId::Record, record.length())?;
        let mut known = BTreeMap::new();
        for key in keys {
            let public_key = crate::hex::decode(key);
            let public_key = public_key.ok_or(Refusal::Request("not hexadecimal".to_owned()))?;
            let read = self.ra.public_key(&public_key)?;
            known.insert(read.0, RecoveryKey { key: read.0, public_key });
        }
        let enough =
            usize::try_from(needed).is_ok_and(|needed| (1..=known.len()).contains(&needed));
        if !enough || known.len() != keys.len() {
            return Err(Refusal::Request("so many different keys are not there".to_owned()).into());
        }
        let fact = RecordFact::RecoverySet { keys: known.into_values().collect(), needed };
        self.finish(Work::of(self.record_change(record.length(), vec![fact])), Outcome::Done).await
    }
}

impl RegistrationAuthority {
    /// Calls an administrator back: from now on they [sign in](Self::sign_in_by_key) by the key, until there
    /// is a certificate for it.
    ///
    /// # Errors
    /// [`Refusal::Recovery`] where not enough recovery keys signed, [`Refusal::Challenge`] and
    /// [`Refusal::ChallengeReplayed`]; each is recorded as a sign-in that was refused.
    pub async fn recover(
        &self,
        recovery: &Recovery,
        signatures: &[RecoverySignature],
    ) -> Result<(), Error> {
        let now = self.now();
        let done = self.try_recovery(recovery, signatures, now).await;
        self.note_sign_in(done, now).await
    }

    async fn try_recovery(
        &self,
        recovery: &Recovery,
        signatures: &[RecoverySignature],
        now: Timestamp,
    ) -> Result<(), Error> {
        self.check_challenge(&recovery.challenge, now).await?;
        let record = self.record().await?;
        let signers = self.signers(&record, recovery, signatures)?;
        let administrator = recovery.administrator;
        let role = record.roles().get(&administrator).map(|(role, _)| *role);
        if role != Some(Role::Administrator) {
            return Err(Refusal::Recovery.into());
        }
        let (key, _) = self.public_key(&recovery.key)?;
        let fact = RecordFact::Recovered { administrator, key, signers };
        let id = CommandId::new(self.random()?);
        let (at, actor, command) = (now, SYSTEM.clone(), id);
        let entry = Entry { version: VERSION, at, effective: at, actor, command, fact };
        let length = Expected::Exactly(record.length());
        let batch = Batch {
            command: CommandMark { id, digest: [0; 32] },
            at: now,
            changes: vec![append(StreamId::Record, length, entry.encode())],
            claims: self.answered(&recovery.challenge).await?,
            documents: Vec::new(),
            outcome: Vec::new(),
        };
        self.commit_answer(&batch).await
    }

    /// The recovery keys that signed, each once.
    fn signers(
        &self,
        record: &Record,
        recovery: &Recovery,
        signatures: &[RecoverySignature],
    ) -> Result<Vec<KeyIdentity>, Refusal> {
        let set = record.recovery().ok_or(Refusal::Recovery)?;
        let message = &recovery.signed_bytes();
        let signed = |known: &&RecoveryKey| {
            let Ok((_, key)) = self.public_key(&known.public_key) else { return false };
            let Ok(algorithm) = self.providers.verifier.signature_algorithm(&key) else {
                return false;
            };
            let own = signatures.iter().filter(|signature| signature.key == known.key);
            own.map(|own| Check {
                key: &key,
                algorithm: &algorithm,
                message,
                signature: &own.signature,
            })
            .any(|check| self.providers.verifier.verify(&check).is_ok())
        };
        let signers: Vec<_> = set.keys.iter().filter(signed).map(|known| known.key).collect();
        let enough = u32::try_from(signers.len()).is_ok_and(|count| count >= set.needed);
        enough.then_some(signers).ok_or(Refusal::Recovery)
    }

    /// A public key with its identity.
    pub(super) fn public_key(&self, der: &[u8]) -> Result<(KeyIdentity, PublicKey), Refusal> {
        let key = PublicKey::from_der(der).map_err(|error| Refusal::Request(error.to_string()))?;
        let identity = self.providers.verifier.identify(&key);
        Ok((identity.map_err(|error| Refusal::Request(error.to_string()))?, key))
    }
}

const DOMAIN: &[u8] = b"gost-ca recovery\0";
