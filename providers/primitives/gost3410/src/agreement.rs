//! Key agreement: the point of VKO GOST R 34.10-2012 (RFC 7836, 4.3).

use alloc::vec::Vec;

use zeroize::Zeroizing;

use crate::{Error, SigningKey, VerifyingKey, arithmetic, number::Number, taint};

/// Computes (m/q · UKM · d mod q)·Q and returns LE(x) ‖ LE(y), to be hashed by the caller.
///
/// The user keying material is read little-endian, as RFC 7836 and CMS have it; RFC 9189 (KEG)
/// reads the same octets big-endian, so reverse them there. Constant time in the private key.
///
/// # Errors
/// [`Error::DifferentCurves`] when the keys do not fit; [`Error::KeyingMaterial`] when it is
/// longer than 64 octets or zero modulo q.
pub fn vko(key: &SigningKey, peer: &VerifyingKey, ukm: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    if key.verifying_key().curve() != peer.curve() {
        return Err(Error::DifferentCurves);
    }
    if ukm.len() > 64 {
        return Err(Error::KeyingMaterial);
    }
    let arithmetic = arithmetic::of(peer.curve());
    taint::secret(key.d());
    let shared = arithmetic.agree(key.d(), &Number::from_le(ukm), peer.point());
    let shared = taint::public(shared);
    taint::no_secret(key.d());
    let shared = shared.ok_or(Error::KeyingMaterial)?;
    let size = peer.parameter_set().size();
    let mut octets = Zeroizing::new(alloc::vec![0; size.saturating_mul(2)]);
    let (x, y) = octets.split_at_mut(size);
    Zeroizing::new(shared.x).write_le(x);
    Zeroizing::new(shared.y).write_le(y);
    Ok(octets)
}
