//! The agent as a page calls it, over a real socket and a folder of key containers.

mod page;
mod token;

use std::sync::Arc;
use std::time::Duration;

use base64ct::{Base64, Encoding};
use gost_ca::provider::key_store::CarrierId;
use gost_ca::provider::{KeyStore, Verifier, verifier::Check};
use gost_ca::registration_authority::Challenge;
use gost_ca::x509::{CertificationRequest, PublicKey};
use gost_ca_software::directory_key_store::Settings;
use gost_ca_software::{DirectoryKeyStore, GostVerifier, SystemRng};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use workplace_agent::agent::Agent;
use workplace_agent::pairing::{Pairing, Refused};

use crate::page::{ORIGIN, Page, octets};

/// A running agent over the folder of its one carrier.
struct Running {
    page: Page,
    _folder: tempfile::TempDir,
}

impl Running {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { iterations: 1, ..Settings::default() };
        let store = DirectoryKeyStore::new(settings, Arc::new(SystemRng)).unwrap();
        let store = store.with_carrier(CarrierId("office".into()), "Офис", folder.path());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (pairing, code) = Pairing::new().unwrap();
        let stores: Vec<Arc<dyn KeyStore>> = vec![Arc::new(store)];
        let agent = Agent::new(stores, Arc::new(SystemRng), pairing, ORIGIN.into(), address);
        tokio::spawn(async move { axum::serve(listener, agent.router()).await });
        Self { page: Page { address, code: code.to_string() }, _folder: folder }
    }

    /// Makes a key under the PIN `123456`.
    async fn make_key(&self, token: &str) -> PublicKey {
        let body = json!({
            "carrier": "office", "container": "Иванов", "pin": "123456", "new_pin": true,
            "algorithm": "1.2.643.7.1.2.1.1.1",
        });
        let reply = self.call("POST", "/generate", token, &body).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        PublicKey::from_der(&octets(&reply.body["public_key"])).unwrap()
    }
}

impl core::ops::Deref for Running {
    type Target = Page;

    fn deref(&self) -> &Page {
        &self.page
    }
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
        ("POST", "/generate"),
        ("POST", "/challenge"),
        ("POST", "/request"),
        ("POST", "/install"),
        ("POST", "/unpair"),
    ];
    for (method, path) in paths {
        assert_eq!(agent.call(method, path, "", &Value::Null).await.status, 401, "{path}");
    }
    let token = agent.pair().await;
    let wrong = format!("{}A", &token[1..]);
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
    let reply = agent.call("POST", "/pair", "", &json!({ "code": agent.code })).await;
    assert_eq!((reply.status, &reply.body["error"]), (401, &json!("closed")));
    let agent = Running::new().await;
    for _ in 0..5 {
        let reply = agent.call("POST", "/pair", "", &json!({ "code": "2222222222" })).await;
        assert_eq!((reply.status, &reply.body["error"]), (401, &json!("code")));
    }
    let reply = agent.call("POST", "/pair", "", &json!({ "code": agent.code })).await;
    assert_eq!((reply.status, &reply.body["error"]), (401, &json!("closed")));
}

#[tokio::test(start_paused = true)]
async fn codes_and_tokens_run_out() {
    let (pairing, code) = Pairing::new().unwrap();
    tokio::time::advance(Duration::from_secs(601)).await;
    assert_eq!(pairing.pair(&code), Err(Refused::Closed));
    let (pairing, code) = Pairing::new().unwrap();
    let token = pairing.pair(&code).unwrap();
    for _ in 0..3 {
        tokio::time::advance(Duration::from_secs(899)).await;
        pairing.admit(&token).unwrap();
    }
    tokio::time::advance(Duration::from_secs(901)).await;
    assert_eq!(pairing.admit(&token), Err(Refused::Closed));
    assert!(!format!("{pairing:?}").contains(token.as_str()));
}

#[tokio::test]
async fn a_token_ends_when_the_page_says_so() {
    let agent = Running::new().await;
    let token = agent.pair().await;
    assert_eq!(agent.call("POST", "/unpair", &token, &Value::Null).await.status, 204);
    assert_eq!(agent.call("GET", "/carriers", &token, &Value::Null).await.status, 401);
}

