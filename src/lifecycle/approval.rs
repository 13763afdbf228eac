//! Approvals: what others must agree to before it is done, as a table and a fold.

use jiff::Timestamp;

use super::case::BrokenHistory;
use super::{Act, AllowedAction, Guard, Refusal, Row, permission};
use crate::commitment::Commitment;
use crate::entry::{Actor, Entry};
use crate::fact::{ApprovalFact, ApprovalRequest};
use crate::id::{ApprovalId, UserId};
use crate::view::ApprovalState::{
    self, Approved, Denied, Executed, Expired, Failed, Rejected, Waiting, Withdrawn,
};
use crate::view::ApprovalView;
use crate::view::Role::{Administrator, Operator, System};

/// Every transition of an approval; what is not here is forbidden.
///
/// While an approved command runs, the approval stays approved: the command is idempotent, so a run that
/// was interrupted is simply repeated.
pub const ROWS: &[Row<ApprovalState>] = &[
    Row {
        id: "A1",
        act: Act::RequestApproval,
        from: &[],
        to: Some(Waiting),
        actors: &[Administrator, Operator, crate::view::Role::User],
        guards: &[],
        event: "approval.requested",
    },
    Row {
        id: "A2",
        act: Act::Approve,
        from: &[Waiting],
        to: None,
        actors: &[Administrator, Operator],
        guards: &[
            Guard::NotRequester,
            Guard::NotCreator,
            Guard::NotBeneficiary,
            Guard::OncePerPerson,
            Guard::ApprovalOpen,
        ],
        event: "approval.granted",
    },
    Row {
        id: "A3",
        act: Act::Approve,
        from: &[Waiting],
        to: Some(Approved),
        actors: &[System],
        guards: &[Guard::QuorumReached],
        event: "approval.approved",
    },
    Row {
        id: "A4",
        act: Act::Execute,
        from: &[Approved],
        to: Some(Executed),
        actors: &[System],
        guards: &[],
        event: "approval.executed",
    },
    Row {
        id: "A5",
        act: Act::Execute,
        from: &[Approved],
        to: Some(Failed),
        actors: &[System],
        guards: &[],
        event: "approval.execution_failed",
    },
    Row {
        id: "A6",
        act: Act::Execute,
        from: &[Failed],
        to: Some(Approved),
        actors: &[Administrator, Operator, System],
        guards: &[],
        event: "approval.retried",
    },
    Row {
        id: "A7",
        act: Act::Execute,
        from: &[Approved],
        to: Some(Denied),
        actors: &[System],
        guards: &[],
        event: "approval.execution_denied",
    },
    Row {
        id: "A8",
        act: Act::RejectApproval,
        from: &[Waiting],
        to: Some(Rejected),
        actors: &[Administrator, Operator],
        guards: &[
            Guard::NotRequester,
            Guard::NotCreator,
            Guard::NotBeneficiary,
            Guard::ApprovalOpen,
        ],
        event: "approval.rejected",
    },
    Row {
        id: "A9",
        act: Act::WithdrawApproval,
        from: &[Waiting, Failed],
        to: Some(Withdrawn),
        actors: &[Administrator, Operator, crate::view::Role::User, System],
        guards: &[Guard::Requester],
        event: "approval.withdrawn",
    },
    Row {
        id: "A10",
        act: Act::Expire,
        from: &[Waiting],
        to: Some(Expired),
        actors: &[System],
        guards: &[Guard::ApprovalOver],
        event: "approval.expired",
    },
];

/// One approval so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    id: ApprovalId,
    length: u64,
    state: ApprovalState,
    request: ApprovalRequest,
    requester: Actor,
    granted: Vec<UserId>,
    created: Timestamp,
    changed: Timestamp,
}

impl Approval {
    /// Folds entries from the first one on; `None` where there are none.
    ///
    /// # Errors
    /// [`BrokenHistory`] where a fact does not follow from the state before it.
    pub fn fold(
        id: ApprovalId,
        entries: &[Entry<ApprovalFact>],
    ) -> Result<Option<Self>, BrokenHistory> {
        let Some((first, rest)) = entries.split_first() else { return Ok(None) };
        let mut approval = Self::begin(id, first)?;
        rest.iter().try_for_each(|entry| approval.apply(entry))?;
        Ok(Some(approval))
    }

    /// Begins an approval by its first entry.
    ///
    /// # Errors
    /// [`BrokenHistory`] where the entry begins nothing.
    pub fn begin(id: ApprovalId, entry: &Entry<ApprovalFact>) -> Result<Self, BrokenHistory> {
        let ApprovalFact::Requested(request) = &entry.fact else {
            return Err(BrokenHistory { event: entry.fact.event() });
        };
        Ok(Self {
            id,
            length: 1,
            state: Waiting,
            request: (**request).clone(),
            requester: entry.actor.clone(),
            granted: Vec::new(),
            created: entry.at,
            changed: entry.at,
        })
    }

