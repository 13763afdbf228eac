//! RFC 9337 on the examples of RFC 9548.

use gost_symmetric::{CtrAcpkm, Error, GostCipher, Kuznyechik, Magma, ctr_acpkm_omac};
use serde_json::Value;

use crate::{key, octets, vectors};

const FILE: &str = include_str!("../vectors/pbes2_rfc9548.json");

#[test]
fn rfc9548_decrypts() {
    for vector in &vectors(FILE, 3, |_| true) {
        match vector["encryption"].as_str().unwrap() {
            "1.2.643.7.1.1.5.1.1" => check_ctr_acpkm::<Magma>(vector),
            "1.2.643.7.1.1.5.1.2" => check_omac::<Magma>(vector),
            "1.2.643.7.1.1.5.2.2" => check_omac::<Kuznyechik>(vector),
            other => panic!("{other}"),
        }
    }
}

fn check_ctr_acpkm<C: GostCipher>(vector: &Value) {
    let mut data = octets(vector, "ciphertext");
    let (key, ukm) = (key(vector, "DK"), octets(vector, "ukm"));
    CtrAcpkm::<C>::new(&key, &ukm[..C::BLOCK / 2], C::SECTION).unwrap().apply(&mut data);
    assert_eq!(data, octets(vector, "plaintext"));
}

fn check_omac<C: GostCipher>(vector: &Value) {
    let (key, ukm) = (key(vector, "DK"), octets(vector, "ukm"));
    let sealed = octets(vector, "ciphertext");
    let opened = ctr_acpkm_omac::open::<C>(&key, &ukm, C::SECTION, &sealed).unwrap();
    assert_eq!(opened[..], octets(vector, "plaintext"));
    assert_eq!(ctr_acpkm_omac::seal::<C>(&key, &ukm, C::SECTION, &opened).unwrap(), sealed);
    for at in [0, opened.len() - 1, opened.len(), sealed.len() - 1] {
        let mut sealed = sealed.clone();
        sealed[at] ^= 1;
        let opened = ctr_acpkm_omac::open::<C>(&key, &ukm, C::SECTION, &sealed);
        assert_eq!(opened, Err(Error::Forged), "{at}");
    }
}

#[test]
fn lengths_are_checked() {
    let open = ctr_acpkm_omac::open::<Magma>;
    assert_eq!(open(&[0; 32], &[0; 12], 1024, &[0; 7]), Err(Error::Length("message")));
    assert_eq!(open(&[0; 32], &[0; 7], 1024, &[0; 8]), Err(Error::Length("ukm")));
    let wrong_iv = Err(Error::Length("initialization vector"));
    assert_eq!(open(&[0; 32], &[0; 16], 1024, &[0; 8]), wrong_iv);
}
