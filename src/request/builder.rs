//! Building a PKCS#10.

use crate::profile::Profile;
use crate::provider::key_store::{Message, Signer};
use crate::provider::{ErrorKind, Result};
use crate::registration::SubjectAttribute;
use crate::x509::extensions::{
    ExtendedKeyUsage, Extension, ExtensionValue, KeyUsages, SubjectSignTool, encode_all,
};
use crate::x509::name::{self, BadAttribute};
use crate::x509::{CertificationRequest, EXTENSION_REQUEST, PublicKey, write};

/// What a certification request will say, but for its key (RFC 2986; RFC 9215 Appendix D).
#[derive(Clone, Debug)]
pub struct RequestBuilder {
    subject: Vec<u8>,
    extensions: Vec<Extension>,
}

impl RequestBuilder {
    /// A request for that subject, without wishes.
    ///
    /// # Errors
    /// [`BadAttribute`] for a value that its string type cannot hold.
    pub fn new(subject: &[SubjectAttribute]) -> core::result::Result<Self, BadAttribute> {
        Ok(Self { subject: name::encode(subject)?, extensions: Vec::new() })
    }

    /// Asks for the uses that the profile gives, and names the owner's tool.
    #[must_use]
    pub fn with_profile(mut self, profile: &Profile) -> Self {
        self.extensions.push(KeyUsages::new(profile.key_usage.iter().copied()).critical());
        if !profile.extended_key_usage.is_empty() {
            let uses = profile.extended_key_usage.iter().map(|oid| oid.0).collect();
            self.extensions.push(ExtendedKeyUsage(uses).extension());
        }
        let tool = profile.tools.as_ref().map(|tools| SubjectSignTool(tools.subject.clone()));
        self.extensions.extend(tool.map(|tool| tool.extension()));
        self
    }

    /// The exact octets to be signed: the `CertificationRequestInfo` with that key.
    pub fn info(&self, key: &PublicKey) -> Vec<u8> {
        let attributes = write::tlv(write::constructed(0), &self.attributes());
        write::sequence(&[&write::integer(0), &self.subject, key.as_der(), &attributes])
    }

    /// Signs the request by its own key.
    ///
    /// # Errors
    /// Those of [`Signer::sign`]; `Fault` where the signer's key or algorithm cannot stand in a request.
    pub async fn sign(&self, signer: &dyn Signer) -> Result<CertificationRequest> {
        let info = self.info(signer.public_key());
        let signature = signer.sign(Message::Bytes(&info)).await?;
        let der = write::signed(&info, signer.algorithm(), &signature);
        CertificationRequest::from_der(&der)
            .map_err(|error| ErrorKind::Fault.at("Signer::sign").because(error))
    }

    fn attributes(&self) -> Vec<u8> {
        if self.extensions.is_empty() {
            return Vec::new();
        }
        let values = write::wrap(write::SET, &[encode_all(&self.extensions)]);
        write::sequence(&[write::oid(&EXTENSION_REQUEST), values])
    }
}
