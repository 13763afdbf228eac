use core::fmt;

use digest::{Digest, KeyInit, Mac};
use zeroize::Zeroizing;

use crate::{
    hmac::HmacStreebog512,
    streebog::{
        Streebog512,
        gfni::{State, finish_blocks},
    },
};

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
    match Keyed::new(password) {
        Some(keyed) => keyed.derive(salt, iterations, out),
        None => pbkdf2::pbkdf2::<HmacStreebog512>(password, salt, iterations, out)
            .map_err(|_| InvalidPbkdf2)?,
    }
    Ok(())
}

/// HMAC after the blocks of its key, on the fast back-end.
struct Keyed {
    mac: HmacStreebog512,
    inner: State,
    outer: State,
}

impl Keyed {
    fn new(password: &[u8]) -> Option<Self> {
        let (mut inner, mut outer) = (State::new(0)?, State::new(0)?);
        let mut key = Zeroizing::new([0; 64]);
        let digest: Zeroizing<[u8; 64]>;
        let short = if password.len() > key.len() {
            digest = Zeroizing::new(Streebog512::digest(password).into());
            &digest[..]
        } else {
            password
        };
        key.iter_mut().zip(short).for_each(|(to, from)| *to = *from);
        inner.update(&[*Zeroizing::new(key.map(|octet| octet ^ 0x36))]);
        outer.update(&[*Zeroizing::new(key.map(|octet| octet ^ 0x5c))]);
        Some(Self { mac: KeyInit::new_from_slice(password).ok()?, inner, outer })
    }

    /// Up to four blocks of the output together.
    fn derive(&self, salt: &[u8], iterations: u32, out: &mut [u8]) {
        for (group, first) in out.chunks_mut(256).zip((1..).step_by(4)) {
            match group.len().div_ceil(64) {
                1 => self.blocks::<1>(salt, iterations, first, group),
                2 => self.blocks::<2>(salt, iterations, first, group),
                3 => self.blocks::<3>(salt, iterations, first, group),
                _ => self.blocks::<4>(salt, iterations, first, group),
            }
        }
    }

    fn blocks<const K: usize>(&self, salt: &[u8], iterations: u32, first: u32, out: &mut [u8]) {
        let mut u = Zeroizing::new([[0; 64]; K]);
        for (block, number) in u.iter_mut().zip(first..) {
            let mac = self.mac.clone().chain_update(salt).chain_update(number.to_be_bytes());
            *block = mac.finalize().into_bytes().into();
        }
        let mut sum = u.clone();
        for _ in 1..iterations {
            finish_blocks(&self.inner, &mut u);
            finish_blocks(&self.outer, &mut u);
            let octets = sum.as_flattened_mut().iter_mut().zip(u.as_flattened());
            octets.for_each(|(sum, u)| *sum ^= u);
        }
        out.iter_mut().zip(sum.as_flattened()).for_each(|(to, from)| *to = *from);
    }
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
