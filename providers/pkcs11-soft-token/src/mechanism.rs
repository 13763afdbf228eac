//! Mechanisms: what the token offers, and what a caller asks for.

use cryptoki_sys::{
    CK_EC_KDF_TYPE, CK_FLAGS, CK_MECHANISM_TYPE, CK_ULONG, CKF_DECRYPT, CKF_DERIVE, CKF_DIGEST,
    CKF_ENCRYPT, CKF_GENERATE, CKF_GENERATE_KEY_PAIR, CKF_SIGN, CKF_UNWRAP, CKF_VERIFY, CKF_WRAP,
    CKM_GENERIC_SECRET_KEY_GEN, CKM_GOSTR3410, CKM_GOSTR3410_KEY_PAIR_GEN, CKR_MECHANISM_INVALID,
    CKR_MECHANISM_PARAM_INVALID,
};
use zeroize::Zeroizing;

use crate::refusal::{Refusal, Result, demand};
use crate::tc26::{
    CKM_GOST_KEG, CKM_GOSTR3410_12_DERIVE, CKM_GOSTR3410_512, CKM_GOSTR3410_512_KEY_PAIR_GEN,
    CKM_GOSTR3410_WITH_GOSTR3411_12_256, CKM_GOSTR3410_WITH_GOSTR3411_12_512, CKM_GOSTR3411_12_256,
    CKM_GOSTR3411_12_256_HMAC, CKM_GOSTR3411_12_512, CKM_GOSTR3411_12_512_HMAC,
    CKM_KDF_TREE_GOSTR3411_2012_256, CKM_KUZNYECHIK_CTR_ACPKM, CKM_KUZNYECHIK_ECB,
    CKM_KUZNYECHIK_KEXP_15_WRAP, CKM_KUZNYECHIK_KEY_GEN, CKM_KUZNYECHIK_MAC, CKM_KUZNYECHIK_MGM,
    CKM_MAGMA_CTR_ACPKM, CKM_MAGMA_ECB, CKM_MAGMA_KEXP_15_WRAP, CKM_MAGMA_KEY_GEN, CKM_MAGMA_MAC,
    CKM_MAGMA_MGM, CKM_VKO_GOSTR3410_2012_512,
};

/// A mechanism as a caller gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mechanism {
    /// Which.
    pub(crate) kind: CK_MECHANISM_TYPE,
    /// Its parameter, without pointers.
    pub(crate) parameter: Parameter,
}

/// The parameter of a mechanism.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Parameter {
    /// As it is; none is empty.
    Octets(Zeroizing<Vec<u8>>),
    /// Of an agreement.
    Agreement {
        /// What is derived from the shared point.
        kdf: CK_EC_KDF_TYPE,
        /// The other side's key, little-endian.
        public: Vec<u8>,
        /// The user keying material.
        ukm: Vec<u8>,
    },
    /// Of authenticated encryption.
    Aead {
        nonce: Vec<u8>,
        associated: Vec<u8>,
        /// Octets of the tag.
        tag: usize,
    },
    /// Of `KDF_TREE`.
    Tree {
        label: Vec<u8>,
        seed: Vec<u8>,
        /// Octets of the counter.
        counter: usize,
        /// Octets of all keys, of which those before `offset` are left out.
        length: usize,
        offset: usize,
    },
}

impl Mechanism {
    /// Refuses any parameter.
    pub(crate) fn without_parameter(&self) -> Result<()> {
        demand(self.octets()?.is_empty(), CKR_MECHANISM_PARAM_INVALID)
    }

    /// No parameter, or the DER of the hash's identifier, as the software of Rutoken sends it.
    pub(crate) fn without_parameter_or(&self, hash: &[u8]) -> Result<()> {
        let octets = self.octets()?;
        demand(octets.is_empty() || octets == hash, CKR_MECHANISM_PARAM_INVALID)
    }

