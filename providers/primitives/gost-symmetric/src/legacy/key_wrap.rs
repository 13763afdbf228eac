use alloc::vec::Vec;

use gost_hash::kdf_gostr3411_2012_256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{
    cipher28147::Gost28147,
    imit::Imit,
    sbox::Sbox,
    stream::{Cfb28147, Meshing},
};
use crate::error::Error;

/// How a key-encryption key wraps keys under GOST 28147-89.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyWrap {
    /// By itself: `id-Gost28147-89-None-KeyWrap` (RFC 4357, 6.1).
    Plain,
    /// Diversified by the UKM: `id-Gost28147-89-CryptoPro-KeyWrap` (RFC 4357, 6.3).
    CryptoPro,
    /// Derived from it and the UKM as seed by `KDF_GOSTR3411_2012_256` (RFC 7836, 4.6).
    Kdf,
}

/// A wrapped key; some formats put the UKM before it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "RFC 4357 has these two fields")]
pub struct WrappedKey {
    /// The key, encrypted block by block: 32 or 64 octets (`CEK_ENC`).
    pub encrypted: Vec<u8>,
    /// Authenticates the key (`CEK_MAC`).
    pub mac: [u8; 4],
}

impl KeyWrap {
    /// Wraps a key of 32 or 64 octets; the UKM has 8, or 8 to 16 as seed of [`Kdf`](Self::Kdf).
    ///
    /// # Errors
    /// [`Error::Length`] of the key or of the UKM.
    pub fn wrap(
        self,
        sbox: &Sbox,
        kek: &[u8; 32],
        ukm: &[u8],
        key: &[u8],
    ) -> Result<WrappedKey, Error> {
        check_length(key)?;
        let (kek, iv) = self.prepare(sbox, kek, ukm)?;
        let mut encrypted = key.to_vec();
        Gost28147::new(&kek, sbox).encrypt_ecb(&mut encrypted)?;
        Ok(WrappedKey { encrypted, mac: authenticate(sbox, &kek, iv, key) })
    }

    /// Unwraps what [`wrap`](Self::wrap) made.
    ///
    /// # Errors
    /// [`Error::Forged`] when the code does not match; [`Error::Length`] of the key or of the UKM.
    pub fn unwrap(
        self,
        sbox: &Sbox,
        kek: &[u8; 32],
        ukm: &[u8],
        wrapped: &WrappedKey,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        check_length(&wrapped.encrypted)?;
        let (kek, iv) = self.prepare(sbox, kek, ukm)?;
        let mut key = Zeroizing::new(wrapped.encrypted.clone());
        Gost28147::new(&kek, sbox).decrypt_ecb(&mut key)?;
        if !bool::from(authenticate(sbox, &kek, iv, &key).ct_eq(&wrapped.mac)) {
            return Err(Error::Forged);
        }
        Ok(key)
    }

    /// The key that encrypts and authenticates under this UKM.
    ///
    /// # Errors
    /// [`Error::Length`] of the UKM.
    pub fn encryption_key(
        self,
        sbox: &Sbox,
        kek: &[u8; 32],
        ukm: &[u8],
    ) -> Result<Zeroizing<[u8; 32]>, Error> {
        Ok(self.prepare(sbox, kek, ukm)?.0)
    }

    /// The key that encrypts and authenticates, and the initial value of the code.
    fn prepare(
        self,
        sbox: &Sbox,
        kek: &[u8; 32],
        ukm: &[u8],
    ) -> Result<(Zeroizing<[u8; 32]>, [u8; 8]), Error> {
        let longest = if self == Self::Kdf { 16 } else { 8 };
        let iv =
            ukm.first_chunk::<8>().filter(|_| ukm.len() <= longest).ok_or(Error::Length("UKM"))?;
        let kek = match self {
            Self::Plain => Zeroizing::new(*kek),
            Self::CryptoPro => diversify(sbox, kek, *iv),
            Self::Kdf => Zeroizing::new(kdf_gostr3411_2012_256(kek, &LABEL, ukm)),
        };
        Ok((kek, *iv))
    }
}

fn check_length(key: &[u8]) -> Result<(), Error> {
    match key.len() {
        32 | 64 => Ok(()),
        _ => Err(Error::Length("key")),
    }
}

fn authenticate(sbox: &Sbox, kek: &[u8; 32], iv: [u8; 8], key: &[u8]) -> [u8; 4] {
    let mut imit = Imit::new(kek, sbox, &iv, Meshing::None);
    imit.update(key);
    imit.finalize()
}

/// CryptoPro KEK diversification (RFC 4357, 6.5).
fn diversify(sbox: &Sbox, kek: &[u8; 32], ukm: [u8; 8]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new(*kek);
    for octet in ukm {
        let mut sums = Zeroizing::new([0_u32; 2]);
        for (bit, word) in key.as_chunks::<4>().0.iter().enumerate() {
            let [set, clear] = &mut *sums;
            let sum = if (octet >> bit) & 1 == 1 { set } else { clear };
            *sum = sum.wrapping_add(u32::from_le_bytes(*word));
        }
        let [set, clear] = *sums;
        let iv = ((u64::from(clear) << 32) | u64::from(set)).to_le_bytes();
        let mut cfb = Cfb28147::new(&key, sbox, &iv, Meshing::None);
        cfb.encrypt(&mut *key);
    }
    key
}

/// RFC 7836, 4.6
const LABEL: [u8; 4] = [0x26, 0xbd, 0xb8, 0x78];
