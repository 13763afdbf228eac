//! `control.json`: which tokens are pulled, and which calls go wrong. Read at every call, where the settings
//! let it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use cryptoki_sys::{CK_RV, CK_SLOT_ID, CKR_DEVICE_ERROR};
use serde::Deserialize;

/// What a folder's `control.json` says. Without the file nothing goes wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Orders {
    /// Slots whose token is pulled out.
    removed: Vec<CK_SLOT_ID>,
    /// Milliseconds that each call takes.
    delay: u64,
    remove: Option<Removal>,
    fail: Option<Failure>,
    /// Not looked at: makes two files differ, so that calls are counted anew.
    #[serde(rename = "note")]
    _note: String,
}

/// Pulls a token out in the middle of a call.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Removal {
    /// Which call after the file changed, from 1.
    call: u64,
    #[serde(default)]
    slot: CK_SLOT_ID,
    #[serde(default)]
    moment: Moment,
    /// How many calls later the token is back; 0 is never.
    #[serde(default)]
    back_after: u64,
}

/// When within the call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Moment {
    /// Nothing is done.
    #[default]
    Before,
    /// All is done, and nobody learns of it.
    After,
}

/// Answers one call with a return value.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Failure {
    call: u64,
    #[serde(default = "device_error")]
    code: CK_RV,
}

/// The orders in force, and the calls since they are.
#[derive(Debug, Default)]
pub(crate) struct Control {
    text: Vec<u8>,
    orders: Orders,
    calls: u64,
}

/// What happens to one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fate {
    pub(crate) delay: Duration,
    pub(crate) fail: Option<CK_RV>,
    /// Slots without a token before the call.
    pub(crate) removed: Vec<CK_SLOT_ID>,
    /// The slot that loses its token when the call is done.
    pub(crate) removed_after: Option<CK_SLOT_ID>,
}

impl Control {
    /// Counts one call.
    pub(crate) fn next(&mut self, folder: &Path) -> Fate {
        self.refresh(folder);
        self.calls = self.calls.saturating_add(1);
        self.fate()
    }

    /// Who is out now; counts nothing.
    pub(crate) fn removed(&mut self, folder: &Path) -> Vec<CK_SLOT_ID> {
        self.refresh(folder);
        self.fate().removed
    }

    /// A file that is not understood is as good as none: the file is for tests.
    fn refresh(&mut self, folder: &Path) {
        let text = fs::read(folder.join("control.json")).unwrap_or_default();
        if text != self.text {
            self.orders = serde_json::from_slice(&text).unwrap_or_default();
            self.text = text;
            self.calls = 0;
        }
    }

    fn fate(&self) -> Fate {
        let Orders { delay, fail, removed, remove, .. } = &self.orders;
        let mut removed = removed.clone();
        removed.extend(remove.iter().filter(|order| order.holds(self.calls)).map(|it| it.slot));
        let fail = fail.as_ref().filter(|order| order.call == self.calls).map(|order| order.code);
        let after = remove.as_ref().filter(|order| order.strikes_after(self.calls));
        Fate {
            delay: Duration::from_millis(*delay),
            fail,
            removed,
            removed_after: after.map(|order| order.slot),
        }
    }
}

impl Removal {
    /// Whether the token is out when so many calls have begun.
    fn holds(&self, calls: u64) -> bool {
        let first = match self.moment {
            Moment::Before => self.call,
            Moment::After => self.call.saturating_add(1),
        };
        let back = self.call.saturating_add(self.back_after);
        calls >= first && (self.back_after == 0 || calls <= back)
    }

    fn strikes_after(&self, calls: u64) -> bool {
        self.moment == Moment::After && self.call == calls
    }
}

fn device_error() -> CK_RV {
    CKR_DEVICE_ERROR
}
