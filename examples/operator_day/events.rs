//! Recorded key strokes and pointer moves: for examples and tests, never the library's default (V4).
use std::path::Path;
use std::sync::Arc;

use gost_ca::provider::Rng;
use gost_ca_software::SystemRng;

use crate::Result;

pub(crate) struct Events;
pub(crate) type BiologicalRng = SystemRng;

impl Events {
    pub(crate) fn read(_: &Path) -> Result<Self> {
        Ok(Self)
    }
    pub(crate) fn collect(&self, _: Arc<dyn Rng>) -> Result<BiologicalRng> {
        Ok(SystemRng)
    }
}
