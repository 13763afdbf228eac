//! What there is: carriers, and keys on them.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use gost_ca::oid::Oid;
use gost_ca::provider::key_store::{Carrier, CarrierId, KeyAlgorithm, PinRule, StoredKey};
use serde::{Deserialize, Serialize};

use super::Answer;
use crate::agent::Agent;
use crate::body::base64;

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    carrier: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct CarrierView {
    id: CarrierId,
    label: String,
    serial: Option<String>,
    pin: PinView,
    /// Without one, keys are made after moves.
    hardware_rng: bool,
    /// Parameter sets of GOST R 34.10-2012.
    sets: Vec<Oid>,
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

impl From<Carrier> for CarrierView {
    fn from(carrier: Carrier) -> Self {
        let Carrier { id, label, serial, pin, hardware_rng, algorithms } = carrier;
        let pin = match pin {
            PinRule::OwnPin { min, max } => PinView { own: true, min, max: Some(max) },
            PinRule::PerContainer { min } => PinView { own: false, min, max: None },
            _ => PinView { own: true, min: 1, max: None },
        };
        let set = |algorithm| match algorithm {
            KeyAlgorithm::Gost3410(set) => Some(set),
            _ => None,
        };
        let sets = algorithms.into_iter().filter_map(set).collect();
        Self { id, label, serial, pin, hardware_rng, sets }
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
