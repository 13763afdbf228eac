//! The parts of the record.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::id::{ApprovalId, AuthorityId, CaseId, NoticeId, TokenId, UserId};

/// Which part of the journal: the entries of one entity, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum StreamId {
    /// The founding, the offices, the profiles and the roles.
    Record,
    /// One account.
    Account(UserId),
    /// One case: the request and then the certificate.
    Case(CaseId),
    /// One authority: its keys and its CRLs.
    Authority(AuthorityId),
    /// Sign-ins and refusals.
    Access,
    /// The key of the audit, its checkpoints, and restores from a backup.
    Audit,
    /// One key carrier of the register.
    Carrier(TokenId),
    /// One notice: queued, tried, sent.
    Notice(NoticeId),
    /// One approval.
    Approval(ApprovalId),
}

/// A text names no stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a stream's name")]
pub struct BadStream;

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Record => f.write_str("record"),
            Self::Account(id) => write!(f, "account/{id}"),
            Self::Case(id) => write!(f, "case/{id}"),
            Self::Authority(id) => write!(f, "authority/{id}"),
            Self::Notice(id) => write!(f, "notice/{id}"),
            Self::Carrier(id) => write!(f, "carrier/{id}"),
            Self::Access => f.write_str("access"),
            Self::Audit => f.write_str("audit"),
            Self::Approval(id) => write!(f, "approval/{id}"),
        }
    }
}

impl Serialize for StreamId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for StreamId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl FromStr for StreamId {
    type Err = BadStream;
    fn from_str(text: &str) -> Result<Self, BadStream> {
        match text.split_once('/') {
            None if text == "record" => Ok(Self::Record),
            None if text == "access" => Ok(Self::Access),
            None if text == "audit" => Ok(Self::Audit),
            Some(("account", id)) => id.parse().map(Self::Account).map_err(|_| BadStream),
            Some(("case", id)) => id.parse().map(Self::Case).map_err(|_| BadStream),
            Some(("carrier", id)) => id.parse().map(Self::Carrier).map_err(|_| BadStream),
            Some(("approval", id)) => id.parse().map(Self::Approval).map_err(|_| BadStream),
            Some(("authority", id)) => id.parse().map(Self::Authority).map_err(|_| BadStream),
            Some(("notice", id)) => id.parse().map(Self::Notice).map_err(|_| BadStream),
            _ => Err(BadStream),
        }
    }
}
