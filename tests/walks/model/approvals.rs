//! What others must agree to: who may, and what comes of it.

use gost_ca::Timestamp;
use gost_ca::view::ApprovalState;

use super::{Ask, Model, Next, ROLE, Request, SCOPE, STATE, Verdict, Who, office_of};

#[derive(Clone, Debug)]
pub(crate) struct Approval {
    pub(crate) frozen: Frozen,
    pub(crate) requester: Who,
    /// Whose operators may approve.
    pub(crate) office: Option<usize>,
    pub(crate) quorum: u8,
    pub(crate) granted: Vec<Who>,
    pub(crate) until: Timestamp,
    pub(crate) stage: Stage,
    pub(crate) touched: Timestamp,
}

/// What is done when it is approved.
#[derive(Clone, Debug)]
pub(crate) enum Frozen {
    /// The request is issued.
    Issue { case: usize },
    /// That is done to a case that changed so often.
    Case { ask: Ask, case: usize, changes: u64 },
    /// All of that.
    Many(Vec<(Ask, usize)>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Waiting,
    Approved,
    Executed,
    Failed,
    Denied,
    Rejected,
    Withdrawn,
    Expired,
}

impl Stage {
    pub(crate) const fn state(self) -> ApprovalState {
        match self {
            Self::Waiting => ApprovalState::Waiting,
            Self::Approved => ApprovalState::Approved,
            Self::Executed => ApprovalState::Executed,
            Self::Failed => ApprovalState::Failed,
            Self::Denied => ApprovalState::Denied,
            Self::Rejected => ApprovalState::Rejected,
            Self::Withdrawn => ApprovalState::Withdrawn,
            Self::Expired => ApprovalState::Expired,
        }
    }
}

impl Approval {
    fn is_of(&self, who: Who) -> Verdict {
        match who {
            Who::Administrator => Ok(()),
            Who::Operator(operator) if Some(office_of(operator)) == self.office => Ok(()),
            Who::Operator(_) => SCOPE,
            Who::User(_) => ROLE,
        }
    }
}

impl Model {
    pub(crate) fn approves(&self, who: Who, number: usize, now: Timestamp) -> Verdict {
        self.judges(who, number)?;
        let twice = self.approvals[number].granted.contains(&who);
        let open = now < self.approvals[number].until;
        match (twice, open) {
            (true, _) => Err("guard.approved-before"),
            (_, false) => Err("guard.approval-over"),
            _ => Ok(()),
        }
    }

    pub(crate) fn rejects(&self, who: Who, number: usize, now: Timestamp) -> Verdict {
        self.judges(who, number)?;
        let open = now < self.approvals[number].until;
        if open { Ok(()) } else { Err("guard.approval-over") }
    }

    /// Nobody judges their own wish.
    fn judges(&self, who: Who, number: usize) -> Verdict {
        self.is_there(who)?;
        let approval = &self.approvals[number];
        let own = approval.requester == who;
        if !own {
            approval.is_of(who)?;
        }
        match (approval.stage, own, who) {
            (Stage::Waiting, true, Who::User(_)) => ROLE,
            (Stage::Waiting, true, _) => Err("guard.own-approval"),
            (Stage::Waiting, false, _) if self.began(who, number) => Err("guard.own-request"),
            (Stage::Waiting, false, _) => Ok(()),
            _ => STATE,
        }
    }

    /// Whoever began a request does not judge it, whoever submitted it.
    fn began(&self, who: Who, number: usize) -> bool {
        matches!(self.approvals[number].frozen, Frozen::Issue { case } if self.lives[case].creator == who)
    }

    pub(crate) fn withdraws(&self, who: Who, number: usize) -> Verdict {
        self.is_there(who)?;
        let approval = &self.approvals[number];
        let own = approval.requester == who;
        if !own {
            // anybody may withdraw, of their own
            approval.is_of(who).map_err(|code| {
                if code == "permission.role" { "permission.scope" } else { code }
            })?;
        }
        match (approval.stage, own) {
            (Stage::Waiting | Stage::Failed, true) => Ok(()),
            (Stage::Waiting | Stage::Failed, false) => Err("guard.not-requester"),
            _ => STATE,
        }
    }

