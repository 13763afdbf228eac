//! What is asked about a case: whatever it is, or what it waits for.

use gost_ca::Timestamp;
use gost_ca::profile::OnEnd;
use gost_ca::reason::Reason;
use jiff::SignedDuration;

use crate::model::asks::Termination;
use crate::model::{Ask, KeyOf, Plan, Request, days};
use crate::world::World;

/// A kind of question; what it asks in particular follows from numbers.
type Kind = fn(u16, Timestamp) -> Ask;

macro_rules! kinds {
    ($($kind:expr),+) => {{
        const KINDS: &[Kind] = &[$($kind),+];
        KINDS
    }};
}

impl World {
    pub(crate) fn question(&self, case: usize, what: u16, detail: u16) -> Ask {
        let kinds = if what.is_multiple_of(3) { ALL } else { self.likely(case) };
        kinds[usize::from(what / 3) % kinds.len()](detail, self.now())
    }

    /// What the case waits for.
    fn likely(&self, case: usize) -> &'static [Kind] {
        let life = &self.model.lives[case];
        let expired = life.has_expired(self.now());
        let standing = life.stands();
        match life.request {
            Request::Draft if life.renews.is_some() => kinds!(import, generate, use_key, use_key),
            Request::Draft => kinds!(generate, import, import, |_, _| Ask::EditRequest),
            Request::Built => kinds!(|_, _| Ask::Submit),
            Request::Review => kinds!(|_, _| Ask::Waive, |_, _| Ask::Waive, |_, _| Ask::Reject),
            Request::Pending => kinds!(|_, _| Ask::Print, |_, _| Ask::Reopen, |_, _| Ask::Reject),
            Request::InDoubt => kinds!(|_, _| Ask::Issue),
            Request::Failed => kinds!(|_, _| Ask::Issue, |_, _| Ask::Issue, |_, _| Ask::Reject),
            Request::Withdrawn | Request::Rejected | Request::Over => kinds!(destroy),
            Request::Done if life.erased => kinds!(|_, _| Ask::Print),
            Request::Done if life.archived.is_some() => {
                kinds!(|_, _| Ask::Erase, |_, _| Ask::Erase, |_, _| Ask::Unarchive)
            }
            Request::Done if life.awaits.is_some() => kinds!(accept, accept, |_, _| Ask::Refuse),
            Request::Done if standing.ended.is_some() => {
                kinds!(amend, |_, _| Ask::Reissue, |_, _| Ask::Hide, destroy, |_, _| Ask::Archive)
            }
            Request::Done if expired => {
                kinds!(|_, _| Ask::Archive, revoke_expired, |_, _| Ask::Hide, |_, _| Ask::Reissue)
            }
            Request::Done if life.application.is_some() => {
                kinds!(terminate, |_, _| Ask::Dismiss, revoke, suspend, resume, accept)
            }
            Request::Done if standing.held.is_some() => {
                kinds!(resume, resume, change, change, revoke, schedule, terminate, |_, _| {
                    Ask::WithdrawSchedule
                })
            }
            Request::Done => kinds!(
                suspend,
                suspend,
                by_phrase,
                revoke,
                |_, _| Ask::Renew,
                |_, _| Ask::Renew,
                schedule,
                terminate,
                accept,
                |_, _| Ask::Install
            ),
        }
    }
}

const ALL: &[Kind] = &[
    |_, _| Ask::EditRequest,
    generate,
    import,
    use_key,
    |_, _| Ask::Submit,
    |_, _| Ask::Waive,
    |_, _| Ask::Reject,
    |_, _| Ask::Reopen,
    |_, _| Ask::Cancel,
    |_, _| Ask::Issue,
    |_, _| Ask::Install,
    accept,
    |_, _| Ask::Refuse,
    suspend,
    by_phrase,
    change,
    resume,
    revoke,
    terminate,
    revoke_expired,
    amend,
    schedule,
    |_, _| Ask::WithdrawSchedule,
    |_, _| Ask::Renew,
    |_, _| Ask::Reissue,
    |_, _| Ask::Hide,
    |_, _| Ask::Print,
    |_, _| Ask::Archive,
    |_, _| Ask::Unarchive,
    |_, _| Ask::Erase,
    destroy,
];

