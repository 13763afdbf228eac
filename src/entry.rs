//! Entries: the recorded facts, and their canonical octets.
//!
//! An entry is JSON with its fields in the order of their declaration, written once; the octets are hashed,
//! stored and verified as they are. Kinds and fields are only ever added: old octets decode for ever
//! (golden octets of every kind are in `tests/golden/`).

use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::id::{CaseId, CommandId, OfficeId, UserId};
use crate::provider::journal::StoredEntry;
use crate::view::Role;

/// The version of the entries' form that is written today.
pub const VERSION: u16 = 1;

/// A recorded fact: what, since when, by whom, on which command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry<F> {
    /// The version of its form.
    pub version: u16,
    /// When it was recorded.
    pub at: Timestamp,
    /// Since when it holds; the same as `at` unless something else was decided.
    pub effective: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// On which command.
    pub command: CommandId,
    /// What happened.
    pub fact: F,
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// What they were then.
    pub role: Role,
    /// Which account; none for the engine itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// Their registration point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<OfficeId>,
    /// How they had signed in.
    pub method: Method,
}

/// How somebody signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Method {
    /// Nobody did: the engine acts.
    None,
    /// With the founding administrator's key, before there was a certificate for it.
    Key,
    /// With this certificate.
    Certificate(CaseId),
    /// With login and password.
    Password,
}

impl Actor {
    /// The engine itself.
    pub const SYSTEM: Self =
        Self { role: Role::System, user: None, office: None, method: Method::None };

    /// Whether that account is the actor's own.
    pub fn is(&self, user: &UserId) -> bool {
        self.user.as_ref() == Some(user)
    }
}

/// An entry's octets cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("an entry cannot be read: {0}")]
pub struct BadEntry(#[from] serde_json::Error);

impl<F: Serialize> Entry<F> {
    /// The canonical octets.
    ///
    /// # Panics
    /// Never: facts are plain data.
    pub fn encode(&self) -> StoredEntry {
        #[expect(clippy::expect_used, reason = "serialising plain data to memory cannot fail")]
        StoredEntry(serde_json::to_vec(self).expect("facts are plain data"))
    }
}

impl<F: DeserializeOwned> Entry<F> {
    /// Reads the octets of an entry.
    ///
    /// # Errors
    /// [`BadEntry`] for octets of another kind of stream, or of a newer version of this library.
    pub fn decode(stored: &StoredEntry) -> Result<Self, BadEntry> {
        Ok(serde_json::from_slice(&stored.0)?)
    }
}