    pub(crate) fn octets(&self) -> Result<&[u8]> {
        match &self.parameter {
            Parameter::Octets(octets) => Ok(octets),
            _ => Err(Refusal(CKR_MECHANISM_PARAM_INVALID)),
        }
    }

    /// Refuses what is not offered for a use.
    pub(crate) fn offered_for(&self, flag: CK_FLAGS) -> Result<()> {
        let row = find(self.kind).ok_or(Refusal(CKR_MECHANISM_INVALID))?;
        demand(row.flags & flag != 0, CKR_MECHANISM_INVALID)
    }
}

/// A mechanism of the token.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) mechanism: CK_MECHANISM_TYPE,
    pub(crate) flags: CK_FLAGS,
    pub(crate) sizes: (CK_ULONG, CK_ULONG),
}

pub(crate) fn find(mechanism: CK_MECHANISM_TYPE) -> Option<&'static Row> {
    ALL.iter().find(|row| row.mechanism == mechanism)
}

const fn row(mechanism: CK_MECHANISM_TYPE, flags: CK_FLAGS, size: CK_ULONG) -> Row {
    Row { mechanism, flags, sizes: (size, size) }
}

const SIGNS: CK_FLAGS = CKF_SIGN | CKF_VERIFY;
const CIPHERS: CK_FLAGS = CKF_ENCRYPT | CKF_DECRYPT;
const WRAPS: CK_FLAGS = CKF_WRAP | CKF_UNWRAP;

pub(crate) const ALL: &[Row] = &[
    row(CKM_GOSTR3410_KEY_PAIR_GEN, CKF_GENERATE_KEY_PAIR, 256),
    row(CKM_GOSTR3410_512_KEY_PAIR_GEN, CKF_GENERATE_KEY_PAIR, 512),
    row(CKM_GOSTR3410, SIGNS, 256),
    row(CKM_GOSTR3410_512, SIGNS, 512),
    row(CKM_GOSTR3410_WITH_GOSTR3411_12_256, SIGNS, 256),
    row(CKM_GOSTR3410_WITH_GOSTR3411_12_512, SIGNS, 512),
    row(CKM_GOSTR3411_12_256, CKF_DIGEST, 0),
    row(CKM_GOSTR3411_12_512, CKF_DIGEST, 0),
    row(CKM_GOSTR3411_12_256_HMAC, SIGNS, 0),
    row(CKM_GOSTR3411_12_512_HMAC, SIGNS, 0),
    row(CKM_GOSTR3410_12_DERIVE, CKF_DERIVE, 0),
    row(CKM_VKO_GOSTR3410_2012_512, CKF_DERIVE, 512),
    row(CKM_GOST_KEG, CKF_DERIVE, 0),
    row(CKM_KDF_TREE_GOSTR3411_2012_256, CKF_DERIVE, 256),
    row(CKM_GENERIC_SECRET_KEY_GEN, CKF_GENERATE, 0),
    row(CKM_KUZNYECHIK_KEY_GEN, CKF_GENERATE, 256),
    row(CKM_KUZNYECHIK_ECB, CIPHERS, 256),
    row(CKM_KUZNYECHIK_CTR_ACPKM, CIPHERS, 256),
    row(CKM_KUZNYECHIK_MGM, CIPHERS, 256),
    row(CKM_KUZNYECHIK_MAC, SIGNS, 256),
    row(CKM_KUZNYECHIK_KEXP_15_WRAP, WRAPS, 512),
    row(CKM_MAGMA_KEY_GEN, CKF_GENERATE, 256),
    row(CKM_MAGMA_ECB, CIPHERS, 256),
    row(CKM_MAGMA_CTR_ACPKM, CIPHERS, 256),
    row(CKM_MAGMA_MGM, CIPHERS, 256),
    row(CKM_MAGMA_MAC, SIGNS, 256),
    row(CKM_MAGMA_KEXP_15_WRAP, WRAPS, 512),
];