/// Those that may be one of many, and begin nothing.
pub(crate) const OF_MANY: &[Kind] = &[
    suspend,
    resume,
    revoke,
    change,
    schedule,
    amend,
    accept,
    |_, _| Ask::EditRequest,
    |_, _| Ask::Cancel,
    |_, _| Ask::Hide,
    |_, _| Ask::Print,
    |_, _| Ask::Archive,
];

fn generate(_: u16, _: Timestamp) -> Ask {
    Ask::GenerateKey
}

fn use_key(_: u16, _: Timestamp) -> Ask {
    Ask::UseKey
}

fn resume(_: u16, _: Timestamp) -> Ask {
    Ask::Resume
}

fn import(detail: u16, _: Timestamp) -> Ask {
    Ask::Import(match detail % 10 {
        0 => KeyOf::Another,
        1 => KeyOf::Villain,
        2..5 => KeyOf::Known(detail / 10),
        _ => KeyOf::Nobody,
    })
}

fn accept(detail: u16, _: Timestamp) -> Ask {
    Ask::Accept { paper: !detail.is_multiple_of(3) }
}

fn destroy(detail: u16, _: Timestamp) -> Ask {
    Ask::DestroyKey { left: detail.is_multiple_of(3) }
}

fn by_phrase(detail: u16, _: Timestamp) -> Ask {
    Ask::ByPhrase { phrase: detail % 3 }
}

fn until(detail: u16, from: Timestamp) -> Option<Timestamp> {
    (!detail.is_multiple_of(4)).then(|| from + days(i64::from(detail / 4 % 34) - 1))
}

fn on_end(detail: u16) -> Option<OnEnd> {
    [None, Some(OnEnd::Stay), Some(OnEnd::Resume), Some(OnEnd::Revoke)][usize::from(detail) % 4]
}

fn suspend(detail: u16, now: Timestamp) -> Ask {
    Ask::Suspend { until: until(detail, now), on_end: on_end(detail / 7) }
}

fn change(detail: u16, now: Timestamp) -> Ask {
    Ask::ChangeHold { until: until(detail, now), on_end: on_end(detail / 7) }
}

fn reason(detail: u16) -> Reason {
    Reason::ALL[usize::from(detail) % Reason::ALL.len()]
}

fn revoke(detail: u16, now: Timestamp) -> Ask {
    let hour = SignedDuration::from_hours(1);
    let date = match detail / 6 % 5 {
        0 => Some(now - days(i64::from(detail / 30 % 14))),
        1 if detail.is_multiple_of(4) => Some(now + hour),
        _ => None,
    };
    let invalidity = match detail / 6 % 9 {
        0 => Some(now - days(1)),
        1 if detail.is_multiple_of(4) => Some(now + hour),
        _ => None,
    };
    let annulled = detail / 6 % 11 < 2;
    let told = (detail / 6 % 11 == 1).then(|| now - hour);
    Ask::Revoke(Termination { reason: reason(detail), date, invalidity, annulled, told })
}

fn terminate(detail: u16, now: Timestamp) -> Ask {
    let hours = |hours: u16| SignedDuration::from_hours(i64::from(hours));
    match detail % 8 {
        0 | 1 => Ask::Dismiss,
        2 => Ask::Apply { learned: Some(now - hours(detail / 8 % 30)) },
        3 => Ask::Apply { learned: Some(now + hours(detail / 8 % 2)) },
        _ => Ask::Apply { learned: None },
    }
}

fn revoke_expired(detail: u16, _: Timestamp) -> Ask {
    Ask::RevokeExpired { reason: reason(detail) }
}

fn amend(detail: u16, now: Timestamp) -> Ask {
    let before = detail.is_multiple_of(3).then(|| now - days(2));
    let ahead = detail.is_multiple_of(11).then(|| now + days(2));
    Ask::Amend { invalidity: ahead.or(before) }
}

fn schedule(detail: u16, now: Timestamp) -> Ask {
    let at = now + days(i64::from(detail / 2 % 9));
    let plan = if detail.is_multiple_of(2) {
        Plan::End(reason(detail / 20))
    } else {
        let on_end = on_end(detail / 20).unwrap_or(OnEnd::Stay);
        Plan::Hold { until: until(detail / 18, at), on_end }
    };
    Ask::Schedule { at, plan }
}
