//! Lives of certificates, their requests included: what happened, and what is so by it.

use gost_ca::Timestamp;
use gost_ca::lifecycle::CertificateStatus;
use gost_ca::profile::OnEnd;
use gost_ca::reason::Reason;
use gost_ca::view::CaseState;
use gost_ca::x509::KeyIdentity;
use jiff::SignedDuration;

use super::{RULES, Rules, Who};

#[derive(Clone, Debug)]
pub(crate) struct Life {
    /// None where it is a member of the staff's.
    pub(crate) owner: Option<usize>,
    /// Of the colleague's cases, where they were begun.
    pub(crate) office: Option<usize>,
    pub(crate) rules: usize,
    pub(crate) creator: Who,
    pub(crate) request: Request,
    pub(crate) ends: Option<Timestamp>,
    /// The version of the data that it follows.
    pub(crate) version: u32,
    pub(crate) key: Option<KeyIdentity>,
    /// The number of a key made elsewhere.
    pub(crate) key_number: Option<u32>,
    pub(crate) container: Option<String>,
    /// Containers that were given up.
    pub(crate) left: Vec<String>,
    pub(crate) renews: Option<usize>,
    pub(crate) lineage: usize,
    pub(crate) heir: Option<usize>,
    pub(crate) approval: Option<usize>,
    pub(crate) term: Option<(Timestamp, Timestamp)>,
    pub(crate) known_since: Timestamp,
    /// Until when the owner may take it.
    pub(crate) awaits: Option<Timestamp>,
    pub(crate) accepted: bool,
    pub(crate) moves: Vec<(Moment, Move)>,
    pub(crate) plan: Option<(Timestamp, Plan)>,
    /// The termination that was asked for: until when it is to be entered, and whether that was missed.
    pub(crate) application: Option<(Timestamp, bool)>,
    pub(crate) archived: Option<Timestamp>,
    pub(crate) erased: bool,
    /// When the case last changed, and how often it did.
    pub(crate) touched: Timestamp,
    pub(crate) changes: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    Draft,
    Built,
    Review,
    Pending,
    InDoubt,
    Failed,
    Withdrawn,
    Rejected,
    Over,
    Done,
}

/// When something was recorded, and since when it is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) at: Timestamp,
    pub(crate) since: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Move {
    /// Issued on hold.
    Awaited,
    Taken,
    Held {
        until: Option<Timestamp>,
        on_end: OnEnd,
    },
    HeldOtherwise {
        until: Option<Timestamp>,
        on_end: OnEnd,
    },
    Freed,
    Ended {
        date: Timestamp,
        reason: Reason,
        invalidity: Option<Timestamp>,
    },
    Amended {
        invalidity: Option<Timestamp>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    Hold { until: Option<Timestamp>, on_end: OnEnd },
    End(Reason),
}

/// What is so by some of the moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) awaited: Option<Timestamp>,
    pub(crate) held: Option<Hold>,
    pub(crate) ended: Option<End>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hold {
    pub(crate) since: Timestamp,
    pub(crate) until: Option<Timestamp>,
    pub(crate) on_end: OnEnd,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) since: Timestamp,
    pub(crate) date: Timestamp,
    pub(crate) reason: Reason,
    pub(crate) invalidity: Option<Timestamp>,
    pub(crate) amended: bool,
}

impl Standing {
    fn takes(&mut self, since: Timestamp, what: Move) {
        match what {
            Move::Awaited => self.awaited = Some(since),
            Move::Taken => self.awaited = None,
            Move::Held { until, on_end } => self.held = Some(Hold { since, until, on_end }),
            Move::HeldOtherwise { until, on_end } => {
                if let Some(held) = &mut self.held {
                    (held.until, held.on_end) = (until, on_end);
                }
            }
            Move::Freed => self.held = None,
            Move::Ended { date, reason, invalidity } => {
                let amended = false;
                self.ended = Some(End { since, date, reason, invalidity, amended });
            }
            Move::Amended { invalidity } => {
                if let Some(ended) = &mut self.ended {
                    ended.reason = Reason::KeyCompromise;
                    ended.invalidity = invalidity.or(ended.invalidity);
                    ended.amended = true;
                }
            }
        }
    }
}

impl Life {
    pub(crate) fn draft(
        (owner, creator): (usize, Who),
        rules: usize,
        version: u32,
        now: Timestamp,
    ) -> Self {
        Self {
            owner: Some(owner),
            office: None,
            rules,
            creator,
            request: Request::Draft,
            ends: RULES[rules].request.map(|term| now + super::days(term)),
            version,
            key: None,
            key_number: None,
            container: None,
            left: Vec::new(),
            renews: None,
            lineage: 0,
            heir: None,
            approval: None,
            term: None,
            known_since: now,
            awaits: None,
            accepted: false,
            moves: Vec::new(),
            plan: None,
            application: None,
            archived: None,
            erased: false,
            touched: now,
            changes: 1,
        }
    }

