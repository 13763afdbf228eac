//! Questions to the record, and their answers.

use core::ops::Range;

use jiff::Timestamp;

use crate::id::{OfficeId, UserId};
use crate::view::{
    AccountState, AccountView, ApprovalState, ApprovalView, CarrierState, CarrierView, CaseState,
    CaseView, NoticeState, NoticeView, Role, View,
};
use crate::x509::{KeyIdentity, SerialNumber};

/// A question that indexes answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Query {
    /// Cases, newest first; of the same age, the greatest id first.
    Cases(CaseFilter),
    /// All cases of these users, newest first.
    CasesOf(Vec<UserId>),
    /// Accounts, newest first; of the same age, the greatest id first.
    Accounts(AccountFilter),
    /// The accounts of these users, newest first.
    AccountsOf(Vec<UserId>),
    /// Key carriers, newest first; of the same age, the greatest id first.
    Carriers(CarrierFilter),
    /// The certificates with this serial number, of any issuer.
    Serial(SerialNumber),
    /// The certificate with this SHA-1 thumbprint.
    Thumbprint([u8; 20]),
    /// The certificates with this subject key.
    SubjectKey(KeyIdentity),
    /// Notices, newest first; of the same age, the greatest id first.
    Notices(NoticeFilter),
    /// Approvals, newest first; of the same age, the greatest id first.
    Approvals(ApprovalFilter),
    /// Accounts, cases, authorities, approvals and notices with something to be done by then, the most
    /// urgent first.
    Due(Timestamp),
}

/// Which cases; every field that is set must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// Of these offices; of all where there are none.
    pub offices: Vec<OfficeId>,
    /// In one of these states; in any where there are none.
    pub states: Vec<CaseState>,
    /// With certificates that end in this time; then the order is that of the ends, the first one first.
    pub expires: Option<Range<Timestamp>>,
    /// Also those taken off the lists (V11, «показать удалённые»).
    pub hidden: bool,
}

impl CaseFilter {
    /// Whether a row fits.
    pub fn fits(&self, row: &CaseView) -> bool {
        let expires = |term: &Range<_>| row.not_after.is_some_and(|end| term.contains(&end));
        (self.offices.is_empty() || row.office.as_ref().is_some_and(|o| self.offices.contains(o)))
            && (self.states.is_empty() || self.states.contains(&row.state))
            && self.expires.as_ref().is_none_or(expires)
            && (self.hidden || !row.hidden)
    }
}

/// Which accounts; every field that is set must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountFilter {
    /// Of these offices; of all where there are none.
    pub offices: Vec<OfficeId>,
    /// With this role.
    pub role: Option<Role>,
    /// In one of these states; in any where there are none.
    pub states: Vec<AccountState>,
}

impl AccountFilter {
    /// Whether a row fits.
    pub fn fits(&self, row: &AccountView) -> bool {
        (self.offices.is_empty() || row.office.as_ref().is_some_and(|o| self.offices.contains(o)))
            && self.role.is_none_or(|role| role == row.role)
            && (self.states.is_empty() || self.states.contains(&row.state))
    }
}

/// Which key carriers; every field that is set must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CarrierFilter {
    /// Of these offices; of all where there are none.
    pub offices: Vec<OfficeId>,
    /// In one of these states; in any where there are none.
    pub states: Vec<CarrierState>,
    /// That this user has.
    pub user: Option<UserId>,
}

impl CarrierFilter {
    /// Whether a row fits.
    pub fn fits(&self, row: &CarrierView) -> bool {
        (self.offices.is_empty() || self.offices.contains(&row.office))
            && (self.states.is_empty() || self.states.contains(&row.state))
            && self.user.is_none_or(|user| row.user == Some(user))
    }
}

/// Which approvals; every field that is set must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApprovalFilter {
    /// Of these offices; of all where there are none.
    pub offices: Vec<OfficeId>,
    /// In one of these states; in any where there are none.
    pub states: Vec<ApprovalState>,
}

impl ApprovalFilter {
    /// Whether a row fits.
    pub fn fits(&self, row: &ApprovalView) -> bool {
        (self.offices.is_empty() || row.office.as_ref().is_some_and(|o| self.offices.contains(o)))
            && (self.states.is_empty() || self.states.contains(&row.state))
    }
}

/// Which notices; every field that is set must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoticeFilter {
    /// Of these offices; of all where there are none.
    pub offices: Vec<OfficeId>,
    /// In one of these states; in any where there are none.
    pub states: Vec<NoticeState>,
}

impl NoticeFilter {
    /// Whether a row fits.
    pub fn fits(&self, row: &NoticeView) -> bool {
        (self.offices.is_empty() || row.office.as_ref().is_some_and(|o| self.offices.contains(o)))
            && (self.states.is_empty() || self.states.contains(&row.state))
    }
}

/// Which part of a long answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// From where; from the beginning where there is none.
    pub after: Option<Cursor>,
    /// At most so many.
    pub limit: usize,
}

impl Page {
    /// The first `limit`.
    pub const fn first(limit: usize) -> Self {
        Self { after: None, limit }
    }
}

/// A place in a long answer; opaque to all but the provider that gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(pub Vec<u8>);

/// One page of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The rows.
    pub views: Vec<View>,
    /// Where the next page begins; `None` after the last one.
    pub next: Option<Cursor>,
}
