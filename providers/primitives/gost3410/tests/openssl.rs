//! Ten thousand signatures, ours verified by OpenSSL's GOST engine and its own by us.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may fail by panicking"
)]

use std::{
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
    sync::LazyLock,
    thread,
};

use der::Encode;
use getrandom::SysRng;
use gost3410::{Curve, ParameterSet, Signature, SigningKey};
use pkcs8::EncodePrivateKey;
use rand_core::TryRng;

/// Compiles the program that speaks for the engine.
static PEER: LazyLock<PathBuf> = LazyLock::new(|| {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/interop/gost3410.c");
    let program = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("gost3410-openssl");
    let compiled =
        Command::new("cc").args(["-O2", "-o"]).arg(&program).args([source, "-lcrypto"]).status();
    assert!(compiled.unwrap().success());
    program
});

/// One answer for every record.
fn ask(records: Vec<String>) -> Vec<String> {
    let count = records.len();
    let mut child =
        Command::new(PEER.as_path()).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = thread::spawn(move || {
        for record in records {
            writeln!(stdin, "{record}").unwrap();
        }
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    let answers: Vec<_> =
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    assert_eq!(answers.len(), count);
    answers
}

/// The sets the engine knows: all but the 512-bit example of the standard.
fn sets() -> impl Iterator<Item = ParameterSet> {
    ParameterSet::ALL.iter().copied().filter(|set| set.curve() != Curve::Test512)
}

fn random_digest(set: ParameterSet) -> Vec<u8> {
    let mut digest = vec![0; set.size()];
    SysRng.try_fill_bytes(&mut digest).unwrap();
    digest
}

struct Case {
    key: SigningKey,
    digest: Vec<u8>,
}

fn cases(count: usize) -> Vec<Case> {
    let sets: Vec<_> = sets().collect();
    let keys: Vec<_> = (0..10 * sets.len())
        .map(|i| SigningKey::generate(sets[i % sets.len()], &mut SysRng).unwrap().to_pkcs8_der())
        .collect();
    (0..count)
        .map(|i| {
            let der = keys[i % keys.len()].as_ref().unwrap();
            let key: SigningKey = pkcs8::DecodePrivateKey::from_pkcs8_der(der.as_bytes()).unwrap();
            let digest = random_digest(key.parameter_set());
            Case { key, digest }
        })
        .collect()
}

#[test]
#[ignore = "needs OpenSSL with the GOST engine"]
fn engine_verifies_our_signatures() {
    let record = |case: &Case, sabotage: bool| {
        let mut signature = case.key.sign_prehash(&case.digest, &mut SysRng).unwrap().to_csp();
        signature.reverse();
        signature[5] ^= u8::from(sabotage);
        let spki = case.key.verifying_key().to_spki().unwrap().to_der().unwrap();
        let [spki, digest] = [&spki, &case.digest].map(hex::encode);
        format!("V {spki} {digest} {}", hex::encode(signature))
    };
    let cases = cases(10_000);
    // Every tenth is spoilt, so that a peer that says yes to all is found out.
    let records = cases.iter().enumerate().map(|(i, case)| record(case, i % 10 == 9)).collect();
    for (i, answer) in ask(records).iter().enumerate() {
        let expected = if i % 10 == 9 { "0" } else { "1" };
        assert_eq!(answer, expected, "signature {i} on {:?}", cases[i].key);
    }
}

#[test]
#[ignore = "needs OpenSSL with the GOST engine"]
fn we_verify_the_engines_signatures() {
    let record = |case: &Case| {
        let key = hex::encode(case.key.to_pkcs8_der().unwrap().as_bytes());
        format!("S {key} {}", hex::encode(&case.digest))
    };
    let cases = cases(10_000);
    let answers = ask(cases.iter().map(record).collect());
    for (case, answer) in cases.iter().zip(answers) {
        let signature = Signature::from_slice(&hex::decode(answer).unwrap()).unwrap();
        let public = case.key.verifying_key();
        public.verify_prehash(&case.digest, &signature).unwrap();
        let mut other = case.digest.clone();
        other[0] ^= 1;
        public.verify_prehash(&other, &signature).unwrap_err();
    }
}
