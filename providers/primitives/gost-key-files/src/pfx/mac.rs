//! The code of a whole PFX file.

use alloc::vec::Vec;

use gost_hash::legacy::HmacGost94;
use gost_hash::{HmacStreebog256, HmacStreebog512, KeyInit, Mac, pbkdf2_hmac_streebog512};
use hmac::Hmac;
use sha1::Sha1;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::pkcs12::{self, Purpose};
use crate::Unopened;
use crate::fields::Fields;
use crate::identifiers::{GOST94, SHA1, STREEBOG_256, STREEBOG_512};
use crate::pbes2::MAX_ITERATIONS;
use crate::tlv::{NULL, algorithm, integer, octets, sequence};

/// Checks `SEQ { SEQ { algorithm, digest }, salt, iterations DEFAULT 1 }` over the content.
pub(super) fn check(mut mac: Fields<'_>, content: &[u8], password: &str) -> Result<(), Unopened> {
    let mut stated = mac.sequence()?;
    let hash = stated.sequence()?.oid()?;
    let stated = stated.octets()?;
    let salt = mac.octets()?;
    let iterations = mac.optional_integer()?.unwrap_or(1);
    mac.finish()?;
    let matches = |computed: Vec<u8>| bool::from(computed.as_slice().ct_eq(stated));
    let right = match hash {
        SHA1 => {
            let mut right = false;
            for password in pkcs12::bmp_strings(password) {
                right |= matches(sha1(&password, salt, iterations, content)?);
            }
            right
        }
        STREEBOG_512 => {
            matches(gost::<HmacStreebog512>(STREEBOG, password, salt, iterations, content)?)
        }
        STREEBOG_256 => {
            matches(gost::<HmacStreebog256>(STREEBOG, password, salt, iterations, content)?)
        }
        GOST94 => matches(gost::<HmacGost94>(OF_1994, password, salt, iterations, content)?),
        other => return Err(Unopened::Unsupported(other)),
    };
    if right { Ok(()) } else { Err(Unopened::WrongPin) }
}

/// As the CSP: SHA-1.
pub(super) fn write_sha1(
    content: &[u8],
    password: &str,
    salt: &[u8],
    iterations: u32,
) -> Result<Vec<u8>, Unopened> {
    let password = pkcs12::bmp_strings(password).next().ok_or(Unopened::Malformed)?;
    let digest = sha1(&password, salt, iterations, content)?;
    let info = sequence(&[&algorithm(SHA1, &NULL)?, &octets(&digest)]);
    Ok(sequence(&[&info, &octets(salt), &integer(iterations)?]))
}

/// As RFC 9548: Streebog-512; nothing in the file says that the key is of PBKDF2.
pub(super) fn write_gost(
    content: &[u8],
    password: &str,
    salt: &[u8],
    iterations: u32,
) -> Result<Vec<u8>, Unopened> {
    let digest = gost::<HmacStreebog512>(STREEBOG, password, salt, iterations, content)?;
    let info = sequence(&[&algorithm(STREEBOG_512, &NULL)?, &octets(&digest)]);
    Ok(sequence(&[&info, &octets(salt), &integer(iterations)?]))
}

fn sha1(
    password: &[u8],
    salt: &[u8],
    iterations: u32,
    content: &[u8],
) -> Result<Vec<u8>, Unopened> {
    let mut key = Zeroizing::new([0; 20]);
    pkcs12::derive(Purpose::Mac, password, salt, iterations, &mut *key)?;
    authenticate::<Hmac<Sha1>>(&*key, content)
}

/// The key is the last third of 96 octets (RFC 9548, 3).
fn gost<M: Mac + KeyInit>(
    derive: Derive,
    password: &str,
    salt: &[u8],
    iterations: u32,
    content: &[u8],
) -> Result<Vec<u8>, Unopened> {
    let mut octets = Zeroizing::new([0; 96]);
    if !(1..=MAX_ITERATIONS).contains(&iterations)
        || !derive(password.as_bytes(), salt, iterations, &mut *octets)
    {
        return Err(Unopened::Malformed);
    }
    authenticate::<M>(octets.last_chunk::<32>().ok_or(Unopened::Malformed)?, content)
}

/// PBKDF2 over one of the hashes: whether it went well.
type Derive = fn(&[u8], &[u8], u32, &mut [u8]) -> bool;
const STREEBOG: Derive = |password, salt, iterations, out| {
    pbkdf2_hmac_streebog512(password, salt, iterations, out).is_ok()
};
const OF_1994: Derive = |password, salt, iterations, out| {
    pbkdf2::pbkdf2::<HmacGost94>(password, salt, iterations, out).is_ok()
};

fn authenticate<M: Mac + KeyInit>(key: &[u8], content: &[u8]) -> Result<Vec<u8>, Unopened> {
    let mut mac = <M as KeyInit>::new_from_slice(key).map_err(|_| Unopened::Malformed)?;
    mac.update(content);
    Ok(mac.finalize().into_bytes().to_vec())
}
