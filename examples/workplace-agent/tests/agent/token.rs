//! The agent over a token of the operator's computer.

#[path = "../../../../providers/pkcs11/tests/support/process.rs"]
mod process;
#[path = "../../../../providers/pkcs11/tests/support/soft_token.rs"]
mod soft_token;

use std::path::Path;
use std::process::Command;

use gost_ca::registration_authority::Challenge;
use gost_ca::x509::{CertificationRequest, PublicKey};
use gost_ca_pkcs11::Settings;
use gost_ca_software::GostVerifier;
use serde_json::{Value, json};

use crate::page::{Page, base64, check, new_key, octets};
use crate::started::{Started, start};
use process::apart;
use soft_token::{PIN, order, slot, store};

/// A token with its PINs, an agent over it, and the id of the carrier.
async fn paired(folder: &Path) -> (Started, Page, String, Value) {
    let (made, _carrier) = store(Settings::default(), None).await;
    drop(made);
    let module = soft_token::module();
    let (agent, page) = start(&[Path::new("--pkcs11"), &module], ("SOFT_TOKEN_DIR", folder));
    let token = page.pair().await;
    let carriers = page.call("GET", "/carriers", &token, &Value::Null).await.body;
    assert_eq!(
        (&carriers[0]["label"], &carriers[0]["pin"]["own"]),
        (&json!("Мягкий"), &json!(true))
    );
    (agent, page, token, carriers[0]["id"].clone())
}

async fn make(page: &Page, token: &str, carrier: &Value) -> Value {
    page.move_about(token).await;
    let key = new_key(carrier.as_str().unwrap(), PIN);
    let made = page.call("POST", "/make", token, &key).await;
    assert_eq!(made.status, 200, "{}", made.body);
    made.body
}

#[test]
fn a_key_is_made_signs_and_outlives_the_agent() {
    apart(
        "token::a_key_is_made_signs_and_outlives_the_agent",
        |folder| slot(folder, "plain"),
        async |folder| {
            let (agent, page, token, carrier) = paired(folder).await;
            let made = make(&page, &token, &carrier).await;
            let request = CertificationRequest::from_der(&octets(&made["request"])).unwrap();
            request.verify(&GostVerifier).unwrap();
            drop(agent);
            let module = soft_token::module();
            let (_agent, page) =
                start(&[Path::new("--pkcs11"), &module], ("SOFT_TOKEN_DIR", folder));
            let token = page.pair().await;
            let open = |pin: &str| json!({ "carrier": carrier, "container": "Иванов", "pin": pin });
            let refused = page.call("POST", "/open", &token, &open("wrong-pin")).await;
            assert_eq!((refused.status, &refused.body["error"]), (403, &json!("denied")));
            let opened = page.call("POST", "/open", &token, &open(PIN)).await.body;
            assert_eq!(opened["public_key"], made["public_key"]);
            let public = PublicKey::from_der(&octets(&made["public_key"])).unwrap();
            let challenge: Challenge = serde_json::from_value(json!("00112233")).unwrap();
            let message = challenge.signed_bytes();
            let body = json!({ "key": opened["key"], "message": base64(&message) });
            check(&public, &message, &page.call("POST", "/sign", &token, &body).await.body);
        },
    );
}

/// The page learns that the token is away; put in again, it wants the PIN anew, for the agent keeps none.
#[test]
fn a_pulled_token_is_told_and_its_keys_are_closed() {
    apart(
        "token::a_pulled_token_is_told_and_its_keys_are_closed",
        |folder| slot(folder, "plain"),
        async |folder| {
            let (_agent, page, token, carrier) = paired(folder).await;
            let made = make(&page, &token, &carrier).await;
            let message = serde_json::from_value::<Challenge>(json!("00")).unwrap().signed_bytes();
            let sign = async |key: &Value| {
                let body = json!({ "key": key, "message": base64(&message) });
                let reply = page.call("POST", "/sign", &token, &body).await;
                (reply.status, reply.body["error"].clone())
            };
            assert_eq!(sign(&made["key"]).await.0, 200);
            order(folder, r#"{"removed": [0]}"#);
            let away = (503, json!("unavailable"));
            assert_eq!(sign(&made["key"]).await, away);
            let carriers = page.call("GET", "/carriers", &token, &Value::Null).await;
            assert_eq!((carriers.status, &carriers.body), (200, &json!([])));
            let keys = format!("/keys?carrier={}", carrier.as_str().unwrap());
            assert_eq!(page.call("GET", &keys, &token, &Value::Null).await.status, 503);
            order(folder, "{}");
            assert_eq!(sign(&made["key"]).await, (403, json!("denied")));
            let open = json!({ "carrier": carrier, "container": "Иванов", "pin": PIN });
            let opened = page.call("POST", "/open", &token, &open).await.body;
            assert_eq!(sign(&opened["key"]).await.0, 200);
        },
    );
}

#[test]
#[ignore = "needs OpenSSL with the GOST engine"]
fn openssl_verifies_the_request() {
    apart(
        "token::openssl_verifies_the_request",
        |folder| slot(folder, "plain"),
        async |folder| {
            let (_agent, page, token, carrier) = paired(folder).await;
            let made = make(&page, &token, &carrier).await;
            let file = folder.join("request.p10");
            std::fs::write(&file, octets(&made["request"])).unwrap();
            let mut openssl = Command::new("openssl");
            openssl.args(["req", "-engine", "gost", "-inform", "DER", "-verify", "-noout", "-in"]);
            let said = openssl.arg(&file).output().unwrap().stderr;
            let said = String::from_utf8_lossy(&said).to_lowercase();
            assert!(said.contains("verify ok"), "{said}");
        },
    );
}
