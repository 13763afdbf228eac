//! Views: the rows that lists and searches use, folded from the entries of a stream.
//!
//! A view holds no personal data. Storage keeps its fields as typed, indexed columns.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::commitment::Commitment;
use crate::id::{ApprovalId, AuthorityId, CaseId, NoticeId, OfficeId, TokenId, UserId};
use crate::lifecycle::Act;
use crate::x509::{KeyIdentity, SerialNumber};

/// A row of one of the lists.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum View {
    /// Of the list of accounts; its key is the user.
    Account(AccountView),
    /// Of the list of cases; its key is the case.
    Case(CaseView),
    /// Of the list of certificates; its key is the issuer's key with the serial number.
    Certificate(CertificateView),
    /// Of the list of authorities; its key is the authority.
    Authority(AuthorityView),
    /// Of the list of notices; its key is the notice.
    Notice(NoticeView),
    /// Of the list of key carriers; its key is the carrier.
    Carrier(CarrierView),
    /// Of the list of approvals; its key is the approval.
    Approval(ApprovalView),
}

/// One approval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalView {
    /// Which.
    pub approval: ApprovalId,
    /// The registration point whose operators may approve; administrators alone where there is none.
    pub office: Option<OfficeId>,
    /// How far it is.
    pub state: ApprovalState,
    /// What is to be approved.
    pub act: Act,
    /// The case that it is about.
    pub case: Option<CaseId>,
    /// When it was asked for.
    pub created: Timestamp,
    /// When something must be done by itself.
    pub due: Option<Timestamp>,
}

/// The state of an approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ApprovalState {
    /// Somebody must approve.
    Waiting,
    /// Enough approved; the command is to be executed.
    Approved,
    /// The command was executed.
    Executed,
    /// The command failed, and may be tried again.
    Failed,
    /// The command is not allowed any more.
    Denied,
    /// Somebody refused.
    Rejected,
    /// Nobody asks any more.
    Withdrawn,
    /// Not enough approved in time.
    Expired,
}

/// What a person may be here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Role {
    /// Registers operators, keeps offices, profiles and the authority's keys.
    Administrator,
    /// Registers users and carries their certificates through life, within offices.
    Operator,
    /// Has certificates: a subscriber.
    User,
    /// Reads and verifies the audit, and nothing else.
    Auditor,
    /// The engine itself: timed and automatic acts.
    System,
}

/// The state of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AccountState {
    /// The registration is not complete: no account yet, and nobody's login.
    Draft,
    /// Registered; the temporary password must be changed at the first sign-in.
    PasswordChangeRequired,
    /// In use.
    Active,
    /// Too many wrong passwords: none is taken until the lock is over, by itself.
    TemporarilyLocked,
    /// Nobody signs in until somebody unblocks it.
    Blocked,
    /// Out of use for good; the registration data is kept.
    Archived,
    /// The personal data is erased; the entries stay.
    Erased,
}

/// The state of a case: of the request first, then of the certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CaseState {
    /// A request is being filled in.
    Draft,
    /// A key is being made.
    KeyGen,
    /// The request is signed by its key.
    Built,
    /// The request was handed in.
    Submitted,
    /// Somebody must look at the request.
    PolicyReview,
    /// Others must approve the request.
    PendingApproval,
    /// The request may be issued.
    Approved,
    /// The certificate's exact bytes are recorded, and are being signed.
    Issuing,
    /// Signing was interrupted, its outcome is not known yet.
    InDoubt,
    /// Signing failed before a signature was made.
    Failed,
    /// The request was withdrawn.
    Cancelled,
    /// The request was refused.
    Rejected,
    /// The request was left too long.
    Expired,
    /// The certificate is on hold until its owner accepts it.
    AwaitingAcceptance,
    /// The certificate is in force, but for its dates.
    Active,
    /// The certificate is on hold.
    Suspended,
    /// The certificate was terminated.
    Revoked,
    /// The certificate ended, and its case was put away.
    Archived,
    /// The documents of the case are erased; the entries stay.
    Erased,
}

/// One account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountView {
    /// Whose.
    pub user: UserId,
    /// What they may be.
    pub role: Role,
    /// Their registration point; administrators have none.
    pub office: Option<OfficeId>,
    /// The state of the account.
    pub state: AccountState,
    /// The current version of the registration data; administrators may have none.
    pub registration: Option<Commitment>,
    /// When it was registered.
    pub created: Timestamp,
    /// When something must be done by itself.
    pub due: Option<Timestamp>,
}

