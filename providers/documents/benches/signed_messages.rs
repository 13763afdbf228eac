//! What messages cost beyond their signatures: a small contract signed and checked, by the bare signature,
//! and by the bare checks of it and of the two certificates.
//!
//! `cargo bench -p gost-ca-documents --bench signed_messages`
#![expect(clippy::print_stdout, reason = "a measurement for people")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use der::Decode;
use gost_ca::provider::key_store::Message;
use gost_ca::provider::verifier::Check;
use gost_ca::provider::{Signer, Verifier};
use gost_ca::x509::Certificate;
use gost_ca_documents::{
    CheckRules, Checker, ContentDigests, Signatory, SignedData, Signing, Verdict, oid,
};
use gost_ca_software::{GostSigner, GostVerifier, SystemRng};
use gost3410::SigningKey;
use pkcs8::PrivateKeyInfoRef;
use tokio::runtime::{Builder, Runtime};

/// Owners, and their issuers, whose issuer is the root.
const OWNERS: [(&str, &str); 2] = [("person", "ca256"), ("ul512", "ca512c")];
/// Rounds are shorter than the slices of time that a busy machine gives.
const ROUNDS: u32 = 2000;
const EACH: u32 = 2;

fn main() {
    let runtime = Builder::new_current_thread().build().unwrap();
    for (owner, issuer) in OWNERS {
        let key = key(owner);
        let (own, anchors, pool) =
            (certificate(owner), [certificate("root")], [certificate(issuer)]);
        let content = [0x30; 1000];
        let attributes = [0x31; 250];
        let message = || sign(&runtime, &key, &own, &content);
        let bare = || runtime.block_on(key.sign(Message::Bytes(&attributes))).unwrap();
        let (signed, alone) = fastest(|| drop(black_box(message())), || drop(black_box(bare())));
        tell(owner, "sign", signed, alone);

        let (octets, signature) = (message(), bare());
        let (key, algorithm) = (key.public_key(), key.algorithm());
        let check = Check { key, algorithm, message: &attributes, signature: &signature };
        let mut rules = CheckRules::at("2026-11-22T10:00:00Z".parse().unwrap());
        rules.status = false;
        let mut checker = Checker::new(&anchors, &GostVerifier, rules);
        checker.certificates = &pool;
        let (whole, alone) = fastest(
            || verify(&runtime, &checker, &octets, &content),
            || {
                GostVerifier.verify(&check).unwrap();
                own.verify(pool[0].public_key(), &GostVerifier).unwrap();
                pool[0].verify(anchors[0].public_key(), &GostVerifier).unwrap();
            },
        );
        tell(owner, "check", whole, alone);
    }
}

fn sign(runtime: &Runtime, key: &GostSigner, certificate: &Certificate, content: &[u8]) -> Vec<u8> {
    let signatory = Signatory::new(key, certificate).unwrap();
    let functions = [signatory.hash_function().unwrap()];
    let digests = ContentDigests::of(&mut &content[..], &functions).unwrap();
    let mut message = SignedData::new(oid::DATA);
    runtime.block_on(message.sign(&signatory, &Signing::default(), &digests)).unwrap();
    message.to_detached()
}

fn verify(runtime: &Runtime, checker: &Checker<'_>, octets: &[u8], content: &[u8]) {
    let (message, _) = SignedData::from_octets(octets).unwrap();
    let digests = ContentDigests::of(&mut &content[..], &message.hash_functions()).unwrap();
    let report = runtime.block_on(checker.message(&message, &digests));
    assert_eq!(report.verdict, Verdict::Valid);
}

/// The fastest rounds of two acts that take turns, so that both see the same machine.
fn fastest(mut one: impl FnMut(), mut other: impl FnMut()) -> (Duration, Duration) {
    let mut best = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        best.0 = best.0.min(round(&mut one));
        best.1 = best.1.min(round(&mut other));
    }
    best
}

fn round(act: &mut impl FnMut()) -> Duration {
    let start = Instant::now();
    (0..EACH).for_each(|_| act());
    start.elapsed() / EACH
}

fn tell(owner: &str, act: &str, whole: Duration, alone: Duration) {
    let ratio = whole.as_secs_f64() / alone.as_secs_f64();
    println!("{owner} {act}: {whole:?}, {ratio:.2} of {alone:?}");
}

fn key(name: &str) -> GostSigner {
    let pem = std::fs::read_to_string(sample(&format!("{name}.key.pem"))).unwrap();
    let (_, key) = der::SecretDocument::from_pem(&pem).unwrap();
    let key = PrivateKeyInfoRef::from_der(key.as_bytes()).unwrap();
    GostSigner::new(SigningKey::from_pkcs8(&key).unwrap(), Arc::new(SystemRng)).unwrap()
}

fn certificate(name: &str) -> Certificate {
    Certificate::from_der(&std::fs::read(sample(&format!("{name}.cer"))).unwrap()).unwrap()
}

fn sample(name: &str) -> String {
    format!("{}/../../tests/data/samples/generated/{name}", env!("CARGO_MANIFEST_DIR"))
}
