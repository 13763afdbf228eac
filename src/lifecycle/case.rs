//! A case, folded from its entries.

mod absorb;

use jiff::Timestamp;

use super::guards::Situation;
use super::status::CERTIFICATE_HOLD;
use super::{Act, AllowedAction, Refusal, Row, certificate, permission, request};
use crate::commitment::Commitment;
use crate::entry::{Actor, Entry};
use crate::fact::{
    Acknowledgement, CaseFact, Finding, Imported, ImportedStatus, Intent, Issued, Plan,
    RequestCreated, Succession,
};
use crate::id::{ApprovalId, CaseId, CommandId, Name, UserId};
use crate::profile::{OnEnd, Profile};
use crate::provider::key_store::KeyId;
use crate::reason::Reason;
use crate::view::{CaseState, CaseView, CertificateView, Listed, Role};
use crate::x509::{CrlEntry, KeyIdentity};

/// One certificate's life so far.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts")]
pub struct Case {
    id: CaseId,
    length: u64,
    state: CaseState,
    created: Timestamp,
    begun: RequestCreated,
    request: Option<Requested>,
    imported_key: Option<KeyIdentity>,
    key: Option<(Name, KeyId)>,
    intent: Option<Intent>,
    issued: Option<Issued>,
    attempts: u32,
    installed: bool,
    hidden: bool,
    hold: Option<Hold>,
    revoked: Option<Revoked>,
    successor: Option<CaseId>,
    superseded: bool,
    same_key: bool,
    creator: Option<UserId>,
    left_keys: Vec<(Name, KeyId)>,
    findings: Vec<Finding>,
    approval: Option<ApprovalId>,
    acknowledged: Option<(Timestamp, Acknowledgement)>,
    plan: Option<(Timestamp, Plan)>,
    archived: Option<(Timestamp, CaseState)>,
    awaits: Option<Timestamp>,
    command: CommandId,
    changed: Timestamp,
}

/// The request of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requested {
    /// The PKCS#10.
    pub document: Commitment,
    /// Its key.
    pub public_key: KeyIdentity,
}

/// A hold that goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Since when.
    pub since: Timestamp,
    /// Until when, if that is known.
    pub until: Option<Timestamp>,
    /// What then.
    pub on_end: OnEnd,
}

/// A termination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// The date on the CRL.
    pub date: Timestamp,
    /// The reason on the CRL.
    pub reason: Reason,
    /// Since when the key was not to be trusted.
    pub invalidity: Option<Timestamp>,
    /// Whether the reason was amended: once is all.
    pub amended: bool,
    /// Whether the certificate had expired before: it stays on the CRL all the same.
    pub late: bool,
}

/// The entries of a stream do not make a life: damage, or a newer version's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the entries do not follow the transition table at {event}")]
pub struct BrokenHistory {
    /// The fact that does not follow.
    pub event: &'static str,
}

impl Case {
    /// Folds entries from the first one on; `None` where there are none.
    ///
    /// # Errors
    /// [`BrokenHistory`] where a fact does not follow from the state before it.
    pub fn fold(id: CaseId, entries: &[Entry<CaseFact>]) -> Result<Option<Self>, BrokenHistory> {
        let Some((first, rest)) = entries.split_first() else { return Ok(None) };
        let mut case = Self::begin(id, first)?;
        rest.iter().try_for_each(|entry| case.apply(entry))?;
        Ok(Some(case))
    }

    /// Begins a case by its first entry.
    ///
    /// # Errors
    /// [`BrokenHistory`] where the entry begins nothing.
    pub fn begin(id: CaseId, entry: &Entry<CaseFact>) -> Result<Self, BrokenHistory> {
        let begun = match &entry.fact {
            CaseFact::RequestCreated(begun) => &**begun,
            CaseFact::CertificateImported(imported) => &imported.begun,
            other => return Err(BrokenHistory { event: other.event() }),
        };
        let mut case = Self {
            id,
            length: 1,
            state: CaseState::Draft,
            created: entry.at,
            begun: begun.clone(),
            request: None,
            imported_key: None,
            key: None,
            intent: None,
            issued: None,
            attempts: 0,
            installed: false,
            hidden: false,
            hold: None,
            revoked: None,
            successor: None,
            superseded: false,
            same_key: false,
            creator: entry.actor.user,
            left_keys: Vec::new(),
            findings: Vec::new(),
            approval: None,
            acknowledged: None,
            plan: None,
            archived: None,
            awaits: None,
            command: entry.command,
            changed: entry.at,
        };
        if let CaseFact::CertificateImported(imported) = &entry.fact {
            case.import(imported);
        }
        Ok(case)
    }

