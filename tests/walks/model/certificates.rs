//! What is true after something that was allowed.

use gost_ca::Timestamp;
use gost_ca::reason::Reason;

use super::asks::Termination;
use super::{Ask, Life, Model, Mood, Move, Plan, Request, Then, Who, days, second};

impl Model {
    /// After what needs neither an authority's signature nor a new case.
    pub(crate) fn apply(&mut self, ask: Ask, case: usize, now: Timestamp) {
        let moment = second(now);
        let life = &mut self.lives[case];
        let held = life.held_since();
        let date = held.unwrap_or(moment);
        match ask {
            Ask::EditRequest => {
                life.version = life.owner.map_or(1, |owner| self.people[owner].version);
                life.touch(now);
            }
            Ask::Reject => self.ends_request(case, Request::Rejected, now),
            Ask::Cancel => self.ends_request(case, Request::Withdrawn, now),
            Ask::Reopen => {
                self.asks_no_more(case, now);
                self.lives[case].reopens(now);
            }
            Ask::Accept { .. } => {
                life.accepted = true;
                life.awaits = None;
                life.moved(now, moment, Move::Taken);
            }
            Ask::Refuse => {
                let (reason, invalidity) = (Reason::CessationOfOperation, None);
                life.awaits = None;
                life.moved(now, moment, Move::Ended { date, reason, invalidity });
            }
            Ask::Suspend { until, on_end } => {
                let on_end = on_end.unwrap_or(life.rules().end_of_hold());
                life.moved(now, moment, Move::Held { until, on_end });
            }
            Ask::ByPhrase { .. } => {
                let term = days(life.rules().emergency.unwrap());
                let until = Some((moment + term).min(life.end()));
                let on_end = life.rules().end_of_hold();
                life.moved(now, moment, Move::Held { until, on_end });
            }
            Ask::ChangeHold { until, on_end } => {
                let on_end = on_end.unwrap_or(life.rules().end_of_hold());
                life.moved(now, moment, Move::HeldOtherwise { until, on_end });
            }
            Ask::Resume => life.moved(now, moment, Move::Freed),
            Ask::Revoke(Termination { reason, date: own, invalidity, .. }) => {
                let date = held.or(own).unwrap_or(moment);
                self.ends(case, (now, moment), Move::Ended { date, reason, invalidity });
            }
            Ask::Apply { learned } => life.applied(learned.unwrap_or(now), now),
            Ask::Dismiss => {
                life.application = None;
                life.touch(now);
            }
            Ask::RevokeExpired { reason } => {
                let invalidity = None;
                self.ends(case, (now, moment), Move::Ended { date, reason, invalidity });
            }
            Ask::Amend { invalidity } => {
                self.ends(case, (now, moment), Move::Amended { invalidity });
            }
            Ask::Schedule { at, plan } => {
                life.plan = Some((at, plan));
                life.touch(now);
            }
            Ask::WithdrawSchedule => {
                life.plan = None;
                life.touch(now);
            }
            Ask::Archive => {
                life.archived = Some(now);
                life.touch(now);
            }
            Ask::Unarchive => {
                life.archived = None;
                life.touch(now);
            }
            Ask::Erase => {
                life.erased = true;
                life.touch(now);
            }
            Ask::DestroyKey { left } => {
                let gone = if left { life.left.pop() } else { life.container.take() };
                life.left.retain(|container| Some(container) != gone.as_ref());
                life.container.take_if(|container| Some(&*container) == gone.as_ref());
                life.touch(now);
                self.gone.extend(gone);
            }
            Ask::Install | Ask::Hide | Ask::Print => life.touch(now),
            Ask::GenerateKey
            | Ask::Import(_)
            | Ask::UseKey
            | Ask::Submit
            | Ask::Waive
            | Ask::Issue
            | Ask::Renew
            | Ask::Reissue => unreachable!("has its own way"),
        }
    }

    /// A key that is known to be compromised is nobody's any more.
    pub(crate) fn ends(&mut self, case: usize, (at, since): (Timestamp, Timestamp), what: Move) {
        let life = &mut self.lives[case];
        life.awaits = None;
        life.moved(at, since, what);
        let compromised =
            life.stands().ended.is_some_and(|end| end.reason == Reason::KeyCompromise);
        self.blocked_keys.extend(life.key.filter(|_| compromised));
    }

    /// A request that comes to nothing: nobody is asked about it any more, and the elder may be renewed again.
    pub(crate) fn ends_request(&mut self, case: usize, how: Request, now: Timestamp) {
        self.asks_no_more(case, now);
        let life = &mut self.lives[case];
        life.request = how;
        life.touch(now);
        if let Some(old) = life.renews {
            let elder = &mut self.lives[old];
            if elder.heir == Some(case) && elder.archived.is_none() {
                elder.heir = None;
                elder.touch(now);
            }
        }
    }

    /// What a submission leaves, whatever it answered.
    pub(crate) fn issued_or_not(&mut self, case: usize, was_in_doubt: bool, now: Timestamp) {
        let mood = self.mood;
        let sound = self.key_is_sound(&self.lives[case], was_in_doubt).is_ok();
        let life = &mut self.lives[case];
        if sound && (mood == Mood::Well || (mood == Mood::Refusing && was_in_doubt)) {
            life.request = Request::Done;
            life.known_since = now;
            life.touch(now);
            if let Some(term) = life.rules().acceptance {
                life.awaits = Some(now + days(term));
                life.moved(now, second(now), Move::Awaited);
            }
            self.supersedes(case, now);
        } else if !was_in_doubt {
            let doubt = sound && mood == Mood::Down;
            life.request = if doubt { Request::InDoubt } else { Request::Failed };
            life.touch(now);
        }
    }

    fn supersedes(&mut self, case: usize, now: Timestamp) {
        let life = &self.lives[case];
        let Some(old) = life.renews else { return };
        let at = match life.rules().then {
            Then::Nothing => None,
            Then::Now => Some(second(now)),
            Then::After(term) => Some(second(now) + days(term)),
        };
        let elder = &mut self.lives[old];
        if elder.request == Request::Done && elder.archived.is_none() && !elder.is_ended() {
            elder.touch(now);
            if let Some(at) = at.filter(|at| *at < elder.end()) {
                elder.plan = Some((at, Plan::End(Reason::Superseded)));
            }
        }
    }

    /// A successor, begun.
    pub(crate) fn succeeds(&mut self, case: usize, who: Who, now: Timestamp) {
        let heir = self.lives.len();
        let life = &mut self.lives[case];
        life.heir = Some(heir);
        life.touch(now);
        let (owner, lineage, rules) = (life.owner, life.lineage, life.rules);
        let version = owner.map_or(1, |owner| self.people[owner].version);
        let office = if owner.is_none() { self.colleague.office } else { None };
        let draft = Life::draft((0, who), rules, version, now);
        self.lives.push(Life { owner, office, renews: Some(case), lineage, ..draft });
    }
}

impl Life {
    /// Back to the draft; a container that was made for it stays behind.
    pub(crate) fn reopens(&mut self, now: Timestamp) {
        self.request = Request::Draft;
        self.left.extend(self.container.take());
        (self.key, self.key_number) = (None, None);
        self.approval = None;
        self.touch(now);
    }
}
