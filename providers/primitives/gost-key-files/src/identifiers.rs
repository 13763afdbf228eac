//! Object identifiers of the formats.

use der::asn1::ObjectIdentifier;

const fn oid(text: &'static str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

// RFC 8018, RFC 9337, R 50.1.111
pub(crate) const PBES2: ObjectIdentifier = oid("1.2.840.113549.1.5.13");
pub(crate) const PBKDF2: ObjectIdentifier = oid("1.2.840.113549.1.5.12");
pub(crate) const HMAC_SHA1: ObjectIdentifier = oid("1.2.840.113549.2.7");
pub(crate) const HMAC_STREEBOG_256: ObjectIdentifier = oid("1.2.643.7.1.1.4.1");
pub(crate) const HMAC_STREEBOG_512: ObjectIdentifier = oid("1.2.643.7.1.1.4.2");
pub(crate) const HMAC_GOST94: ObjectIdentifier = oid("1.2.643.2.2.10");
pub(crate) const GOST28147: ObjectIdentifier = oid("1.2.643.2.2.21");
pub(crate) const PARAM_Z: ObjectIdentifier = oid("1.2.643.7.1.2.5.1.1");

// digests
pub(crate) const SHA1: ObjectIdentifier = oid("1.3.14.3.2.26");
pub(crate) const GOST94: ObjectIdentifier = oid("1.2.643.2.2.9");
pub(crate) const GOST94_CRYPTOPRO: ObjectIdentifier = oid("1.2.643.2.2.30.1");
pub(crate) const STREEBOG_256: ObjectIdentifier = oid("1.2.643.7.1.1.2.2");
pub(crate) const STREEBOG_512: ObjectIdentifier = oid("1.2.643.7.1.1.2.3");

// PKCS#12 (RFC 7292) and PKCS#9
pub(crate) const DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.1");
pub(crate) const ENCRYPTED_DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.6");
pub(crate) const KEY_BAG: ObjectIdentifier = oid("1.2.840.113549.1.12.10.1.1");
pub(crate) const SHROUDED_KEY_BAG: ObjectIdentifier = oid("1.2.840.113549.1.12.10.1.2");
pub(crate) const CERTIFICATE_BAG: ObjectIdentifier = oid("1.2.840.113549.1.12.10.1.3");
pub(crate) const X509_CERTIFICATE: ObjectIdentifier = oid("1.2.840.113549.1.9.22.1");
pub(crate) const FRIENDLY_NAME: ObjectIdentifier = oid("1.2.840.113549.1.9.20");
pub(crate) const LOCAL_KEY_ID: ObjectIdentifier = oid("1.2.840.113549.1.9.21");
pub(crate) const TRIPLE_DES: ObjectIdentifier = oid("1.2.840.113549.1.12.1.3");

// CryptoPro CSP
pub(crate) const CSP_PBE: ObjectIdentifier = oid("1.2.840.113549.1.12.1.80");
pub(crate) const HEADER_2: ObjectIdentifier = oid("1.2.643.2.2.37.2.1");
pub(crate) const HEADER_4: ObjectIdentifier = oid("1.2.643.2.2.37.4");
// Containers of one key tell which is which: exchange keys have the second alone.
pub(crate) const SIGNATURE_NOT_AFTER: ObjectIdentifier = oid("1.2.643.2.2.37.3.9");
pub(crate) const EXCHANGE_NOT_AFTER: ObjectIdentifier = oid("1.2.643.2.2.37.3.10");
