//! Kuznyechik on x86-64 with GFNI and AVX-512 VBMI.

use cipher::{
    Block, BlockCipherDecBackend, BlockCipherEncBackend, BlockSizeUser, InOut, InOutBuf, ParBlocks,
    ParBlocksSizeUser,
    array::Array,
    consts::{U16, U32},
};
use zeroize::{Zeroize, ZeroizeOnDrop};

mod vector;

cpufeatures::new!(features, "gfni", "avx512f", "avx512bw", "avx512vbmi");

/// The ten round keys; exist only where the processor has the features.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(super) struct Keys([[u8; 16]; 10]);

impl Keys {
    pub(super) fn new(key: &[u8; 32]) -> Option<Self> {
        #[expect(unsafe_code, reason = "calls code for special processors")]
        features::get().then(|| {
            // SAFETY: the features are there.
            Self(unsafe { vector::schedule(key) })
        })
    }

    #[expect(unsafe_code, reason = "calls code for special processors")]
    fn encrypt(&self, blocks: &mut [[u8; 16]]) {
        // SAFETY: `Keys::new` has found the features.
        unsafe { vector::encrypt(&self.0, blocks) }
    }

    #[expect(unsafe_code, reason = "calls code for special processors")]
    fn decrypt(&self, blocks: &mut [[u8; 16]]) {
        // SAFETY: `Keys::new` has found the features.
        unsafe { vector::decrypt(&self.0, blocks) }
    }
}

impl BlockSizeUser for Keys {
    type BlockSize = U16;
}

impl ParBlocksSizeUser for Keys {
    type ParBlocksSize = U32;
}

impl BlockCipherEncBackend for Keys {
    fn encrypt_block(&self, block: InOut<'_, '_, Block<Self>>) {
        let block = block.into_out_with_copied_in();
        self.encrypt(core::slice::from_mut(&mut block.0));
    }

    fn encrypt_par_blocks(&self, blocks: InOut<'_, '_, ParBlocks<Self>>) {
        let blocks = blocks.into_out_with_copied_in();
        self.encrypt(Array::cast_slice_to_core_mut(blocks));
    }

    fn encrypt_tail_blocks(&self, blocks: InOutBuf<'_, '_, Block<Self>>) {
        let blocks = blocks.into_out_with_copied_in();
        self.encrypt(Array::cast_slice_to_core_mut(blocks));
    }
}

impl BlockCipherDecBackend for Keys {
    fn decrypt_block(&self, block: InOut<'_, '_, Block<Self>>) {
        let block = block.into_out_with_copied_in();
        self.decrypt(core::slice::from_mut(&mut block.0));
    }

    fn decrypt_par_blocks(&self, blocks: InOut<'_, '_, ParBlocks<Self>>) {
        let blocks = blocks.into_out_with_copied_in();
        self.decrypt(Array::cast_slice_to_core_mut(blocks));
    }

    fn decrypt_tail_blocks(&self, blocks: InOutBuf<'_, '_, Block<Self>>) {
        let blocks = blocks.into_out_with_copied_in();
        self.decrypt(Array::cast_slice_to_core_mut(blocks));
    }
}
