//! Facts of one case.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::imported::Imported;
use super::issuing::{Intent, Issued};
use super::request::{Finding, RequestCreated};
use super::term::{Acknowledgement, Notice, Plan};
use crate::commitment::Commitment;
use crate::desk::scan::Scan;
use crate::id::{ApprovalId, CaseId, Name};
use crate::print::Edition;
use crate::profile::OnEnd;
use crate::provider::key_store::KeyId;
use crate::provider::rng::RngKind;
use crate::reason::{Ground, Reason};
use crate::x509::KeyIdentity;

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
    /// The authority learned that the certificate is to be terminated (R3).
    #[serde(rename = "certificate.termination_applied")]
    TerminationApplied {
        /// The reason that the CRL will have.
        reason: Reason,
        /// On which ground.
        ground: Ground,
        /// When the authority learned of it.
        learned: Timestamp,
        /// Until when the law wants the entry.
        deadline: Timestamp,
    },
    /// The legal term is over, and there is no entry of the termination.
    #[serde(rename = "certificate.termination_overdue")]
    TerminationOverdue {
        /// Until when it had to be made.
        deadline: Timestamp,
    },
    /// The certificate is not to be terminated.
    #[serde(rename = "certificate.termination_dismissed")]
    TerminationDismissed {
        /// Why; no personal data.
        comment: String,
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
    #[expect(clippy::too_many_lines, reason = "one line per kind")]
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
            Self::TerminationApplied { .. } => "certificate.termination_applied",
            Self::TerminationOverdue { .. } => "certificate.termination_overdue",
            Self::TerminationDismissed { .. } => "certificate.termination_dismissed",
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
