//! Checkpoints and proofs that were kept elsewhere, under a verifier to whom every signature is good.
#![no_main]

use core::fmt::Debug;
use std::sync::LazyLock;

use gost_ca::audit::checkpoint::SignedCheckpoint;
use gost_ca::audit::proof::{ConsistencyProof, InclusionProof};
use gost_ca::provider::Verifier;
use gost_ca::provider::verifier::{Check, Unverified};
use gost_ca::x509::{Certificate, KeyIdentity, PublicKey};
use gost_ca_software::GostVerifier;
use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde::de::DeserializeOwned;
use spki::AlgorithmIdentifierOwned;

#[derive(Debug)]
struct Credulous(KeyIdentity);

impl Verifier for Credulous {
    fn verify(&self, _: &Check<'_>) -> Result<(), Unverified> {
        Ok(())
    }

    fn identify(&self, _: &PublicKey) -> Result<KeyIdentity, Unverified> {
        Ok(self.0)
    }

    fn signature_algorithm(&self, key: &PublicKey) -> Result<AlgorithmIdentifierOwned, Unverified> {
        GostVerifier.signature_algorithm(key)
    }
}

static KEY: LazyLock<PublicKey> = LazyLock::new(|| {
    let der = include_bytes!("../../tests/data/samples/generated/person.cer");
    Certificate::from_der(der).expect("a certificate").public_key().clone()
});

fuzz_target!(|json: &[u8]| {
    if let Some(signed) = read::<SignedCheckpoint>(json) {
        let _verdict = signed.verify(&Credulous(signed.checkpoint.key), &KEY);
        let _place = signed.checkpoint.chains.iter().map(|grown| {
            signed.checkpoint.place(&grown.writer, grown.length)
        }).count();
    }
    if let Some(proof) = read::<InclusionProof>(json) {
        let _verdict = proof.verify(&Credulous(proof.checkpoint.checkpoint.key), &KEY);
    }
    if let Some(proof) = read::<ConsistencyProof>(json) {
        let key = Credulous(proof.first.checkpoint.key);
        let _verdict = proof.verify(&key, (&KEY, &KEY));
    }
});

fn read<T: Serialize + DeserializeOwned + PartialEq + Debug>(json: &[u8]) -> Option<T> {
    let read: T = serde_json::from_slice(json).ok()?;
    let written = serde_json::to_vec(&read).expect("plain data");
    assert_eq!(serde_json::from_slice::<T>(&written).expect("our own octets"), read);
    Some(read)
}
