//! What can happen: the facts of each kind of stream.
//!
//! A fact's name is the event of the audit (`certificate.suspended`) and the key of the transition tables.

mod crl;
mod imported;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::audit::checkpoint::SignedCheckpoint;
use crate::authority::CrlPolicy;
use crate::commitment::Commitment;
use crate::desk::scan::{Scan, ScanOwner};
use crate::id::{ApprovalId, AuthorityId, CaseId, Name, OfficeId, ProfileId, UserId};
use crate::lifecycle::Act;
use crate::notice::NoticeKind;
use crate::print::Edition;
use crate::profile::{OnEnd, Profile};
use crate::provider::applicant_check::FieldAnswer;
use crate::provider::authority::{Ticket, Validity};
use crate::provider::key_store::KeyId;
use crate::provider::rng::RngKind;
use crate::reason::{Ground, GroundKind, Reason};
use crate::view::Role;
use crate::x509::{KeyIdentity, SerialNumber};
pub use crl::{CrlIssued, CrlRef, Delivery, KnownHead};
pub use imported::{Imported, ImportedStatus};

/// Facts of the record as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind")]
#[non_exhaustive]
pub enum RecordFact {
    /// The record begins; once.
    #[serde(rename = "record.founded")]
    Founded {
        /// The document that keys the uniqueness claims.
        pepper: Commitment,
        /// The first administrator.
        administrator: UserId,
        /// Their key: it signs them in until there is a certificate for it.
        key: KeyIdentity,
    },
    /// A registration point was opened.
    #[serde(rename = "office.opened")]
    OfficeOpened {
        /// Which.
        office: OfficeId,
        /// How people call it.
        title: String,
    },
    /// A profile, or a newer version of one, is in use.
    #[serde(rename = "profile.adopted")]
    ProfileAdopted {
        /// The profile.
        profile: Box<Profile>,
    },
    /// Somebody may be nothing here any more, or not now.
    #[serde(rename = "role.withdrawn")]
    RoleWithdrawn {
        /// Who.
        user: UserId,
    },
    /// Somebody may be something here.
    #[serde(rename = "role.granted")]
    RoleGranted {
        /// Who.
        user: UserId,
        /// What.
        role: Role,
        /// Where.
        office: Option<OfficeId>,
    },
    /// These keys, so many of them together, can call an administrator back.
    #[serde(rename = "record.recovery_set")]
    RecoverySet {
        /// The keys.
        keys: Vec<RecoveryKey>,
        /// How many must sign.
        needed: u32,
    },
    /// The recovery keys were used: an administrator signs in by this key until there is a certificate for it.
    #[serde(rename = "record.recovered")]
    Recovered {
        /// Who.
        administrator: UserId,
        /// By which key.
        key: KeyIdentity,
        /// Which recovery keys signed.
        signers: Vec<KeyIdentity>,
    },
    /// A key is known to be compromised: nothing is built on it.
    #[serde(rename = "record.key_blocked")]
    KeyBlocked {
        /// Which.
        key: KeyIdentity,
        /// On which ground.
        ground: Ground,
    },
    /// An authority issues for this record.
    #[serde(rename = "authority.opened")]
    AuthorityOpened {
        /// Which.
        authority: AuthorityId,
        /// How people call it.
        title: String,
    },
}

/// A key that can call an administrator back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryKey {
    /// Which.
    pub key: KeyIdentity,
    /// Its `SubjectPublicKeyInfo`, DER.
    #[serde(with = "crate::hex::octets")]
    pub public_key: Vec<u8>,
}

