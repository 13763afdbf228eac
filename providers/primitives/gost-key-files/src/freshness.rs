use core::fmt;

use alloc::vec::Vec;

/// What one encryption needs of randomness. Used up by it: with the same salt and `ukm` twice under one
/// password, the exclusive or of both keys would be in the open.
pub struct Freshness {
    pub(crate) salt: Vec<u8>,
    pub(crate) ukm: Vec<u8>,
}

impl Freshness {
    /// Draws it from the generator, a function that fills octets.
    ///
    /// # Errors
    /// The generator's.
    pub fn draw<E>(mut fill: impl FnMut(&mut [u8]) -> Result<(), E>) -> Result<Self, E> {
        let mut fresh = Self { salt: alloc::vec![0; 32], ukm: alloc::vec![0; 16] };
        fill(&mut fresh.salt)?;
        fill(&mut fresh.ukm)?;
        Ok(fresh)
    }
}

impl fmt::Debug for Freshness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Freshness(..)")
    }
}
