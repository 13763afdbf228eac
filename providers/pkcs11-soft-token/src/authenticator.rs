//! Hashes and codes over a message in parts.

use cryptoki_sys::{
    CK_MECHANISM_TYPE, CKM_GOSTR3410, CKR_DATA_LEN_RANGE, CKR_KEY_SIZE_RANGE, CKR_MECHANISM_INVALID,
};
use gost_hash::{Digest, HmacStreebog256, HmacStreebog512, KeyInit, Mac, Streebog256, Streebog512};
use gost_symmetric::{GostCipher, Kuznyechik, Magma, Omac};
use zeroize::Zeroizing;

use crate::refusal::{Refusal, Result, demand};
use crate::tc26::{
    CKM_GOSTR3410_512, CKM_GOSTR3410_WITH_GOSTR3411_12_256, CKM_GOSTR3410_WITH_GOSTR3411_12_512,
    CKM_GOSTR3411_12_256, CKM_GOSTR3411_12_256_HMAC, CKM_GOSTR3411_12_512,
    CKM_GOSTR3411_12_512_HMAC, CKM_KUZNYECHIK_MAC, CKM_MAGMA_MAC,
};

/// Streebog of either length.
#[derive(Clone)]
pub(crate) enum Hasher {
    Streebog256(Streebog256),
    Streebog512(Streebog512),
}

impl Hasher {
    pub(crate) fn of(mechanism: CK_MECHANISM_TYPE) -> Result<Self> {
        match mechanism {
            CKM_GOSTR3411_12_256 | CKM_GOSTR3410_WITH_GOSTR3411_12_256 => {
                Ok(Self::Streebog256(Streebog256::new()))
            }
            CKM_GOSTR3411_12_512 | CKM_GOSTR3410_WITH_GOSTR3411_12_512 => {
                Ok(Self::Streebog512(Streebog512::new()))
            }
            _ => Err(Refusal(CKR_MECHANISM_INVALID)),
        }
    }

    pub(crate) fn update(&mut self, part: &[u8]) {
        match self {
            Self::Streebog256(hash) => hash.update(part),
            Self::Streebog512(hash) => hash.update(part),
        }
    }

    pub(crate) const fn size(&self) -> usize {
        match self {
            Self::Streebog256(_) => 32,
            Self::Streebog512(_) => 64,
        }
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        match self {
            Self::Streebog256(hash) => hash.finalize().to_vec(),
            Self::Streebog512(hash) => hash.finalize().to_vec(),
        }
    }
}

impl core::fmt::Debug for Hasher {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Hasher({})", self.size())
    }
}

/// What a message is reduced to before it is signed, or the code itself.
pub(crate) enum Authenticator {
    /// The caller has hashed: nothing but the digest comes.
    Digest {
        size: usize,
        octets: Vec<u8>,
    },
    Hash(Box<Hasher>),
    Hmac256(Box<HmacStreebog256>),
    Hmac512(Box<HmacStreebog512>),
    Kuznyechik(Box<Omac<Kuznyechik>>),
    Magma(Box<Omac<Magma>>),
}

impl Authenticator {
    /// For a key of GOST R 34.10.
    pub(crate) fn to_sign(mechanism: CK_MECHANISM_TYPE) -> Result<Self> {
        match mechanism {
            CKM_GOSTR3410 => Ok(Self::Digest { size: 32, octets: Vec::new() }),
            CKM_GOSTR3410_512 => Ok(Self::Digest { size: 64, octets: Vec::new() }),
            _ => Hasher::of(mechanism).map(|hash| Self::Hash(Box::new(hash))),
        }
    }

    /// For a secret key.
    pub(crate) fn code(mechanism: CK_MECHANISM_TYPE, key: &[u8]) -> Result<Self> {
        Ok(match mechanism {
            CKM_GOSTR3411_12_256_HMAC => Self::Hmac256(Box::new(keyed(key)?)),
            CKM_GOSTR3411_12_512_HMAC => Self::Hmac512(Box::new(keyed(key)?)),
            CKM_KUZNYECHIK_MAC => Self::Kuznyechik(Box::new(keyed(key)?)),
            CKM_MAGMA_MAC => Self::Magma(Box::new(keyed(key)?)),
            _ => return Err(Refusal(CKR_MECHANISM_INVALID)),
        })
    }

    pub(crate) fn update(&mut self, part: &[u8]) -> Result<()> {
        match self {
            Self::Digest { size, octets } => {
                let fits = octets.len().saturating_add(part.len()) <= *size;
                demand(fits, CKR_DATA_LEN_RANGE)?;
                octets.extend_from_slice(part);
            }
            Self::Hash(hash) => hash.update(part),
            Self::Hmac256(mac) => mac.update(part),
            Self::Hmac512(mac) => mac.update(part),
            Self::Kuznyechik(mac) => mac.update(part),
            Self::Magma(mac) => mac.update(part),
        }
        Ok(())
    }

    /// Octets of what [`Self::finish`] gives.
    pub(crate) const fn size(&self) -> usize {
        match self {
            Self::Digest { size, .. } => *size,
            Self::Hash(hash) => hash.size(),
            Self::Hmac256(_) => 32,
            Self::Hmac512(_) => 64,
            Self::Kuznyechik(_) => Kuznyechik::BLOCK,
            Self::Magma(_) => Magma::BLOCK,
        }
    }

    pub(crate) fn finish(self) -> Result<Zeroizing<Vec<u8>>> {
        Ok(Zeroizing::new(match self {
            Self::Digest { size, octets } => {
                demand(octets.len() == size, CKR_DATA_LEN_RANGE)?;
                octets
            }
            Self::Hash(hash) => hash.finish(),
            Self::Hmac256(mac) => mac.finalize().into_bytes().to_vec(),
            Self::Hmac512(mac) => mac.finalize().into_bytes().to_vec(),
            Self::Kuznyechik(mac) => mac.finalize().into_bytes().to_vec(),
            Self::Magma(mac) => mac.finalize().into_bytes().to_vec(),
        }))
    }
}

impl core::fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Authenticator({})", self.size())
    }
}

fn keyed<M: KeyInit>(key: &[u8]) -> Result<M> {
    M::new_from_slice(key).map_err(|_| Refusal(CKR_KEY_SIZE_RANGE))
}
