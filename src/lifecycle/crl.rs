//! The life of CRLs, as a table: one line of them for each key and each part of its list.
//!
//! Collecting, building, checking and signing happen between the lease of a number and the stored CRL, in
//! one go: an interrupted one leaves nothing but a number that was used up. A CRL that a later one
//! follows is superseded, which is computed and never stored.

mod history;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::{Act, AllowedAction, Row, permission};
use crate::audit::Head;
use crate::entry::{Actor, Entry};
use crate::fact::{AuthorityFact, CrlIssued};
use crate::id::{CommandId, WriterId};
use crate::lifecycle::Refusal;
use crate::provider::journal::ListPart;
use crate::view::Role::{Administrator, System};

pub use history::{DeliveryState, IssuedCrl, PastCrl, history};

/// How far a line of CRLs is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CrlState {
    /// The next one is made when its time comes.
    #[default]
    Scheduled,
    /// A number is used up, and a CRL is being made.
    Leased,
    /// The check found a CRL wrong before it was signed; the one before stays.
    Blocked,
    /// It is signed, and kept.
    Stored,
    /// It is everywhere where it is to be.
    Published,
}

impl CrlState {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Scheduled, Self::Leased, Self::Blocked, Self::Stored, Self::Published];

    /// A short name, fixed for ever.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Leased => "leased",
            Self::Blocked => "blocked",
            Self::Stored => "stored",
            Self::Published => "published",
        }
    }
}

/// Every transition of a line; what is not here is forbidden.
pub const ROWS: &[Row<CrlState>] = &[
    Row {
        id: "C1",
        act: Act::IssueCrl,
        from: &[CrlState::Scheduled, CrlState::Leased, CrlState::Stored, CrlState::Published],
        to: Some(CrlState::Leased),
        actors: &[Administrator, System],
        guards: &[],
        event: "crl.intent",
    },
    Row {
        id: "C2",
        act: Act::IssueCrl,
        from: &[CrlState::Leased],
        to: Some(CrlState::Stored),
        actors: &[Administrator, System],
        guards: &[],
        event: "crl.issued",
    },
    Row {
        id: "C3",
        act: Act::IssueCrl,
        from: &[CrlState::Leased],
        to: Some(CrlState::Scheduled),
        actors: &[Administrator, System],
        guards: &[],
        event: "crl.failed",
    },
    Row {
        id: "C4",
        act: Act::IssueCrl,
        from: &[CrlState::Leased],
        to: Some(CrlState::Blocked),
        actors: &[Administrator, System],
        guards: &[],
        event: "crl.blocked",
    },
    Row {
        id: "C5",
        act: Act::ReleaseCrl,
        from: &[CrlState::Blocked],
        to: Some(CrlState::Scheduled),
        actors: &[Administrator],
        guards: &[],
        event: "crl.released",
    },
    Row {
        id: "C6",
        act: Act::PublishCrl,
        from: &CrlState::ALL,
        to: None,
        actors: &[System],
        guards: &[],
        event: "crl.delivered",
    },
    Row {
        id: "C7",
        act: Act::PublishCrl,
        from: &CrlState::ALL,
        to: None,
        actors: &[System],
        guards: &[],
        event: "crl.delivery_failed",
    },
    Row {
        id: "C8",
        act: Act::PublishCrl,
        from: &[CrlState::Stored],
        to: Some(CrlState::Published),
        actors: &[System],
        guards: &[],
        event: "crl.published",
    },
];

/// The CRLs of one key, or of one part of its list.
#[derive(Clone, Debug)]
pub struct CrlLine {
    /// Which list.
    pub part: ListPart,
    /// How far it is.
    pub state: CrlState,
    /// The newest complete CRL.
    pub full: Option<IssuedCrl>,
    /// The newest delta CRL after it.
    pub delta: Option<IssuedCrl>,
    /// How far the chains were at the newest complete CRL.
    pub base: BTreeMap<WriterId, Head>,
    /// How far they were at the newest CRL of any kind.
    pub heads: BTreeMap<WriterId, Head>,
    /// What stopped it, where something did.
    pub blocked: Option<String>,
    /// An administrator let the next one be as short as it is.
    pub released: bool,
    /// When it was last tried in vain.
    pub failed: Option<Timestamp>,
}

impl CrlLine {
    /// A line before its first CRL.
    pub const fn new(part: ListPart) -> Self {
        Self {
            part,
            state: CrlState::Scheduled,
            full: None,
            delta: None,
            base: BTreeMap::new(),
            heads: BTreeMap::new(),
            blocked: None,
            released: false,
            failed: None,
        }
    }

    /// The newest CRL of any kind.
    pub fn newest(&self) -> Option<&IssuedCrl> {
        self.delta.as_ref().or(self.full.as_ref())
    }

    /// Whether this may happen now: the table.
    ///
    /// # Errors
    /// The [`Refusal`] that names what forbids it.
    pub fn may(&self, actor: &Actor, event: &str) -> Result<(), Refusal> {
        let Some(row) = ROWS.iter().find(|row| row.event == event) else {
            return Err(Refusal::NotFound("transition"));
        };
        if !row.from.contains(&self.state) {
            return Err(Refusal::State { act: row.act, state: self.state.name() });
        }
        let by = row.actors.contains(&actor.role);
        by.then_some(()).ok_or(Refusal::Role { act: row.act, role: actor.role })
    }

    /// Every act on a line, with the reason for each that is not allowed.
    pub fn allowed_actions(&self, actor: &Actor) -> Vec<AllowedAction> {
        let begins = ["crl.intent", "crl.released", "crl.delivered"];
        let rows = ROWS.iter().filter(|row| begins.contains(&row.event));
        let answer = |row: &Row<CrlState>| {
            let permitted = permission::permits(actor, row.act, None, None);
            let refusal = permitted.and_then(|()| self.may(actor, row.event)).err();
            AllowedAction { act: row.act, refusal }
        };
        rows.map(answer).collect()
    }

    /// Follows the table, and takes what a fact of this line says.
    pub(super) fn apply(&mut self, entry: &Entry<AuthorityFact>) {
        let event = entry.fact.event();
        let row = ROWS.iter().find(|row| row.event == event && row.from.contains(&self.state));
        self.state = row.and_then(|row| row.to).unwrap_or(self.state);
        match &entry.fact {
            AuthorityFact::CrlIssued(issued) => self.issued(issued, entry.command),
            AuthorityFact::CrlFailed { .. } => self.failed = Some(entry.at),
            AuthorityFact::CrlBlocked { why, .. } => {
                self.blocked = Some(why.clone());
                self.released = false;
            }
            AuthorityFact::CrlReleased { .. } => {
                self.blocked = None;
                self.released = true;
            }
            AuthorityFact::CrlDelivered(delivery) | AuthorityFact::CrlDeliveryFailed(delivery) => {
                let both = [self.full.as_mut(), self.delta.as_mut()].into_iter().flatten();
                let of = both.into_iter().find(|crl| crl.number == delivery.crl.number);
                if let Some(crl) = of {
                    crl.hear(entry);
                }
            }
            _ => {}
        }
    }

    fn issued(&mut self, issued: &CrlIssued, command: CommandId) {
        let crl = IssuedCrl::of(issued, command);
        let heads = issued.heads.iter().map(|head| (head.writer, Head::from(*head)));
        self.heads.extend(heads);
        (self.released, self.failed) = (false, None);
        if issued.base.is_some() {
            self.delta = Some(crl);
            return;
        }
        self.base = self.heads.clone();
        (self.full, self.delta) = (Some(crl), None);
    }
}
