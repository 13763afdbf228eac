//! Asking.

use gost_ca::provider::{Rng, Verifier};
use gost_ca::x509::Certificate;

use super::{CertId, OcspRequest, OcspResponse};
use crate::error::{Error, Result};
use crate::hash::HashFunction;
use crate::transport::{Service, Transport};

/// Asks responders.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "what a client needs")]
pub struct OcspClient<'a> {
    /// How requests get there.
    pub transport: &'a dyn Transport,
    /// Checks the answers.
    pub verifier: &'a dyn Verifier,
    /// Makes the nonces.
    pub rng: &'a dyn Rng,
    /// By which hash function certificates are named: SHA-1 is understood by all.
    pub function: HashFunction,
}

impl OcspClient<'_> {
    /// Asks for the status of a certificate. A responder may answer without the nonce (RFC 6960 §4.4.1), with an
    /// answer that it signed before; never with another nonce.
    ///
    /// # Errors
    /// `Answer` for a failure, and for an answer that is not by the issuer or to another question; the
    /// transport's.
    pub async fn ask(
        &self,
        url: &str,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<OcspResponse> {
        let mut nonce = vec![0; 16];
        self.rng.fill(&mut nonce)?;
        let id = CertId::of(certificate, issuer, self.function);
        let request = OcspRequest { certificates: vec![id], nonce: Some(nonce.clone()) };
        let answer = self.transport.ask(Service::Ocsp, url, &request.to_der()).await?;
        let response = OcspResponse::from_der(&answer)?;
        if response.nonce().is_some_and(|echoed| echoed != nonce) {
            return Err(Error::Answer("to another request".to_owned()));
        }
        if response.about(certificate, issuer).is_none() {
            return Err(Error::Answer("about other certificates".to_owned()));
        }
        response.verify(issuer, self.verifier)?;
        Ok(response)
    }
}
