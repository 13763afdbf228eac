//! What is recorded of certificates that were issued elsewhere.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Issued, RequestCreated};
use crate::reason::Reason;
use crate::x509::KeyIdentity;

/// A certificate that another system issued by a key that is known here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// Whose it is, and by which rules it lives here.
    pub begun: RequestCreated,
    /// The subject's key.
    pub public_key: KeyIdentity,
    /// The certificate.
    pub issued: Issued,
    /// What had become of it there.
    pub status: ImportedStatus,
}

/// What had become of a certificate where it was issued.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ImportedStatus {
    /// Nothing.
    #[default]
    Good,
    /// It is on hold.
    Suspended {
        /// Since when.
        since: Timestamp,
    },
    /// It was terminated.
    Revoked {
        /// The date on the CRL.
        date: Timestamp,
        /// The reason on the CRL.
        reason: Reason,
        /// Since when the key was not to be trusted, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        invalidity: Option<Timestamp>,
    },
}
