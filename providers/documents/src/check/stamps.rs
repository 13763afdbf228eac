//! The time stamps of a signature.

use gost_ca::provider::key_store::Digest;
use jiff::Timestamp;

use super::report::{Part, SignerName, StampReport, Step, Verdict, worst};
use super::signature::Subject;
use super::texts::Finding;
use super::{Hand, Purpose};
use crate::cades;
use crate::error::{Error, Result};
use crate::hash::HashFunction;
use crate::oid;
use crate::signer_info::SignerInfo;
use crate::time_stamp::TimeStampToken;

/// Checks the time stamps over a signature, and those over all that was added for later checks; says whether
/// these were all.
pub(super) async fn of_signature(hand: &Hand<'_>, info: &SignerInfo) -> (Vec<StampReport>, bool) {
    let stamped = cades::stamped_by_type_1(info);
    let over_signature = info.unsigned_values(&oid::SIGNATURE_TIME_STAMP);
    let over_all = info.unsigned_values(&oid::CADES_C_TIME_STAMP);
    let mut stamps = over_signature
        .map(|value| (value, info.signature()))
        .chain(over_all.map(|value| (value, stamped.as_slice())));
    let mut reports = Vec::new();
    for (value, stamped) in stamps.by_ref().take(MOST) {
        reports.push(one(hand, value, stamped).await);
    }
    (reports, stamps.next().is_none())
}

/// The earliest time that a valid one proves.
pub(crate) fn proven(stamps: &[StampReport]) -> Option<Timestamp> {
    let valid = stamps.iter().filter(|stamp| stamp.verdict == Verdict::Valid);
    valid.map(|stamp| stamp.time).min()
}

/// Checks a time stamp over given octets.
pub(crate) async fn one(hand: &Hand<'_>, value: &[u8], stamped: &[u8]) -> StampReport {
    let token = match TimeStampToken::from_der(value) {
        Ok(token) => token,
        Err(error) => return malformed(&error),
    };
    let inner = hand.with(token.message());
    match check(&inner, &token).await {
        Ok(mut report) => {
            report.steps.insert(0, of_this(&token.info().imprint, stamped));
            report.verdict = worst(&report.steps);
            report
        }
        Err(error) => malformed(&error),
    }
}

/// Of what is no time stamp.
pub(crate) fn malformed(error: &Error) -> StampReport {
    let step = Step::new(Part::TimeStamp, Finding::StampMalformed).about(error);
    StampReport { verdict: step.verdict, time: Timestamp::MIN, signer: None, steps: vec![step] }
}

/// Checks a token at its own time: who gave it, and whether he might.
pub(super) async fn check(hand: &Hand<'_>, token: &TimeStampToken) -> Result<StampReport> {
    let digests = token.digests()?;
    let subject = Subject::Content { digests: &digests, kind: oid::TST_INFO };
    let time = token.info().time;
    // RFC 3161 §2.4.2: signed by the authority alone
    let [info] = token.message().signers.as_slice() else {
        return Err(Error::malformed("time stamp", "not signed by one"));
    };
    let certificate = hand.certificate_of(info);
    let mut steps = hand.signed(info, &subject, certificate);
    if let Some(certificate) = certificate {
        steps.extend(hand.certificate(certificate, Purpose::TimeStamping, (time, true)).await);
    }
    // RFC 3161 §2.4.2: a token names the certificate under its signature
    if steps.iter().any(|step| step.finding == Finding::CertificateNotNamed) {
        steps.push(Step::new(Part::Attributes, Finding::AttributesMissing));
    }
    let signer = certificate.map(SignerName::of);
    Ok(StampReport { verdict: worst(&steps), time, signer, steps })
}

fn of_this(imprint: &Digest, stamped: &[u8]) -> Step {
    let Ok(function) = HashFunction::from_oid(&imprint.algorithm) else {
        return Step::new(Part::TimeStamp, Finding::AlgorithmUnsupported);
    };
    let same = function.digest(stamped) == *imprint;
    let finding = if same { Finding::StampOfThis } else { Finding::StampOfOther };
    Step::new(Part::TimeStamp, finding)
}

/// More time stamps over one signature are not looked at: each is a path of its own.
pub(crate) const MOST: usize = 16;