#[tokio::test]
async fn keys_are_made_listed_and_sign_challenges() {
    let agent = Running::new().await;
    let token = agent.pair().await;
    let key = agent.make_key(&token).await;
    let carriers = agent.call("GET", "/carriers", &token, &Value::Null).await.body;
    assert_eq!((&carriers[0]["id"], &carriers[0]["label"]), (&json!("office"), &json!("Офис")));
    let keys = agent.call("GET", "/keys?carrier=office", &token, &Value::Null).await.body;
    assert_eq!(keys[0]["container"], "Иванов");
    assert_eq!(octets(&keys[0]["public_key"]), key.as_der());
    let challenge: Challenge = serde_json::from_value(json!("00112233")).unwrap();
    let body = json!({
        "carrier": "office", "container": "Иванов", "pin": "123456", "challenge": challenge,
    });
    let signed = agent.call("POST", "/challenge", &token, &body).await.body;
    let algorithm = der::Decode::from_der(&octets(&signed["algorithm"])).unwrap();
    let check = Check {
        key: &key,
        algorithm: &algorithm,
        message: &challenge.signed_bytes(),
        signature: &octets(&signed["signature"]),
    };
    GostVerifier.verify(&check).unwrap();
}

#[tokio::test]
async fn requests_of_the_key_are_signed_and_nothing_else() {
    let agent = Running::new().await;
    let token = agent.pair().await;
    let key = agent.make_key(&token).await;
    let sign = async |info: Vec<u8>| {
        let body = json!({
            "carrier": "office", "container": "Иванов", "pin": "123456",
            "info": Base64::encode_string(&info),
        });
        agent.call("POST", "/request", &token, &body).await
    };
    let info = gost_ca::request::RequestBuilder::new(&[]).unwrap().info(&key);
    let reply = sign(info.clone()).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let request = CertificationRequest::from_der(&octets(&reply.body["request"])).unwrap();
    request.verify(&GostVerifier).unwrap();
    let der = include_bytes!("../../../tests/data/samples/generated/person.cer");
    let person = gost_ca::x509::Certificate::from_der(der).unwrap();
    let other = gost_ca::request::RequestBuilder::new(&[]).unwrap().info(person.public_key());
    let longer = [info.as_slice(), b"\x00"].concat();
    for bad in [other, longer, person.tbs().to_vec(), b"any text".to_vec(), Vec::new()] {
        let reply = sign(bad).await;
        assert_eq!((reply.status, &reply.body["error"]), (403, &json!("not-a-request")));
    }
}

#[tokio::test]
async fn refusals_of_the_carrier_are_told_apart() {
    let agent = Running::new().await;
    let token = agent.pair().await;
    agent.make_key(&token).await;
    let sign = async |container: &str, pin: &str| {
        let body = json!({
            "carrier": "office", "container": container, "pin": pin, "challenge": "00",
        });
        agent.call("POST", "/challenge", &token, &body).await
    };
    let reply = sign("Петров", "123456").await;
    assert_eq!((reply.status, &reply.body["error"]), (404, &json!("not-found")));
    for left in (0..10).rev() {
        let reply = sign("Иванов", "654321").await;
        assert_eq!((reply.status, &reply.body["error"]), (403, &json!("denied")), "{left}");
    }
    let reply = sign("Иванов", "123456").await;
    assert_eq!((reply.status, &reply.body["error"]), (403, &json!("locked")));
}

#[tokio::test]
async fn bodies_that_are_not_understood_are_refused() {
    let agent = Running::new().await;
    let token = agent.pair().await;
    for body in [json!(1), json!({}), json!({ "carrier": "office", "container": "x", "pin": 1 })] {
        for path in ["/generate", "/challenge", "/request", "/install"] {
            let reply = agent.call("POST", path, &token, &body).await;
            assert_eq!((reply.status, &reply.body["error"]), (400, &json!("invalid")), "{path}");
        }
    }
    let long = "x".repeat(300 * 1024);
    let reply = agent.call("POST", "/generate", &token, &json!(long)).await;
    assert_eq!(reply.status, 413);
}
