use cipher::{
    BlockCipherDecrypt, BlockCipherEncrypt, KeyInit, KeySizeUser, consts::U32,
    zeroize::ZeroizeOnDrop,
};
use cmac::block_api::CmacCipher;
use kuznyechik::Kuznyechik;
use magma::Magma;

/// A block cipher of GOST R 34.12-2015: [`Kuznyechik`] or [`Magma`].
///
/// Keys are 32 octets, used as they are.
pub trait GostCipher:
    BlockCipherEncrypt
    + BlockCipherDecrypt
    + CmacCipher
    + KeyInit
    + KeySizeUser<KeySize = U32>
    + ZeroizeOnDrop
    + Clone
    + sealed::Sealed
{
    /// Octets in a block (n/8): 16 or 8.
    const BLOCK: usize;
    /// Octets encrypted between two changes of the key by CMS and PBES2 (R 1323565.1.017, app. V).
    const SECTION: usize;
}

impl GostCipher for Kuznyechik {
    const BLOCK: usize = 16;
    const SECTION: usize = 4096;
}

impl GostCipher for Magma {
    const BLOCK: usize = 8;
    const SECTION: usize = 1024;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Kuznyechik {}
    impl Sealed for super::Magma {}
}
