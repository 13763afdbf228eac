//! `LocalAuthority`: one name, one or several keys, no state besides them that it cannot find anew.

use core::fmt;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use gost_hash::hmac_streebog256;

use super::key::{AuthorityKey, sign};
use super::tbs::{Contents, Encoded};
use crate::profile::gate::{self, Expectation, Passed};
use crate::provider::authority::{
    CertificateAuthority, CrlIssuer, Decision, Prepared, Refused, Submission, Ticket, Validity,
};
use crate::provider::verifier::Verifier;
use crate::provider::{ErrorKind, Result, Rng};
use crate::secret::Secret;
use crate::x509::extensions::PrivateKeyUsagePeriod;
use crate::x509::{Certificate, KeyIdentity, SerialNumber, name};

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
    passed: Arc<Gate>,
}

/// What passed the gate and is not signed yet: is it asked for as it was, it need not pass again.
#[derive(Debug, Default)]
struct Gate(Mutex<BTreeMap<SerialNumber, Passed>>);

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
        Ok(Self { current, others: Vec::new(), verifier, serial_secret, passed: Arc::default() })
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
        let encoded = contents.encode();
        let serial = self.serial(submission, &encoded);
        let tbs = encoded.to_tbs(&serial);
        let expectation = Expectation::of(submission).under(issuer.certificate());
        let passed = gate::pass(tbs.clone(), &expectation);
        self.passed.keep(passed.map_err(|error| refused("authority.gate", error))?);
        Ok(Prepared { issuer: *issuer.identity(), serial, validity, tbs })
    }

    /// 126 unpredictable bits in 16 octets, the same for the same submission: a pseudorandom function of the
    /// submission and of all that the certificate says, keyed from the random generator.
    ///
    /// So a repeated submission gives the same octets without a memory of submissions, and two different
    /// certificates never share a number, also where the random generator repeats itself.
    fn serial(&self, submission: &Submission, encoded: &Encoded) -> SerialNumber {
        let key = self.serial_secret.expose();
        let digest = hmac_streebog256(key, &[submission.id.octets(), encoded.octets()]);
        let (octets, _) = digest.split_first_chunk().unwrap_or((&[0; 16], &[]));
        SerialNumber::from_random(*octets)
    }

    /// Never signs what it would not have prepared: another name, algorithm, or dates beyond its own.
    fn recheck(&self, prepared: &Prepared, key: &AuthorityKey) -> Result<Passed> {
        let invalid = || ErrorKind::Invalid.at("LocalAuthority::complete");
        let passed = match self.passed.take(prepared) {
            Some(passed) => passed,
            None => Passed::by_lint(&prepared.tbs).map_err(|error| invalid().because(error))?,
        };
        let (tbs, own) = (passed.fields(), key.certificate());
        let kept = tbs.serial() == &prepared.serial
            && tbs.issuer() == own.subject()
            && tbs.algorithm() == key.signer().algorithm()
            && *tbs.validity() == prepared.validity
            && prepared.validity == prepared.validity.within(own.validity());
        kept.then_some(passed).ok_or_else(invalid)
    }
}

impl Gate {
    fn keep(&self, passed: Passed) {
        let mut all = self.lock();
        if all.len() >= KEPT {
            all.clear(); // they will pass again
        }
        all.insert(passed.fields().serial().clone(), passed);
    }

    /// Only for the very octets.
    fn take(&self, prepared: &Prepared) -> Option<Passed> {
        self.lock().remove(&prepared.serial).filter(|passed| passed.octets() == prepared.tbs)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<SerialNumber, Passed>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl CertificateAuthority for LocalAuthority {
    async fn submit(&self, submission: &Submission) -> Result<Decision> {
        Ok(self.prepare(submission).map_or_else(Decision::Refused, Decision::Prepared))
    }

    async fn complete(&self, prepared: &Prepared) -> Result<Certificate> {
        let key = self.key(&prepared.issuer)?;
        let passed = self.recheck(prepared, key)?;
        let certificate = sign(key.signer(), passed).await?;
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

/// Certificates between their two steps; each takes some kilobytes.
const KEPT: usize = 256;
