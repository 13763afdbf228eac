//! Octets in JSON: base64.

use base64ct::{Base64, Encoding as _};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Octets that are base64 in JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Octets(pub Vec<u8>);

impl Serialize for Octets {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&Base64::encode_string(&self.0))
    }
}

impl<'de> Deserialize<'de> for Octets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Base64::decode_vec(&text).map(Self).map_err(D::Error::custom)
    }
}

/// Octets that are wiped when they were used.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct SecretOctets(Vec<u8>);

impl SecretOctets {
    pub(crate) fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl<'de> Deserialize<'de> for SecretOctets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        Base64::decode_vec(&text).map(Self).map_err(D::Error::custom)
    }
}

impl core::fmt::Debug for SecretOctets {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SecretOctets(..)")
    }
}
