//! Signing CRLs.

use async_trait::async_trait;
use jiff::Timestamp;

use super::local::LocalAuthority;
use crate::provider::authority::{CrlIssuer, CrlOrder};
use crate::provider::key_store::{Digest, Message};
use crate::provider::{ErrorKind, ProviderError, Result};
use crate::x509::crl::{CrlFields, CrlFrame, CrlSeal, check_entry};
use crate::x509::extensions::{CrlNumber, ExtensionValue};
use crate::x509::{CertificateList, KeyIdentity, write};

/// What a CRL says besides its entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CrlHeading {
    /// The key that signs: the one that issued what is listed.
    pub issuer: KeyIdentity,
    /// Greater than every number before.
    pub number: u64,
    /// When it is made, whole seconds.
    pub this_update: Timestamp,
    /// When the next one is due, whole seconds.
    pub next_update: Timestamp,
}

impl LocalAuthority {
    /// The frame of a CRL whose entries are not in memory, of that length in octets, all together.
    ///
    /// Write the frame's head, the entries and the frame's tail to a file and into the hash of the key's
    /// algorithm, then call [`seal_crl`](Self::seal_crl).
    ///
    /// # Errors
    /// `NotFound` for a key that is not here, `Invalid` where the dates are in the wrong order.
    pub fn frame_crl(&self, heading: &CrlHeading, entries: u64) -> Result<CrlFrame> {
        let key = self.key(&heading.issuer)?;
        if heading.this_update >= heading.next_update {
            return Err(invalid());
        }
        let number = CrlNumber(heading.number);
        let extensions = [key.identifier().extension(), number.extension()];
        let fields = CrlFields {
            algorithm: key.signer().algorithm(),
            issuer: key.certificate().subject(),
            this_update: heading.this_update,
            next_update: heading.next_update,
            extensions: &extensions,
        };
        Ok(CrlFrame::new(&fields, entries))
    }

    /// Signs the digest of a frame with its entries, and gives what stands around them.
    ///
    /// Whether the signature is good the caller checks over the finished CRL.
    ///
    /// # Errors
    /// `NotFound` for a key that is not here; the signer's.
    pub async fn seal_crl(
        &self,
        issuer: &KeyIdentity,
        frame: &CrlFrame,
        digest: &Digest,
    ) -> Result<CrlSeal> {
        let signer = self.key(issuer)?.signer();
        let signature = signer.sign(Message::Digest(digest)).await?;
        Ok(frame.seal(signer.algorithm(), &signature))
    }
}

#[async_trait]
impl CrlIssuer for LocalAuthority {
    async fn issue_crl(&self, order: &CrlOrder) -> Result<Vec<u8>> {
        let CrlOrder { issuer, number, this_update, next_update, ref entries } = *order;
        let heading = CrlHeading { issuer, number, this_update, next_update };
        for entry in entries {
            check_entry(entry).map_err(|error| invalid().because(error))?;
        }
        let (key, entries) = (self.key(&issuer)?, entries.concat());
        let frame = self.frame_crl(&heading, write::length(&entries))?;
        let tbs = [frame.head(), &entries, frame.tail()].concat();
        let signature = key.signer().sign(Message::Bytes(&tbs)).await?;
        let der = write::signed(&tbs, key.signer().algorithm(), &signature);
        let fault = || ErrorKind::Fault.at("Signer::sign");
        let list = CertificateList::from_der(&der).map_err(|error| fault().because(error))?;
        list.verify(key.certificate().public_key(), &*self.verifier)
            .map_err(|error| fault().because(error))?;
        Ok(der)
    }
}

fn invalid() -> ProviderError {
    ErrorKind::Invalid.at("CrlIssuer::issue_crl")
}
