//! Whoever signs certificates: a library call, an HTTP service, a courier with a disk.

use core::fmt::Debug;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Result;
use super::key_store::Digest;
use crate::id::{CaseId, CommandId};
use crate::profile::Profile;
use crate::registration::{IdentificationKind, SubjectAttribute, SubjectKind};
use crate::x509::crl::CrlFrame;
use crate::x509::{Certificate, CertificationRequest, KeyIdentity, SerialNumber};

/// What an authority is asked to certify. Already checked; the authority may still refuse.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Idempotency: the same id again gives the same decision.
    pub id: CommandId,
    /// Which case.
    pub case: CaseId,
    /// The request, its signature verified.
    pub request: CertificationRequest,
    /// The subject, from the registration data, in the certificate's order.
    pub subject: Vec<SubjectAttribute>,
    /// What kind of subject it is.
    pub kind: SubjectKind,
    /// Limits of use that the certificate states (R6).
    pub notice: Option<String>,
    /// How the applicant was identified.
    pub identification: IdentificationKind,
    /// What goes into the certificate, and the version under which it is issued.
    pub profile: Profile,
    /// From when to when.
    pub validity: Validity,
    /// The part of a partitioned CRL that the certificate names; 0 where the list is whole.
    pub partition: u16,
}

/// From when to when, both included, whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validity {
    /// The first second.
    pub not_before: Timestamp,
    /// The last second.
    pub not_after: Timestamp,
}

impl Validity {
    /// The part of it within another, in whole seconds: X.509 has no others.
    #[must_use]
    pub fn within(&self, other: &Self) -> Self {
        let whole = |at: Timestamp| Timestamp::from_second(at.as_second()).unwrap_or(at);
        Self {
            not_before: whole(self.not_before).max(other.not_before),
            not_after: whole(self.not_after).min(other.not_after),
        }
    }
}

/// An authority's answer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Decision {
    /// The exact bytes to be signed: record them, then call [`CertificateAuthority::complete`].
    Prepared(Prepared),
    /// It was issued, by somebody who keeps a record of their own.
    Issued(Certificate),
    /// Ask again later.
    Deferred(Ticket),
    /// It will not be issued.
    Refused(Refused),
}

/// A certificate about to be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// The key that will sign.
    pub issuer: KeyIdentity,
    /// The serial number in the bytes.
    pub serial: SerialNumber,
    /// From when to when: as asked for, but not beyond the issuer's end.
    pub validity: Validity,
    /// The `TBSCertificate`, DER.
    pub tbs: Vec<u8>,
}

/// What to ask again by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket(pub String);

/// Why an authority will not issue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// A stable code.
    pub code: String,
    /// For people.
    pub explanation: String,
}

/// Issues certificates.
#[async_trait]
pub trait CertificateAuthority: Debug + Send + Sync {
    /// Decides about a submission. Nothing irreversible happens where the answer is `Prepared`.
    ///
    /// # Errors
    /// `Unavailable`: the outcome is unknown; submit the same id again.
    async fn submit(&self, submission: &Submission) -> Result<Decision>;

    /// Signs what was prepared. Called only after `prepared` is on record; again after a crash.
    ///
    /// # Errors
    /// `NotFound` when the key that is to sign is not here, `Unavailable` when it cannot be reached now,
    /// `Invalid` for bytes that it would not have prepared.
    async fn complete(&self, prepared: &Prepared) -> Result<Certificate>;

    /// Asks again about a deferred submission.
    ///
    /// # Errors
    /// `NotFound` for an unknown ticket.
    async fn poll(&self, ticket: &Ticket) -> Result<Decision>;

    /// The ability to issue CRLs, where the authority has it.
    fn crl_issuer(&self) -> Option<&dyn CrlIssuer> {
        None
    }
}

/// What a CRL says besides its entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrlHeading {
    /// The key that signs: the one that issued what is listed.
    pub issuer: KeyIdentity,
    /// Greater than every number before.
    pub number: u64,
    /// When it is made, whole seconds.
    pub this_update: Timestamp,
    /// When the next one is due, whole seconds.
    pub next_update: Timestamp,
    /// Which part of the list it is; the whole of it, and nothing besides, by default.
    pub scope: CrlScope,
}

/// Which part of the list a CRL is, and where the rest is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CrlScope {
    /// The number of the complete CRL that this one changes: `deltaCRLIndicator`.
    pub base: Option<u64>,
    /// URLs of this part, as its certificates name it: `issuingDistributionPoint`. None for the whole list.
    pub point: Vec<String>,
    /// URLs of the delta CRLs: `freshestCRL`.
    pub freshest: Vec<String>,
    /// Certificates that ended since then are listed too: `expiredCertsOnCRL`.
    pub expired_since: Option<Timestamp>,
}

/// Signs CRLs. What they say is the caller's, who frames the entries and hashes them.
#[async_trait]
pub trait CrlIssuer: Debug + Send + Sync {
    /// Signs the digest of a CRL's signed part. Called only after its number is on record.
    ///
    /// `frame` is what stands around the entries, by that heading and the key's certificate.
    ///
    /// # Errors
    /// `NotFound` when the key that is to sign is not here, `Unavailable` when it cannot be reached now,
    /// `Invalid` for a frame that is not the key's, or a digest of another algorithm.
    async fn sign_crl(
        &self,
        heading: &CrlHeading,
        frame: &CrlFrame,
        digest: &Digest,
    ) -> Result<Vec<u8>>;
}
