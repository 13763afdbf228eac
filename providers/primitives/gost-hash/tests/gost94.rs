//! GOST R 34.11-94 against RFC 5831 and other libraries.
#![cfg(feature = "legacy")]

use gost_hash::{
    Digest,
    legacy::{Gost94, Gost94Test},
};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    id: String,
    sbox: String,
    #[serde(with = "hex")]
    message: Vec<u8>,
    #[serde(with = "hex")]
    digest: Vec<u8>,
}

#[test]
fn known_answers() {
    let file: File = serde_json::from_str(include_str!("vectors/gost341194.json")).unwrap();
    assert_eq!(file.vectors.len(), 16);
    for Vector { id, sbox, message, digest } in file.vectors {
        let ours = match sbox.as_str() {
            "id-GostR3411-94-TestParamSet" => Gost94Test::digest(message).to_vec(),
            "id-GostR3411-94-CryptoProParamSet" => Gost94::digest(message).to_vec(),
            other => panic!("{other}"),
        };
        assert_eq!(ours, digest, "{id}");
    }
}
