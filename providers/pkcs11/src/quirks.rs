//! How families of tokens differ, as data.

use gost_ca::oid::Oid;
use serde::Deserialize;

use crate::token_info::TokenInfo;

/// What a family of tokens wants to be treated like.
///
/// [`Quirks::of`] chooses by what the token says of itself; a profile of one's own is JSON with the fields
/// below ([`Quirks::from_json`]), all of which but `name` may be left out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "answers to questions that have no others")]
pub struct Quirks {
    /// The family's name.
    pub name: String,
    /// Whom it is for: beginnings of the manufacturer's and the model's names.
    #[serde(default)]
    pub tokens: Vec<Pattern>,
    /// Whether the token is a device; a program's generator is no hardware generator, whatever it says.
    #[serde(default = "yes")]
    pub hardware: bool,
    /// Whether the private key's template names the parameter sets too; it is tried the other way where
    /// the token refuses the template.
    #[serde(default = "yes")]
    pub params_in_private_template: bool,
    /// Whether GOST keys are asked to agree on keys as well as to sign.
    #[serde(default = "yes")]
    pub derive: bool,
    /// Who hashes messages that are signed whole.
    #[serde(default)]
    pub hashing: Hashing,
    /// Whether `C_WaitForSlotEvent` may be trusted to wait; without, the slots are looked at again and again.
    #[serde(default)]
    pub blocking_events: bool,
    /// Sessions, each with a thread of its own. Most devices serve one at a time.
    #[serde(default = "two")]
    pub sessions: usize,
    /// Parameter sets that GOST keys are made on.
    #[serde(default = "seven_curves")]
    pub sets: Vec<Oid>,
    /// Lengths of RSA keys that are made, within what the token allows.
    #[serde(default = "rsa_bits")]
    pub rsa_bits: Vec<u16>,
}

/// Beginnings of names in the token's info.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Pattern {
    /// Of `manufacturerID`.
    pub manufacturer: String,
    /// Of `model`.
    pub model: String,
}

/// Where a message that is signed whole becomes a digest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Hashing {
    /// Here; the token signs the digest. Fast, and every token can.
    #[default]
    Host,
    /// On the token, where it has a mechanism that hashes and signs.
    Token,
}

/// No profile.
#[derive(Debug, thiserror::Error)]
#[error("not a profile of quirks: {0}")]
pub struct BadQuirks(#[from] serde_json::Error);

impl Quirks {
    /// Chooses by the token's manufacturer and model.
    #[must_use]
    pub fn of(token: &TokenInfo) -> Self {
        let fits = |pattern: &Pattern| {
            token.manufacturer.starts_with(&pattern.manufacturer)
                && token.model.starts_with(&pattern.model)
        };
        let known = BUILT_IN.iter().filter_map(|json| Self::from_json(json).ok());
        let mut fitting = known.filter(|quirks| quirks.tokens.iter().any(fits));
        fitting.next().unwrap_or_else(Self::generic)
    }

    /// What is assumed of tokens that nobody here knows.
    #[must_use]
    pub fn generic() -> Self {
        Self {
            name: "generic".to_owned(),
            tokens: Vec::new(),
            hardware: true,
            params_in_private_template: true,
            derive: true,
            hashing: Hashing::Host,
            blocking_events: false,
            sessions: two(),
            sets: seven_curves(),
            rsa_bits: rsa_bits(),
        }
    }

    /// Reads a profile.
    ///
    /// # Errors
    /// [`BadQuirks`] for unknown fields, and for no JSON.
    pub fn from_json(json: &str) -> Result<Self, BadQuirks> {
        Ok(serde_json::from_str(json)?)
    }
}

const fn yes() -> bool {
    true
}

const fn two() -> usize {
    2
}

fn rsa_bits() -> Vec<u16> {
    vec![2048, 3072, 4096]
}

/// One identifier for each curve: those that tokens store (256-B, C and D go by CryptoPro's names).
fn seven_curves() -> Vec<Oid> {
    [
        "1.2.643.7.1.2.1.1.1",
        "1.2.643.2.2.35.1",
        "1.2.643.2.2.35.2",
        "1.2.643.2.2.35.3",
        "1.2.643.7.1.2.1.2.1",
        "1.2.643.7.1.2.1.2.2",
        "1.2.643.7.1.2.1.2.3",
    ]
    .map(Oid::new_unwrap)
    .into()
}

const BUILT_IN: [&str; 4] = [
    include_str!("../quirks/softhsm.json"),
    include_str!("../quirks/soft-token.json"),
    include_str!("../quirks/rutoken.json"),
    include_str!("../quirks/jacarta.json"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_profile_is_one() {
        for json in BUILT_IN {
            Quirks::from_json(json).unwrap();
        }
    }

    #[test]
    fn chooses_by_the_tokens_own_words() {
        let token = |manufacturer: &str, model: &str| {
            let mut token = TokenInfo::default();
            (token.manufacturer, token.model) = (manufacturer.into(), model.into());
            token
        };
        assert_eq!(Quirks::of(&token("Aktiv Co.", "Rutoken ECP")).name, "rutoken");
        assert_eq!(Quirks::of(&token("SoftHSM project", "SoftHSM v2")).name, "softhsm");
        assert_eq!(Quirks::of(&token("Aladdin R.D.", "JaCarta")).name, "jacarta");
        assert_eq!(Quirks::of(&token("ACME", "")), Quirks::generic());
    }

    #[test]
    fn a_profile_of_ones_own_has_the_generic_defaults() {
        let own = Quirks::from_json(r#"{"name": "generic"}"#).unwrap();
        assert_eq!(own, Quirks::generic());
        assert!(Quirks::from_json(r#"{"name": "x", "sesions": 1}"#).is_err());
    }
}
