use core::fmt;

use cipher::{Block, Key};
use zeroize::Zeroizing;

use crate::{ctr::Ctr, error::Error, gost_cipher::GostCipher};

/// Makes the key of the next section (R 1323565.1.017, 4.1; RFC 8645, 6.2.1).
///
/// `E_K(D_1) ‖ E_K(D_2) ‖ …` for D = 80 81 … 9f.
pub fn acpkm<C: GostCipher>(cipher: &C) -> C {
    let mut key = Zeroizing::new(Key::<C>::default());
    key.iter_mut().zip(0x80..).for_each(|(octet, d)| *octet = d);
    cipher.encrypt_blocks(Block::<C>::slice_as_chunks_mut(&mut key).0);
    C::new(&key)
}

/// Counter mode that changes its key every section (R 1323565.1.017, 4.1), in parts of any length.
///
/// The counter is not reset when the key changes.
#[derive(Clone)]
pub struct CtrAcpkm<C: GostCipher> {
    ctr: Ctr<C>,
    section: usize,
    /// Octets to the end of the section.
    left: usize,
}

impl<C: GostCipher> CtrAcpkm<C> {
    /// Starts a message under an initialization vector of n/2 bits and sections of so many octets.
    ///
    /// CMS and PBES2 use [`GostCipher::SECTION`], and for the initialization vector the `ukm` of
    /// their parameters without its last 8 octets (RFC 9337, 7.3).
    ///
    /// # Errors
    /// [`Error::Length`] of the initialization vector, or of the section: it must be some blocks.
    pub fn new(key: &[u8; 32], iv: &[u8], section: usize) -> Result<Self, Error> {
        if section == 0 || !section.is_multiple_of(C::BLOCK) {
            return Err(Error::Length("section"));
        }
        Ok(Self { ctr: Ctr::new(key, iv)?, section, left: section })
    }

    /// Encrypts or decrypts the next octets of the message in place.
    pub fn apply(&mut self, mut data: &mut [u8]) {
        while !data.is_empty() {
            if self.left == 0 {
                self.ctr.rekey(acpkm);
                self.left = self.section;
            }
            let (part, rest) = data.split_at_mut(self.left.min(data.len()));
            self.ctr.apply(part);
            self.left = self.left.saturating_sub(part.len());
            data = rest;
        }
    }
}

impl<C: GostCipher> fmt::Debug for CtrAcpkm<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CtrAcpkm {{ section: {}, .. }}", self.section)
    }
}
