use core::fmt;

use cipher::{Block, Key};
use zeroize::{Zeroize, Zeroizing};

use crate::{acpkm::CtrAcpkm, ctr::xor, error::Error, gost_cipher::GostCipher};

/// Derives key material with ACPKM-Master (R 1323565.1.017, 4.3; RFC 8645, 6.3.1).
///
/// `section` is T*: the octets made between two changes of the master key.
///
/// # Errors
/// [`Error::Length`] of the section.
pub fn acpkm_master<C: GostCipher>(
    key: &[u8; 32],
    section: usize,
    out: &mut [u8],
) -> Result<(), Error> {
    let mut material = master::<C>(key, section)?;
    out.fill(0);
    material.apply(out);
    Ok(())
}

fn master<C: GostCipher>(key: &[u8; 32], section: usize) -> Result<CtrAcpkm<C>, Error> {
    let iv = [0xff; 16];
    let (iv, _) = iv.split_at(C::BLOCK.checked_div(2).unwrap_or_default());
    CtrAcpkm::new(key, iv, section)
}

/// OMAC that changes its key every section (R 1323565.1.017, 4.3), in parts of any length: n bits.
#[derive(Clone)]
pub struct OmacAcpkm<C: GostCipher> {
    master: CtrAcpkm<C>,
    section: usize,
    /// Octets to the end of the section.
    left: usize,
    cipher: C,
    mask: Block<C>,
    state: Block<C>,
    /// The last octets, at most a block: they may be the end of the message.
    pending: Block<C>,
    filled: usize,
}

impl<C: GostCipher> OmacAcpkm<C> {
    /// Starts a message: `section` (N) and `master_section` (T*) are in octets.
    ///
    /// # Errors
    /// [`Error::Length`] of a section: it must be some blocks.
    pub fn new(key: &[u8; 32], section: usize, master_section: usize) -> Result<Self, Error> {
        if section == 0 || !section.is_multiple_of(C::BLOCK) {
            return Err(Error::Length("section"));
        }
        let zero = Block::<C>::default;
        let mut mac = Self {
            master: master(key, master_section)?,
            section,
            left: 0,
            cipher: C::new(&Key::<C>::default()),
            mask: zero(),
            state: zero(),
            pending: zero(),
            filled: 0,
        };
        mac.next_section();
        Ok(mac)
    }

    /// Authenticates the next octets of the message.
    pub fn update(&mut self, mut message: &[u8]) {
        while !message.is_empty() {
            if self.filled == C::BLOCK {
                self.absorb(|_, _| ());
            }
            let free = self.pending.iter_mut().skip(self.filled);
            let taken = free.zip(message).map(|(to, from)| *to = *from).count();
            self.filled = self.filled.saturating_add(taken);
            message = message.split_at(taken).1;
        }
    }

    /// The code of the whole message.
    pub fn finalize(mut self) -> Block<C> {
        let whole = self.filled == C::BLOCK;
        for (at, octet) in self.pending.iter_mut().enumerate().skip(self.filled) {
            *octet = if at == self.filled { 0x80 } else { 0 };
        }
        self.absorb(|last, mask| {
            xor(last, &if whole { mask.clone() } else { C::dbl(mask.clone()) });
        });
        self.state.clone()
    }

    fn absorb(&mut self, last: impl FnOnce(&mut Block<C>, &Block<C>)) {
        if self.left == 0 {
            self.next_section();
        }
        last(&mut self.pending, &self.mask);
        xor(&mut self.state, &self.pending);
        self.cipher.encrypt_block(&mut self.state);
        self.left = self.left.saturating_sub(C::BLOCK);
        self.filled = 0;
    }

    fn next_section(&mut self) {
        let mut key = Zeroizing::new(Key::<C>::default());
        self.master.apply(&mut key);
        self.cipher = C::new(&key);
        self.mask = Block::<C>::default();
        self.master.apply(&mut self.mask);
        self.left = self.section;
    }
}

impl<C: GostCipher> fmt::Debug for OmacAcpkm<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OmacAcpkm(..)")
    }
}

impl<C: GostCipher> Drop for OmacAcpkm<C> {
    fn drop(&mut self) {
        self.mask.zeroize();
        self.state.zeroize();
        self.pending.zeroize();
    }
}
