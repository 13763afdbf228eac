//! The agent as a page calls it, over a real socket and a folder of key containers.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod csp;
mod page;
mod started;
mod token;

use std::sync::Arc;
use std::time::Duration;

use gost_ca::command::{Command, Envelope};
use gost_ca::id::{CommandId, UserId};
use gost_ca::oid::Oid;
use gost_ca::provider::key_store::{CarrierId, Derivation, KeyAlgorithm};
use gost_ca::provider::{KeyStore, Signer};
use gost_ca::registration_authority::Challenge;
use gost_ca::x509::{CertificationRequest, PublicKey};
use gost_ca_software::directory_key_store::Settings;
use gost_ca_software::{DirectoryKeyStore, GostSigner, GostVerifier, SystemRng, generate_key};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use workplace_agent::agent::Agent;
use workplace_agent::pairing::{Pairing, Refused};

use crate::page::{ORIGIN, Page, base64, check, octets};

/// A running agent over the folder of its one carrier.
struct Running {
    page: Page,
    pairing: Arc<Pairing>,
    _folder: tempfile::TempDir,
}

impl Running {
    async fn new() -> Self {
        Self::started(|agent| agent).await
    }

    async fn started(change: impl FnOnce(Agent) -> Agent) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { iterations: 1, ..Settings::default() };
        let store = DirectoryKeyStore::new(settings, Arc::new(SystemRng)).unwrap();
        let store = store.with_carrier(CarrierId("office".into()), "Офис", folder.path());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let pairing = Arc::new(Pairing::closed());
        let code = pairing.draw().unwrap().to_string();
        let stores: Vec<Arc<dyn KeyStore>> = vec![Arc::new(store)];
        let (rng, origin) = (Arc::new(SystemRng), ORIGIN.to_owned());
        let agent = change(Agent::new(stores, rng, Arc::clone(&pairing), origin, address));
        tokio::spawn(async move { axum::serve(listener, agent.router()).await });
        Self { page: Page { address, code }, pairing, _folder: folder }
    }

    /// Makes a key under the PIN `123456`; it is open.
    async fn make_key(&self, token: &str) -> Value {
        self.move_about(token).await;
        let reply = self.call("POST", "/make", token, &new_key()).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.body
    }
}

impl core::ops::Deref for Running {
    type Target = Page;

    fn deref(&self) -> &Page {
        &self.page
    }
}

fn new_key() -> Value {
    let mut body = page::new_key("office", "123456");
    body["new_pin"] = json!(true);
    body
}

#[tokio::test]
async fn other_hosts_are_refused() {
    let agent = Running::new().await;
    let port = agent.address.port();
    let body = json!({ "code": agent.code }).to_string();
    for host in
        [format!("evil.example:{port}"), "127.0.0.1".into(), format!("127.0.0.1.evil:{port}")]
    {
        let headers = [("Host", host.as_str()), ("Origin", ORIGIN)];
        let reply = agent.send(("POST", "/pair"), &headers, &body).await;
        assert_eq!((reply.status, &reply.body["error"]), (421, &json!("host")));
    }
    let local = format!("localhost:{port}");
    let headers = [("Host", local.as_str()), ("Origin", ORIGIN)];
    assert_eq!(agent.send(("POST", "/pair"), &headers, &body).await.status, 200);
}

#[tokio::test]
async fn other_origins_are_refused_and_learn_nothing() {
    let agent = Running::new().await;
    let host = agent.address.to_string();
    let body = json!({ "code": agent.code }).to_string();
    let all = [
        "https://evil.example",
        "http://console.example",
        "https://console.example.evil",
        "null",
        "",
    ];
    for origin in all {
        for method in ["OPTIONS", "POST"] {
            let headers = [("Host", host.as_str()), ("Origin", origin)];
            let reply = agent.send((method, "/pair"), &headers, &body).await;
            assert_eq!(reply.status, 403, "{method} {origin}");
            assert!(!reply.head.contains("access-control-allow-origin"), "{}", reply.head);
        }
    }
    let without = [("Host", host.as_str())];
    assert_eq!(agent.send(("POST", "/pair"), &without, &body).await.status, 403);
    let twice = [("Host", host.as_str()), ("Origin", ORIGIN), ("Origin", "https://evil.example")];
    assert_eq!(agent.send(("POST", "/pair"), &twice, &body).await.status, 403);
    assert_eq!(agent.pair().await.len(), 43);
}

