//! The service: one console, one pairing, any key store.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use gost_ca::provider::key_store::{Carrier, CarrierId};
use gost_ca::provider::{ErrorKind, KeyStore, Result, Rng};
use gost_ca_software::BiologicalRng;

use crate::open_keys::OpenKeys;
use crate::pairing::Pairing;
use crate::{calls, guard};

/// What an agent lends, and to whom.
#[derive(Debug)]
pub struct Agent {
    stores: Vec<Arc<dyn KeyStore>>,
    /// Which store a carrier was seen in: it is that one's also while it is away.
    seen: Mutex<BTreeMap<CarrierId, Arc<dyn KeyStore>>>,
    rng: Arc<dyn Rng>,
    /// Takes moves of whoever sits before the browser, until a key is made (V4).
    moves: Mutex<Option<Arc<BiologicalRng>>>,
    open: OpenKeys,
    /// Whether the page may have documents signed and opened, which nobody sees here.
    documents: bool,
    pairing: Arc<Pairing>,
    origin: String,
    address: SocketAddr,
}

impl Agent {
    /// An agent for the console of that origin, listening on that address of the loopback.
    pub fn new(
        stores: Vec<Arc<dyn KeyStore>>,
        rng: Arc<dyn Rng>,
        pairing: Arc<Pairing>,
        origin: String,
        address: SocketAddr,
    ) -> Self {
        let (seen, moves, open) = (Mutex::default(), Mutex::default(), OpenKeys::default());
        let documents = false;
        Self { stores, seen, rng, moves, open, documents, pairing, origin, address }
    }

    /// The same for documents too: whatever the page shows, it is the page that hashes and decrypts them.
    #[must_use]
    pub const fn with_documents(mut self) -> Self {
        self.documents = true;
        self
    }

    pub(crate) const fn takes_documents(&self) -> bool {
        self.documents
    }

    /// The service itself; a task of its own closes what an ended pairing leaves open.
    pub fn router(self) -> Router {
        let agent = Arc::new(self);
        tokio::spawn(close_after(Arc::downgrade(&agent)));
        Router::new()
            .route("/pair", post(calls::pair))
            .route("/unpair", post(calls::unpair))
            .route("/carriers", get(calls::carriers))
            .route("/keys", get(calls::keys))
            .route("/moves", post(calls::moves))
            .route("/make", post(calls::make))
            .route("/open", post(calls::open))
            .route("/request", post(calls::request))
            .route("/sign", post(calls::sign))
            .route("/agree", post(calls::agree))
            .route("/close", post(calls::close))
            .route("/install", post(calls::install))
            .route("/change-pin", post(calls::change_pin))
            .layer(from_fn_with_state(Arc::clone(&agent), guard::guard))
            .layer(DefaultBodyLimit::max(LONGEST_BODY))
            .with_state(agent)
    }

    /// The carriers of all stores; one that is out of reach does not hide the others.
    pub(crate) async fn carriers(&self) -> Result<Vec<Carrier>> {
        let (mut all, mut last) = (Vec::new(), None);
        for store in &self.stores {
            match store.carriers().await {
                Ok(carriers) => {
                    self.remember(&carriers, store);
                    all.extend(carriers);
                }
                Err(error) => last = Some(error),
            }
        }
        match last {
            Some(error) if all.is_empty() => Err(error),
            _ => Ok(all),
        }
    }

    fn remember(&self, carriers: &[Carrier], store: &Arc<dyn KeyStore>) {
        let mut seen = self.seen();
        for carrier in carriers {
            seen.entry(carrier.id.clone()).or_insert_with(|| Arc::clone(store));
        }
    }

    /// The store of a carrier.
    pub(crate) async fn store_of(&self, carrier: &CarrierId) -> Result<Arc<dyn KeyStore>> {
        if let Some(store) = self.seen().get(carrier) {
            return Ok(Arc::clone(store));
        }
        self.carriers().await?;
        let store = self.seen().get(carrier).map(Arc::clone);
        store.ok_or_else(|| ErrorKind::NotFound.at("carrier"))
    }

    pub(crate) fn rng(&self) -> &Arc<dyn Rng> {
        &self.rng
    }

    pub(crate) fn moves(&self) -> MutexGuard<'_, Option<Arc<BiologicalRng>>> {
        self.moves.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) const fn open_keys(&self) -> &OpenKeys {
        &self.open
    }

    pub(crate) fn pairing(&self) -> &Pairing {
        &self.pairing
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether a `Host` is this agent and no name that somebody pointed here (DNS rebinding).
    pub(crate) fn is_addressed_by(&self, host: &str) -> bool {
        host == self.address.to_string() || host == format!("localhost:{}", self.address.port())
    }

    fn seen(&self) -> MutexGuard<'_, BTreeMap<CarrierId, Arc<dyn KeyStore>>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes the keys of a pairing that is over, until the agent is gone.
async fn close_after(agent: Weak<Agent>) {
    while let Some(agent) = agent.upgrade() {
        if !agent.pairing.lasts() {
            agent.open.close_all();
            *agent.moves() = None;
        }
        drop(agent);
        tokio::time::sleep(LOOKS).await;
    }
}

/// Requests and certificates are some kilobytes.
const LONGEST_BODY: usize = 256 * 1024;
const LOOKS: Duration = Duration::from_secs(5);
