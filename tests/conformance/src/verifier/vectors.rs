//! The vector file (its form is described in `vectors/make.py`).

use std::collections::BTreeMap;

use gost_ca::x509::PublicKey;
use serde::Deserialize;

/// All of it.
#[derive(Debug, Deserialize)]
pub(super) struct Vectors {
    pub(super) notes: BTreeMap<String, Note>,
    pub(super) groups: Vec<Group>,
}

/// What a flag means.
#[derive(Debug, Deserialize)]
pub(super) struct Note {
    pub(super) effect: String,
}

/// The tests of one key.
#[derive(Debug, Deserialize)]
pub(super) struct Group {
    pub(super) curve: String,
    #[serde(default, with = "gost_ca::hex::octets")]
    pub(super) x: Vec<u8>,
    #[serde(default, with = "gost_ca::hex::octets")]
    pub(super) y: Vec<u8>,
    /// `valid` or `invalid`.
    pub(super) key: String,
    #[serde(deserialize_with = "spki")]
    pub(super) spki: PublicKey,
    /// The same key under other object identifiers.
    #[serde(deserialize_with = "spkis")]
    pub(super) aliases: Vec<PublicKey>,
    pub(super) tests: Vec<Test>,
}

/// One signature.
#[derive(Debug, Deserialize)]
pub(super) struct Test {
    pub(super) id: u32,
    pub(super) comment: String,
    pub(super) flags: Vec<String>,
    #[serde(with = "gost_ca::hex::octets")]
    pub(super) msg: Vec<u8>,
    #[serde(with = "gost_ca::hex::octets")]
    pub(super) sig: Vec<u8>,
    /// `valid` or `invalid`; the standard leaves no choice, so nothing is "acceptable".
    pub(super) result: String,
}

impl Vectors {
    #[expect(clippy::expect_used, reason = "the file is compiled in and tested")]
    pub(super) fn read() -> Self {
        serde_json::from_str(include_str!("../../vectors/gost3410.json")).expect("compiled in")
    }

    pub(super) fn valid_keys(&self) -> impl Iterator<Item = &Group> {
        self.groups.iter().filter(|group| group.key == "valid")
    }
}

impl Group {
    /// Octets of a half of a signature.
    pub(super) fn size(&self) -> usize {
        self.x.len()
    }
}

fn spki<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<PublicKey, D::Error> {
    parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

fn spkis<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<PublicKey>, D::Error> {
    let all = Vec::<String>::deserialize(deserializer)?;
    all.iter().map(|hex| parse(hex).map_err(serde::de::Error::custom)).collect()
}

fn parse(hex: &str) -> Result<PublicKey, String> {
    let der = gost_ca::hex::decode(hex).ok_or("hexadecimal")?;
    PublicKey::from_der(&der).map_err(|error| error.to_string())
}
