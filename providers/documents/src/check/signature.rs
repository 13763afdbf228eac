//! One signature.

use core::pin::Pin;
use std::future::Future;

use const_oid::ObjectIdentifier;
use gost_ca::provider::Unverified;
use gost_ca::provider::key_store::Digest;
use gost_ca::provider::verifier::{Check, DigestCheck};
use gost_ca::x509::Certificate;
use jiff::Timestamp;

use super::report::{Level, Part, SignerName, SignerReport, Step, worst};
use super::texts::Finding;
use super::{Hand, Purpose, stamps};
use crate::cades;
use crate::error::{Error, Result};
use crate::hash::{ContentDigests, HashFunction};
use crate::signer_info::{SignerInfo, verifiable};

/// What a signature is over.
pub(crate) enum Subject<'a> {
    /// A content that was hashed.
    Content { digests: &'a ContentDigests, kind: ObjectIdentifier },
    /// Another signature.
    Signature(&'a [u8]),
}

impl Hand<'_> {
    /// Checks a signature and all that stands upon it, the deepest first.
    pub(super) fn signer<'b>(
        &'b self,
        info: &'b SignerInfo,
        subject: &'b Subject<'b>,
        (now, depth): (Timestamp, usize),
    ) -> Pin<Box<dyn Future<Output = SignerReport> + Send + 'b>> {
        Box::pin(async move {
            let (time_stamps, all) = stamps::of_signature(self, info).await;
            let proven_time = stamps::proven(&time_stamps);
            let claimed_time = info.signing_time().ok().flatten();
            let claimed = claimed_time.filter(|_| self.checker.rules.trust_signing_time);
            let time = proven_time.or(claimed).unwrap_or(now);
            let certificate = self.certificate_of(info);
            let mut steps = self.signed(info, subject, certificate);
            if let Some(certificate) = certificate {
                let at = (time, proven_time.is_some());
                steps.extend(self.certificate(certificate, Purpose::Signing, at).await);
            }
            if !all || depth > DEEPEST {
                steps.push(Step::new(Part::Attributes, Finding::TooMuch));
            }
            SignerReport {
                verdict: worst(&steps),
                signer: certificate.map(SignerName::of),
                claimed_time,
                proven_time,
                time,
                level: level(info),
                steps,
                counter_signatures: self.counter_signers(info, (now, depth)).await,
                time_stamps,
            }
        })
    }

    async fn counter_signers(
        &self,
        info: &SignerInfo,
        (now, depth): (Timestamp, usize),
    ) -> Vec<SignerReport> {
        let mut reports = Vec::new();
        if depth > DEEPEST {
            return reports; // the signature's report says so
        }
        // One that cannot be read is nobody's signature.
        for counter in info.counter_signatures().unwrap_or_default() {
            let subject = Subject::Signature(info.signature());
            reports.push(self.signer(&counter, &subject, (now, depth.saturating_add(1))).await);
        }
        reports
    }

    /// The certificate that the signature names; of several with the same names that whose hash fits.
    pub(super) fn certificate_of(&self, info: &SignerInfo) -> Option<&Certificate> {
        let mut named = self.certificates.iter().filter(|one| info.signer().names(one));
        let first = named.next()?;
        let others: Vec<_> = named.filter(|one| *one != first).collect();
        if others.is_empty() {
            return Some(first); // the usual case: nothing is hashed to choose
        }
        let reference = info.certificate_reference().ok().flatten();
        let mut all = others.into_iter().chain([first]);
        let exact = all.find(|one| reference.as_ref().is_some_and(|it| it.names(one)));
        exact.or(Some(first))
    }

    /// Content, attributes, signature, and the certificate's name.
    pub(super) fn signed(
        &self,
        info: &SignerInfo,
        subject: &Subject<'_>,
        certificate: Option<&Certificate>,
    ) -> Vec<Step> {
        let mut steps = Vec::new();
        let digest = match digest(info, subject) {
            Ok(Some(digest)) => digest,
            Ok(None) => return vec![Step::new(Part::Content, Finding::ContentNotHashed)],
            Err(error) => {
                let step = Step::new(Part::Content, Finding::AlgorithmUnsupported);
                return vec![step.about(error)];
            }
        };
        match subject {
            _ if info.signed_octets().is_some() => {
                steps.extend(attributes(info, subject, &digest));
            }
            // Attributes that another message signs would pass for this one's content.
            Subject::Content { digests, .. } if digests.begins_as_attributes() => {
                steps.push(Step::new(Part::Attributes, Finding::AttributesMissing));
            }
            _ => {}
        }
        match certificate {
            None => steps.push(Step::new(Part::Certificate, Finding::CertificateMissing)),
            Some(certificate) => {
                steps.push(named(info, certificate));
                let finding = match self.verify(info, certificate, &digest) {
                    Ok(()) => Finding::SignatureVerifies,
                    Err(Unverified::Forged) => Finding::SignatureForged,
                    Err(Unverified::Unsupported(_)) => Finding::AlgorithmUnsupported,
                    Err(_) => Finding::SignatureMalformed,
                };
                steps.push(Step::new(Part::Signature, finding));
            }
        }
        steps
    }

    fn verify(
        &self,
        info: &SignerInfo,
        certificate: &Certificate,
        digest: &Digest,
    ) -> core::result::Result<(), Unverified> {
        let (key, verifier) = (certificate.public_key(), self.checker.verifier);
        let expected = verifier.signature_algorithm(key)?;
        let algorithm = verifiable(info.algorithm(), &key.algorithm(), &expected)
            .ok_or_else(|| Unverified::Unsupported(info.algorithm().oid.to_string()))?;
        // One function hashes content and attributes alike (RFC 5652 §5.4).
        let function = HashFunction::of_signature(&algorithm.oid);
        if function.ok().map(HashFunction::oid) != Some(digest.algorithm) {
            return Err(Unverified::Unsupported(digest.algorithm.to_string()));
        }
        let (algorithm, signature) = (&algorithm, info.signature());
        if let Some(message) = info.signed_octets() {
            return verifier.verify(&Check { key, algorithm, message, signature });
        }
        let digests = verifier.digests();
        let digests = digests.ok_or_else(|| Unverified::Unsupported("digests".into()))?;
        digests.verify_digest(&DigestCheck { key, algorithm, digest, signature })
    }
}

