//! Calls of a page that is paired with the agent of the operator's computer; one key is open.
#![no_main]

use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use gost_ca::oid::Oid;
use gost_ca::provider::key_store::{Access, CarrierId, KeyAlgorithm, KeyId, KeySpec};
use gost_ca::provider::{KeyStore, WritableKeyStore};
use gost_ca::secret::Secret;
use gost_ca_memory::MemoryKeyStore;
use gost_ca_software::SystemRng;
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};
use tower_service::Service as _;
use workplace_agent::agent::Agent;
use workplace_agent::pairing::Pairing;

// which call, then its body
fuzz_target!(|input: &[u8]| {
    let Some((call, body)) = input.split_first() else { return };
    let path = CALLS[usize::from(*call) % CALLS.len()];
    let (agent, pairing) = agent();
    runtime().block_on(async {
        let token = pairing.pair(&pairing.draw().expect("a code")).expect("a token");
        let mut page = Page { router: agent.router(), token: token.to_string() };
        let open = json!({ "carrier": "c", "container": "k", "pin": "12345678" });
        assert_eq!(page.ask("/open", open.to_string().as_bytes()).await.1["key"], 1);
        let (status, answer) = page.ask(path, body).await;
        let known = [200, 204, 400, 403, 404, 409, 428, 501];
        assert!(known.contains(&status.as_u16()), "{path}: {status} {answer}");
        assert_eq!(status.is_success(), answer["error"].is_null(), "{answer}");
    });
});

struct Page {
    router: axum::Router,
    token: String,
}

impl Page {
    async fn ask(&mut self, path: &str, body: &[u8]) -> (StatusCode, Value) {
        let request = Request::post(path)
            .header("host", "127.0.0.1:47100")
            .header("origin", ORIGIN)
            .header("authorization", format!("Bearer {}", self.token))
            .body(Body::from(body.to_vec()));
        let answer = self.router.call(request.expect("a request")).await.expect("an answer");
        let status = answer.status();
        let body = to_bytes(answer.into_body(), usize::MAX).await.expect("octets");
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }
}

/// All calls begin from the same agent, whose carrier alone lasts.
fn agent() -> (Agent, Arc<Pairing>) {
    let pairing = Arc::new(Pairing::closed());
    let stores: Vec<Arc<dyn KeyStore>> = vec![STORE.clone()];
    let (rng, own) = (Arc::new(SystemRng), Arc::clone(&pairing));
    let address = SocketAddr::from(([127, 0, 0, 1], 47_100));
    (Agent::new(stores, rng, own, ORIGIN.to_owned(), address).with_documents(), pairing)
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_time().build().expect("a runtime")
}

static STORE: LazyLock<Arc<MemoryKeyStore>> = LazyLock::new(|| {
    let carrier = CarrierId("c".into());
    let store = MemoryKeyStore::new(carrier.clone(), Arc::new(SystemRng));
    let algorithm = KeyAlgorithm::Gost3410(Oid::new_unwrap("1.2.643.7.1.2.1.1.1"));
    let id = KeyId { carrier, container: "k".into() };
    let spec = KeySpec { id, algorithm, temporary_pin: false };
    let access = Access::New(Secret::from("12345678"));
    let made = runtime().block_on(store.generate(&spec, &access, &SystemRng));
    drop(made.expect("a key"));
    Arc::new(store)
});

const ORIGIN: &str = "https://console.example";
/// Those that leave the key on the carrier as it is.
const CALLS: [&str; 7] = ["/sign", "/agree", "/request", "/make", "/moves", "/install", "/close"];
