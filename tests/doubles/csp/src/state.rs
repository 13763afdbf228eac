//! What the double remembers: contexts, keys, hashes, and how it shall misbehave.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use gost3410::VerifyingKey;

use crate::codes::{NTE_BAD_UID, NTE_FAIL};

#[derive(Default)]
pub(crate) struct State {
    pub(crate) keys_folder: Option<PathBuf>,
    /// Containers that have no key yet.
    pub(crate) empty: BTreeSet<String>,
    pub(crate) contexts: BTreeMap<usize, Context>,
    pub(crate) keys: BTreeMap<usize, Key>,
    pub(crate) hashes: BTreeMap<usize, Hash>,
    pub(crate) wrong_pins: BTreeMap<String, u32>,
    pub(crate) policy: BTreeMap<String, u32>,
    faults: Vec<Fault>,
    last_handle: usize,
}

pub(crate) struct Context {
    /// None for a context without keys.
    pub(crate) container: Option<String>,
    pub(crate) kind: u32,
    /// Releases that it takes.
    pub(crate) references: u32,
    pub(crate) silent: bool,
    pub(crate) pin: Option<String>,
    pub(crate) set: Option<String>,
    /// What is enumerated, and how far.
    pub(crate) items: Vec<Vec<u8>>,
    pub(crate) next_item: usize,
}

pub(crate) struct Key {
    pub(crate) context: usize,
    /// Of a container; none for an imported one.
    pub(crate) spec: Option<u32>,
    pub(crate) public: Option<VerifyingKey>,
}

pub(crate) struct Hash {
    pub(crate) context: usize,
    pub(crate) long: bool,
    pub(crate) message: Vec<u8>,
    pub(crate) value: Option<Vec<u8>>,
}

struct Fault {
    function: String,
    code: u32,
    after: u32,
}

impl State {
    /// A handle that was not used before: stale ones are noticed.
    pub(crate) fn handle(&mut self) -> usize {
        self.last_handle += 0x10;
        self.last_handle
    }

    pub(crate) fn context(&mut self, handle: usize) -> Result<&mut Context, u32> {
        self.contexts.get_mut(&handle).ok_or(NTE_BAD_UID)
    }

    pub(crate) fn folder(&mut self) -> Result<PathBuf, u32> {
        if self.keys_folder.is_none() {
            self.keys_folder = std::env::var_os("CSP_DOUBLE_KEYS").map(PathBuf::from);
        }
        self.keys_folder.clone().ok_or(NTE_FAIL)
    }

    /// A number that tests may set.
    pub(crate) fn policy(&self, name: &str, default: u32) -> u32 {
        self.policy.get(name).copied().unwrap_or(default)
    }

    pub(crate) fn fail(&mut self, function: String, code: u32, after: u32) {
        self.faults.push(Fault { function, code, after });
    }

    /// Whether this call was to fail.
    fn fault(&mut self, function: &str) -> Option<u32> {
        let at = self.faults.iter().position(|fault| fault.function == function)?;
        let fault = &mut self.faults[at];
        if fault.after > 0 {
            fault.after -= 1;
            return None;
        }
        Some(self.faults.remove(at).code)
    }
}

static STATE: Mutex<Option<State>> = Mutex::new(None);

#[cfg(not(windows))]
thread_local! {
    static LAST_ERROR: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

#[cfg(not(windows))]
pub(crate) fn last_error() -> u32 {
    LAST_ERROR.get()
}

#[cfg(not(windows))]
pub(crate) fn set_last_error(code: u32) {
    LAST_ERROR.set(code);
}

#[cfg(windows)]
pub(crate) use crate::provider::set_last_error;

pub(crate) fn with_state<T>(act: impl FnOnce(&mut State) -> T) -> T {
    let mut state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
    act(state.get_or_insert_default())
}

/// Runs a function of the CSP: 1, or 0 with the thread's last error set.
pub(crate) fn answer(function: &str, act: impl FnOnce(&mut State) -> Result<(), u32>) -> i32 {
    let done = with_state(|state| match state.fault(function) {
        Some(code) => Err(code),
        None => act(state),
    });
    match done {
        Ok(()) => 1,
        Err(code) => {
            set_last_error(code);
            0
        }
    }
}
