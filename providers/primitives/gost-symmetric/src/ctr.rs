use core::{array, fmt};

use cipher::{Array, Block, Key};
use zeroize::Zeroize;

use crate::{error::Error, gost_cipher::GostCipher};

/// Counter mode (GOST R 34.13-2015, 5.2), in parts of any length.
///
/// The counter is a number of n bits: a message must be shorter than 2^(n/2) blocks, or its gamma
/// runs into that of the next initialization vector.
#[derive(Clone)]
pub struct Ctr<C: GostCipher> {
    cipher: C,
    counter: u128,
    gamma: Block<C>,
    /// Octets of `gamma` not used yet: its last ones.
    left: usize,
}

impl<C: GostCipher> Ctr<C> {
    /// Starts a message under an initialization vector of n/2 bits (8 or 4 octets).
    ///
    /// # Errors
    /// [`Error::Length`] of the initialization vector.
    pub fn new(key: &[u8; 32], iv: &[u8]) -> Result<Self, Error> {
        let counter = first_counter::<C>(iv)?;
        let cipher = C::new(&Key::<C>::from(*key));
        Ok(Self { cipher, counter, gamma: Block::<C>::default(), left: 0 })
    }

    /// Encrypts or decrypts the next octets of the message in place.
    pub fn apply(&mut self, data: &mut [u8]) {
        let (head, data) = data.split_at_mut(self.left.min(data.len()));
        self.use_up(head);
        let (blocks, tail) = Array::slice_as_chunks_mut(data);
        self.apply_blocks(blocks);
        if !tail.is_empty() {
            self.gamma = self.next_counter();
            self.cipher.encrypt_block(&mut self.gamma);
            self.left = C::BLOCK;
            self.use_up(tail);
        }
    }

    /// Replaces the key; the counter goes on.
    pub(crate) fn rekey(&mut self, next: impl FnOnce(&C) -> C) {
        self.cipher = next(&self.cipher);
    }

    fn use_up(&mut self, data: &mut [u8]) {
        let gamma = self.gamma.iter().skip(C::BLOCK.saturating_sub(self.left));
        data.iter_mut().zip(gamma).for_each(|(octet, gamma)| *octet ^= gamma);
        self.left = self.left.saturating_sub(data.len());
    }

    fn apply_blocks(&mut self, blocks: &mut [Block<C>]) {
        let mut gamma: [Block<C>; BATCH] = array::from_fn(|_| Block::<C>::default());
        for batch in blocks.chunks_mut(BATCH) {
            let gamma = gamma.split_at_mut(batch.len()).0;
            for block in gamma.iter_mut() {
                *block = self.next_counter();
            }
            self.cipher.encrypt_blocks(gamma);
            batch.iter_mut().zip(gamma).for_each(|(block, gamma)| xor(block, gamma));
        }
        gamma.iter_mut().take(blocks.len()).for_each(Zeroize::zeroize);
    }

    fn next_counter(&mut self) -> Block<C> {
        let counter = self.counter;
        self.counter = counter.wrapping_add(1);
        C::to_block(counter)
    }
}

/// The initialization vector in the high half of the block, zeros in the low one.
fn first_counter<C: GostCipher>(iv: &[u8]) -> Result<u128, Error> {
    if iv.len().saturating_mul(2) != C::BLOCK {
        return Err(Error::Length("initialization vector"));
    }
    let mut octets = [0; 16];
    let block = octets.iter_mut().rev().take(C::BLOCK).rev();
    block.zip(iv).for_each(|(to, from)| *to = *from);
    Ok(u128::from_be_bytes(octets))
}

/// `to ^= from`
pub(crate) fn xor<N: cipher::array::ArraySize>(to: &mut Array<u8, N>, from: &Array<u8, N>) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to ^= from);
}

impl<C: GostCipher> fmt::Debug for Ctr<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ctr(..)")
    }
}

impl<C: GostCipher> Drop for Ctr<C> {
    fn drop(&mut self) {
        self.gamma.zeroize();
    }
}

/// Blocks of gamma made at once: 1 KiB for Kuznyechik.
const BATCH: usize = 64;
