//! What a certificate would say, for whoever looks at a request before anything is signed.

use super::tbs::Contents;
use crate::provider::authority::Submission;
use crate::x509::extensions::{AuthorityKeyIdentifier, IssuerSerial};
use crate::x509::{Certificate, SerialNumber, name};

/// The octets that would be signed under this certificate, but for the serial number.
///
/// `None` where the subject cannot be written: the gate says why.
pub(crate) fn preview(submission: &Submission, issuer: &Certificate) -> Option<Vec<u8>> {
    let own = IssuerSerial { issuer: issuer.issuer().to_vec(), serial: issuer.serial().clone() };
    let identifier = AuthorityKeyIdentifier { key: issuer.subject_key(), certificate: Some(own) };
    let contents = Contents {
        algorithm: issuer.signature_algorithm(),
        issuer: issuer.subject(),
        issuer_key: Some(&identifier),
        validity: &submission.validity.within(issuer.validity()),
        subject: &name::encode(&submission.subject).ok()?,
        public_key: submission.request.public_key(),
        identification: submission.identification,
        notice: submission.notice.as_deref(),
        profile: &submission.profile,
        partition: submission.partition,
    };
    Some(contents.encode().to_tbs(&SerialNumber::from_random([0x51; 16])))
}