    fn import(&mut self, imported: &Imported) {
        self.imported_key = Some(imported.public_key);
        self.issued = Some(imported.issued.clone());
        self.state = match imported.status {
            ImportedStatus::Good => CaseState::Active,
            ImportedStatus::Suspended { since } => {
                self.hold = Some(Hold { since, until: None, on_end: OnEnd::Stay });
                CaseState::Suspended
            }
            ImportedStatus::Revoked { date, reason, invalidity } => {
                let (amended, late) = (false, false);
                self.revoked = Some(Revoked { date, reason, invalidity, amended, late });
                CaseState::Revoked
            }
        };
    }

    /// Applies one more entry.
    ///
    /// # Errors
    /// [`BrokenHistory`] where its fact does not follow from the state.
    pub fn apply(&mut self, entry: &Entry<CaseFact>) -> Result<(), BrokenHistory> {
        let event = entry.fact.event();
        let row = row(event, self.state).ok_or(BrokenHistory { event })?;
        let before = self.state;
        self.state = row.to.unwrap_or(before);
        self.length = self.length.saturating_add(1);
        self.command = entry.command;
        self.changed = entry.at;
        match &entry.fact {
            CaseFact::Archived => self.archived = Some((entry.at, before)),
            CaseFact::Unarchived => {
                self.state = self.archived.take().map_or(before, |(_, state)| state);
            }
            fact => self.absorb(fact, entry.effective),
        }
        Ok(())
    }

    /// Whether this may happen now: the table, the permission, the guards.
    ///
    /// # Errors
    /// The [`Refusal`] that names what forbids it.
    pub fn admits(
        &self,
        actor: &Actor,
        fact: &CaseFact,
        profile: &Profile,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let rows = rows().filter(|row| row.event == fact.event());
        self.choose(rows, actor, (profile, Some(fact)), now)
    }

    /// Whether this act may be done now; what depends on its details is [`admits`](Self::admits)'s.
    ///
    /// # Errors
    /// The [`Refusal`] that names what forbids it.
    pub fn may(
        &self,
        actor: &Actor,
        act: Act,
        profile: &Profile,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let rows = rows().filter(|row| row.act == act && !row.from.is_empty());
        self.choose(rows, actor, (profile, None), now)
    }

    /// Whether the actor may do this to the case in any of its states.
    ///
    /// # Errors
    /// The [`Refusal`] that names what forbids it.
    pub fn permits(&self, actor: &Actor, act: Act) -> Result<(), Refusal> {
        let RequestCreated { user, role, office, .. } = &self.begun;
        permission::permits(actor, act, office.as_ref(), Some((user, *role)))
    }

    /// Every act of a certificate's life, with the reason for each that is not allowed.
    pub fn allowed_actions(
        &self,
        actor: &Actor,
        profile: &Profile,
        now: Timestamp,
    ) -> Vec<AllowedAction> {
        let mut acts: Vec<Act> =
            rows().filter(|row| !row.from.is_empty()).map(|row| row.act).collect();
        acts.sort_unstable();
        acts.dedup();
        let answer = |act| AllowedAction { act, refusal: self.may(actor, act, profile, now).err() };
        acts.into_iter().map(answer).collect()
    }

    fn choose(
        &self,
        rows: impl Iterator<Item = &'static Row<CaseState>>,
        actor: &Actor,
        (profile, fact): (&Profile, Option<&CaseFact>),
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let mut refusal = Refusal::NotFound("transition");
        for row in rows {
            match self.passes(row, actor, (profile, fact), now) {
                Ok(()) => return Ok(()),
                // a row from this state explains more than one from another state
                Err(why) if row.from.contains(&self.state) => return Err(why),
                Err(why) => refusal = why,
            }
        }
        Err(refusal)
    }

