//! The CSP's random generator.

use std::sync::{Mutex, PoisonError};

use gost_ca::provider::{Result, Rng, RngKind};

use crate::Provider;
use crate::error::CspError;
use crate::ffi::Context;
use crate::session::{KINDS, Opener};

/// `CryptGenRandom`, in the caller's thread.
#[derive(Debug)]
pub struct CspRng {
    context: Mutex<Context>,
    kind: RngKind,
}

impl CspRng {
    /// Takes the generator that the CSP is configured with, and what that is.
    ///
    /// An `interactive` one may ask a person for random moves in a window of the CSP.
    ///
    /// # Errors
    /// `Unsupported` where the CSP has no provider of GOST R 34.10-2012.
    pub fn new(provider: &Provider, kind: RngKind, interactive: bool) -> Result<Self> {
        let opener = Opener::new(provider);
        let [first, _] = KINDS;
        let context = opener.keyless(first, interactive).map_err(CspError::told)?;
        Ok(Self { context: Mutex::new(context), kind })
    }
}

impl Rng for CspRng {
    fn fill(&self, out: &mut [u8]) -> Result<()> {
        let context = self.context.lock().unwrap_or_else(PoisonError::into_inner);
        context.random(out).map_err(CspError::told)
    }

    fn kind(&self) -> RngKind {
        self.kind
    }
}
