//! The life of accounts, requests and certificates, as tables.
//!
//! [`ACCOUNT`](account::ROWS), [`REQUEST`](request::ROWS) and [`CERTIFICATE`](certificate::ROWS) are the
//! specification: they drive folding, deciding, [`allowed_actions`](Case::allowed_actions) and the documents.

pub mod account;
pub mod authority;
pub mod carrier;
pub mod case;
pub mod certificate;
pub mod crl;
pub mod notice;
pub mod permission;
pub mod record;
pub mod refusal;
pub mod request;
pub mod status;

pub use account::Account;
pub use authority::Authority;
pub use case::Case;
pub use crl::{CrlLine, CrlState};
pub use notice::Dispatch;
pub use record::Record;
pub use refusal::Refusal;
pub use status::{CertificateStatus, StatusAt};

use jiff::Timestamp;
use serde::Serialize;

use crate::fact::CaseFact;
use crate::profile::{Profile, Suspension};
use crate::view::{CaseState, Role};

/// One row of a transition table.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Row<S: 'static> {
    /// Its number in the lifecycle, fixed for ever.
    pub id: &'static str,
    /// What is done.
    pub act: Act,
    /// From which states; from nothing where there are none.
    pub from: &'static [S],
    /// To which state; none where the state stays.
    pub to: Option<S>,
    /// Who may do it, within their [permissions](permission).
    pub actors: &'static [Role],
    /// What must hold besides.
    pub guards: &'static [Guard],
    /// The fact that records it.
    pub event: &'static str,
}

/// What can be done: the buttons of every front-end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Act {
    /// Register a person.
    Register,
    /// Change the password for one of one's own choice.
    ChangePassword,
    /// Give out a new temporary password.
    IssueTemporaryPassword,
    /// Let a temporary password end.
    ExpireTemporaryPassword,
    /// Replace a lost password by a temporary one.
    ResetPassword,
    /// Let a certificate sign its owner in.
    BindCertificate,
    /// Let a certificate sign its owner in no more.
    UnbindCertificate,
    /// Lock an account after wrong passwords.
    Lock,
    /// End a lock.
    Unlock,
    /// Let nobody sign in by an account.
    Block,
    /// End a block.
    Unblock,
    /// Change what a member of the staff may be, or where.
    ChangeRole,
    /// Edit the registration data.
    EditData,
    /// Begin a request.
    CreateRequest,
    /// Let the request follow other registration data.
    EditRequest,
    /// Make the key and build the request.
    GenerateKey,
    /// Take a request made elsewhere.
    ImportRequest,
    /// Hand the request in.
    Submit,
    /// Approve a request.
    Approve,
    /// Withdraw a request.
    Cancel,
    /// Sign the certificate.
    Issue,
    /// Install the certificate in its container.
    Install,
    /// Put the certificate on hold.
    Suspend,
    /// End the hold.
    Resume,
    /// Terminate the certificate.
    Revoke,
    /// Begin a successor with a new key.
    Renew,
    /// Take a terminated certificate off the lists.
    Hide,
    /// Print a form.
    Print,
    /// Ask registers about an applicant.
    CheckApplicant,
    /// Attach the scan of a paper.
    AttachScan,
    /// Take a key carrier into the register.
    ReceiveCarrier,
    /// Hand a key carrier over to a user.
    HandOutCarrier,
    /// Take a key carrier back.
    TakeCarrierBack,
    /// Destroy a key carrier, or write it off.
    DestroyCarrier,
    /// Keep offices, profiles, authorities and operators.
    Administer,
    /// Make a CRL.
    IssueCrl,
    /// Let a line of CRLs that was blocked go on.
    ReleaseCrl,
    /// Send a CRL to where it is fetched.
    PublishCrl,
    /// Take certificates that were issued elsewhere.
    Import,
    /// Tell an owner.
    Notify,
}

/// What must hold besides state and role. Each has a name, and an error that names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Guard {
    /// The certificate has not expired.
    NotExpired,
    /// The certificate is revoked or expired (V11).
    Terminated,
    /// The profile allows suspension (R4).
    SuspensionAllowed,
    /// The hold ends in time: within the profile's term and before the certificate does.
    TermWithinPolicy,
    /// The reason is one that this role may give.
    ReasonAllowed,
    /// The temporary password is not over.
    PasswordInForce,
    /// The account may have a password at all.
    PasswordUsed,
    /// The temporary password, or the lock, is over.
    TermOver,
    /// The account is not the actor's own.
    NotOneself,
    /// Another administrator is left who may sign in.
    NotLastAdministrator,
    /// The block is one that the actor may end.
    BlockWithinReach,
    /// The account belongs to the staff.
    Staff,
    /// The account is a user's.
    User,
    /// The certificate is in force, and the person's own.
    CertificateUsable,
    /// Whoever asks has the certificate's key.
    Possession,
    /// The person can sign in afterwards, too.
    MethodRemains,
    /// No successor was begun, or it was withdrawn.
    NotRenewed,
}

