//! What a token may say, and what names one: attributes of public keys, and lines.
#![no_main]

use gost_ca_pkcs11::public_key::PublicAttributes;
use gost_ca_pkcs11::uri::TokenUri;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(line) = core::str::from_utf8(data) {
        if let Ok(uri) = line.parse::<TokenUri>() {
            assert!(!uri.module.as_os_str().is_empty());
        }
    }
    let attributes = attributes(data);
    if let Ok(key) = attributes.to_public_key() {
        assert!(!key.key_octets().is_empty());
    }
});

/// Values behind lengths of one octet; 255 is an attribute that is not there.
fn attributes(mut data: &[u8]) -> PublicAttributes {
    let mut next = || {
        let (length, rest) = data.split_first()?;
        if *length == 255 {
            data = rest;
            return None;
        }
        let (value, rest) = rest.split_at(usize::from(*length).min(rest.len()));
        data = rest;
        Some(value.to_vec())
    };
    let mut attributes = PublicAttributes::default();
    attributes.key_type = next();
    attributes.params = next();
    attributes.hash_params = next();
    attributes.value = next();
    attributes.ec_params = next();
    attributes.ec_point = next();
    attributes.modulus = next();
    attributes.exponent = next();
    attributes
}
