//! The record of an authority as the one who knows the status of its certificates.

use async_trait::async_trait;
use gost_ca::lifecycle::{CertificateStatus, OcspStatus, StatusAt};
use gost_ca::provider::{self, ErrorKind};
use gost_ca::x509::{Certificate, PublicKey, SerialNumber};
use gost_ca::{Error, RegistrationAuthority};
use jiff::Timestamp;

use crate::ocsp::OcspSource;
use crate::status::StatusSource;

/// Answers for the certificates of a record, by all that is recorded.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a>(pub &'a RegistrationAuthority);

impl Record<'_> {
    async fn ask(
        &self,
        issuer: &PublicKey,
        serial: &SerialNumber,
        at: Timestamp,
    ) -> provider::Result<Option<CertificateStatus>> {
        let status = self.0.status_of(issuer, serial, StatusAt::time(at)).await;
        status.map_err(|error| match error {
            Error::Provider(error) => error,
            error => ErrorKind::Fault.at("status_of").because(error),
        })
    }
}

#[async_trait]
impl StatusSource for Record<'_> {
    async fn status(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        at: Timestamp,
    ) -> provider::Result<Option<CertificateStatus>> {
        self.ask(issuer.public_key(), certificate.serial(), at).await
    }
}

#[async_trait]
impl OcspSource for Record<'_> {
    async fn status(
        &self,
        issuer: &Certificate,
        serial: &SerialNumber,
        at: Timestamp,
    ) -> provider::Result<OcspStatus> {
        let status = self.ask(issuer.public_key(), serial, at).await?;
        Ok(status.map_or(OcspStatus::Unknown, |status| status.ocsp()))
    }
}
