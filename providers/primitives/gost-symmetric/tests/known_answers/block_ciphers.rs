//! RFC 7801 and RFC 8891, and the back-end of this processor against the portable crate.

use gost_symmetric::{
    GostCipher, KeyInit, Kuznyechik,
    cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, Key},
};
use serde_json::Value;

use crate::{by_cipher, key, octets, vectors};

#[test]
fn blocks_are_those_of_the_standards() {
    let file = include_str!("../vectors/block_ciphers.json");
    for vector in &vectors(file, 2, |vector| vector.get("ciphertext").is_some()) {
        by_cipher!(check, vector);
    }
}

fn check<C: GostCipher>(vector: &Value) {
    let cipher = C::new(&Key::<C>::from(key(vector, "key")));
    let mut block = octets(vector, "plaintext");
    cipher.encrypt_blocks(Array::slice_as_chunks_mut(&mut block).0);
    assert_eq!(block, octets(vector, "ciphertext"));
    cipher.decrypt_blocks(Array::slice_as_chunks_mut(&mut block).0);
    assert_eq!(block, octets(vector, "plaintext"));
}

#[test]
fn any_number_of_blocks_is_as_in_the_oracle() {
    let mut octet = 1_u8;
    let mut noise = || {
        octet = octet.wrapping_mul(77).wrapping_add(43);
        octet
    };
    for count in 0..100 {
        let key: [u8; 32] = std::array::from_fn(|_| noise());
        let plain: Vec<_> = (0..count).map(|_| Array(std::array::from_fn(|_| noise()))).collect();
        let (ours, theirs) =
            (Kuznyechik::new(&key.into()), kuznyechik::Kuznyechik::new(&key.into()));
        let (mut blocks, mut expected) = (plain.clone(), plain.clone());
        ours.encrypt_blocks(&mut blocks);
        theirs.encrypt_blocks(&mut expected);
        assert_eq!(blocks, expected, "{count}");
        ours.decrypt_blocks(&mut blocks);
        assert_eq!(blocks, plain, "{count}");
    }
}
