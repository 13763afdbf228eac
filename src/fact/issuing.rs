//! What facts say of issuing.

use serde::{Deserialize, Serialize};

use crate::commitment::Commitment;
use crate::provider::authority::{Ticket, Validity};
use crate::x509::{KeyIdentity, SerialNumber};

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
pub(super) const fn is_zero(partition: &u16) -> bool {
    *partition == 0
}
