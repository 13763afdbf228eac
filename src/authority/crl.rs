//! Signing CRLs.

use async_trait::async_trait;
use spki::AlgorithmIdentifierOwned;

use super::local::LocalAuthority;
use crate::provider::authority::{CrlHeading, CrlIssuer, CrlScope};
use crate::provider::key_store::{Digest, Message};
use crate::provider::{ErrorKind, ProviderError, Result};
use crate::x509::crl::{CrlFields, CrlFrame, SignedPart, check_entry};
use crate::x509::extensions::{
    AuthorityKeyIdentifier, CrlNumber, DeltaCrlIndicator, ExpiredCertsOnCrl, Extension,
    ExtensionValue, FreshestCrl, IssuerSerial, IssuingDistributionPoint,
};
use crate::x509::{Certificate, write};

/// The frame of a CRL by the key of a certificate, around entries of that length in octets, all together.
///
/// Write the frame's head, the entries and the frame's tail to a file and into the [hash](SignedPart), let
/// [`CrlIssuer::sign_crl`] sign the digest, and put the [seal](CrlFrame::seal) around it.
///
/// # Errors
/// `Invalid` where the dates are in the wrong order or beyond the certificate's, or it names no key.
pub fn frame_crl(
    heading: &CrlHeading,
    issuer: &Certificate,
    algorithm: &AlgorithmIdentifierOwned,
    entries: u64,
) -> Result<CrlFrame> {
    let key = issuer.subject_key().ok_or_else(invalid)?;
    let ordered = heading.this_update < heading.next_update;
    if !ordered || issuer.validity().not_after < heading.next_update {
        return Err(invalid().because("the dates"));
    }
    let certificate =
        IssuerSerial { issuer: issuer.issuer().to_vec(), serial: issuer.serial().clone() };
    let identifier = AuthorityKeyIdentifier { key: Some(key), certificate: Some(certificate) };
    let mut extensions = vec![identifier.extension(), CrlNumber(heading.number).extension()];
    extensions.extend(scope(&heading.scope));
    let fields = CrlFields {
        algorithm,
        issuer: issuer.subject(),
        this_update: heading.this_update,
        next_update: heading.next_update,
        extensions: &extensions,
    };
    Ok(CrlFrame::new(&fields, entries))
}

/// RFC 5280 §5.2.4, §5.2.5: what changes the meaning of the list is critical.
fn scope(scope: &CrlScope) -> impl Iterator<Item = Extension> {
    let point =
        (!scope.point.is_empty()).then(|| IssuingDistributionPoint(scope.point.clone()).critical());
    // RFC 5280 §5.2.6: never in a delta CRL
    let freshest = (!scope.freshest.is_empty() && scope.base.is_none())
        .then(|| FreshestCrl(scope.freshest.clone()).extension());
    [
        scope.base.map(|number| DeltaCrlIndicator(number).critical()),
        point,
        freshest,
        scope.expired_since.map(|since| ExpiredCertsOnCrl(since).extension()),
    ]
    .into_iter()
    .flatten()
}

/// Makes a CRL of entries that are in memory: elements of `revokedCertificates`, by ascending number.
///
/// Whether the signature is good the caller checks.
///
/// # Errors
/// `Invalid` for what is no entry, and as [`frame_crl`]; `Unsupported` for an algorithm without a known hash;
/// the issuer's.
pub async fn issue_crl(
    issuer: &dyn CrlIssuer,
    heading: &CrlHeading,
    (certificate, algorithm): (&Certificate, &AlgorithmIdentifierOwned),
    entries: &[Vec<u8>],
) -> Result<Vec<u8>> {
    for entry in entries {
        check_entry(entry).map_err(|error| invalid().because(error))?;
    }
    let entries = entries.concat();
    let frame = frame_crl(heading, certificate, algorithm, write::length(&entries))?;
    let signed = [frame.head(), &entries, frame.tail()].concat();
    let unsupported = || ErrorKind::Unsupported.at("SignedPart::of");
    let mut hash = SignedPart::of(algorithm).ok_or_else(unsupported)?;
    hash.update(&signed);
    let seal = frame.seal(&issuer.sign_crl(heading, &frame, &hash.finish()).await?);
    Ok([seal.head, signed, seal.tail].concat())
}

#[async_trait]
impl CrlIssuer for LocalAuthority {
    async fn sign_crl(
        &self,
        heading: &CrlHeading,
        frame: &CrlFrame,
        digest: &Digest,
    ) -> Result<Vec<u8>> {
        let key = self.key(&heading.issuer)?;
        let (certificate, algorithm) = (key.certificate(), key.signer().algorithm());
        // never signs around what it would not have framed
        if frame_crl(heading, certificate, algorithm, frame.entries_length())? != *frame {
            return Err(invalid().because("another frame"));
        }
        key.signer().sign(Message::Digest(digest)).await
    }
}

fn invalid() -> ProviderError {
    ErrorKind::Invalid.at("CrlIssuer::sign_crl")
}
