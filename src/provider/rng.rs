//! Randomness, as an argument.

use core::fmt::Debug;

use serde::{Deserialize, Serialize};

use super::Result;

/// Where random octets come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RngKind {
    /// A physical generator in a device.
    Hardware,
    /// The operating system's generator.
    System,
    /// A person's key strokes and pointer moves, mixed with the system's («биологический ДСЧ»).
    Biological,
}

/// Gives unpredictable octets, or refuses.
pub trait Rng: Debug + Send + Sync {
    /// Fills all of `out`; on an error `out` must not be used.
    ///
    /// # Errors
    /// `Unavailable` when the source is not ready (a biological one not yet full), `Fault` when a health
    /// test failed.
    fn fill(&self, out: &mut [u8]) -> Result<()>;

    /// Where the octets come from.
    fn kind(&self) -> RngKind;
}
