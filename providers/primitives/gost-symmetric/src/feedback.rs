use alloc::collections::VecDeque;
use core::fmt;

use cipher::{Block, Key};
use zeroize::Zeroize;

use crate::{ctr::xor, error::Error, gost_cipher::GostCipher};

/// Output feedback (GOST R 34.13-2015, 5.3), in parts of any length.
pub struct Ofb<C: GostCipher>(Feedback<C>);

impl<C: GostCipher> Ofb<C> {
    /// Starts a message under an initialization vector of m bits: one block or more.
    ///
    /// # Errors
    /// [`Error::Length`] of the initialization vector.
    pub fn new(key: &[u8; 32], iv: &[u8]) -> Result<Self, Error> {
        Feedback::new(key, iv).map(Self)
    }

    /// Encrypts or decrypts the next octets of the message in place.
    pub fn apply(&mut self, data: &mut [u8]) {
        self.0.apply(data, |octet, gamma| (octet ^ gamma, gamma));
    }
}

/// Cipher feedback with s = n (GOST R 34.13-2015, 5.5), in parts of any length.
pub struct Cfb<C: GostCipher>(Feedback<C>);

impl<C: GostCipher> Cfb<C> {
    /// Starts a message under an initialization vector of m bits: one block or more.
    ///
    /// # Errors
    /// [`Error::Length`] of the initialization vector.
    pub fn new(key: &[u8; 32], iv: &[u8]) -> Result<Self, Error> {
        Feedback::new(key, iv).map(Self)
    }

    /// Encrypts the next octets of the message in place.
    pub fn encrypt(&mut self, data: &mut [u8]) {
        self.0.apply(data, |octet, gamma| (octet ^ gamma, octet ^ gamma));
    }

    /// Decrypts the next octets of the message in place.
    pub fn decrypt(&mut self, data: &mut [u8]) {
        self.0.apply(data, |octet, gamma| (octet ^ gamma, octet));
    }
}

/// Cipher block chaining (GOST R 34.13-2015, 5.4) of whole blocks: padding is the caller's.
pub struct Cbc<C: GostCipher> {
    cipher: C,
    register: Register<C>,
}

impl<C: GostCipher> Cbc<C> {
    /// Starts a message under an initialization vector of m bits: one block or more.
    ///
    /// # Errors
    /// [`Error::Length`] of the initialization vector.
    pub fn new(key: &[u8; 32], iv: &[u8]) -> Result<Self, Error> {
        Ok(Self { cipher: C::new(&Key::<C>::from(*key)), register: Register::new(iv)? })
    }

    /// Encrypts the next blocks of the message in place.
    ///
    /// # Errors
    /// [`Error::Length`] of the message: it must be whole blocks.
    pub fn encrypt(&mut self, data: &mut [u8]) -> Result<(), Error> {
        for block in blocks::<C>(data)? {
            xor(block, &self.register.head);
            self.cipher.encrypt_block(block);
            self.register.shift(block.clone());
        }
        Ok(())
    }

    /// Decrypts the next blocks of the message in place.
    ///
    /// # Errors
    /// [`Error::Length`] of the message: it must be whole blocks.
    pub fn decrypt(&mut self, data: &mut [u8]) -> Result<(), Error> {
        for block in blocks::<C>(data)? {
            let encrypted = block.clone();
            self.cipher.decrypt_block(block);
            xor(block, &self.register.head);
            self.register.shift(encrypted);
        }
        Ok(())
    }
}

fn blocks<C: GostCipher>(data: &mut [u8]) -> Result<&mut [Block<C>], Error> {
    let (blocks, rest) = Block::<C>::slice_as_chunks_mut(data);
    if rest.is_empty() { Ok(blocks) } else { Err(Error::Length("message")) }
}

/// Gamma that depends on what was fed back.
struct Feedback<C: GostCipher> {
    cipher: C,
    register: Register<C>,
    gamma: Block<C>,
    /// The block to be fed back, as far as it is known.
    fed: Block<C>,
    used: usize,
}

impl<C: GostCipher> Feedback<C> {
    fn new(key: &[u8; 32], iv: &[u8]) -> Result<Self, Error> {
        let register = Register::new(iv)?;
        let cipher = C::new(&Key::<C>::from(*key));
        Ok(Self {
            cipher,
            register,
            gamma: Block::<C>::default(),
            fed: Block::<C>::default(),
            used: 0,
        })
    }

    /// `step(octet, gamma)` gives the octet to put out and the one to feed back.
    fn apply(&mut self, mut data: &mut [u8], step: impl Fn(u8, u8) -> (u8, u8)) {
        while !data.is_empty() {
            if self.used == 0 {
                self.cipher.encrypt_block_b2b(&self.register.head, &mut self.gamma);
            }
            let (part, rest) =
                data.split_at_mut(data.len().min(C::BLOCK.saturating_sub(self.used)));
            let gamma = self.gamma.iter().zip(self.fed.iter_mut()).skip(self.used);
            for (octet, (gamma, fed)) in part.iter_mut().zip(gamma) {
                (*octet, *fed) = step(*octet, *gamma);
            }
            self.used = self.used.saturating_add(part.len());
            if self.used == C::BLOCK {
                self.register.shift(self.fed.clone());
                self.used = 0;
            }
            data = rest;
        }
    }
}

impl<C: GostCipher> Drop for Feedback<C> {
    fn drop(&mut self) {
        self.gamma.zeroize();
        self.fed.zeroize();
    }
}

/// The shift register of m = z·n bits (GOST R 34.13-2015, 5.3).
struct Register<C: GostCipher> {
    head: Block<C>,
    rest: VecDeque<Block<C>>,
}

impl<C: GostCipher> Register<C> {
    fn new(iv: &[u8]) -> Result<Self, Error> {
        match Block::<C>::slice_as_chunks(iv) {
            ([head, rest @ ..], []) => Ok(Self { head: head.clone(), rest: rest.to_vec().into() }),
            _ => Err(Error::Length("initialization vector")),
        }
    }

    fn shift(&mut self, block: Block<C>) {
        self.rest.push_back(block);
        if let Some(head) = self.rest.pop_front() {
            self.head = head;
        }
    }
}

/// The register of [`Ofb`] holds gamma.
impl<C: GostCipher> Drop for Register<C> {
    fn drop(&mut self) {
        self.head.zeroize();
        self.rest.iter_mut().for_each(Zeroize::zeroize);
    }
}

impl<C: GostCipher> fmt::Debug for Ofb<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ofb(..)")
    }
}

impl<C: GostCipher> fmt::Debug for Cfb<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cfb(..)")
    }
}

impl<C: GostCipher> fmt::Debug for Cbc<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cbc(..)")
    }
}
