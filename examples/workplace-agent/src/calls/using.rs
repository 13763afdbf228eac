//! Keys that are there: opened, used, certified, put under another PIN.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use der::Encode;
use gost_ca::provider::key_store::{Access, CarrierId, KeyId, Message};
use gost_ca::registration_authority::Signable;
use gost_ca::x509::Certificate;
use serde::{Deserialize, Serialize};

use super::Answer;
use crate::agent::Agent;
use crate::body::{Octets, SecretText, base64, read};
use crate::document::is_signed_document;
use crate::failure::Failure;

#[derive(Debug, Deserialize)]
struct OpenKey {
    carrier: String,
    container: String,
    pin: SecretText,
}

#[derive(Debug, Serialize)]
pub(crate) struct Opened {
    /// Its number, until it is closed.
    key: u32,
    public_key: String,
}

#[derive(Debug, Deserialize)]
struct Sign {
    key: u32,
    message: Octets,
}

#[derive(Debug, Serialize)]
pub(crate) struct Signed {
    /// As X.509 carries it.
    signature: String,
    /// The `AlgorithmIdentifier` that it states.
    algorithm: String,
}

#[derive(Debug, Deserialize)]
struct Close {
    /// All of them where none is named.
    key: Option<u32>,
}

#[derive(Debug, Deserialize)]
struct Install {
    carrier: String,
    container: String,
    certificate: Octets,
}

#[derive(Debug, Deserialize)]
struct ChangePin {
    carrier: String,
    container: String,
    old: SecretText,
    new: SecretText,
}

pub(crate) async fn open(State(agent): State<Arc<Agent>>, body: Bytes) -> Answer<Opened> {
    let OpenKey { carrier, container, pin } = read(body)?;
    let id = KeyId { carrier: CarrierId(carrier), container };
    let store = agent.store_of(&id.carrier).await?;
    let signer = store.open(&id, &Access::Existing(pin.0)).await?;
    let public_key = base64(signer.public_key().as_der());
    Ok(Json(Opened { key: agent.open_keys().keep(signer), public_key }))
}

/// Signs what a registration authority asks people to sign, documents where that was allowed, and nothing else.
pub(crate) async fn sign(State(agent): State<Arc<Agent>>, body: Bytes) -> Answer<Signed> {
    let Sign { key, message } = read(body)?;
    let signer = agent.open_keys().get(key).ok_or_else(Failure::not_open)?;
    let document = agent.takes_documents() && is_signed_document(&message.0);
    if Signable::of(&message.0).is_none() && !document {
        return Err(Failure::not_ours());
    }
    let signature = signer.sign(Message::Bytes(&message.0)).await?;
    let algorithm = signer.algorithm().to_der().map_err(|_| Failure::invalid())?;
    Ok(Json(Signed { signature: base64(&signature), algorithm: base64(&algorithm) }))
}

pub(crate) async fn close(
    State(agent): State<Arc<Agent>>,
    body: Bytes,
) -> Result<StatusCode, Failure> {
    match read::<Close>(body)?.key {
        Some(key) => agent.open_keys().close(key),
        None => agent.open_keys().close_all(),
    }
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn install(
    State(agent): State<Arc<Agent>>,
    body: Bytes,
) -> Result<StatusCode, Failure> {
    let Install { carrier, container, certificate } = read(body)?;
    let certificate = Certificate::from_der(&certificate.0).map_err(|_| Failure::invalid())?;
    let key = KeyId { carrier: CarrierId(carrier), container };
    let store = agent.store_of(&key.carrier).await?;
    let writable = store.writable().ok_or_else(Failure::unsupported)?;
    writable.install(&key, &certificate).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn change_pin(
    State(agent): State<Arc<Agent>>,
    body: Bytes,
) -> Result<StatusCode, Failure> {
    let ChangePin { carrier, container, old, new } = read(body)?;
    let key = KeyId { carrier: CarrierId(carrier), container };
    let store = agent.store_of(&key.carrier).await?;
    let writable = store.writable().ok_or_else(Failure::unsupported)?;
    writable.change_pin(&key, &Access::Existing(old.0), &new.0).await?;
    Ok(StatusCode::NO_CONTENT)
}
