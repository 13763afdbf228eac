//! A case, folded from its entries.

mod absorb;
mod admission;
mod known;
mod views;

use jiff::Timestamp;

use super::{Row, certificate, request};
use crate::commitment::Commitment;
use crate::entry::Entry;
use crate::fact::{
    Acknowledgement, CaseFact, Finding, Imported, ImportedStatus, Intent, Issued, Plan,
    RequestCreated,
};
use crate::id::{ApprovalId, CaseId, CommandId, Name, UserId};
use crate::profile::OnEnd;
use crate::provider::key_store::KeyId;
use crate::reason::Reason;
use crate::view::CaseState;
use crate::x509::KeyIdentity;

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
    application: Option<Application>,
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

/// That a certificate is to be terminated, and is not yet (R3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Application {
    /// The reason that the CRL will have.
    pub reason: Reason,
    /// When the authority learned of it.
    pub learned: Timestamp,
    /// Until when the law wants the entry.
    pub deadline: Timestamp,
    /// Whether it was marked as overdue.
    pub overdue: bool,
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
            application: None,
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
}

/// The rows of both phases.
pub fn rows() -> impl Iterator<Item = &'static Row<CaseState>> {
    request::ROWS.iter().chain(certificate::ROWS)
}

fn row(event: &str, from: CaseState) -> Option<&'static Row<CaseState>> {
    rows().find(|row| row.event == event && row.from.contains(&from))
}
