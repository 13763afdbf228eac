//! `status_at`, what OCSP says of it, and the printed periods: against a model, over random histories.
//!
//! The model knows nothing of folds: for every second it looks through the whole history for what held then.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "a test fails by panicking"
)]

use gost_ca::Timestamp;
use gost_ca::commitment::Commitment;
use gost_ca::desk::periods::{StatusEventKind, StatusPeriods};
use gost_ca::entry::{Actor, Entry, VERSION};
use gost_ca::fact::{
    Acknowledgement, CaseFact, Imported, ImportedStatus, Issued, Notice, RequestCreated,
};
use gost_ca::id::{AuthorityId, CaseId, CommandId, UserId};
use gost_ca::lifecycle::{CertificateStatus, OcspStatus, StatusAt};
use gost_ca::profile::OnEnd;
use gost_ca::provider::authority::Validity;
use gost_ca::reason::{Ground, GroundKind, Reason};
use gost_ca::view::Role;
use gost_ca::x509::{KeyIdentity, SerialNumber};
use proptest::collection::vec;
use proptest::prelude::*;

/// Seconds since the beginning of all histories.
type Second = i64;

const BEGIN: Second = 1_800_000_000;
/// The certificate's term within a history.
const TERM: (Second, Second) = (30, 200);
/// The last second that is looked at.
const LAST: Second = 240;

/// What may happen, after how many seconds, and since how many seconds it holds then.
#[derive(Clone, Copy, Debug)]
enum Step {
    Reserve,
    Issue { on_hold: bool },
    Import(Elsewhere),
    Accept,
    Refuse,
    Suspend,
    Resume { by_term: bool },
    Revoke { reason: Reason, late: bool },
    Amend,
}

/// What an imported certificate was.
#[derive(Clone, Copy, Debug)]
enum Elsewhere {
    Good,
    Held(Second),
    Revoked(Second),
}

/// Something that happened: recorded then, in force since.
#[derive(Clone, Copy, Debug)]
struct Happened {
    at: Second,
    since: Second,
    step: Step,
}

fn time(second: Second) -> Timestamp {
    Timestamp::from_second(BEGIN + second).unwrap()
}

fn commitment() -> Commitment {
    Commitment::from_octets([7; 32])
}

fn issued() -> Issued {
    Issued {
        certificate: commitment(),
        issuer: KeyIdentity::from_octets([1; 32]),
        serial: SerialNumber::from_magnitude(&[0x51; 8]).unwrap(),
        validity: Validity { not_before: time(TERM.0), not_after: time(TERM.1) },
        thumbprint: [3; 20],
        partition: 0,
    }
}

fn created() -> RequestCreated {
    RequestCreated {
        user: UserId::new([1; 16]),
        role: Role::User,
        office: None,
        registration: commitment(),
        profile: "commercial".parse().unwrap(),
        profile_version: 1,
        authority: AuthorityId::new([2; 16]),
        lineage: CaseId::new([3; 16]),
        renews: None,
        succession: None,
        ends: None,
    }
}

fn ground() -> Ground {
    Ground { kind: GroundKind::OwnerApplication, document: "№ 1".to_owned() }
}

/// The model's revocation: since when, with which date and reason.
#[derive(Clone, Copy, Debug)]
struct Ended {
    since: Second,
    date: Second,
    reason: Reason,
}

/// What a history comes to at a second, looked for from its end.
fn model(history: &[Happened], second: Second) -> CertificateStatus {
    let there = |step: &Step| matches!(step, Step::Issue { .. } | Step::Import(_));
    if !history.iter().any(|happened| there(&happened.step)) {
        return CertificateStatus::Unknown;
    }
    if let Some(Ended { since, date, reason }) = ended(history, second) {
        let (since, date) = (time(since), time(date));
        let invalidity = None;
        return CertificateStatus::Revoked { since, date, reason, invalidity };
    }
    if second < TERM.0 {
        return CertificateStatus::NotYetValid;
    }
    if TERM.1 < second {
        return CertificateStatus::Expired;
    }
    match held(history, second) {
        Some((since, false)) => CertificateStatus::Suspended { since: time(since) },
        Some((since, true)) => CertificateStatus::AwaitingAcceptance { since: time(since) },
        None => CertificateStatus::Good,
    }
}

