//! The official vectors.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail by panicking"
)]

use base64ct::{Base64, Encoding};
use der::{Decode, Encode};
use gost3410::{
    Curve, Error, KeyAlgorithm, ParameterSet, Signature, SigningKey, VerifyingKey, vko,
};
use pkcs8::{DecodePrivateKey, EncodePrivateKey};
use serde_json::Value;
use spki::{DecodePublicKey, EncodePublicKey, ObjectIdentifier};

fn vectors(json: &str) -> Vec<Value> {
    serde_json::from_str::<Value>(json).unwrap()["vectors"].as_array().unwrap().clone()
}

fn text<'a>(vector: &'a Value, field: &str) -> &'a str {
    vector[field].as_str().unwrap_or_else(|| panic!("{field} of {}", vector["id"]))
}

fn octets(vector: &Value, field: &str) -> Vec<u8> {
    hex::decode(text(vector, field)).unwrap()
}

fn reversed(vector: &Value, field: &str) -> Vec<u8> {
    octets(vector, field).into_iter().rev().collect()
}

fn set(vector: &Value, field: &str) -> ParameterSet {
    ParameterSet::from_oid(ObjectIdentifier::new(text(vector, field)).unwrap()).unwrap()
}

#[test]
fn every_oid_names_its_curve() {
    let curves = vectors(include_str!("vectors/curves.json"));
    let mut sets: Vec<ParameterSet> = Vec::new();
    for vector in &curves {
        let mut oids = vec![text(vector, "oid")];
        oids.extend(
            vector["same_curve_as"].as_array().unwrap().iter().map(|v| v.as_str().unwrap()),
        );
        let first = set(vector, "oid");
        for oid in oids {
            let set = ParameterSet::from_oid(ObjectIdentifier::new(oid).unwrap()).unwrap();
            assert_eq!(set.oid().to_string(), oid);
            assert_eq!(set.curve(), first.curve());
            assert_eq!(
                u64::try_from(set.size() * 8).unwrap(),
                vector["size_bits"].as_u64().unwrap()
            );
            assert_eq!(set.cofactor(), vector["cofactor"].as_u64().unwrap());
            sets.push(set);
        }
    }
    assert!(ParameterSet::ALL.iter().all(|set| sets.contains(set)));
}

#[test]
fn one_is_the_key_of_the_base_point() {
    for vector in vectors(include_str!("vectors/curves.json")) {
        let set = set(&vector, "oid");
        let mut one = vec![0; set.size()];
        one[0] = 1;
        let key = SigningKey::from_le_bytes(set, &one).unwrap();
        assert_eq!(key.verifying_key().x_be(), octets(&vector, "x"));
        assert_eq!(key.verifying_key().y_be(), octets(&vector, "y"));
    }
}

#[test]
fn order_and_zero_are_no_keys() {
    for vector in vectors(include_str!("vectors/curves.json")) {
        let set = set(&vector, "oid");
        let zero = vec![0; set.size()];
        for key in [zero, reversed(&vector, "q"), vec![0xff; set.size()], vec![1; set.size() - 1]] {
            assert_eq!(SigningKey::from_le_bytes(set, &key).unwrap_err(), Error::PrivateKey);
        }
    }
}

#[test]
fn signatures_verify() {
    for vector in vectors(include_str!("vectors/gost3410_sign.json")) {
        let set = set(&vector, "curve_oid");
        let key = SigningKey::from_le_bytes(set, &reversed(&vector, "d")).unwrap();
        let public = key.verifying_key();
        assert_eq!(public.x_be(), octets(&vector, "Qx"));
        assert_eq!(public.y_be(), octets(&vector, "Qy"));
        let spki = Base64::decode_vec(text(&vector, "spki_der")).unwrap();
        let decoded = VerifyingKey::from_public_key_der(&spki).unwrap();
        assert_eq!(decoded.to_public_key_der().unwrap().as_bytes(), spki);
        assert_eq!(decoded.to_le_bytes(), public.to_le_bytes());
        let signature = Signature::from_slice(&octets(&vector, "signature_sr")).unwrap();
        assert_eq!(signature.r_be(), octets(&vector, "r"));
        assert_eq!(signature.s_be(), octets(&vector, "s"));
        let digest = octets(&vector, "hash");
        decoded.verify_prehash(&digest, &signature).unwrap();
        decoded.prepare().verify_prehash(&digest, &signature).unwrap();
        let mut other = digest.clone();
        other[3] ^= 1;
        assert_eq!(decoded.verify_prehash(&other, &signature), Err(Error::Forged));
        assert_eq!(decoded.prepare().verify_prehash(&other, &signature), Err(Error::Forged));
    }
}

