//! PFX files, as they are, and with the code of the whole made good; blobs of the CSP.
#![no_main]

use gost_hash::{hmac_streebog512, pbkdf2_hmac_streebog512};
use gost_key_files::{EncryptedKey, Pfx, PrivateBlob, PublicBlob};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let _as_it_is = Pfx::read(input, "");
    let _made_good = Pfx::read(&with_code(input), "");
    if let Ok(blob) = PublicBlob::read(input) {
        let written = PublicBlob::write(&blob.key, blob.usage).expect("our own key");
        assert_eq!(PublicBlob::read(&written).expect("our own blob").key.x_be(), blob.key.x_be());
    }
    let _blob = PrivateBlob::read(input, &[0; 32]);
    if let Ok(key) = EncryptedKey::from_der(input) {
        let _key = key.open_key(b"");
    }
});

/// The input as the authenticated content, under an empty password (RFC 9548, 3).
fn with_code(content: &[u8]) -> Vec<u8> {
    let mut key = [0; 96];
    pbkdf2_hmac_streebog512(b"", b"saltsalt", 1, &mut key).expect("one iteration");
    let digest = hmac_streebog512(&key[64..], &[content]);
    let streebog = [0x06, 0x08, 0x2a, 0x85, 0x03, 0x07, 0x01, 0x01, 0x02, 0x03];
    let info = field(0x30, &[&field(0x30, &[&streebog]), &field(0x04, &[&digest])]);
    let mac = field(0x30, &[&info, &field(0x04, &[b"saltsalt"]), &[0x02, 0x01, 0x01]]);
    let data = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
    let safe = field(0x30, &[&data, &field(0xa0, &[&field(0x04, &[content])])]);
    field(0x30, &[&[0x02, 0x01, 0x03], &safe, &mac])
}

/// A field of up to 64 KiB, its length in the fewest octets.
fn field(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let [.., high, low] = body.len().to_be_bytes();
    let head = match body.len() {
        0..=0x7f => vec![tag, low],
        0x80..=0xff => vec![tag, 0x81, low],
        0x100..=0xffff => vec![tag, 0x82, high, low],
        _ => vec![tag, 0x80],
    };
    [head, body].concat()
}
