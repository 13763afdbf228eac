//! One entry of a CRL.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::extensions::{Extension, ExtensionValue, InvalidityDate, RevocationReason, encode_all};
use super::{SerialNumber, write};

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

/// X.509 cannot express the date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is outside the years 1950 to 9999")]
pub struct BadDate(pub Timestamp);

impl CrlEntry<'_> {
    /// The element of `revokedCertificates`, DER (RFC 5280 §5.1.2.6).
    ///
    /// # Errors
    /// [`BadDate`] before 1950, where years of two digits begin; the last year is 9999.
    pub fn to_der(&self) -> Result<Vec<u8>, BadDate> {
        for date in [Some(self.date), self.invalidity].into_iter().flatten() {
            if !(1950..=9999).contains(&date.to_zoned(TimeZone::UTC).year()) {
                return Err(BadDate(date));
            }
        }
        let serial = write::tlv(write::INTEGER, self.serial.as_der_contents());
        let extensions = self.extensions();
        let extensions = if extensions.is_empty() { Vec::new() } else { encode_all(&extensions) };
        Ok(write::sequence(&[serial, write::time(self.date), extensions]))
    }

    fn extensions(&self) -> Vec<Extension> {
        let reason = (self.reason != 0).then(|| Extension {
            oid: RevocationReason::OID,
            critical: false,
            value: write::tlv(write::ENUMERATED, &[self.reason]),
        });
        let invalidity = self.invalidity.map(|date| InvalidityDate(date).extension());
        reason.into_iter().chain(invalidity).collect()
    }
}
