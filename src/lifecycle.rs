//! The life of accounts, requests and certificates, as tables.
//!
//! [`ACCOUNT`](account::ROWS), [`REQUEST`](request::ROWS), [`CERTIFICATE`](certificate::ROWS) and
//! [`APPROVAL`](approval::ROWS) are the specification: they drive folding, deciding, [`allowed_actions`](Case::allowed_actions) and the documents.

pub mod account;
pub mod approval;
pub mod authority;
pub mod carrier;
pub mod case;
pub mod certificate;
pub mod crl;
mod guards;
pub mod notice;
pub mod permission;
pub mod record;
pub mod refusal;
pub mod request;
pub mod status;

pub use account::Account;
pub use approval::Approval;
pub use authority::Authority;
pub use case::Case;
pub use crl::{CrlLine, CrlState};
pub use notice::Dispatch;
pub use record::Record;
pub use refusal::Refusal;
pub use status::{CertificateStatus, Known, OcspStatus, StatusAt};

use serde::{Deserialize, Serialize};

use crate::view::Role;

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

/// All tables, for front-ends and documents: rows with states, acts, roles, guards and events by their names.
pub fn export() -> serde_json::Value {
    serde_json::json!({
        "accounts": account::ROWS,
        "requests": request::ROWS,
        "certificates": certificate::ROWS,
        "carriers": carrier::ROWS,
        "notices": notice::ROWS,
        "crls": crl::ROWS,
        "approvals": approval::ROWS,
        "permissions": permission::MATRIX
            .iter()
            .map(|(act, roles)| serde_json::json!({ "act": act, "roles": roles }))
            .collect::<Vec<_>>(),
    })
}

/// What can be done: the buttons of every front-end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Act {
    /// Begin a registration, to go on later.
    StartRegistration,
    /// Go on with a registration.
    SaveDraft,
    /// Give a registration up.
    DiscardDraft,
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
    /// Set the code phrase for calls.
    SetCodePhrase,
    /// Take an account out of use for good.
    ArchiveAccount,
    /// Erase the personal data of an account.
    EraseAccount,
    /// Finish an erasure.
    FinishErasure,
    /// Edit the registration data.
    EditData,
    /// Edit one's own telephone and e-mail.
    EditContacts,
    /// Begin a request.
    CreateRequest,
    /// Let the request follow other registration data.
    EditRequest,
    /// Make the key and build the request.
    GenerateKey,
    /// Build the request with the key of the certificate that it renews.
    UseKey,
    /// Take a request made elsewhere.
    ImportRequest,
    /// Hand the request in.
    Submit,
    /// Approve a request.
    Approve,
    /// Look at a request with warnings, and let it go on.
    Waive,
    /// Refuse a request.
    Reject,
    /// Withdraw a request.
    Cancel,
    /// End what was left too long.
    Expire,
    /// Destroy a key container that no certificate needs.
    DestroyKey,
    /// Sign the certificate.
    Issue,
    /// Install the certificate in its container.
    Install,
    /// Confirm what the certificate says, or take it.
    Accept,
    /// Not take the certificate.
    RefuseAcceptance,
    /// Put the certificate on hold.
    Suspend,
    /// Put the certificate on hold at a call, by the code phrase.
    SuspendByPhrase,
    /// Change the term of the hold.
    ChangeSuspension,
    /// End the hold.
    Resume,
    /// Take down that the certificate is to be terminated.
    ApplyForTermination,
    /// Note that the legal term of a termination is over.
    MarkOverdue,
    /// Let the certificate live that was to be terminated.
    DismissTermination,
    /// Terminate the certificate.
    Revoke,
    /// Terminate an expired certificate.
    RevokeExpired,
    /// Say that the key was compromised, of a certificate that is terminated already.
    AmendReason,
    /// Have it suspended or terminated at a later time.
    Schedule,
    /// Not have it so.
    WithdrawSchedule,
    /// Begin a successor.
    Renew,
    /// Begin a new certificate in place of a terminated one.
    Reissue,
    /// Put an ended certificate's case away.
    Archive,
    /// Take it out again.
    Unarchive,
    /// Erase the documents of an archived case.
    Erase,
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
    /// Ask others to approve.
    RequestApproval,
    /// Refuse to approve.
    RejectApproval,
    /// Not ask any more.
    WithdrawApproval,
    /// Do what was approved.
    Execute,
    /// Do many things at once.
    Bulk,
    /// Forbid a key that is known to be compromised.
    BlockKey,
}

