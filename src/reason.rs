//! Why a certificate was suspended or terminated: the reason on the CRL, and the legal ground.

use serde::{Deserialize, Serialize};

use crate::view::Role;

/// `CRLReason` of a terminated certificate (RFC 5280 §5.3.1). A hold is a state, not a reason here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Reason {
    /// 0; left out of the CRL.
    Unspecified,
    /// 1.
    KeyCompromise,
    /// 3.
    AffiliationChanged,
    /// 4.
    Superseded,
    /// 5.
    CessationOfOperation,
    /// 9.
    PrivilegeWithdrawn,
}

impl Reason {
    /// All of them, by number.
    pub const ALL: &'static [Self] = &[
        Self::Unspecified,
        Self::KeyCompromise,
        Self::AffiliationChanged,
        Self::Superseded,
        Self::CessationOfOperation,
        Self::PrivilegeWithdrawn,
    ];

    /// The number in the `reasonCode` extension.
    pub const fn code(self) -> u8 {
        match self {
            Self::Unspecified => 0,
            Self::KeyCompromise => 1,
            Self::AffiliationChanged => 3,
            Self::Superseded => 4,
            Self::CessationOfOperation => 5,
            Self::PrivilegeWithdrawn => 9,
        }
    }

    /// Who may give it: the reason matrix of the lifecycle.
    pub const fn allowed_to(self, role: Role) -> bool {
        matches!(
            (self, role),
            (_, Role::Administrator | Role::Operator)
                | (Self::KeyCompromise | Self::Superseded | Self::CessationOfOperation, Role::User)
                | (Self::Unspecified | Self::Superseded | Self::CessationOfOperation, Role::System)
        )
    }
}

/// The legal ground of an act, apart from the CRL's reason (desk R3).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ground {
    /// What kind of ground.
    pub kind: GroundKind,
    /// The document: its number, of which day; no personal data.
    pub document: String,
}

/// Kinds of legal grounds: termination is not annulment (63-FZ 14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum GroundKind {
    /// The owner's application.
    OwnerApplication,
    /// The authority ends its activity.
    AuthorityCessation,
    /// Another ground that a law states.
    Law,
    /// The rules of the authority: the end of a hold, a certificate that was not accepted.
    Regulations,
    /// A successor was issued.
    Successor,
    /// Annulment: possession of the key was not proven.
    PossessionNotProven,
    /// Annulment: the key is in another certificate.
    KeyInOtherCertificate,
    /// Annulment: a court's decision.
    Court,
}

impl GroundKind {
    /// Whether it annuls rather than terminates.
    pub const fn is_annulment(self) -> bool {
        matches!(self, Self::PossessionNotProven | Self::KeyInOtherCertificate | Self::Court)
    }
}