#[test]
fn pkcs8_forms_are_read() {
    let mut read = 0;
    for vector in vectors(include_str!("vectors/pkcs8.json")) {
        let Some(p8) = vector["p8"].as_str() else { continue }; // PBES2 is another crate's
        let der = Base64::decode_vec(p8).unwrap();
        let key =
            SigningKey::from_pkcs8_der(&der).unwrap_or_else(|e| panic!("{}: {e}", vector["id"]));
        assert_eq!(*key.to_le_bytes(), reversed(&vector, "d"), "{}", vector["id"]);
        assert_eq!(key.parameter_set(), set(&vector, "curve"));
        assert_eq!(key.verifying_key().algorithm().oid.to_string(), text(&vector, "algorithm"));
        let written = key.to_pkcs8_der().unwrap();
        let info = pkcs8::PrivateKeyInfoRef::from_der(written.as_bytes()).unwrap();
        assert_eq!(info.private_key.as_bytes(), *key.to_le_bytes());
        let given = pkcs8::PrivateKeyInfoRef::from_der(&der).unwrap();
        assert_eq!(info.algorithm.to_der().unwrap(), given.algorithm.to_der().unwrap());
        read += 1;
    }
    assert_eq!(read, 42);
}

#[test]
fn keys_agree() {
    let mut agreed = 0;
    for vector in vectors(include_str!("vectors/vko.json")) {
        let Some(kek) = vector["kek"].as_str() else { continue };
        let set = set(&vector, "curve_oid");
        let private = |field| SigningKey::from_le_bytes(set, &octets(&vector, field)).unwrap();
        let public = |field| VerifyingKey::from_le_bytes(set, &octets(&vector, field)).unwrap();
        let (a, b) = (private("private_A"), private("private_B"));
        assert_eq!(*a.verifying_key(), public("public_A"));
        assert_eq!(*b.verifying_key(), public("public_B"));
        let ukm = octets(&vector, "ukm");
        let shared = vko(&a, b.verifying_key(), &ukm).unwrap();
        assert_eq!(shared, vko(&b, a.verifying_key(), &ukm).unwrap());
        let hash = match text(&vector, "hash") {
            "Streebog-256" => gost_hash::streebog256(&shared).to_vec(),
            "Streebog-512" => gost_hash::streebog512(&shared).to_vec(),
            _ => continue, // GOST R 34.11-94 is another crate's
        };
        assert_eq!(hex::encode(hash), kek);
        agreed += 1;
    }
    assert_eq!(agreed, 20);
}

#[test]
fn keg_of_rfc9189_agrees() {
    for vector in vectors(include_str!("vectors/vko.json")) {
        if vector["type"] != "KEG" || text(&vector, "curve").contains("512") {
            continue; // KEG for 512-bit keys is VKO alone, for 256-bit ones with KDF_TREE
        }
        let set = set(&vector, "curve_oid");
        let key = SigningKey::from_le_bytes(set, &reversed(&vector, "d_eph")).unwrap();
        let peer = [reversed(&vector, "Qs_x"), reversed(&vector, "Qs_y")].concat();
        let peer = VerifyingKey::from_le_bytes(set, &peer).unwrap();
        let shared = vko(&key, &peer, &reversed(&vector, "ukm_integer")).unwrap();
        let kek = gost_hash::streebog256(&shared);
        let seed = &octets(&vector, "H")[16..24];
        let mut keys = [0; 64];
        gost_hash::kdf_tree_gostr3411_2012_256(&kek, b"kdf tree", seed, 1, &mut keys).unwrap();
        assert_eq!(hex::encode(&keys[..32]), text(&vector, "K_Exp_MAC"));
        assert_eq!(hex::encode(&keys[32..]), text(&vector, "K_Exp_ENC"));
    }
}

