//! Signatures and the octet orders they are met in.

use alloc::vec::Vec;
use core::fmt;

use der::asn1::BitString;
use signature::SignatureEncoding;
use spki::SignatureBitStringEncoding;

use crate::{Error, arithmetic::Pair, number::Number};

/// Octets of the longest signature.
const LONGEST: usize = 128;

/// A signature as X.509 carries it: s ‖ r, each big-endian and of fixed width (RFC 9215 §2).
///
/// The range of r and s is checked by verification, which knows the curve.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Signature {
    octets: [u8; LONGEST],
    size: Size,
}

/// Octets of a half.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Size {
    Half32,
    Half64,
}

#[expect(clippy::arithmetic_side_effects, reason = "64 or 128")]
const fn whole(size: Size) -> usize {
    2 * size.half()
}

impl Size {
    const fn half(self) -> usize {
        match self {
            Self::Half32 => 32,
            Self::Half64 => 64,
        }
    }
}

impl Signature {
    /// Reads the form of X.509, PKCS#10, CRL, CMS, OCSP and XML: s ‖ r, big-endian.
    ///
    /// # Errors
    /// [`Error::SignatureLength`] unless there are 64 or 128 octets.
    pub fn from_slice(octets: &[u8]) -> Result<Self, Error> {
        Self::collect(octets.len(), octets.iter())
    }

    /// Reads the form of TLS (RFC 9189, RFC 9367): r ‖ s, little-endian.
    ///
    /// # Errors
    /// [`Error::SignatureLength`] unless there are 64 or 128 octets.
    pub fn from_tls(octets: &[u8]) -> Result<Self, Error> {
        Self::collect(octets.len(), octets.iter().rev())
    }

    /// Reads what `CryptSignHash` of a CryptoPro CSP returns: the octets of X.509 reversed.
    ///
    /// # Errors
    /// [`Error::SignatureLength`] unless there are 64 or 128 octets.
    pub fn from_csp(octets: &[u8]) -> Result<Self, Error> {
        Self::from_tls(octets)
    }

    /// s ‖ r, big-endian: 64 or 128 octets.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        self.octets.get(..whole(self.size)).unwrap_or_default()
    }

    /// r ‖ s, little-endian, as in TLS.
    #[must_use]
    pub fn to_tls(&self) -> Vec<u8> {
        self.as_slice().iter().rev().copied().collect()
    }

    /// The octets of X.509 reversed, as a CryptoPro CSP has them; equal to the form of TLS.
    #[must_use]
    pub fn to_csp(&self) -> Vec<u8> {
        self.to_tls()
    }

    /// s, big-endian.
    #[must_use]
    pub fn s_be(&self) -> &[u8] {
        self.as_slice().split_at(self.size.half()).0
    }

    /// r, big-endian.
    #[must_use]
    pub fn r_be(&self) -> &[u8] {
        self.as_slice().split_at(self.size.half()).1
    }

    pub(crate) fn from_pair(pair: &Pair, size: usize) -> Self {
        let mut octets = [0; LONGEST];
        let (s, rest) = octets.split_at_mut(size);
        pair.s.write_be(s);
        pair.r.write_be(rest.split_at_mut(size).0);
        let size = if size == 32 { Size::Half32 } else { Size::Half64 };
        Self { octets, size }
    }

    /// The halves, for a curve of that size.
    pub(crate) fn pair(&self, size: usize) -> Result<Pair, Error> {
        if self.size.half() != size {
            return Err(Error::SignatureLength);
        }
        Ok(Pair { r: Number::from_be(self.r_be()), s: Number::from_be(self.s_be()) })
    }

    fn collect<'a>(len: usize, from: impl Iterator<Item = &'a u8>) -> Result<Self, Error> {
        let size = match len {
            64 => Size::Half32,
            128 => Size::Half64,
            _ => return Err(Error::SignatureLength),
        };
        let mut octets = [0; LONGEST];
        for (to, from) in octets.iter_mut().zip(from) {
            *to = *from;
        }
        Ok(Self { octets, size })
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(")?;
        self.as_slice().iter().try_for_each(|octet| write!(f, "{octet:02x}"))?;
        f.write_str(")")
    }
}

impl AsRef<[u8]> for Signature {
    fn as_ref(&self) -> &[u8] {
        self.as_slice()
    }
}

impl TryFrom<&[u8]> for Signature {
    type Error = Error;

    fn try_from(octets: &[u8]) -> Result<Self, Error> {
        Self::from_slice(octets)
    }
}

impl From<Signature> for Vec<u8> {
    fn from(signature: Signature) -> Self {
        signature.as_slice().to_vec()
    }
}

impl SignatureEncoding for Signature {
    type Repr = Vec<u8>;
}

impl SignatureBitStringEncoding for Signature {
    fn to_bitstring(&self) -> der::Result<BitString> {
        BitString::from_bytes(self.as_slice())
    }
}
