//! GOST R 34.13-2015.

use gost_symmetric::{
    Cbc, Cfb, Ctr, Error, GostCipher, Kuznyechik, Ofb,
    cipher::{Array, Key},
    omac,
};
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
fn ecb_is_that_of_34_13() {
    for vector in &vectors(FILE, 2, |vector| vector["mode"] == "ECB") {
        by_cipher!(check_ecb, vector);
    }
}

fn check_ecb<C: GostCipher>(vector: &Value) {
    let cipher = C::new(&Key::<C>::from(key(vector, "key")));
    let (plain, encrypted) = (octets(vector, "plaintext"), octets(vector, "ciphertext"));
    let mut data = plain.clone();
    cipher.encrypt_blocks(Array::slice_as_chunks_mut(&mut data).0);
    assert_eq!(data, encrypted);
    cipher.decrypt_blocks(Array::slice_as_chunks_mut(&mut data).0);
    assert_eq!(data, plain);
}

#[test]
fn the_register_is_that_of_34_13() {
    let feedback = ["OFB", "CBC", "CFB"].map(Value::from);
    for vector in &vectors(FILE, 10, |vector| feedback.contains(&vector["mode"])) {
        by_cipher!(check_register, vector);
    }
}

/// Encrypts and decrypts in two parts, split everywhere (for CBC, at every block).
fn check_register<C: GostCipher>(vector: &Value) {
    let (plain, encrypted) = (octets(vector, "plaintext"), octets(vector, "ciphertext"));
    let (key, iv) = (key(vector, "key"), octets(vector, "iv"));
    let step = if vector["mode"] == "CBC" { C::BLOCK } else { 1 };
    for split in (0..plain.len()).step_by(step) {
        let mut data = plain.clone();
        let (head, tail) = data.split_at_mut(split);
        pass::<C>(vector, &key, &iv, &mut [&mut *head, &mut *tail], true);
        assert_eq!(data, encrypted, "{} at {split}", vector["id"]);
        let (head, tail) = data.split_at_mut(split);
        pass::<C>(vector, &key, &iv, &mut [&mut *head, &mut *tail], false);
        assert_eq!(data, plain, "{} at {split}", vector["id"]);
    }
}

fn pass<C: GostCipher>(
    vector: &Value,
    key: &[u8; 32],
    iv: &[u8],
    parts: &mut [&mut [u8]],
    encrypt: bool,
) {
    let mut ofb = Ofb::<C>::new(key, iv).unwrap();
    let mut cfb = Cfb::<C>::new(key, iv).unwrap();
    let mut cbc = Cbc::<C>::new(key, iv).unwrap();
    for part in parts {
        match (vector["mode"].as_str().unwrap(), encrypt) {
            ("OFB", _) => ofb.apply(part),
            ("CFB", true) => cfb.encrypt(part),
            ("CFB", false) => cfb.decrypt(part),
            (_, true) => cbc.encrypt(part).unwrap(),
            (_, false) => cbc.decrypt(part).unwrap(),
        }
    }
}

#[test]
fn the_register_is_some_blocks() {
    for length in [0, 15, 17] {
        let iv = vec![0; length];
        let refused = Some(Error::Length("initialization vector"));
        assert_eq!(Ofb::<Kuznyechik>::new(&[0; 32], &iv).err(), refused);
        assert_eq!(Cfb::<Kuznyechik>::new(&[0; 32], &iv).err(), refused);
        assert_eq!(Cbc::<Kuznyechik>::new(&[0; 32], &iv).err(), refused);
    }
    let mut cbc = Cbc::<Kuznyechik>::new(&[0; 32], &[0; 16]).unwrap();
    let mut data = [7; 17];
    assert_eq!(cbc.encrypt(&mut data), Err(Error::Length("message")));
    assert_eq!(data, [7; 17]);
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