#[tokio::test]
async fn preflights_of_the_console_are_answered() {
    let agent = Running::new().await;
    let reply = agent.call("OPTIONS", "/request", "", &Value::Null).await;
    assert_eq!(reply.status, 204);
    assert!(reply.head.contains("access-control-allow-origin: https://console.example"));
    assert!(reply.head.contains("access-control-allow-private-network: true"));
    assert!(reply.head.contains("vary: origin"));
}

#[tokio::test]
async fn nothing_goes_without_the_token() {
    let agent = Running::new().await;
    let paths = [
        ("GET", "/carriers"),
        ("GET", "/keys?carrier=office"),
        ("POST", "/moves"),
        ("POST", "/make"),
        ("POST", "/open"),
        ("POST", "/request"),
        ("POST", "/sign"),
        ("POST", "/close"),
        ("POST", "/install"),
        ("POST", "/change-pin"),
        ("POST", "/unpair"),
    ];
    for (method, path) in paths {
        assert_eq!(agent.call(method, path, "", &Value::Null).await.status, 401, "{path}");
    }
    let token = agent.pair().await;
    let last = if token.ends_with('A') { 'B' } else { 'A' };
    let wrong = format!("{}{last}", &token[..token.len() - 1]);
    for (method, path) in paths {
        let reply = agent.call(method, path, &wrong, &Value::Null).await;
        assert_eq!((reply.status, &reply.body["error"]), (401, &json!("token")), "{path}");
    }
    assert_eq!(agent.call("GET", "/carriers", &token, &Value::Null).await.status, 200);
}

#[tokio::test]
async fn a_code_works_once_and_five_wrong_ones_void_it() {
    let agent = Running::new().await;
    agent.pair().await;
    let pair = async |code: &str| {
        let reply = agent.call("POST", "/pair", "", &json!({ "code": code })).await;
        (reply.status, reply.body["error"].clone())
    };
    assert_eq!(pair(&agent.code).await, (401, json!("closed")));
    let code = agent.pairing.draw().unwrap();
    for _ in 0..5 {
        assert_eq!(pair("2222222222").await, (401, json!("code")));
    }
    assert_eq!(pair(&code).await, (401, json!("closed")));
    assert_eq!(pair(&agent.pairing.draw().unwrap()).await, (200, Value::Null));
}

#[tokio::test(start_paused = true)]
async fn codes_and_tokens_run_out() {
    let pairing = Pairing::closed();
    let code = pairing.draw().unwrap();
    tokio::time::advance(Duration::from_secs(601)).await;
    assert_eq!(pairing.pair(&code), Err(Refused::Closed));
    let code = pairing.draw().unwrap();
    let token = pairing.pair(&code).unwrap();
    for _ in 0..3 {
        tokio::time::advance(Duration::from_secs(899)).await;
        pairing.admit(&token).unwrap();
    }
    assert!(pairing.lasts());
    tokio::time::advance(Duration::from_secs(901)).await;
    assert!(!pairing.lasts());
    assert_eq!(pairing.admit(&token), Err(Refused::Closed));
    assert!(!format!("{pairing:?}").contains(token.as_str()));
}

