//! `LocalAuthority`: one name, one or several keys, no state besides them.

use core::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use gost_hash::hmac_streebog256;

use super::key::{AuthorityKey, sign};
use super::tbs::Contents;
use crate::profile::gate::{self, Expectation};
use crate::provider::authority::{
    CertificateAuthority, CrlIssuer, Decision, Prepared, Refused, Submission, Ticket, Validity,
};
use crate::provider::verifier::Verifier;
use crate::provider::{ErrorKind, Result, Rng};
use crate::secret::Secret;
use crate::x509::extensions::PrivateKeyUsagePeriod;
use crate::x509::{Certificate, KeyIdentity, SerialNumber, TbsCertificate, name};

/// An authority in this process.
///
/// Certificates are prepared by the current key, and signed by the key that prepared them. The record, the
/// numbering of CRLs and the order of things are the caller's.
#[derive(Clone, Debug)]
pub struct LocalAuthority {
    pub(super) current: AuthorityKey,
    pub(super) others: Vec<AuthorityKey>,
    pub(super) verifier: Arc<dyn Verifier>,
    /// Keys the serial numbers; drawn once from the random generator.
    serial_secret: Arc<Secret>,
}

/// A key has a certificate for another name than the authority's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key's certificate is for another name")]
pub struct OtherName;

impl LocalAuthority {
    /// An authority that issues by that key.
    ///
    /// # Errors
    /// The random generator's refusal.
    pub fn new(current: AuthorityKey, verifier: Arc<dyn Verifier>, rng: &dyn Rng) -> Result<Self> {
        let mut secret = zeroize::Zeroizing::new([0; 32]);
        rng.fill(&mut *secret)?;
        let serial_secret = Arc::new(Secret::new(secret.to_vec()));
        Ok(Self { current, others: Vec::new(), verifier, serial_secret })
    }

    /// Adds an older key: it completes what it prepared and signs CRLs of what it issued.
    ///
    /// # Errors
    /// [`OtherName`]: an authority is one name.
    pub fn with_key(mut self, key: AuthorityKey) -> core::result::Result<Self, OtherName> {
        if key.certificate().subject() != self.current.certificate().subject() {
            return Err(OtherName);
        }
        self.others.push(key);
        Ok(self)
    }

    /// The certificate of the key that issues now.
    pub const fn certificate(&self) -> &Certificate {
        self.current.certificate()
    }

    /// All keys, the current one first.
    pub fn keys(&self) -> impl Iterator<Item = &AuthorityKey> {
        core::iter::once(&self.current).chain(&self.others)
    }

    pub(super) fn key(&self, identity: &KeyIdentity) -> Result<&AuthorityKey> {
        self.keys()
            .find(|key| key.identity() == identity)
            .ok_or_else(|| ErrorKind::NotFound.at("authority key"))
    }

    fn prepare(&self, submission: &Submission) -> core::result::Result<Prepared, Refused> {
        let issuer = &self.current;
        let validity = clipped(&submission.validity, issuer.certificate())?;
        let subject = name::encode(&submission.subject)
            .map_err(|error| refused("authority.subject", error))?;
        let contents = Contents {
            algorithm: issuer.signer().algorithm(),
            issuer: issuer.certificate().subject(),
            issuer_key: Some(issuer.identifier()),
            validity: &validity,
            subject: &subject,
            public_key: submission.request.public_key(),
            identification: submission.identification,
            notice: submission.notice.as_deref(),
            profile: &submission.profile,
            partition: submission.partition,
        };
        let serial = self.serial(submission, contents);
        let tbs = contents.to_tbs(&serial);
        let expectation = Expectation::of(submission).under(issuer.certificate());
        gate::examine(&tbs, &expectation).map_err(|error| refused("authority.gate", error))?;
        Ok(Prepared { issuer: *issuer.identity(), serial, validity, tbs })
    }

    /// 126 unpredictable bits in 16 octets, the same for the same submission: a pseudorandom function of the
    /// submission and of all that the certificate says, keyed from the random generator.
    ///
    /// So a repeated submission gives the same octets without a memory of submissions, and two different
    /// certificates never share a number, also where the random generator repeats itself.
    fn serial(&self, submission: &Submission, contents: Contents<'_>) -> SerialNumber {
        let blank = contents.to_tbs(&SerialNumber::from_random([0; 16]));
        let key = self.serial_secret.expose();
        let digest = hmac_streebog256(key, &[submission.id.octets(), &blank]);
        let (octets, _) = digest.split_first_chunk().unwrap_or((&[0; 16], &[]));
        SerialNumber::from_random(*octets)
    }

    /// Never signs what it would not have prepared: another name, algorithm, or dates beyond its own.
    fn recheck(prepared: &Prepared, key: &AuthorityKey) -> Result<()> {
        let invalid = || ErrorKind::Invalid.at("LocalAuthority::complete");
        let tbs =
            TbsCertificate::from_der(&prepared.tbs).map_err(|error| invalid().because(error))?;
        let own = key.certificate();
        let kept = tbs.serial() == &prepared.serial
            && tbs.issuer() == own.subject()
            && tbs.algorithm() == key.signer().algorithm()
            && *tbs.validity() == prepared.validity
            && prepared.validity == prepared.validity.within(own.validity());
        kept.then_some(()).ok_or_else(invalid)
    }
}

#[async_trait]
impl CertificateAuthority for LocalAuthority {
    async fn submit(&self, submission: &Submission) -> Result<Decision> {
        Ok(self.prepare(submission).map_or_else(Decision::Refused, Decision::Prepared))
    }

    async fn complete(&self, prepared: &Prepared) -> Result<Certificate> {
        let key = self.key(&prepared.issuer)?;
        Self::recheck(prepared, key)?;
        let certificate = sign(key.signer(), &prepared.tbs).await?;
        certificate
            .verify(key.certificate().public_key(), &*self.verifier)
            .map_err(|error| ErrorKind::Fault.at("Signer::sign").because(error))?;
        Ok(certificate)
    }

    async fn poll(&self, _ticket: &Ticket) -> Result<Decision> {
        Err(ErrorKind::NotFound.at("LocalAuthority::poll")) // it never defers
    }

    fn crl_issuer(&self) -> Option<&dyn CrlIssuer> {
        Some(self)
    }
}

/// No certificate outlives its issuer's, nor is one issued by a key past its own time.
fn clipped(asked: &Validity, issuer: &Certificate) -> core::result::Result<Validity, Refused> {
    let own = issuer.validity();
    let validity = asked.within(own);
    let key_end = issuer
        .find::<PrivateKeyUsagePeriod>()
        .ok()
        .flatten()
        .and_then(|period| period.not_after)
        .unwrap_or(own.not_after);
    if validity.not_before >= validity.not_after || validity.not_before > key_end {
        return Err(refused("authority.validity", "the authority's own term is over"));
    }
    Ok(validity)
}

fn refused(code: &str, why: impl fmt::Display) -> Refused {
    Refused { code: code.to_owned(), explanation: why.to_string() }
}
