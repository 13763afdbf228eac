//! How the applicant was identified.

use serde::{Deserialize, Serialize};

use super::{Day, Text};

/// Who identified the applicant, when and how.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identification {
    /// How: there is no default.
    pub kind: IdentificationKind,
    /// The reference of the evidence, obligatory for remote kinds.
    pub evidence: Option<Text<255>>,
    /// Who: the officer's name and office.
    pub by: Text<255>,
    /// When.
    pub on: Day,
}

/// The values of the certificate's `identificationKind` (RFC 9215, section 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::exhaustive_enums, reason = "the extension defines four values")]
pub enum IdentificationKind {
    /// In person.
    Personal,
    /// Remotely, by a valid qualified signature.
    RemoteCert,
    /// Remotely, by the chip of a biometric passport.
    RemotePassport,
    /// Remotely, by the unified biometric system.
    RemoteSystem,
}

impl IdentificationKind {
    /// All kinds, by number.
    pub const ALL: [Self; 4] =
        [Self::Personal, Self::RemoteCert, Self::RemotePassport, Self::RemoteSystem];

    /// The number in the certificate.
    pub const fn number(self) -> u8 {
        match self {
            Self::Personal => 0,
            Self::RemoteCert => 1,
            Self::RemotePassport => 2,
            Self::RemoteSystem => 3,
        }
    }

    /// The name in forms and files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::RemoteCert => "remote-cert",
            Self::RemotePassport => "remote-passport",
            Self::RemoteSystem => "remote-system",
        }
    }
}
