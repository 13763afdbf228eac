//! Signing with a key in memory.

use core::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use der::Encode;
use der::asn1::ObjectIdentifier;
use gost_ca::provider::key_store::{Digest, KeyAgreement, Message};
use gost_ca::provider::{ErrorKind, ProviderError, Result, Rng, Signer};
use gost_ca::x509::PublicKey;
use gost_hash::legacy::Gost94;
use gost_hash::{Digest as _, streebog256, streebog512};
use gost3410::SigningKey;
use spki::AlgorithmIdentifierOwned;
use spki::DynSignatureAlgorithmIdentifier;

use crate::random::Lent;

/// An open key; the private half is zeroized when it is dropped.
///
/// Signing takes tens of microseconds and is done in the caller's thread.
pub struct GostSigner {
    key: SigningKey,
    public_key: PublicKey,
    algorithm: AlgorithmIdentifierOwned,
    rng: Arc<dyn Rng>,
}

impl GostSigner {
    /// Takes a key and the generator its nonces come from.
    ///
    /// # Errors
    /// `Fault`; in practice none.
    pub fn new(key: SigningKey, rng: Arc<dyn Rng>) -> Result<Self> {
        let public_key = public_key(&key)?;
        let algorithm = key.signature_algorithm_identifier().map_err(|e| fault("SPKI", e))?;
        Ok(Self { key, public_key, algorithm, rng })
    }

    pub(crate) const fn key(&self) -> &SigningKey {
        &self.key
    }

    fn digest(&self, message: Message<'_>) -> Result<Vec<u8>> {
        let long = self.key.parameter_set().size() == 64;
        let old = self.key.verifying_key().key_algorithm().is_of_2001();
        match message {
            Message::Bytes(octets) if old => Ok(Gost94::digest(octets).to_vec()),
            Message::Bytes(octets) if long => Ok(streebog512(octets).to_vec()),
            Message::Bytes(octets) => Ok(streebog256(octets).to_vec()),
            Message::Digest(Digest { algorithm, octets }) => {
                let (ours, length) = match (long, old) {
                    (true, _) => (STREEBOG_512, 64),
                    (false, true) => (GOST94, 32),
                    (false, false) => (STREEBOG_256, 32),
                };
                if *algorithm != ours || octets.len() != length {
                    return Err(ErrorKind::Invalid.at("sign").because("not this key's digest"));
                }
                Ok(octets.clone())
            }
            _ => Err(ErrorKind::Unsupported.at("sign")),
        }
    }
}

#[async_trait]
impl Signer for GostSigner {
    fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    fn algorithm(&self) -> &AlgorithmIdentifierOwned {
        &self.algorithm
    }

    async fn sign(&self, message: Message<'_>) -> Result<Vec<u8>> {
        let digest = self.digest(message)?;
        let mut rng = Lent::new(self.rng.as_ref());
        match self.key.sign_prehash(&digest, &mut rng) {
            Ok(signature) => Ok(signature.as_slice().to_vec()),
            Err(error) => Err(rng.error("sign", error)),
        }
    }

    async fn sign_all(&self, messages: &[Message<'_>]) -> Result<Vec<Vec<u8>>> {
        let digests = messages.iter().map(|message| self.digest(*message));
        let digests = digests.collect::<Result<Vec<_>>>()?;
        let digests: Vec<_> = digests.iter().map(Vec::as_slice).collect();
        let mut rng = Lent::new(self.rng.as_ref());
        match self.key.sign_batch(&digests, &mut rng) {
            Ok(signatures) => Ok(signatures.iter().map(|one| one.as_slice().to_vec()).collect()),
            Err(error) => Err(rng.error("sign", error)),
        }
    }

    fn agreement(&self) -> Option<&dyn KeyAgreement> {
        Some(self)
    }
}

impl fmt::Debug for GostSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GostSigner({:?})", self.public_key)
    }
}

/// The `SubjectPublicKeyInfo` of a key (RFC 9215 §4.2 says when it has a `digestParamSet`).
pub(crate) fn public_key(key: &SigningKey) -> Result<PublicKey> {
    let spki = key.verifying_key().to_spki().map_err(|e| fault("SPKI", e))?;
    let der = spki.to_der().map_err(|e| fault("SPKI", e))?;
    PublicKey::from_der(&der).map_err(|e| fault("SPKI", e))
}

fn fault(
    operation: &'static str,
    error: impl core::error::Error + Send + Sync + 'static,
) -> ProviderError {
    ErrorKind::Fault.at(operation).because(error)
}

const GOST94: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.2.2.9");
const STREEBOG_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.2");
const STREEBOG_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.3");