/// Facts of one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind")]
#[non_exhaustive]
pub enum AccountFact {
    /// The person was registered.
    #[serde(rename = "user.registered")]
    Registered {
        /// What they may be.
        role: Role,
        /// Their registration point.
        office: Option<OfficeId>,
        /// The registration data.
        registration: Commitment,
        /// The temporary password; none for those who sign in by certificate.
        password: Option<TemporaryPassword>,
        /// The certificate that signs a user in from the beginning.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        certificate: Option<CaseId>,
    },
    /// A certificate signs the person in, too.
    #[serde(rename = "user.certificate_bound")]
    CertificateBound {
        /// Which.
        case: CaseId,
    },
    /// A certificate signs the person in no more.
    #[serde(rename = "user.certificate_unbound")]
    CertificateUnbound {
        /// Which.
        case: CaseId,
    },
    /// A new temporary password was given out.
    #[serde(rename = "user.temp_password_issued")]
    TemporaryPasswordIssued {
        /// It.
        password: TemporaryPassword,
    },
    /// The temporary password is over: it opens nothing any more.
    #[serde(rename = "user.temp_password_expired")]
    TemporaryPasswordExpired,
    /// The password was replaced by a temporary one at the desk.
    #[serde(rename = "user.password_reset")]
    PasswordReset {
        /// The temporary one.
        password: TemporaryPassword,
        /// How the person was identified: a paper's number and day, no personal data.
        identified: String,
    },
    /// Too many wrong passwords.
    #[serde(rename = "user.locked")]
    Locked {
        /// Until when none is taken.
        until: Timestamp,
    },
    /// The lock ended.
    #[serde(rename = "user.unlocked")]
    Unlocked,
    /// Nobody signs in by this account any more.
    #[serde(rename = "user.blocked")]
    Blocked {
        /// Why; no personal data.
        reason: String,
    },
    /// The block ended.
    #[serde(rename = "user.unblocked")]
    Unblocked {
        /// Why; no personal data.
        reason: String,
    },
    /// The account is out of use for good.
    #[serde(rename = "user.archived")]
    Archived {
        /// Why; no personal data.
        reason: String,
    },
    /// The personal data is to be erased, and nobody uses it any more.
    #[serde(rename = "user.erased")]
    Erased {
        /// Why; no personal data.
        reason: String,
    },
    /// The personal data is erased.
    #[serde(rename = "user.erasure_finished")]
    ErasureFinished,
    /// A member of the staff became something else, or went to another office.
    #[serde(rename = "user.role_changed")]
    RoleChanged {
        /// What they may be now.
        role: Role,
        /// Their registration point now.
        office: Option<OfficeId>,
    },
    /// The person chose a password of their own.
    #[serde(rename = "user.password_changed")]
    PasswordChanged {
        /// The document with its verifier.
        password: Commitment,
    },
    /// The person has a code phrase for calls (desk U5).
    #[serde(rename = "user.code_phrase_set")]
    CodePhraseSet {
        /// The document with its verifier.
        phrase: Commitment,
    },
    /// The registration data changed.
    #[serde(rename = "user.data_changed")]
    DataChanged {
        /// The new version.
        registration: Commitment,
        /// The fields that differ, by path.
        fields: Vec<String>,
    },
    /// Registers were asked about the registration data.
    #[serde(rename = "user.checked")]
    ApplicantChecked {
        /// About which version.
        registration: Commitment,
        /// What they said.
        answers: Vec<FieldAnswer>,
    },
    /// The scan of a paper was attached.
    #[serde(rename = "user.scan_attached")]
    ScanAttached {
        /// It.
        scan: Scan,
    },
    /// A form about the person was printed.
    #[serde(rename = "user.form_printed")]
    FormPrinted {
        /// Which form.
        form: String,
        /// As it was given out, without secrets.
        paper: Commitment,
        /// By which text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        template: Option<Edition>,
    },
}

/// A password that must be changed at the first sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemporaryPassword {
    /// The document with its verifier.
    pub verifier: Commitment,
    /// Until when it opens anything.
    pub until: Timestamp,
}

