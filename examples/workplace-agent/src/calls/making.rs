//! Making keys and their requests.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use gost_ca::oid::Oid;
use gost_ca::profile::Profile;
use gost_ca::provider::key_store::{Access, CarrierId, KeyAlgorithm, KeyId, KeySpec};
use gost_ca::provider::{ErrorKind, Rng};
use gost_ca::registration::SubjectAttribute;
use gost_ca::request::RequestBuilder;
use gost_ca_software::BiologicalRng;
use gost_ca_software::biological::Event;
use serde::{Deserialize, Serialize};

use super::Answer;
use crate::agent::Agent;
use crate::body::{SecretText, base64, read};
use crate::failure::Failure;

#[derive(Debug, Deserialize)]
struct Moves {
    events: Vec<Event>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Collected {
    percent: u8,
}

#[derive(Debug, Deserialize)]
struct Make {
    carrier: String,
    container: String,
    /// The object identifier of the key's parameter set.
    set: Oid,
    pin: SecretText,
    /// Whether the PIN is set by this call.
    #[serde(default)]
    new_pin: bool,
    /// Whether the owner must change the PIN first (V8).
    #[serde(default)]
    temporary: bool,
    subject: Vec<SubjectAttribute>,
    profile: Box<Profile>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Made {
    /// The number of the open key.
    key: u32,
    public_key: String,
    request: String,
}

#[derive(Debug, Deserialize)]
struct AskAgain {
    key: u32,
    subject: Vec<SubjectAttribute>,
    profile: Box<Profile>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Requested {
    request: String,
}

/// Takes moves and key strokes; an empty list begins anew.
pub(crate) async fn moves(State(agent): State<Arc<Agent>>, body: Bytes) -> Answer<Collected> {
    let Moves { events } = read(body)?;
    let rng = {
        let mut moves = agent.moves();
        if events.is_empty() {
            *moves = None;
        }
        let fresh = || Arc::new(BiologicalRng::new(Arc::clone(agent.rng())));
        Arc::clone(moves.get_or_insert_with(fresh))
    };
    for event in &events {
        rng.feed(event)?;
    }
    Ok(Json(Collected { percent: rng.percent() }))
}

/// Makes a key and a request for it. The key stays open.
pub(crate) async fn make(State(agent): State<Arc<Agent>>, body: Bytes) -> Answer<Made> {
    let Make { carrier, container, set, pin, new_pin, temporary, subject, profile } = read(body)?;
    let builder = builder(&subject, &profile)?;
    let id = KeyId { carrier: CarrierId(carrier), container };
    let spec = KeySpec { id, algorithm: KeyAlgorithm::Gost3410(set), temporary_pin: temporary };
    let access = if new_pin { Access::New(pin.0) } else { Access::Existing(pin.0) };
    let store = agent.store_of(&spec.id.carrier).await?;
    let writable = store.writable().ok_or_else(Failure::unsupported)?;
    let rng = randomness(&agent, &spec.id.carrier).await?;
    let signer = writable.generate(&spec, &access, &*rng).await?;
    *agent.moves() = None; // one key each
    let request = builder.sign(&*signer).await?;
    let public_key = base64(signer.public_key().as_der());
    let key = agent.open_keys().keep(signer);
    Ok(Json(Made { key, public_key, request: base64(request.as_der()) }))
}

/// A request for a key that is open.
pub(crate) async fn request(State(agent): State<Arc<Agent>>, body: Bytes) -> Answer<Requested> {
    let AskAgain { key, subject, profile } = read(body)?;
    let signer = agent.open_keys().get(key).ok_or_else(Failure::not_open)?;
    let request = builder(&subject, &profile)?.sign(&*signer).await?;
    Ok(Json(Requested { request: base64(request.as_der()) }))
}

fn builder(subject: &[SubjectAttribute], profile: &Profile) -> Result<RequestBuilder, Failure> {
    let builder = RequestBuilder::new(subject).map_err(|_| Failure::invalid())?;
    Ok(builder.with_profile(profile))
}

/// V4: a carrier with a generator needs no other; for all others somebody has moved.
async fn randomness(agent: &Agent, carrier: &CarrierId) -> Result<Arc<dyn Rng>, Failure> {
    let carriers = agent.carriers().await?;
    let here = carriers.iter().find(|here| here.id == *carrier);
    let here = here.ok_or_else(|| ErrorKind::Unavailable.at("carrier"))?;
    if here.hardware_rng {
        return Ok(Arc::clone(agent.rng()));
    }
    match &*agent.moves() {
        Some(moves) if moves.percent() == 100 => {
            let moves: Arc<dyn Rng> = Arc::<BiologicalRng>::clone(moves);
            Ok(moves)
        }
        _ => Err(Failure::new(StatusCode::PRECONDITION_REQUIRED, "more-moves")),
    }
}
