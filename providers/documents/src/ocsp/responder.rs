//! Answering: requests in, responses out; the transport is outside.

use core::fmt::Debug;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use gost_ca::lifecycle::OcspStatus;
use gost_ca::provider::key_store::Message;
use gost_ca::provider::{self, ErrorKind};
use gost_ca::x509::extensions::{Extension, encode_all};
use gost_ca::x509::{Certificate, SerialNumber, write};
use jiff::{SignedDuration, Timestamp};

use super::request::nonce_extension;
use super::response::{OcspFailure, ResponderId, wrapped};
use super::{ARCHIVE_CUTOFF, CertId, OcspRequest};
use crate::error::Result;
use crate::hash::HashFunction;
use crate::signer_info::Signatory;

/// Knows the status of certificates: a record, a CRL.
#[async_trait]
pub trait OcspSource: Debug + Send + Sync {
    /// The status of the certificate with that number of that issuer; `Unknown` for one that was never issued.
    ///
    /// # Errors
    /// `Unavailable` when it cannot be told now.
    async fn status(
        &self,
        issuer: &Certificate,
        serial: &SerialNumber,
        at: Timestamp,
    ) -> provider::Result<OcspStatus>;
}

/// How a responder names itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "RFC 6960 §4.2.1 has these two")]
pub enum ResponderName {
    /// By its name.
    #[default]
    Name,
    /// By its key.
    Key,
}

/// What a responder says beside the status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// How it names itself.
    pub name: ResponderName,
    /// For how long an answer holds; none: newer ones are always to be had.
    pub lasts: Option<SignedDuration>,
    /// Since when ended certificates are remembered.
    pub archive_cutoff: Option<Timestamp>,
}

/// Answers about the certificates of some issuers, with one key: an issuer's, or that of a certificate for it.
#[derive(Clone, Debug)]
pub struct OcspResponder<'a> {
    signatory: Signatory<'a>,
    issuers: &'a [Certificate],
    source: &'a dyn OcspSource,
    answer: Answer,
    store: Option<&'a OcspStore>,
}

/// Answers that were signed before, for requests without nonce, while they hold.
#[derive(Debug, Default)]
pub struct OcspStore(Mutex<HashMap<Vec<CertId>, Stored>>);

/// Until when an answer holds, and its octets.
type Stored = (Timestamp, Vec<u8>);

impl OcspStore {
    /// Forgets all: after a termination the old answer must not be given.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn get(&self, ids: &[CertId], now: Timestamp) -> Option<Vec<u8>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, (until, _)| now < *until);
        all.get(ids).map(|(_, response)| response.clone())
    }

    fn put(&self, ids: Vec<CertId>, until: Timestamp, response: Vec<u8>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() < MOST_STORED {
            all.insert(ids, (until, response));
        }
    }
}

impl<'a> OcspResponder<'a> {
    /// A responder for the certificates of these issuers.
    pub const fn new(
        signatory: Signatory<'a>,
        issuers: &'a [Certificate],
        source: &'a dyn OcspSource,
        answer: Answer,
    ) -> Self {
        Self { signatory, issuers, source, answer, store: None }
    }

    /// The same, which gives what it signed before where it may.
    #[must_use]
    pub const fn with_store(mut self, store: &'a OcspStore) -> Self {
        self.store = Some(store);
        self
    }

    /// Answers a request; there is always an answer.
    pub async fn respond(&self, request: &[u8], now: Timestamp) -> Vec<u8> {
        match self.try_respond(request, now).await {
            Ok(response) => response,
            Err(failure) => failure.to_der(),
        }
    }

