//! PFX files that the CSP made, and what the standards print.

use base64ct::{Base64, Encoding};
use gost_key_files::{Pfx, Unopened, Usage};
use serde_json::Value;

use super::{expected, octets, read};

#[test]
fn files_of_the_csp_open() {
    for (name, values) in expected("pfx/expected.json") {
        let file = read(&format!("pfx/{name}.pfx"));
        let password = values["password"].as_str().unwrap();
        let pfx = Pfx::read(&file, password).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((pfx.keys.len(), pfx.certificates.len()), (1, 1), "{name}");
        let key = &pfx.keys[0];
        assert_eq!(key.key.to_le_bytes().to_vec(), octets(&values["d_le"]), "{name}");
        let public = key.key.verifying_key().to_le_bytes();
        assert_eq!(public, octets(&values["pub_le_xy"]), "{name}");
        assert_eq!(key.csp, Some(Usage::Exchange), "{name}");
        assert!(pfx.certificate_of(key).is_some(), "{name}");
        assert_eq!(key.local_id, pfx.certificates[0].local_id, "{name}");
        assert_eq!(Pfx::read(&file, "other").unwrap_err(), Unopened::WrongPin, "{name}");
    }
}

#[test]
fn names_are_read() {
    let pfx = Pfx::read(&read("pfx/cli_2012_256_pw-1.pfx"), "1").unwrap();
    assert_eq!(pfx.keys[0].name.as_deref(), Some("tq-5f9413d7-2a30-4bbe-9ef6-a30bb52d1359"));
}

/// RFC 9548, appendix A, and R 50.1.112-2016.
#[test]
fn files_of_the_standards_open() {
    let file: Value = serde_json::from_str(include_str!("../vectors/pfx_pkcs12.json")).unwrap();
    let vectors = file["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 3);
    for vector in vectors {
        let id = &vector["id"];
        let der = Base64::decode_vec(vector["pfx"].as_str().unwrap()).unwrap();
        let password = vector["password"].as_str().unwrap();
        let pfx = Pfx::read(&der, password).unwrap_or_else(|error| panic!("{id}: {error}"));
        let d: Vec<u8> = pfx.keys[0].key.to_le_bytes().iter().rev().copied().collect();
        assert_eq!(d, octets(&vector["d"]), "{id}");
        let certificate = Base64::decode_vec(vector["certificate"].as_str().unwrap()).unwrap();
        assert_eq!(pfx.certificate_of(&pfx.keys[0]), Some(certificate.as_slice()), "{id}");
        assert_eq!(Pfx::read(&der, "пароль").unwrap_err(), Unopened::WrongPin, "{id}");
    }
}

/// GnuTLS made these, one with the hash of 1994.
#[test]
fn files_of_gnutls_open() {
    for name in ["gnutls-gost01", "gnutls-gost12"] {
        let file = read(&format!("../pfx/{name}.p12"));
        let pfx = Pfx::read(&file, "Пароль для PFX").unwrap();
        assert!(pfx.certificate_of(&pfx.keys[0]).is_some(), "{name}");
    }
}

#[test]
fn no_flip_passes() {
    let whole = read("pfx/cli_2012_256_pw-1.pfx");
    for at in (0..whole.len()).step_by(17) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x04;
        assert!(Pfx::read(&damaged, "1").is_err(), "octet {at}");
        assert!(Pfx::read(&whole[..at], "1").is_err(), "{at} octets");
    }
}