/// Facts of one case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind")]
#[non_exhaustive]
pub enum CaseFact {
    /// A request was begun.
    #[serde(rename = "request.created")]
    RequestCreated(Box<RequestCreated>),
    /// The request follows another version of the registration data.
    #[serde(rename = "request.edited")]
    RequestEdited {
        /// The version.
        registration: Commitment,
    },
    /// A key is about to be made.
    #[serde(rename = "key.generation_started")]
    KeyGenerationStarted {
        /// In which store.
        store: Name,
        /// In which container.
        key: KeyId,
    },
    /// The key could not be made.
    #[serde(rename = "key.generation_failed")]
    KeyGenerationFailed {
        /// Why, as the store's error names it.
        why: String,
    },
    /// The key is made, and signed the request.
    #[serde(rename = "request.built")]
    RequestBuilt {
        /// The PKCS#10.
        request: Commitment,
        /// The key.
        public_key: KeyIdentity,
        /// What its randomness came from.
        rng: RngKind,
    },
    /// The request is signed by the key of the certificate that it renews.
    #[serde(rename = "request.built_anew")]
    RequestBuiltAnew {
        /// The PKCS#10.
        request: Commitment,
        /// The key.
        public_key: KeyIdentity,
        /// In which store it is.
        store: Name,
        /// In which container.
        key: KeyId,
    },
    /// The request was made elsewhere.
    #[serde(rename = "request.imported")]
    RequestImported {
        /// The PKCS#10.
        request: Commitment,
        /// The key.
        public_key: KeyIdentity,
    },
    /// The request was handed in.
    #[serde(rename = "request.submitted")]
    RequestSubmitted,
    /// The request may be issued.
    #[serde(rename = "request.approved")]
    RequestApproved {
        /// Nobody had to approve.
        automatic: bool,
    },
    /// Somebody must look at the request before it goes on.
    #[serde(rename = "request.policy_flagged")]
    RequestFlagged {
        /// At what.
        findings: Vec<Finding>,
    },
    /// Somebody looked, and lets the request go on.
    #[serde(rename = "request.policy_waived")]
    FindingsWaived {
        /// Why.
        comment: String,
    },
    /// Others must approve the request.
    #[serde(rename = "request.approval_requested")]
    ApprovalRequested {
        /// In which approval.
        approval: ApprovalId,
    },
    /// The request goes back to the draft; what was approved of it counts no more.
    #[serde(rename = "request.reopened")]
    RequestReopened,
    /// The request was refused.
    #[serde(rename = "request.rejected")]
    RequestRejected {
        /// Why.
        comment: String,
    },
    /// The request was left too long.
    #[serde(rename = "request.expired")]
    RequestExpired,
    /// The request was withdrawn.
    #[serde(rename = "request.cancelled")]
    RequestCancelled,
    /// A container that no certificate needs was destroyed.
    #[serde(rename = "container.destroyed")]
    KeyDestroyed {
        /// In which store.
        store: Name,
        /// Which.
        key: KeyId,
    },
    /// The certificate is about to be signed.
    #[serde(rename = "issuance.intent")]
    IssuanceIntended(Intent),
    /// Whether it was signed is not known.
    #[serde(rename = "issuance.in_doubt")]
    IssuanceInDoubt {
        /// Why, as the authority's error names it.
        why: String,
    },
    /// It was not signed.
    #[serde(rename = "issuance.failed")]
    IssuanceFailed {
        /// Why.
        why: String,
    },
    /// Signing is tried again, with a new serial number.
    #[serde(rename = "issuance.retry")]
    IssuanceRetried,
    /// The certificate was issued.
    #[serde(rename = "certificate.issued")]
    CertificateIssued(Issued),
    /// The certificate was issued, which showed only after an interruption.
    #[serde(rename = "issuance.recovered")]
    IssuanceRecovered(Issued),
    /// The certificate was issued, and is on hold until its owner accepts it.
    #[serde(rename = "certificate.issued_on_hold")]
    CertificateIssuedOnHold {
        /// The certificate.
        issued: Issued,
        /// Until when it waits.
        until: Timestamp,
    },
    /// The owner confirmed what the certificate says.
    #[serde(rename = "certificate.accepted")]
    CertificateAccepted {
        /// How.
        acknowledgement: Acknowledgement,
    },
    /// The owner does not take the certificate.
    #[serde(rename = "certificate.acceptance_refused")]
    AcceptanceRefused {
        /// The date on the CRL: of the hold before it.
        date: Timestamp,
    },
    /// The owner did not accept the certificate in time.
    #[serde(rename = "certificate.acceptance_timeout")]
    AcceptanceOverdue {
        /// The date on the CRL: of the hold before it.
        date: Timestamp,
    },
    /// The certificate is in its key's container.
    #[serde(rename = "certificate.installed")]
    CertificateInstalled,
    /// The certificate is on hold.
    #[serde(rename = "certificate.suspended")]
    CertificateSuspended {
        /// On which ground.
        ground: Ground,
        /// Until when.
        until: Option<Timestamp>,
        /// What then.
        #[serde(default, skip_serializing_if = "OnEnd::is_stay")]
        on_end: OnEnd,
        /// At a call, by the code phrase.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        by_phrase: bool,
    },
    /// The term of the hold changed.
    #[serde(rename = "certificate.suspension_changed")]
    SuspensionChanged {
        /// On which ground.
        ground: Ground,
        /// Until when.
        until: Option<Timestamp>,
        /// What then.
        #[serde(default, skip_serializing_if = "OnEnd::is_stay")]
        on_end: OnEnd,
    },
    /// The hold ended by its term, the certificate is in force again.
    #[serde(rename = "certificate.suspension_ended")]
    SuspensionEnded,
    /// The certificate will be suspended or terminated at a later time.
    #[serde(rename = "certificate.scheduled")]
    Scheduled {
        /// When.
        at: Timestamp,
        /// What.
        plan: Plan,
    },
    /// It will not.
    #[serde(rename = "certificate.schedule_withdrawn")]
    ScheduleWithdrawn,
    /// The hold ended, the certificate is in force again.
    #[serde(rename = "certificate.resumed")]
    CertificateResumed {
        /// On which ground.
        ground: Ground,
    },
    /// The certificate was terminated.
    #[serde(rename = "certificate.revoked")]
    CertificateRevoked {
        /// The reason on the CRL.
        reason: Reason,
        /// On which ground.
        ground: Ground,
        /// The date on the CRL: of the entry, or of the hold before it.
        date: Timestamp,
        /// Since when the key was not to be trusted, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        invalidity: Option<Timestamp>,
        /// When the authority learned of it, and when the owner was told.
        #[serde(default, skip_serializing_if = "Notice::is_empty")]
        notice: Notice,
    },
    /// The certificate was terminated after its end.
    #[serde(rename = "certificate.revoked_after_expiry")]
    RevokedAfterExpiry {
        /// The reason on the CRL.
        reason: Reason,
        /// On which ground.
        ground: Ground,
        /// The date on the CRL.
        date: Timestamp,
        /// Since when the key was not to be trusted, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        invalidity: Option<Timestamp>,
    },
    /// The key of a terminated certificate was compromised.
    #[serde(rename = "certificate.reason_amended")]
    ReasonAmended {
        /// On which ground.
        ground: Ground,
        /// Since when, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        invalidity: Option<Timestamp>,
    },
    /// A successor was issued.
    #[serde(rename = "certificate.superseded")]
    Superseded {
        /// It.
        successor: CaseId,
        /// When the certificate is terminated for it, if it is.
        at: Option<Timestamp>,
    },
    /// A new certificate was begun in place of this one (V10).
    #[serde(rename = "certificate.reissue_started")]
    ReissueStarted {
        /// It.
        successor: CaseId,
        /// Why.
        why: String,
    },
    /// The case was put away.
    #[serde(rename = "certificate.archived")]
    Archived,
    /// The case is back.
    #[serde(rename = "certificate.unarchived")]
    Unarchived,
    /// The documents of the case were erased; its entries stay.
    #[serde(rename = "certificate.erased")]
    Erased,
    /// A case that will succeed this one was begun.
    #[serde(rename = "certificate.renewal_started")]
    RenewalStarted {
        /// It.
        successor: CaseId,
    },
    /// The case that was to succeed this one was withdrawn.
    #[serde(rename = "certificate.renewal_cancelled")]
    RenewalCancelled {
        /// It.
        successor: CaseId,
    },
    /// The certificate was taken off the lists.
    #[serde(rename = "certificate.hidden")]
    CertificateHidden,
    /// A certificate that was issued elsewhere entered the record.
    #[serde(rename = "certificate.imported")]
    CertificateImported(Box<Imported>),
    /// A form was printed.
    #[serde(rename = "certificate.printed")]
    Printed {
        /// Which form.
        form: String,
        /// As it was given out, without secrets.
        paper: Commitment,
        /// By which text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        template: Option<Edition>,
    },
    /// The scan of a paper was attached.
    #[serde(rename = "certificate.scan_attached")]
    ScanAttached {
        /// It.
        scan: Scan,
    },
}

