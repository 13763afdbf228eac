//! Runs the conformance checks against a token of one's own.
//!
//! ```text
//! cargo run -p gost-ca-pkcs11 --example check_token -- 'pkcs11:MODULE?token=LABEL&pin-value=PIN'
//! ```
//!
//! Makes keys named `conformance …` and deletes them; guesses no PIN.

use std::process::ExitCode;
use std::sync::Arc;

use gost_ca::provider::KeyStore;
use gost_ca::provider::verifier::FirstThatKnows;
use gost_ca_conformance as conformance;
use gost_ca_ecdsa_rsa::EcdsaRsaVerifier;
use gost_ca_pkcs11::Settings;
use gost_ca_pkcs11::uri::TokenUri;
use gost_ca_software::GostVerifier;

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let line = std::env::args().nth(1).ok_or(USAGE)?;
    let store = Arc::new(line.parse::<TokenUri>()?.open(Settings::default())?);
    let tokens = store.tokens().await?;
    if tokens.is_empty() {
        return Err("no such token: `pkcs11-tool --module MODULE -L` lists all with labels".into());
    }
    for (carrier, token) in tokens {
        println!("{}: {} {} ({})", carrier.0, token.manufacturer, token.model, token.label);
    }
    for carrier in store.carriers().await? {
        println!("{:?}", carrier.algorithms);
    }
    let verifier = FirstThatKnows::new(vec![Arc::new(GostVerifier), Arc::new(EcdsaRsaVerifier)]);
    let report = conformance::key_store(store, Arc::new(verifier)).await;
    println!("{report}");
    Ok(if report.failed().is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

const USAGE: &str = "check_token 'pkcs11:MODULE?token=LABEL&pin-value=PIN'";
