//! RSA keys (RFC 8017).

use der::asn1::UintRef;
use der::{Decode, Sequence};
use gost_ca::provider::Unverified;
use gost_ca::x509::{KeyIdentity, PublicKey};
use rsa::BoxedUint;

use crate::Hash;

/// RFC 8017 A.1.1.
#[derive(Sequence)]
struct Parts<'a> {
    modulus: UintRef<'a>,
    exponent: UintRef<'a>,
}

pub(crate) fn verify(
    key: &PublicKey,
    hash: &Hash,
    digest: &[u8],
    signature: &[u8],
) -> Result<(), Unverified> {
    let key = read(key)?;
    key.verify((hash.scheme)(), digest, signature).map_err(|_| Unverified::Forged)
}

pub(crate) fn identify(key: &PublicKey) -> Result<KeyIdentity, Unverified> {
    read(key)?;
    let parts = parts(key)?;
    Ok(KeyIdentity::of_point("rsa", parts.modulus.as_bytes(), parts.exponent.as_bytes()))
}

fn read(key: &PublicKey) -> Result<rsa::PublicKey, Unverified> {
    let parts = parts(key)?;
    let (modulus, exponent) = (parts.modulus.as_bytes(), parts.exponent.as_bytes());
    if modulus.len() < SHORTEST {
        return Err(Unverified::Malformed("an RSA key of less than 2048 bits"));
    }
    if modulus.last().is_none_or(|octet| octet % 2 == 0) {
        return Err(Unverified::Malformed("an RSA modulus that is even"));
    }
    let number = |octets| BoxedUint::from_be_slice_vartime(octets);
    rsa::PublicKey::new(number(modulus), number(exponent))
        .map_err(|_| Unverified::Malformed("no RSA key of up to 8192 bits"))
}

fn parts(key: &PublicKey) -> Result<Parts<'_>, Unverified> {
    Parts::from_der(key.key_octets()).map_err(|_| Unverified::Malformed("no RSAPublicKey in DER"))
}

/// 2048 bits.
const SHORTEST: usize = 256;
