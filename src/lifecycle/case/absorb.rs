//! What each fact means for a case.

use jiff::Timestamp;

use super::{Application, Case, Hold, Requested, Revoked};
use crate::fact::{CaseFact, Plan};
use crate::id::Name;
use crate::profile::OnEnd;
use crate::provider::key_store::KeyId;
use crate::reason::Reason;

impl Case {
    #[expect(clippy::too_many_lines, reason = "one arm per fact")]
    pub(super) fn absorb(&mut self, fact: &CaseFact, effective: Timestamp) {
        match fact {
            CaseFact::RequestEdited { registration } => self.begun.registration = *registration,
            CaseFact::KeyGenerationStarted { store, key } => {
                self.key = Some((store.clone(), key.clone()));
            }
            CaseFact::KeyGenerationFailed { .. } => self.leave_key(),
            CaseFact::KeyDestroyed { store, key } => self.forget_key(&(store.clone(), key.clone())),
            CaseFact::RequestBuilt { request, public_key, .. }
            | CaseFact::RequestImported { request, public_key } => {
                self.request = Some(Requested { document: *request, public_key: *public_key });
            }
            CaseFact::RequestBuiltAnew { request, public_key, store, key } => {
                self.key = Some((store.clone(), key.clone()));
                self.request = Some(Requested { document: *request, public_key: *public_key });
                self.same_key = true;
            }
            CaseFact::RequestFlagged { findings } => self.findings.clone_from(findings),
            CaseFact::FindingsWaived { .. } => self.findings.clear(),
            CaseFact::ApprovalRequested { approval } => self.approval = Some(*approval),
            CaseFact::RequestReopened => {
                self.request = None;
                self.same_key = false;
                self.approval = None;
                self.findings.clear();
                self.leave_key();
            }
            CaseFact::IssuanceIntended(intent) => self.intent = Some(intent.clone()),
            CaseFact::IssuanceFailed { .. } => {
                self.intent = None;
                self.attempts = self.attempts.saturating_add(1);
            }
            CaseFact::CertificateIssued(issued) | CaseFact::IssuanceRecovered(issued) => {
                self.issued = Some(issued.clone());
            }
            CaseFact::CertificateIssuedOnHold { issued, until } => {
                self.issued = Some(issued.clone());
                self.awaits = Some(*until);
                self.hold = Some(Hold { since: effective, until: None, on_end: OnEnd::Stay });
            }
            CaseFact::CertificateAccepted { acknowledgement } => {
                self.acknowledged = Some((effective, acknowledgement.clone()));
                // an acknowledgement later in life ends no hold
                if self.awaits.take().is_some() {
                    self.hold = None;
                }
            }
            CaseFact::AcceptanceRefused { date } | CaseFact::AcceptanceOverdue { date } => {
                self.awaits = None;
                self.end(Reason::CessationOfOperation, *date, None);
            }
            CaseFact::CertificateInstalled => self.installed = true,
            CaseFact::CertificateSuspended { until, on_end, .. } => {
                self.hold = Some(Hold { since: effective, until: *until, on_end: *on_end });
                self.plan.take_if(|(_, plan)| matches!(plan, Plan::Suspend { .. }));
            }
            CaseFact::SuspensionChanged { until, on_end, .. } => {
                if let Some(hold) = &mut self.hold {
                    (hold.until, hold.on_end) = (*until, *on_end);
                }
            }
            CaseFact::CertificateResumed { .. } | CaseFact::SuspensionEnded => self.hold = None,
            CaseFact::Scheduled { at, plan } => self.plan = Some((*at, plan.clone())),
            CaseFact::ScheduleWithdrawn => self.plan = None,
            CaseFact::TerminationApplied { reason, learned, deadline, .. } => {
                let (reason, learned, deadline) = (*reason, *learned, *deadline);
                self.application = Some(Application { reason, learned, deadline, overdue: false });
            }
            CaseFact::TerminationOverdue { .. } => {
                self.application.iter_mut().for_each(|asked| asked.overdue = true);
            }
            CaseFact::TerminationDismissed { .. } => self.application = None,
            CaseFact::CertificateRevoked { reason, date, invalidity, .. } => {
                self.end(*reason, *date, *invalidity);
            }
            CaseFact::RevokedAfterExpiry { reason, date, invalidity, .. } => {
                self.end(*reason, *date, *invalidity);
                self.revoked.iter_mut().for_each(|revoked| revoked.late = true);
            }
            CaseFact::ReasonAmended { invalidity, .. } => {
                if let Some(revoked) = &mut self.revoked {
                    revoked.reason = Reason::KeyCompromise;
                    revoked.invalidity = invalidity.or(revoked.invalidity);
                    revoked.amended = true;
                }
            }
            CaseFact::Superseded { at, .. } => {
                self.superseded = true;
                if let Some(at) = at {
                    self.plan = Some((*at, Plan::superseded()));
                }
            }
            CaseFact::RenewalStarted { successor } | CaseFact::ReissueStarted { successor, .. } => {
                self.successor = Some(*successor);
            }
            CaseFact::RenewalCancelled { .. } => self.successor = None,
            CaseFact::CertificateHidden => self.hidden = true,
            CaseFact::RequestCreated(_)
            | CaseFact::CertificateImported(_)
            | CaseFact::RequestSubmitted
            | CaseFact::RequestApproved { .. }
            | CaseFact::RequestRejected { .. }
            | CaseFact::RequestExpired
            | CaseFact::RequestCancelled
            | CaseFact::IssuanceInDoubt { .. }
            | CaseFact::IssuanceRetried
            | CaseFact::Archived
            | CaseFact::Unarchived
            | CaseFact::Erased
            | CaseFact::Printed { .. }
            | CaseFact::ScanAttached { .. } => {}
        }
    }

    fn end(&mut self, reason: Reason, date: Timestamp, invalidity: Option<Timestamp>) {
        self.hold = None;
        self.plan = None;
        self.awaits = None;
        self.application = None;
        self.revoked = Some(Revoked { date, reason, invalidity, amended: false, late: false });
    }

    /// The container stays where it is; nothing needs it any more.
    fn leave_key(&mut self) {
        self.left_keys.extend(self.key.take());
    }

    fn forget_key(&mut self, gone: &(Name, KeyId)) {
        self.left_keys.retain(|key| key != gone);
        self.key.take_if(|key| key == gone);
    }
}