/// Something in a request that somebody must look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// A stable code.
    pub code: String,
    /// What about; no personal data.
    pub detail: String,
}

/// How an owner confirmed what a certificate says (V7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Acknowledgement {
    /// In a session of their own.
    Electronic,
    /// On paper: the signed copy lies at the desk.
    Paper {
        /// Its number and day.
        document: String,
    },
}

/// What is to happen to a certificate at a later time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Plan {
    /// It goes on hold.
    Suspend {
        /// On which ground.
        ground: Ground,
        /// Until when.
        until: Option<Timestamp>,
        /// What then.
        #[serde(default, skip_serializing_if = "OnEnd::is_stay")]
        on_end: OnEnd,
    },
    /// It is terminated.
    Revoke {
        /// The reason on the CRL.
        reason: Reason,
        /// On which ground.
        ground: Ground,
    },
}

impl Plan {
    /// Terminated in favour of a successor.
    pub(crate) const fn superseded() -> Self {
        let ground = Ground { kind: GroundKind::Successor, document: String::new() };
        Self::Revoke { reason: Reason::Superseded, ground }
    }
}

/// When the authority learned of a circumstance, and when the owner was told (desk R3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Notice {
    /// When the authority learned of it: the legal term of the entry counts from then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub learned: Option<Timestamp>,
    /// When the owner was notified, which annulment wants before the entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner_notified: Option<Timestamp>,
}

