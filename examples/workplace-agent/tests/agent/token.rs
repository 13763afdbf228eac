//! The agent as it is started, over a token of the operator's computer.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use gost_ca::provider::{Verifier, verifier::Check};
use gost_ca::registration_authority::Challenge;
use gost_ca::x509::PublicKey;
use gost_ca_software::GostVerifier;
use serde_json::{Value, json};

use crate::page::{ORIGIN, Page, octets};

/// A started agent; it ends with the test.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _gone = self.0.wait();
    }
}

/// The soft token lies beside the tests, or one folder up.
fn module() -> PathBuf {
    let name = format!(
        "{}pkcs11_soft_token{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    );
    let tests = std::env::current_exe().unwrap();
    let found = tests.ancestors().skip(1).map(|folder| folder.join(&name)).find(|it| it.exists());
    found.expect("the soft token was built")
}

fn set_up(folder: &std::path::Path) {
    std::fs::write(folder.join("settings.json"), r#"{"iterations": 100}"#).unwrap();
    for arguments in [
        &["--init-token", "--label", "Office", "--so-pin", "87654321"][..],
        &[
            "--login",
            "--login-type",
            "so",
            "--so-pin",
            "87654321",
            "--init-pin",
            "--pin",
            "12345678",
        ],
    ] {
        let mut tool = Command::new("pkcs11-tool");
        tool.env("SOFT_TOKEN_DIR", folder).arg("--module").arg(module()).args(arguments);
        assert!(tool.output().unwrap().status.success());
    }
}

fn start(folder: &std::path::Path) -> (Started, Page) {
    let mut agent = Command::new(env!("CARGO_BIN_EXE_workplace-agent"));
    agent.env("SOFT_TOKEN_DIR", folder).args(["--origin", ORIGIN, "--pkcs11"]).arg(module());
    let mut child = agent.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let address = lines.next().unwrap().unwrap();
    let code = lines.next().unwrap().unwrap();
    let address = address.strip_prefix("http://").unwrap().parse().unwrap();
    let code = code.strip_prefix("pairing code: ").unwrap().to_owned();
    (Started(child), Page { address, code })
}

#[tokio::test]
#[ignore = "needs OpenSC"]
async fn a_token_makes_a_key_and_signs_a_challenge() {
    let folder = tempfile::tempdir().unwrap();
    set_up(folder.path());
    let (_agent, page) = start(folder.path());
    let token = page.pair().await;
    let carriers = page.call("GET", "/carriers", &token, &Value::Null).await.body;
    assert_eq!(carriers[0]["label"], "Office");
    let key = json!({ "carrier": carriers[0]["id"], "container": "Иванов", "pin": "12345678" });
    let with = |more: Value| {
        let mut body = key.as_object().unwrap().clone();
        body.extend(more.as_object().unwrap().clone());
        Value::Object(body)
    };
    let made = with(json!({ "algorithm": "1.2.643.7.1.2.1.2.3" }));
    let made = page.call("POST", "/generate", &token, &made).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let public = PublicKey::from_der(&octets(&made.body["public_key"])).unwrap();
    let challenge: Challenge = serde_json::from_value(json!("00112233")).unwrap();
    let body = with(json!({ "challenge": challenge }));
    let signed = page.call("POST", "/challenge", &token, &body).await;
    assert_eq!(signed.status, 200, "{}", signed.body);
    let algorithm = der::Decode::from_der(&octets(&signed.body["algorithm"])).unwrap();
    let check = Check {
        key: &public,
        algorithm: &algorithm,
        message: &challenge.signed_bytes(),
        signature: &octets(&signed.body["signature"]),
    };
    GostVerifier.verify(&check).unwrap();
    let wrong = json!({ "carrier": key["carrier"], "container": "Иванов", "pin": "wrong-pin", "challenge": "00" });
    let refused = page.call("POST", "/challenge", &token, &wrong).await;
    assert_eq!((refused.status, &refused.body["error"]), (403, &json!("denied")));
}