/// One case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseView {
    /// Which.
    pub case: CaseId,
    /// Whose certificate it is or will be.
    pub user: UserId,
    /// The registration point that keeps it; administrators have none.
    pub office: Option<OfficeId>,
    /// How far it is.
    pub state: CaseState,
    /// The first case of the chain of renewals.
    pub lineage: CaseId,
    /// When it began.
    pub created: Timestamp,
    /// When the certificate ends; before issuing there is none.
    pub not_after: Option<Timestamp>,
    /// Whether it was taken off the lists.
    pub hidden: bool,
    /// When something must be done by itself.
    pub due: Option<Timestamp>,
}

/// One certificate, from the moment its serial number is reserved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateView {
    /// The key that issued it.
    pub issuer: KeyIdentity,
    /// Its serial number.
    pub serial: SerialNumber,
    /// The case it belongs to.
    pub case: CaseId,
    /// SHA-1 of its DER, as other tools show it; none while it is only reserved.
    pub thumbprint: Option<[u8; 20]>,
    /// The subject's key.
    pub subject_key: KeyIdentity,
    /// When it ends.
    pub not_after: Timestamp,
    /// Its place on the CRL, where it has one.
    pub listed: Option<Listed>,
}

/// A certificate's place on the CRL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The part of a partitioned CRL; 0 where it is whole.
    pub partition: u16,
    /// The entry of `revokedCertificates`, DER (RFC 5280 §5.1).
    pub entry: Vec<u8>,
}

/// One authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorityView {
    /// Which.
    pub authority: AuthorityId,
    /// When something must be done by itself: the next CRL.
    pub due: Option<Timestamp>,
}

/// The state of a key carrier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CarrierState {
    /// The office has it.
    InStock,
    /// A user has it.
    HandedOut,
    /// It was destroyed, or written off.
    Destroyed,
}

/// One key carrier of the register (U15).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarrierView {
    /// Which.
    pub token: TokenId,
    /// Its serial number.
    pub serial: String,
    /// What it is.
    pub model: String,
    /// Its registration point.
    pub office: OfficeId,
    /// Where it is.
    pub state: CarrierState,
    /// Who has it.
    pub user: Option<UserId>,
    /// When it came.
    pub created: Timestamp,
}

/// The state of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NoticeState {
    /// To be sent when it is due.
    Waiting,
    /// It could not be sent yet; it is tried again.
    Failed,
    /// It was handed over for delivery.
    Sent,
    /// It is not sent: too often in vain, nobody's address, no cause any more.
    Dropped,
}

/// One notice. It names nobody but by their account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeView {
    /// Which.
    pub notice: NoticeId,
    /// To whom.
    pub user: UserId,
    /// About which certificate, where it is about one.
    pub case: Option<CaseId>,
    /// The registration point that keeps what it is about.
    pub office: Option<OfficeId>,
    /// How far it is.
    pub state: NoticeState,
    /// When it was queued.
    pub created: Timestamp,
    /// When it is to be tried.
    pub due: Option<Timestamp>,
}

macro_rules! names {
    ($type:ident { $($variant:ident = $name:literal),+ $(,)? }) => {
        impl $type {
            /// All of them, in the order of a life.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// A short name, fixed for ever: in storage, JSON and documents.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// Reads the short name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }

        impl core::fmt::Display for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

names! { Role {
    Administrator = "administrator", Operator = "operator", User = "user", Auditor = "auditor", System = "system",
} }
names! { AccountState {
    Draft = "draft",
    PasswordChangeRequired = "password-change-required", Active = "active",
    TemporarilyLocked = "temporarily-locked", Blocked = "blocked",
    Archived = "archived", Erased = "erased",
} }
names! { ApprovalState {
    Waiting = "waiting", Approved = "approved", Executed = "executed", Failed = "failed",
    Denied = "denied", Rejected = "rejected", Withdrawn = "withdrawn", Expired = "expired",
} }
names! { CaseState {
    Draft = "draft", KeyGen = "key-gen", Built = "built", Submitted = "submitted",
    PolicyReview = "policy-review", PendingApproval = "pending-approval", Approved = "approved",
    Issuing = "issuing", InDoubt = "in-doubt", Failed = "failed", Cancelled = "cancelled",
    Rejected = "rejected", Expired = "expired", AwaitingAcceptance = "awaiting-acceptance",
    Active = "active", Suspended = "suspended", Revoked = "revoked", Archived = "archived",
    Erased = "erased",
} }
names! { CarrierState { InStock = "in-stock", HandedOut = "handed-out", Destroyed = "destroyed" } }
names! { NoticeState { Waiting = "waiting", Failed = "failed", Sent = "sent", Dropped = "dropped" } }
