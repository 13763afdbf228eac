//! The service: one console, one pairing, any key store.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use gost_ca::provider::key_store::{Carrier, CarrierId};
use gost_ca::provider::{ErrorKind, KeyStore, Result, Rng};

use crate::pairing::Pairing;
use crate::{calls, guard};

/// What an agent lends, and to whom.
#[derive(Debug)]
pub struct Agent {
    stores: Vec<Arc<dyn KeyStore>>,
    rng: Arc<dyn Rng>,
    pairing: Pairing,
    origin: String,
    address: SocketAddr,
}

impl Agent {
    /// An agent for the console of that origin, listening on that address of the loopback.
    pub fn new(
        stores: Vec<Arc<dyn KeyStore>>,
        rng: Arc<dyn Rng>,
        pairing: Pairing,
        origin: String,
        address: SocketAddr,
    ) -> Self {
        Self { stores, rng, pairing, origin, address }
    }

    /// The service itself.
    pub fn router(self) -> Router {
        let agent = Arc::new(self);
        Router::new()
            .route("/pair", post(calls::pair))
            .route("/unpair", post(calls::unpair))
            .route("/carriers", get(calls::carriers))
            .route("/keys", get(calls::keys))
            .route("/generate", post(calls::generate))
            .route("/challenge", post(calls::challenge))
            .route("/request", post(calls::request))
            .route("/install", post(calls::install))
            .layer(from_fn_with_state(agent.clone(), guard::guard))
            .layer(DefaultBodyLimit::max(LONGEST_BODY))
            .with_state(agent)
    }

    /// The carriers of all stores.
    pub(crate) async fn carriers(&self) -> Result<Vec<Carrier>> {
        let mut all = Vec::new();
        for store in &self.stores {
            all.extend(store.carriers().await?);
        }
        Ok(all)
    }

    /// The store that has a carrier now.
    pub(crate) async fn store_of(&self, carrier: &CarrierId) -> Result<&dyn KeyStore> {
        for store in &self.stores {
            if store.carriers().await?.iter().any(|it| it.id == *carrier) {
                return Ok(store.as_ref());
            }
        }
        Err(ErrorKind::NotFound.at("KeyStore::carriers"))
    }

    pub(crate) fn rng(&self) -> &dyn Rng {
        self.rng.as_ref()
    }

    pub(crate) const fn pairing(&self) -> &Pairing {
        &self.pairing
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether a `Host` is this agent and no name that somebody pointed here (DNS rebinding).
    pub(crate) fn is_addressed_by(&self, host: &str) -> bool {
        host == self.address.to_string() || host == format!("localhost:{}", self.address.port())
    }
}

/// Requests and certificates are some kilobytes.
const LONGEST_BODY: usize = 256 * 1024;
