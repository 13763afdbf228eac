//! GOST R 34.11-94 (RFC 5831), only to read what was made with it.
//!
//! The hash is broken as such and its look-ups depend on the data.

/// GOST R 34.11-94 with the CryptoPro parameter set (RFC 4357, 11.2): that of real certificates.
pub type Gost94 = gost94::Gost94CryptoPro;

/// GOST R 34.11-94 with the test parameter set, that of the examples of the standard.
pub type Gost94Test = gost94::Gost94Test;

/// HMAC with GOST R 34.11-94 (RFC 4357, 3); block of 32 octets.
pub type HmacGost94 = hmac::Hmac<Gost94>;