fn ended(history: &[Happened], second: Second) -> Option<Ended> {
    let mut amended = false;
    for happened in history.iter().rev() {
        let Happened { at: _, since, step } = *happened;
        match step {
            Step::Import(Elsewhere::Revoked(date)) if date <= second => {
                let reason =
                    if amended { Reason::KeyCompromise } else { Reason::CessationOfOperation };
                return Some(Ended { since: date, date, reason });
            }
            Step::Amend if since <= second => amended = true,
            Step::Revoke { reason, .. } if since <= second => {
                let reason = if amended { Reason::KeyCompromise } else { reason };
                let before: Vec<_> =
                    history.iter().take_while(|it| it.at < happened.at).copied().collect();
                let date = held(&before, Second::MAX).map_or(since, |(hold, _)| hold);
                return Some(Ended { since, date, reason });
            }
            Step::Refuse if since <= second => {
                let before: Vec<_> =
                    history.iter().take_while(|it| it.at < happened.at).copied().collect();
                let date = held(&before, Second::MAX).map_or(since, |(hold, _)| hold);
                let reason =
                    if amended { Reason::KeyCompromise } else { Reason::CessationOfOperation };
                return Some(Ended { since, date, reason });
            }
            _ => {}
        }
    }
    None
}

/// The hold of a second: since when, and whether it is that of the acceptance.
fn held(history: &[Happened], second: Second) -> Option<(Second, bool)> {
    for happened in history.iter().rev() {
        match happened.step {
            Step::Suspend if happened.since <= second => return Some((happened.since, false)),
            Step::Resume { .. } | Step::Accept if happened.since <= second => return None,
            Step::Import(Elsewhere::Held(since)) if since <= second => return Some((since, false)),
            Step::Issue { on_hold: true } => return Some((happened.since, true)),
            _ => {}
        }
    }
    None
}

fn entries(history: &[Happened]) -> Vec<Entry<CaseFact>> {
    let entry = |happened: &Happened, before: &[Happened]| Entry {
        version: VERSION,
        at: time(happened.at),
        effective: time(happened.since),
        actor: Actor::SYSTEM,
        command: CommandId::new([9; 16]),
        fact: fact(happened, before),
    };
    history.iter().enumerate().map(|(index, it)| entry(it, &history[..index])).collect()
}

fn fact(happened: &Happened, before: &[Happened]) -> CaseFact {
    let date = time(held(before, Second::MAX).map_or(happened.since, |(hold, _)| hold));
    let invalidity = None;
    match happened.step {
        Step::Reserve => CaseFact::RequestCreated(Box::new(created())),
        Step::Issue { on_hold: false } => CaseFact::CertificateIssued(issued()),
        Step::Issue { on_hold: true } => {
            CaseFact::CertificateIssuedOnHold { issued: issued(), until: time(LAST) }
        }
        Step::Import(elsewhere) => CaseFact::CertificateImported(Box::new(Imported {
            begun: created(),
            public_key: KeyIdentity::from_octets([4; 32]),
            issued: issued(),
            status: match elsewhere {
                Elsewhere::Good => ImportedStatus::Good,
                Elsewhere::Held(since) => ImportedStatus::Suspended { since: time(since) },
                Elsewhere::Revoked(date) => ImportedStatus::Revoked {
                    date: time(date),
                    reason: Reason::CessationOfOperation,
                    invalidity,
                },
            },
        })),
        Step::Accept => {
            CaseFact::CertificateAccepted { acknowledgement: Acknowledgement::Electronic }
        }
        Step::Refuse => CaseFact::AcceptanceRefused { date },
        Step::Suspend => CaseFact::CertificateSuspended {
            ground: ground(),
            until: None,
            on_end: OnEnd::Stay,
            by_phrase: false,
        },
        Step::Resume { by_term: false } => CaseFact::CertificateResumed { ground: ground() },
        Step::Resume { by_term: true } => CaseFact::SuspensionEnded,
        Step::Revoke { reason, late: false } => CaseFact::CertificateRevoked {
            reason,
            ground: ground(),
            date,
            invalidity,
            notice: Notice::default(),
        },
        Step::Revoke { reason, late: true } => {
            CaseFact::RevokedAfterExpiry { reason, ground: ground(), date, invalidity }
        }
        Step::Amend => CaseFact::ReasonAmended { ground: ground(), invalidity },
    }
}

/// A history that the tables allow, from draws of anything.
fn history(draws: &[(u8, u8, u8)]) -> Vec<Happened> {
    let (mut history, mut now) = (Vec::new(), 1);
    let begun = Happened { at: now, since: now, step: Step::Reserve };
    let imported = draws.first().is_some_and(|(what, ..)| what.is_multiple_of(4));
    if !imported {
        history.push(begun);
    }
    for (what, pause, back) in draws {
        now += 1 + Second::from(pause % 40);
        let Some(step) = next(&history, *what, (now, *back)) else { continue };
        // the end of a term, or of a plan, is recorded late, but never before what came last
        let last = history.last().map_or(0, |last| last.since.max(last.at));
        let late =
            matches!(step, Step::Resume { by_term: true } | Step::Revoke { late: false, .. });
        let since = if late { (now - Second::from(back % 20)).max(last) } else { now };
        history.push(Happened { at: now, since, step });
    }
    history
}

