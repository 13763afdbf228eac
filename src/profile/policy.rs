//! What may happen to requests and certificates of a profile, beside what they contain.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::lifecycle::Act;

/// The rules of a profile's life. Nothing set: requests wait for ever, nobody approves, nothing is back-dated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "independent rules")]
pub struct Policy {
    /// After so many days without an end a request expires (R15).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_days: Option<u16>,
    /// Whether somebody looks at a request with warnings before it goes on (R7).
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub review: bool,
    /// What others must approve.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<ApprovalRule>,
    /// The owner must accept the certificate within so many days, until when it is on hold (T3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acceptance_days: Option<u16>,
    /// How far back a date of termination may lie; 0 for qualified certificates (desk R2).
    #[serde(skip_serializing_if = "is_zero")]
    pub back_dating_days: u16,
    /// Within so many hours of learning of it, a termination must be entered (R3); no term where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub termination_hours: Option<u16>,
    /// Whether an expired certificate may be terminated (T13); its CRLs then keep expired ones.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub late_revocation: bool,
    /// The longest hold on a call with the code phrase (desk U5); none where there is no such thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emergency_days: Option<u16>,
    /// Whether owners end holds of their own certificates (T7).
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub owner_resumes: bool,
    /// Whether a successor may have the same key.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub same_key: bool,
    /// Renewal begins so many days before the end at the earliest; at any time where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renewal_days: Option<u16>,
    /// What becomes of a certificate whose successor is issued.
    #[serde(skip_serializing_if = "Supersede::is_default")]
    pub supersede: Supersede,
    /// So many days after its end a certificate may be archived (T17); never where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archive_days: Option<u16>,
    /// So many days after archiving, its documents may be erased (T19); never where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erase_days: Option<u16>,
}

/// An act that others must approve: not whoever asks, nor whose certificate it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalRule {
    /// Which act.
    pub act: Act,
    /// How many must approve, at least 1.
    pub quorum: u8,
    /// Only where it is dated back.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub back_dated: bool,
}

/// What happens when a hold ends by its term (T9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum OnEnd {
    /// It stays until somebody decides.
    #[default]
    Stay,
    /// The certificate is in force again.
    Resume,
    /// The certificate is terminated.
    Revoke,
}

impl OnEnd {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    pub(crate) const fn is_stay(&self) -> bool {
        matches!(self, Self::Stay)
    }
}

/// What becomes of a certificate whose successor is issued (T14).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Supersede {
    /// Both are in force until the elder ends.
    #[default]
    AtExpiry,
    /// The elder is terminated with the same entry.
    Immediately,
    /// The elder is terminated after an overlap.
    AfterDays(u16),
}

impl Supersede {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    const fn is_default(&self) -> bool {
        matches!(self, Self::AtExpiry)
    }

    /// When the elder is terminated, if its end does not come first.
    pub fn moment(self, issued: Timestamp) -> Option<Timestamp> {
        match self {
            Self::AtExpiry => None,
            Self::Immediately => Some(issued),
            Self::AfterDays(days) => Some(days_after(issued, days)),
        }
    }
}

impl Policy {
    /// Until when a termination must be entered of which the authority learned then (R3).
    pub fn termination_deadline(&self, learned: Timestamp) -> Option<Timestamp> {
        let hours = i64::from(self.termination_hours?);
        Some(learned.saturating_add(SignedDuration::from_hours(hours)).unwrap_or(Timestamp::MAX))
    }

    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// How many must approve the act; 0 where nobody must.
    pub fn quorum(&self, act: Act, back_dated: bool) -> u8 {
        let rules = self.approvals.iter();
        let fitting = rules.filter(|rule| rule.act == act && (back_dated || !rule.back_dated));
        fitting.map(|rule| rule.quorum).max().unwrap_or_default()
    }
}

/// So many days of 24 hours later.
pub(crate) fn days_after(at: Timestamp, days: u16) -> Timestamp {
    at.saturating_add(days_long(days)).unwrap_or(Timestamp::MAX)
}

/// So many days of 24 hours before.
pub(crate) fn days_before(at: Timestamp, days: u16) -> Timestamp {
    at.checked_sub(days_long(days)).unwrap_or(Timestamp::MIN)
}

fn days_long(days: u16) -> SignedDuration {
    SignedDuration::from_hours(i64::from(days).saturating_mul(24))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(days: &u16) -> bool {
    *days == 0
}
