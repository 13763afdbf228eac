//! Facts of one authority.

use serde::{Deserialize, Serialize};

use super::crl::{CrlIssued, CrlRef, Delivery};
use super::issuing::is_zero;
use crate::authority::CrlPolicy;
use crate::commitment::Commitment;
use crate::x509::KeyIdentity;

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
