//! Private keys in any form met in the field, and encrypted ones.
#![no_main]

use der::Decode;
use gost_ca_software::container::EncryptedKey;
use gost3410::SigningKey;
use libfuzzer_sys::fuzz_target;
use pkcs8::PrivateKeyInfoRef;

fuzz_target!(|der: &[u8]| {
    if let Ok(info) = PrivateKeyInfoRef::from_der(der)
        && let Ok(key) = SigningKey::from_pkcs8(&info)
    {
        let octets = key.to_le_bytes();
        let again = SigningKey::from_le_bytes(key.parameter_set(), &octets).expect("our own key");
        assert_eq!(again.verifying_key().x_be(), key.verifying_key().x_be());
        assert_eq!(again.verifying_key().y_be(), key.verifying_key().y_be());
    }
    let _encrypted = EncryptedKey::from_der(der);
});
