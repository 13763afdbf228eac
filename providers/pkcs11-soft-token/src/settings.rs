//! `settings.json`: the slots of a folder and their rules.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use cryptoki_sys::CKR_GENERAL_ERROR;
use serde::Deserialize;

use crate::profile::{Flavour, PinRule, Profile};
use crate::refusal::{Refusal, Result};

/// What a folder's slots are; the file may be missing.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Settings {
    /// Iterations of PBKDF2 under a new PIN: what one guess costs.
    pub(crate) iterations: u32,
    /// Whether `control.json` is obeyed, which every call then reads.
    pub(crate) misbehaves: bool,
    /// The slots, numbered from 0.
    pub(crate) slots: Vec<SlotSettings>,
}

/// What one slot is; everything may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SlotSettings {
    /// Whose tokens it resembles.
    pub(crate) flavour: Flavour,
    /// The user's PIN, if not as the flavour has it.
    pub(crate) user_pin: Option<PinRule>,
    /// The security officer's PIN.
    pub(crate) so_pin: Option<PinRule>,
}

impl Settings {
    /// Reads the folder's `settings.json`; one plain slot without it.
    ///
    /// # Errors
    /// `CKR_GENERAL_ERROR` for a file that cannot be read or says what is not understood.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let text = match fs::read(folder.join("settings.json")) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(_) => return Err(Refusal(CKR_GENERAL_ERROR)),
        };
        let settings: Self =
            serde_json::from_slice(&text).map_err(|_| Refusal(CKR_GENERAL_ERROR))?;
        let sound = (1..=MOST_ITERATIONS).contains(&settings.iterations)
            && (1..=MOST_SLOTS).contains(&settings.slots.len())
            && settings.slots.iter().all(SlotSettings::is_sound);
        if sound { Ok(settings) } else { Err(Refusal(CKR_GENERAL_ERROR)) }
    }
}

impl SlotSettings {
    pub(crate) fn profile(&self) -> &'static Profile {
        self.flavour.profile()
    }

    pub(crate) fn user_pin(&self) -> PinRule {
        self.user_pin.unwrap_or(self.profile().user_pin)
    }

    pub(crate) fn so_pin(&self) -> PinRule {
        self.so_pin.unwrap_or(self.profile().so_pin)
    }

    fn is_sound(&self) -> bool {
        [self.user_pin(), self.so_pin()]
            .iter()
            .all(|rule| (1..=rule.longest).contains(&rule.shortest) && rule.longest <= LONGEST_PIN)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self { iterations: 100_000, misbehaves: false, slots: vec![SlotSettings::default()] }
    }
}

/// The most iterations run for a file's sake: some seconds.
pub(crate) const MOST_ITERATIONS: u32 = 1_000_000;

const MOST_SLOTS: usize = 64;
const LONGEST_PIN: usize = 255;
