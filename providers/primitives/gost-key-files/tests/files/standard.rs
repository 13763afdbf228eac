//! PKCS#8 under a password, all ciphers.

use getrandom::SysRng;
use gost_key_files::{Cipher, EncryptedKey, Freshness, Unopened};
use gost3410::{ParameterSet, SigningKey};

use super::fill;

#[test]
fn every_cipher_comes_back() {
    let ciphers = [
        Cipher::Magma,
        Cipher::MagmaOmac,
        Cipher::Kuznyechik,
        Cipher::KuznyechikOmac,
        Cipher::GOST_28147,
    ];
    let key = SigningKey::generate(ParameterSet::TC26_512_A, &mut SysRng).unwrap();
    for cipher in ciphers {
        let fresh = Freshness::draw(fill).unwrap();
        let sealed = EncryptedKey::seal_key(cipher, &key, b"password", 10, fresh).unwrap();
        let read = EncryptedKey::from_der(sealed.as_der()).unwrap();
        assert_eq!(read, sealed, "{cipher:?}");
        assert_eq!(read.open_key(b"password").unwrap().to_le_bytes(), key.to_le_bytes());
        assert_eq!(read.open_key(b"other").unwrap_err(), Unopened::WrongPin, "{cipher:?}");
    }
}

/// Ciphers without a code cannot tell; what is no key is taken for a wrong password.
#[test]
fn files_of_gnutls_open() {
    for name in ["gnutls-gost01-2-enc.p8", "gnutls-gost12-256-2-enc.p8"] {
        let key = EncryptedKey::from_der(&super::read(&format!("../keys/{name}"))).unwrap();
        assert!(key.open_key("Пароль для PFX".as_bytes()).is_ok(), "{name}");
        assert_eq!(key.open_key(b"other").unwrap_err(), Unopened::WrongPin, "{name}");
    }
}
