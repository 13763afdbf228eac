//! From a shared point to keys: the hashing part of VKO (RFC 7836, 4.3) and KEG (RFC 9189, 8.3.1).
//!
//! The shared point is `LE(x) ‖ LE(y)`, 64 or 128 octets; computing it, with the cofactor, is the
//! business of the signature crate.

use gost_hash::{kdf_tree_gostr3411_2012_256, streebog256, streebog512};
use zeroize::Zeroizing;

use crate::{error::Error, kexp15::ExportKeys};

/// `VKO_GOSTR3410_2012_256` of a shared point of either curve size.
///
/// # Errors
/// [`Error::Length`] of the point.
pub fn vko_256(point: &[u8]) -> Result<Zeroizing<[u8; 32]>, Error> {
    match point.len() {
        64 | 128 => Ok(Zeroizing::new(streebog256(point))),
        _ => Err(Error::Length("shared point")),
    }
}

/// `VKO_GOSTR3410_2012_512` of a shared point of a 512-bit curve.
///
/// # Errors
/// [`Error::Length`] of the point: VKO gives 512 bits for 512-bit keys only.
pub fn vko_512(point: &[u8]) -> Result<Zeroizing<[u8; 64]>, Error> {
    match point.len() {
        128 => Ok(Zeroizing::new(streebog512(point))),
        _ => Err(Error::Length("shared point")),
    }
}

/// VKO GOST R 34.10-2001 of a shared point (RFC 4357, 5.2), for old messages.
#[cfg(feature = "legacy")]
pub fn vko_2001(point: &[u8; 64]) -> Zeroizing<[u8; 32]> {
    use gost_hash::{Digest, legacy::Gost94};
    Zeroizing::new(Gost94::digest(point).into())
}

/// The UKM with which KEG wants its shared point, in the octet order of RFC 7836.
///
/// KEG reads the first 16 octets of `h` as a big-endian number, and zero as one.
pub fn keg_ukm(h: &[u8; 32]) -> [u8; 16] {
    let (ukm, _) = h.split_at(16);
    let number = ukm.iter().fold(0, |number: u128, octet| (number << 8) | u128::from(*octet));
    number.max(1).to_le_bytes()
}

/// KEG: the keys of [`kexp15`](crate::kexp15) from the point shared under [`keg_ukm`].
///
/// # Errors
/// [`Error::Length`] of the point.
pub fn keg(point: &[u8], h: &[u8; 32]) -> Result<ExportKeys, Error> {
    let mut keys = Zeroizing::new([[0; 32]; 2]);
    if point.len() == 128 {
        keys.as_flattened_mut().copy_from_slice(&*vko_512(point)?);
    } else {
        let (_, seed) = h.split_at(16);
        let (seed, _) = seed.split_at(8);
        kdf_tree_gostr3411_2012_256(
            &*vko_256(point)?,
            b"kdf tree",
            seed,
            1,
            keys.as_flattened_mut(),
        )
        .map_err(|_| Error::Length("key"))?;
    }
    let [authentication, encryption] = &*keys;
    let (authentication, encryption) =
        (Zeroizing::new(*authentication), Zeroizing::new(*encryption));
    Ok(ExportKeys { authentication, encryption })
}