    /// Applies one more entry.
    ///
    /// # Errors
    /// [`BrokenHistory`] where its fact does not follow from the state.
    pub fn apply(&mut self, entry: &Entry<ApprovalFact>) -> Result<(), BrokenHistory> {
        let event = entry.fact.event();
        let row = ROWS.iter().find(|row| row.event == event && row.from.contains(&self.state));
        let row = row.ok_or(BrokenHistory { event })?;
        self.state = row.to.unwrap_or(self.state);
        self.length = self.length.saturating_add(1);
        self.changed = entry.at;
        if matches!(entry.fact, ApprovalFact::Granted { .. }) {
            self.granted.extend(entry.actor.user);
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
        fact: &ApprovalFact,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.choose(ROWS.iter().filter(|row| row.event == fact.event()), actor, now)
    }

    /// Every act on an approval, with the reason for each that is not allowed.
    pub fn allowed_actions(&self, actor: &Actor, now: Timestamp) -> Vec<AllowedAction> {
        [Act::Approve, Act::RejectApproval, Act::WithdrawApproval, Act::Execute]
            .into_iter()
            .map(|act| {
                let rows = ROWS.iter().filter(|row| row.act == act && row.actors != [System]);
                AllowedAction { act, refusal: self.choose(rows, actor, now).err() }
            })
            .collect()
    }

    fn choose(
        &self,
        rows: impl Iterator<Item = &'static Row<ApprovalState>>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let mut refusal = Refusal::NotFound("transition");
        for row in rows {
            match self.passes(row, actor, now) {
                Ok(()) => return Ok(()),
                Err(why) if row.from.contains(&self.state) => return Err(why),
                Err(why) => refusal = why,
            }
        }
        Err(refusal)
    }

    fn passes(
        &self,
        row: &Row<ApprovalState>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let own = actor.user.is_some() && actor.user == self.requester.user;
        if !own {
            permission::permits(actor, row.act, self.request.office.as_ref(), None)?;
        }
        if !row.from.contains(&self.state) {
            return Err(Refusal::State { act: row.act, state: self.state.name() });
        }
        if !row.actors.contains(&actor.role) {
            return Err(Refusal::Role { act: row.act, role: actor.role });
        }
        match row.guards.iter().find(|guard| !self.keeps(**guard, actor, now)) {
            Some(guard) => Err(Refusal::Guard(*guard)),
            None => Ok(()),
        }
    }

    fn keeps(&self, guard: Guard, actor: &Actor, now: Timestamp) -> bool {
        let own = actor.user.is_some() && actor.user == self.requester.user;
        match guard {
            Guard::NotRequester => !own,
            Guard::Requester => own || actor.role == System,
            Guard::NotCreator => {
                self.request.begun_by.is_none() || actor.user != self.request.begun_by
            }
            Guard::NotBeneficiary => {
                self.request.beneficiary.is_none() || actor.user != self.request.beneficiary
            }
            Guard::OncePerPerson => actor.user.is_none_or(|user| !self.granted.contains(&user)),
            Guard::ApprovalOpen => now < self.request.until,
            Guard::ApprovalOver => self.request.until <= now,
            Guard::QuorumReached => self.granted.len() >= usize::from(self.request.quorum),
            _ => true, // of other entities
        }
    }

    /// Which approval.
    pub const fn id(&self) -> ApprovalId {
        self.id
    }

    /// How many entries were folded.
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// How far it is.
    pub const fn state(&self) -> ApprovalState {
        self.state
    }

    /// What is to be approved.
    pub const fn request(&self) -> &ApprovalRequest {
        &self.request
    }

    /// The document with the frozen command.
    pub const fn command(&self) -> &Commitment {
        &self.request.command
    }

    /// Who asks.
    pub const fn requester(&self) -> &Actor {
        &self.requester
    }

    /// Who approved.
    pub fn granted(&self) -> &[UserId] {
        &self.granted
    }

    /// Whether the next approval is the last one that is needed.
    pub fn wants_one_more(&self) -> bool {
        self.granted.len().saturating_add(1) >= usize::from(self.request.quorum)
    }

    /// The row of the list of approvals.
    pub fn view(&self) -> ApprovalView {
        let due = match self.state {
            Waiting => Some(self.request.until),
            Approved => Some(self.changed),
            _ => None,
        };
        ApprovalView {
            approval: self.id,
            office: self.request.office.clone(),
            state: self.state,
            act: self.request.act,
            case: self.request.case,
            created: self.created,
            due,
        }
    }
}
