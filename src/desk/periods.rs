//! What a certificate was over a period, and what happened to it (U7: «справка о статусе»).

use jiff::{SignedDuration, Timestamp};

use crate::entry::Entry;
use crate::fact::{CaseFact, ImportedStatus, Issued};
use crate::lifecycle::{CertificateStatus, StatusAt};
use crate::reason::Ground;

/// A certificate's status from moment to moment, by all that was known at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatusPeriods {
    /// The first moment that was asked for.
    pub from: Timestamp,
    /// The last one.
    pub to: Timestamp,
    /// What was recorded later is not in it.
    pub known: Timestamp,
    /// The statuses, without gaps, from `from` to `to`.
    pub periods: Vec<StatusPeriod>,
    /// What happened, whenever, in the order of recording.
    pub events: Vec<StatusEvent>,
}

/// A stretch of time with one status.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatusPeriod {
    /// From this moment.
    pub from: Timestamp,
    /// To the moment before the next stretch; the last one: to the end of the period.
    pub to: Timestamp,
    /// It was this.
    pub status: CertificateStatus,
    /// Whether it was annulled rather than terminated (63-FZ 14).
    pub annulled: bool,
}

/// Something that changed a status.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatusEvent {
    /// What.
    pub kind: StatusEventKind,
    /// When it was entered in the register.
    pub entered: Timestamp,
    /// Since when it holds.
    pub since: Timestamp,
    /// The document it rests on.
    pub ground: Option<String>,
}

/// What changes a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum StatusEventKind {
    /// The certificate was issued.
    Issued,
    /// It was suspended.
    Suspended,
    /// It was resumed.
    Resumed,
    /// It was terminated.
    Terminated,
    /// It was annulled.
    Annulled,
}

impl StatusPeriods {
    /// Answers from the entries of a case, for a period, by what was recorded until `known`.
    ///
    /// A period that ends before it begins is its first moment alone.
    pub fn of(
        entries: &[Entry<CaseFact>],
        (from, to): (Timestamp, Timestamp),
        known: Timestamp,
    ) -> Self {
        let to = to.max(from);
        let entries: Vec<_> = entries.iter().filter(|entry| entry.at <= known).cloned().collect();
        let events: Vec<_> = entries.iter().flat_map(happened).collect();
        let annulled = events.iter().any(|event| event.kind == StatusEventKind::Annulled);
        let mut moments = turns(&entries);
        moments.retain(|moment| (from..=to).contains(moment));
        moments.insert(0, from);
        let mut periods: Vec<StatusPeriod> = moments
            .into_iter()
            .map(|moment| {
                let status = StatusAt::time(moment).known_until(known).answer(&entries);
                let annulled = annulled && matches!(status, CertificateStatus::Revoked { .. });
                StatusPeriod { from: moment, to, status, annulled }
            })
            .collect();
        periods.dedup_by(|later, earlier| later.status == earlier.status);
        let ends: Vec<_> = periods.iter().skip(1).map(|next| next.from).collect();
        periods.iter_mut().zip(ends).for_each(|(period, end)| period.to = end);
        Self { from, to, known, periods, events }
    }
}

/// The moments at which a status may change, in order.
fn turns(entries: &[Entry<CaseFact>]) -> Vec<Timestamp> {
    let mut moments: Vec<Timestamp> = entries.iter().map(|entry| entry.effective).collect();
    for entry in entries {
        if let Some(issued) = issued(&entry.fact) {
            let end = issued.validity.not_after.saturating_add(SignedDuration::from_nanos(1));
            moments.push(issued.validity.not_before);
            moments.extend(end);
        }
        moments.extend(elsewhere(&entry.fact).map(|(_, since)| since));
    }
    moments.sort_unstable();
    moments.dedup();
    moments
}

const fn issued(fact: &CaseFact) -> Option<&Issued> {
    match fact {
        CaseFact::CertificateIssued(issued)
        | CaseFact::IssuanceRecovered(issued)
        | CaseFact::CertificateIssuedOnHold { issued, .. } => Some(issued),
        CaseFact::CertificateImported(imported) => Some(&imported.issued),
        _ => None,
    }
}

/// What had happened to an imported certificate where it came from, and since when.
fn elsewhere(fact: &CaseFact) -> Option<(StatusEventKind, Timestamp)> {
    let CaseFact::CertificateImported(imported) = fact else { return None };
    match imported.status {
        ImportedStatus::Good => None,
        ImportedStatus::Suspended { since } => Some((StatusEventKind::Suspended, since)),
        ImportedStatus::Revoked { date, .. } => Some((StatusEventKind::Terminated, date)),
    }
}

/// One thing an entry, but for an imported certificate, which comes with what it was.
fn happened(entry: &Entry<CaseFact>) -> impl Iterator<Item = StatusEvent> {
    let before = elsewhere(&entry.fact).map(|(kind, since)| StatusEvent {
        kind,
        entered: entry.at,
        since,
        ground: None,
    });
    event(entry).into_iter().chain(before)
}

fn event(entry: &Entry<CaseFact>) -> Option<StatusEvent> {
    let (kind, ground) = match &entry.fact {
        fact if issued(fact).is_some() => (StatusEventKind::Issued, None),
        CaseFact::CertificateSuspended { ground, .. } => (StatusEventKind::Suspended, Some(ground)),
        CaseFact::SuspensionEnded => (StatusEventKind::Resumed, None),
        CaseFact::AcceptanceRefused { .. } | CaseFact::AcceptanceOverdue { .. } => {
            (StatusEventKind::Terminated, None)
        }
        CaseFact::RevokedAfterExpiry { ground, .. } => (StatusEventKind::Terminated, Some(ground)),
        CaseFact::CertificateResumed { ground, .. } => (StatusEventKind::Resumed, Some(ground)),
        CaseFact::CertificateRevoked { ground, .. } if ground.kind.is_annulment() => {
            (StatusEventKind::Annulled, Some(ground))
        }
        CaseFact::CertificateRevoked { ground, .. } => (StatusEventKind::Terminated, Some(ground)),
        _ => return None,
    };
    let document = |ground: &Ground| ground.document.clone();
    let entered = entry.at;
    let since = match &entry.fact {
        CaseFact::CertificateImported(imported) => imported.issued.validity.not_before,
        _ => entry.effective,
    };
    Some(StatusEvent { kind, entered, since, ground: ground.map(document) })
}