impl Notice {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// How a case succeeds another in the records (desk R10, RFC 3647 §4.6–4.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Succession {
    /// The same data, the same key.
    Renewal,
    /// The same data, a new key.
    Rekey,
    /// Changed data.
    Modification,
    /// A first certificate again, after termination, the end or the loss of the key (V10).
    Reissue,
}

/// How a case begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestCreated {
    /// Whose certificate it will be.
    pub user: UserId,
    /// What they were: it says who may act on the certificate.
    pub role: Role,
    /// The registration point that keeps it; administrators have none.
    pub office: Option<OfficeId>,
    /// The version of the registration data.
    pub registration: Commitment,
    /// The profile.
    pub profile: ProfileId,
    /// Its version.
    pub profile_version: u32,
    /// Who will sign.
    pub authority: AuthorityId,
    /// The first case of the chain of renewals; the case itself where there is none before.
    pub lineage: CaseId,
    /// The case that this one renews.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renews: Option<CaseId>,
    /// How it succeeds that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub succession: Option<Succession>,
    /// When the request expires, where it does (R15).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Timestamp>,
}

/// What is about to be signed, and by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "intent", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Intent {
    /// These exact bytes, by a key of ours.
    Prepared {
        /// The key.
        issuer: KeyIdentity,
        /// The reserved serial number.
        serial: SerialNumber,
        /// The `TBSCertificate`.
        tbs: Commitment,
        /// From when to when.
        validity: Validity,
    },
    /// None of ours: it was issued elsewhere at once.
    Elsewhere,
    /// Somebody else decides.
    Deferred {
        /// What to ask by.
        ticket: Ticket,
    },
}

/// A certificate that exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// The certificate.
    pub certificate: Commitment,
    /// The key that signed.
    pub issuer: KeyIdentity,
    /// Its serial number.
    pub serial: SerialNumber,
    /// From when to when.
    pub validity: Validity,
    /// SHA-1 of its DER.
    #[serde(with = "crate::hex::octets")]
    pub thumbprint: [u8; 20],
    /// The part of a partitioned CRL that it names; 0 where the list is whole.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub partition: u16,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
const fn is_zero(partition: &u16) -> bool {
    *partition == 0
}

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
    /// The case that it is about.
    pub case: Option<CaseId>,
    /// Until when it may be approved.
    pub until: Timestamp,
}

