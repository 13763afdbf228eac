//! Step 1: load. Streams are folded, documents are compared with what entries say of them.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::RegistrationAuthority;
use crate::commitment::{Commitment, Document};
use crate::entry::Entry;
use crate::error::Error;
use crate::fact::{AccountFact, ApprovalFact, AuthorityFact, CarrierFact, CaseFact, RecordFact};
use crate::id::{ApprovalId, AuthorityId, CaseId, TokenId, UserId};
use crate::lifecycle::Record;
use crate::lifecycle::{Account, Case, Refusal};
use crate::profile::Profile;
use crate::provider::journal::StreamId;
use crate::provider::{ErrorKind, UserRecord};
use crate::x509::{Certificate, CertificationRequest};

impl RegistrationAuthority {
    pub(super) async fn entries<F: DeserializeOwned>(
        &self,
        stream: StreamId,
        from: u64,
    ) -> Result<Vec<Entry<F>>, Error> {
        let loaded = self.providers.journal.load(&stream, from).await?;
        Ok(loaded.entries.iter().map(Entry::decode).collect::<Result<_, _>>()?)
    }

    /// The record as it is now; only what is new since the last time is read.
    pub(super) async fn record(&self) -> Result<Arc<Record>, Error> {
        let known = self.record.lock().map(|record| Arc::clone(&record)).unwrap_or_default();
        let news = self.entries::<RecordFact>(StreamId::Record, known.length()).await?;
        if news.is_empty() {
            return Ok(known);
        }
        let mut record = (*known).clone();
        for entry in &news {
            record.apply(entry);
        }
        let record = Arc::new(record);
        if let Ok(mut cached) = self.record.lock() {
            *cached = Arc::clone(&record);
        }
        Ok(record)
    }

    pub(super) async fn case_entries(&self, id: &CaseId) -> Result<Vec<Entry<CaseFact>>, Error> {
        self.entries(StreamId::Case(*id), 0).await
    }

    pub(super) async fn carrier_entries(
        &self,
        id: &TokenId,
    ) -> Result<Vec<Entry<CarrierFact>>, Error> {
        self.entries(StreamId::Carrier(*id), 0).await
    }

    pub(super) async fn authority_entries(
        &self,
        id: &AuthorityId,
        from: u64,
    ) -> Result<Vec<Entry<AuthorityFact>>, Error> {
        self.entries(StreamId::Authority(*id), from).await
    }

    pub(super) async fn approval_entries(
        &self,
        id: &ApprovalId,
    ) -> Result<Vec<Entry<ApprovalFact>>, Error> {
        self.entries(StreamId::Approval(*id), 0).await
    }

    /// A case, folded.
    pub(super) async fn load_case(&self, id: &CaseId) -> Result<Case, Error> {
        let entries = self.case_entries(id).await?;
        Ok(Case::fold(*id, &entries)?.ok_or(Refusal::NotFound("case"))?)
    }

    pub(super) async fn account_entries(
        &self,
        id: &UserId,
    ) -> Result<Vec<Entry<AccountFact>>, Error> {
        self.entries(StreamId::Account(*id), 0).await
    }

    /// An account, folded.
    pub(super) async fn load_account(&self, id: &UserId) -> Result<Account, Error> {
        let entries = self.account_entries(id).await?;
        Ok(Account::fold(*id, &entries)?.ok_or(Refusal::NotFound("account"))?)
    }

    /// The profile a case began with.
    pub(super) async fn profile_of(&self, case: &Case) -> Result<Profile, Error> {
        let (record, begun) = (self.record().await?, case.begun());
        let profile = record.profile_version(&begun.profile, begun.profile_version);
        profile.cloned().ok_or_else(|| Error::Damaged(format!("{} has no profile", case.id())))
    }

    /// A document that an entry names: it must be there, and be what was committed to.
    pub(super) async fn document(&self, commitment: &Commitment) -> Result<Document, Error> {
        let found = self.providers.journal.documents().get(commitment).await?;
        let document = found.ok_or_else(|| ErrorKind::NotFound.at("Documents::get"))?;
        let honest = Commitment::of(document.salt(), document.bytes()) == *commitment;
        honest
            .then_some(document)
            .ok_or_else(|| Error::Damaged(format!("document {commitment} differs")))
    }

    pub(super) async fn request_of(&self, case: &Case) -> Result<CertificationRequest, Error> {
        let requested = case.request().ok_or(Refusal::NotFound("request"))?;
        let document = self.document(&requested.document).await?;
        CertificationRequest::from_der(document.bytes())
            .map_err(|error| Error::Damaged(error.to_string()))
    }

    pub(super) async fn certificate_of(&self, case: &Case) -> Result<Certificate, Error> {
        let issued = case.issued().ok_or(Refusal::NotFound("certificate"))?;
        let document = self.document(&issued.certificate).await?;
        Certificate::from_der(document.bytes()).map_err(|error| Error::Damaged(error.to_string()))
    }

    /// A version of a user's record, compared with its commitment.
    pub(super) async fn user_record(
        &self,
        user: &UserId,
        version: &Commitment,
    ) -> Result<UserRecord, Error> {
        let found = self.providers.directory.get(user, version).await?;
        let sealed = found.ok_or_else(|| ErrorKind::NotFound.at("UserDirectory::get"))?;
        let honest = Commitment::of(&sealed.salt, &sealed.record.to_bytes()) == *version;
        honest
            .then_some(sealed.record)
            .ok_or_else(|| Error::Damaged(format!("user record {version} differs")))
    }
}
