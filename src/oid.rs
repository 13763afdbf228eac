//! Object identifiers in data.

use core::fmt;
use core::str::FromStr;

use der::asn1::ObjectIdentifier;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An object identifier that is written in dots in JSON.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Oid(pub ObjectIdentifier);

impl Oid {
    /// Reads dots, at compile time where the text is a constant.
    ///
    /// # Panics
    /// Where the text is no object identifier.
    pub const fn new_unwrap(dots: &str) -> Self {
        Self(ObjectIdentifier::new_unwrap(dots))
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Oid {
    type Err = const_oid::Error;
    fn from_str(dots: &str) -> Result<Self, const_oid::Error> {
        dots.parse().map(Self)
    }
}

impl Serialize for Oid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Oid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