    pub(crate) fn rules(&self) -> &'static Rules {
        &RULES[self.rules]
    }

    pub(crate) fn touch(&mut self, now: Timestamp) {
        self.touched = now;
        self.changes += 1;
    }

    pub(crate) fn moved(&mut self, at: Timestamp, since: Timestamp, what: Move) {
        self.touch(at);
        self.moves.push((Moment { at, since }, what));
        match what {
            Move::Held { .. } => {
                self.plan.take_if(|(_, plan)| matches!(plan, Plan::Hold { .. }));
            }
            Move::Ended { .. } => (self.plan, self.application) = (None, None),
            _ => {}
        }
    }

    /// What is so by all that is known.
    pub(crate) fn stands(&self) -> Standing {
        self.stood(Timestamp::MAX, Timestamp::MAX)
    }

    fn stood(&self, time: Timestamp, known: Timestamp) -> Standing {
        let mut standing = Standing::default();
        for (moment, what) in &self.moves {
            // what waits for its owner never was good
            let begun = moment.since <= time || *what == Move::Awaited;
            if begun && moment.at <= known {
                standing.takes(moment.since, *what);
            }
        }
        standing
    }

    /// Somebody's wish that it be terminated is taken down.
    pub(crate) fn applied(&mut self, learned: Timestamp, now: Timestamp) {
        let hours = self.rules().entry.unwrap();
        self.application = Some((learned + SignedDuration::from_hours(hours), false));
        self.touch(now);
    }

    /// Since when it is on hold, for whatever reason.
    pub(crate) fn held_since(&self) -> Option<Timestamp> {
        let standing = self.stands();
        standing.held.map(|hold| hold.since).or(standing.awaited)
    }

    pub(crate) fn is_held(&self) -> bool {
        self.stands().held.is_some() && !self.is_ended()
    }

    pub(crate) fn is_ended(&self) -> bool {
        self.stands().ended.is_some()
    }

    pub(crate) fn has_expired(&self, now: Timestamp) -> bool {
        self.term.is_some_and(|(_, end)| end < now)
    }

    pub(crate) fn end(&self) -> Timestamp {
        self.term.unwrap().1
    }

    /// A certificate that could be used on: in force, on hold, or waiting to be taken.
    pub(crate) fn lives_on(&self, now: Timestamp) -> bool {
        self.request == Request::Done
            && self.archived.is_none()
            && !self.is_ended()
            && !self.has_expired(now)
    }

    pub(crate) fn is_in_force(&self, now: Timestamp) -> bool {
        self.lives_on(now) && self.state() == CaseState::Active
    }

    /// A request that may still become a certificate.
    pub(crate) fn is_under_way(&self) -> bool {
        !matches!(
            self.request,
            Request::Withdrawn | Request::Rejected | Request::Over | Request::Done
        )
    }

    pub(crate) fn state(&self) -> CaseState {
        match self.request {
            Request::Draft => CaseState::Draft,
            Request::Built => CaseState::Built,
            Request::Review => CaseState::PolicyReview,
            Request::Pending => CaseState::PendingApproval,
            Request::InDoubt => CaseState::InDoubt,
            Request::Failed => CaseState::Failed,
            Request::Withdrawn => CaseState::Cancelled,
            Request::Rejected => CaseState::Rejected,
            Request::Over => CaseState::Expired,
            Request::Done if self.erased => CaseState::Erased,
            Request::Done if self.archived.is_some() => CaseState::Archived,
            Request::Done if self.is_ended() => CaseState::Revoked,
            Request::Done if self.stands().awaited.is_some() => CaseState::AwaitingAcceptance,
            Request::Done if self.is_held() => CaseState::Suspended,
            Request::Done => CaseState::Active,
        }
    }

    /// What the CRL must say: the date, the number of the reason (none for an unspecified one), and since
    /// when the key was not to be trusted.
    pub(crate) fn listed(&self) -> Option<(Timestamp, Option<u8>, Option<Timestamp>)> {
        let Standing { awaited, held, ended } = self.stands();
        if let Some(End { date, reason, invalidity, .. }) = ended {
            return Some((date, Some(reason.code()).filter(|code| *code != 0), invalidity));
        }
        held.map(|held| held.since).or(awaited).map(|since| (since, Some(6), None))
    }

    /// The status at a time, as it was known at a time.
    pub(crate) fn status(&self, time: Timestamp, known: Timestamp) -> CertificateStatus {
        let Some((begin, end)) = self.term.filter(|_| self.known_since <= known) else {
            return CertificateStatus::Unknown;
        };
        let standing = self.stood(time, known);
        match (standing.ended, standing.held, standing.awaited) {
            (Some(End { since, date, reason, invalidity, .. }), ..) => {
                CertificateStatus::Revoked { since, date, reason, invalidity }
            }
            _ if time < begin => CertificateStatus::NotYetValid,
            _ if end < time => CertificateStatus::Expired,
            (_, Some(held), _) => CertificateStatus::Suspended { since: held.since },
            (_, _, Some(since)) => CertificateStatus::AwaitingAcceptance { since },
            _ => CertificateStatus::Good,
        }
    }
}
