//! Notices to owners (U16): of what, and in which words.

mod texts;

use serde::{Deserialize, Serialize};

pub use texts::{BadText, NoticeText, NoticeTexts};

/// What a person is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NoticeKind {
    /// Their certificate was issued.
    Issued,
    /// It is on hold.
    Suspended,
    /// It is in force again.
    Resumed,
    /// It was terminated.
    Revoked,
    /// Their registration data changed.
    DataChanged,
    /// The certificate ends soon.
    CertificateExpires {
        /// So many days before.
        days: u16,
    },
    /// The time of the private key ends soon, before the certificate does.
    KeyExpires {
        /// So many days before.
        days: u16,
    },
}

impl NoticeKind {
    /// The names of all kinds.
    pub const NAMES: [&'static str; 7] = [
        "issued",
        "suspended",
        "resumed",
        "revoked",
        "data-changed",
        "certificate-expires",
        "key-expires",
    ];

    /// A short name, fixed for ever.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Suspended => "suspended",
            Self::Resumed => "resumed",
            Self::Revoked => "revoked",
            Self::DataChanged => "data-changed",
            Self::CertificateExpires { .. } => "certificate-expires",
            Self::KeyExpires { .. } => "key-expires",
        }
    }
}
