//! What commands did.

use serde::{Deserialize, Serialize};

use crate::fact::Finding;
use crate::id::{ApprovalId, AuthorityId, CaseId, TokenId, UserId};
use crate::provider::applicant_check::FieldAnswer;
use crate::provider::authority::Validity;
use crate::secret::Secret;
use crate::view::ApprovalState;
use crate::x509::{KeyIdentity, SerialNumber};

/// What a command did.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Outcome {
    /// It is done; there is nothing more to say.
    Done,
    /// An authority was opened.
    AuthorityOpened {
        /// Which.
        authority: AuthorityId,
    },
    /// A registration was begun.
    RegistrationStarted {
        /// Which account it will be.
        user: UserId,
    },
    /// A person was registered, or got a new temporary password.
    Registered {
        /// Which account.
        user: UserId,
        /// The temporary password: shown once, never recorded.
        #[serde(skip)]
        temporary_password: Option<Secret>,
    },
    /// A request was begun.
    RequestCreated {
        /// In which case.
        case: CaseId,
    },
    /// The request is signed by its key.
    RequestBuilt {
        /// In which case.
        case: CaseId,
        /// The key.
        public_key: KeyIdentity,
    },
    /// The certificate exists.
    Issued {
        /// In which case.
        case: CaseId,
        /// The key that signed.
        issuer: KeyIdentity,
        /// Its serial number.
        serial: SerialNumber,
        /// From when to when.
        validity: Validity,
    },
    /// The authority has not decided yet; the engine will ask again.
    Pending {
        /// In which case.
        case: CaseId,
    },
    /// Registers said what they know.
    ApplicantChecked {
        /// Field by field.
        answers: Vec<FieldAnswer>,
    },
    /// A key carrier is in the register.
    CarrierReceived {
        /// Which.
        carrier: TokenId,
    },
    /// Somebody must look at the request first.
    InReview {
        /// In which case.
        case: CaseId,
        /// At what.
        findings: Vec<Finding>,
    },
    /// Others must approve it first; then it is done by itself.
    ApprovalRequested {
        /// Where.
        approval: ApprovalId,
    },
    /// Somebody approved.
    Approved {
        /// What.
        approval: ApprovalId,
        /// How far it is now.
        state: ApprovalState,
    },
    /// Many commands were executed.
    Bulk {
        /// What each of them did, in order.
        items: Vec<ItemOutcome>,
    },
    /// CRLs were issued, one by each key.
    CrlIssued {
        /// By which key, with which number.
        crls: Vec<(KeyIdentity, u64)>,
    },
    /// A checkpoint of the audit was made; none where nothing was new.
    CheckpointMade {
        /// Its number.
        number: Option<u64>,
    },
    /// Certificates that were issued elsewhere entered the record.
    Imported {
        /// Their cases, in the order of the command.
        cases: Vec<CaseId>,
    },
    /// The command was a repetition: this is what it did the first time, without one-time secrets.
    #[serde(skip)]
    AlreadyDone(Box<Self>),
}

/// What one of many commands did.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ItemOutcome {
    /// This.
    Done(Box<Outcome>),
    /// Nothing: it was refused, or failed.
    Refused {
        /// The code of the error.
        code: String,
        /// What it says.
        message: String,
    },
}
