//! Facts of one approval.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::commitment::Commitment;
use crate::id::{CaseId, OfficeId, UserId};
use crate::lifecycle::Act;

/// Facts of one approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind")]
#[non_exhaustive]
pub enum ApprovalFact {
    /// Others are asked to approve a command.
    #[serde(rename = "approval.requested")]
    Requested(Box<ApprovalRequest>),
    /// Somebody approved.
    #[serde(rename = "approval.granted")]
    Granted {
        /// What they said.
        comment: String,
    },
    /// Enough approved.
    #[serde(rename = "approval.approved")]
    Approved,
    /// Somebody refused.
    #[serde(rename = "approval.rejected")]
    Rejected {
        /// Why.
        comment: String,
    },
    /// Whoever asked does not ask any more, or what it was about changed.
    #[serde(rename = "approval.withdrawn")]
    Withdrawn,
    /// Not enough approved in time.
    #[serde(rename = "approval.expired")]
    Expired,
    /// The command was executed.
    #[serde(rename = "approval.executed")]
    Executed,
    /// The command failed, and may be tried again.
    #[serde(rename = "approval.execution_failed")]
    ExecutionFailed {
        /// The code of the error.
        code: String,
    },
    /// The command is tried again.
    #[serde(rename = "approval.retried")]
    Retried,
    /// The command is not allowed any more.
    #[serde(rename = "approval.execution_denied")]
    ExecutionDenied {
        /// The code of the refusal.
        code: String,
    },
}

/// What others are asked to approve.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalRequest {
    /// Which act.
    pub act: Act,
    /// The document with the frozen command: an envelope's canonical octets.
    pub command: Commitment,
    /// How many must approve.
    pub quorum: u8,
    /// The registration point whose operators may; administrators alone where there is none.
    pub office: Option<OfficeId>,
    /// Whom it is for: they may not approve.
    pub beneficiary: Option<UserId>,
    /// Who began the request that is to be issued: they may not judge it, whoever submitted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begun_by: Option<UserId>,
    /// The case that it is about.
    pub case: Option<CaseId>,
    /// Until when it may be approved.
    pub until: Timestamp,
}

impl ApprovalFact {
    /// The name of the fact: the event of the audit, the key of the tables.
    pub const fn event(&self) -> &'static str {
        match self {
            Self::Requested(_) => "approval.requested",
            Self::Granted { .. } => "approval.granted",
            Self::Approved => "approval.approved",
            Self::Rejected { .. } => "approval.rejected",
            Self::Withdrawn => "approval.withdrawn",
            Self::Expired => "approval.expired",
            Self::Executed => "approval.executed",
            Self::ExecutionFailed { .. } => "approval.execution_failed",
            Self::Retried => "approval.retried",
            Self::ExecutionDenied { .. } => "approval.execution_denied",
        }
    }
}
