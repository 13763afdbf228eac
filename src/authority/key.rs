//! A key of the authority, with its certificate.

use std::sync::Arc;

use jiff::Timestamp;

use super::queue::SigningQueue;
use super::tbs::Contents;
use crate::profile::Profile;
use crate::profile::gate::{self, Asked, Expectation, Findings, Passed};
use crate::provider::ProviderError;
use crate::provider::authority::Validity;
use crate::provider::key_store::{Message, Signer};
use crate::provider::verifier::{Unverified, Verifier};
use crate::registration::{IdentificationKind, SubjectAttribute, SubjectKind};
use crate::x509::extensions::{
    AuthorityKeyIdentifier, BasicConstraints, IssuerSerial, KeyUsage, KeyUsages,
};
use crate::x509::name::{self, BadAttribute};
use crate::x509::{BadDer, Certificate, KeyIdentity, SerialNumber};

/// An open key and the certificate that lets it sign others.
#[derive(Clone, Debug)]
pub struct AuthorityKey {
    signer: Arc<dyn Signer>,
    certificate: Certificate,
    identity: KeyIdentity,
    identifier: AuthorityKeyIdentifier,
}

/// A key and a certificate do not make an authority.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BadAuthorityKey {
    /// The certificate is another key's.
    #[error("the certificate is not of this key")]
    OtherKey,
    /// The key is none, or its algorithm is unknown.
    #[error("the key is not accepted: {0}")]
    Key(Unverified),
    /// The certificate does not verify by its issuer's key.
    #[error("the certificate's signature: {0}")]
    Signature(Unverified),
    /// The certificate was issued by another name than the issuer's.
    #[error("the certificate names another issuer")]
    OtherIssuer,
    /// `basicConstraints` or `keyUsage` do not let it sign certificates and CRLs.
    #[error("the certificate is not an authority's")]
    NotAuthority,
    /// The certificate is not in force at that time.
    #[error("the certificate is not in force")]
    NotInForce,
    /// The certificate names no key, and nothing could refer to it.
    #[error("the certificate has no subjectKeyIdentifier")]
    NoKeyIdentifier,
    /// The name cannot be written.
    #[error(transparent)]
    Name(#[from] BadAttribute),
    /// An extension is malformed.
    #[error(transparent)]
    Der(#[from] BadDer),
    /// The self-signed certificate would be against its profile.
    #[error("the certificate would be against its profile: {0}")]
    Gate(#[from] Findings),
    /// The key could not sign.
    #[error(transparent)]
    Provider(#[from] ProviderError),
}

/// What a root says of itself.
#[derive(Clone, Debug)]
pub struct SelfSigned<'a> {
    /// Its name.
    pub subject: &'a [SubjectAttribute],
    /// What its certificate contains: [`Preset::Root`](crate::profile::Preset::Root) or one like it, for
    /// subjects of the kind `LegalEntityAutomated`, identified in person: itself.
    pub profile: &'a Profile,
    /// From when to when.
    pub validity: Validity,
    /// Its serial number, from the random generator.
    pub serial: SerialNumber,
}

impl AuthorityKey {
    /// Joins a key with its certificate, as they come from storage.
    ///
    /// # Errors
    /// [`BadAuthorityKey`] where they do not belong together, or are no authority's.
    pub fn new(
        signer: Arc<dyn Signer>,
        certificate: Certificate,
        verifier: &dyn Verifier,
    ) -> Result<Self, BadAuthorityKey> {
        let named = |key| verifier.identify(key).map_err(BadAuthorityKey::Key);
        let identity = named(signer.public_key())?;
        if named(certificate.public_key())? != identity {
            return Err(BadAuthorityKey::OtherKey);
        }
        if !is_authority(&certificate)? {
            return Err(BadAuthorityKey::NotAuthority);
        }
        let key = certificate.subject_key().ok_or(BadAuthorityKey::NoKeyIdentifier)?;
        let own = IssuerSerial {
            issuer: certificate.issuer().to_vec(),
            serial: certificate.serial().clone(),
        };
        let identifier = AuthorityKeyIdentifier { key: Some(key), certificate: Some(own) };
        let signer = Arc::new(SigningQueue::new(signer)); // many certificates are signed at once
        Ok(Self { signer, certificate, identity, identifier })
    }

    /// Installs the answer of an external root to the authority's request (U1).
    ///
    /// # Errors
    /// Those of [`AuthorityKey::new`]; `Signature`, `OtherIssuer` and `NotInForce` where the answer is not
    /// that issuer's, or not in force at that time.
    pub fn install(
        signer: Arc<dyn Signer>,
        (certificate, issuer): (Certificate, &Certificate),
        at: Timestamp,
        verifier: &dyn Verifier,
    ) -> Result<Self, BadAuthorityKey> {
        if certificate.issuer() != issuer.subject() {
            return Err(BadAuthorityKey::OtherIssuer);
        }
        certificate.verify(issuer.public_key(), verifier).map_err(BadAuthorityKey::Signature)?;
        if !certificate.covers(at) {
            return Err(BadAuthorityKey::NotInForce);
        }
        Self::new(signer, certificate, verifier)
    }

    /// Makes a root: signs a certificate by its own key.
    ///
    /// # Errors
    /// `Gate` where the certificate would be against its profile; the signer's.
    pub async fn self_signed(
        signer: Arc<dyn Signer>,
        root: &SelfSigned<'_>,
        verifier: &dyn Verifier,
    ) -> Result<Self, BadAuthorityKey> {
        let name = name::encode(root.subject)?;
        let contents = Contents {
            algorithm: signer.algorithm(),
            issuer: &name,
            issuer_key: None,
            validity: &root.validity,
            subject: &name,
            public_key: signer.public_key(),
            identification: IdentificationKind::Personal,
            notice: None,
            profile: root.profile,
            partition: 0,
        };
        let tbs = contents.encode().to_tbs(&root.serial);
        let asked = Asked {
            subject: root.subject,
            kind: SubjectKind::LegalEntityAutomated,
            public_key: signer.public_key(),
            validity: &root.validity,
            identification: IdentificationKind::Personal,
            notice: None,
        };
        let passed = gate::pass(tbs, &Expectation::of_root(root.profile, asked))?;
        let certificate = sign(&*signer, passed).await?;
        certificate.verify(signer.public_key(), verifier).map_err(BadAuthorityKey::Signature)?;
        Self::new(signer, certificate, verifier)
    }

    /// The authority's certificate.
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Which key.
    pub const fn identity(&self) -> &KeyIdentity {
        &self.identity
    }

    /// How certificates and CRLs name the key and its certificate (R6).
    pub const fn identifier(&self) -> &AuthorityKeyIdentifier {
        &self.identifier
    }

    pub(super) fn signer(&self) -> &dyn Signer {
        &*self.signer
    }
}

/// Signs a `TBSCertificate` that passed the gate; whether the signature is good the caller checks.
pub(super) async fn sign(
    signer: &dyn Signer,
    passed: Passed,
) -> Result<Certificate, ProviderError> {
    use crate::provider::ErrorKind::Fault;
    let signature = signer.sign(Message::Bytes(passed.octets())).await?;
    let certificate = passed
        .sealed(signer.algorithm(), &signature)
        .map_err(|error| Fault.at("Signer::sign").because(error))?;
    gate::check_seal(&certificate).map_err(|error| Fault.at("Signer::sign").because(error))?;
    Ok(certificate)
}

fn is_authority(certificate: &Certificate) -> Result<bool, BadDer> {
    let constraints = certificate.find::<BasicConstraints>()?.unwrap_or_default();
    let usages = certificate.find::<KeyUsages>()?;
    let may_sign = usages.is_some_and(|usages| {
        usages.contains(KeyUsage::KeyCertSign) && usages.contains(KeyUsage::CrlSign)
    });
    Ok(constraints.authority && may_sign)
}
