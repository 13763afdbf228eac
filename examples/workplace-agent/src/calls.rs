//! The calls of the page.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use der::Encode;
use gost_ca::oid::Oid;
use gost_ca::provider::WritableKeyStore;
use gost_ca::provider::key_store::{
    Access, Carrier, CarrierId, KeyAlgorithm, KeyId, KeySpec, Message, PinRule, Signer, StoredKey,
};
use gost_ca::registration_authority::Challenge;
use gost_ca::x509::Certificate;
use serde::{Deserialize, Serialize};

use crate::agent::Agent;
use crate::body::{Octets, SecretText, base64, read};
use crate::failure::Failure;
use crate::pairing::Refused;
use crate::signable;

type Answer<T> = Result<Json<T>, Failure>;

pub(crate) async fn pair(State(agent): State<Arc<Agent>>, body: Bytes) -> Answer<Token> {
    let Code { code } = read(body)?;
    let code = code.0.expose_str().unwrap_or_default();
    match agent.pairing().pair(code) {
        Ok(token) => Ok(Json(Token { token: token.to_string() })),
        Err(Refused::Closed) => Err(Failure::new(StatusCode::UNAUTHORIZED, "closed")),
        Err(Refused::Wrong) => Err(Failure::new(StatusCode::UNAUTHORIZED, "code")),
    }
}

pub(crate) async fn unpair(State(agent): State<Arc<Agent>>) -> StatusCode {
    agent.pairing().end();
    StatusCode::NO_CONTENT
}

pub(crate) async fn carriers(State(agent): State<Arc<Agent>>) -> Answer<Vec<CarrierView>> {
    let carriers = agent.carriers().await?;
    Ok(Json(carriers.into_iter().map(CarrierView::from).collect()))
}

pub(crate) async fn keys(
    State(agent): State<Arc<Agent>>,
    Query(asked): Query<Asked>,
) -> Answer<Vec<KeyView>> {
    let carrier = CarrierId(asked.carrier);
    let keys = agent.store_of(&carrier).await?.keys(&carrier).await?;
    Ok(Json(keys.into_iter().map(KeyView::from).collect()))
}

pub(crate) async fn generate(State(agent): State<Arc<Agent>>, body: Bytes) -> Answer<Made> {
    let Generate { key, algorithm, new_pin } = read(body)?;
    let (id, pin) = key.split();
    let access = if new_pin { Access::New(pin) } else { Access::Existing(pin) };
    let spec = KeySpec { id, algorithm: KeyAlgorithm::Gost3410(algorithm), temporary_pin: false };
    let made = writable(&agent, &spec.id).await?.generate(&spec, &access, agent.rng()).await?;
    Ok(Json(Made { public_key: base64(made.public_key().as_der()) }))
}

pub(crate) async fn challenge(State(agent): State<Arc<Agent>>, body: Bytes) -> Answer<Signed> {
    let AnswerChallenge { key, challenge } = read(body)?;
    let signer = open(&agent, key).await?;
    let signature = signer.sign(Message::Bytes(&challenge.signed_bytes())).await?;
    let algorithm = signer.algorithm().to_der().map_err(|_| Failure::invalid())?;
    Ok(Json(Signed { signature: base64(&signature), algorithm: base64(&algorithm) }))
}

pub(crate) async fn request(State(agent): State<Arc<Agent>>, body: Bytes) -> Answer<Requested> {
    let SignRequest { key, info } = read(body)?;
    let signer = open(&agent, key).await?;
    if !signable::is_request_of(&info.0, signer.public_key()) {
        return Err(Failure::new(StatusCode::FORBIDDEN, "not-a-request"));
    }
    let signature = signer.sign(Message::Bytes(&info.0)).await?;
    let request = signable::signed(&info.0, signer.algorithm(), &signature);
    Ok(Json(Requested { request: base64(&request.map_err(|_| Failure::invalid())?) }))
}

pub(crate) async fn install(
    State(agent): State<Arc<Agent>>,
    body: Bytes,
) -> Result<StatusCode, Failure> {
    let Install { carrier, container, certificate } = read(body)?;
    let certificate = Certificate::from_der(&certificate.0).map_err(|_| Failure::invalid())?;
    let key = KeyId { carrier: CarrierId(carrier), container };
    writable(&agent, &key).await?.install(&key, &certificate).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn open(agent: &Agent, key: KeyWithPin) -> Result<Arc<dyn Signer>, Failure> {
    let (id, pin) = key.split();
    let store = agent.store_of(&id.carrier).await?;
    Ok(store.open(&id, &Access::Existing(pin)).await?)
}

async fn writable<'a>(agent: &'a Agent, key: &KeyId) -> Result<&'a dyn WritableKeyStore, Failure> {
    let unsupported = Failure::new(StatusCode::NOT_IMPLEMENTED, "unsupported");
    agent.store_of(&key.carrier).await?.writable().ok_or(unsupported)
}

#[derive(Debug, Deserialize)]
struct Code {
    code: SecretText,
}

#[derive(Serialize)]
pub(crate) struct Token {
    token: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    carrier: String,
}

#[derive(Debug, Deserialize)]
struct KeyWithPin {
    carrier: String,
    container: String,
    pin: SecretText,
}

impl KeyWithPin {
    fn split(self) -> (KeyId, gost_ca::secret::Pin) {
        (KeyId { carrier: CarrierId(self.carrier), container: self.container }, self.pin.0)
    }
}

#[derive(Debug, Deserialize)]
struct Generate {
    #[serde(flatten)]
    key: KeyWithPin,
    algorithm: Oid,
    #[serde(default)]
    new_pin: bool,
}

#[derive(Debug, Deserialize)]
struct AnswerChallenge {
    #[serde(flatten)]
    key: KeyWithPin,
    challenge: Challenge,
}

#[derive(Debug, Deserialize)]
struct SignRequest {
    #[serde(flatten)]
    key: KeyWithPin,
    info: Octets,
}

#[derive(Debug, Deserialize)]
struct Install {
    carrier: String,
    container: String,
    certificate: Octets,
}

#[derive(Debug, Serialize)]
pub(crate) struct Made {
    public_key: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Signed {
    signature: String,
    algorithm: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Requested {
    request: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct CarrierView {
    id: CarrierId,
    label: String,
    serial: Option<String>,
    pin: PinView,
    hardware_rng: bool,
    algorithms: Vec<KeyAlgorithm>,
}

#[derive(Debug, Serialize)]
struct PinView {
    /// Whether one PIN opens the whole carrier.
    own: bool,
    min: usize,
    max: Option<usize>,
}

#[derive(Debug, Serialize)]
pub(crate) struct KeyView {
    container: String,
    public_key: String,
    certificate: Option<String>,
    must_change_pin: bool,
}

impl From<Carrier> for CarrierView {
    fn from(carrier: Carrier) -> Self {
        let Carrier { id, label, serial, pin, hardware_rng, algorithms } = carrier;
        let pin = match pin {
            PinRule::OwnPin { min, max } => PinView { own: true, min, max: Some(max) },
            PinRule::PerContainer { min } => PinView { own: false, min, max: None },
            _ => PinView { own: true, min: 1, max: None },
        };
        Self { id, label, serial, pin, hardware_rng, algorithms }
    }
}

impl From<StoredKey> for KeyView {
    fn from(key: StoredKey) -> Self {
        Self {
            container: key.id.container,
            public_key: base64(key.public_key.as_der()),
            certificate: key.certificate.map(|it| base64(it.as_der())),
            must_change_pin: key.must_change_pin,
        }
    }
}
