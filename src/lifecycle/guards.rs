//! What must hold besides state and role, of a case.

use jiff::Timestamp;

use super::{Case, Guard};
use crate::entry::Actor;
use crate::fact::{CaseFact, Notice, Plan};
use crate::profile::{OnEnd, Profile, Suspension, days_after, days_before};
use crate::reason::Reason;
use crate::view::{CaseState, Role};

/// What a guard looks at.
#[derive(Clone, Copy)]
pub(super) struct Situation<'a> {
    pub(super) case: &'a Case,
    pub(super) profile: &'a Profile,
    pub(super) actor: &'a Actor,
    /// What is to be recorded; a guard that depends on it holds where there is none yet.
    pub(super) fact: Option<&'a CaseFact>,
    pub(super) now: Timestamp,
}

impl Guard {
    pub(super) fn holds(self, at: Situation<'_>) -> bool {
        let Situation { case, profile, actor, now, .. } = at;
        let policy = &profile.policy;
        match self {
            Self::NotExpired => !case.is_expired(now) || at.ends_late(),
            Self::Terminated => case.state() == CaseState::Revoked || case.is_expired(now),
            Self::SuspensionAllowed => {
                profile.suspension != Suspension::Forbidden || at.is_emergency()
            }
            Self::TermWithinPolicy => at.term_fits(),
            Self::ReasonAllowed => {
                at.is_planned() || at.reason().is_none_or(|reason| reason.allowed_to(actor.role))
            }
            Self::NotRenewed => case.successor().is_none(),
            Self::RequestOver => case.request_end().is_some_and(|end| end <= now),
            Self::NotCreator => !case.was_begun_by(actor),
            Self::AcceptanceOver => case.acceptance_end().is_some_and(|end| end <= now),
            Self::HoldOver => {
                case.hold_end().is_some_and(|(end, then)| end <= now && then == OnEnd::Resume)
            }
            Self::ScheduleDue => case.plan().is_some_and(|(time, _)| *time <= now),
            Self::ScheduleAhead => at.schedule_fits(),
            Self::EmergencyAllowed => policy.emergency_days.is_some(),
            Self::OwnerMayResume => !actor.is(&case.begun().user) || policy.owner_resumes,
            Self::LateRevocation => policy.late_revocation && case.is_expired(now),
            Self::DateWithinPolicy => at.date_fits(),
            Self::GroundComplete => at.ground_is_complete(),
            Self::NoApplication => case.application().is_none(),
            Self::Application => case.application().is_some(),
            Self::ApplicationOverdue => {
                case.application().is_some_and(|asked| !asked.overdue && asked.deadline <= now)
            }
            Self::Amendable => case
                .revoked()
                .is_some_and(|revoked| revoked.reason != Reason::KeyCompromise && !revoked.amended),
            Self::RenewalOpen => policy.renewal_days.is_none_or(|days| {
                case.not_after().is_some_and(|end| days_before(end, days) <= now)
            }),
            Self::KeySound => !case.is_compromised(),
            Self::KeyUnneeded => at.key_is_unneeded(),
            Self::NotAccepted => case.acknowledged().is_none(),
            Self::ArchiveDue => policy
                .archive_days
                .zip(case.not_after())
                .is_some_and(|(days, end)| days_after(end, days) <= now),
            Self::EraseDue => policy
                .erase_days
                .zip(case.archived())
                .is_some_and(|(days, since)| days_after(since, days) <= now),
            _ => true, // of accounts and approvals
        }
    }
}

