use core::{array, fmt};

use cipher::{Array, Block, Key};
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use self::multiply::Sum;
use crate::{ctr::xor, error::Error, gost_cipher::GostCipher};

mod multiply;

/// Multilinear Galois mode (RFC 9058): authenticated encryption with associated data.
///
/// ```
/// use gost_symmetric::{Kuznyechik, Mgm};
///
/// let mgm = Mgm::<Kuznyechik>::new(&[7; 32]);
/// let (nonce, mut data) = ([1; 16], *b"secret");
/// let tag = mgm.seal(&nonce, b"header", &mut data)?;
/// mgm.open(&nonce, b"header", &mut data, &tag)?;
/// assert_eq!(&data, b"secret");
/// # Ok::<(), gost_symmetric::Error>(())
/// ```
#[derive(Clone)]
pub struct Mgm<C: GostCipher> {
    cipher: C,
}

impl<C: GostCipher> Mgm<C> {
    /// Takes the key.
    pub fn new(key: &[u8; 32]) -> Self {
        Self { cipher: C::new(&Key::<C>::from(*key)) }
    }

    /// Encrypts the message in place; the tag has n bits.
    ///
    /// The nonce has n bits, the first of them 0; it must never repeat under one key.
    ///
    /// # Errors
    /// [`Error::Length`] of the nonce (or its first bit is set), or of message and associated
    /// data: not both empty, together less than 2^(n/2) bits.
    pub fn seal(&self, nonce: &[u8], aad: &[u8], message: &mut [u8]) -> Result<Block<C>, Error> {
        let nonce = check::<C>(nonce, aad, message)?;
        self.encrypt(nonce, message);
        Ok(self.authenticate(nonce, aad, message))
    }

    /// Decrypts the message in place if its tag is right, and leaves it as it is otherwise.
    ///
    /// # Errors
    /// [`Error::Forged`] when the tag does not match, else as in [`seal`](Self::seal).
    pub fn open(
        &self,
        nonce: &[u8],
        aad: &[u8],
        message: &mut [u8],
        tag: &[u8],
    ) -> Result<(), Error> {
        let nonce = check::<C>(nonce, aad, message)?;
        if !bool::from(self.authenticate(nonce, aad, message).as_slice().ct_eq(tag)) {
            return Err(Error::Forged);
        }
        self.encrypt(nonce, message);
        Ok(())
    }

    fn encrypt(&self, nonce: u128, message: &mut [u8]) {
        let mut counter = Counter::right::<C>(self.encrypt_number(nonce));
        let mut gamma: [Block<C>; BATCH] = array::from_fn(|_| Block::<C>::default());
        for chunk in message.chunks_mut(BATCH.saturating_mul(C::BLOCK)) {
            let gamma = gamma.split_at_mut(chunk.len().div_ceil(C::BLOCK)).0;
            for block in gamma.iter_mut() {
                *block = C::to_block(counter.next());
            }
            self.cipher.encrypt_blocks(gamma);
            let (blocks, tail) = Array::slice_as_chunks_mut(chunk);
            blocks.iter_mut().zip(gamma.iter()).for_each(|(block, gamma)| xor(block, gamma));
            let gamma = gamma.iter().skip(blocks.len()).flatten();
            tail.iter_mut().zip(gamma).for_each(|(octet, gamma)| *octet ^= gamma);
        }
        gamma.iter_mut().take(message.len().div_ceil(C::BLOCK)).for_each(Zeroize::zeroize);
    }

    fn authenticate(&self, nonce: u128, aad: &[u8], message: &[u8]) -> Block<C> {
        let top = 1 << C::BLOCK.saturating_mul(8).saturating_sub(1);
        let mut hash = Hash {
            cipher: &self.cipher,
            counter: Counter::left::<C>(self.encrypt_number(nonce | top)),
            sum: Sum::default(),
            keys: array::from_fn(|_| Block::<C>::default()),
        };
        hash.absorb(aad);
        hash.absorb(message);
        hash.absorb(&C::to_block((bits(aad) << half::<C>()) | bits(message)));
        C::to_block(self.encrypt_number(hash.sum.reduce(C::BLOCK)))
    }

    fn encrypt_number(&self, number: u128) -> u128 {
        let mut block = C::to_block(number);
        self.cipher.encrypt_block(&mut block);
        C::from_block(&block)
    }
}

/// `Σ H_i · A_i`, where each `H_i` is an encrypted counter.
struct Hash<'a, C: GostCipher> {
    cipher: &'a C,
    counter: Counter,
    sum: Sum,
    keys: [Block<C>; BATCH],
}

impl<C: GostCipher> Hash<'_, C> {
    /// Adds data, filled up with zeros to whole blocks.
    fn absorb(&mut self, data: &[u8]) {
        for chunk in data.chunks(BATCH.saturating_mul(C::BLOCK)) {
            let keys = self.keys.split_at_mut(chunk.len().div_ceil(C::BLOCK)).0;
            for key in keys.iter_mut() {
                *key = C::to_block(self.counter.next());
            }
            self.cipher.encrypt_blocks(keys);
            let (blocks, tail) = Array::slice_as_chunks(chunk);
            let (keys, last_key) = keys.split_at(blocks.len());
            self.sum.add::<C>(keys, blocks);
            let mut last = [Block::<C>::default()];
            last.iter_mut().flatten().zip(tail).for_each(|(to, from)| *to = *from);
            self.sum.add::<C>(last_key, &last);
        }
    }
}

impl<C: GostCipher> Drop for Hash<'_, C> {
    fn drop(&mut self) {
        self.keys.iter_mut().for_each(Zeroize::zeroize);
    }
}

/// An encrypted nonce, one half of which counts modulo 2^(n/2).
struct Counter {
    value: u128,
    step: u128,
    counting: u128,
}

impl Counter {
    /// `Y_i`
    fn right<C: GostCipher>(value: u128) -> Self {
        let counting = !(u128::MAX << half::<C>());
        Self { value, step: 1, counting }
    }

    /// `Z_i`
    fn left<C: GostCipher>(value: u128) -> Self {
        let counting = !(u128::MAX << half::<C>()) << half::<C>();
        Self { value, step: 1 << half::<C>(), counting }
    }

    fn next(&mut self) -> u128 {
        let now = self.value;
        self.value = (now & !self.counting) | (now.wrapping_add(self.step) & self.counting);
        now
    }
}

fn check<C: GostCipher>(nonce: &[u8], aad: &[u8], message: &[u8]) -> Result<u128, Error> {
    let nonce = nonce.try_into().map_err(|_| Error::Length("nonce"))?;
    let nonce = C::from_block(nonce);
    if nonce >> half::<C>().saturating_mul(2).saturating_sub(1) != 0 {
        return Err(Error::Length("nonce"));
    }
    match bits(aad).checked_add(bits(message)) {
        Some(1..) if bits(aad).saturating_add(bits(message)) >> half::<C>() == 0 => {}
        _ => return Err(Error::Length("message")),
    }
    Ok(nonce)
}

/// n/2
fn half<C: GostCipher>() -> usize {
    C::BLOCK.saturating_mul(4)
}

fn bits(data: &[u8]) -> u128 {
    u128::try_from(data.len()).unwrap_or(u128::MAX >> 3) << 3
}

impl<C: GostCipher> fmt::Debug for Mgm<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mgm(..)")
    }
}

/// Blocks of gamma or of hash keys made at once.
const BATCH: usize = 64;
