//! From a container's password to the key that its keys are under.

use alloc::vec::Vec;

use gost_hash::legacy::Gost94;
use gost_hash::{Digest, Streebog256};
use zeroize::Zeroizing;

use super::header::sbox;
use crate::csp_key::code as gost_code;

/// The octets that a password may stand for: four a character.
///
/// Beyond ASCII no sample shows what the CSP does: characters are tried, then octets of UTF-8.
pub(super) fn encodings(password: &str) -> impl Iterator<Item = Zeroizing<Vec<u8>>> {
    let widen = |code: u32| code.to_le_bytes();
    let characters: Vec<u8> = password.chars().flat_map(|c| widen(u32::from(c))).collect();
    let octets = (!password.is_ascii())
        .then(|| password.bytes().flat_map(|octet| widen(u32::from(octet))).collect::<Vec<u8>>());
    core::iter::once(characters).chain(octets).map(Zeroizing::new)
}

/// The key for the octets of a password.
pub(super) fn storage_key(password: &[u8], salt: &[u8], is_of_2001: bool) -> Zeroizing<[u8; 32]> {
    if is_of_2001 {
        derive::<Gost94>(password, salt, 32)
    } else {
        derive::<Streebog256>(password, salt, 64)
    }
}

/// The code of a password in the header: its salt is the fingerprint of the primary key.
pub(super) fn code(password: &[u8], fingerprint: [u8; 8], is_of_2001: bool) -> [u8; 4] {
    let key = storage_key(password, &fingerprint, is_of_2001);
    gost_code(&key, sbox(is_of_2001), &[0; 16])
}

/// `block` is how far the state is filled with zeros: that of HMAC.
fn derive<D: Digest>(password: &[u8], salt: &[u8], block: usize) -> Zeroizing<[u8; 32]> {
    let seed = hash::<D>(&[salt, password]);
    let mut state = Zeroizing::new([0_u8; 64]);
    state.iter_mut().zip(START).for_each(|(to, from)| *to = *from);
    let rounds = if password.is_empty() { 2 } else { 2000 };
    for _ in 0..rounds {
        let (inner, outer) = pads(&state, block);
        let next = hash::<D>(&[&inner, &seed[..], &outer, &seed[..]]);
        *state = [0; 64];
        state.iter_mut().zip(next.iter()).for_each(|(to, from)| *to = *from);
    }
    let (inner, outer) = pads(&state, 32);
    hash::<D>(&[&hash::<D>(&[&inner, salt, &outer, password])[..]])
}

fn pads(state: &[u8; 64], block: usize) -> (Zeroizing<Vec<u8>>, Zeroizing<Vec<u8>>) {
    let with =
        |pad: u8| Zeroizing::new(state.iter().take(block).map(|octet| octet ^ pad).collect());
    (with(0x36), with(0x5c))
}

fn hash<D: Digest>(parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    let digest = parts.iter().fold(D::new(), Digest::chain_update).finalize();
    let mut out = Zeroizing::new([0; 32]);
    out.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    out
}

const START: &[u8; 32] = b"DENEFH028.760246785.IUEFHWUIO.EF";

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;

    /// Two implementations agree on these.
    #[test]
    fn known_answers() {
        let salt = hex::decode("cd626ca8a294ff007af79fc5").unwrap();
        for (password, key) in [
            ("12345678", "7a9111f66b245963a4453e567a412519408d9923b4b9b1ea5cbede5c0b9a940e"),
            ("", "65007186f93a2cf610e949c768a961dba5f40fa8cd60dab60238d2da640e045d"),
        ] {
            let octets = encodings(password).next().unwrap();
            assert_eq!(hex::encode(*storage_key(&octets, &salt, false)), key);
        }
    }
}
