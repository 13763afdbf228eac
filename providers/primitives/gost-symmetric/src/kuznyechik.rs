use core::fmt;

use ::kuznyechik::Kuznyechik as Portable;
use cipher::{
    BlockCipherDecClosure, BlockCipherDecrypt, BlockCipherEncClosure, BlockCipherEncrypt,
    BlockSizeUser, Key, KeyInit, KeySizeUser,
    consts::{U16, U32},
    zeroize::ZeroizeOnDrop,
};

#[cfg(all(target_arch = "x86_64", not(gost_portable)))]
mod constants;
#[cfg(all(target_arch = "x86_64", not(gost_portable)))]
mod gfni;
#[cfg(not(all(target_arch = "x86_64", not(gost_portable))))]
#[path = "kuznyechik/no_gfni.rs"]
mod gfni;

/// Kuznyechik (GOST R 34.12-2015, RFC 7801), on the best back-end of this processor.
#[derive(Clone)]
pub struct Kuznyechik(Backend);

#[derive(Clone)]
#[cfg_attr(
    not(all(target_arch = "x86_64", not(gost_portable))),
    expect(clippy::large_enum_variant, reason = "the other variant does not exist")
)]
enum Backend {
    Portable(Portable),
    Gfni(gfni::Keys),
}

impl Kuznyechik {
    /// Whether Kuznyechik runs constant-time on vector registers here.
    ///
    /// So it does on x86-64 processors with GFNI and AVX-512 VBMI, found when it first runs;
    /// elsewhere it is table look-ups. The flag `--cfg gost_portable` leaves only the latter.
    pub fn is_accelerated() -> bool {
        gfni::Keys::new(&[0; 32]).is_some()
    }
}

impl KeyInit for Kuznyechik {
    fn new(key: &Key<Self>) -> Self {
        Self(
            gfni::Keys::new(&key.0)
                .map_or_else(|| Backend::Portable(Portable::new(key)), Backend::Gfni),
        )
    }
}

impl BlockCipherEncrypt for Kuznyechik {
    fn encrypt_with_backend(&self, f: impl BlockCipherEncClosure<BlockSize = U16>) {
        match &self.0 {
            Backend::Portable(cipher) => cipher.encrypt_with_backend(f),
            Backend::Gfni(keys) => f.call(keys),
        }
    }
}

impl BlockCipherDecrypt for Kuznyechik {
    fn decrypt_with_backend(&self, f: impl BlockCipherDecClosure<BlockSize = U16>) {
        match &self.0 {
            Backend::Portable(cipher) => cipher.decrypt_with_backend(f),
            Backend::Gfni(keys) => f.call(keys),
        }
    }
}

impl KeySizeUser for Kuznyechik {
    type KeySize = U32;
}

impl BlockSizeUser for Kuznyechik {
    type BlockSize = U16;
}

impl ZeroizeOnDrop for Kuznyechik {}

impl fmt::Debug for Kuznyechik {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kuznyechik(..)")
    }
}
