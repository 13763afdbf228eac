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
    /// Issued, and on hold until its owner accepts it.
    AwaitingAcceptance {
        /// Since when.
        since: Timestamp,
    },
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
        /// Since when the key was not to be trusted, where that is known.
        invalidity: Option<Timestamp>,
    },
    /// Ended by its date, without being terminated before.
    Expired,
}

/// An answer as OCSP gives it (RFC 6960 §2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "CertStatus has three values")]
pub enum OcspStatus {
    /// Not terminated, nor on hold; also before and after its validity, which OCSP does not tell.
    Good,
    /// Terminated, or on hold.
    Revoked {
        /// `revocationTime`.
        time: Timestamp,
        /// `revocationReason`, by its number; none for `unspecified`.
        reason: Option<u8>,
    },
    /// There is no such certificate: a reserved serial number is not good.
    Unknown,
}

impl CertificateStatus {
    /// The same as OCSP says it.
    pub const fn ocsp(&self) -> OcspStatus {
        match *self {
            Self::Unknown => OcspStatus::Unknown,
            Self::NotYetValid | Self::Good | Self::Expired => OcspStatus::Good,
            Self::Suspended { since } | Self::AwaitingAcceptance { since } => {
                OcspStatus::Revoked { time: since, reason: Some(CERTIFICATE_HOLD) }
            }
            Self::Revoked { date, reason, .. } => {
                let code = reason.code();
                let reason = if code == 0 { None } else { Some(code) };
                OcspStatus::Revoked { time: date, reason }
            }
        }
    }
}

/// `certificateHold` (RFC 5280 §5.3.1).
pub(crate) const CERTIFICATE_HOLD: u8 = 6;

/// How much of the record an answer knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Known {
    /// All that is recorded.
    #[default]
    All,
    /// What was recorded by then.
    Until(Timestamp),
    /// So many entries of the case: a position in the record, whatever the clocks said.
    Entries(u64),
}

/// A question about a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusAt {
    /// At which moment.
    pub time: Timestamp,
    /// By how much of the record.
    pub known: Known,
}

impl StatusAt {
    /// The status at that moment, by all that is recorded.
    pub const fn time(time: Timestamp) -> Self {
        Self { time, known: Known::All }
    }

    /// The status at that moment, by what was recorded by then.
    #[must_use]
    pub const fn known_until(mut self, known: Timestamp) -> Self {
        self.known = Known::Until(known);
        self
    }

    /// The status at that moment, by so many entries of the case.
    #[must_use]
    pub const fn known_by(mut self, entries: u64) -> Self {
        self.known = Known::Entries(entries);
        self
    }

    /// Answers from the entries of a case.
    pub fn answer(&self, entries: &[Entry<CaseFact>]) -> CertificateStatus {
        let mut history = History::default();
        for (entry, number) in entries.iter().zip(1_u64..) {
            let known = match self.known {
                Known::All => true,
                Known::Until(time) => entry.at <= time,
                Known::Entries(known) => number <= known,
            };
            if known {
                history.absorb(entry, self.time);
            }
        }
        history.status(self.time)
    }
}

#[derive(Default)]
struct History {
    validity: Option<Validity>,
    hold: Option<Timestamp>,
    awaited: Option<Timestamp>,
    revoked: Option<Revocation>,
}

#[derive(Clone, Copy)]
struct Revocation {
    since: Timestamp,
    date: Timestamp,
    reason: Reason,
    invalidity: Option<Timestamp>,
}

impl History {
    fn absorb(&mut self, entry: &Entry<CaseFact>, time: Timestamp) {
        match &entry.fact {
            CaseFact::CertificateIssued(issued) | CaseFact::IssuanceRecovered(issued) => {
                self.validity = Some(issued.validity);
            }
            CaseFact::CertificateImported(imported) => self.import(imported, entry.effective, time),
            CaseFact::CertificateIssuedOnHold { issued, .. } => {
                self.validity = Some(issued.validity);
                self.awaited = Some(entry.effective);
            }
            _ if time < entry.effective => {}
            CaseFact::CertificateAccepted { .. } => self.awaited = None,
            CaseFact::CertificateSuspended { .. } => self.hold = Some(entry.effective),
            CaseFact::CertificateResumed { .. } | CaseFact::SuspensionEnded => self.hold = None,
            CaseFact::CertificateRevoked { date, reason, invalidity, .. }
            | CaseFact::RevokedAfterExpiry { date, reason, invalidity, .. } => {
                self.end(entry, *date, *reason, *invalidity);
            }
            CaseFact::AcceptanceRefused { date } | CaseFact::AcceptanceOverdue { date } => {
                self.end(entry, *date, Reason::CessationOfOperation, None);
            }
            CaseFact::ReasonAmended { invalidity, .. } => {
                if let Some(revoked) = &mut self.revoked {
                    revoked.reason = Reason::KeyCompromise;
                    revoked.invalidity = invalidity.or(revoked.invalidity);
                }
            }
            _ => {}
        }
    }

    /// What had happened elsewhere holds since it happened there.
    fn import(&mut self, imported: &Imported, effective: Timestamp, time: Timestamp) {
        self.validity = Some(imported.issued.validity);
        match imported.status {
            ImportedStatus::Suspended { since } if since <= time => self.hold = Some(since),
            ImportedStatus::Revoked { date, reason, invalidity } if date <= time => {
                self.revoked =
                    Some(Revocation { since: date.min(effective), date, reason, invalidity });
            }
            _ => {}
        }
    }

    fn end(
        &mut self,
        entry: &Entry<CaseFact>,
        date: Timestamp,
        reason: Reason,
        invalidity: Option<Timestamp>,
    ) {
        let since = entry.effective;
        self.revoked = Some(Revocation { since, date, reason, invalidity });
    }

    fn status(&self, time: Timestamp) -> CertificateStatus {
        match (self.validity, self.revoked, self.hold.or(self.awaited)) {
            (None, ..) => CertificateStatus::Unknown,
            (_, Some(Revocation { since, date, reason, invalidity }), _) => {
                CertificateStatus::Revoked { since, date, reason, invalidity }
            }
            (Some(validity), ..) if time < validity.not_before => CertificateStatus::NotYetValid,
            (Some(validity), ..) if validity.not_after < time => CertificateStatus::Expired,
            (_, _, Some(since)) if self.hold.is_none() => {
                CertificateStatus::AwaitingAcceptance { since }
            }
            (_, _, Some(since)) => CertificateStatus::Suspended { since },
            _ => CertificateStatus::Good,
        }
    }
}
