//! Signed digits of eight numbers, or of eight parts of one.

use alloc::vec::Vec;

use zeroize::Zeroize;

use super::{
    super::recode::Digit,
    lanes::{LaneMask, Vector},
};

/// For each step the sizes of the digits in all lanes, and which of them are negative.
pub(crate) struct LaneDigits(Vec<(Vector, LaneMask)>);

impl LaneDigits {
    /// All zero.
    pub(crate) fn new(steps: usize) -> Self {
        Self(alloc::vec![(Vector::default(), 0); steps])
    }

    /// Sets a digit that is still zero.
    pub(crate) fn set(&mut self, lane: usize, step: usize, digit: &Digit) {
        let (sizes, negative) = &mut self.0[step];
        sizes.0[lane] = digit.size;
        *negative |= narrow(digit.negative.word() & 1) << lane;
    }

    pub(crate) fn iter(
        &self,
    ) -> impl DoubleEndedIterator<Item = (&Vector, LaneMask)> + ExactSizeIterator {
        self.0.iter().map(|(sizes, negative)| (sizes, *negative))
    }
}

impl Drop for LaneDigits {
    fn drop(&mut self) {
        for (sizes, negative) in &mut self.0 {
            sizes.0.zeroize();
            negative.zeroize();
        }
    }
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "one bit")]
const fn narrow(bit: u64) -> LaneMask {
    bit as LaneMask
}
