//! What facts say of requests.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::commitment::Commitment;
use crate::id::{AuthorityId, CaseId, OfficeId, ProfileId, UserId};
use crate::view::Role;

/// How a case begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestCreated {
    /// Whose certificate it will be.
    pub user: UserId,
    /// What they were: it says who may act on the certificate.
    pub role: Role,
    /// The registration point that keeps it; administrators have none.
    pub office: Option<OfficeId>,
    /// The version of the registration data.
    pub registration: Commitment,
    /// The profile.
    pub profile: ProfileId,
    /// Its version.
    pub profile_version: u32,
    /// Who will sign.
    pub authority: AuthorityId,
    /// The first case of the chain of renewals; the case itself where there is none before.
    pub lineage: CaseId,
    /// The case that this one renews.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renews: Option<CaseId>,
    /// How it succeeds that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub succession: Option<Succession>,
    /// When the request expires, where it does (R15).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Timestamp>,
}

/// How a case succeeds another in the records (desk R10, RFC 3647 §4.6–4.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Succession {
    /// The same data, the same key.
    Renewal,
    /// The same data, a new key.
    Rekey,
    /// Changed data.
    Modification,
    /// A first certificate again, after termination, the end or the loss of the key (V10).
    Reissue,
}

/// Something in a request that somebody must look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// A stable code.
    pub code: String,
    /// What about; no personal data.
    pub detail: String,
}
