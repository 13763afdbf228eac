//! Key agreement with a key in memory.

use async_trait::async_trait;
use gost_ca::provider::key_store::{Derivation, KeyAgreement};
use gost_ca::provider::{ErrorKind, ProviderError, Result};
use gost_ca::secret::Secret;
use gost_ca::x509::PublicKey;
use gost_symmetric::agreement::{keg, keg_ukm, vko_256, vko_512, vko_2001};
use gost3410::{VerifyingKey, vko};
use zeroize::Zeroizing;

use crate::signer::GostSigner;

#[async_trait]
impl KeyAgreement for GostSigner {
    async fn agree(&self, peer: &PublicKey, derivation: Derivation<'_>) -> Result<Secret> {
        let peer = VerifyingKey::from_spki(&peer.info()).map_err(invalid)?;
        let shared = |ukm: &[u8]| vko(self.key(), &peer, ukm).map_err(invalid);
        match derivation {
            Derivation::Vko256 { ukm } => {
                let secret = vko_256(&shared(ukm)?).map_err(invalid)?;
                Ok(Secret::new(secret.as_slice()))
            }
            Derivation::Vko512 { ukm } => {
                let secret = vko_512(&shared(ukm)?).map_err(unsupported)?;
                Ok(Secret::new(secret.as_slice()))
            }
            Derivation::Vko2001 { ukm } if peer.key_algorithm().is_of_2001() => {
                let point = shared(ukm)?;
                let point = point.first_chunk().ok_or_else(|| ErrorKind::Invalid.at("agree"))?;
                Ok(Secret::new(vko_2001(point).as_slice()))
            }
            Derivation::Keg { h } => {
                let keys = keg(&shared(&keg_ukm(h))?, h).map_err(invalid)?;
                let both = [keys.authentication.as_slice(), keys.encryption.as_slice()];
                Ok(Secret::new(Zeroizing::new(both.concat()).as_slice()))
            }
            _ => Err(ErrorKind::Unsupported.at("agree")),
        }
    }
}

fn invalid(error: impl core::error::Error + Send + Sync + 'static) -> ProviderError {
    ErrorKind::Invalid.at("agree").because(error)
}

/// VKO gives 512 bits for keys of 512 bits alone.
fn unsupported(error: impl core::error::Error + Send + Sync + 'static) -> ProviderError {
    ErrorKind::Unsupported.at("agree").because(error)
}
