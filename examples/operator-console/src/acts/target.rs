//! What an act is about.

use gost_ca::id::{ApprovalId, CaseId, UserId};

use crate::web::Failure;

/// What an act is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Case(CaseId),
    User(UserId),
    Approval(ApprovalId),
    Record,
}

impl Target {
    /// Reads it as links have it: `case-…`, `user-…`, `approval-…`, `record`.
    pub(crate) fn read(text: &str) -> Result<Self, Failure> {
        let wrong = |_| Failure::BadRequest;
        match text.split_once('-') {
            Some(("case", id)) => Ok(Self::Case(id.parse().map_err(wrong)?)),
            Some(("user", id)) => Ok(Self::User(id.parse().map_err(wrong)?)),
            Some(("approval", id)) => Ok(Self::Approval(id.parse().map_err(wrong)?)),
            None if text == "record" => Ok(Self::Record),
            _ => Err(Failure::BadRequest),
        }
    }

    pub(crate) fn text(self) -> String {
        match self {
            Self::Case(id) => format!("case-{id}"),
            Self::User(id) => format!("user-{id}"),
            Self::Approval(id) => format!("approval-{id}"),
            Self::Record => "record".to_owned(),
        }
    }

    /// Its page.
    pub(crate) fn page(self) -> String {
        match self {
            Self::Case(id) => format!("/certificates/{id}"),
            Self::User(id) => format!("/users/{id}"),
            Self::Approval(id) => format!("/approvals/{id}"),
            Self::Record => "/administration".to_owned(),
        }
    }

    pub(crate) fn case(self) -> Result<CaseId, Failure> {
        if let Self::Case(id) = self { Ok(id) } else { Err(Failure::BadRequest) }
    }

    pub(crate) fn user(self) -> Result<UserId, Failure> {
        if let Self::User(id) = self { Ok(id) } else { Err(Failure::BadRequest) }
    }

    pub(crate) fn approval(self) -> Result<ApprovalId, Failure> {
        if let Self::Approval(id) = self { Ok(id) } else { Err(Failure::BadRequest) }
    }
}
