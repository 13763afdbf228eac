//! Extensions of CRLs and of their entries.

use const_oid::ObjectIdentifier;
use der::{Decode, Header, Reader, Tag};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ExtensionValue;
use crate::x509::parse::{BadDer, all, generalized};
use crate::x509::write;

/// `reasonCode` (RFC 5280 §5.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::exhaustive_enums, reason = "RFC 5280 defines ten reasons")]
pub enum RevocationReason {
    /// 0, left out of CRLs.
    Unspecified,
    /// 1.
    KeyCompromise,
    /// 2.
    CaCompromise,
    /// 3.
    AffiliationChanged,
    /// 4.
    Superseded,
    /// 5.
    CessationOfOperation,
    /// 6: suspended.
    CertificateHold,
    /// 8: in delta CRLs only.
    RemoveFromCrl,
    /// 9.
    PrivilegeWithdrawn,
    /// 10.
    AaCompromise,
}

impl RevocationReason {
    /// All reasons with their numbers.
    pub const ALL: [(Self, u8); 10] = [
        (Self::Unspecified, 0),
        (Self::KeyCompromise, 1),
        (Self::CaCompromise, 2),
        (Self::AffiliationChanged, 3),
        (Self::Superseded, 4),
        (Self::CessationOfOperation, 5),
        (Self::CertificateHold, 6),
        (Self::RemoveFromCrl, 8),
        (Self::PrivilegeWithdrawn, 9),
        (Self::AaCompromise, 10),
    ];

    /// The number in the CRL.
    pub fn number(self) -> u8 {
        Self::ALL.iter().find(|(reason, _)| *reason == self).map_or(0, |(_, number)| *number)
    }
}

impl ExtensionValue for RevocationReason {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.21");

    fn encode(&self) -> Vec<u8> {
        write::tlv(write::ENUMERATED, &[self.number()])
    }

    fn decode(value: &[u8]) -> Result<Self, BadDer> {
        all("reasonCode", value, |reader| {
            let header = Header::decode(reader)?;
            header.tag().assert_eq(Tag::Enumerated)?;
            let octets = reader.read_slice(header.length())?;
            Self::ALL
                .iter()
                .find_map(|(reason, number)| (octets == [*number]).then_some(*reason))
                .ok_or_else(|| Tag::Enumerated.value_error().into())
        })
    }
}

/// `invalidityDate` (RFC 5280 §5.3.2): since when the key is not to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidityDate(pub Timestamp);

impl ExtensionValue for InvalidityDate {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.24");

    fn encode(&self) -> Vec<u8> {
        write::tlv(write::GENERALIZED_TIME, &write::generalized(self.0))
    }

    fn decode(value: &[u8]) -> Result<Self, BadDer> {
        all("invalidityDate", value, |reader| {
            let header = Header::decode(reader)?;
            header.tag().assert_eq(Tag::GeneralizedTime)?;
            generalized(reader.read_slice(header.length())?).map(Self)
        })
    }
}

/// `cRLNumber` (RFC 5280 §5.2.3): only grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CrlNumber(pub u64);

impl ExtensionValue for CrlNumber {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.20");

    fn encode(&self) -> Vec<u8> {
        let octets = self.0.to_be_bytes();
        let start = octets.iter().position(|&octet| octet != 0).unwrap_or(7);
        let digits = octets.get(start..).unwrap_or_default();
        let sign: &[u8] =
            if digits.first().is_some_and(|&first| first >= 0x80) { &[0] } else { &[] };
        write::wrap(write::INTEGER, &[sign, digits])
    }

    fn decode(value: &[u8]) -> Result<Self, BadDer> {
        all("cRLNumber", value, |reader| u64::decode(reader).map(Self))
    }
}
