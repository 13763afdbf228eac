//! Golden octets of checkpoints and proofs: as they were written, and will be read for ever.

use std::fs;
use std::path::Path;

use gost_ca::audit::checkpoint::{Checkpoint, Grown, SignedCheckpoint, VERSION};
use gost_ca::audit::proof::{self, ConsistencyProof, InclusionProof};
use gost_ca::id::{CaseId, WriterId};
use gost_ca::provider::journal::StreamId;
use gost_ca::x509::KeyIdentity;
use serde::Serialize;
use serde::de::DeserializeOwned;

fn signed(number: u64) -> SignedCheckpoint {
    let octet = u8::try_from(number).unwrap();
    let writer = WriterId::new([1; 16]);
    let checkpoint = Checkpoint {
        version: VERSION,
        number,
        at: "2026-03-02T09:00:00.25Z".parse().unwrap(),
        key: KeyIdentity::from_octets([2; 32]),
        links: 3,
        batch: [octet; 32],
        size: number,
        root: [octet | 0x40; 32],
        chains: vec![Grown { writer, from: 0, length: 3, hash: [3; 32] }],
    };
    SignedCheckpoint { checkpoint, signature: vec![4; 64] }
}

fn golden<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(name: &str, value: &T) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/audit").join(name);
    let json = serde_json::to_string(value).unwrap();
    if !path.exists() && std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &json).unwrap();
    }
    let golden = fs::read_to_string(&path).unwrap_or_else(|_| panic!("{name} has no golden file"));
    assert_eq!(json, golden, "{name}");
    assert_eq!(&serde_json::from_str::<T>(&golden).unwrap(), value);
}

#[test]
fn checkpoints_and_proofs_are_written_as_ever() {
    golden("checkpoint.json", &signed(1));
    let path = |size| proof::Path { index: 1, size, hashes: vec![[7; 32], [8; 32]] };
    let inclusion = InclusionProof {
        stream: StreamId::Case(CaseId::new([5; 16])),
        index: 4,
        entry: b"{}".to_vec(),
        writer: WriterId::new([1; 16]),
        number: 2,
        previous: [6; 32],
        in_batch: path(3),
        in_record: path(2),
        checkpoint: signed(2),
    };
    golden("inclusion.json", &inclusion);
    let hashes = vec![[9; 32]];
    golden("consistency.json", &ConsistencyProof { first: signed(1), second: signed(2), hashes });
}

#[test]
fn what_is_signed_has_a_label() {
    let octets = signed(1).checkpoint.signed_bytes();
    let json = octets.strip_prefix(b"gost-ca checkpoint\0").unwrap();
    assert_eq!(json, serde_json::to_vec(&signed(1).checkpoint).unwrap());
}
