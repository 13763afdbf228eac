use core::fmt;

use digest::{
    Digest, HashMarker, InvalidOutputSize, Output,
    array::Array,
    block_api::{
        AlgorithmName, Block, BlockSizeUser, Buffer, BufferKindUser, CtOutWrapper, Eager,
        OutputSizeUser, TruncSide, UpdateCore, VariableOutputCore,
    },
    const_oid::{AssociatedOid, ObjectIdentifier},
    consts::{U32, U64},
    zeroize::ZeroizeOnDrop,
};
use streebog::block_api::StreebogVarCore;

#[cfg(all(target_arch = "x86_64", not(gost_portable)))]
mod constants;
#[cfg(all(target_arch = "x86_64", not(gost_portable)))]
pub(crate) mod gfni;
#[cfg(not(all(target_arch = "x86_64", not(gost_portable))))]
#[path = "streebog/no_gfni.rs"]
pub(crate) mod gfni;

digest::buffer_fixed!(
    /// Streebog-256 (GOST R 34.11-2012, RFC 6986), in parts of any length.
    pub struct Streebog256(CtOutWrapper<StreebogCore, U32>);
    impl: BaseFixedTraits AlgorithmName Default Clone HashMarker Reset FixedOutputReset;
);

digest::buffer_fixed!(
    /// Streebog-512 (GOST R 34.11-2012, RFC 6986), in parts of any length.
    pub struct Streebog512(CtOutWrapper<StreebogCore, U64>);
    impl: BaseFixedTraits AlgorithmName Default Clone HashMarker Reset FixedOutputReset;
);

/// Hashes one message with Streebog-256; 32 octets in wire order.
pub fn streebog256(message: &[u8]) -> [u8; 32] {
    Streebog256::digest(message).into()
}

/// Hashes one message with Streebog-512; 64 octets in wire order.
pub fn streebog512(message: &[u8]) -> [u8; 64] {
    Streebog512::digest(message).into()
}

/// Whether Streebog runs constant-time on vector registers here.
///
/// So it does on x86-64 processors with GFNI and AVX-512 VBMI, found when it first runs; elsewhere
/// it is table look-ups. The flag `--cfg gost_portable` leaves only the latter.
pub fn is_accelerated() -> bool {
    gfni::State::new(0).is_some()
}

/// Streebog over blocks, on the best back-end of this processor.
#[derive(Clone)]
pub struct StreebogCore(Backend);

#[derive(Clone)]
enum Backend {
    Portable(StreebogVarCore),
    Gfni(gfni::State),
}

impl VariableOutputCore for StreebogCore {
    /// RFC 6986, 9: the most significant half of the number.
    const TRUNC_SIDE: TruncSide = TruncSide::Right;

    fn new(output_size: usize) -> Result<Self, InvalidOutputSize> {
        let iv = match output_size {
            32 => 1,
            64 => 0,
            _ => return Err(InvalidOutputSize),
        };
        match gfni::State::new(iv) {
            Some(state) => Ok(Self(Backend::Gfni(state))),
            None => StreebogVarCore::new(output_size).map(Backend::Portable).map(Self),
        }
    }

    fn finalize_variable_core(&mut self, buffer: &mut Buffer<Self>, out: &mut Output<Self>) {
        match &mut self.0 {
            Backend::Portable(core) => core.finalize_variable_core(buffer, out),
            Backend::Gfni(state) => {
                *out = Array(state.finish(buffer.get_data()));
                buffer.reset();
            }
        }
    }
}

impl UpdateCore for StreebogCore {
    fn update_blocks(&mut self, blocks: &[Block<Self>]) {
        match &mut self.0 {
            Backend::Portable(core) => core.update_blocks(blocks),
            Backend::Gfni(state) => state.update(Array::cast_slice_to_core(blocks)),
        }
    }
}

impl HashMarker for StreebogCore {}

impl ZeroizeOnDrop for StreebogCore {}
impl ZeroizeOnDrop for Streebog256 {}
impl ZeroizeOnDrop for Streebog512 {}

impl BlockSizeUser for StreebogCore {
    type BlockSize = U64;
}

impl BufferKindUser for StreebogCore {
    type BufferKind = Eager;
}

impl OutputSizeUser for StreebogCore {
    type OutputSize = U64;
}

impl AlgorithmName for StreebogCore {
    fn write_alg_name(f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Streebog")
    }
}

impl AssociatedOid for Streebog256 {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.2");
}

impl AssociatedOid for Streebog512 {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.3");
}

impl fmt::Debug for StreebogCore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StreebogCore(..)")
    }
}
