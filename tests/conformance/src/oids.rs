//! Object identifiers of RFC 9215.

use der::asn1::ObjectIdentifier;

/// GOST R 34.10-2012 with 256-bit keys.
pub(crate) const KEY_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.1.1");
/// GOST R 34.10-2012 with 512-bit keys.
pub(crate) const KEY_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.1.2");
/// Signatures of 256-bit keys.
pub(crate) const SIGNATURE_256: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.643.7.1.1.3.2");
/// Signatures of 512-bit keys.
pub(crate) const SIGNATURE_512: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.643.7.1.1.3.3");
/// Streebog-256.
pub(crate) const STREEBOG_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.2");
/// Streebog-512.
pub(crate) const STREEBOG_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.3");