/// What may come next.
fn next(history: &[Happened], what: u8, (now, back): (Second, u8)) -> Option<Step> {
    let Some(_) = history.iter().find(|it| matches!(it.step, Step::Issue { .. } | Step::Import(_)))
    else {
        let ago = (now - Second::from(back)).max(-50);
        return Some(match (history.is_empty(), what % 3) {
            (false, 0) => Step::Issue { on_hold: true },
            (false, _) => Step::Issue { on_hold: false },
            (true, 0) => Step::Import(Elsewhere::Good),
            (true, 1) => Step::Import(Elsewhere::Held(ago)),
            (true, _) => Step::Import(Elsewhere::Revoked(ago)),
        });
    };
    let reasons = [Reason::Unspecified, Reason::KeyCompromise, Reason::CessationOfOperation];
    let revoke = |late| Step::Revoke { reason: reasons[usize::from(what) % 3], late };
    let (ended, held) = (ended(history, Second::MAX), held(history, Second::MAX));
    let amended = history.iter().any(|it| matches!(it.step, Step::Amend));
    match (ended, held) {
        (Some(ended), _) => {
            let amendable = !amended && ended.reason != Reason::KeyCompromise;
            amendable.then_some(Step::Amend)
        }
        (None, Some((_, true))) => {
            Some(if what.is_multiple_of(3) { Step::Refuse } else { Step::Accept })
        }
        (None, _) if TERM.1 < now => (what.is_multiple_of(2)).then(|| revoke(true)),
        (None, Some(_)) if what.is_multiple_of(4) => Some(revoke(false)),
        (None, Some(_)) => Some(Step::Resume { by_term: what.is_multiple_of(2) }),
        (None, None) if what.is_multiple_of(4) => Some(revoke(false)),
        (None, None) => Some(Step::Suspend),
    }
}

/// RFC 6960 §2.2, by the model.
fn ocsp(status: CertificateStatus) -> OcspStatus {
    let revoked = |time, reason| OcspStatus::Revoked { time, reason };
    match status {
        CertificateStatus::Unknown => OcspStatus::Unknown,
        CertificateStatus::Suspended { since }
        | CertificateStatus::AwaitingAcceptance { since } => revoked(since, Some(6)),
        CertificateStatus::Revoked { date, reason, .. } => {
            let number = match reason {
                Reason::Unspecified => None,
                Reason::KeyCompromise => Some(1),
                Reason::CessationOfOperation => Some(5),
                other => panic!("{other:?} is in no history"),
            };
            revoked(date, number)
        }
        _ => OcspStatus::Good,
    }
}

fn draws() -> impl Strategy<Value = Vec<(u8, u8, u8)>> {
    vec(any::<(u8, u8, u8)>(), 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// At every second, by every number of entries and by every time of knowing.
    #[test]
    fn the_status_is_what_held_then(draws in draws()) {
        let history = history(&draws);
        let entries = entries(&history);
        for second in (-60..LAST).step_by(3) {
            for known in 0..=history.len() {
                let expected = model(&history[..known], second);
                let asked = StatusAt::time(time(second)).known_by(known as u64);
                let answer = asked.answer(&entries);
                prop_assert_eq!(answer, expected, "at {} by {} of {:?}", second, known, history);
                prop_assert_eq!(answer.ocsp(), ocsp(expected));
            }
            for known in (0..LAST).step_by(17) {
                let so_far: Vec<_> =
                    history.iter().filter(|happened| happened.at <= known).copied().collect();
                let asked = StatusAt::time(time(second)).known_until(time(known));
                prop_assert_eq!(asked.answer(&entries), model(&so_far, second));
            }
        }
    }

    /// What the printed statement says of a period is the status of each of its seconds.
    #[test]
    fn the_periods_are_the_statuses(draws in draws(), from in -60..LAST, length in 0..LAST) {
        let history = history(&draws);
        let (to, known) = (from + length, LAST + 400);
        let told = StatusPeriods::of(&entries(&history), (time(from), time(to)), time(known));
        prop_assert_eq!((told.periods[0].from, told.periods.last().unwrap().to), (time(from), time(to)));
        for pair in told.periods.windows(2) {
            prop_assert_eq!(pair[0].to, pair[1].from, "no gaps");
            prop_assert!(pair[0].status != pair[1].status, "and each as long as can be");
        }
        for second in from..=to {
            let now = time(second);
            let period = told.periods.iter().rfind(|period| period.from <= now).unwrap();
            prop_assert_eq!(period.status, model(&history, second), "at {} of {:?}", second, history);
        }
        let events = told.events.iter().filter(|event| event.kind != StatusEventKind::Issued).count();
        let changes = history.iter().filter(|happened| match happened.step {
            Step::Import(elsewhere) => !matches!(elsewhere, Elsewhere::Good),
            Step::Suspend | Step::Resume { .. } | Step::Refuse | Step::Revoke { .. } => true,
            Step::Reserve | Step::Issue { .. } | Step::Accept | Step::Amend => false,
        });
        prop_assert_eq!(events, changes.count(), "{:?}", told.events);
    }
}
