//! R 1323565.1.017-2018 and RFC 9189.

use gost_symmetric::{
    Error, GostCipher,
    kexp15::{ExportKeys, export, import},
};
use serde_json::Value;

use crate::{by_cipher, key, octets, vectors};

#[test]
fn kexp15_is_that_of_r_017() {
    for vector in &vectors(include_str!("../vectors/kexp15.json"), 4, |_| true) {
        by_cipher!(check, vector);
    }
}

fn check<C: GostCipher>(vector: &Value) {
    let keys = ExportKeys {
        authentication: key(vector, "K_Exp_MAC").into(),
        encryption: key(vector, "K_Exp_ENC").into(),
    };
    let (iv, secret) = (octets(vector, "IV"), octets(vector, "S"));
    let exported = octets(vector, "SExp");
    assert_eq!(export::<C>(&keys, &iv, &secret).unwrap(), exported);
    assert_eq!(import::<C>(&keys, &iv, &exported).unwrap()[..], secret);
    for at in 0..exported.len() {
        let mut exported = exported.clone();
        exported[at] ^= 0x10;
        assert_eq!(import::<C>(&keys, &iv, &exported), Err(Error::Forged), "{at}");
    }
    assert_eq!(import::<C>(&keys, &iv, &[0; 7]), Err(Error::Length("export")));
    assert!(export::<C>(&keys, &iv[1..], &secret).is_err());
}
