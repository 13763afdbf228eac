//! Files of CryptoPro CSP, of RFC 9548 and of R 50.1.112; what OpenSSL and GnuTLS say of ours.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may fail by panicking"
)]

mod blobs;
mod containers;
mod judges;
mod pfx;
mod standard;
mod written;

use std::collections::BTreeMap;
use std::path::PathBuf;

use gost_hash::{Digest, legacy::Gost94, streebog256, streebog512};
use gost_key_files::{CspContainer, Files, Unopened};
use gost3410::SigningKey;
use serde_json::Value;

/// What CryptoPro CSP made.
fn samples() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "../../../tests/data/samples/csp"].iter().collect()
}

fn read(path: &str) -> Vec<u8> {
    std::fs::read(samples().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn expected(path: &str) -> serde_json::Map<String, Value> {
    let file: Value = serde_json::from_slice(&read(path)).unwrap();
    file.as_object().unwrap().clone()
}

fn octets(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

/// A container's folder in memory.
type Folder = BTreeMap<&'static str, Vec<u8>>;

fn folder(name: &str) -> Folder {
    let files =
        ["header.key", "masks.key", "masks2.key", "name.key", "primary.key", "primary2.key"];
    files.into_iter().map(|file| (file, read(&format!("containers/{name}/{file}")))).collect()
}

fn open(folder: &Folder) -> Result<CspContainer, Unopened> {
    CspContainer::read(&Files {
        header: &folder["header.key"],
        name: &folder["name.key"],
        main: (&folder["masks.key"], &folder["primary.key"]),
        reserve: Some((&folder["masks2.key"], &folder["primary2.key"])),
    })
}

/// The digest that signatures of a key are over, and OpenSSL's name of its algorithm.
fn digest(key: &SigningKey, message: &[u8]) -> (Vec<u8>, &'static str) {
    if key.verifying_key().key_algorithm().is_of_2001() {
        (Gost94::digest(message).to_vec(), "md_gost94")
    } else if key.parameter_set().size() == 64 {
        (streebog512(message).to_vec(), "md_gost12_512")
    } else {
        (streebog256(message).to_vec(), "md_gost12_256")
    }
}

fn fill(out: &mut [u8]) -> Result<(), getrandom::Error> {
    getrandom::fill(out)
}
