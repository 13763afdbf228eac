//! What an act is about, and where people go on after it.

use gost_ca::id::{ApprovalId, CaseId, TokenId, UserId};

use crate::web::Failure;

/// What an act is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Case(CaseId),
    /// A person, seen on a tab.
    User(UserId, Tab),
    Approval(ApprovalId),
    /// A registration that is not complete.
    Draft(UserId),
    Carrier(TokenId),
    Record,
    /// The lists that people go back to.
    Drafts,
    Crls,
    Audit,
    File,
}

/// Targets that are one page each, as links and as addresses.
const PAGES: [(Target, &str, &str); 5] = [
    (Target::Record, "record", "/administration"),
    (Target::Drafts, "drafts", "/drafts"),
    (Target::Crls, "crls", "/crls"),
    (Target::Audit, "audit", "/audit"),
    (Target::File, "file", "/file"),
];

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
    /// Reads it as links have it: `case-…`, `access-…` and the other tabs, `approval-…`, `record` and other pages.
    pub(crate) fn read(text: &str) -> Result<Self, Failure> {
        let wrong = |_| Failure::BadRequest;
        let Some((kind, id)) = text.split_once('-') else {
            let page = PAGES.iter().find(|(_, link, _)| *link == text);
            return page.map(|(target, ..)| *target).ok_or(Failure::BadRequest);
        };
        match kind {
            "case" => Ok(Self::Case(id.parse().map_err(wrong)?)),
            "approval" => Ok(Self::Approval(id.parse().map_err(wrong)?)),
            "draft" => Ok(Self::Draft(id.parse().map_err(wrong)?)),
            "carrier" => Ok(Self::Carrier(id.parse().map_err(wrong)?)),
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
            Self::Draft(id) => format!("draft-{id}"),
            Self::Carrier(id) => format!("carrier-{id}"),
            _ => self.one_page().0.to_owned(),
        }
    }

    /// Its page.
    pub(crate) fn page(self) -> String {
        match self {
            Self::Case(id) => format!("/certificates/{id}"),
            Self::User(id, Tab::Data) => format!("/users/{id}"),
            Self::User(id, tab) => format!("/users/{id}/{}", tab.name()),
            Self::Approval(id) => format!("/approvals/{id}"),
            Self::Draft(id) => format!("/drafts/{id}"),
            Self::Carrier(id) => format!("/carriers/{id}"),
            _ => self.one_page().1.to_owned(),
        }
    }

    /// Link and address of a target that is one page.
    fn one_page(self) -> (&'static str, &'static str) {
        let page = PAGES.iter().find(|(target, ..)| *target == self);
        page.map_or(("record", "/"), |(_, link, page)| (link, page))
    }

    pub(crate) fn case(self) -> Result<CaseId, Failure> {
        if let Self::Case(id) = self { Ok(id) } else { Err(Failure::BadRequest) }
    }

    pub(crate) fn user(self) -> Result<UserId, Failure> {
        if let Self::User(id, _) = self { Ok(id) } else { Err(Failure::BadRequest) }
    }

    pub(crate) fn carrier(self) -> Result<TokenId, Failure> {
        if let Self::Carrier(id) = self { Ok(id) } else { Err(Failure::BadRequest) }
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
        let carrier = TokenId::of_serial("0A1B2C");
        let more = [Target::Case(case), Target::Draft(user), Target::Carrier(carrier)];
        let pages = PAGES.map(|(target, ..)| target);
        for target in all.into_iter().chain(more).chain(pages) {
            assert_eq!(Target::read(&target.text()).unwrap(), target);
        }
        for wrong in ["", "case-", "case-zz", "nothing-1", "records", "data"] {
            assert!(Target::read(wrong).is_err(), "{wrong}");
        }
    }
}
