//! RFC 5830, RFC 4357 and RFC 7836, and what CryptoPro CSP gives.

use gost_symmetric::{
    Error,
    legacy::{Cfb28147, Cnt28147, Gost28147, Imit, KeyWrap, Meshing, Sbox, WrappedKey},
};
use serde_json::Value;

use crate::{key, octets, vectors};

const FILE: &str = include_str!("../vectors/gost28147.json");

fn sbox(vector: &Value) -> &'static Sbox {
    Sbox::of(vector["sbox_oid"].as_str().unwrap()).unwrap()
}

fn input(vector: &Value) -> Vec<u8> {
    match vector["input_zero_bytes"].as_u64() {
        Some(length) => vec![0; usize::try_from(length).unwrap()],
        None => octets(vector, "input"),
    }
}

fn iv(vector: &Value) -> [u8; 8] {
    octets(vector, "iv").try_into().unwrap()
}

#[test]
fn every_sbox_encrypts_its_check() {
    for vector in &vectors(include_str!("../vectors/gost28147_sboxes.json"), 8, |_| true) {
        let sbox = Sbox::of(vector["oid"].as_str().unwrap()).unwrap();
        let mut block = octets(vector, "check_plaintext");
        Gost28147::new(&key(vector, "check_key"), sbox).encrypt_ecb(&mut block).unwrap();
        assert_eq!(block, octets(vector, "check_ciphertext"), "{}", vector["id"]);
    }
    assert_eq!(Sbox::of("1.2.643.2.2.31"), None);
}

#[test]
fn ecb_is_that_of_other_libraries() {
    for vector in &vectors(FILE, 12, |vector| vector["mode"] == "ECB") {
        let cipher = Gost28147::new(&key(vector, "key"), sbox(vector));
        let mut data = input(vector);
        cipher.encrypt_ecb(&mut data).unwrap();
        assert_eq!(data, octets(vector, "output"), "{}", vector["id"]);
        cipher.decrypt_ecb(&mut data).unwrap();
        assert_eq!(data, input(vector));
        assert_eq!(cipher.encrypt_ecb(&mut data[1..]), Err(Error::Length("message")));
    }
}

#[test]
fn cfb_is_that_of_cryptopro_csp() {
    for vector in &vectors(FILE, 5, |vector| vector["mode"] == "CFB") {
        let mode =
            || Cfb28147::new(&key(vector, "key"), sbox(vector), &iv(vector), Meshing::CryptoPro);
        for split in splits(input(vector).len()) {
            let mut data = input(vector);
            let (head, tail) = data.split_at_mut(split);
            let (mut cfb, mut backwards) = (mode(), mode());
            cfb.encrypt(head);
            cfb.encrypt(tail);
            assert_eq!(data, octets(vector, "output"), "{} at {split}", vector["id"]);
            let (head, tail) = data.split_at_mut(split);
            backwards.decrypt(head);
            backwards.decrypt(tail);
            assert_eq!(data, input(vector), "{} at {split}", vector["id"]);
        }
    }
}

#[test]
fn cnt_is_that_of_cryptopro_csp() {
    for vector in &vectors(FILE, 2, |vector| vector["mode"] == "CNT") {
        for split in splits(input(vector).len()) {
            let mut data = input(vector);
            let (head, tail) = data.split_at_mut(split);
            let key = key(vector, "key");
            let mut cnt = Cnt28147::new(&key, sbox(vector), &iv(vector), Meshing::CryptoPro);
            cnt.apply(head);
            cnt.apply(tail);
            assert_eq!(data, octets(vector, "output"), "{} at {split}", vector["id"]);
        }
    }
}

#[test]
fn imit_is_that_of_cryptopro_csp() {
    for vector in &vectors(FILE, 8, |vector| vector["mode"] == "IMIT") {
        let message = input(vector);
        for split in splits(message.len()) {
            let (head, tail) = message.split_at(split);
            let key = key(vector, "key");
            let mut imit = Imit::new(&key, sbox(vector), &iv(vector), Meshing::CryptoPro);
            imit.update(head);
            imit.update(tail);
            assert_eq!(imit.finalize()[..], octets(vector, "mac"), "{} at {split}", vector["id"]);
        }
    }
}

fn splits(length: usize) -> impl Iterator<Item = usize> {
    (0..=length).filter(|at| *at < 20 || (1010..1040).contains(at))
}

#[test]
fn wraps_are_those_of_rfc4357_and_rfc7836() {
    for vector in &vectors(include_str!("../vectors/keywrap_28147.json"), 11, |_| true) {
        let (wrap, [kek, ukm, cek]) = match vector["type"].as_str().unwrap() {
            "RFC7836-4.6" => (KeyWrap::Kdf, ["K_e", "seed", "K"]),
            "CryptoPro" => (KeyWrap::CryptoPro, ["kek", "ukm", "cek"]),
            _ => (KeyWrap::Plain, ["kek", "ukm", "cek"]),
        };
        let (kek, ukm, cek) = (key(vector, kek), octets(vector, ukm), octets(vector, cek));
        let wrapped = wrap.wrap(sbox(vector), &kek, &ukm, &cek).unwrap();
        let whole = [&ukm[..], &wrapped.encrypted, &wrapped.mac].concat();
        assert_eq!(whole, octets(vector, "wrapped"), "{}", vector["id"]);
        assert_eq!(wrap.unwrap(sbox(vector), &kek, &ukm, &wrapped).unwrap()[..], cek);
        let forged = WrappedKey { mac: wrapped.mac.map(|octet| octet ^ 1), ..wrapped };
        assert_eq!(wrap.unwrap(sbox(vector), &kek, &ukm, &forged), Err(Error::Forged));
    }
}

#[test]
fn wraps_check_lengths() {
    let wrap =
        |wrap: KeyWrap, ukm: &[u8], key: &[u8]| wrap.wrap(&Sbox::PARAM_Z, &[0; 32], ukm, key).err();
    for kind in [KeyWrap::Plain, KeyWrap::CryptoPro, KeyWrap::Kdf] {
        assert_eq!(wrap(kind, &[0; 7], &[0; 32]), Some(Error::Length("UKM")));
        assert_eq!(wrap(kind, &[0; 17], &[0; 32]), Some(Error::Length("UKM")));
        assert_eq!(wrap(kind, &[0; 8], &[0; 33]), Some(Error::Length("key")));
        assert_eq!(wrap(kind, &[0; 8], &[0; 64]), None);
    }
    assert_eq!(wrap(KeyWrap::Plain, &[0; 9], &[0; 32]), Some(Error::Length("UKM")));
    assert_eq!(wrap(KeyWrap::Kdf, &[0; 16], &[0; 32]), None);
}
