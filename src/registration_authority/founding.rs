//! The beginning of a record: once.

use super::claims::ClaimKey;
use super::{RegistrationAuthority, Session};
use crate::commitment::{Document, DocumentKind};
use crate::entry::{Actor, Entry, VERSION};
use crate::error::Error;
use crate::fact::{AccountFact, RecordFact};
use crate::id::{CommandId, UserId};
use crate::lifecycle::{Account, Refusal};
use crate::provider::journal::{
    Batch, Change, Claim, CommandMark, Expected, Holder, KeySpace, StreamId, UniqueKey,
};
use crate::provider::{Conflict, ErrorKind, UserRecord};
use crate::view::{Role, View};
use crate::x509::PublicKey;

/// What a record begins with: its first administrator.
#[derive(Clone, Debug)]
pub struct Founding {
    /// Chosen by whoever founds; the same id again finishes the same founding.
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
    /// [`Refusal::Founded`] where there is a record already; as commands otherwise.
    pub async fn found(&self, founding: Founding) -> Result<Session, Error> {
        let now = self.now();
        let Founding { id, administrator, key } = founding;
        let identity = self.providers.verifier.identify(&key);
        let identity = identity.map_err(|error| Refusal::Request(error.to_string()))?;
        let user = UserId::made_by(&id);
        let session = Session::founding(user, key, now);

        if let Some(known) = self.record().await?.founding() {
            let same = known.administrator == user && known.key == identity;
            return if same { Ok(session) } else { Err(Refusal::Founded.into()) };
        }

        let pepper =
            Document::seal(DocumentKind::Pepper, self.random()?, self.random::<32>()?.to_vec());
        let claims = ClaimKey::new(pepper.bytes().to_vec());
        let version = administrator.seal(self.random()?);
        self.providers.directory.put(&user, &version).await?;

        let fact = RecordFact::Founded {
            pepper: *pepper.commitment(),
            administrator: user,
            key: identity,
        };
        let system = Entry {
            version: VERSION,
            at: now,
            effective: now,
            actor: Actor::SYSTEM,
            command: id,
            fact: (),
        };
        let granted = RecordFact::RoleGranted { user, role: Role::Administrator, office: None };
        let record = Change {
            stream: StreamId::Record,
            expected: Expected::Exactly(0),
            entries: vec![system.with(fact).encode(), system.with(granted).encode()],
            views: Vec::new(),
        };
        let registered = system.with(AccountFact::Registered {
            role: Role::Administrator,
            office: None,
            registration: version.commitment,
            password: None,
        });
        let view = View::Account(Account::begin(user, &registered)?.view());
        let account = Change {
            stream: StreamId::Account(user),
            expected: Expected::Exactly(0),
            entries: vec![registered.encode()],
            views: vec![view],
        };
        let once = UniqueKey { space: KeySpace::Founding, digest: [0; 32] };
        let holder = Holder(*user.octets());
        let take = |key| Claim::Take { key, holder, until: None };
        let mut taken = vec![take(once), take(claims.login(&version.record.login))];
        taken.extend(version.record.data.keys().iter().map(|key| Claim::Take {
            key: claims.person(key),
            holder: claims.holder(key, &user, &version.record.data),
            until: None,
        }));
        let batch = Batch {
            command: CommandMark { id, digest: *identity.octets() },
            at: now,
            changes: vec![record, account],
            claims: taken,
            documents: vec![pepper],
            outcome: Vec::new(),
        };
        match self.providers.journal.commit(&batch).await {
            Ok(_) => Ok(session),
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::Conflict(Conflict::Stream { .. } | Conflict::Taken { .. })
                ) =>
            {
                Err(Refusal::Founded.into())
            }
            Err(error) => Err(error.into()),
        }
    }
}

impl Entry<()> {
    fn with<F>(&self, fact: F) -> Entry<F> {
        let Self { version, at, effective, ref actor, command, .. } = *self;
        Entry { version, at, effective, actor: actor.clone(), command, fact }
    }
}