fn digest(info: &SignerInfo, subject: &Subject<'_>) -> Result<Option<Digest>> {
    let function = info.hash_function()?;
    Ok(match subject {
        Subject::Content { digests, .. } => digests.by(function).cloned(),
        Subject::Signature(octets) => Some(function.digest(octets)),
    })
}

fn attributes(info: &SignerInfo, subject: &Subject<'_>, digest: &Digest) -> Vec<Step> {
    let malformed =
        |error: Error| vec![Step::new(Part::Attributes, Finding::AttributesMalformed).about(error)];
    let (stated, kind) = match (info.message_digest(), info.content_type()) {
        (Ok(stated), Ok(kind)) => (stated, kind),
        (Err(error), _) | (_, Err(error)) => return malformed(error),
    };
    if let Err(error) = info.signing_time() {
        return malformed(error);
    }
    let expected = match subject {
        Subject::Content { kind, .. } => Some(*kind),
        Subject::Signature(_) => None, // RFC 5652 §11.4: it has no content type
    };
    let Some(stated) = stated.filter(|_| kind.is_some() || expected.is_none()) else {
        return vec![Step::new(Part::Attributes, Finding::AttributesMissing)];
    };
    if expected.is_some() && kind != expected {
        return vec![Step::new(Part::Content, Finding::ContentOfOtherType)];
    }
    let same = stated == digest.octets;
    let finding = if same { Finding::ContentIntact } else { Finding::ContentChanged };
    vec![
        Step::new(Part::Attributes, Finding::AttributesComplete),
        Step::new(Part::Content, finding),
    ]
}

fn named(info: &SignerInfo, certificate: &Certificate) -> Step {
    let (finding, details) = match info.certificate_reference() {
        Ok(None) => (Finding::CertificateNotNamed, None),
        Ok(Some(reference)) if reference.names(certificate) => (Finding::CertificateNamed, None),
        Ok(Some(_)) => (Finding::CertificateOther, None),
        Err(error @ Error::Unsupported { .. }) => (Finding::AlgorithmUnsupported, Some(error)),
        Err(error) => (Finding::AttributesMalformed, Some(error)),
    };
    let step = Step::new(Part::Certificate, finding);
    match details {
        Some(error) => step.about(error),
        None => step,
    }
}

/// What is there, whether it is right or not.
fn level(info: &SignerInfo) -> Level {
    if !matches!(info.certificate_reference(), Ok(Some(_))) {
        return Level::Cms;
    }
    let has = |oid| info.unsigned_values(&oid).next().is_some();
    if !has(crate::oid::SIGNATURE_TIME_STAMP) {
        Level::Bes
    } else if cades::LONG.into_iter().all(has) {
        Level::XLongType1
    } else {
        Level::T
    }
}

/// Signatures over signatures over signatures.
const DEEPEST: usize = 8;
