//! What an act is about, and where people go on after it.

use gost_ca::id::{ApprovalId, CaseId, UserId};

use crate::web::Failure;

/// What an act is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Case(CaseId),
    /// A person, seen on a tab.
    User(UserId, Tab),
    Approval(ApprovalId),
    Record,
}

/// The tab of a person's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tab {
    Data,
    Access,
    Papers,
    Request,
}

impl Tab {
    const ALL: [Self; 4] = [Self::Data, Self::Access, Self::Papers, Self::Request];

    const fn name(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Access => "access",
            Self::Papers => "papers",
            Self::Request => "request",
        }
    }
}

impl Target {
    /// Reads it as links have it: `case-…`, `access-…` and the other tabs, `approval-…`, `record`.
    pub(crate) fn read(text: &str) -> Result<Self, Failure> {
        let wrong = |_| Failure::BadRequest;
        let Some((kind, id)) = text.split_once('-') else {
            return if text == "record" { Ok(Self::Record) } else { Err(Failure::BadRequest) };
        };
        match kind {
            "case" => Ok(Self::Case(id.parse().map_err(wrong)?)),
            "approval" => Ok(Self::Approval(id.parse().map_err(wrong)?)),
            _ => {
                let tab = Tab::ALL.into_iter().find(|tab| tab.name() == kind);
                Ok(Self::User(id.parse().map_err(wrong)?, tab.ok_or(Failure::BadRequest)?))
            }
        }
    }

    pub(crate) fn text(self) -> String {
        match self {
            Self::Case(id) => format!("case-{id}"),
            Self::User(id, tab) => format!("{}-{id}", tab.name()),
            Self::Approval(id) => format!("approval-{id}"),
            Self::Record => "record".to_owned(),
        }
    }

    /// Its page.
    pub(crate) fn page(self) -> String {
        match self {
            Self::Case(id) => format!("/certificates/{id}"),
            Self::User(id, Tab::Data) => format!("/users/{id}"),
            Self::User(id, tab) => format!("/users/{id}/{}", tab.name()),
            Self::Approval(id) => format!("/approvals/{id}"),
            Self::Record => "/administration".to_owned(),
        }
    }

    pub(crate) fn case(self) -> Result<CaseId, Failure> {
        if let Self::Case(id) = self { Ok(id) } else { Err(Failure::BadRequest) }
    }

    pub(crate) fn user(self) -> Result<UserId, Failure> {
        if let Self::User(id, _) = self { Ok(id) } else { Err(Failure::BadRequest) }
    }

    pub(crate) fn approval(self) -> Result<ApprovalId, Failure> {
        if let Self::Approval(id) = self { Ok(id) } else { Err(Failure::BadRequest) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_say_what_they_are_about() {
        let (user, case) = (UserId::new([7; 16]), CaseId::new([9; 16]));
        let all = Tab::ALL.map(|tab| Target::User(user, tab));
        for target in all.into_iter().chain([Target::Case(case), Target::Record]) {
            assert_eq!(Target::read(&target.text()).unwrap(), target);
        }
        for wrong in ["", "case-", "case-zz", "nothing-1", "records", "data"] {
            assert!(Target::read(wrong).is_err(), "{wrong}");
        }
    }
}
