//! Signatures and keys at the edges, from `scripts/edge_vectors.py`.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use gost3410::{Error, ErrorKind, KeyDefect, ParameterSet, Signature, VerifyingKey};
use serde_json::Value;
use spki::ObjectIdentifier;

fn edges() -> Value {
    serde_json::from_str(include_str!("vectors/edge.json")).unwrap()
}

fn octets(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

fn set(value: &Value) -> ParameterSet {
    ParameterSet::from_oid(ObjectIdentifier::new(value.as_str().unwrap()).unwrap()).unwrap()
}

#[test]
fn signatures_at_the_edges() {
    let mut valid = 0;
    for group in edges()["groups"].as_array().unwrap() {
        let key = VerifyingKey::from_le_bytes(set(&group["set"]), &octets(&group["key"])).unwrap();
        let prepared = key.prepare();
        for test in group["tests"].as_array().unwrap() {
            let digest = octets(&test["digest"]);
            let signature = Signature::from_slice(&octets(&test["sig"]));
            let verdict = signature.and_then(|sig| key.verify_prehash(&digest, &sig));
            let again = signature.and_then(|sig| prepared.verify_prehash(&digest, &sig));
            assert_eq!(verdict, again);
            let context = format!("{} {test}", group["set"]);
            match test["flags"][0].as_str().unwrap() {
                "Length" => {
                    let kind = verdict.unwrap_err().kind();
                    assert_eq!(kind, ErrorKind::Malformed, "{context}");
                }
                _ if test["result"] == "valid" => {
                    assert_eq!(verdict, Ok(()), "{context}");
                    valid += 1;
                }
                _ => assert_eq!(verdict, Err(Error::Forged), "{context}"),
            }
        }
    }
    assert!(valid >= 9 * 8);
}

#[test]
fn keys_at_the_edges() {
    for key in edges()["keys"].as_array().unwrap() {
        let defect = match VerifyingKey::from_le_bytes(set(&key["set"]), &octets(&key["octets"])) {
            Err(Error::PublicKey(defect)) => defect,
            other => panic!("{other:?} for {key}"),
        };
        let expected = match key["flags"][0].as_str().unwrap() {
            "Length" => KeyDefect::Length,
            "Coordinate" => KeyDefect::Coordinate,
            "NotOnCurve" => KeyDefect::NotOnCurve,
            "WrongOrder" => KeyDefect::Order,
            "OtherParameterSet" => {
                assert!(matches!(defect, KeyDefect::NotOnCurve | KeyDefect::Coordinate));
                continue;
            }
            flag => panic!("unknown flag {flag}"),
        };
        assert_eq!(defect, expected, "{key}");
    }
}