impl Guard {
    /// The code of the refusal, fixed for ever.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotExpired => "guard.expired",
            Self::Terminated => "guard.not-terminated",
            Self::SuspensionAllowed => "guard.suspension-forbidden",
            Self::TermWithinPolicy => "guard.term-beyond-policy",
            Self::ReasonAllowed => "guard.reason-not-allowed",
            Self::PasswordInForce => "guard.temporary-password-over",
            Self::PasswordUsed => "guard.no-password",
            Self::TermOver => "guard.term-lasts",
            Self::NotOneself => "guard.oneself",
            Self::NotLastAdministrator => "guard.last-administrator",
            Self::BlockWithinReach => "guard.blocked-by-administrator",
            Self::Staff => "guard.not-staff",
            Self::User => "guard.staff",
            Self::CertificateUsable => "guard.certificate-not-usable",
            Self::Possession => "guard.possession-not-proven",
            Self::MethodRemains => "guard.last-sign-in-method",
            Self::NotRenewed => "guard.renewed",
        }
    }

    /// Why not, in English.
    pub const fn message(self) -> &'static str {
        match self {
            Self::NotExpired => "the certificate has expired",
            Self::Terminated => {
                "only a revoked or expired certificate may be deleted from the list"
            }
            Self::SuspensionAllowed => "the profile forbids suspension",
            Self::TermWithinPolicy => "the hold would end too late, or in the past",
            Self::ReasonAllowed => "this role may not give this reason",
            Self::PasswordInForce => "the temporary password is over",
            Self::PasswordUsed => "this account signs in by certificate only",
            Self::TermOver => "the term is not over yet",
            Self::NotOneself => "nobody does this to their own account",
            Self::NotLastAdministrator => "no other administrator would be left",
            Self::BlockWithinReach => "an administrator blocked it",
            Self::Staff => "users keep their role and office",
            Self::User => "staff sign in by certificates of their profile alone",
            Self::CertificateUsable => "the certificate is not in force, or not this person's",
            Self::Possession => "possession of the certificate's key is not proven",
            Self::MethodRemains => "no other way to sign in would be left",
            Self::NotRenewed => "a renewal was begun already",
        }
    }

    /// Whether it holds for a case; one that depends on the fact holds where there is none yet.
    fn holds(
        self,
        case: &Case,
        profile: &Profile,
        fact: Option<(&CaseFact, Role)>,
        now: Timestamp,
    ) -> bool {
        match self {
            Self::NotExpired => !case.is_expired(now),
            Self::Terminated => case.state() == CaseState::Revoked || case.is_expired(now),
            Self::SuspensionAllowed => profile.suspension != Suspension::Forbidden,
            Self::TermWithinPolicy => match fact {
                Some((CaseFact::CertificateSuspended { until, .. }, _)) => {
                    term_fits(case, profile, *until, now)
                }
                _ => true,
            },
            Self::ReasonAllowed => match fact {
                Some((CaseFact::CertificateRevoked { reason, .. }, role)) => {
                    reason.allowed_to(role)
                }
                _ => true,
            },
            Self::NotRenewed => case.successor().is_none(),
            Self::PasswordInForce
            | Self::PasswordUsed
            | Self::TermOver
            | Self::NotOneself
            | Self::NotLastAdministrator
            | Self::BlockWithinReach
            | Self::Staff
            | Self::User
            | Self::CertificateUsable
            | Self::Possession
            | Self::MethodRemains => true, // of accounts
        }
    }
}

fn term_fits(case: &Case, profile: &Profile, until: Option<Timestamp>, now: Timestamp) -> bool {
    let Suspension::Allowed { max_days } = profile.suspension else { return false };
    let Some(until) = until else { return true };
    let longest = jiff::SignedDuration::from_hours(i64::from(max_days).saturating_mul(24));
    let longest = now.saturating_add(longest).unwrap_or(Timestamp::MAX);
    now < until && until <= longest && case.not_after().is_none_or(|end| until <= end)
}

/// An act with the answer to "may I?".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedAction {
    /// What.
    pub act: Act,
    /// Why not, where not.
    pub refusal: Option<Refusal>,
}
