//! Authorities: which of their keys signed what, and their CRLs.

use std::collections::BTreeMap;
use std::sync::Mutex;

use jiff::Timestamp;

use super::RegistrationAuthority;
use super::job::{Job, Work};
use crate::command::Outcome;
use crate::commitment::{Commitment, DocumentKind};
use crate::error::Error;
use crate::fact::AuthorityFact;
use crate::id::AuthorityId;
use crate::lifecycle::authority::{Authority, IssuerKey, signed_by};
use crate::lifecycle::{Act, Refusal, permission};
use crate::provider::authority::{CrlIssuer, CrlOrder};
use crate::provider::journal::{Page, Query};
use crate::provider::verifier::Check;
use crate::provider::{CertificateAuthority, ErrorKind};
use crate::view::View;
use crate::x509::{Certificate, CertificateList, KeyIdentity};

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

impl Job<'_> {
    /// One CRL by each key of the authority, each with a number of its own.
    pub(super) async fn issue_crl(
        &self,
        id: &AuthorityId,
        next_update: Timestamp,
    ) -> Result<Outcome, Error> {
        permission::permits(&self.actor, Act::IssueCrl, None, None)?;
        if next_update <= self.now {
            return Err(Refusal::Request("nextUpdate is in the past".to_owned()).into());
        }
        let authority = self.ra.crl_issuer(id)?;
        let issuer = authority
            .crl_issuer()
            .ok_or_else(|| ErrorKind::Unsupported.at("CertificateAuthority::crl_issuer"))?;
        let mut crls = Vec::new();
        for key in self.ra.load_authority(id).await?.keys() {
            crls.push((key.key, self.issue_crl_by(id, issuer, key, next_update).await?));
        }
        self.finish(Work::default(), Outcome::CrlIssued { crls }).await
    }

    async fn issue_crl_by(
        &self,
        id: &AuthorityId,
        authority: &dyn CrlIssuer,
        key: &IssuerKey,
        next_update: Timestamp,
    ) -> Result<u64, Error> {
        // an interrupted try of this very command had come to the end of this key
        if let Some(newest) = key.newest.filter(|newest| newest.command == self.envelope.id) {
            return Ok(newest.number);
        }
        let name = format!("crl-{}", key.key);
        // 1. The number is used up before it is signed: it never comes again.
        let number = next_number(key.number, self.now);
        let state = self.ra.load_authority(id).await?;
        let intent = AuthorityFact::CrlIntended { issuer: key.key, number };
        let change = self.authority_change(id, state.length(), intent);
        self.step(&format!("{name}-intent-{number}"), Work::of(change)).await?;
        // 2. Signed over what the record lists now.
        // no CRL is older than the one before it, whatever the clock does
        let before = key.newest.map_or(Timestamp::MIN, |newest| newest.this_update);
        let (this_update, entries) = (self.second().max(before), self.ra.listed(&key.key).await?);
        let order = CrlOrder { issuer: key.key, number, this_update, next_update, entries };
        let crl = authority.issue_crl(&order).await?;
        self.ra.check_crl(&order, &self.ra.issuer_certificate(key).await?, &crl)?;
        // 3. Recorded.
        let document = self.seal(DocumentKind::Crl, crl)?;
        let fact = AuthorityFact::CrlIssued {
            issuer: key.key,
            number,
            this_update,
            next_update,
            crl: *document.commitment(),
        };
        let change = self.authority_change(id, state.length().saturating_add(1), fact);
        self.step(&format!("{name}-issued-{number}"), Work::of(change).with_documents([document]))
            .await?;
        Ok(number)
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

    fn crl_issuer(
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
        let authority = self.load_authority(id).await?;
        let known = authority.keys().iter().find(|known| known.key == *key);
        self.issuer_certificate(known.ok_or(Refusal::NotFound("key of the authority"))?).await
    }

    /// Which key of the authority signed the certificate, the newest tried first.
    pub(super) async fn signing_key(
        &self,
        authority: &AuthorityId,
        certificate: &Certificate,
    ) -> Result<Option<KeyIdentity>, Error> {
        for key in self.load_authority(authority).await?.keys().iter().rev() {
            let issuer = self.issuer_certificate(key).await?;
            if signed_by(&*self.providers.verifier, certificate, &issuer) {
                return Ok(Some(key.key));
            }
        }
        Ok(None)
    }

    /// The entries of the key's CRL, by ascending serial number.
    async fn listed(&self, issuer: &KeyIdentity) -> Result<Vec<Vec<u8>>, Error> {
        let query = Query::Listed { issuer: *issuer, partition: 0 };
        let (mut entries, mut page) = (Vec::new(), Page::first(LISTED_PAGE));
        loop {
            let found = self.providers.journal.find(&query, &page).await?;
            entries.extend(found.views.into_iter().filter_map(|view| match view {
                View::Certificate(view) => view.listed.map(|listed| listed.entry),
                _ => None,
            }));
            match found.next {
                Some(next) => page.after = Some(next),
                None => return Ok(entries),
            }
        }
    }

    /// The CRL is the one that was ordered, signed by the key that it was ordered from.
    fn check_crl(&self, order: &CrlOrder, issuer: &Certificate, crl: &[u8]) -> Result<(), Error> {
        let fault =
            |what: String| Error::from(ErrorKind::Fault.at("CrlIssuer::issue_crl").because(what));
        let crl = CertificateList::from_der(crl).map_err(|error| fault(error.to_string()))?;
        let (key, algorithm) = (issuer.public_key(), crl.signature_algorithm());
        let (message, signature) = (crl.tbs(), crl.signature());
        let verdict = self.providers.verifier.verify(&Check { key, algorithm, message, signature });
        verdict.map_err(|error| fault(error.to_string()))?;
        let same = crl.number() == Some(order.number)
            && crl.this_update() == order.this_update
            && crl.next_update() == Some(order.next_update)
            && crl.entries().eq(order.entries.iter().map(Vec::as_slice));
        if same { Ok(()) } else { Err(fault("another CRL was signed".to_owned())) }
    }
}

/// Greater than every number before, and after a restore from an old backup too: time goes on.
fn next_number(last: u64, now: Timestamp) -> u64 {
    let seconds = u64::try_from(now.as_second()).unwrap_or_default();
    last.saturating_add(1).max(seconds)
}

/// Entries of a CRL that are read at once.
const LISTED_PAGE: usize = 1_000;
