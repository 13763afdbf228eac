//! Key agreement.

use async_trait::async_trait;
use gost_ca::provider::key_store::{Derivation, KeyAgreement};
use gost_ca::provider::{ErrorKind, Result};
use gost_ca::secret::Secret;
use gost_ca::x509::PublicKey;
use gost_symmetric::agreement::{keg, keg_ukm, vko_256, vko_512};
use gost3410::{VerifyingKey, vko};

use crate::signer::MemorySigner;

#[async_trait]
impl KeyAgreement for MemorySigner {
    async fn agree(&self, peer: &PublicKey, derivation: Derivation<'_>) -> Result<Secret> {
        let invalid = || ErrorKind::Invalid.at("agree");
        let peer = VerifyingKey::from_spki(&peer.info()).map_err(|why| invalid().because(why))?;
        let point = |ukm: &[u8]| vko(self.key(), &peer, ukm).map_err(|why| invalid().because(why));
        let secret = match derivation {
            Derivation::Vko256 { ukm } => vko_256(&point(ukm)?).ok().map(|it| it.to_vec()),
            Derivation::Vko512 { ukm } => vko_512(&point(ukm)?).ok().map(|it| it.to_vec()),
            Derivation::Keg { h } => keg(&point(&keg_ukm(h))?, h)
                .ok()
                .map(|keys| [keys.authentication.as_slice(), keys.encryption.as_slice()].concat()),
            _ => None,
        };
        // Of a key of 256 bits VKO makes no 512.
        secret.map(Secret::new).ok_or_else(|| ErrorKind::Unsupported.at("agree"))
    }
}