    async fn try_respond(
        &self,
        request: &[u8],
        now: Timestamp,
    ) -> core::result::Result<Vec<u8>, OcspFailure> {
        let request = OcspRequest::from_der(request).map_err(|_| OcspFailure::MalformedRequest)?;
        if request.certificates.len() > MOST_ASKED {
            return Err(OcspFailure::Unauthorized);
        }
        let stored = self.store.filter(|_| request.nonce.is_none());
        if let Some(response) = stored.and_then(|store| store.get(&request.certificates, now)) {
            return Ok(response);
        }
        let mut singles = Vec::new();
        for id in &request.certificates {
            singles.push(self.single(id, now).await?);
        }
        let response = self.sign(&singles, request.nonce.as_deref(), now).await;
        let response = response.map_err(|_| OcspFailure::InternalError)?;
        let until = self.answer.lasts.and_then(|lasts| now.checked_add(lasts).ok());
        if let (Some(store), Some(until)) = (stored, until) {
            store.put(request.certificates, until, response.clone());
        }
        Ok(response)
    }

    /// `SingleResponse`.
    async fn single(
        &self,
        id: &CertId,
        now: Timestamp,
    ) -> core::result::Result<Vec<u8>, OcspFailure> {
        let issuer = self.issuers.iter().find(|issuer| id.is_of(issuer));
        let issuer = issuer.ok_or(OcspFailure::Unauthorized)?;
        let status = self.source.status(issuer, &id.serial, now).await;
        let status = status.map_err(|error| match error.kind() {
            ErrorKind::Unavailable => OcspFailure::TryLater,
            _ => OcspFailure::InternalError,
        })?;
        let next = self.answer.lasts.and_then(|lasts| now.checked_add(lasts).ok());
        let next = next.map(|next| write::tlv(write::constructed(0), &generalized(next)));
        let cutoff = self.answer.archive_cutoff.map(|cutoff| {
            let value = generalized(cutoff);
            let extension = Extension { oid: ARCHIVE_CUTOFF, critical: false, value };
            write::tlv(write::constructed(1), &encode_all(&[extension]))
        });
        Ok(write::sequence(&[
            id.as_der(),
            &written(status),
            &generalized(now),
            &next.unwrap_or_default(),
            &cutoff.unwrap_or_default(),
        ]))
    }

    async fn sign(
        &self,
        singles: &[Vec<u8>],
        nonce: Option<&[u8]>,
        now: Timestamp,
    ) -> Result<Vec<u8>> {
        let certificate = self.signatory.certificate();
        let responder = match self.answer.name {
            ResponderName::Name => ResponderId::Name(certificate.subject().to_vec()),
            ResponderName::Key => {
                let key = certificate.public_key().key_octets();
                ResponderId::Key(HashFunction::Sha1.digest(key).octets)
            }
        };
        let extensions = nonce
            .map(|nonce| write::tlv(write::constructed(1), &encode_all(&[nonce_extension(nonce)])));
        let data = write::sequence(&[
            responder.to_der(),
            generalized(now),
            write::sequence(singles),
            extensions.unwrap_or_default(),
        ]);
        let signature = self.signatory.key().sign(Message::Bytes(&data)).await?;
        let certificates = write::sequence(&[certificate.as_der()]);
        let basic = write::sequence(&[
            data,
            write::algorithm(self.signatory.key().algorithm()),
            write::bit_string(&signature),
            write::tlv(write::constructed(0), &certificates),
        ]);
        Ok(wrapped(&basic))
    }
}

/// `CertStatus`.
fn written(status: OcspStatus) -> Vec<u8> {
    match status {
        OcspStatus::Good => write::tlv(write::primitive(0), &[]),
        OcspStatus::Unknown => write::tlv(write::primitive(2), &[]),
        OcspStatus::Revoked { time, reason } => {
            let reason = reason.map(|reason| {
                write::tlv(write::constructed(0), &write::tlv(write::ENUMERATED, &[reason]))
            });
            let fields = [generalized(time), reason.unwrap_or_default()];
            write::wrap(write::constructed(1), &fields)
        }
    }
}

fn generalized(at: Timestamp) -> Vec<u8> {
    write::tlv(write::GENERALIZED_TIME, &write::generalized(at))
}

/// More in one request are a burden that nobody needs.
const MOST_ASKED: usize = 100;
const MOST_STORED: usize = 100_000;
