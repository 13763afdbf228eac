//! Random messages against OpenSSL's GOST engine.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{
    io::Write,
    process::{Command, Stdio},
    thread,
};

use gost_hash::{hmac_streebog256, hmac_streebog512, streebog256, streebog512};

fn openssl(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut command = Command::new("openssl");
    command.args(["dgst", "-engine", "gost", "-binary"]).args(arguments);
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

fn message(length: usize) -> Vec<u8> {
    (0_u32..)
        .flat_map(|number| number.wrapping_mul(0x9e37_79b9).to_le_bytes())
        .take(length)
        .collect()
}

#[test]
#[ignore = "needs OpenSSL with the GOST engine"]
fn digests() {
    for length in [0, 1, 63, 64, 65, 127, 128, 1500, 100_000, 1 << 20] {
        let message = message(length);
        assert_eq!(streebog256(&message)[..], openssl(&["-md_gost12_256"], &message), "{length}");
        assert_eq!(streebog512(&message)[..], openssl(&["-md_gost12_512"], &message), "{length}");
    }
}

#[test]
#[ignore = "needs OpenSSL with the GOST engine"]
fn hmac() {
    for (key, length) in [("k", 1), ("a key of 32 octets, as RFC 7836 ", 10_000)] {
        let message = message(length);
        let ours = hmac_streebog256(key.as_bytes(), &[&message]);
        assert_eq!(ours[..], openssl(&["-md_gost12_256", "-hmac", key], &message));
        let ours = hmac_streebog512(key.as_bytes(), &[&message]);
        assert_eq!(ours[..], openssl(&["-md_gost12_512", "-hmac", key], &message));
    }
}
