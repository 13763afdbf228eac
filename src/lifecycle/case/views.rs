//! The rows of lists that a case makes.

use jiff::Timestamp;

use super::super::status::CERTIFICATE_HOLD;
use super::{Case, Revoked};
use crate::fact::Intent;
use crate::profile::OnEnd;
use crate::view::{CaseState, CaseView, CertificateView, Listed};
use crate::x509::CrlEntry;

impl Case {
    /// When the engine must look again: unfinished work, the end of a term, a plan.
    fn due(&self) -> Option<Timestamp> {
        match self.state {
            CaseState::KeyGen
            | CaseState::Submitted
            | CaseState::Approved
            | CaseState::Issuing
            | CaseState::InDoubt => Some(self.changed),
            CaseState::Draft
            | CaseState::Built
            | CaseState::PolicyReview
            | CaseState::PendingApproval
            | CaseState::Failed => self.begun.ends,
            CaseState::AwaitingAcceptance => self.awaits.into_iter().chain(self.entry_due()).min(),
            CaseState::Active | CaseState::Suspended => {
                let end = self.hold_end().filter(|(_, then)| *then != OnEnd::Stay);
                let plan = self.plan.as_ref().map(|(at, _)| *at);
                end.map(|(end, _)| end).into_iter().chain(plan).chain(self.entry_due()).min()
            }
            _ => None,
        }
    }

    /// When the entry of a termination is due; it stays so until there is one, or the certificate ends.
    fn entry_due(&self) -> Option<Timestamp> {
        let deadline = self.application.map(|asked| asked.deadline)?;
        self.not_after().is_some_and(|end| deadline <= end).then_some(deadline)
    }

    /// What the CRL says of the certificate now: a hold stays on every CRL until it ends (RFC 5280 §5.3.1).
    fn crl_entry(&self) -> Option<Vec<u8>> {
        let serial = &self.issued.as_ref()?.serial;
        let entry = match (&self.revoked, &self.hold) {
            (Some(Revoked { date, reason, invalidity, .. }), _) => {
                CrlEntry { serial, date: *date, reason: reason.code(), invalidity: *invalidity }
            }
            (None, Some(hold)) => {
                CrlEntry { serial, date: hold.since, reason: CERTIFICATE_HOLD, invalidity: None }
            }
            (None, None) => return None,
        };
        entry.to_der().ok()
    }

    /// The row of the list of cases.
    pub fn view(&self) -> CaseView {
        CaseView {
            case: self.id,
            user: self.begun.user,
            office: self.begun.office.clone(),
            state: self.state,
            lineage: self.begun.lineage,
            created: self.created,
            not_after: self.not_after(),
            hidden: self.hidden,
            due: self.due(),
        }
    }

    /// The row of the list of certificates, from the reservation of the serial number on.
    pub fn certificate_view(&self) -> Option<CertificateView> {
        let subject_key = self.public_key()?;
        let (issuer, serial, validity, thumbprint) = match (&self.issued, &self.intent) {
            (Some(issued), _) => {
                (issued.issuer, &issued.serial, issued.validity, Some(issued.thumbprint))
            }
            (None, Some(Intent::Prepared { issuer, serial, validity, .. })) => {
                (*issuer, serial, *validity, None)
            }
            _ => return None,
        };
        let partition = self.issued.as_ref().map_or(0, |issued| issued.partition);
        let listed = self.crl_entry().map(|entry| Listed { partition, entry });
        let (case, not_after, serial) = (self.id, validity.not_after, serial.clone());
        Some(CertificateView { issuer, serial, case, thumbprint, subject_key, not_after, listed })
    }
}
