//! Keys that the page opened.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gost_ca::provider::Signer;

/// Open keys by number; dropping one closes it.
#[derive(Debug, Default)]
pub(crate) struct OpenKeys(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    keys: BTreeMap<u32, Arc<dyn Signer>>,
    last: u32,
}

impl OpenKeys {
    /// Keeps a key; the eldest is closed where there are too many.
    pub(crate) fn keep(&self, signer: Arc<dyn Signer>) -> u32 {
        let mut state = self.state();
        if state.keys.len() >= MOST {
            state.keys.pop_first();
        }
        state.last = state.last.wrapping_add(1);
        let number = state.last;
        state.keys.insert(number, signer);
        number
    }

    pub(crate) fn get(&self, number: u32) -> Option<Arc<dyn Signer>> {
        self.state().keys.get(&number).map(Arc::clone)
    }

    pub(crate) fn close(&self, number: u32) {
        self.state().keys.remove(&number);
    }

    pub(crate) fn close_all(&self) {
        self.state().keys.clear();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const MOST: usize = 64;
