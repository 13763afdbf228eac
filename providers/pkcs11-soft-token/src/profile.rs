//! Flavours: how the tokens of one maker differ from those of another.

use serde::Deserialize;

/// A flavour, as `settings.json` names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Flavour {
    /// What the standard says, and lenient where it leaves a choice.
    #[default]
    Plain,
    /// `SoftHSM`: PINs never lock, and nobody waits for a token.
    Softhsm,
    /// Rutoken ECP: a removed slot stays in the list.
    Rutoken,
    /// `JaCarta`: private keys are made with the attributes the applet fixes.
    Jacarta,
}

/// How long a PIN is, and how often it may be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PinRule {
    /// Octets of the shortest.
    pub(crate) shortest: usize,
    /// Octets of the longest.
    pub(crate) longest: usize,
    /// Wrong ones in a row until the lock; 0 is never.
    pub(crate) tries: u64,
}

/// What a flavour is made of.
#[derive(Debug)]
pub(crate) struct Profile {
    pub(crate) flavour: Flavour,
    pub(crate) manufacturer: &'static str,
    pub(crate) model: &'static str,
    pub(crate) user_pin: PinRule,
    pub(crate) so_pin: PinRule,
    pub(crate) private_parameters: PrivateParameters,
    pub(crate) private_template: PrivateTemplate,
    pub(crate) waiting: Waiting,
    pub(crate) empty_slots: EmptySlots,
}

/// Whether the template of a private key may name the parameter sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PrivateParameters {
    Taken,
    /// `CKR_ATTRIBUTE_READ_ONLY`.
    Refused,
}

/// Which values the template of a new private key may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PrivateTemplate {
    Free,
    /// Those the applet fixes; any other is `CKR_ATTRIBUTE_READ_ONLY`.
    Fixed,
}

/// What `C_WaitForSlotEvent` does without `CKF_DONT_BLOCK`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Waiting {
    Waits,
    /// `CKR_FUNCTION_NOT_SUPPORTED`.
    Refused,
}

/// What becomes of a slot whose token is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EmptySlots {
    /// It is listed, and says that there is no token.
    Listed,
    /// It is gone from the list too.
    Hidden,
}

impl Flavour {
    pub(crate) fn profile(self) -> &'static Profile {
        PROFILES.iter().find(|profile| profile.flavour == self).unwrap_or(&PLAIN)
    }
}

const PLAIN: Profile = Profile {
    flavour: Flavour::Plain,
    manufacturer: "gost-ca",
    model: "Soft token",
    user_pin: PinRule { shortest: 6, longest: 255, tries: 10 },
    so_pin: PinRule { shortest: 6, longest: 255, tries: 10 },
    private_parameters: PrivateParameters::Taken,
    private_template: PrivateTemplate::Free,
    waiting: Waiting::Waits,
    empty_slots: EmptySlots::Listed,
};

const PROFILES: &[Profile] = &[
    PLAIN,
    Profile {
        flavour: Flavour::Softhsm,
        manufacturer: "SoftHSM project",
        model: "SoftHSM v2",
        user_pin: PinRule { shortest: 4, longest: 255, tries: 0 },
        so_pin: PinRule { shortest: 4, longest: 255, tries: 0 },
        private_parameters: PrivateParameters::Refused,
        waiting: Waiting::Refused,
        ..PLAIN
    },
    Profile {
        flavour: Flavour::Rutoken,
        manufacturer: "Aktiv Co.",
        model: "Rutoken ECP",
        user_pin: PinRule { shortest: 6, longest: 249, tries: 10 },
        so_pin: PinRule { shortest: 6, longest: 249, tries: 10 },
        ..PLAIN
    },
    Profile {
        flavour: Flavour::Jacarta,
        manufacturer: "Aladdin R.D.",
        model: "JaCarta GOST 2.0",
        user_pin: PinRule { shortest: 6, longest: 32, tries: 10 },
        so_pin: PinRule { shortest: 6, longest: 32, tries: 10 },
        private_template: PrivateTemplate::Fixed,
        empty_slots: EmptySlots::Hidden,
        ..PLAIN
    },
];
