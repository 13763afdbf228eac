//! The agent over the CSP's double: a container is made, opened and signs.

use std::path::Path;

use gost_ca::registration_authority::Challenge;
use gost_ca::x509::{CertificationRequest, PublicKey};
use gost_ca_software::GostVerifier;
use serde_json::{Value, json};

use crate::page::{base64, check, new_key, octets};
use crate::started::{library, start};

#[tokio::test]
async fn a_container_of_the_csp_is_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let option = format!("--cryptopro={}", library("gost_csp_double").display());
    let (_agent, page) = start(&[Path::new(&option)], ("CSP_DOUBLE_KEYS", folder.path()));
    let token = page.pair().await;
    let carriers = page.call("GET", "/carriers", &token, &Value::Null).await.body;
    assert_eq!(carriers[0]["id"], "HDIMAGE");
    let mut key = new_key("HDIMAGE", "a password");
    key["new_pin"] = json!(true);
    key["container"] = json!("ivanov");
    let made = page.call("POST", "/make", &token, &key).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let request = CertificationRequest::from_der(&octets(&made.body["request"])).unwrap();
    request.verify(&GostVerifier).unwrap();
    let public = PublicKey::from_der(&octets(&made.body["public_key"])).unwrap();
    let open = |pin: &str| json!({ "carrier": "HDIMAGE", "container": "ivanov", "pin": pin });
    let wrong = page.call("POST", "/open", &token, &open("another")).await;
    assert_eq!((wrong.status, &wrong.body["error"]), (403, &json!("denied")));
    let opened = page.call("POST", "/open", &token, &open("a password")).await;
    let message = serde_json::from_value::<Challenge>(json!("0011")).unwrap().signed_bytes();
    let body = json!({ "key": opened.body["key"], "message": base64(&message) });
    check(&public, &message, &page.call("POST", "/sign", &token, &body).await.body);
}
