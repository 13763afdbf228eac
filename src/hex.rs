//! Hexadecimal text, as records and people write it.

use core::fmt::Write as _;

/// Writes octets as lower-case pairs.
pub fn encode(octets: &[u8]) -> String {
    octets.iter().fold(String::new(), |mut text, octet| {
        let _infallible = write!(text, "{octet:02x}");
        text
    })
}

/// Reads pairs of digits in any case; `None` where it is anything else.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|c| c.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(text.get(i..)?.get(..2)?, 16).ok())
        .collect()
}

/// Reads exactly `N` octets.
pub fn array<const N: usize>(text: &str) -> Option<[u8; N]> {
    decode(text)?.try_into().ok()
}

/// Serde for octets as hexadecimal text (`#[serde(with = "crate::hex::octets")]`).
pub mod octets {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes hexadecimal text.
    ///
    /// # Errors
    /// The serializer's.
    pub fn serialize<S: Serializer>(octets: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::encode(octets))
    }

    /// Reads hexadecimal text.
    ///
    /// # Errors
    /// For anything else, and for another number of octets.
    pub fn deserialize<'de, D: Deserializer<'de>, T: TryFrom<Vec<u8>>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        super::decode(&String::deserialize(deserializer)?)
            .and_then(|octets| T::try_from(octets).ok())
            .ok_or_else(|| D::Error::custom("hexadecimal octets are wanted"))
    }
}
