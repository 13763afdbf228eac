//! Signing, and the core's randomness as RustCrypto takes it.

use core::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use der::Encode;
use gost_ca::provider::key_store::{Digest, KeyAgreement, Message};
use gost_ca::provider::{ErrorKind, ProviderError, Result, Rng, Signer};
use gost_ca::x509::PublicKey;
use gost_hash::{streebog256, streebog512};
use gost3410::{ParameterSet, SigningKey};
use rand_core::{TryCryptoRng, TryRng};
use spki::{AlgorithmIdentifierOwned, DynSignatureAlgorithmIdentifier};

/// An open key.
pub(crate) struct MemorySigner {
    key: SigningKey,
    public_key: PublicKey,
    algorithm: AlgorithmIdentifierOwned,
    rng: Arc<dyn Rng>,
}

impl MemorySigner {
    /// Makes a key from one generator; the nonces of its signatures come from the other.
    pub(crate) fn generate(set: ParameterSet, from: &dyn Rng, rng: Arc<dyn Rng>) -> Result<Self> {
        let mut lent = Lent { rng: from, refusal: None };
        let key = SigningKey::generate(set, &mut lent).map_err(|error| lent.told(error))?;
        let fault = |error: spki::Error| ErrorKind::Fault.at("public key").because(error);
        let algorithm = key.signature_algorithm_identifier().map_err(fault)?;
        let public_key = public_key(&key).ok_or_else(|| ErrorKind::Fault.at("public key"))?;
        Ok(Self { key, public_key, algorithm, rng })
    }

    pub(crate) const fn key(&self) -> &SigningKey {
        &self.key
    }

    fn digest(&self, message: Message<'_>) -> Result<Vec<u8>> {
        let long = self.key.parameter_set().size() == 64;
        match message {
            Message::Bytes(octets) if long => Ok(streebog512(octets).to_vec()),
            Message::Bytes(octets) => Ok(streebog256(octets).to_vec()),
            Message::Digest(Digest { algorithm, octets }) => {
                let ours = if long { "1.2.643.7.1.1.2.3" } else { "1.2.643.7.1.1.2.2" };
                let fits = algorithm.to_string() == ours
                    && octets.len() == self.key.parameter_set().size();
                fits.then(|| octets.clone()).ok_or_else(|| ErrorKind::Invalid.at("digest"))
            }
            _ => Err(ErrorKind::Unsupported.at("message")),
        }
    }
}

#[async_trait]
impl Signer for MemorySigner {
    fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    fn algorithm(&self) -> &AlgorithmIdentifierOwned {
        &self.algorithm
    }

    async fn sign(&self, message: Message<'_>) -> Result<Vec<u8>> {
        let digest = self.digest(message)?;
        let mut lent = Lent { rng: self.rng.as_ref(), refusal: None };
        let signature = self.key.sign_prehash(&digest, &mut lent);
        Ok(signature.map_err(|error| lent.told(error))?.as_slice().to_vec())
    }

    fn agreement(&self) -> Option<&dyn KeyAgreement> {
        Some(self)
    }
}

/// Shows the public half.
impl fmt::Debug for MemorySigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemorySigner({:?})", self.public_key)
    }
}

fn public_key(key: &SigningKey) -> Option<PublicKey> {
    PublicKey::from_der(&key.verifying_key().to_spki().ok()?.to_der().ok()?).ok()
}

/// Lends a [`Rng`], and keeps the reason where it refuses.
struct Lent<'a> {
    rng: &'a dyn Rng,
    refusal: Option<ProviderError>,
}

impl Lent<'_> {
    /// The generator's own error, where it was what failed.
    fn told(&mut self, error: gost3410::Error) -> ProviderError {
        let refusal = self.refusal.take();
        refusal.unwrap_or_else(|| ErrorKind::Fault.at("GOST R 34.10-2012").because(error))
    }
}

impl TryRng for Lent<'_> {
    type Error = Refused;

    fn try_next_u32(&mut self) -> core::result::Result<u32, Refused> {
        let mut octets = [0; 4];
        self.try_fill_bytes(&mut octets)?;
        Ok(u32::from_le_bytes(octets))
    }

    fn try_next_u64(&mut self) -> core::result::Result<u64, Refused> {
        let mut octets = [0; 8];
        self.try_fill_bytes(&mut octets)?;
        Ok(u64::from_le_bytes(octets))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> core::result::Result<(), Refused> {
        self.rng.fill(out).map_err(|error| {
            self.refusal = Some(error);
            Refused
        })
    }
}

impl TryCryptoRng for Lent<'_> {}

/// The generator refused; [`Lent`] has the reason.
#[derive(Debug, thiserror::Error)]
#[error("the random generator refused")]
struct Refused;
