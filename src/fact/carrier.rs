//! Facts of one key carrier.

use serde::{Deserialize, Serialize};

use crate::id::{OfficeId, UserId};

/// Facts of one key carrier (U15). The papers are numbers and dates, without personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind")]
#[non_exhaustive]
pub enum CarrierFact {
    /// The carrier came.
    #[serde(rename = "carrier.received")]
    Received {
        /// Its serial number.
        serial: String,
        /// What it is.
        model: String,
        /// Which registration point has it.
        office: OfficeId,
        /// By which paper it came.
        paper: String,
    },
    /// It was handed over to a user.
    #[serde(rename = "carrier.handed_out")]
    HandedOut {
        /// To whom.
        user: UserId,
        /// By which paper.
        paper: String,
    },
    /// It came back.
    #[serde(rename = "carrier.returned")]
    Returned {
        /// By which paper.
        paper: String,
    },
    /// It was destroyed, or written off.
    #[serde(rename = "carrier.destroyed")]
    Destroyed {
        /// By which paper.
        paper: String,
    },
}

impl CarrierFact {
    /// The name of the fact: the event of the audit, the key of the tables.
    pub const fn event(&self) -> &'static str {
        match self {
            Self::Received { .. } => "carrier.received",
            Self::HandedOut { .. } => "carrier.handed_out",
            Self::Returned { .. } => "carrier.returned",
            Self::Destroyed { .. } => "carrier.destroyed",
        }
    }
}
