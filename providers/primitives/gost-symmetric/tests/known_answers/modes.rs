//! GOST R 34.13-2015.

use gost_symmetric::{Ctr, GostCipher, omac};
use serde_json::Value;

use crate::{by_cipher, key, octets, vectors};

const FILE: &str = include_str!("../vectors/modes_34.13.json");

#[test]
fn ctr_is_that_of_34_13() {
    for vector in &vectors(FILE, 2, |vector| vector["mode"] == "CTR") {
        by_cipher!(check_ctr, vector);
    }
}

fn check_ctr<C: GostCipher>(vector: &Value) {
    let mut data = octets(vector, "plaintext");
    let (key, iv) = (key(vector, "key"), octets(vector, "iv"));
    Ctr::<C>::new(&key, &iv).unwrap().apply(&mut data);
    assert_eq!(data, octets(vector, "ciphertext"));
}

#[test]
fn omac_is_that_of_34_13() {
    for vector in &vectors(FILE, 12, |vector| vector["mode"] == "OMAC") {
        by_cipher!(check_omac, vector);
    }
}

fn check_omac<C: GostCipher>(vector: &Value) {
    let mac = omac::<C>(&key(vector, "key"), &[&octets(vector, "message")]);
    let expected = octets(vector, "mac");
    assert_eq!(mac[..expected.len()], expected, "{}", vector["id"]);
}
