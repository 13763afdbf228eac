//! Facts of the audit itself.

use serde::{Deserialize, Serialize};

use crate::audit::checkpoint::SignedCheckpoint;
use crate::x509::KeyIdentity;

/// Facts of the audit itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind")]
#[non_exhaustive]
pub enum AuditFact {
    /// A key signs checkpoints from now on.
    #[serde(rename = "audit.key_registered")]
    KeyRegistered {
        /// The key.
        key: KeyIdentity,
        /// Its `SubjectPublicKeyInfo`, DER.
        #[serde(with = "crate::hex::octets")]
        public_key: Vec<u8>,
    },
    /// A checkpoint was made.
    #[serde(rename = "audit.checkpoint")]
    CheckpointMade(Box<SignedCheckpoint>),
    /// The record is an older copy, and work goes on from it.
    #[serde(rename = "audit.restore_acknowledged")]
    RestoreAcknowledged {
        /// The newest checkpoint that is kept outside, and lost here.
        kept: Box<SignedCheckpoint>,
        /// On which paper; no personal data.
        document: String,
    },
}

impl AuditFact {
    /// The name of the fact: the event of the audit, the key of the tables.
    pub const fn event(&self) -> &'static str {
        match self {
            Self::KeyRegistered { .. } => "audit.key_registered",
            Self::CheckpointMade(_) => "audit.checkpoint",
            Self::RestoreAcknowledged { .. } => "audit.restore_acknowledged",
        }
    }
}
