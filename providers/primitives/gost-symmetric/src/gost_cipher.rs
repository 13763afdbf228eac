use cipher::{
    BlockCipherDecrypt, BlockCipherEncrypt, KeyInit, KeySizeUser, consts::U32,
    zeroize::ZeroizeOnDrop,
};
use cmac::block_api::CmacCipher;
use magma::Magma;

use crate::kuznyechik::Kuznyechik;

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

pub(crate) mod sealed {
    use cipher::{Array, Block, BlockSizeUser};

    pub trait Sealed: BlockSizeUser {
        /// The number modulo 2^n, big-endian.
        fn to_block(number: u128) -> Block<Self>;
        /// The other way round.
        fn from_block(block: &Block<Self>) -> u128;
    }

    impl Sealed for super::Kuznyechik {
        fn to_block(number: u128) -> Block<Self> {
            Array(number.to_be_bytes())
        }

        fn from_block(block: &Block<Self>) -> u128 {
            u128::from_be_bytes(block.0)
        }
    }

    impl Sealed for super::Magma {
        #[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "modulo 2^64")]
        fn to_block(number: u128) -> Block<Self> {
            Array((number as u64).to_be_bytes())
        }

        fn from_block(block: &Block<Self>) -> u128 {
            u64::from_be_bytes(block.0).into()
        }
    }
}
