//! R 1323565.1.017-2018.

use gost_symmetric::{CtrAcpkm, Error, GostCipher, Kuznyechik};
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
