//! HMAC, KDF, `KDF_TREE` and PBKDF2 against RFC 7836 and RFC 9337.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use gost_hash::{
    InvalidPbkdf2, InvalidTree, hmac_streebog256, hmac_streebog512, kdf_gostr3411_2012_256,
    kdf_tree_gostr3411_2012_256, pbkdf2_hmac_streebog512, tlstree,
};
use serde_json::Value;

fn vectors(json: &str) -> Vec<Value> {
    let mut file: Value = serde_json::from_str(json).unwrap();
    serde_json::from_value(file["vectors"].take()).unwrap()
}

fn octets(vector: &Value, field: &str) -> Vec<u8> {
    hex::decode(vector[field].as_str().unwrap()).unwrap()
}

fn key(vector: &Value, field: &str) -> [u8; 32] {
    octets(vector, field).try_into().unwrap()
}

fn of_type(wanted: &str) -> Vec<Value> {
    let mut vectors = vectors(include_str!("vectors/hmac_kdf_prf.json"));
    vectors.retain(|vector| vector["type"] == wanted);
    assert!(!vectors.is_empty(), "{wanted}");
    vectors
}

#[test]
fn rfc7836_hmac() {
    for vector in of_type("HMAC") {
        let (key, message) = (octets(&vector, "key"), octets(&vector, "message"));
        let mac = match vector["hash_bits"].as_u64().unwrap() {
            256 => hmac_streebog256(&key, &[&message]).to_vec(),
            _ => hmac_streebog512(&key, &[&message]).to_vec(),
        };
        assert_eq!(mac, octets(&vector, "mac"), "{}", vector["id"]);
    }
}

fn hmac(bits: &Value, key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    match bits.as_u64().unwrap() {
        256 => hmac_streebog256(key, parts).to_vec(),
        _ => hmac_streebog512(key, parts).to_vec(),
    }
}

/// `PRF_TLS_GOSTR3411_2012` (RFC 7836, 4.2.1) is `P_hash` of RFC 5246, 5 over our HMAC.
#[test]
fn rfc7836_prf_tls() {
    let vectors = of_type("PRF_TLS");
    assert_eq!(vectors.len(), 2);
    for vector in vectors {
        let hmac = |parts: &[&[u8]]| hmac(&vector["hash_bits"], &octets(&vector, "secret"), parts);
        let seed = [octets(&vector, "label"), octets(&vector, "seed")].concat();
        let first = hmac(&[&seed]);
        let second = hmac(&[&first]);
        assert_eq!(hmac(&[&first, &seed]), octets(&vector, "T1"), "{}", vector["id"]);
        assert_eq!(hmac(&[&second, &seed]), octets(&vector, "T2"), "{}", vector["id"]);
    }
}

/// `PRF_IPSEC_PRFPLUS_GOSTR3411_2012` (RFC 7836, 4.2.4): each key from the one before.
#[test]
fn rfc7836_prf_plus() {
    let vectors = of_type("PRF_IPSEC_PRFPLUS");
    assert_eq!(vectors.len(), 2);
    for vector in vectors {
        let hmac = |parts: &[&[u8]]| hmac(&vector["hash_bits"], &octets(&vector, "key"), parts);
        let seed = octets(&vector, "S");
        let first = hmac(&[&seed, &[1]]);
        assert_eq!(first, octets(&vector, "T1"), "{}", vector["id"]);
        assert_eq!(hmac(&[&first, &seed, &[2]]), octets(&vector, "T2"), "{}", vector["id"]);
    }
}

#[test]
fn rfc7836_kdf() {
    for vector in of_type("KDF_GOSTR3411_2012_256") {
        let (label, seed) = (octets(&vector, "label"), octets(&vector, "seed"));
        let derived = kdf_gostr3411_2012_256(&key(&vector, "K_in"), &label, &seed);
        assert_eq!(derived[..], octets(&vector, "output"));
    }
}

#[test]
fn rfc7836_kdf_tree() {
    for vector in of_type("KDF_TREE_GOSTR3411_2012_256") {
        let (label, seed) = (octets(&vector, "label"), octets(&vector, "seed"));
        let mut derived = [0; 64];
        kdf_tree_gostr3411_2012_256(&key(&vector, "K_in"), &label, &seed, 1, &mut derived).unwrap();
        assert_eq!(derived[..32], octets(&vector, "K1"));
        assert_eq!(derived[32..], octets(&vector, "K2"));
    }
}

#[test]
fn rfc9189_tlstree() {
    let vectors = of_type("TLSTREE");
    assert_eq!(vectors.len(), 17);
    for vector in vectors {
        let masks = ["C1", "C2", "C3"]
            .map(|mask| u64::from_str_radix(vector[mask].as_str().unwrap(), 16).unwrap());
        let derived = tlstree(&key(&vector, "K_root"), masks, vector["seqnum"].as_u64().unwrap());
        assert_eq!(derived[..], octets(&vector, "output"), "{}", vector["id"]);
    }
}

#[test]
fn a_tree_refuses_what_its_counter_cannot_count() {
    let mut out = vec![7; 255 * 32 + 1];
    for (octets, length) in [(0, 64), (5, 64), (1, 0), (1, 255 * 32 + 1)] {
        let out = &mut out[..length];
        let tree = kdf_tree_gostr3411_2012_256(&[0; 32], b"", b"", octets, out);
        assert_eq!(tree, Err(InvalidTree), "{octets} {length}");
        assert!(out.iter().all(|octet| *octet == 7));
    }
    assert!(kdf_tree_gostr3411_2012_256(&[0; 32], b"", b"", 1, &mut out[..255 * 32]).is_ok());
    assert!(kdf_tree_gostr3411_2012_256(&[0; 32], b"", b"", 2, &mut out).is_ok());
}

fn check_pbkdf2(vector: &Value) {
    let (password, salt) = (octets(vector, "P"), octets(vector, "S"));
    let iterations = u32::try_from(vector["c"].as_u64().unwrap()).unwrap();
    let mut out = vec![0; usize::try_from(vector["dkLen"].as_u64().unwrap()).unwrap()];
    pbkdf2_hmac_streebog512(&password, &salt, iterations, &mut out).unwrap();
    assert_eq!(out, octets(vector, "DK"), "{}", vector["id"]);
}

#[test]
fn rfc9337_pbkdf2() {
    let vectors = vectors(include_str!("vectors/pbkdf2.json"));
    assert_eq!(vectors.len(), 6);
    vectors.iter().filter(|vector| vector["c"] != 16_777_216).for_each(check_pbkdf2);
}

#[test]
#[ignore = "takes a minute: sixteen million iterations"]
fn rfc9337_pbkdf2_of_sixteen_million_iterations() {
    let vectors = vectors(include_str!("vectors/pbkdf2.json"));
    check_pbkdf2(vectors.iter().find(|vector| vector["c"] == 16_777_216).unwrap());
}

#[test]
fn pbkdf2_refuses_no_iterations() {
    let mut out = [7; 4];
    assert_eq!(pbkdf2_hmac_streebog512(b"", b"", 0, &mut out), Err(InvalidPbkdf2));
    assert_eq!(out, [7; 4]);
}
