//! Whether a certificate was in force at a time, by what is at hand: CRLs, OCSP responses, a record.

use core::fmt::Debug;

use async_trait::async_trait;
use gost_ca::lifecycle::{CertificateStatus, OcspStatus};
use gost_ca::provider::{self, Verifier};
use gost_ca::x509::crl::ListedCertificate;
use gost_ca::x509::extensions::{
    CrlLocations, DeltaCrlIndicator, ExpiredCertsOnCrl, Extension, ExtensionValue,
    IssuingDistributionPoint, RevocationReason, find,
};
use gost_ca::x509::{Certificate, CertificateList};
use jiff::Timestamp;

use crate::ocsp::OcspResponse;

/// Knows the status of certificates at any time: the record of an authority.
#[async_trait]
pub trait StatusSource: Debug + Send + Sync {
    /// The status of a certificate at a time; none where the certificate is not known here.
    ///
    /// # Errors
    /// `Unavailable` when it cannot be told now.
    async fn status(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        at: Timestamp,
    ) -> provider::Result<Option<CertificateStatus>>;
}

/// What is known of a certificate at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Standing {
    /// In force.
    Good,
    /// Terminated by then.
    Revoked {
        /// Since when.
        since: Timestamp,
    },
    /// On hold, by the last that is known.
    OnHold {
        /// Since when.
        since: Timestamp,
    },
    /// Nothing that is at hand tells it.
    Unknown,
    /// What is at hand is older than the time asked about.
    Stale {
        /// Of when it is.
        known: Timestamp,
    },
}

/// CRLs and OCSP responses, not looked at yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Evidence<'a> {
    pub(crate) crls: &'a [CertificateList],
    pub(crate) ocsp: &'a [OcspResponse],
    pub(crate) verifier: &'a dyn Verifier,
}

/// What one source says: of when it is, until when it is fresh, and what.
struct Word {
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    said: Said,
}

#[derive(Clone, Copy)]
enum Said {
    Good,
    Revoked { since: Timestamp, hold: bool },
}

impl Evidence<'_> {
    /// The standing of a certificate at a time, by the best of the evidence.
    pub(crate) fn standing(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        at: Timestamp,
    ) -> Standing {
        let answers = self.ocsp.iter().filter_map(|one| self.by_ocsp(one, certificate, issuer));
        let mut words: Vec<_> = answers.chain(self.by_crl(certificate, issuer)).collect();
        words.sort_by_key(|word| word.this_update);
        standing(&words, at)
    }

    fn by_ocsp(
        &self,
        response: &OcspResponse,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Option<Word> {
        let single = response.about(certificate, issuer)?;
        // Responders may forget ended certificates, unless they say since when they do not.
        let end = certificate.validity().not_after;
        let remembered = single.archive_cutoff.is_some_and(|cutoff| cutoff <= end);
        let said = match single.status {
            OcspStatus::Good if single.this_update > end && !remembered => return None,
            OcspStatus::Good => Said::Good,
            OcspStatus::Unknown => return None,
            OcspStatus::Revoked { time, reason } => Said::Revoked {
                since: time,
                hold: reason == Some(RevocationReason::CertificateHold.number()),
            },
        };
        let responder = response.verify(issuer, self.verifier).ok()?;
        if responder != issuer && !self.trusts(responder, issuer, response.produced_at()) {
            return None;
        }
        let (this_update, next_update) = (single.this_update, single.next_update);
        Some(Word { this_update, next_update, said })
    }

    /// Whether nothing says that a responder's certificate was terminated (RFC 6960 §4.2.2.2.1).
    fn trusts(&self, responder: &Certificate, issuer: &Certificate, at: Timestamp) -> bool {
        let unchecked = responder.extensions().iter().any(|one| one.oid == NO_CHECK);
        let by_crls = Evidence { ocsp: &[], ..*self };
        unchecked
            || !matches!(
                by_crls.standing(responder, issuer, at),
                Standing::Revoked { .. } | Standing::OnHold { .. }
            )
    }

    /// The newest complete CRL of the issuer's key, with the delta CRL upon it.
    fn by_crl(&self, certificate: &Certificate, issuer: &Certificate) -> Vec<Word> {
        let mine = |list: &&CertificateList| {
            list.issuer() == issuer.subject()
                && covers(list, certificate)
                && list.verify(issuer.public_key(), self.verifier).is_ok()
        };
        let lists: Vec<_> = self.crls.iter().filter(mine).collect();
        let mut words = Vec::new();
        for list in &lists {
            match find::<DeltaCrlIndicator>(list.extensions()) {
                Ok(None) => words.push(word(list, list.find(certificate.serial()), certificate)),
                Ok(Some(base)) => words.push(delta(list, base, &lists, certificate)),
                Err(_) => {}
            }
        }
        words.into_iter().flatten().collect()
    }
}

