//! PKCS#8 forms of a private key.

use alloc::vec::Vec;

use der::{
    Decode, Encode, SecretDocument,
    asn1::{OctetStringRef, UintRef},
    referenced::OwnedToRef,
};
use pkcs8::PrivateKeyInfoRef;
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoRef};
use zeroize::Zeroizing;

use crate::{
    Error, ParameterSet, SigningKey, VerifyingKey, arithmetic, key_algorithm, number::Number,
};

/// Reads every form of R 50.1.112, RFC 9548, GnuTLS and the generations of OpenSSL's engine.
pub(crate) fn read(info: &PrivateKeyInfoRef<'_>) -> Result<SigningKey, Error> {
    let (_, set) = key_algorithm::read(info.algorithm)?;
    let d = read_number(set, info.private_key.as_bytes())?;
    let key = SigningKey::from_number(set, d)?;
    // The public key anew, for the algorithm identifier as it came.
    let octets = key.verifying_key().to_le_bytes();
    let encoded = OctetStringRef::new(&octets)?.to_der()?;
    let public = VerifyingKey::from_spki(&SubjectPublicKeyInfoRef {
        algorithm: info.algorithm,
        subject_public_key: der::asn1::BitStringRef::from_bytes(&encoded)?,
    })?;
    // The examples of RFC 9548 (A.2, A.3) have the bare octets, and an unused bit.
    match info.public_key.as_ref().map(der::asn1::BitStringRef::raw_bytes) {
        Some(given) if given != encoded && given != octets => Err(Error::PrivateKey),
        _ => Ok(key.with_public(public)),
    }
}

/// Writes d raw, little-endian (RFC 9548).
pub(crate) fn write(key: &SigningKey) -> pkcs8::Result<SecretDocument> {
    let octets = key.to_le_bytes();
    let algorithm: &AlgorithmIdentifierOwned = key.verifying_key().algorithm();
    let info = PrivateKeyInfoRef::new(algorithm.owned_to_ref(), OctetStringRef::new(&octets)?);
    SecretDocument::try_from(&info)
}

fn read_number(set: ParameterSet, content: &[u8]) -> Result<Zeroizing<Number>, Error> {
    // A raw or masked key is a whole number of halves; DER around one adds 2 to 4 octets.
    if !content.is_empty() && content.len().is_multiple_of(set.size()) {
        return Ok(unmask(set, content));
    }
    match content.first() {
        Some(0x02) => read_integer(set, content),
        Some(0x04) => match <&OctetStringRef>::from_der(content)?.as_bytes() {
            inner if inner.len() == set.size() => Ok(Zeroizing::new(Number::from_le(inner))),
            _ => Err(Error::PrivateKey),
        },
        _ => Err(Error::PrivateKey),
    }
}

/// An INTEGER, big-endian; some writers leave out the zero octet before a high bit.
fn read_integer(set: ParameterSet, content: &[u8]) -> Result<Zeroizing<Number>, Error> {
    let digits = match UintRef::from_der(content) {
        Ok(integer) => integer.as_bytes(),
        Err(_) => negative_integer(content).ok_or(Error::Encoding)?,
    };
    if digits.len() > set.size() {
        return Err(Error::PrivateKey);
    }
    Ok(Zeroizing::new(Number::from_be(digits)))
}

/// The content of a short INTEGER whose sign bit is part of the number.
fn negative_integer(content: &[u8]) -> Option<&[u8]> {
    let (header, digits) = content.split_at_checked(2)?;
    let length = usize::from(*header.get(1)?);
    (digits.len() == length && digits.first()? & 0x80 != 0).then_some(digits)
}

/// K = `K_M` · M₁ · … · `M_k` mod q, all little-endian (RFC 9548, R 50.1.112); no mask: K itself.
fn unmask(set: ParameterSet, content: &[u8]) -> Zeroizing<Number> {
    let arithmetic = arithmetic::of(set.curve());
    let numbers: Vec<_> = content.chunks(set.size()).map(Number::from_le).collect();
    let numbers = Zeroizing::new(numbers);
    let mut numbers = numbers.iter();
    let first = Zeroizing::new(numbers.next().copied().unwrap_or_default());
    numbers.fold(first, |product, mask| Zeroizing::new(arithmetic.multiply_scalars(&product, mask)))
}
