use core::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::sbox::Sbox;
use crate::error::Error;

/// GOST 28147-89 with its simple substitution mode (RFC 5830, 5), that is ECB.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Gost28147 {
    key: [u32; 8],
    #[zeroize(skip)]
    sbox: Sbox,
}

impl Gost28147 {
    /// Takes the key and the S-box.
    pub fn new(key: &[u8; 32], sbox: &Sbox) -> Self {
        let mut words = [0; 8];
        let (octets, _) = key.as_chunks::<4>();
        words.iter_mut().zip(octets).for_each(|(word, octets)| *word = u32::from_le_bytes(*octets));
        Self { key: words, sbox: *sbox }
    }

    /// Encrypts a block.
    #[must_use]
    pub fn encrypt_block(&self, block: [u8; 8]) -> [u8; 8] {
        let Halves(low, high) = [&self.key; 3]
            .into_iter()
            .flatten()
            .chain(self.key.iter().rev())
            .fold(Halves::from(block), |halves, key| self.round(halves, *key));
        Halves(high, low).into()
    }

    /// Decrypts a block.
    #[must_use]
    pub fn decrypt_block(&self, block: [u8; 8]) -> [u8; 8] {
        let backwards = || self.key.iter().rev();
        let Halves(low, high) = self
            .key
            .iter()
            .chain(backwards())
            .chain(backwards())
            .chain(backwards())
            .fold(Halves::from(block), |halves, key| self.round(halves, *key));
        Halves(high, low).into()
    }

    /// Encrypts whole blocks in place, one by one.
    ///
    /// # Errors
    /// [`Error::Length`] of the message.
    pub fn encrypt_ecb(&self, data: &mut [u8]) -> Result<(), Error> {
        each_block(data, |block| self.encrypt_block(block))
    }

    /// Decrypts whole blocks in place, one by one.
    ///
    /// # Errors
    /// [`Error::Length`] of the message.
    pub fn decrypt_ecb(&self, data: &mut [u8]) -> Result<(), Error> {
        each_block(data, |block| self.decrypt_block(block))
    }

    /// The same S-box under another key.
    pub(super) fn with_key(&self, key: &[u8; 32]) -> Self {
        Self::new(key, &self.sbox)
    }

    /// The sixteen rounds of the authentication code (RFC 5830, 8).
    pub(super) fn half_encrypt(&self, block: [u8; 8]) -> [u8; 8] {
        [&self.key; 2]
            .into_iter()
            .flatten()
            .fold(Halves::from(block), |halves, key| self.round(halves, *key))
            .into()
    }

    fn round(&self, Halves(low, high): Halves, key: u32) -> Halves {
        Halves(high ^ self.sbox.substitute(low.wrapping_add(key)).rotate_left(11), low)
    }
}

fn each_block(data: &mut [u8], step: impl Fn([u8; 8]) -> [u8; 8]) -> Result<(), Error> {
    match data.as_chunks_mut::<8>() {
        (blocks, []) => {
            for block in blocks {
                *block = step(*block);
            }
            Ok(())
        }
        _ => Err(Error::Length("message")),
    }
}

/// N1 and N2
pub(super) struct Halves(pub(super) u32, pub(super) u32);

impl From<[u8; 8]> for Halves {
    #[expect(clippy::many_single_char_names, reason = "the octets of two words")]
    fn from([a, b, c, d, e, f, g, h]: [u8; 8]) -> Self {
        Self(u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]))
    }
}

impl From<Halves> for [u8; 8] {
    fn from(Halves(low, high): Halves) -> Self {
        ((u64::from(high) << 32) | u64::from(low)).to_le_bytes()
    }
}

impl fmt::Debug for Gost28147 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gost28147(..)")
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::vec::Vec;

    use serde_json::Value;

    use super::*;

    fn word(text: &Value) -> u32 {
        u32::from_str_radix(text.as_str().unwrap(), 16).unwrap()
    }

    /// Magma is this cipher with the S-box Z, read big-endian (RFC 8891, 1); its steps are the same.
    #[test]
    fn steps_are_those_of_rfc8891() {
        let file = include_str!("../../tests/vectors/block_ciphers.json");
        let file: Value = serde_json::from_str(file).unwrap();
        let vectors: Vec<_> = file["vectors"].as_array().unwrap().iter().collect();
        let magma = vectors.into_iter().filter(|vector| vector["cipher"] == "magma");
        let mut steps = 0;
        for vector in magma.filter(|vector| vector.get("transform").is_some()) {
            let (input, output) = (word(&vector["input"]), word(&vector["output"]));
            let cipher = Gost28147::new(&[0; 32], &Sbox::PARAM_Z);
            let ours = match vector["transform"].as_str().unwrap() {
                "t" => cipher.sbox.substitute(input),
                "g" => cipher.round(Halves(input, 0), word(&vector["key"])).0,
                other => panic!("{other}"),
            };
            assert_eq!(ours, output, "{}", vector["id"]);
            steps += 1;
        }
        assert_eq!(steps, 8);
    }

    #[test]
    fn it_is_magma_of_rfc8891() {
        let file = include_str!("../../tests/vectors/block_ciphers.json");
        let file: Value = serde_json::from_str(file).unwrap();
        let vectors = file["vectors"].as_array().unwrap();
        let vector = vectors.iter().find(|vector| vector["id"] == "magma-8891").unwrap();
        let octets = |field: &str| hex::decode(vector[field].as_str().unwrap()).unwrap();
        let mut key: [u8; 32] = octets("key").try_into().unwrap();
        key.as_chunks_mut::<4>().0.iter_mut().for_each(|word| word.reverse());
        let cipher = Gost28147::new(&key, &Sbox::PARAM_Z);
        let expected: Vec<_> = vector["round_keys"].as_array().unwrap().iter().map(word).collect();
        let schedule = [&cipher.key; 3].into_iter().flatten().chain(cipher.key.iter().rev());
        assert_eq!(schedule.copied().collect::<Vec<_>>(), expected);
        let reversed = |field| {
            let mut octets = octets(field);
            octets.reverse();
            <[u8; 8]>::try_from(octets).unwrap()
        };
        assert_eq!(cipher.encrypt_block(reversed("plaintext")), reversed("ciphertext"));
    }
}
