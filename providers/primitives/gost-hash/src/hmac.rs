use digest::{KeyInit, Mac};

use crate::streebog::{Streebog256, Streebog512};

/// HMAC with Streebog-256 (RFC 7836, 4.1.1); 32 octets, block of 64 octets.
pub type HmacStreebog256 = hmac::Hmac<Streebog256>;

/// HMAC with Streebog-512 (RFC 7836, 4.1.2); 64 octets, block of 64 octets.
pub type HmacStreebog512 = hmac::Hmac<Streebog512>;

/// Authenticates one message given in parts with HMAC-Streebog-256, under a key of any length.
pub fn hmac_streebog256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    authenticate::<HmacStreebog256>(key, parts).into_bytes().into()
}

/// Authenticates one message given in parts with HMAC-Streebog-512, under a key of any length.
pub fn hmac_streebog512(key: &[u8], parts: &[&[u8]]) -> [u8; 64] {
    authenticate::<HmacStreebog512>(key, parts).into_bytes().into()
}

#[expect(clippy::expect_used, reason = "HMAC hashes long keys and pads short ones (RFC 2104)")]
fn authenticate<M: Mac + KeyInit>(key: &[u8], parts: &[&[u8]]) -> digest::CtOutput<M> {
    let mut mac = <M as KeyInit>::new_from_slice(key).expect("any length is a key");
    for part in parts {
        mac.update(part);
    }
    mac.finalize()
}