impl Situation<'_> {
    /// A hold that ended by its term while the engine slept: its end still counts from that term.
    fn ends_late(&self) -> bool {
        let end = self.case.hold_end();
        self.actor.role == Role::System && end.is_some_and(|(end, _)| end <= self.now)
            || self.is_planned()
    }

    /// The engine carries out a plan that was allowed when it was made, however late it looks.
    fn is_planned(&self) -> bool {
        let due = self.case.plan().is_some_and(|(time, _)| *time <= self.now);
        self.actor.role == Role::System && due
    }

    fn is_emergency(&self) -> bool {
        matches!(self.fact, Some(CaseFact::CertificateSuspended { by_phrase: true, .. }))
            && self.profile.policy.emergency_days.is_some()
    }

    /// Ahead, within the profile's term, and before the certificate's end.
    fn term_fits(&self) -> bool {
        let (until, longest) = match self.fact {
            Some(CaseFact::CertificateSuspended { until, by_phrase: true, .. }) => {
                (until, self.profile.policy.emergency_days)
            }
            Some(
                CaseFact::CertificateSuspended { until, .. }
                | CaseFact::SuspensionChanged { until, .. },
            ) => (until, max_days(self.profile)),
            _ => return true,
        };
        if self.is_planned() {
            return true;
        }
        let (Some(longest), Some(until)) = (longest, until) else { return longest.is_some() };
        let end = self.case.not_after();
        self.now < *until
            && *until <= days_after(self.now, longest)
            && end.is_none_or(|end| *until <= end)
    }

    /// Ahead, before the certificate's end; a planned hold within the profile's term.
    fn schedule_fits(&self) -> bool {
        let Some(CaseFact::Scheduled { at, plan }) = self.fact else { return true };
        let end = self.case.not_after().unwrap_or(Timestamp::MAX);
        let alive = self.now < *at && *at < end;
        let Plan::Suspend { until, .. } = plan else { return alive };
        let Some(days) = max_days(self.profile) else { return false };
        let fits = |until: Timestamp| *at < until && until <= days_after(*at, days).min(end);
        alive && self.case.state() == CaseState::Active && until.is_none_or(fits)
    }

    fn reason(&self) -> Option<Reason> {
        match self.fact? {
            CaseFact::CertificateRevoked { reason, .. }
            | CaseFact::RevokedAfterExpiry { reason, .. }
            | CaseFact::Scheduled { plan: Plan::Revoke { reason, .. }, .. } => Some(*reason),
            _ => None,
        }
    }

    /// The date of a hold stays; any other lies within the profile's back-dating (R2). Whole seconds are lost.
    fn date_fits(&self) -> bool {
        let Some(CaseFact::CertificateRevoked { date, .. }) = self.fact else { return true };
        let earliest = days_before(self.now, self.profile.policy.back_dating_days);
        // the engine carries out plans and terms: they count from their time, however late it looks
        let by_term = self.actor.role == Role::System && *date <= self.now;
        let of_hold = self.case.hold().is_some_and(|hold| hold.since == *date);
        by_term || of_hold || (earliest.as_second() <= date.as_second() && *date <= self.now)
    }

    /// Annulment wants the owner notified before the entry (63-FZ 14).
    fn ground_is_complete(&self) -> bool {
        let (ground, notice) = match self.fact {
            Some(CaseFact::CertificateRevoked { ground, notice, .. }) => (ground, *notice),
            // nobody can have been notified of what is ahead
            Some(CaseFact::Scheduled { plan: Plan::Revoke { ground, .. }, .. }) => {
                (ground, Notice::default())
            }
            _ => return true,
        };
        if self.is_planned() {
            return true;
        }
        let told = notice.owner_notified.is_some_and(|told| told <= self.now);
        !ground.kind.is_annulment() || told
    }

    /// A container given up before there was a request, or of a request or certificate that is over.
    fn key_is_unneeded(&self) -> bool {
        let Some(CaseFact::KeyDestroyed { store, key }) = self.fact else { return true };
        let place = (store.clone(), key.clone());
        if self.case.key() == Some(&place) {
            !self.case.needs_key(self.now)
        } else {
            self.case.left_keys().contains(&place)
        }
    }
}

const fn max_days(profile: &Profile) -> Option<u16> {
    match profile.suspension {
        Suspension::Allowed { max_days, .. } => Some(max_days),
        Suspension::Forbidden => None,
    }
}
