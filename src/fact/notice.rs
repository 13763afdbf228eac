//! Facts of one notice.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{CaseId, OfficeId, UserId};
use crate::notice::NoticeKind;

/// Facts of one notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind")]
#[non_exhaustive]
pub enum NoticeFact {
    /// The person is to be told.
    #[serde(rename = "notice.queued")]
    Queued {
        /// Who.
        user: UserId,
        /// About which certificate, where it is about one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        case: Option<CaseId>,
        /// The registration point that keeps it.
        office: Option<OfficeId>,
        /// Of what.
        notice: NoticeKind,
        /// When.
        due: Timestamp,
    },
    /// It is about to be sent.
    #[serde(rename = "notice.tried")]
    Tried {
        /// Until when that is this node's; after that it is tried again.
        until: Timestamp,
    },
    /// It was handed over for delivery.
    #[serde(rename = "notice.sent")]
    Sent,
    /// It could not be handed over.
    #[serde(rename = "notice.failed")]
    Failed {
        /// Why, as the notifier's error names it.
        why: String,
        /// When it is tried again.
        next: Timestamp,
    },
    /// It is not sent.
    #[serde(rename = "notice.dropped")]
    Dropped {
        /// Why.
        why: String,
    },
}

impl NoticeFact {
    /// The name of the fact: the event of the audit, the key of the tables.
    pub const fn event(&self) -> &'static str {
        match self {
            Self::Queued { .. } => "notice.queued",
            Self::Tried { .. } => "notice.tried",
            Self::Sent => "notice.sent",
            Self::Failed { .. } => "notice.failed",
            Self::Dropped { .. } => "notice.dropped",
        }
    }
}
