//! Facts of the record as a whole.

use serde::{Deserialize, Serialize};

use crate::commitment::Commitment;
use crate::id::{AuthorityId, OfficeId, UserId};
use crate::profile::Profile;
use crate::reason::Ground;
use crate::view::Role;
use crate::x509::KeyIdentity;

/// Facts of the record as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind")]
#[non_exhaustive]
pub enum RecordFact {
    /// The record begins; once.
    #[serde(rename = "record.founded")]
    Founded {
        /// The document that keys the uniqueness claims.
        pepper: Commitment,
        /// The first administrator.
        administrator: UserId,
        /// Their key: it signs them in until there is a certificate for it.
        key: KeyIdentity,
    },
    /// A registration point was opened.
    #[serde(rename = "office.opened")]
    OfficeOpened {
        /// Which.
        office: OfficeId,
        /// How people call it.
        title: String,
    },
    /// A profile, or a newer version of one, is in use.
    #[serde(rename = "profile.adopted")]
    ProfileAdopted {
        /// The profile.
        profile: Box<Profile>,
    },
    /// Somebody may be nothing here any more, or not now.
    #[serde(rename = "role.withdrawn")]
    RoleWithdrawn {
        /// Who.
        user: UserId,
    },
    /// Somebody may be something here.
    #[serde(rename = "role.granted")]
    RoleGranted {
        /// Who.
        user: UserId,
        /// What.
        role: Role,
        /// Where.
        office: Option<OfficeId>,
    },
    /// These keys, so many of them together, can call an administrator back.
    #[serde(rename = "record.recovery_set")]
    RecoverySet {
        /// The keys.
        keys: Vec<RecoveryKey>,
        /// How many must sign.
        needed: u32,
    },
    /// The recovery keys were used: an administrator signs in by this key until there is a certificate for it.
    #[serde(rename = "record.recovered")]
    Recovered {
        /// Who.
        administrator: UserId,
        /// By which key.
        key: KeyIdentity,
        /// Which recovery keys signed.
        signers: Vec<KeyIdentity>,
    },
    /// A key is known to be compromised: nothing is built on it.
    #[serde(rename = "record.key_blocked")]
    KeyBlocked {
        /// Which.
        key: KeyIdentity,
        /// On which ground.
        ground: Ground,
    },
    /// An authority issues for this record.
    #[serde(rename = "authority.opened")]
    AuthorityOpened {
        /// Which.
        authority: AuthorityId,
        /// How people call it.
        title: String,
    },
}

/// A key that can call an administrator back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryKey {
    /// Which.
    pub key: KeyIdentity,
    /// Its `SubjectPublicKeyInfo`, DER.
    #[serde(with = "crate::hex::octets")]
    pub public_key: Vec<u8>,
}

impl RecordFact {
    /// The name of the fact: the event of the audit, the key of the tables.
    pub const fn event(&self) -> &'static str {
        match self {
            Self::Founded { .. } => "record.founded",
            Self::OfficeOpened { .. } => "office.opened",
            Self::ProfileAdopted { .. } => "profile.adopted",
            Self::RoleGranted { .. } => "role.granted",
            Self::RoleWithdrawn { .. } => "role.withdrawn",
            Self::RecoverySet { .. } => "record.recovery_set",
            Self::Recovered { .. } => "record.recovered",
            Self::KeyBlocked { .. } => "record.key_blocked",
            Self::AuthorityOpened { .. } => "authority.opened",
        }
    }
}
