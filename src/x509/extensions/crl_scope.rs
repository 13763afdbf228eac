//! Extensions that say which certificates a CRL is of, and where the rest is told.

use const_oid::ObjectIdentifier;
use der::{Decode, Header, Reader, SliceReader, Tag};
use jiff::Timestamp;

use super::locations::{read_full_name, uri};
use super::{CrlLocations, CrlNumber, ExtensionValue};
use crate::x509::parse::{BadDer, all, context, generalized};
use crate::x509::write;

/// `issuingDistributionPoint` (RFC 5280 §5.2.5): the URLs of this part of the list, critical.
///
/// Scopes of other kinds (by reason, indirect, of attribute certificates) are not read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IssuingDistributionPoint(pub Vec<String>);

/// `deltaCRLIndicator` (RFC 5280 §5.2.4): the number of the complete CRL that is changed, critical.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeltaCrlIndicator(pub u64);

/// `freshestCRL` (RFC 5280 §4.2.1.15, §5.2.6): where the delta CRLs lie.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FreshestCrl(pub Vec<String>);

/// `expiredCertsOnCRL` (X.509 §9.5.2.8): certificates that ended since then are still listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpiredCertsOnCrl(pub Timestamp);

impl ExtensionValue for IssuingDistributionPoint {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.28");

    fn encode(&self) -> Vec<u8> {
        let names: Vec<_> = self.0.iter().map(|url| uri(url)).collect();
        let full_name = write::wrap(write::constructed(0), &names);
        write::sequence(&[write::tlv(write::constructed(0), &full_name)])
    }

    fn decode(value: &[u8]) -> Result<Self, BadDer> {
        all("issuingDistributionPoint", value, |reader| reader.sequence(read_point_name).map(Self))
    }
}

fn read_point_name(reader: &mut SliceReader<'_>) -> der::Result<Vec<String>> {
    let mut urls = Vec::new();
    if !context(reader, 0)? {
        return Ok(urls);
    }
    let header = Header::decode(reader)?;
    reader.read_nested(header.length(), |reader: &mut SliceReader<'_>| {
        read_full_name(reader, &mut urls)
    })?;
    Ok(urls)
}

impl ExtensionValue for DeltaCrlIndicator {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.27");

    fn encode(&self) -> Vec<u8> {
        CrlNumber(self.0).encode()
    }

    fn decode(value: &[u8]) -> Result<Self, BadDer> {
        CrlNumber::decode(value).map(|number| Self(number.0))
    }
}

impl ExtensionValue for FreshestCrl {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.46");

    fn encode(&self) -> Vec<u8> {
        CrlLocations(self.0.clone()).encode()
    }

    fn decode(value: &[u8]) -> Result<Self, BadDer> {
        CrlLocations::decode(value).map(|locations| Self(locations.0))
    }
}

impl ExtensionValue for ExpiredCertsOnCrl {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.60");

    fn encode(&self) -> Vec<u8> {
        write::tlv(write::GENERALIZED_TIME, &write::generalized(self.0))
    }

    fn decode(value: &[u8]) -> Result<Self, BadDer> {
        all("expiredCertsOnCRL", value, |reader| {
            let header = Header::decode(reader)?;
            header.tag().assert_eq(Tag::GeneralizedTime)?;
            generalized(reader.read_slice(header.length())?).map(Self)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc5280_5_2_scopes_are_read_as_written() {
        let urls = vec!["http://ca.test/1.crl".to_owned(), "http://ca.test/2.crl".to_owned()];
        let point = IssuingDistributionPoint(urls.clone());
        assert_eq!(IssuingDistributionPoint::decode(&point.encode()).unwrap(), point);
        let freshest = FreshestCrl(urls);
        assert_eq!(FreshestCrl::decode(&freshest.encode()).unwrap(), freshest);
        for number in [0, 0x7f, 0x80, u64::MAX] {
            let base = DeltaCrlIndicator(number);
            assert_eq!(DeltaCrlIndicator::decode(&base.encode()).unwrap(), base);
        }
        let since = ExpiredCertsOnCrl("2026-01-01T00:00:00Z".parse().unwrap());
        assert_eq!(ExpiredCertsOnCrl::decode(&since.encode()).unwrap(), since);
    }

    /// By reason, indirect: the list would be taken for more than it is.
    #[test]
    fn a_scope_of_another_kind_is_refused() {
        let only_users = [0x30, 3, 0x81, 1, 0xff];
        IssuingDistributionPoint::decode(&only_users).unwrap_err();
    }
}
