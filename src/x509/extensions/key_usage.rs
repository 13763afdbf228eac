//! What a key may be used for, in bits.

use const_oid::ObjectIdentifier;
use der::Decode;
use der::asn1::BitStringRef;
use serde::{Deserialize, Serialize};

use super::ExtensionValue;
use crate::x509::parse::{BadDer, all};
use crate::x509::write;

/// Bits of `keyUsage` (RFC 5280 §4.2.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::exhaustive_enums, reason = "RFC 5280 defines nine bits")]
pub enum KeyUsage {
    /// Bit 0.
    DigitalSignature,
    /// Bit 1, `contentCommitment` in newer standards.
    NonRepudiation,
    /// Bit 2.
    KeyEncipherment,
    /// Bit 3.
    DataEncipherment,
    /// Bit 4.
    KeyAgreement,
    /// Bit 5.
    KeyCertSign,
    /// Bit 6, `cRLSign`.
    #[serde(rename = "cRLSign")]
    CrlSign,
    /// Bit 7.
    EncipherOnly,
    /// Bit 8.
    DecipherOnly,
}

impl KeyUsage {
    /// All bits, in their order.
    pub const ALL: [Self; 9] = [
        Self::DigitalSignature,
        Self::NonRepudiation,
        Self::KeyEncipherment,
        Self::DataEncipherment,
        Self::KeyAgreement,
        Self::KeyCertSign,
        Self::CrlSign,
        Self::EncipherOnly,
        Self::DecipherOnly,
    ];
}

/// `keyUsage` (RFC 5280 §4.2.1.3): a set of bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyUsages(Vec<KeyUsage>);

impl KeyUsages {
    /// The bits, ordered and once each.
    pub fn new(bits: impl IntoIterator<Item = KeyUsage>) -> Self {
        let mut bits: Vec<_> = bits.into_iter().collect();
        bits.sort_unstable();
        bits.dedup();
        Self(bits)
    }

    /// The bits, in their order.
    pub fn bits(&self) -> &[KeyUsage] {
        &self.0
    }

    /// Whether the bit is set.
    pub fn contains(&self, bit: KeyUsage) -> bool {
        self.0.contains(&bit)
    }
}

impl ExtensionValue for KeyUsages {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");

    /// A named bit list: trailing zero bits are left out (X.690 §11.2.2).
    fn encode(&self) -> Vec<u8> {
        let bits = KeyUsage::ALL.iter().zip(0_u32..).fold(0_u16, |bits, (bit, position)| {
            if self.contains(*bit) { bits | (0x8000 >> position) } else { bits }
        });
        let [first, second] = bits.to_be_bytes();
        let unused = u8::try_from(bits.trailing_zeros() % 8).unwrap_or_default();
        match (first, second) {
            (0, 0) => write::tlv(write::BIT_STRING, &[0]),
            (first, 0) => write::tlv(write::BIT_STRING, &[unused, first]),
            (first, second) => write::tlv(write::BIT_STRING, &[unused, first, second]),
        }
    }

    fn decode(value: &[u8]) -> Result<Self, BadDer> {
        all("keyUsage", value, |reader| {
            let bits = BitStringRef::decode(reader)?;
            Ok(Self::new(
                KeyUsage::ALL
                    .into_iter()
                    .zip(bits.bits())
                    .filter_map(|(bit, set)| set.then_some(bit)),
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_those_of_openssl() {
        // keyUsage = critical, digitalSignature, nonRepudiation, keyEncipherment, dataEncipherment
        let all = KeyUsages::new(KeyUsage::ALL.into_iter().take(4));
        assert_eq!(all.encode(), [3, 2, 4, 0xf0]);
        // keyUsage = keyCertSign, cRLSign
        assert_eq!(
            KeyUsages::new([KeyUsage::CrlSign, KeyUsage::KeyCertSign]).encode(),
            [3, 2, 1, 6]
        );
        // keyUsage = keyAgreement, decipherOnly
        let agreement = KeyUsages::new([KeyUsage::KeyAgreement, KeyUsage::DecipherOnly]);
        assert_eq!(agreement.encode(), [3, 3, 7, 8, 0x80]);
        assert_eq!(KeyUsages::decode(&agreement.encode()), Ok(agreement));
    }
}
