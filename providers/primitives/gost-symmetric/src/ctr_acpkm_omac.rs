//! Encryption of CMS and PBES2 with authentication: `…-ctracpkm-omac` (RFC 9337, 7.3).
//!
//! `K(1) ‖ K(2) = KDF_TREE(key, "kdf tree", last 8 octets of ukm)`; the message and its OMAC under
//! K(2) are encrypted under K(1) in CTR-ACPKM with the other octets of `ukm` as initialization
//! vector. PBES2 puts the whole into its encrypted data; CMS puts the last n bits into an
//! attribute.

use alloc::vec::Vec;

use gost_hash::kdf_tree_gostr3411_2012_256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{acpkm::CtrAcpkm, error::Error, gost_cipher::GostCipher, omac::omac};

/// Encrypts a message; `ukm` is 16 or 12 octets, the result is one block longer than the message.
///
/// # Errors
/// [`Error::Length`] of `ukm` or of the section.
pub fn seal<C: GostCipher>(
    key: &[u8; 32],
    ukm: &[u8],
    section: usize,
    message: &[u8],
) -> Result<Vec<u8>, Error> {
    let Keys { mut encryption, authentication } = Keys::<C>::derive(key, ukm, section)?;
    let mac = omac::<C>(&authentication, &[message]);
    let mut sealed = Vec::with_capacity(message.len().saturating_add(C::BLOCK));
    sealed.extend_from_slice(message);
    sealed.extend_from_slice(&mac);
    encryption.apply(&mut sealed);
    Ok(sealed)
}

/// Decrypts what [`seal`] made.
///
/// # Errors
/// [`Error::Forged`] when the code does not match; [`Error::Length`] of `ukm`, of the section, or
/// of a message shorter than its code.
pub fn open<C: GostCipher>(
    key: &[u8; 32],
    ukm: &[u8],
    section: usize,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let Keys { mut encryption, authentication } = Keys::<C>::derive(key, ukm, section)?;
    let length = sealed.len().checked_sub(C::BLOCK).ok_or(Error::Length("message"))?;
    let mut opened = Zeroizing::new(sealed.to_vec());
    encryption.apply(&mut opened);
    let (message, mac) = opened.split_at(length);
    if !bool::from(omac::<C>(&authentication, &[message]).as_slice().ct_eq(mac)) {
        return Err(Error::Forged);
    }
    opened.truncate(length);
    Ok(opened)
}

struct Keys<C: GostCipher> {
    encryption: CtrAcpkm<C>,
    authentication: Zeroizing<[u8; 32]>,
}

impl<C: GostCipher> Keys<C> {
    fn derive(key: &[u8; 32], ukm: &[u8], section: usize) -> Result<Self, Error> {
        let (iv, seed) = ukm.split_last_chunk::<8>().ok_or(Error::Length("ukm"))?;
        let mut keys = Zeroizing::new([[0; 32]; 2]);
        kdf_tree_gostr3411_2012_256(key, b"kdf tree", seed, 1, keys.as_flattened_mut())
            .map_err(|_| Error::Length("key"))?;
        let [first, second] = &*keys;
        let encryption = CtrAcpkm::new(first, iv, section)?;
        Ok(Self { encryption, authentication: Zeroizing::new(*second) })
    }
}
