//! What others must agree to.

use gost_ca::command::{Command, Outcome};
use gost_ca::id::ApprovalId;
use jiff::SignedDuration;

use crate::desk::Result;
use crate::model::{Approval, Frozen, Request, Stage, Who};
use crate::world::World;

impl World {
    pub(crate) fn asked(
        &mut self,
        who: Who,
        approval: ApprovalId,
        frozen: Frozen,
        (office, quorum): (Option<usize>, u8),
    ) {
        let now = self.now();
        self.approvals.push(approval);
        self.model.asked(Approval {
            frozen,
            requester: who,
            office,
            quorum,
            granted: Vec::new(),
            until: now + SignedDuration::from_hours(72),
            stage: Stage::Waiting,
            touched: now,
        });
    }

    pub(crate) async fn about_approvals(
        &mut self,
        who: Who,
        target: u16,
        detail: u16,
    ) -> Result<()> {
        if self.approvals.is_empty() {
            return Ok(());
        }
        // mostly one that is open
        let open = |stage| matches!(stage, Stage::Waiting | Stage::Failed | Stage::Approved);
        let numbers = 0..self.approvals.len();
        let opened: Vec<usize> =
            numbers.clone().filter(|number| open(self.model.approvals[*number].stage)).collect();
        let all: Vec<usize> = numbers.collect();
        let from = if opened.is_empty() || detail.is_multiple_of(8) { all } else { opened };
        let number = from[usize::from(target) % from.len()];
        let who = self.judge(who, number, detail);
        let stage = self.model.approvals[number].stage;
        match detail / 8 % 8 {
            0 => self.reject(who, number).await,
            1 => self.withdraw(who, number).await,
            2 => self.retry(who, number).await,
            _ if stage == Stage::Failed => self.retry(who, number).await,
            _ => self.approve(who, number).await,
        }
    }

    /// Mostly somebody who may.
    fn judge(&self, who: Who, number: usize, detail: u16) -> Who {
        let approval = &self.model.approvals[number];
        match detail % 4 {
            0 => Who::Administrator,
            1 if approval.office == Some(0) => Who::Operator(2),
            1 => Who::Operator(1),
            2 if !matches!(approval.requester, Who::User(_)) => approval.requester,
            _ => who,
        }
    }

    async fn approve(&mut self, who: Who, number: usize) -> Result<()> {
        let now = self.now();
        let mut verdict = self.model.approves(who, number, now);
        let case = self.case_of_approval(number);
        if verdict.is_ok() {
            let approval = &mut self.model.approvals[number];
            approval.granted.push(who);
            if approval.granted.len() >= usize::from(approval.quorum) {
                approval.stage = Stage::Approved;
                verdict = self.model.executes(number, now);
            }
        }
        let approval = self.approvals[number];
        let command = Command::Approve { approval, comment: "да".to_owned() };
        let envelope = self.bench.desk.envelope(command);
        if let Some(done) = self.run(who, envelope, verdict).await {
            self.compare_stage(number, &done);
        }
        self.look_at(number, case).await
    }

    async fn retry(&mut self, who: Who, number: usize) -> Result<()> {
        let now = self.now();
        let mut verdict = self.model.retries(who, number);
        let case = self.case_of_approval(number);
        if verdict.is_ok() {
            self.model.approvals[number].stage = Stage::Approved;
            verdict = self.model.executes(number, now);
        }
        let command = Command::RetryApproval { approval: self.approvals[number] };
        let envelope = self.bench.desk.envelope(command);
        if let Some(done) = self.run(who, envelope, verdict).await {
            self.compare_stage(number, &done);
        }
        self.look_at(number, case).await
    }

    fn compare_stage(&self, number: usize, done: &Outcome) {
        let Outcome::Approved { state, .. } = done else { panic!("{done:?}") };
        assert_eq!(*state, self.model.approvals[number].stage.state());
        self.note("approval", state.name());
    }

    async fn reject(&mut self, who: Who, number: usize) -> Result<()> {
        let now = self.now();
        let verdict = self.model.rejects(who, number, now);
        let waiting = self.model.waiting(number);
        let approval = self.approvals[number];
        let command = Command::RejectApproval { approval, comment: "нет".to_owned() };
        let envelope = self.bench.desk.envelope(command);
        if self.run(who, envelope, verdict).await.is_some() {
            self.model.approvals[number].stage = Stage::Rejected;
            if let Some(case) = waiting {
                self.model.ends_request(case, Request::Rejected, now);
            }
        }
        self.look_at(number, waiting).await
    }

    async fn withdraw(&mut self, who: Who, number: usize) -> Result<()> {
        let now = self.now();
        let verdict = self.model.withdraws(who, number);
        let waiting = self.model.waiting(number);
        let command = Command::WithdrawApproval { approval: self.approvals[number] };
        let envelope = self.bench.desk.envelope(command);
        if self.run(who, envelope, verdict).await.is_some() {
            self.model.approvals[number].stage = Stage::Withdrawn;
            if let Some(case) = waiting {
                self.model.lives[case].reopens(now);
            }
        }
        self.look_at(number, waiting).await
    }

    fn case_of_approval(&self, number: usize) -> Option<usize> {
        match self.model.approvals[number].frozen {
            Frozen::Issue { case } | Frozen::Case { case, .. } => Some(case),
            Frozen::Many(_) => None,
        }
    }

    pub(crate) async fn look_at(&mut self, number: usize, case: Option<usize>) -> Result<()> {
        let admin = &self.bench.desk.administrator;
        let card = self.bench.desk.ra.approval(admin, &self.approvals[number]).await?;
        let known = &self.model.approvals[number];
        assert_eq!(card.approval.state(), known.stage.state(), "{known:?}");
        if let Some(case) = case {
            self.check(case, self.keys).await?;
            if let Some(old) = self.model.lives[case].renews {
                self.check(old, self.keys).await?;
            }
        }
        if let Frozen::Many(items) = self.model.approvals[number].frozen.clone() {
            for (_, case) in items {
                self.check(case, self.keys).await?;
            }
        }
        Ok(())
    }
}
