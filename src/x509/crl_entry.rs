//! One entry of a CRL.

use der::asn1::{GeneralizedTime, ObjectIdentifier, OctetString, UtcTime};
use der::{Encode, Sequence};
use jiff::Timestamp;

use super::SerialNumber;

/// `reasonCode` (RFC 5280 §5.3.1).
const REASON_CODE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.21");
/// `invalidityDate` (RFC 5280 §5.3.2).
const INVALIDITY_DATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.24");

/// What a CRL says of one certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CrlEntry<'a> {
    /// Which.
    pub serial: &'a SerialNumber,
    /// Since when.
    pub date: Timestamp,
    /// `CRLReason`; 0 is left out, 6 is a hold.
    pub reason: u8,
    /// Since when the key was not to be trusted.
    pub invalidity: Option<Timestamp>,
}

#[derive(Sequence)]
struct EntryExtension {
    oid: ObjectIdentifier,
    value: OctetString,
}

impl CrlEntry<'_> {
    /// The element of `revokedCertificates`, DER (RFC 5280 §5.1.2.6).
    ///
    /// # Errors
    /// For dates that X.509 cannot express: before 1970 or after 9999.
    pub fn to_der(&self) -> der::Result<Vec<u8>> {
        let mut fields = tlv(0x02, self.serial.as_der_contents())?;
        fields.extend(time(self.date)?);
        let mut extensions = Vec::new();
        if self.reason != 0 {
            extensions.extend(extension(REASON_CODE, vec![0x0a, 1, self.reason])?);
        }
        if let Some(invalidity) = self.invalidity {
            let date = GeneralizedTime::from_unix_duration(unix(invalidity)?)?;
            extensions.extend(extension(INVALIDITY_DATE, date.to_der()?)?);
        }
        if !extensions.is_empty() {
            fields.extend(tlv(0x30, &extensions)?);
        }
        tlv(0x30, &fields)
    }
}

fn extension(oid: ObjectIdentifier, value: Vec<u8>) -> der::Result<Vec<u8>> {
    EntryExtension { oid, value: OctetString::new(value)? }.to_der()
}

/// `UTCTime` through 2049, `GeneralizedTime` after (RFC 5280 §5.1.2.4).
pub(crate) fn time(at: Timestamp) -> der::Result<Vec<u8>> {
    let unix = unix(at)?;
    match UtcTime::from_unix_duration(unix) {
        Ok(time) => time.to_der(),
        Err(_) => GeneralizedTime::from_unix_duration(unix)?.to_der(),
    }
}

fn unix(at: Timestamp) -> der::Result<core::time::Duration> {
    let seconds = u64::try_from(at.as_second()).map_err(|_| der::ErrorKind::DateTime)?;
    Ok(core::time::Duration::from_secs(seconds))
}

fn tlv(tag: u8, contents: &[u8]) -> der::Result<Vec<u8>> {
    let mut tlv = vec![tag];
    tlv.extend(der::Length::try_from(contents.len())?.to_der()?);
    tlv.extend(contents);
    Ok(tlv)
}
