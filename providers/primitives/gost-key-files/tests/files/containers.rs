//! Containers that the CSP made.

use gost_key_files::{Unopened, Usage};

use super::{expected, folder, octets, open};

/// Five containers, seven keys: values recorded by another reader.
#[test]
fn all_keys_are_what_they_must_be() {
    let mut keys = 0;
    for (name, values) in expected("containers/expected.json") {
        let container = open(&folder(&name)).unwrap();
        assert_eq!(container.copies(), 2, "{name}");
        assert!(!container.has_password(), "{name}");
        let opened = container.open("").unwrap();
        let values = values["keys"].as_object().unwrap();
        assert_eq!(opened.len(), values.len(), "{name}");
        for (key, which) in opened.iter().zip(["primary", "secondary"]) {
            let values = &values[which];
            let public = key.key.verifying_key();
            assert_eq!(key.key.to_le_bytes().to_vec(), octets(&values["d_le"]), "{name}");
            assert_eq!(public.to_le_bytes(), octets(&values["pub_le_xy"]), "{name}");
            let stated = values["algorithm"].as_str().unwrap();
            let exchange = public.key_algorithm().agreement_oid().to_string() == stated;
            assert_eq!(key.usage == Usage::Exchange, exchange, "{name}");
            let flags = octets(&values["flags_bitstring"])[1];
            assert_eq!(key.exportable, flags & 0x80 != 0, "{name}");
            assert_eq!(public.parameter_set().oid().to_string(), values["params"][0], "{name}");
            assert!(key.certificate.is_some(), "{name}");
            assert!(key.not_after.is_some(), "{name}");
            keys += 1;
        }
    }
    assert_eq!(keys, 7);
}

#[test]
fn names_and_terms_are_read() {
    let container = open(&folder("0000rtin.001")).unwrap();
    assert_eq!(container.name(), "0000_tinyCA_83d9af76-99ed-4b75-9135-90e86a18d927");
    let container = open(&folder("G2012256.001")).unwrap();
    let keys = container.open("").unwrap();
    assert_eq!(keys[0].not_after.unwrap().to_string(), "2020-04-24T19:20:09Z");
    assert_eq!(keys[1].not_after.unwrap().to_string(), "2020-04-24T19:20:21Z");
    assert_eq!(container.certificates().count(), 2);
}

#[test]
fn a_wrong_password_is_one() {
    for name in ["G2012256.001", "G2001256.000", "G2012512.000"] {
        let container = open(&folder(name)).unwrap();
        for password in ["1", "пароль"] {
            assert_eq!(container.open(password).unwrap_err(), Unopened::WrongPin, "{name}");
        }
    }
}

#[test]
fn keys_of_rsa_and_ec_are_unsupported() {
    for name in ["pfx-0829.000", "pfx-3407.000"] {
        match open(&folder(name)).unwrap_err() {
            Unopened::UnsupportedContainer(why) => assert!(why.contains("version 4")),
            other => panic!("{name}: {other}"),
        }
    }
}

/// Either copy of the keys is enough; without both there is nothing.
#[test]
fn the_reserve_copy_is_used() {
    let whole = folder("G2012512.000");
    let d = |folder: &super::Folder| {
        let keys = open(folder).unwrap().open("").unwrap();
        keys.iter().map(|key| key.key.to_le_bytes().to_vec()).collect::<Vec<_>>()
    };
    let keys = d(&whole);
    for file in ["masks.key", "primary.key", "masks2.key", "primary2.key"] {
        let mut damaged = whole.clone();
        damaged.get_mut(file).unwrap()[20] ^= 1;
        assert_eq!(d(&damaged), keys, "{file}");
        damaged.insert(file, Vec::new());
        assert_eq!(d(&damaged), keys, "{file}");
    }
    let mut damaged = whole.clone();
    for file in ["masks.key", "masks2.key"] {
        damaged.get_mut(file).unwrap()[20] ^= 1;
    }
    assert!(open(&damaged).and_then(|container| container.open("")).is_err());
}

/// Every octet of the header is under its code or is the code.
#[test]
fn no_flip_of_the_header_passes() {
    let whole = folder("G2012256.001");
    for at in 0..whole["header.key"].len() {
        let mut damaged = whole.clone();
        damaged.get_mut("header.key").unwrap()[at] ^= 0x10;
        assert!(open(&damaged).is_err(), "octet {at}");
    }
}

#[test]
fn no_truncation_passes() {
    let whole = folder("G2001256.000");
    for file in ["header.key", "name.key"] {
        for length in 0..whole[file].len() {
            let mut damaged = whole.clone();
            damaged.get_mut(file).unwrap().truncate(length);
            assert!(open(&damaged).is_err(), "{file} of {length} octets");
        }
    }
}

#[test]
fn a_certificate_of_another_key_is_noticed() {
    let keys = open(&folder("G2012256.001")).unwrap().open("").unwrap();
    let foreign = keys[1].certificate.clone().unwrap();
    let key = gost_key_files::CspKey::new(keys.into_iter().next().unwrap().key, Usage::Signature);
    assert!(matches!(key.with_certificate(&foreign), Err(Unopened::Unwritable(_))));
}
