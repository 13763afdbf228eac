//! A case, folded from its entries.

use jiff::Timestamp;

use super::{Act, AllowedAction, Refusal, Row, certificate, permission, request};
use crate::commitment::Commitment;
use crate::entry::{Actor, Entry};
use crate::fact::{CaseFact, Imported, ImportedStatus, Intent, Issued, RequestCreated};
use crate::id::{CaseId, CommandId, Name};
use crate::profile::Profile;
use crate::provider::key_store::KeyId;
use crate::reason::Reason;
use crate::view::{CaseState, CaseView, CertificateView, Listed, Role};
use crate::x509::{CrlEntry, KeyIdentity};

/// One certificate's life so far.
#[derive(Clone, Debug, PartialEq, Eq)]
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
                self.hold = Some(Hold { since, until: None });
                CaseState::Suspended
            }
            ImportedStatus::Revoked { date, reason, invalidity } => {
                self.revoked = Some(Revoked { date, reason, invalidity });
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
        self.state = row.to.unwrap_or(self.state);
        self.length = self.length.saturating_add(1);
        self.command = entry.command;
        self.changed = entry.at;
        self.absorb(&entry.fact, entry.effective);
        Ok(())
    }

    fn absorb(&mut self, fact: &CaseFact, effective: Timestamp) {
        match fact {
            CaseFact::RequestEdited { registration } => self.begun.registration = *registration,
            CaseFact::KeyGenerationStarted { store, key } => {
                self.key = Some((store.clone(), key.clone()));
            }
            CaseFact::KeyGenerationFailed { .. } => self.key = None,
            CaseFact::RequestBuilt { request, public_key, .. }
            | CaseFact::RequestImported { request, public_key } => {
                self.request = Some(Requested { document: *request, public_key: *public_key });
            }
            CaseFact::IssuanceIntended(intent) => self.intent = Some(intent.clone()),
            CaseFact::IssuanceFailed { .. } => {
                self.intent = None;
                self.attempts = self.attempts.saturating_add(1);
            }
            CaseFact::CertificateIssued(issued) | CaseFact::IssuanceRecovered(issued) => {
                self.issued = Some(issued.clone());
            }
            CaseFact::CertificateInstalled => self.installed = true,
            CaseFact::CertificateSuspended { until, .. } => {
                self.hold = Some(Hold { since: effective, until: *until });
            }
            CaseFact::CertificateResumed { .. } => self.hold = None,
            CaseFact::CertificateRevoked { reason, date, invalidity, .. } => {
                self.hold = None;
                self.revoked =
                    Some(Revoked { date: *date, reason: *reason, invalidity: *invalidity });
            }
            CaseFact::RenewalStarted { successor } => self.successor = Some(*successor),
            CaseFact::RenewalCancelled { .. } => self.successor = None,
            CaseFact::CertificateHidden => self.hidden = true,
            CaseFact::RequestCreated(_)
            | CaseFact::CertificateImported(_)
            | CaseFact::RequestSubmitted
            | CaseFact::RequestApproved { .. }
            | CaseFact::RequestCancelled
            | CaseFact::IssuanceInDoubt { .. }
            | CaseFact::IssuanceRetried
            | CaseFact::Printed { .. }
            | CaseFact::ScanAttached { .. } => {}
        }
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
        let fact = fact.map(|fact| (fact, actor.role));
        match row.guards.iter().find(|guard| !guard.holds(self, profile, fact, now)) {
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

    /// When the engine must look again: unfinished issuing, the end of a hold.
    fn due(&self) -> Option<Timestamp> {
        match self.state {
            CaseState::KeyGen
            | CaseState::Submitted
            | CaseState::Approved
            | CaseState::Issuing
            | CaseState::InDoubt => Some(self.changed),
            _ => None,
        }
    }

    /// What the CRL says of the certificate now: a hold stays on every CRL until it ends (RFC 5280 §5.3.1).
    fn crl_entry(&self) -> Option<Vec<u8>> {
        const CERTIFICATE_HOLD: u8 = 6;
        let serial = &self.issued.as_ref()?.serial;
        let entry = match (&self.revoked, &self.hold) {
            (Some(Revoked { date, reason, invalidity }), _) => {
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