    pub(crate) fn retries(&self, who: Who, number: usize) -> Verdict {
        self.is_there(who)?;
        let approval = &self.approvals[number];
        let own = approval.requester == who;
        if !own {
            approval.is_of(who)?;
        }
        match (approval.stage, who) {
            (Stage::Failed, Who::User(_)) => ROLE,
            (Stage::Failed, _) => Ok(()),
            _ => STATE,
        }
    }

    fn is_there(&self, who: Who) -> Verdict {
        match who {
            Who::User(own) => self.signed_in_fully(own),
            _ => Ok(()),
        }
    }

    pub(crate) fn asked(&mut self, approval: Approval) {
        let number = self.approvals.len();
        if let Frozen::Issue { case } = approval.frozen {
            self.lives[case].approval = Some(number);
        }
        self.approvals.push(approval);
    }

    /// Whoever was asked about a request is asked no more.
    pub(crate) fn asks_no_more(&mut self, case: usize, now: Timestamp) {
        let Some(number) = self.lives[case].approval else { return };
        let approval = &mut self.approvals[number];
        if approval.stage == Stage::Waiting {
            let over = approval.until <= now;
            approval.stage = if over { Stage::Expired } else { Stage::Withdrawn };
        }
    }

    /// The request that waits for it.
    pub(crate) fn waiting(&self, number: usize) -> Option<usize> {
        match self.approvals[number].frozen {
            Frozen::Issue { case } => {
                let life = &self.lives[case];
                let waits = life.request == Request::Pending && life.approval == Some(number);
                waits.then_some(case)
            }
            _ => None,
        }
    }

    /// Does what was approved, as far as it may be done now; says what the approver is told.
    pub(crate) fn executes(&mut self, number: usize, now: Timestamp) -> Verdict {
        let approval = self.approvals[number].clone();
        self.approvals[number].touched = now;
        let mut people = approval.granted.iter().chain([&approval.requester]);
        let there = people.all(|who| self.is_in_office(*who));
        let done = if there { self.does(number, &approval, now) } else { SCOPE };
        let (stage, told) = match done {
            Ok(()) => (Stage::Executed, Ok(())),
            Err("provider.unavailable") => (Stage::Approved, Err("provider.unavailable")),
            Err(code) if code.starts_with("provider.") => (Stage::Failed, Ok(())),
            Err(_) => (Stage::Denied, Ok(())),
        };
        self.approvals[number].stage = stage;
        told
    }

    fn is_in_office(&self, who: Who) -> bool {
        match who {
            Who::User(person) => self.people[person].is_in_use(),
            _ => true,
        }
    }

    fn does(&mut self, number: usize, approval: &Approval, now: Timestamp) -> Verdict {
        let who = approval.requester;
        match &approval.frozen {
            Frozen::Case { ask, case, changes } => {
                self.verdict_on_frozen(who, (*ask, *case, *changes), now)?;
                self.apply(*ask, *case, now);
                Ok(())
            }
            Frozen::Issue { case } => self.issues_approved(number, *case, now),
            Frozen::Many(items) => {
                for (ask, case) in items {
                    if self.verdict(who, *ask, *case, now) == Ok(Next::Done) {
                        self.apply(*ask, *case, now);
                    }
                }
                Ok(())
            }
        }
    }

    fn issues_approved(&mut self, number: usize, case: usize, now: Timestamp) -> Verdict {
        let life = &self.lives[case];
        if life.approval != Some(number) {
            return STATE;
        }
        let in_doubt = match life.request {
            Request::Done => return Ok(()),
            Request::Pending | Request::Failed => false,
            Request::InDoubt => true,
            _ => return STATE,
        };
        let verdict = self.key_is_sound(life, in_doubt).and_then(|()| self.issuing(in_doubt));
        self.issued_or_not(case, in_doubt, now);
        verdict
    }
}
