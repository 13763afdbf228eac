use core::fmt;

use crate::hmac::HmacStreebog512;

/// Derives `out.len()` octets from a password (RFC 9337, 4; RFC 8018, 5.2).
///
/// The pseudorandom function is HMAC-Streebog-512. The password is used as it is: RFC 9337 says
/// UTF-8.
///
/// # Errors
/// `iterations` is 0, or `out` is longer than (2³² − 1)·64 octets; `out` is untouched.
pub fn pbkdf2_hmac_streebog512(
    password: &[u8],
    salt: &[u8],
    iterations: u32,
    out: &mut [u8],
) -> Result<(), InvalidPbkdf2> {
    if iterations == 0 || u32::try_from(out.len().div_ceil(64)).is_err() {
        return Err(InvalidPbkdf2);
    }
    pbkdf2::pbkdf2::<HmacStreebog512>(password, salt, iterations, out).map_err(|_| InvalidPbkdf2)
}

/// PBKDF2 was asked for no iterations or for too many octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidPbkdf2;

impl fmt::Display for InvalidPbkdf2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PBKDF2 needs an iteration and gives at most (2^32 - 1) * 64 octets")
    }
}

impl core::error::Error for InvalidPbkdf2 {}