#[tokio::test]
async fn a_token_and_its_keys_end_when_the_page_says_so_or_another_is_paired() {
    let agent = Running::new().await;
    let token = agent.pair().await;
    let key = agent.make_key(&token).await["key"].clone();
    let code = agent.pairing.draw().unwrap();
    assert_eq!(agent.call("GET", "/carriers", &token, &Value::Null).await.status, 401);
    let reply = agent.call("POST", "/pair", "", &json!({ "code": *code })).await;
    let token = reply.body["token"].as_str().unwrap();
    let reply = agent.call("POST", "/sign", token, &json!({ "key": key, "message": "" })).await;
    assert_eq!((reply.status, &reply.body["error"]), (409, &json!("not-open")));
    assert_eq!(agent.call("POST", "/unpair", token, &Value::Null).await.status, 204);
    assert_eq!(agent.call("GET", "/carriers", token, &Value::Null).await.status, 401);
}

#[tokio::test]
async fn keys_are_made_listed_and_sign_for_the_desk_and_for_nobody_else() {
    let agent = Running::new().await;
    let token = agent.pair().await;
    let made = agent.make_key(&token).await;
    let carriers = agent.call("GET", "/carriers", &token, &Value::Null).await.body;
    assert_eq!((&carriers[0]["id"], &carriers[0]["label"]), (&json!("office"), &json!("Офис")));
    let sets = carriers[0]["sets"].as_array().unwrap();
    assert!(sets.contains(&json!("1.2.643.7.1.2.1.1.1")), "{sets:?}");
    let keys = agent.call("GET", "/keys?carrier=office", &token, &Value::Null).await.body;
    assert_eq!(keys[0]["container"], "Иванов");
    assert_eq!(keys[0]["public_key"], made["public_key"]);
    let public = PublicKey::from_der(&octets(&made["public_key"])).unwrap();

    let challenge: Challenge = serde_json::from_value(json!("00112233")).unwrap();
    let command =
        Command::OpenOffice { office: "main".parse().unwrap(), title: "Отдел".into() };
    let command = Envelope::new(CommandId::new([1; 16]), command).signed_bytes();
    let binding = challenge.binding_bytes(&UserId::new([2; 16]));
    for message in [challenge.signed_bytes(), binding, command] {
        let body = json!({ "key": made["key"], "message": base64(&message) });
        let signed = agent.call("POST", "/sign", &token, &body).await.body;
        check(&public, &message, &signed);
    }
    let der = include_bytes!("../../../../tests/data/samples/generated/person.cer");
    let certificate = gost_ca::x509::Certificate::from_der(der).unwrap();
    for message in [certificate.tbs(), b"any text", b"", b"[]"] {
        let body = json!({ "key": made["key"], "message": base64(message) });
        let reply = agent.call("POST", "/sign", &token, &body).await;
        assert_eq!((reply.status, &reply.body["error"]), (403, &json!("not-ours")));
    }
}

#[tokio::test]
async fn documents_are_signed_where_that_was_allowed() {
    let message = gost_ca::hex::decode(ATTRIBUTES).unwrap();
    for (allowed, status) in [(false, 403), (true, 200)] {
        let change = |agent: Agent| if allowed { agent.with_documents() } else { agent };
        let agent = Running::started(change).await;
        let token = agent.pair().await;
        let made = agent.make_key(&token).await;
        let sign = async |message: &[u8]| {
            let body = json!({ "key": made["key"], "message": base64(message) });
            agent.call("POST", "/sign", &token, &body).await
        };
        let signed = sign(&message).await;
        assert_eq!(signed.status, status, "{}", signed.body);
        if allowed {
            let public = PublicKey::from_der(&octets(&made["public_key"])).unwrap();
            check(&public, &message, &signed.body);
        }
        let der = include_bytes!("../../../../tests/data/samples/generated/person.cer");
        let certificate = gost_ca::x509::Certificate::from_der(der).unwrap();
        assert_eq!(sign(certificate.tbs()).await.status, 403, "never a certificate");
    }
}

