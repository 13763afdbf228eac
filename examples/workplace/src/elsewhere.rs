//! Keys that are not here: on a carrier of the agent.

use std::sync::Mutex;

use async_trait::async_trait;
use gost_ca::provider::key_store::{Derivation, KeyAgreement, Message};
use gost_ca::provider::{ErrorKind, ProviderError, Signer, Verifier as _};
use gost_ca::secret::Secret;
use gost_ca::x509::{Certificate, PublicKey};
use gost_ca_software::GostVerifier;
use spki::AlgorithmIdentifierOwned;

use crate::workplace::Result;
use crate::{Answer, Failure, Octets};

/// A key elsewhere: it takes down what it is asked for, and then has the answer.
#[derive(Debug)]
pub(crate) struct Elsewhere {
    key: PublicKey,
    algorithm: AlgorithmIdentifierOwned,
    asked: Mutex<Option<Answer>>,
    /// The signature, or the secret that was agreed on.
    given: Option<Secret>,
}

impl Elsewhere {
    pub(crate) fn new(certificate: &Certificate, given: Option<Secret>) -> Result<Self> {
        let key = certificate.public_key().clone();
        let algorithm = GostVerifier.signature_algorithm(&key).map_err(|_| Failure::Certificate)?;
        Ok(Self { key, algorithm, asked: Mutex::default(), given })
    }

    /// What the page is to ask the key for; why nothing, where nothing was wanted of it.
    pub(crate) fn asked(self, refused: Option<Failure>) -> Result<Answer> {
        let asked = self.asked.into_inner().ok().flatten();
        asked.ok_or_else(|| refused.unwrap_or(Failure::Signing))
    }

    fn ask(&self, question: Answer) -> core::result::Result<&[u8], ProviderError> {
        if let Some(given) = &self.given {
            return Ok(given.expose());
        }
        if let Ok(mut asked) = self.asked.lock() {
            *asked = Some(question);
        }
        Err(ErrorKind::Unavailable.at("key"))
    }
}

#[async_trait]
impl Signer for Elsewhere {
    fn public_key(&self) -> &PublicKey {
        &self.key
    }

    fn algorithm(&self) -> &AlgorithmIdentifierOwned {
        &self.algorithm
    }

    async fn sign(&self, message: Message<'_>) -> core::result::Result<Vec<u8>, ProviderError> {
        let Message::Bytes(message) = message else {
            return Err(ErrorKind::Unsupported.at("sign"));
        };
        let message = Octets(message.to_vec());
        self.ask(Answer::ToBeSigned { message }).map(<[u8]>::to_vec)
    }

    fn agreement(&self) -> Option<&dyn KeyAgreement> {
        Some(self)
    }
}

#[async_trait]
impl KeyAgreement for Elsewhere {
    async fn agree(
        &self,
        peer: &PublicKey,
        derivation: Derivation<'_>,
    ) -> core::result::Result<Secret, ProviderError> {
        let (derivation, material) = match derivation {
            Derivation::Vko256 { ukm } => ("vko256", ukm),
            Derivation::Vko512 { ukm } => ("vko512", ukm),
            Derivation::Vko2001 { ukm } => ("vko2001", ukm),
            Derivation::Keg { h } => ("keg", h.as_slice()),
            _ => return Err(ErrorKind::Unsupported.at("agree")),
        };
        let (peer, material) = (Octets(peer.as_der().to_vec()), Octets(material.to_vec()));
        self.ask(Answer::ToBeAgreed { peer, derivation, material }).map(Secret::new)
    }
}
