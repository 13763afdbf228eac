//! In the place of the vector back-end where it cannot be: keys that do not exist.

use cipher::{
    Block, BlockCipherDecBackend, BlockCipherEncBackend, BlockSizeUser, InOut, ParBlocksSizeUser,
    consts::{U1, U16},
};

/// Nothing.
#[derive(Clone)]
pub(super) enum Keys {}

impl Keys {
    pub(super) fn new(_key: &[u8; 32]) -> Option<Self> {
        None
    }
}

impl BlockSizeUser for Keys {
    type BlockSize = U16;
}

impl ParBlocksSizeUser for Keys {
    type ParBlocksSize = U1;
}

impl BlockCipherEncBackend for Keys {
    fn encrypt_block(&self, _block: InOut<'_, '_, Block<Self>>) {
        match *self {}
    }
}

impl BlockCipherDecBackend for Keys {
    fn decrypt_block(&self, _block: InOut<'_, '_, Block<Self>>) {
        match *self {}
    }
}
