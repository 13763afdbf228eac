//! What facts say of a certificate's term: how it is taken, and how it ends.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::profile::OnEnd;
use crate::reason::{Ground, GroundKind, Reason};

/// How an owner confirmed what a certificate says (V7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Acknowledgement {
    /// In a session of their own.
    Electronic,
    /// On paper: the signed copy lies at the desk.
    Paper {
        /// Its number and day.
        document: String,
    },
}

/// What is to happen to a certificate at a later time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Plan {
    /// It goes on hold.
    Suspend {
        /// On which ground.
        ground: Ground,
        /// Until when.
        until: Option<Timestamp>,
        /// What then.
        #[serde(default, skip_serializing_if = "OnEnd::is_stay")]
        on_end: OnEnd,
    },
    /// It is terminated.
    Revoke {
        /// The reason on the CRL.
        reason: Reason,
        /// On which ground.
        ground: Ground,
    },
}

impl Plan {
    /// Terminated in favour of a successor.
    pub(crate) const fn superseded() -> Self {
        let ground = Ground { kind: GroundKind::Successor, document: String::new() };
        Self::Revoke { reason: Reason::Superseded, ground }
    }
}

/// When the authority learned of a circumstance, and when the owner was told (desk R3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Notice {
    /// When the authority learned of it: the legal term of the entry counts from then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub learned: Option<Timestamp>,
    /// When the owner was notified, which annulment wants before the entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner_notified: Option<Timestamp>,
}

impl Notice {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
