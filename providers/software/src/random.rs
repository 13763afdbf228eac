//! The core's randomness as RustCrypto's, without losing the reason of a refusal.

use core::fmt;

use gost_ca::provider::{ErrorKind, ProviderError, Rng};
use rand_core::{TryCryptoRng, TryRng};

/// Lends a [`Rng`] to functions that take a `TryCryptoRng`.
#[derive(Debug)]
pub(crate) struct Lent<'a> {
    rng: &'a dyn Rng,
    refusal: Option<ProviderError>,
}

impl<'a> Lent<'a> {
    pub(crate) fn new(rng: &'a dyn Rng) -> Self {
        Self { rng, refusal: None }
    }

    /// The generator's own error, where it was what failed; else the error of `operation`.
    pub(crate) fn error(self, operation: &'static str, error: gost3410::Error) -> ProviderError {
        self.refusal.unwrap_or_else(|| ErrorKind::Invalid.at(operation).because(error))
    }
}

/// The generator refused; [`Lent`] has the reason.
#[derive(Debug)]
pub(crate) struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the random generator refused")
    }
}

impl core::error::Error for Refused {}

impl TryRng for Lent<'_> {
    type Error = Refused;

    fn try_next_u32(&mut self) -> Result<u32, Refused> {
        let mut octets = [0; 4];
        self.try_fill_bytes(&mut octets)?;
        Ok(u32::from_le_bytes(octets))
    }

    fn try_next_u64(&mut self) -> Result<u64, Refused> {
        let mut octets = [0; 8];
        self.try_fill_bytes(&mut octets)?;
        Ok(u64::from_le_bytes(octets))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Refused> {
        self.rng.fill(out).map_err(|error| {
            self.refusal = Some(error);
            Refused
        })
    }
}

impl TryCryptoRng for Lent<'_> {}
