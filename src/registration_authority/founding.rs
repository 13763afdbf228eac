//! The beginning of a record: once.

use jiff::Timestamp;

use super::accounts::registration_claims;
use super::claims::ClaimKey;
use super::{RegistrationAuthority, Session};
use crate::commitment::{Document, DocumentKind};
use crate::entry::{Actor, Entry, VERSION};
use crate::error::Error;
use crate::fact::{AccountFact, RecordFact};
use crate::id::{CommandId, UserId};
use crate::lifecycle::{Account, Refusal};
use crate::provider::directory::SealedRecord;
use crate::provider::journal::{
    Batch, Change, Claim, CommandMark, Expected, Holder, KeySpace, StreamId, UniqueKey,
};
use crate::provider::{Conflict, ErrorKind, ProviderError, UserRecord};
use crate::view::{Role, View};
use crate::x509::{KeyIdentity, PublicKey};

/// What a record begins with: its first administrator.
#[derive(Clone, Debug)]
pub struct Founding {
    /// Chosen by whoever founds: the administrator's id is made of it.
    pub id: CommandId,
    /// The first administrator's registration.
    pub administrator: UserRecord,
    /// The key that signs them in until they have a certificate for it.
    pub key: PublicKey,
}

impl RegistrationAuthority {
    /// Founds an empty record and signs its first administrator in.
    ///
    /// # Errors
    /// [`Refusal::Founded`] where there is a record already, also this very one: its administrator
    /// [signs in by their key](Self::sign_in_by_key). As commands otherwise.
    pub async fn found(&self, founding: Founding) -> Result<Session, Error> {
        let now = self.now();
        let identity = self.providers.verifier.identify(&founding.key);
        let identity = identity.map_err(|error| Refusal::Request(error.to_string()))?;
        let user = UserId::made_by(&founding.id);
        let session = Session::founding(user, founding.key, now, 1);
        if self.record().await?.founding().is_some() {
            return Err(Refusal::Founded.into());
        }
        let pepper =
            Document::seal(DocumentKind::Pepper, self.random()?, self.random::<32>()?.to_vec());
        let version = founding.administrator.seal(self.random()?);
        self.providers.directory.put(&user, &version).await?;
        let beginning = Beginning { id: founding.id, now, user, identity, version, pepper };
        match self.providers.journal.commit(&beginning.batch()?).await {
            // a repetition proves no possession of the key
            Ok(receipt) if receipt.repeated => Err(Refusal::Founded.into()),
            Ok(_) => Ok(session),
            Err(error) if is_taken(&error) => Err(Refusal::Founded.into()),
            Err(error) => Err(error.into()),
        }
    }
}

/// The first commit of a record.
struct Beginning {
    id: CommandId,
    now: Timestamp,
    user: UserId,
    identity: KeyIdentity,
    version: SealedRecord,
    pepper: Document,
}

impl Beginning {
    fn batch(self) -> Result<Batch, Error> {
        Ok(Batch {
            command: CommandMark { id: self.id, digest: *self.identity.octets() },
            at: self.now,
            changes: vec![self.record(), self.account()?],
            claims: self.claims(),
            documents: vec![self.pepper],
            outcome: Vec::new(),
        })
    }

    fn record(&self) -> Change {
        let (administrator, key, pepper) = (self.user, self.identity, *self.pepper.commitment());
        let founded = RecordFact::Founded { pepper, administrator, key };
        let granted =
            RecordFact::RoleGranted { user: self.user, role: Role::Administrator, office: None };
        let entries = [founded, granted].map(|fact| self.entry(fact).encode()).into();
        Change {
            stream: StreamId::Record,
            expected: Expected::Exactly(0),
            entries,
            views: Vec::new(),
        }
    }

    fn account(&self) -> Result<Change, Error> {
        let registered = self.entry(AccountFact::Registered {
            role: Role::Administrator,
            office: None,
            registration: self.version.commitment,
            password: None,
            certificate: None,
        });
        let views = vec![View::Account(Account::begin(self.user, &registered)?.view())];
        let (stream, expected) = (StreamId::Account(self.user), Expected::Exactly(0));
        Ok(Change { stream, expected, entries: vec![registered.encode()], views })
    }

    fn claims(&self) -> Vec<Claim> {
        let claims = ClaimKey::new(self.pepper.bytes().to_vec());
        let once = UniqueKey { space: KeySpace::Founding, digest: [0; 32] };
        let once = Claim::Take { key: once, holder: Holder(*self.user.octets()), until: None };
        let own = registration_claims(&claims, &self.user, &self.version.record);
        [once].into_iter().chain(own).collect()
    }

    fn entry<F>(&self, fact: F) -> Entry<F> {
        let (at, actor, command) = (self.now, Actor::SYSTEM, self.id);
        Entry { version: VERSION, at, effective: at, actor, command, fact }
    }
}

/// Somebody founded it first.
fn is_taken(error: &ProviderError) -> bool {
    matches!(error.kind(), ErrorKind::Conflict(Conflict::Stream { .. } | Conflict::Taken { .. }))
}