/// Facts of one authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind")]
#[non_exhaustive]
pub enum AuthorityFact {
    /// A key of the authority has its certificate and issues.
    #[serde(rename = "authority.key_installed")]
    KeyInstalled {
        /// The key.
        key: KeyIdentity,
        /// Its certificate.
        certificate: Commitment,
    },
    /// A CRL is about to be signed.
    #[serde(rename = "crl.intent")]
    CrlIntended {
        /// The key that signs.
        issuer: KeyIdentity,
        /// The part of a partitioned list; 0 where it is whole.
        #[serde(default, skip_serializing_if = "is_zero")]
        partition: u16,
        /// Its number.
        number: u64,
    },
    /// A CRL was signed.
    #[serde(rename = "crl.issued")]
    CrlIssued(Box<CrlIssued>),
    /// How its CRLs are made.
    #[serde(rename = "crl.policy_adopted")]
    CrlPolicyAdopted {
        /// The policy.
        policy: Box<CrlPolicy>,
    },
    /// A CRL was not made, and will be tried again.
    #[serde(rename = "crl.failed")]
    CrlFailed {
        /// Which.
        #[serde(flatten)]
        crl: CrlRef,
        /// Why.
        why: String,
    },
    /// A CRL would have been wrong; the one before stays until an administrator decides.
    #[serde(rename = "crl.blocked")]
    CrlBlocked {
        /// Which.
        #[serde(flatten)]
        crl: CrlRef,
        /// What was found.
        why: String,
    },
    /// CRLs of this line are made again.
    #[serde(rename = "crl.released")]
    CrlReleased {
        /// The one that was blocked.
        #[serde(flatten)]
        crl: CrlRef,
    },
    /// A CRL is at one of the places from which it is fetched.
    #[serde(rename = "crl.delivered")]
    CrlDelivered(Delivery),
    /// A CRL did not get there, and will be sent again.
    #[serde(rename = "crl.delivery_failed")]
    CrlDeliveryFailed(Delivery),
    /// A CRL is everywhere where it is to be.
    #[serde(rename = "crl.published")]
    CrlPublished {
        /// Which.
        #[serde(flatten)]
        crl: CrlRef,
    },
}

/// Facts of one key carrier (U15). The papers are numbers and dates, without personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind")]
#[non_exhaustive]
pub enum CarrierFact {
    /// The carrier came.
    #[serde(rename = "carrier.received")]
    Received {
        /// Its serial number.
        serial: String,
        /// What it is.
        model: String,
        /// Which registration point has it.
        office: OfficeId,
        /// By which paper it came.
        paper: String,
    },
    /// It was handed over to a user.
    #[serde(rename = "carrier.handed_out")]
    HandedOut {
        /// To whom.
        user: UserId,
        /// By which paper.
        paper: String,
    },
    /// It came back.
    #[serde(rename = "carrier.returned")]
    Returned {
        /// By which paper.
        paper: String,
    },
    /// It was destroyed, or written off.
    #[serde(rename = "carrier.destroyed")]
    Destroyed {
        /// By which paper.
        paper: String,
    },
}

/// Facts of the audit itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind")]
#[non_exhaustive]
pub enum AuditFact {
    /// A key signs checkpoints from now on.
    #[serde(rename = "audit.key_registered")]
    KeyRegistered {
        /// The key.
        key: KeyIdentity,
        /// Its `SubjectPublicKeyInfo`, DER.
        #[serde(with = "crate::hex::octets")]
        public_key: Vec<u8>,
    },
    /// A checkpoint was made.
    #[serde(rename = "audit.checkpoint")]
    CheckpointMade(Box<SignedCheckpoint>),
    /// The record is an older copy, and work goes on from it.
    #[serde(rename = "audit.restore_acknowledged")]
    RestoreAcknowledged {
        /// The newest checkpoint that is kept outside, and lost here.
        kept: Box<SignedCheckpoint>,
        /// On which paper; no personal data.
        document: String,
    },
}

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

/// Facts of the access stream: sign-ins and refusals. Any number, by anybody: it locks nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind")]
#[non_exhaustive]
pub enum AccessFact {
    /// Somebody signed in.
    #[serde(rename = "access.signed_in")]
    SignedIn,
    /// Somebody could not sign in.
    #[serde(rename = "access.sign_in_refused")]
    SignInRefused {
        /// The code of the refusal.
        code: String,
        /// How often since the last such entry.
        times: u32,
    },
    /// A command was refused.
    #[serde(rename = "access.refused")]
    Refused {
        /// Which command.
        command: String,
        /// The code of the refusal.
        code: String,
        /// How often since the last such entry.
        times: u32,
    },
    /// A scan or a whole dossier was shown.
    #[serde(rename = "access.document_shown")]
    DocumentShown {
        /// Whose papers.
        owner: ScanOwner,
        /// Which document; none for the whole dossier.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        document: Option<Commitment>,
    },
    /// The documents of a case were erased.
    #[serde(rename = "access.documents_erased")]
    DocumentsErased {
        /// Of which.
        case: CaseId,
    },
    /// Many commands were executed as one.
    #[serde(rename = "access.bulk_done")]
    BulkDone {
        /// How many did what they should.
        done: u32,
        /// How many did not.
        refused: u32,
    },
    /// A one-time secret was shown.
    #[serde(rename = "access.secret_shown")]
    SecretShown {
        /// Whose.
        user: UserId,
    },
    /// Somebody saw a document with personal data.
    #[serde(rename = "access.data_shown")]
    DataShown {
        /// Whose.
        user: UserId,
        /// What: a form's or a scan's kind, the audit.
        what: String,
        /// How often since the last such entry.
        times: u32,
    },
}

