//! Long messages against OpenSSL's GOST engine: what the short official examples cannot show.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{
    io::Write,
    process::{Command, Stdio},
    thread,
};

use gost_symmetric::{Cbc, Cfb, Ctr, CtrAcpkm, GostCipher, Kuznyechik, Magma, Ofb, omac};

const KEY: [u8; 32] = [
    0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77,
    0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
];
const IV: [u8; 16] = *b"initial a vector";

fn message(length: usize) -> Vec<u8> {
    (0_u32..)
        .flat_map(|number| number.wrapping_mul(0x9e37_79b9).to_le_bytes())
        .take(length)
        .collect()
}

fn openssl(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut command = Command::new("openssl");
    command.args(arguments).args(["-engine", "gost"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let output = thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(input).unwrap());
        child.wait_with_output().unwrap()
    });
    assert!(output.status.success(), "{arguments:?}");
    output.stdout
}

fn encrypt(cipher: &str, iv: &[u8], input: &[u8]) -> Vec<u8> {
    let (key, iv) = (hex::encode(KEY), hex::encode(iv));
    openssl(&["enc", "-e", &format!("-{cipher}"), "-K", &key, "-iv", &iv, "-nopad"], input)
}

fn check_modes<C: GostCipher>(name: &str) {
    let (iv, _) = IV.split_at(C::BLOCK);
    let (half, _) = IV.split_at(C::BLOCK / 2);
    // Crosses many sections, and ends in the middle of a block.
    for length in [0, 1, 1024, 4096, 4097, 50_001] {
        let mut data = message(length);
        Ctr::<C>::new(&KEY, half).unwrap().apply(&mut data);
        assert_eq!(data, encrypt(&format!("{name}-ctr"), half, &message(length)), "{length}");
        let mut data = message(length);
        CtrAcpkm::<C>::new(&KEY, half, C::SECTION).unwrap().apply(&mut data);
        let theirs = encrypt(&format!("{name}-ctr-acpkm"), half, &message(length));
        assert_eq!(data, theirs, "{length}");
    }
    let mut data = message(50_000);
    Cbc::<C>::new(&KEY, iv).unwrap().encrypt(&mut data).unwrap();
    assert_eq!(data, encrypt(&format!("{name}-cbc"), iv, &message(50_000)));
    Cbc::<C>::new(&KEY, iv).unwrap().decrypt(&mut data).unwrap();
    assert_eq!(data, message(50_000));
}

#[test]
#[ignore = "needs OpenSSL with the GOST engine"]
fn kuznyechik_modes() {
    check_modes::<Kuznyechik>("kuznyechik");
    let mut data = message(50_001);
    Ofb::<Kuznyechik>::new(&KEY, &IV).unwrap().apply(&mut data);
    assert_eq!(data, encrypt("kuznyechik-ofb", &IV, &message(50_001)));
    let mut data = message(50_001);
    Cfb::<Kuznyechik>::new(&KEY, &IV).unwrap().encrypt(&mut data);
    assert_eq!(data, encrypt("kuznyechik-cfb", &IV, &message(50_001)));
}

#[test]
#[ignore = "needs OpenSSL with the GOST engine"]
fn magma_modes() {
    check_modes::<Magma>("magma");
}

/// As CMAC: what the engine calls `kuznyechik-mac` gives the code of Magma.
fn check_omac<C: GostCipher>(name: &str) {
    let (key, cipher) = (format!("hexkey:{}", hex::encode(KEY)), format!("cipher:{name}-cbc"));
    for length in [1, 15, 16, 17, 10_000] {
        let arguments = ["dgst", "-mac", "cmac", "-macopt", &cipher, "-macopt", &key, "-binary"];
        let theirs = openssl(&arguments, &message(length));
        assert_eq!(omac::<C>(&KEY, &[&message(length)])[..], theirs, "{length}");
    }
}

#[test]
#[ignore = "needs OpenSSL with the GOST engine"]
fn omacs() {
    check_omac::<Kuznyechik>("kuznyechik");
    check_omac::<Magma>("magma");
}

#[cfg(feature = "legacy")]
mod legacy {
    use gost_symmetric::legacy::{Cfb28147, Cnt28147, Imit, Meshing, Sbox};

    use super::{IV, KEY, encrypt, message, openssl};

    #[test]
    #[ignore = "needs OpenSSL with the GOST engine"]
    fn gost28147_modes() {
        let iv = IV.first_chunk().unwrap();
        for length in [1, 1024, 1025, 50_001] {
            let mut data = message(length);
            Cfb28147::new(&KEY, &Sbox::PARAM_Z, iv, Meshing::CryptoPro).encrypt(&mut data);
            assert_eq!(data, encrypt("gost89", iv, &message(length)), "{length}");
            let sets = [("gost89-cnt", Sbox::CRYPTOPRO_A), ("gost89-cnt-12", Sbox::PARAM_Z)];
            for (name, sbox) in sets {
                let mut data = message(length);
                Cnt28147::new(&KEY, &sbox, iv, Meshing::CryptoPro).apply(&mut data);
                assert_eq!(data, encrypt(name, iv, &message(length)), "{name} {length}");
            }
        }
    }

    #[test]
    #[ignore = "needs OpenSSL with the GOST engine"]
    fn gost28147_imit() {
        let key = format!("hexkey:{}", hex::encode(KEY));
        for length in [1, 8, 9, 1024, 1025, 50_001] {
            for (name, sbox) in [("gost-mac", Sbox::CRYPTOPRO_A), ("gost-mac-12", Sbox::PARAM_Z)] {
                let mut imit = Imit::new(&KEY, &sbox, &[0; 8], Meshing::CryptoPro);
                imit.update(&message(length));
                let arguments = ["dgst", "-mac", name, "-macopt", &key, "-binary"];
                let theirs = openssl(&arguments, &message(length));
                assert_eq!(imit.finalize()[..], theirs, "{name} {length}");
            }
        }
    }
}
