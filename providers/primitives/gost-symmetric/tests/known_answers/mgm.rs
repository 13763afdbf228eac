//! RFC 9058.

use gost_symmetric::{Error, GostCipher, Kuznyechik, Magma, Mgm};
use serde_json::Value;

use crate::{by_cipher, key, octets, vectors};

#[test]
fn mgm_is_that_of_rfc9058() {
    for vector in &vectors(include_str!("../vectors/mgm.json"), 4, |_| true) {
        by_cipher!(check, vector);
    }
}

fn check<C: GostCipher>(vector: &Value) {
    let (nonce, aad) = (octets(vector, "icn"), octets(vector, "aad"));
    let (plain, sealed) = (octets(vector, "plaintext"), octets(vector, "ciphertext"));
    let mgm = Mgm::<C>::new(&key(vector, "key"));
    let mut data = plain.clone();
    let tag = mgm.seal(&nonce, &aad, &mut data).unwrap();
    assert_eq!((&data, &tag[..]), (&sealed, &octets(vector, "tag")[..]), "{}", vector["id"]);
    mgm.open(&nonce, &aad, &mut data, &tag).unwrap();
    assert_eq!(data, plain);
}

#[test]
fn a_forgery_is_not_decrypted() {
    let mgm = Mgm::<Kuznyechik>::new(&[7; 32]);
    let (nonce, aad, mut data) = ([1; 16], [2; 5], [3; 100]);
    let tag = mgm.seal(&nonce, &aad, &mut data).unwrap();
    for at in 0..100 {
        let mut forged = data;
        forged[at] ^= 1;
        let unchanged = forged;
        assert_eq!(mgm.open(&nonce, &aad, &mut forged, &tag), Err(Error::Forged));
        assert_eq!(forged, unchanged);
    }
    let mut forged = data;
    assert_eq!(mgm.open(&nonce, &aad[..4], &mut forged, &tag), Err(Error::Forged));
    assert_eq!(mgm.open(&nonce, &aad, &mut forged, &tag[..15]), Err(Error::Forged));
    assert_eq!(mgm.open(&nonce, &aad, &mut forged, &[]), Err(Error::Forged));
    assert_eq!(mgm.open(&nonce, &aad, &mut forged, &tag), Ok(()));
}

#[test]
fn a_nonce_is_a_block_without_its_first_bit() {
    let mgm = Mgm::<Magma>::new(&[7; 32]);
    for nonce in [&[][..], &[1; 7], &[0x80; 8], &[1; 16]] {
        assert_eq!(mgm.seal(nonce, b"a", &mut []), Err(Error::Length("nonce")));
    }
    assert_eq!(mgm.seal(&[1; 8], b"", &mut []), Err(Error::Length("message")));
}