fn word(
    list: &CertificateList,
    listed: Option<ListedCertificate>,
    certificate: &Certificate,
) -> Option<Word> {
    let said = match listed {
        Some(listed) => Said::Revoked {
            since: listed.invalidity.map_or(listed.date, |date| date.min(listed.date)),
            hold: listed.reason == Some(RevocationReason::CertificateHold),
        },
        // Ended certificates leave the list, unless it says that they stay.
        None if list.this_update() > certificate.validity().not_after => {
            let since = find::<ExpiredCertsOnCrl>(list.extensions()).ok().flatten()?;
            (since.0 <= certificate.validity().not_after).then_some(Said::Good)?
        }
        None => Said::Good,
    };
    let (this_update, next_update) = (list.this_update(), list.next_update());
    Some(Word { this_update, next_update, said })
}

/// What a delta CRL says together with a complete one that it is based on, or that is newer than its base.
fn delta(
    list: &CertificateList,
    base: DeltaCrlIndicator,
    lists: &[&CertificateList],
    certificate: &Certificate,
) -> Option<Word> {
    let number = list.number()?;
    let complete = lists.iter().find(|one| {
        let whole = matches!(find::<DeltaCrlIndicator>(one.extensions()), Ok(None));
        whole && one.number().is_some_and(|own| (base.0..=number).contains(&own))
    })?;
    let changed = list.find(certificate.serial());
    let listed = match changed {
        Some(one) if one.reason == Some(RevocationReason::RemoveFromCrl) => None,
        Some(one) => Some(one),
        None => complete.find(certificate.serial()),
    };
    word(list, listed, certificate)
}

/// Whether a CRL is about the certificate, and says nothing that is not understood (RFC 5280 §5.2, §6.3.3).
fn covers(list: &CertificateList, certificate: &Certificate) -> bool {
    let known = |one: &Extension| !one.critical || UNDERSTOOD.contains(&one.oid);
    if !list.extensions().iter().all(known) {
        return false;
    }
    let Ok(point) = find::<IssuingDistributionPoint>(list.extensions()) else {
        return false;
    };
    let Some(point) = point.filter(|point| !point.0.is_empty()) else {
        return true;
    };
    let locations = certificate.find::<CrlLocations>().ok().flatten();
    locations.is_some_and(|locations| locations.0.iter().any(|one| point.0.contains(one)))
}

/// Termination is for ever: the oldest word about it holds. Else the freshest word has it.
fn standing(words: &[Word], at: Timestamp) -> Standing {
    let revoked = words.iter().filter_map(|word| match word.said {
        Said::Revoked { since, hold: false } if since <= at => Some(since),
        _ => None,
    });
    if let Some(since) = revoked.min() {
        return Standing::Revoked { since };
    }
    let knows =
        |word: &&Word| word.this_update >= at || word.next_update.is_some_and(|next| at <= next);
    // The first word after the time knows best of holds, which end without a trace.
    let after = words.iter().filter(knows).find(|word| word.this_update >= at);
    let best = after.or_else(|| words.iter().rev().find(knows));
    match (best, words.last()) {
        (Some(Word { said: Said::Revoked { since, hold: true }, .. }), _) if *since <= at => {
            Standing::OnHold { since: *since }
        }
        (Some(_), _) => Standing::Good,
        (None, Some(last)) => Standing::Stale { known: last.this_update },
        (None, None) => Standing::Unknown,
    }
}

/// What a record says, in the words used here.
pub(crate) const fn of_record(status: CertificateStatus) -> Standing {
    match status {
        CertificateStatus::Good | CertificateStatus::Expired | CertificateStatus::NotYetValid => {
            Standing::Good // the dates are checked with the path
        }
        CertificateStatus::Revoked { since, .. } => Standing::Revoked { since },
        CertificateStatus::Suspended { since }
        | CertificateStatus::AwaitingAcceptance { since } => Standing::OnHold { since },
        _ => Standing::Unknown,
    }
}

/// `id-pkix-ocsp-nocheck`.
const NO_CHECK: const_oid::ObjectIdentifier =
    const_oid::ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.5");
const UNDERSTOOD: [const_oid::ObjectIdentifier; 2] =
    [IssuingDistributionPoint::OID, DeltaCrlIndicator::OID];
