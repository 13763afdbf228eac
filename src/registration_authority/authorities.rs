//! Authorities: which of their keys signed what.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::RegistrationAuthority;
use crate::commitment::Commitment;
use crate::error::Error;
use crate::id::AuthorityId;
use crate::lifecycle::Refusal;
use crate::lifecycle::authority::{Authority, IssuerKey, signed_by};
use crate::provider::CertificateAuthority;
use crate::x509::{Certificate, KeyIdentity};

/// What was read of authorities: certificates never change, and streams only grow.
#[derive(Debug, Default)]
pub(super) struct Issuers {
    authorities: Mutex<BTreeMap<AuthorityId, Authority>>,
    certificates: Mutex<BTreeMap<Commitment, Certificate>>,
}

impl Issuers {
    fn authority(&self, id: &AuthorityId) -> Option<Authority> {
        self.authorities.lock().ok()?.get(id).cloned()
    }

    fn remember(&self, authority: &Authority) {
        if let Ok(mut known) = self.authorities.lock() {
            let longer =
                known.get(&authority.id()).is_none_or(|old| old.length() < authority.length());
            if longer {
                known.insert(authority.id(), authority.clone());
            }
        }
    }

    fn certificate(&self, commitment: &Commitment) -> Option<Certificate> {
        self.certificates.lock().ok()?.get(commitment).cloned()
    }

    fn remember_certificate(&self, commitment: Commitment, certificate: &Certificate) {
        if let Ok(mut known) = self.certificates.lock() {
            known.insert(commitment, certificate.clone());
        }
    }
}

impl RegistrationAuthority {
    pub(super) async fn load_authority(&self, id: &AuthorityId) -> Result<Authority, Error> {
        if !self.record().await?.authorities().contains_key(id) {
            return Err(Refusal::NotFound("authority").into());
        }
        let known = self.issuers.authority(id).unwrap_or_else(|| Authority::fold(*id, &[]));
        let news = self.authority_entries(id, known.length()).await?;
        let authority = news.iter().fold(known, Authority::after);
        self.issuers.remember(&authority);
        Ok(authority)
    }

    pub(super) fn crl_provider(
        &self,
        id: &AuthorityId,
    ) -> Result<std::sync::Arc<dyn CertificateAuthority>, Error> {
        let authority = self.providers.authorities.get(id);
        Ok(std::sync::Arc::clone(authority.ok_or(Refusal::NotFound("authority"))?))
    }

    pub(super) async fn issuer_certificate(&self, key: &IssuerKey) -> Result<Certificate, Error> {
        if let Some(known) = self.issuers.certificate(&key.certificate) {
            return Ok(known);
        }
        let document = self.document(&key.certificate).await?;
        let certificate = Certificate::from_der(document.bytes());
        let certificate = certificate.map_err(|error| Error::Damaged(error.to_string()))?;
        self.issuers.remember_certificate(key.certificate, &certificate);
        Ok(certificate)
    }

    /// The certificate of one of the authority's keys.
    pub(super) async fn issuer(
        &self,
        id: &AuthorityId,
        key: &KeyIdentity,
    ) -> Result<Certificate, Error> {
        let find = |authority: Authority| authority.key(key).cloned();
        let known = match self.issuers.authority(id).and_then(find) {
            Some(known) => Some(known), // keys are only added
            None => find(self.load_authority(id).await?),
        };
        self.issuer_certificate(&known.ok_or(Refusal::NotFound("key of the authority"))?).await
    }

    /// Which key of the authority signed the certificate: one that is known, or one that is read now.
    pub(super) async fn signing_key(
        &self,
        id: &AuthorityId,
        certificate: &Certificate,
    ) -> Result<Option<KeyIdentity>, Error> {
        let known = self.issuers.authority(id);
        if let Some(key) = self.signing_key_among(known.as_ref(), certificate).await? {
            return Ok(Some(key));
        }
        let authority = self.load_authority(id).await?;
        self.signing_key_among(Some(&authority), certificate).await
    }

    /// The newest is tried first.
    async fn signing_key_among(
        &self,
        authority: Option<&Authority>,
        certificate: &Certificate,
    ) -> Result<Option<KeyIdentity>, Error> {
        for key in authority.into_iter().flat_map(|authority| authority.keys().iter().rev()) {
            let issuer = self.issuer_certificate(key).await?;
            if signed_by(&*self.providers.verifier, certificate, &issuer) {
                return Ok(Some(key.key));
            }
        }
        Ok(None)
    }
}
