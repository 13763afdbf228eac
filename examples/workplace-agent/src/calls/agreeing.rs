//! Key agreement: what a page decrypts documents by.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use gost_ca::provider::key_store::Derivation;
use gost_ca::x509::PublicKey;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::Answer;
use crate::agent::Agent;
use crate::body::{Octets, base64, read};
use crate::failure::Failure;

#[derive(Debug, Deserialize)]
struct Agree {
    key: u32,
    /// The other's public key.
    peer: Octets,
    derivation: Kind,
    /// What both sides have in common.
    material: Octets,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Vko256,
    Vko512,
    Vko2001,
    Keg,
}

#[derive(Serialize, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Agreed {
    secret: String,
}

/// Agrees on the secret of one message, where documents are opened at all. The private key stays where it is.
pub(crate) async fn agree(State(agent): State<Arc<Agent>>, body: Bytes) -> Answer<Agreed> {
    let Agree { key, peer, derivation, material } = read(body)?;
    if !agent.takes_documents() {
        return Err(Failure::not_ours());
    }
    let signer = agent.open_keys().get(key).ok_or_else(Failure::not_open)?;
    let peer = PublicKey::from_der(&peer.0).map_err(|_| Failure::invalid())?;
    let agreement = signer.agreement().ok_or_else(Failure::unsupported)?;
    let secret = agreement.agree(&peer, derivation.of(&material.0)?).await?;
    Ok(Json(Agreed { secret: base64(secret.expose()) }))
}

impl Kind {
    fn of(self, material: &[u8]) -> Result<Derivation<'_>, Failure> {
        Ok(match self {
            Self::Vko256 => Derivation::Vko256 { ukm: material },
            Self::Vko512 => Derivation::Vko512 { ukm: material },
            Self::Vko2001 => Derivation::Vko2001 { ukm: material },
            Self::Keg => {
                Derivation::Keg { h: material.try_into().map_err(|_| Failure::invalid())? }
            }
        })
    }
}