    fn passes(
        &self,
        row: &Row<CaseState>,
        actor: &Actor,
        (profile, fact): (&Profile, Option<&CaseFact>),
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.permits(actor, row.act)?;
        // what the engine alone does goes on by itself: for people the state says no
        let by_itself = row.actors == [Role::System] && actor.role != Role::System;
        if by_itself || !row.from.contains(&self.state) {
            return Err(Refusal::State { act: row.act, state: self.state.name() });
        }
        if !row.actors.contains(&actor.role) {
            return Err(Refusal::Role { act: row.act, role: actor.role });
        }
        let situation = Situation { case: self, profile, actor, fact, now };
        match row.guards.iter().find(|guard| !guard.holds(situation)) {
            Some(guard) => Err(Refusal::Guard(*guard)),
            None => Ok(()),
        }
    }

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

    /// When the engine must look again: unfinished work, the end of a term, a plan.
    fn due(&self) -> Option<Timestamp> {
        match self.state {
            CaseState::KeyGen
            | CaseState::Submitted
            | CaseState::Approved
            | CaseState::Issuing
            | CaseState::InDoubt => Some(self.changed),
            CaseState::Draft
            | CaseState::Built
            | CaseState::PolicyReview
            | CaseState::PendingApproval
            | CaseState::Failed => self.begun.ends,
            CaseState::AwaitingAcceptance => self.awaits,
            CaseState::Active | CaseState::Suspended => {
                let end = self.hold_end().filter(|(_, then)| *then != OnEnd::Stay);
                let plan = self.plan.as_ref().map(|(at, _)| *at);
                end.map(|(end, _)| end).into_iter().chain(plan).min()
            }
            _ => None,
        }
    }

    /// What the CRL says of the certificate now: a hold stays on every CRL until it ends (RFC 5280 §5.3.1).
    fn crl_entry(&self) -> Option<Vec<u8>> {
        let serial = &self.issued.as_ref()?.serial;
        let entry = match (&self.revoked, &self.hold) {
            (Some(Revoked { date, reason, invalidity, .. }), _) => {
                CrlEntry { serial, date: *date, reason: reason.code(), invalidity: *invalidity }
            }
            (None, Some(hold)) => {
                CrlEntry { serial, date: hold.since, reason: CERTIFICATE_HOLD, invalidity: None }
            }
            (None, None) => return None,
        };
        entry.to_der().ok()
    }

    /// The row of the list of cases.
    pub fn view(&self) -> CaseView {
        CaseView {
            case: self.id,
            user: self.begun.user,
            office: self.begun.office.clone(),
            state: self.state,
            lineage: self.begun.lineage,
            created: self.created,
            not_after: self.not_after(),
            hidden: self.hidden,
            due: self.due(),
        }
    }

    /// The row of the list of certificates, from the reservation of the serial number on.
    pub fn certificate_view(&self) -> Option<CertificateView> {
        let requested = self.request.as_ref().map(|request| request.public_key);
        let subject_key = requested.or(self.imported_key)?;
        let (issuer, serial, validity, thumbprint) = match (&self.issued, &self.intent) {
            (Some(issued), _) => {
                (issued.issuer, &issued.serial, issued.validity, Some(issued.thumbprint))
            }
            (None, Some(Intent::Prepared { issuer, serial, validity, .. })) => {
                (*issuer, serial, *validity, None)
            }
            _ => return None,
        };
        let partition = self.issued.as_ref().map_or(0, |issued| issued.partition);
        let listed = self.crl_entry().map(|entry| Listed { partition, entry });
        let (case, not_after, serial) = (self.id, validity.not_after, serial.clone());
        Some(CertificateView { issuer, serial, case, thumbprint, subject_key, not_after, listed })
    }
}

/// The rows of both phases.
pub fn rows() -> impl Iterator<Item = &'static Row<CaseState>> {
    request::ROWS.iter().chain(certificate::ROWS)
}

fn row(event: &str, from: CaseState) -> Option<&'static Row<CaseState>> {
    rows().find(|row| row.event == event && row.from.contains(&from))
}
