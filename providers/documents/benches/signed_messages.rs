//! What messages cost beyond their signatures: a small contract signed and checked, by the bare signature, and by
//! the bare checks of it and of the two certificates. What must be done beside these is hashing, and for a check
//! reading the key that the message brings; that is a figure of its own.
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
use gost_ca::x509::{Certificate, PublicKey};
use gost_ca_documents::{
    CheckRules, Checker, ContentDigests, Signatory, SignedData, Signing, Verdict, oid,
};
use gost_ca_software::{GostSigner, GostVerifier, SystemRng};
use gost3410::SigningKey;
use pkcs8::PrivateKeyInfoRef;
use tokio::runtime::{Builder, Runtime};

/// Owners, and their issuers, whose issuer is the root.
const OWNERS: [(&str, &str); 2] = [("person", "ca256"), ("ul512", "ca512c")];
const CONTENT: [u8; 1000] = [0x30; 1000];
/// Rounds are shorter than the slices of time that a busy machine gives.
const ROUNDS: u32 = 2000;
const EACH: u32 = 2;

fn main() {
    let runtime = Builder::new_current_thread().build().unwrap();
    println!("of              whole      bare  ratio    needed  ratio");
    for (owner, issuer) in OWNERS {
        let message = signing(&runtime, owner);
        checking(&runtime, (owner, issuer), &message);
    }
}

fn signing(runtime: &Runtime, owner: &str) -> Vec<u8> {
    let (key, certificate) = (key(owner), certificate(owner));
    let signatory = Signatory::new(&key, &certificate).unwrap();
    let function = signatory.hash_function();
    let message = sign(runtime, &signatory);
    let (read, _) = SignedData::from_octets(&message).unwrap();
    let attributes = read.signers[0].signed_octets().unwrap();
    let bare = || black_box(runtime.block_on(key.sign(Message::Bytes(attributes))).unwrap());
    let anew = || sign(runtime, &Signatory::new(&key, &certificate).unwrap());
    let [kept, made, bare, needed, certified] = fastest([
        &mut || drop(black_box(sign(runtime, &signatory))),
        &mut || drop(black_box(anew())),
        &mut || drop(bare()),
        &mut || drop((bare(), black_box(function.digest(&CONTENT)))),
        &mut || {
            let hashed = [function.digest(&CONTENT), function.digest(certificate.as_der())];
            drop((bare(), black_box(hashed)));
        },
    ]);
    tell(&format!("{owner} sign"), kept, bare, needed);
    tell(&format!("{owner} anew"), made, bare, certified);
    message
}

fn checking(runtime: &Runtime, (owner, issuer): (&str, &str), message: &[u8]) {
    let (own, anchors, pool) = (certificate(owner), [certificate("root")], [certificate(issuer)]);
    let (read, _) = SignedData::from_octets(message).unwrap();
    let function = read.hash_functions()[0];
    let [info] = &read.signers[..] else { panic!("one signed") };
    let (signed, signature) = (info.signed_octets().unwrap(), info.signature());
    let checks = |key: &PublicKey| {
        let algorithm = &GostVerifier.signature_algorithm(key).unwrap();
        let check = Check { key, algorithm, message: signed, signature };
        GostVerifier.verify(&check).unwrap();
        own.verify(pool[0].public_key(), &GostVerifier).unwrap();
        pool[0].verify(anchors[0].public_key(), &GostVerifier).unwrap();
    };
    let mut rules = CheckRules::at("2026-11-22T10:00:00Z".parse().unwrap());
    rules.status = false;
    let mut checker = Checker::new(&anchors, &GostVerifier, rules);
    checker.certificates = &pool;
    let [whole, bare, needed] = fastest([
        &mut || verify(runtime, &checker, message),
        &mut || checks(own.public_key()),
        &mut || {
            checks(&PublicKey::from_der(own.public_key().as_der()).unwrap());
            drop(black_box([function.digest(&CONTENT), function.digest(own.as_der())]));
        },
    ]);
    tell(&format!("{owner} check"), whole, bare, needed);
}

fn sign(runtime: &Runtime, signatory: &Signatory<'_>) -> Vec<u8> {
    let functions = [signatory.hash_function()];
    let digests = ContentDigests::of(&mut &CONTENT[..], &functions).unwrap();
    let mut message = SignedData::new(oid::DATA);
    runtime.block_on(message.sign(signatory, &Signing::default(), &digests)).unwrap();
    message.to_detached()
}

fn verify(runtime: &Runtime, checker: &Checker<'_>, octets: &[u8]) {
    let (message, _) = SignedData::from_octets(octets).unwrap();
    let digests = ContentDigests::of(&mut &CONTENT[..], &message.hash_functions()).unwrap();
    let report = runtime.block_on(checker.message(&message, &digests));
    assert_eq!(report.verdict, Verdict::Valid);
}

/// The fastest rounds of acts that take turns, so that all see the same machine.
fn fastest<const N: usize>(mut acts: [&mut dyn FnMut(); N]) -> [Duration; N] {
    let mut best = [Duration::MAX; N];
    for _ in 0..ROUNDS {
        for (best, act) in best.iter_mut().zip(&mut acts) {
            *best = (*best).min(round(act));
        }
    }
    best
}

fn round(act: &mut dyn FnMut()) -> Duration {
    let start = Instant::now();
    (0..EACH).for_each(|_| act());
    start.elapsed() / EACH
}

fn tell(act: &str, whole: Duration, bare: Duration, needed: Duration) {
    let micro = |one: Duration| one.as_secs_f64() * 1e6;
    let ratio = |of: Duration| whole.as_secs_f64() / of.as_secs_f64();
    println!(
        "{act:<14} {:>6.1}    {:>6.1}   {:.2}    {:>6.1}   {:.2}",
        micro(whole),
        micro(bare),
        ratio(bare),
        micro(needed),
        ratio(needed)
    );
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
