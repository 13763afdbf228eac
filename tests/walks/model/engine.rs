//! What happens by itself, when the engine looks.

use gost_ca::Timestamp;
use gost_ca::profile::OnEnd;
use gost_ca::reason::Reason;
use jiff::SignedDuration;

use super::asks::end_of;
use super::{Life, Model, Move, Plan, Request, Stage, second};

impl Model {
    /// Everything that is due; true where anything changed.
    pub(crate) fn sweeps(&mut self, now: Timestamp) -> bool {
        let mut due: Vec<(Timestamp, u8, usize)> = Vec::new();
        // whoever began it may still be at it
        let patience = SignedDuration::from_secs(30);
        for case in 0..self.lives.len() {
            let at = self.due(case).filter(|at| *at + patience <= now);
            due.extend(at.map(|at| (at, 0, case)));
        }
        for (number, approval) in self.approvals.iter().enumerate() {
            match approval.stage {
                Stage::Waiting if approval.until <= now => due.push((approval.until, 1, number)),
                Stage::Approved => due.push((approval.touched, 1, number)),
                _ => {}
            }
        }
        due.sort_unstable();
        let mut changed = false;
        for (_, kind, number) in due {
            changed |= match kind {
                0 => self.looks_after(number, now),
                _ => self.looks_at_approval(number, now),
            };
        }
        changed
    }

    fn due(&self, case: usize) -> Option<Timestamp> {
        let life = &self.lives[case];
        if life.archived.is_some() || life.is_ended() {
            return None;
        }
        match life.request {
            Request::InDoubt => Some(life.touched),
            Request::Draft
            | Request::Built
            | Request::Review
            | Request::Pending
            | Request::Failed => life.ends,
            Request::Withdrawn | Request::Rejected | Request::Over => None,
            Request::Done => {
                let entry = life.application.map(|(until, _)| until);
                let entry = entry.filter(|until| *until <= life.end());
                life.awaits.or_else(|| next(life)).into_iter().chain(entry).min()
            }
        }
    }

    fn looks_after(&mut self, case: usize, now: Timestamp) -> bool {
        if self.due(case).is_none_or(|due| now < due) {
            return false;
        }
        match self.lives[case].request {
            Request::InDoubt => {
                let ends = self.issuing(true).is_ok();
                self.issued_or_not(case, true, now);
                ends
            }
            Request::Done => {
                let life = &self.lives[case];
                match life.awaits.or_else(|| next(life)).filter(|due| *due <= now) {
                    Some(due) => self.carries_out(case, due, now),
                    None => return self.lives[case].misses_its_entry(now),
                }
                true
            }
            _ => {
                self.ends_request(case, Request::Over, now);
                true
            }
        }
    }

    /// Terms and plans count from their time, in the order of their times.
    fn carries_out(&mut self, case: usize, due: Timestamp, now: Timestamp) {
        let life = &mut self.lives[case];
        let standing = life.stands();
        let invalidity = None;
        if life.awaits.take().is_some() {
            let (date, reason) = (standing.awaited.unwrap(), Reason::CessationOfOperation);
            life.moved(now, second(now), Move::Ended { date, reason, invalidity });
            return;
        }
        let date = standing.held.map_or(due, |hold| hold.since);
        match (end_of(standing.held), life.plan) {
            (Some((end, OnEnd::Resume)), _) if end == due => life.moved(now, due, Move::Freed),
            (Some((end, _)), _) if end == due => {
                let reason = Reason::CessationOfOperation;
                life.moved(now, due, Move::Ended { date, reason, invalidity });
            }
            (_, Some((_, Plan::End(reason)))) => {
                self.ends(case, (now, due), Move::Ended { date, reason, invalidity });
            }
            (_, Some((_, Plan::Hold { until, on_end }))) => {
                life.moved(now, due, Move::Held { until, on_end });
            }
            (_, None) => unreachable!("due by nothing"),
        }
    }

    fn looks_at_approval(&mut self, number: usize, now: Timestamp) -> bool {
        match self.approvals[number].stage {
            Stage::Waiting => {
                let waiting = self.waiting(number);
                self.approvals[number].stage = Stage::Expired;
                if let Some(case) = waiting {
                    self.lives[case].reopens(now);
                }
                true
            }
            Stage::Approved => {
                let _told = self.executes(number, now);
                self.approvals[number].stage != Stage::Approved
            }
            _ => false,
        }
    }
}

/// When its hold ends, or its plan is due.
fn next(life: &Life) -> Option<Timestamp> {
    let end = end_of(life.stands().held).map(|(end, _)| end);
    end.into_iter().chain(life.plan.map(|(at, _)| at)).min()
}

impl Life {
    /// Once; it stays due until it is entered.
    fn misses_its_entry(&mut self, now: Timestamp) -> bool {
        let Some((until, missed)) = &mut self.application else { return false };
        let first = !*missed && *until <= now;
        if first {
            *missed = true;
            self.touch(now);
        }
        first
    }
}
