//! What is known of a case.

use jiff::Timestamp;

use super::{Application, Case, Hold, Requested, Revoked};
use crate::entry::Actor;
use crate::fact::{Acknowledgement, Finding, Intent, Issued, Plan, RequestCreated, Succession};
use crate::id::{ApprovalId, CaseId, CommandId, Name, UserId};
use crate::profile::OnEnd;
use crate::provider::key_store::KeyId;
use crate::reason::Reason;
use crate::view::CaseState;
use crate::x509::KeyIdentity;

impl Case {
    /// Which case.
    pub const fn id(&self) -> CaseId {
        self.id
    }

    /// How many entries were folded.
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// How far it is.
    pub const fn state(&self) -> CaseState {
        self.state
    }

    /// How it began, with the registration data it follows now.
    pub const fn begun(&self) -> &RequestCreated {
        &self.begun
    }

    /// The request, once it is built.
    pub const fn request(&self) -> Option<&Requested> {
        self.request.as_ref()
    }

    /// The key that the certificate is for, once it is known.
    pub fn public_key(&self) -> Option<KeyIdentity> {
        self.request.as_ref().map(|request| request.public_key).or(self.imported_key)
    }

    /// Where the key is, where a store of ours has it.
    pub const fn key(&self) -> Option<&(Name, KeyId)> {
        self.key.as_ref()
    }

    /// What is being signed.
    pub const fn intent(&self) -> Option<&Intent> {
        self.intent.as_ref()
    }

    /// The certificate, once it exists.
    pub const fn issued(&self) -> Option<&Issued> {
        self.issued.as_ref()
    }

    /// How often issuing failed.
    pub const fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Whether the certificate is in its container.
    pub const fn is_installed(&self) -> bool {
        self.installed
    }

    /// Whether it was taken off the lists.
    pub const fn is_hidden(&self) -> bool {
        self.hidden
    }

    /// The hold that goes on.
    pub const fn hold(&self) -> Option<&Hold> {
        self.hold.as_ref()
    }

    /// That the certificate is to be terminated, until it is.
    pub const fn application(&self) -> Option<&Application> {
        self.application.as_ref()
    }

    /// The termination.
    pub const fn revoked(&self) -> Option<&Revoked> {
        self.revoked.as_ref()
    }

    /// The case that renews this one, if any was begun.
    pub const fn successor(&self) -> Option<CaseId> {
        self.successor
    }

    /// Whether a successor was issued.
    pub const fn is_superseded(&self) -> bool {
        self.superseded
    }

    /// How the case succeeds another (R10).
    pub fn succession(&self) -> Option<Succession> {
        match self.begun.succession? {
            Succession::Rekey if self.same_key => Some(Succession::Renewal),
            other => Some(other),
        }
    }

    /// Containers that were made for this case, and that nothing needs.
    pub fn left_keys(&self) -> &[(Name, KeyId)] {
        &self.left_keys
    }

    /// What somebody must look at before the request goes on.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Where others approve the request.
    pub const fn approval(&self) -> Option<ApprovalId> {
        self.approval
    }

    /// When and how the owner confirmed what the certificate says (V7).
    pub const fn acknowledged(&self) -> Option<&(Timestamp, Acknowledgement)> {
        self.acknowledged.as_ref()
    }

    /// What is to happen, and when.
    pub const fn plan(&self) -> Option<&(Timestamp, Plan)> {
        self.plan.as_ref()
    }

    /// Since when the case is put away.
    pub fn archived(&self) -> Option<Timestamp> {
        self.archived.as_ref().map(|(since, _)| *since)
    }

    /// Whether the key is known to be compromised: nothing is built on it.
    pub fn is_compromised(&self) -> bool {
        self.revoked.is_some_and(|revoked| revoked.reason == Reason::KeyCompromise)
    }

    /// Who began the request.
    pub const fn creator(&self) -> Option<UserId> {
        self.creator
    }

    /// Whether the actor began the request.
    pub fn was_begun_by(&self, actor: &Actor) -> bool {
        self.creator.is_some() && self.creator == actor.user
    }

    /// When the request expires.
    pub const fn request_end(&self) -> Option<Timestamp> {
        self.begun.ends
    }

    /// When the certificate ends that its owner did not accept.
    pub const fn acceptance_end(&self) -> Option<Timestamp> {
        self.awaits
    }

    /// When the hold ends by itself, and how.
    pub fn hold_end(&self) -> Option<(Timestamp, OnEnd)> {
        let hold = self.hold?;
        hold.until.map(|until| (until, hold.on_end))
    }

    /// The command of the last entry.
    pub const fn command(&self) -> CommandId {
        self.command
    }

    /// When the certificate ends.
    pub fn not_after(&self) -> Option<Timestamp> {
        self.issued.as_ref().map(|issued| issued.validity.not_after)
    }

    /// Whether a request under way, or a certificate that goes on, has the key.
    pub(crate) fn needs_key(&self, now: Timestamp) -> bool {
        let over = matches!(
            self.state,
            CaseState::Cancelled | CaseState::Rejected | CaseState::Expired | CaseState::Revoked
        );
        !over && !self.is_expired(now)
    }

    /// Whether the certificate has ended by its date: computed, never stored.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.not_after().is_some_and(|end| end < now)
    }

    /// Whether the certificate signs its owner in now.
    pub fn is_in_force(&self, now: Timestamp) -> bool {
        self.state == CaseState::Active
            && self.issued.as_ref().is_some_and(|issued| {
                (issued.validity.not_before..=issued.validity.not_after).contains(&now)
            })
    }
}
