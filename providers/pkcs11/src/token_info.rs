//! What a token says of itself.

use cryptoki_sys::{
    CK_FLAGS, CK_SLOT_ID, CK_TOKEN_INFO, CK_ULONG, CKF_PROTECTED_AUTHENTICATION_PATH, CKF_RNG,
    CKF_SO_PIN_COUNT_LOW, CKF_SO_PIN_FINAL_TRY, CKF_SO_PIN_LOCKED, CKF_TOKEN_INITIALIZED,
    CKF_USER_PIN_COUNT_LOW, CKF_USER_PIN_FINAL_TRY, CKF_USER_PIN_INITIALIZED, CKF_USER_PIN_LOCKED,
    CKF_USER_PIN_TO_BE_CHANGED,
};

/// A token's info (`C_GetTokenInfo`), translated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenInfo {
    /// The slot that it was in.
    pub slot: u64,
    /// The name that it was given.
    pub label: String,
    /// Who made it.
    pub manufacturer: String,
    /// What it is.
    pub model: String,
    /// Its serial number; it alone tells one token from another.
    pub serial: String,
    /// Octets of the shortest PIN.
    pub shortest_pin: usize,
    /// Octets of the longest PIN.
    pub longest_pin: usize,
    /// What it says of tries of the user's PIN.
    pub tries: Tries,
    /// What it says of tries of the security officer's PIN.
    pub officer_tries: Tries,
    flags: CK_FLAGS,
}

/// What is known of the tries that are left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tries {
    /// All, as far as the token tells.
    #[default]
    All,
    /// A wrong PIN was given since the last right one.
    Fewer,
    /// One: another wrong PIN locks.
    Last,
    /// None: locked.
    None,
}

impl Tries {
    /// Their number, where it is known.
    #[must_use]
    pub const fn left(self) -> Option<u32> {
        match self {
            Self::All | Self::Fewer => None,
            Self::Last => Some(1),
            Self::None => Some(0),
        }
    }

    const fn of(flags: CK_FLAGS, low: CK_FLAGS, last: CK_FLAGS, locked: CK_FLAGS) -> Self {
        if flags & locked != 0 {
            Self::None
        } else if flags & last != 0 {
            Self::Last
        } else if flags & low != 0 {
            Self::Fewer
        } else {
            Self::All
        }
    }
}

impl TokenInfo {
    pub(crate) fn read(slot: CK_SLOT_ID, raw: &CK_TOKEN_INFO) -> Self {
        let flags = raw.flags;
        let user = (CKF_USER_PIN_COUNT_LOW, CKF_USER_PIN_FINAL_TRY, CKF_USER_PIN_LOCKED);
        let officer = (CKF_SO_PIN_COUNT_LOW, CKF_SO_PIN_FINAL_TRY, CKF_SO_PIN_LOCKED);
        Self {
            slot: wide(slot),
            label: text(&raw.label),
            manufacturer: text(&raw.manufacturerID),
            model: text(&raw.model),
            serial: text(&raw.serialNumber),
            shortest_pin: length(raw.ulMinPinLen),
            longest_pin: length(raw.ulMaxPinLen),
            tries: Tries::of(flags, user.0, user.1, user.2),
            officer_tries: Tries::of(flags, officer.0, officer.1, officer.2),
            flags,
        }
    }

    /// Whether it was initialised: it holds nothing before.
    #[must_use]
    pub const fn is_initialized(&self) -> bool {
        self.flags & CKF_TOKEN_INITIALIZED != 0
    }

    /// Whether its user has a PIN.
    #[must_use]
    pub const fn has_user_pin(&self) -> bool {
        self.flags & CKF_USER_PIN_INITIALIZED != 0
    }

    /// Whether the user's PIN is a temporary one (V8).
    #[must_use]
    pub const fn must_change_pin(&self) -> bool {
        self.flags & CKF_USER_PIN_TO_BE_CHANGED != 0
    }

    /// Whether it says that it has a random generator.
    #[must_use]
    pub const fn has_rng(&self) -> bool {
        self.flags & CKF_RNG != 0
    }

    /// Whether PINs are typed on a key pad of its own.
    #[must_use]
    pub const fn has_key_pad(&self) -> bool {
        self.flags & CKF_PROTECTED_AUTHENTICATION_PATH != 0
    }

    /// What tells it from others in any slot.
    pub(crate) fn identity(&self) -> &str {
        if self.serial.is_empty() { &self.label } else { &self.serial }
    }
}

/// PKCS#11 pads with spaces; some modules with zeros.
fn text(padded: &[u8]) -> String {
    String::from_utf8_lossy(padded).trim_end_matches(['\0', ' ']).to_owned()
}

/// A length; "unavailable" is all ones.
fn length(length: CK_ULONG) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}

/// A slot's number in 64 bits, however wide it is here.
#[cfg_attr(
    all(unix, target_pointer_width = "64"),
    expect(clippy::useless_conversion, reason = "a CK_ULONG is narrower elsewhere")
)]
pub(crate) fn wide(slot: CK_SLOT_ID) -> u64 {
    slot.into()
}