/// Both owners derive the same; nothing is derived where documents are not opened.
#[tokio::test]
async fn keys_agree_where_documents_are_opened() {
    for (allowed, status) in [(false, 403), (true, 200)] {
        let change = |agent: Agent| if allowed { agent.with_documents() } else { agent };
        let agent = Running::started(change).await;
        let token = agent.pair().await;
        let made = agent.make_key(&token).await;
        let (other, peer) = another_key();
        let agree = async |peer: &[u8], derivation: &str, material: &[u8]| {
            let body = json!({
                "key": made["key"], "peer": base64(peer), "derivation": derivation,
                "material": base64(material),
            });
            let reply = agent.call("POST", "/agree", &token, &body).await;
            (reply.status, reply.body)
        };
        let (given, body) = agree(&peer, "keg", &[5; 32]).await;
        assert_eq!(given, status, "{body}");
        if !allowed {
            assert_eq!(body["error"], "not-ours");
            continue;
        }
        let own = PublicKey::from_der(&octets(&made["public_key"])).unwrap();
        for (name, derivation) in [
            ("keg", Derivation::Keg { h: &[5; 32] }),
            ("vko256", Derivation::Vko256 { ukm: &[5; 8] }),
        ] {
            let material: &[u8] = if name == "keg" { &[5; 32] } else { &[5; 8] };
            let secret = agree(&peer, name, material).await.1;
            let theirs = other.agreement().unwrap().agree(&own, derivation).await.unwrap();
            assert_eq!(octets(&secret["secret"]), theirs.expose());
        }
        assert_eq!(agree(&peer, "keg", b"short").await.0, 400);
        assert_eq!(agree(b"no key", "keg", &[5; 32]).await.0, 400);
        assert_eq!(agree(&peer, "vko2001", &[5; 8]).await.0, 501);
    }
}

/// A sender's key on the curve of the agent's.
fn another_key() -> (GostSigner, Vec<u8>) {
    let set = KeyAlgorithm::Gost3410(Oid::new_unwrap("1.2.643.7.1.2.1.1.1"));
    let key = generate_key(set, &SystemRng).unwrap();
    let signer = GostSigner::new(key, Arc::new(SystemRng)).unwrap();
    let public = signer.public_key().as_der().to_vec();
    (signer, public)
}

/// The signed attributes of a document: type, digest, certificate.
const ATTRIBUTES: &str = "\
    315e301806092a864886f70d010903310b06092a864886f70d010701302f06092a864886f70d010904312204\
    20000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f3011060b2a864886f70d01\
    0910022f31023000";

#[tokio::test]
async fn keys_are_opened_and_closed() {
    let agent = Running::new().await;
    let token = agent.pair().await;
    let made = agent.make_key(&token).await;
    let message = serde_json::from_value::<Challenge>(json!("00")).unwrap().signed_bytes();
    let sign = async |key: &Value| {
        let body = json!({ "key": key, "message": base64(&message) });
        agent.call("POST", "/sign", &token, &body).await.status
    };
    let close = json!({ "key": made["key"] });
    assert_eq!(agent.call("POST", "/close", &token, &close).await.status, 204);
    assert_eq!(sign(&made["key"]).await, 409);
    let open = json!({ "carrier": "office", "container": "Иванов", "pin": "123456" });
    let opened = agent.call("POST", "/open", &token, &open).await.body;
    assert_eq!(opened["public_key"], made["public_key"]);
    assert_eq!(sign(&opened["key"]).await, 200);
    let again = json!({
        "key": opened["key"], "subject": page::subject(), "profile": page::profile(),
    });
    let again = agent.call("POST", "/request", &token, &again).await.body;
    for request in [&made["request"], &again["request"]] {
        let request = CertificationRequest::from_der(&octets(request)).unwrap();
        request.verify(&GostVerifier).unwrap();
        assert_eq!(request.public_key().as_der(), octets(&made["public_key"]));
    }
    assert_eq!(agent.call("POST", "/close", &token, &json!({})).await.status, 204);
    assert_eq!(sign(&opened["key"]).await, 409);
}

