//! Containers and PFX files that we write.

use getrandom::SysRng;
use gost_key_files::{
    Cipher, CspContainer, CspKey, Files, NewContainer, NewPfx, Pfx, Protection, Unopened, Usage,
    Written,
};
use gost3410::{ParameterSet, SigningKey};

use super::{fill, folder, open};

fn key(set: ParameterSet) -> SigningKey {
    SigningKey::generate(set, &mut SysRng).unwrap()
}

fn read_back(written: &Written) -> Result<CspContainer, Unopened> {
    let file = |name| &written.files.iter().find(|file| file.0 == name).unwrap().1[..];
    CspContainer::read(&Files {
        header: file("header.key"),
        name: file("name.key"),
        main: (file("masks.key"), file("primary.key")),
        reserve: Some((file("masks2.key"), file("primary2.key"))),
    })
}

#[test]
fn containers_of_every_set_come_back() {
    for set in ParameterSet::ALL.iter().copied() {
        for password in ["", "12345678"] {
            let keys =
                [CspKey::new(key(set), Usage::Signature), CspKey::new(key(set), Usage::Exchange)];
            let new = NewContainer { name: "test", keys: &keys, password };
            let container = read_back(&new.write(fill).unwrap()).unwrap();
            assert_eq!(container.has_password(), !password.is_empty());
            let right = (!password.is_empty()).then_some(true);
            assert_eq!(container.password_code_matches(password), right);
            let opened = container.open(password).unwrap();
            for (read, written) in opened.iter().zip(&keys) {
                assert_eq!(read.key.to_le_bytes(), written.key.to_le_bytes(), "{set:?}");
                assert_eq!((read.usage, read.exportable), (written.usage, true));
            }
            assert_eq!(opened.len(), 2);
            assert_eq!(container.open("wrong").unwrap_err(), Unopened::WrongPin);
        }
    }
}

/// What the CSP made, written anew: the header is the same but for what the CSP adds.
#[test]
fn containers_of_the_csp_are_written_anew() {
    for name in ["G2001256.000", "G2012256.001", "G2012512.000", "0000rtin.001"] {
        let original = open(&folder(name)).unwrap();
        let keys = original.open("").unwrap();
        let new = NewContainer { name: original.name(), keys: &keys, password: "" };
        let written = new.write(fill).unwrap();
        let again = read_back(&written).unwrap();
        assert_eq!(again.name(), original.name());
        for (again, key) in again.open("").unwrap().iter().zip(&keys) {
            assert_eq!(again.key.to_le_bytes(), key.key.to_le_bytes());
            assert_eq!(again.certificate, key.certificate);
            assert_eq!(again.not_after, key.not_after);
            assert_eq!(again.exportable, key.exportable);
        }
        assert_eq!(written.files[3].1, folder(name)["name.key"], "{name}");
    }
}

#[test]
fn what_the_format_does_not_take_is_refused() {
    let keys = [CspKey::new(key(ParameterSet::TC26_256_A), Usage::Signature)];
    for (name, password) in [("ключ", ""), ("", ""), ("key", "пароль")] {
        let refused = NewContainer { name, keys: &keys, password }.write(fill);
        assert!(matches!(refused, Err(Unopened::Unwritable(_))), "{name} {password}");
    }
    let mixed = [
        CspKey::new(key(ParameterSet::TC26_256_A), Usage::Signature),
        CspKey::new(key(ParameterSet::TC26_512_A), Usage::Exchange),
    ];
    let refused = NewContainer { name: "key", keys: &mixed, password: "" }.write(fill);
    assert!(matches!(refused, Err(Unopened::Unwritable(_))));
    let refused = NewContainer { name: "key", keys: &keys, password: "" }.write(|_| Err(()));
    assert!(matches!(refused, Err(Unopened::Unwritable(_))));
}

#[test]
fn pfx_files_come_back() {
    let keys = open(&folder("G2012512.000")).unwrap().open("").unwrap();
    let certificates = [keys[1].certificate.clone().unwrap(), keys[0].certificate.clone().unwrap()];
    let protections = [
        Protection::Csp(Usage::Exchange),
        Protection::Standard(Cipher::KuznyechikOmac),
        Protection::Standard(Cipher::Magma),
        Protection::Standard(Cipher::GOST_28147),
    ];
    for protection in protections {
        for password in ["", "пароль №1"] {
            let new = NewPfx {
                key: &keys[0].key,
                certificates: &certificates,
                name: Some("ключ"),
                password,
                iterations: 10,
            };
            let file = new.write(protection, fill).unwrap();
            let pfx = Pfx::read(&file, password).unwrap();
            assert_eq!(pfx.keys[0].key.to_le_bytes(), keys[0].key.to_le_bytes());
            assert_eq!(pfx.keys[0].name.as_deref(), Some("ключ"));
            assert_eq!(pfx.certificate_of(&pfx.keys[0]), keys[0].certificate.as_deref());
            assert_eq!(pfx.certificates.len(), 2);
            assert_eq!(Pfx::read(&file, "wrong").unwrap_err(), Unopened::WrongPin);
        }
    }
}
