//! Bodies with secrets: read, taken apart, wiped.

use axum::body::Bytes;
use base64ct::{Base64, Encoding};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer};
use zeroize::Zeroize;

use crate::failure::Failure;
use gost_ca::secret::Secret;

/// Reads a body, and wipes its octets.
pub(crate) fn read<T: DeserializeOwned>(body: Bytes) -> Result<T, Failure> {
    let read = serde_json::from_slice(&body).map_err(|_| Failure::invalid());
    if let Ok(mut octets) = body.try_into_mut() {
        octets.zeroize();
    }
    read
}

/// A secret as JSON has it.
#[derive(Debug)]
pub(crate) struct SecretText(pub(crate) Secret);

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Secret::from(String::deserialize(deserializer)?)))
    }
}

/// Octets in Base64.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Octets(pub(crate) Vec<u8>);

impl<'de> Deserialize<'de> for Octets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Base64::decode_vec(&text).map(Self).map_err(serde::de::Error::custom)
    }
}

pub(crate) fn base64(octets: &[u8]) -> String {
    Base64::encode_string(octets)
}
