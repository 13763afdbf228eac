//! Facts of one account.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::commitment::Commitment;
use crate::desk::scan::Scan;
use crate::id::{CaseId, OfficeId};
use crate::print::Edition;
use crate::provider::applicant_check::FieldAnswer;
use crate::view::Role;

/// Facts of one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind")]
#[non_exhaustive]
pub enum AccountFact {
    /// A registration was begun.
    #[serde(rename = "user.draft_created")]
    DraftCreated {
        /// The registration point.
        office: OfficeId,
        /// What was typed so far; the directory keeps it.
        draft: Commitment,
        /// Until when it may be completed.
        ends: Timestamp,
    },
    /// The registration was gone on with.
    #[serde(rename = "user.draft_saved")]
    DraftSaved {
        /// What was typed so far.
        draft: Commitment,
    },
    /// The registration was given up, or left too long.
    #[serde(rename = "user.draft_ended")]
    DraftEnded,
    /// What was typed before the registration was complete is erased.
    #[serde(rename = "user.draft_erased")]
    DraftErased,
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

impl AccountFact {
    /// The name of the fact: the event of the audit, the key of the tables.
    pub const fn event(&self) -> &'static str {
        match self {
            Self::DraftCreated { .. } => "user.draft_created",
            Self::DraftSaved { .. } => "user.draft_saved",
            Self::DraftEnded => "user.draft_ended",
            Self::DraftErased => "user.draft_erased",
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
