//! The console's page, as far as the agent sees it.

use std::fmt::Write as _;
use std::net::SocketAddr;

use base64ct::{Base64, Encoding};
use gost_ca::provider::{Verifier, verifier::Check};
use gost_ca::x509::PublicKey;
use gost_ca_software::GostVerifier;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) const ORIGIN: &str = "https://console.example";

/// A page that knows where the agent is, and what code it showed.
pub(crate) struct Page {
    pub(crate) address: SocketAddr,
    pub(crate) code: String,
}

/// What came back.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Value,
}

impl Page {
    /// Sends a request as it is.
    pub(crate) async fn send(
        &self,
        (method, path): (&str, &str),
        headers: &[(&str, &str)],
        body: &str,
    ) -> Reply {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let mut text = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        for (name, value) in headers {
            write!(text, "{name}: {value}\r\n").unwrap();
        }
        write!(text, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).await.unwrap();
        let (head, body) = reply.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let body = serde_json::from_str(body).unwrap_or(Value::Null);
        Reply { status, head: head.to_lowercase(), body }
    }

    /// Sends what the page would.
    pub(crate) async fn call(&self, method: &str, path: &str, token: &str, body: &Value) -> Reply {
        let host = self.address.to_string();
        let bearer = format!("Bearer {token}");
        let headers = [("Host", host.as_str()), ("Origin", ORIGIN), ("Authorization", &bearer)];
        self.send((method, path), &headers, &body.to_string()).await
    }

    /// Somebody moves the pointer about until it is enough (V4).
    pub(crate) async fn move_about(&self, token: &str) {
        let events: Value =
            serde_json::from_str(include_str!("../../../data/events.json")).unwrap();
        for events in events.as_array().unwrap().chunks(200) {
            let reply = self.call("POST", "/moves", token, &json!({ "events": events })).await;
            if reply.body["percent"] == 100 {
                return;
            }
        }
        panic!("the recording is too short");
    }

    pub(crate) async fn pair(&self) -> String {
        let reply = self.call("POST", "/pair", "", &json!({ "code": self.code })).await;
        reply.body["token"].as_str().unwrap().to_owned()
    }
}

/// What makes a key of Ivanov's.
pub(crate) fn new_key(carrier: &str, pin: &str) -> Value {
    json!({
        "carrier": carrier, "container": "Иванов", "set": "1.2.643.7.1.2.1.1.1", "pin": pin,
        "subject": subject(), "profile": profile(),
    })
}

/// As the console's page has it.
pub(crate) fn subject() -> Value {
    json!([{ "oid": "2.5.4.3", "string": "utf8", "value": "Иванов Иван" }])
}

pub(crate) fn profile() -> Value {
    serde_json::from_str(include_str!("../../../../src/profile/presets/sign-in.json")).unwrap()
}

/// Whether a signature of the agent's is one.
pub(crate) fn check(key: &PublicKey, message: &[u8], signed: &Value) {
    let algorithm = der::Decode::from_der(&octets(&signed["algorithm"])).unwrap();
    let signature = &octets(&signed["signature"]);
    let check = Check { key, algorithm: &algorithm, message, signature };
    GostVerifier.verify(&check).unwrap();
}

pub(crate) fn base64(octets: &[u8]) -> String {
    Base64::encode_string(octets)
}

pub(crate) fn octets(value: &Value) -> Vec<u8> {
    Base64::decode_vec(value.as_str().unwrap()).unwrap()
}
