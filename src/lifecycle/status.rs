//! What a certificate's status was at a time, as known at a time.
//!
//! Entries carry when they were recorded and since when they hold, and nothing is overwritten: the answer to
//! "was it on hold at T?" stays the same for ever.

use jiff::Timestamp;

use crate::entry::Entry;
use crate::fact::{CaseFact, Imported, ImportedStatus};
use crate::provider::authority::Validity;
use crate::reason::Reason;

/// The status of a certificate at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateStatus {
    /// There is no such certificate (yet): a reserved serial number is not good.
    Unknown,
    /// Issued, its validity has not begun.
    NotYetValid,
    /// In force.
    Good,
    /// On hold.
    Suspended {
        /// Since when.
        since: Timestamp,
    },
    /// Terminated.
    Revoked {
        /// The moment of the entry in the register (63-FZ 14).
        since: Timestamp,
        /// The date on the CRL: of the entry, or of the hold before it.
        date: Timestamp,
        /// The reason on the CRL.
        reason: Reason,
    },
    /// Ended by its date, without being terminated before.
    Expired,
}

/// A question about a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusAt {
    /// At which moment.
    pub time: Timestamp,
    /// By what was recorded until then; by all where there is none.
    pub known: Option<Timestamp>,
}

impl StatusAt {
    /// The status at that moment, by all that is recorded.
    pub const fn time(time: Timestamp) -> Self {
        Self { time, known: None }
    }

    /// Answers from the entries of a case.
    pub fn answer(&self, entries: &[Entry<CaseFact>]) -> CertificateStatus {
        let known = |entry: &&Entry<CaseFact>| self.known.is_none_or(|known| entry.at <= known);
        let mut history = History::default();
        entries.iter().filter(known).for_each(|entry| history.absorb(entry, self.time));
        history.status(self.time)
    }
}

#[derive(Default)]
struct History {
    validity: Option<Validity>,
    hold: Option<Timestamp>,
    revoked: Option<(Timestamp, Timestamp, Reason)>,
}

impl History {
    fn absorb(&mut self, entry: &Entry<CaseFact>, time: Timestamp) {
        match &entry.fact {
            CaseFact::CertificateIssued(issued) | CaseFact::IssuanceRecovered(issued) => {
                self.validity = Some(issued.validity);
            }
            CaseFact::CertificateImported(imported) => self.import(imported, entry.effective, time),
            _ if time < entry.effective => {}
            CaseFact::CertificateSuspended { .. } => self.hold = Some(entry.effective),
            CaseFact::CertificateResumed { .. } => self.hold = None,
            CaseFact::CertificateRevoked { date, reason, .. } => {
                self.revoked = Some((entry.effective, *date, *reason));
            }
            _ => {}
        }
    }

    /// What had happened elsewhere holds since it happened there.
    fn import(&mut self, imported: &Imported, effective: Timestamp, time: Timestamp) {
        self.validity = Some(imported.issued.validity);
        match imported.status {
            ImportedStatus::Suspended { since } if since <= time => self.hold = Some(since),
            ImportedStatus::Revoked { date, reason, .. } if date <= time => {
                self.revoked = Some((date.min(effective), date, reason));
            }
            _ => {}
        }
    }

    fn status(&self, time: Timestamp) -> CertificateStatus {
        match (self.validity, self.revoked, self.hold) {
            (None, ..) => CertificateStatus::Unknown,
            (_, Some((since, date, reason)), _) => {
                CertificateStatus::Revoked { since, date, reason }
            }
            (Some(validity), ..) if time < validity.not_before => CertificateStatus::NotYetValid,
            (Some(validity), ..) if validity.not_after < time => CertificateStatus::Expired,
            (_, _, Some(since)) => CertificateStatus::Suspended { since },
            _ => CertificateStatus::Good,
        }
    }
}