impl RecordFact {
    /// The name of the fact: the event of the audit, the key of the tables.
    pub const fn event(&self) -> &'static str {
        match self {
            Self::Founded { .. } => "record.founded",
            Self::OfficeOpened { .. } => "office.opened",
            Self::ProfileAdopted { .. } => "profile.adopted",
            Self::RoleGranted { .. } => "role.granted",
            Self::RoleWithdrawn { .. } => "role.withdrawn",
            Self::RecoverySet { .. } => "record.recovery_set",
            Self::Recovered { .. } => "record.recovered",
            Self::KeyBlocked { .. } => "record.key_blocked",
            Self::AuthorityOpened { .. } => "authority.opened",
        }
    }
}

impl AccountFact {
    /// The name of the fact: the event of the audit, the key of the tables.
    pub const fn event(&self) -> &'static str {
        match self {
            Self::Registered { .. } => "user.registered",
            Self::TemporaryPasswordIssued { .. } => "user.temp_password_issued",
            Self::CertificateBound { .. } => "user.certificate_bound",
            Self::CertificateUnbound { .. } => "user.certificate_unbound",
            Self::TemporaryPasswordExpired => "user.temp_password_expired",
            Self::PasswordReset { .. } => "user.password_reset",
            Self::Locked { .. } => "user.locked",
            Self::Unlocked => "user.unlocked",
            Self::Blocked { .. } => "user.blocked",
            Self::Unblocked { .. } => "user.unblocked",
            Self::Archived { .. } => "user.archived",
            Self::Erased { .. } => "user.erased",
            Self::ErasureFinished => "user.erasure_finished",
            Self::RoleChanged { .. } => "user.role_changed",
            Self::PasswordChanged { .. } => "user.password_changed",
            Self::CodePhraseSet { .. } => "user.code_phrase_set",
            Self::DataChanged { .. } => "user.data_changed",
            Self::FormPrinted { .. } => "user.form_printed",
            Self::ApplicantChecked { .. } => "user.checked",
            Self::ScanAttached { .. } => "user.scan_attached",
        }
    }
}

impl CaseFact {
    /// The documents that it names, of which some may be erased.
    pub fn documents(&self) -> Vec<&Commitment> {
        match self {
            Self::RequestBuilt { request, .. }
            | Self::RequestBuiltAnew { request, .. }
            | Self::RequestImported { request, .. } => vec![request],
            Self::IssuanceIntended(Intent::Prepared { tbs, .. }) => vec![tbs],
            Self::CertificateIssued(issued)
            | Self::IssuanceRecovered(issued)
            | Self::CertificateIssuedOnHold { issued, .. } => vec![&issued.certificate],
            Self::Printed { paper, .. } => vec![paper],
            _ => Vec::new(),
        }
    }

