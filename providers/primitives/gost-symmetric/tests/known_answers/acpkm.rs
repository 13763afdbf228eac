//! R 1323565.1.017-2018.

use gost_symmetric::{
    CtrAcpkm, Error, GostCipher, Kuznyechik, Magma, OmacAcpkm, acpkm, acpkm_master,
    cipher::{BlockCipherEncrypt, Key, KeyInit},
};
use serde_json::Value;

use crate::{by_cipher, key, number, octets, vectors};

const FILE: &str = include_str!("../vectors/acpkm.json");

#[test]
fn ctr_acpkm_is_that_of_r_017() {
    for vector in &vectors(FILE, 3, |vector| vector["mode"] == "CTR-ACPKM") {
        by_cipher!(check_ctr_acpkm, vector);
    }
}

fn check_ctr_acpkm<C: GostCipher>(vector: &Value) {
    let (key, iv, section) = (key(vector, "key"), octets(vector, "iv"), number(vector, "N_bytes"));
    let plain = octets(vector, "plaintext");
    for split in 0..plain.len() {
        let mut data = plain.clone();
        let (head, tail) = data.split_at_mut(split);
        let mut mode = CtrAcpkm::<C>::new(&key, &iv, section).unwrap();
        mode.apply(head);
        mode.apply(tail);
        assert_eq!(data, octets(vector, "ciphertext"), "{} at {split}", vector["id"]);
    }
}

#[test]
fn a_section_is_some_blocks() {
    for section in [0, 8, 31] {
        let mode = CtrAcpkm::<Kuznyechik>::new(&[0; 32], &[0; 8], section);
        assert_eq!(mode.err(), Some(Error::Length("section")));
    }
    let mode = CtrAcpkm::<Kuznyechik>::new(&[0; 32], &[0; 16], 32);
    assert_eq!(mode.err(), Some(Error::Length("initialization vector")));
}

#[test]
fn acpkm_master_is_that_of_r_017() {
    for vector in &vectors(FILE, 1, |vector| vector["mode"] == "ACPKM-Master") {
        let expected = octets(vector, "keys_only");
        let mut material = vec![7; expected.len()];
        let (key, section) = (key(vector, "key"), number(vector, "T_bytes"));
        acpkm_master::<Kuznyechik>(&key, section, &mut material).unwrap();
        assert_eq!(material, expected);
    }
}

#[test]
fn omac_acpkm_is_that_of_r_017() {
    for vector in &vectors(FILE, 4, |vector| vector["mode"] == "OMAC-ACPKM") {
        by_cipher!(check_omac_acpkm, vector);
    }
}

fn check_omac_acpkm<C: GostCipher>(vector: &Value) {
    let message = octets(vector, "message");
    let (section, master_section) = (number(vector, "N_bytes"), number(vector, "T_bytes"));
    for split in 0..=message.len() {
        let (head, tail) = message.split_at(split);
        let mut mac = OmacAcpkm::<C>::new(&key(vector, "key"), section, master_section).unwrap();
        mac.update(head);
        mac.update(tail);
        assert_eq!(mac.finalize()[..], octets(vector, "mac"), "{} at {split}", vector["id"]);
    }
}

#[test]
fn section_keys_are_those_of_r_017() {
    let vectors = vectors(FILE, 1, |vector| vector.get("section_keys").is_some());
    let keys: Vec<[u8; 32]> =
        serde_json::from_value::<Vec<String>>(vectors[0]["section_keys"].clone())
            .unwrap()
            .iter()
            .map(|key| hex::decode(key).unwrap().try_into().unwrap())
            .collect();
    let mut cipher = Magma::new(&Key::<Magma>::from(keys[0]));
    for key in &keys[1..] {
        cipher = acpkm(&cipher);
        let (mut ours, mut theirs) = ([0; 8].into(), [0; 8].into());
        cipher.encrypt_block(&mut ours);
        Magma::new(&Key::<Magma>::from(*key)).encrypt_block(&mut theirs);
        assert_eq!(ours, theirs);
    }
}
