//! Object identifiers of messages, attributes and services.

use const_oid::ObjectIdentifier;

const fn oid(dots: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(dots)
}

/// `id-data` (RFC 5652 §4): content of any kind.
pub const DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.1");
/// `id-ct-TSTInfo` (RFC 3161 §2.4.2).
pub const TST_INFO: ObjectIdentifier = oid("1.2.840.113549.1.9.16.1.4");

pub(crate) const SIGNED_DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.2");
pub(crate) const ENVELOPED_DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.3");
pub(crate) const ENCRYPTED_DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.6");

// RFC 5652 §11
pub(crate) const CONTENT_TYPE: ObjectIdentifier = oid("1.2.840.113549.1.9.3");
pub(crate) const MESSAGE_DIGEST: ObjectIdentifier = oid("1.2.840.113549.1.9.4");
pub(crate) const SIGNING_TIME: ObjectIdentifier = oid("1.2.840.113549.1.9.5");
pub(crate) const COUNTER_SIGNATURE: ObjectIdentifier = oid("1.2.840.113549.1.9.6");

// RFC 2634, RFC 5035
pub(crate) const SIGNING_CERTIFICATE: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.12");
pub(crate) const SIGNING_CERTIFICATE_V2: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.47");

// RFC 5126 §6
/// `id-aa-signatureTimeStampToken`: the time stamps over a signature.
pub const SIGNATURE_TIME_STAMP: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.14");
pub(crate) const CERTIFICATE_REFERENCES: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.21");
pub(crate) const REVOCATION_REFERENCES: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.22");
pub(crate) const CERTIFICATE_VALUES: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.23");
pub(crate) const REVOCATION_VALUES: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.24");
pub(crate) const CADES_C_TIME_STAMP: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.25");

/// `id-ri-ocsp-response` (RFC 5940).
pub(crate) const OCSP_REVOCATION: ObjectIdentifier = oid("1.3.6.1.5.5.7.16.2");
