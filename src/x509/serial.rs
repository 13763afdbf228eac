//! Serial numbers.

use core::fmt;

use serde::{Deserialize, Serialize};

/// The octets are not a certificate's serial number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a serial number: positive, at most 20 octets, minimal (RFC 5280 §4.1.2.2)")]
pub struct BadSerial;

/// A positive integer of at most 20 octets: the contents of the DER `INTEGER` (RFC 5280 §4.1.2.2).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SerialNumber(Vec<u8>);

impl SerialNumber {
    /// The contents of the `INTEGER`, a leading zero octet included where DER wants one.
    pub fn as_der_contents(&self) -> &[u8] {
        &self.0
    }

    /// The number without leading zero octets: what databases compare.
    pub fn magnitude(&self) -> &[u8] {
        match self.0.as_slice() {
            [0, rest @ ..] => rest,
            all => all,
        }
    }

    /// Makes a number of 126 random bits out of 16 random octets: positive, and always of 16 octets.
    pub fn from_random(mut octets: [u8; 16]) -> Self {
        let [first, ..] = &mut octets;
        *first = *first & 0x3f | 0x40;
        Self(octets.to_vec())
    }

    /// From a magnitude in big-endian octets, leading zeros dropped.
    ///
    /// # Errors
    /// [`BadSerial`] for zero and for more than 20 octets of contents.
    pub fn from_magnitude(magnitude: &[u8]) -> Result<Self, BadSerial> {
        let start = magnitude.iter().position(|&octet| octet != 0).ok_or(BadSerial)?;
        let digits = magnitude.get(start..).ok_or(BadSerial)?;
        let sign = digits.first().filter(|&&octet| octet >= 0x80).map(|_| 0);
        Self::try_from(
            sign.into_iter().chain(digits.iter().copied()).collect::<Vec<_>>().as_slice(),
        )
    }
}

impl TryFrom<&[u8]> for SerialNumber {
    type Error = BadSerial;

    fn try_from(contents: &[u8]) -> Result<Self, BadSerial> {
        match contents {
            [] | [0] | [0x80..=0xff, ..] => Err(BadSerial),
            [0, second, ..] if *second < 0x80 => Err(BadSerial), // not minimal DER
            _ if contents.len() > 20 => Err(BadSerial),
            _ => Ok(Self(contents.to_vec())),
        }
    }
}

impl TryFrom<String> for SerialNumber {
    type Error = BadSerial;

    fn try_from(hex: String) -> Result<Self, BadSerial> {
        Self::try_from(crate::hex::decode(&hex).ok_or(BadSerial)?.as_slice())
    }
}

impl From<SerialNumber> for String {
    fn from(serial: SerialNumber) -> Self {
        crate::hex::encode(&serial.0)
    }
}

/// Numbers first by size, then by value: the order of the integers.
impl Ord for SerialNumber {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        let (a, b) = (self.magnitude(), other.magnitude());
        a.len().cmp(&b.len()).then_with(|| a.cmp(b))
    }
}

impl PartialOrd for SerialNumber {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for SerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::hex::encode(&self.0))
    }
}

impl fmt::Debug for SerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SerialNumber({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_positive_minimal_short_numbers() {
        let long = [1; 21];
        for bad in [&[][..], &[0], &[0x80], &[0, 1], &[0xff, 1], &long] {
            assert_eq!(SerialNumber::try_from(bad), Err(BadSerial), "{bad:?}");
        }
        for good in [&[1][..], &[0, 0x80], &[0x7f; 20]] {
            assert_eq!(SerialNumber::try_from(good).unwrap().as_der_contents(), good);
        }
    }

    #[test]
    fn random_numbers_are_numbers() {
        for octets in [[0; 16], [0xff; 16]] {
            let serial = SerialNumber::from_random(octets);
            assert_eq!(SerialNumber::try_from(serial.as_der_contents()), Ok(serial));
        }
    }

    #[test]
    fn a_magnitude_gets_its_sign_octet() {
        assert_eq!(
            SerialNumber::from_magnitude(&[0, 0, 0x80]).unwrap().as_der_contents(),
            [0, 0x80]
        );
        assert_eq!(SerialNumber::from_magnitude(&[0xff; 20]), Err(BadSerial));
    }

    #[test]
    fn numbers_are_ordered_as_integers() {
        let number = |octets: &[u8]| SerialNumber::from_magnitude(octets).unwrap();
        assert!(number(&[2]) < number(&[1, 0]));
        assert!(number(&[0x7f, 0xff]) < number(&[0x80, 0]));
    }
}
