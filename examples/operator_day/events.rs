//! Recorded key strokes and pointer moves: for examples and tests, never the library's default (V4).

use std::path::Path;
use std::sync::Arc;

use gost_ca::provider::Rng;
use gost_ca_software::biological::recorded::insecure_events_of_recording;
use gost_ca_software::biological::{BiologicalRng, Event};

use crate::Result;

/// What a person did once with mouse and keyboard.
pub(crate) struct Events(Vec<Event>);

impl Events {
    pub(crate) fn read(path: &Path) -> Result<Self> {
        Ok(Self(insecure_events_of_recording(&std::fs::read_to_string(path)?)?))
    }

    /// A generator that was fed until it was full, as a window at the workplace would.
    pub(crate) fn collect(&self, system: Arc<dyn Rng>) -> Result<BiologicalRng> {
        let rng = BiologicalRng::new(system);
        for event in &self.0 {
            if rng.percent() == 100 {
                break;
            }
            rng.feed(event)?;
        }
        if rng.percent() < 100 {
            return Err(
                format!("the recording fills the generator to {} % only", rng.percent()).into()
            );
        }
        Ok(rng)
    }
}
