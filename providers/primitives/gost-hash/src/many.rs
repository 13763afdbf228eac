use alloc::vec::Vec;

use crate::streebog::{
    gfni::{State, finish_all},
    streebog256, streebog512,
};

/// Hashes independent messages of any lengths with Streebog-256, several at once where that is
/// faster.
///
/// ```
/// let digests = gost_hash::streebog256_many(&[b"one", b"another"]);
/// assert_eq!(digests, [gost_hash::streebog256(b"one"), gost_hash::streebog256(b"another")]);
/// ```
pub fn streebog256_many(messages: &[&[u8]]) -> Vec<[u8; 32]> {
    let Some(start) = State::new(1) else {
        return messages.iter().map(|message| streebog256(message)).collect();
    };
    let digests = finish_all(messages.iter().map(|message| (&start, *message)));
    // The upper half of the number (RFC 6986, 9).
    digests.iter().filter_map(|digest| digest.last_chunk().copied()).collect()
}

/// Hashes independent messages of any lengths with Streebog-512, several at once where that is
/// faster.
pub fn streebog512_many(messages: &[&[u8]]) -> Vec<[u8; 64]> {
    let Some(start) = State::new(0) else {
        return messages.iter().map(|message| streebog512(message)).collect();
    };
    finish_all(messages.iter().map(|message| (&start, *message)))
}