    /// The name of the fact: the event of the audit, the key of the tables.
    pub const fn event(&self) -> &'static str {
        match self {
            Self::RequestCreated(_) => "request.created",
            Self::RequestEdited { .. } => "request.edited",
            Self::KeyGenerationStarted { .. } => "key.generation_started",
            Self::KeyGenerationFailed { .. } => "key.generation_failed",
            Self::RequestBuilt { .. } => "request.built",
            Self::RequestBuiltAnew { .. } => "request.built_anew",
            Self::RequestImported { .. } => "request.imported",
            Self::RequestSubmitted => "request.submitted",
            Self::RequestApproved { .. } => "request.approved",
            Self::RequestFlagged { .. } => "request.policy_flagged",
            Self::FindingsWaived { .. } => "request.policy_waived",
            Self::ApprovalRequested { .. } => "request.approval_requested",
            Self::RequestReopened => "request.reopened",
            Self::RequestRejected { .. } => "request.rejected",
            Self::RequestExpired => "request.expired",
            Self::RequestCancelled => "request.cancelled",
            Self::KeyDestroyed { .. } => "container.destroyed",
            Self::IssuanceIntended(_) => "issuance.intent",
            Self::IssuanceInDoubt { .. } => "issuance.in_doubt",
            Self::IssuanceFailed { .. } => "issuance.failed",
            Self::IssuanceRetried => "issuance.retry",
            Self::CertificateIssued(_) => "certificate.issued",
            Self::IssuanceRecovered(_) => "issuance.recovered",
            Self::CertificateIssuedOnHold { .. } => "certificate.issued_on_hold",
            Self::CertificateAccepted { .. } => "certificate.accepted",
            Self::AcceptanceRefused { .. } => "certificate.acceptance_refused",
            Self::AcceptanceOverdue { .. } => "certificate.acceptance_timeout",
            Self::CertificateInstalled => "certificate.installed",
            Self::CertificateSuspended { .. } => "certificate.suspended",
            Self::SuspensionChanged { .. } => "certificate.suspension_changed",
            Self::SuspensionEnded => "certificate.suspension_ended",
            Self::Scheduled { .. } => "certificate.scheduled",
            Self::ScheduleWithdrawn => "certificate.schedule_withdrawn",
            Self::CertificateResumed { .. } => "certificate.resumed",
            Self::CertificateRevoked { .. } => "certificate.revoked",
            Self::RevokedAfterExpiry { .. } => "certificate.revoked_after_expiry",
            Self::ReasonAmended { .. } => "certificate.reason_amended",
            Self::Superseded { .. } => "certificate.superseded",
            Self::ReissueStarted { .. } => "certificate.reissue_started",
            Self::Archived => "certificate.archived",
            Self::Unarchived => "certificate.unarchived",
            Self::Erased => "certificate.erased",
            Self::RenewalStarted { .. } => "certificate.renewal_started",
            Self::RenewalCancelled { .. } => "certificate.renewal_cancelled",
            Self::CertificateHidden => "certificate.hidden",
            Self::CertificateImported(_) => "certificate.imported",
            Self::Printed { .. } => "certificate.printed",
            Self::ScanAttached { .. } => "certificate.scan_attached",
        }
    }
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

impl AuthorityFact {
    /// The name of the fact: the event of the audit, the key of the tables.
    pub const fn event(&self) -> &'static str {
        match self {
            Self::KeyInstalled { .. } => "authority.key_installed",
            Self::CrlIntended { .. } => "crl.intent",
            Self::CrlIssued(_) => "crl.issued",
            Self::CrlPolicyAdopted { .. } => "crl.policy_adopted",
            Self::CrlFailed { .. } => "crl.failed",
            Self::CrlBlocked { .. } => "crl.blocked",
            Self::CrlReleased { .. } => "crl.released",
            Self::CrlDelivered(_) => "crl.delivered",
            Self::CrlDeliveryFailed(_) => "crl.delivery_failed",
            Self::CrlPublished { .. } => "crl.published",
        }
    }
}

impl CarrierFact {
    /// The name of the fact: the event of the audit, the key of the tables.
    pub const fn event(&self) -> &'static str {
        match self {
            Self::Received { .. } => "carrier.received",
            Self::HandedOut { .. } => "carrier.handed_out",
            Self::Returned { .. } => "carrier.returned",
            Self::Destroyed { .. } => "carrier.destroyed",
        }
    }
}

impl AuditFact {
    /// The name of the fact: the event of the audit, the key of the tables.
    pub const fn event(&self) -> &'static str {
        match self {
            Self::KeyRegistered { .. } => "audit.key_registered",
            Self::CheckpointMade(_) => "audit.checkpoint",
            Self::RestoreAcknowledged { .. } => "audit.restore_acknowledged",
        }
    }
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

impl AccessFact {
    /// The name of the fact: the event of the audit, the key of the tables.
    pub const fn event(&self) -> &'static str {
        match self {
            Self::SignedIn => "access.signed_in",
            Self::SignInRefused { .. } => "access.sign_in_refused",
            Self::Refused { .. } => "access.refused",
            Self::DocumentShown { .. } => "access.document_shown",
            Self::DocumentsErased { .. } => "access.documents_erased",
            Self::BulkDone { .. } => "access.bulk_done",
            Self::SecretShown { .. } => "access.secret_shown",
            Self::DataShown { .. } => "access.data_shown",
        }
    }
}
