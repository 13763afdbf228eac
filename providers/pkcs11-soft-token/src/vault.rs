//! What is under a PIN: the token's own key, and under that its private objects.
//!
//! The ciphers are those of the software key containers: Kuznyechik in CTR-ACPKM with OMAC, under a
//! key of PBKDF2 with HMAC-Streebog-512 (RFC 9337).

use cryptoki_sys::{CKR_DEVICE_ERROR, CKR_PIN_INCORRECT, CKR_RANDOM_NO_RNG};
use gost_hash::pbkdf2_hmac_streebog512;
use gost_symmetric::{GostCipher, Kuznyechik, ctr_acpkm_omac};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::refusal::{Refusal, Result};
use crate::settings::MOST_ITERATIONS;

/// The key of a token's private objects.
#[derive(Clone)]
pub(crate) struct TokenKey(Zeroizing<[u8; 32]>);

impl TokenKey {
    pub(crate) fn draw() -> Result<Self> {
        let mut key = Zeroizing::new([0; 32]);
        random(key.as_mut_slice())?;
        Ok(Self(key))
    }

    /// Seals octets: 16 octets of keying material, and what they are needed for.
    pub(crate) fn seal(&self, octets: &[u8]) -> Result<Vec<u8>> {
        seal(&self.0, octets)
    }

    /// Opens what [`Self::seal`] made; `None` for anything else.
    pub(crate) fn open(&self, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        open(&self.0, sealed)
    }
}

impl core::fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("TokenKey(..)")
    }
}

/// The token's key under a PIN.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wrapped {
    iterations: u32,
    #[serde(with = "hex::serde")]
    salt: Vec<u8>,
    #[serde(with = "hex::serde")]
    sealed: Vec<u8>,
}

impl Wrapped {
    pub(crate) fn new(key: &TokenKey, pin: &[u8], iterations: u32) -> Result<Self> {
        let mut salt = vec![0; 32];
        random(&mut salt)?;
        let sealed = seal(&*derive(pin, &salt, iterations)?, key.0.as_slice())?;
        Ok(Self { iterations, salt, sealed })
    }

    /// The token's key, or `CKR_PIN_INCORRECT`.
    pub(crate) fn open(&self, pin: &[u8]) -> Result<TokenKey> {
        let key = derive(pin, &self.salt, self.iterations)?;
        let opened = open(&key, &self.sealed).ok_or(Refusal(CKR_PIN_INCORRECT))?;
        let octets = opened.as_slice().try_into().map_err(|_| Refusal(CKR_DEVICE_ERROR))?;
        Ok(TokenKey(Zeroizing::new(octets)))
    }
}

/// Random octets of the operating system.
pub(crate) fn random(out: &mut [u8]) -> Result<()> {
    getrandom::fill(out).map_err(|_| Refusal(CKR_RANDOM_NO_RNG))
}

fn derive(pin: &[u8], salt: &[u8], iterations: u32) -> Result<Zeroizing<[u8; 32]>> {
    let mut key = Zeroizing::new([0; 32]);
    if iterations > MOST_ITERATIONS {
        return Err(Refusal(CKR_DEVICE_ERROR));
    }
    pbkdf2_hmac_streebog512(pin, salt, iterations, key.as_mut_slice())
        .map_err(|_| Refusal(CKR_DEVICE_ERROR))?;
    Ok(key)
}

fn seal(key: &[u8; 32], octets: &[u8]) -> Result<Vec<u8>> {
    let mut ukm = [0; UKM];
    random(&mut ukm)?;
    let sealed = ctr_acpkm_omac::seal::<Kuznyechik>(key, &ukm, Kuznyechik::SECTION, octets)
        .map_err(|_| Refusal(CKR_DEVICE_ERROR))?;
    Ok([ukm.as_slice(), &sealed].concat())
}

fn open(key: &[u8; 32], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (ukm, sealed) = sealed.split_at_checked(UKM)?;
    ctr_acpkm_omac::open::<Kuznyechik>(key, ukm, Kuznyechik::SECTION, sealed).ok()
}

/// Half a block of initialization vector, and eight octets of seed (RFC 9337, 7.3).
const UKM: usize = 16;
