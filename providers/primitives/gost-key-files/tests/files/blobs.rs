//! Blobs: private ones recorded out of PFX files of the CSP, public ones built from its certificates.

use gost_key_files::{PrivateBlob, PublicBlob, Unopened};

use super::{expected, octets, read};

#[test]
fn private_blobs_open() {
    for (name, values) in expected("pfx/expected.json") {
        let blob = read(&format!("blobs/{name}.privatekeyblob.bin"));
        let export_key: [u8; 32] = octets(&values["pbe_key"]).try_into().unwrap();
        let key = PrivateBlob::read(&blob, &export_key).unwrap();
        assert_eq!(key.key.to_le_bytes().to_vec(), octets(&values["d_le"]), "{name}");
        let mut other = export_key;
        other[0] ^= 1;
        assert_eq!(PrivateBlob::read(&blob, &other).unwrap_err(), Unopened::WrongPin);
        for at in 0..blob.len() {
            let mut damaged = blob.clone();
            damaged[at] ^= 0x20;
            assert!(PrivateBlob::read(&damaged, &export_key).is_err(), "{name}: octet {at}");
        }
    }
}

/// The same octets as the CSP's own, under the same key and `ukm`.
#[test]
fn private_blobs_are_written_as_the_csp_does() {
    for (name, values) in expected("pfx/expected.json") {
        let blob = read(&format!("blobs/{name}.privatekeyblob.bin"));
        let export_key: [u8; 32] = octets(&values["pbe_key"]).try_into().unwrap();
        let key = PrivateBlob::read(&blob, &export_key).unwrap();
        let ukm: [u8; 8] = octets(&values["ukm"]).try_into().unwrap();
        let written = PrivateBlob::write(&key.key, key.usage, &export_key, &ukm).unwrap();
        assert_eq!(*written, blob, "{name}");
    }
}

#[test]
fn public_blobs_are_read() {
    let mut read_blobs = 0;
    for (name, values) in expected("containers/expected.json") {
        for (which, short) in [("primary", "prim"), ("secondary", "sec")] {
            let Some(values) = values["keys"].get(which) else { continue };
            let blob = read(&format!("blobs/{name}.{short}.pubkeyblob.bin"));
            let public = PublicBlob::read(&blob).unwrap();
            assert_eq!(public.key.to_le_bytes(), octets(&values["pub_le_xy"]), "{name}");
            assert_eq!(PublicBlob::write(&public.key, public.usage).unwrap(), blob, "{name}");
            for length in 0..blob.len() {
                assert!(PublicBlob::read(&blob[..length]).is_err(), "{name}: {length} octets");
            }
            read_blobs += 1;
        }
    }
    assert_eq!(read_blobs, 7);
}