impl Act {
    /// A short name, fixed for ever: in storage, JSON and documents.
    ///
    /// # Panics
    /// Never: an act is a name.
    pub fn name(self) -> String {
        let name = serde_json::to_value(self).ok();
        name.and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Reads the short name.
    pub fn from_name(name: &str) -> Option<Self> {
        use serde::de::IntoDeserializer as _;
        let name: serde::de::value::StrDeserializer<'_, serde::de::value::Error> =
            name.into_deserializer();
        Self::deserialize(name).ok()
    }
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
    /// No certificate of the person is in force or on hold.
    NoCertificates,
    /// No request of the person is under way.
    NoRequests,
    /// No duty to keep the register of certificates stands (R5).
    NoRegisterDuty,
    /// No successor was begun, or it was withdrawn.
    NotRenewed,
    /// The request waits longer than its profile lets it.
    RequestOver,
    /// Not by whoever began the request.
    NotCreator,
    /// The certificate was not accepted in time.
    AcceptanceOver,
    /// The term of the hold is over, and its end is this.
    HoldOver,
    /// The time that was set has come.
    ScheduleDue,
    /// The time that was set is ahead, and the certificate lives till then.
    ScheduleAhead,
    /// The profile has holds by code phrase.
    EmergencyAllowed,
    /// The owner may end the hold.
    OwnerMayResume,
    /// The certificate has expired, and may be terminated all the same.
    LateRevocation,
    /// The date lies as far back as the profile lets it, at most.
    DateWithinPolicy,
    /// The ground fits the reason, and the owner was notified where the law wants it.
    GroundComplete,
    /// It is not known yet that the certificate is to be terminated.
    NoApplication,
    /// The certificate is to be terminated.
    Application,
    /// The legal term of the termination is over.
    ApplicationOverdue,
    /// The reason may be amended still.
    Amendable,
    /// The time for renewal has come.
    RenewalOpen,
    /// The certificate's key may be used on.
    KeySound,
    /// The container is one that no certificate in force needs.
    KeyUnneeded,
    /// Nothing was confirmed yet.
    NotAccepted,
    /// It ended long enough ago.
    ArchiveDue,
    /// It was archived long enough ago.
    EraseDue,
    /// Not by whoever asked for the approval.
    NotRequester,
    /// By whoever asked for the approval alone.
    Requester,
    /// Not by whom it is for.
    NotBeneficiary,
    /// Each person approves once.
    OncePerPerson,
    /// The term of the approval is not over.
    ApprovalOpen,
    /// The term of the approval is over.
    ApprovalOver,
    /// Enough approved.
    QuorumReached,
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
            Self::NoCertificates => "guard.certificates-in-force",
            Self::NoRequests => "guard.requests-pending",
            Self::NoRegisterDuty => "guard.register-duty",
            Self::NotRenewed => "guard.renewed",
            Self::RequestOver => "guard.request-not-over",
            Self::NotCreator => "guard.own-request",
            Self::AcceptanceOver => "guard.acceptance-not-over",
            Self::HoldOver => "guard.hold-not-over",
            Self::ScheduleDue => "guard.schedule-not-due",
            Self::ScheduleAhead => "guard.schedule-time",
            Self::EmergencyAllowed => "guard.no-emergency-hold",
            Self::OwnerMayResume => "guard.owner-may-not-resume",
            Self::LateRevocation => "guard.late-revocation",
            Self::DateWithinPolicy => "guard.date-beyond-policy",
            Self::GroundComplete => "guard.ground-incomplete",
            Self::NoApplication => "guard.termination-applied",
            Self::Application => "guard.no-termination-applied",
            Self::ApplicationOverdue => "guard.termination-in-time",
            Self::Amendable => "guard.reason-final",
            Self::RenewalOpen => "guard.renewal-too-early",
            Self::KeySound => "guard.key-compromised",
            Self::KeyUnneeded => "guard.key-needed",
            Self::NotAccepted => "guard.accepted",
            Self::ArchiveDue => "guard.archive-not-due",
            Self::EraseDue => "guard.erase-not-due",
            Self::NotRequester => "guard.own-approval",
            Self::Requester => "guard.not-requester",
            Self::NotBeneficiary => "guard.beneficiary",
            Self::OncePerPerson => "guard.approved-before",
            Self::ApprovalOpen => "guard.approval-over",
            Self::ApprovalOver => "guard.approval-not-over",
            Self::QuorumReached => "guard.quorum",
        }
    }
}

/// An act with the answer to "may I?".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedAction {
    /// What.
    pub act: Act,
    /// Why not, where not.
    pub refusal: Option<Refusal>,
}
