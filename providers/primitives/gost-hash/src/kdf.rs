use core::fmt;

use zeroize::Zeroizing;

use crate::hmac::hmac_streebog256;

/// Derives one 256-bit key (RFC 7836, 4.4).
///
/// `HMAC_256(key, 01 ‖ label ‖ 00 ‖ seed ‖ 01 00)`.
pub fn kdf_gostr3411_2012_256(key: &[u8; 32], label: &[u8], seed: &[u8]) -> [u8; 32] {
    hmac_streebog256(key, &[&[1], label, &[0], seed, &[1, 0]])
}

/// Derives `out.len()` octets of keys (RFC 7836, 4.5).
///
/// `K(i) = HMAC_256(key, [i]_R ‖ label ‖ 00 ‖ seed ‖ [L]_b)` with a counter of `counter_octets`
/// (R) octets and L the length of `out` in bits in the fewest octets; `out` is
/// `K(1) ‖ K(2) ‖ …`, the last one cut.
///
/// # Errors
/// R is not 1..=4, `out` is empty, or needs more keys than R octets count; `out` is untouched.
pub fn kdf_tree_gostr3411_2012_256(
    key: &[u8; 32],
    label: &[u8],
    seed: &[u8],
    counter_octets: usize,
    out: &mut [u8],
) -> Result<(), InvalidTree> {
    let limit = match counter_octets {
        1 => 0xff,
        2 => 0xffff,
        3 => 0x00ff_ffff,
        4 => u32::MAX,
        _ => return Err(InvalidTree),
    };
    let blocks = u32::try_from(out.len().div_ceil(32)).map_err(|_| InvalidTree)?;
    let bits = u64::try_from(out.len()).ok().and_then(|n| n.checked_mul(8)).ok_or(InvalidTree)?;
    if blocks == 0 || blocks > limit {
        return Err(InvalidTree);
    }
    let length = bits.to_be_bytes();
    let length =
        length.get(length.iter().take_while(|octet| **octet == 0).count()..).unwrap_or(&[]);
    for (number, chunk) in (1..=blocks).zip(out.chunks_mut(32)) {
        let counter = number.to_be_bytes();
        let counter = counter.split_at(counter.len().saturating_sub(counter_octets)).1;
        let block = Zeroizing::new(hmac_streebog256(key, &[counter, label, &[0], seed, length]));
        chunk.iter_mut().zip(block.iter()).for_each(|(to, from)| *to = *from);
    }
    Ok(())
}

/// Derives the key of a TLS record or of a message in a long stream (RFC 9189, 8.1).
///
/// `masks` are `C_1`, `C_2`, `C_3` of the cipher suite: which bits of the number choose the key of
/// each level.
pub fn tlstree(root: &[u8; 32], masks: [u64; 3], number: u64) -> [u8; 32] {
    let [first, second, third] = masks.map(|mask| (number & mask).to_be_bytes());
    let level = Zeroizing::new(kdf_gostr3411_2012_256(root, b"level1", &first));
    let level = Zeroizing::new(kdf_gostr3411_2012_256(&level, b"level2", &second));
    kdf_gostr3411_2012_256(&level, b"level3", &third)
}

/// `KDF_TREE` was asked for no octets, for too many, or with a counter that is not 1..=4 octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidTree;

impl fmt::Display for InvalidTree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KDF_TREE cannot give that many octets with that counter")
    }
}

impl core::error::Error for InvalidTree {}
