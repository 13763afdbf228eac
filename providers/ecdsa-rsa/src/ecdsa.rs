//! Keys on P-256 (RFC 5480).

use der::asn1::ObjectIdentifier;
use gost_ca::provider::Unverified;
use gost_ca::x509::{KeyIdentity, PublicKey};
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use p256::ecdsa::{Signature, VerifyingKey};

pub(crate) fn verify(key: &PublicKey, digest: &[u8], signature: &[u8]) -> Result<(), Unverified> {
    let key = read(key)?;
    let signature = Signature::from_der(signature)
        .map_err(|_| Unverified::Malformed("the signature is no Ecdsa-Sig-Value in DER"))?;
    key.verify_prehash(digest, &signature).map_err(|_| Unverified::Forged)
}

pub(crate) fn identify(key: &PublicKey) -> Result<KeyIdentity, Unverified> {
    let point = read(key)?.to_sec1_point(false);
    let (Some(x), Some(y)) = (point.x(), point.y()) else {
        return Err(Unverified::Malformed("the public key is no point with coordinates"));
    };
    Ok(KeyIdentity::of_point("secp256r1", x.as_slice(), y.as_slice()))
}

fn read(key: &PublicKey) -> Result<VerifyingKey, Unverified> {
    let curve = key.algorithm().parameters.and_then(|curve| curve.decode_as().ok());
    let curve: ObjectIdentifier = curve.ok_or(Unverified::Malformed("the key names no curve"))?;
    if curve != SECP256R1 {
        return Err(Unverified::Unsupported(curve.to_string()));
    }
    let octets = key.key_octets();
    if octets.len() != 65 || octets.first() != Some(&4) {
        // RFC 5480 §2.2: compressed ones may be refused, hybrid ones must.
        return Err(Unverified::Malformed("the public key is no uncompressed point"));
    }
    VerifyingKey::from_sec1_bytes(octets)
        .map_err(|_| Unverified::Malformed("the public key is not on its curve"))
}

const SECP256R1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