#[tokio::test]
async fn no_key_is_made_without_moves_and_one_uses_them_up() {
    let agent = Running::new().await;
    let token = agent.pair().await;
    let make = async || {
        let reply = agent.call("POST", "/make", &token, &new_key()).await;
        (reply.status, reply.body["error"].clone())
    };
    let more = (428, json!("more-moves"));
    assert_eq!(make().await, more);
    let some = json!({ "events": [{ "at": 1000, "key": 65 }, { "at": 17400, "key": 66 }] });
    let reply = agent.call("POST", "/moves", &token, &some).await;
    assert!(reply.body["percent"].as_u64().unwrap() < 100);
    assert_eq!(make().await, more);
    agent.make_key(&token).await;
    assert_eq!(make().await, more);
    agent.move_about(&token).await;
    assert_eq!(make().await, (409, json!("conflict")));
    // What made no key is not used up.
    assert_eq!(make().await, (409, json!("conflict")));
    let begun = agent.call("POST", "/moves", &token, &json!({ "events": [] })).await;
    assert_eq!(begun.body["percent"], 0);
    assert_eq!(make().await, more);
}

#[tokio::test]
async fn a_temporary_pin_opens_nothing_before_it_is_changed() {
    let agent = Running::new().await;
    let token = agent.pair().await;
    agent.move_about(&token).await;
    let mut body = new_key();
    body["temporary"] = json!(true);
    assert_eq!(agent.call("POST", "/make", &token, &body).await.status, 200);
    let keys = agent.call("GET", "/keys?carrier=office", &token, &Value::Null).await.body;
    assert_eq!(keys[0]["must_change_pin"], true);
    let open = async |pin: &str| {
        let body = json!({ "carrier": "office", "container": "Иванов", "pin": pin });
        agent.call("POST", "/open", &token, &body).await.status
    };
    assert_eq!(open("123456").await, 403);
    let change =
        json!({ "carrier": "office", "container": "Иванов", "old": "123456", "new": "новый пин" });
    assert_eq!(agent.call("POST", "/change-pin", &token, &change).await.status, 204);
    assert_eq!(open("новый пин").await, 200);
}

#[tokio::test]
async fn refusals_of_the_carrier_are_told_apart() {
    let agent = Running::new().await;
    let token = agent.pair().await;
    agent.make_key(&token).await;
    let open = async |carrier: &str, container: &str, pin: &str| {
        let body = json!({ "carrier": carrier, "container": container, "pin": pin });
        let reply = agent.call("POST", "/open", &token, &body).await;
        (reply.status, reply.body["error"].clone())
    };
    assert_eq!(open("office", "Петров", "123456").await, (404, json!("not-found")));
    assert_eq!(open("nowhere", "Иванов", "123456").await, (404, json!("not-found")));
    for left in (0..10).rev() {
        assert_eq!(open("office", "Иванов", "654321").await, (403, json!("denied")), "{left}");
    }
    assert_eq!(open("office", "Иванов", "123456").await, (403, json!("locked")));
}

#[tokio::test]
async fn bodies_that_are_not_understood_are_refused() {
    let agent = Running::new().await;
    let token = agent.pair().await;
    for body in [json!(1), json!([]), json!({ "carrier": 1, "key": "x", "events": {} })] {
        let paths = [
            "/moves",
            "/make",
            "/open",
            "/request",
            "/sign",
            "/agree",
            "/close",
            "/install",
            "/change-pin",
        ];
        for path in paths {
            let reply = agent.call("POST", path, &token, &body).await;
            assert_eq!((reply.status, &reply.body["error"]), (400, &json!("invalid")), "{path}");
        }
    }
    let long = "x".repeat(300 * 1024);
    let reply = agent.call("POST", "/open", &token, &json!(long)).await;
    assert_eq!(reply.status, 413);
}
