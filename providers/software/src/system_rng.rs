//! The operating system's randomness.

use gost_ca::provider::{ErrorKind, Result, Rng, RngKind};

/// The operating system's generator (`getrandom`).
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRng;

impl Rng for SystemRng {
    fn fill(&self, out: &mut [u8]) -> Result<()> {
        getrandom::fill(out)
            .map_err(|error| ErrorKind::Unavailable.at("getrandom").because(error.to_string()))
    }

    fn kind(&self) -> RngKind {
        RngKind::System
    }
}
