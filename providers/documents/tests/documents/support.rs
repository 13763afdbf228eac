//! Keys, certificates and messages for tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use der::Decode;
use gost_ca::provider::Signer;
use gost_ca::provider::key_store::Message;
use gost_ca::x509::{Certificate, PublicKey, write};
use gost_ca_software::{GostSigner, SystemRng};
use gost3410::{ParameterSet, SigningKey};
use pkcs8::PrivateKeyInfoRef;

pub(crate) fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// The samples of an invented authority, made by OpenSSL.
pub(crate) fn samples() -> PathBuf {
    data("../../../../tests/data/samples/generated")
}

pub(crate) fn sample(name: &str) -> Vec<u8> {
    fs::read(samples().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

pub(crate) fn certificate(name: &str) -> Certificate {
    Certificate::from_der(&sample(&format!("{name}.cer"))).unwrap()
}

/// The key of a sample certificate.
pub(crate) fn key(name: &str) -> GostSigner {
    let pem = String::from_utf8(sample(&format!("{name}.key.pem"))).unwrap();
    let (_, key) = der::SecretDocument::from_pem(&pem).unwrap();
    signer(key.as_bytes())
}

pub(crate) fn signer(pkcs8: &[u8]) -> GostSigner {
    let key = SigningKey::from_pkcs8(&PrivateKeyInfoRef::from_der(pkcs8).unwrap()).unwrap();
    GostSigner::new(key, Arc::new(SystemRng)).unwrap()
}

/// A key made from a number, and a certificate about it that nobody signed.
pub(crate) fn invented(set: ParameterSet, number: u8) -> (GostSigner, Certificate) {
    let mut octets = vec![number; set.size()];
    *octets.last_mut().unwrap() = 1; // below every q
    let key = SigningKey::from_le_bytes(set, &octets).unwrap();
    let signer = GostSigner::new(key, Arc::new(SystemRng)).unwrap();
    let spki = signer.public_key().clone();
    let certificate = unsigned(&name("Invented"), &[number], &spki);
    (signer, certificate)
}

/// A `Name` of a common name.
pub(crate) fn name(common: &str) -> Vec<u8> {
    let oid = write::oid(&const_oid::ObjectIdentifier::new_unwrap("2.5.4.3"));
    let attribute = write::sequence(&[oid, write::tlv(write::UTF8_STRING, common.as_bytes())]);
    write::sequence(&[write::wrap(write::SET, &[attribute])])
}

/// A certificate whose signature is none.
pub(crate) fn unsigned(issuer: &[u8], serial: &[u8], key: &PublicKey) -> Certificate {
    let tbs = tbs((issuer, issuer), serial, key);
    let der = write::sequence(&[tbs, algorithm(), write::bit_string(&[0; 64])]);
    Certificate::from_der(&der).unwrap()
}

/// A certificate of a key, by a sample authority of 256 bits.
pub(crate) async fn issued(authority: &str, subject: &PublicKey) -> Certificate {
    let tbs = tbs((certificate(authority).subject(), &name("Issued")), &[1], subject);
    let signature = key(authority).sign(Message::Bytes(&tbs)).await.unwrap();
    let der = write::sequence(&[tbs, algorithm(), write::bit_string(&signature)]);
    Certificate::from_der(&der).unwrap()
}

fn algorithm() -> Vec<u8> {
    let oid = const_oid::ObjectIdentifier::new_unwrap("1.2.643.7.1.1.3.2");
    write::sequence(&[write::oid(&oid)])
}

fn tbs((issuer, subject): (&[u8], &[u8]), serial: &[u8], key: &PublicKey) -> Vec<u8> {
    let time = |text: &str| write::time(text.parse().unwrap());
    let validity = write::sequence(&[time("2020-01-01T00:00:00Z"), time("2040-01-01T00:00:00Z")]);
    write::sequence(&[
        &write::tlv(write::constructed(0), &write::integer(2)),
        &write::tlv(write::INTEGER, serial),
        &algorithm(),
        issuer,
        &validity,
        subject,
        key.as_der(),
    ])
}

/// Runs OpenSSL with the GOST engine in a folder; gives what it said.
pub(crate) fn openssl(folder: &Path, arguments: &str) -> Result<String, String> {
    let configuration = folder.join("engine.cnf");
    fs::write(&configuration, ENGINE).unwrap();
    let output = Command::new("openssl")
        .env("OPENSSL_CONF", configuration)
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    if output.status.success() { Ok(said) } else { Err(said) }
}

/// Some commands take no engine as an argument.
const ENGINE: &str = "openssl_conf = all\n[all]\nengines = engines\n[engines]\ngost = gost\n[gost]\n\
    engine_id = gost\ndefault_algorithms = ALL\n";

/// Octets that no compression and no cipher makes out of another.
pub(crate) fn long(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    (0..length).map(|_| next()).collect()
}
