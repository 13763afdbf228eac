//! Streebog against RFC 6986 and the vectors of other libraries.

use gost_hash::{Digest, Streebog256, Streebog512, streebog256, streebog512};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    id: String,
    bits: u32,
    #[serde(with = "hex")]
    message: Vec<u8>,
    message_repeat: Option<usize>,
    #[serde(with = "hex")]
    digest: Vec<u8>,
}

#[test]
fn known_answers() {
    let file: File = serde_json::from_str(include_str!("vectors/streebog.json")).unwrap();
    assert_eq!(file.vectors.len(), 52);
    for Vector { id, bits, message, message_repeat, digest } in file.vectors {
        let message = message.repeat(message_repeat.unwrap_or(1));
        match bits {
            256 => assert_eq!(streebog256(&message)[..], digest, "{id}"),
            512 => assert_eq!(streebog512(&message)[..], digest, "{id}"),
            other => panic!("{id}: {other} bits"),
        }
    }
}

#[test]
fn parts_hash_as_the_whole() {
    let message: Vec<u8> = (0..=255).collect();
    for split in 0..message.len() {
        let (head, tail) = message.split_at(split);
        let digest = Streebog256::new().chain_update(head).chain_update(tail).finalize();
        assert_eq!(digest[..], streebog256(&message), "{split}");
        let digest = Streebog512::new().chain_update(head).chain_update(tail).finalize();
        assert_eq!(digest[..], streebog512(&message), "{split}");
    }
}
