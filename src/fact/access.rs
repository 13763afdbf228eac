//! Facts of the access stream.

use serde::{Deserialize, Serialize};

use crate::commitment::Commitment;
use crate::desk::scan::ScanOwner;
use crate::id::{CaseId, UserId};

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