#[test]
fn old_generation_is_told_apart() {
    let vector = &vectors(include_str!("vectors/pkcs8.json"))[0];
    let key = SigningKey::from_pkcs8_der(&Base64::decode_vec(text(vector, "p8")).unwrap()).unwrap();
    assert_eq!(key.verifying_key().key_algorithm(), KeyAlgorithm::Gost2001);
    assert_eq!(key.verifying_key().curve(), Curve::B256);
}

#[test]
fn exchange_keys_keep_their_algorithm() {
    for vector in vectors(include_str!("vectors/exchange_keys.json")) {
        let oid = |value: &Value| ObjectIdentifier::new(value.as_str().unwrap()).unwrap();
        let parameters: Vec<_> = vector["params"].as_array().unwrap().iter().map(oid).collect();
        let parameters = der::Any::from_der(&parameters.to_der().unwrap()).unwrap();
        let algorithm = spki::AlgorithmIdentifierOwned {
            oid: oid(&vector["algorithm"]),
            parameters: Some(parameters),
        };
        let private = octets(&vector, "private_key_le");
        let info = pkcs8::PrivateKeyInfo {
            algorithm: algorithm.clone(),
            private_key: der::asn1::OctetString::new(private).unwrap(),
            public_key: None::<der::asn1::BitString>,
        };
        let key = SigningKey::from_pkcs8_der(&info.to_der().unwrap()).unwrap();
        let public = key.verifying_key();
        assert_eq!(public.to_le_bytes(), octets(&vector, "public_key_le_xy"), "{}", vector["id"]);
        assert_eq!(*public.algorithm(), algorithm);
        let kind = public.key_algorithm();
        assert_eq!((kind.oid(), kind.agreement_oid()), (algorithm.oid, algorithm.oid));
        let spki = public.to_public_key_der().unwrap();
        assert_eq!(VerifyingKey::from_public_key_der(spki.as_bytes()).unwrap(), *public);
    }
}

#[test]
fn changed_signatures_of_rfc7091_are_forged() {
    let file: Value = serde_json::from_str(include_str!("vectors/gost3410_sign.json")).unwrap();
    let vectors = vectors(include_str!("vectors/gost3410_sign.json"));
    let changes = file["negative"].as_array().unwrap();
    assert_eq!(changes.len(), 6);
    for change in changes {
        let vector = vectors.iter().find(|vector| vector["id"] == change["based_on"]).unwrap();
        let (mut s, mut r) = (octets(vector, "s"), octets(vector, "r"));
        let mut digest = octets(vector, "hash");
        match text(change, "id") {
            "neg-r0" => r.fill(0),
            "neg-s0" => s.fill(0),
            "neg-r_ge_q" => r = plus_order(&r, set(vector, "curve_oid")),
            "neg-rs_swapped" => core::mem::swap(&mut r, &mut s),
            "neg-hash_be" => digest.reverse(),
            "neg-le_halves" => (r.reverse(), s.reverse()).0,
            other => panic!("{other}"),
        }
        let signature = Signature::from_slice(&[s, r].concat()).unwrap();
        let spki = Base64::decode_vec(text(vector, "spki_der")).unwrap();
        let key = VerifyingKey::from_public_key_der(&spki).unwrap();
        let forged = Err(Error::Forged);
        assert_eq!(key.verify_prehash(&digest, &signature), forged, "{}", change["id"]);
        assert_eq!(key.prepare().verify_prehash(&digest, &signature), forged);
    }
}

/// r + q, which fits for the curve of the example.
fn plus_order(r: &[u8], set: ParameterSet) -> Vec<u8> {
    let curves = vectors(include_str!("vectors/curves.json"));
    let curve = curves.iter().find(|curve| text(curve, "oid") == set.oid().to_string()).unwrap();
    let mut carry = 0;
    let mut sum: Vec<_> = r
        .iter()
        .zip(octets(curve, "q"))
        .rev()
        .map(|(a, b)| {
            let digit = u16::from(*a) + u16::from(b) + carry;
            carry = digit >> 8;
            digit.to_le_bytes()[0]
        })
        .collect();
    assert_eq!(carry, 0);
    sum.reverse();
    sum
}
