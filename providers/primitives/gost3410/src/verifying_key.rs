//! Public keys.

use alloc::vec::Vec;

use der::{
    Decode, Document, Encode,
    asn1::{BitString, OctetString, OctetStringRef},
    referenced::OwnedToRef,
};
use signature::{MultipartVerifier, Verifier, hazmat::PrehashVerifier};
use spki::{
    AlgorithmIdentifierOwned, EncodePublicKey, SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef,
};

use crate::{
    Curve, Error, KeyAlgorithm, KeyDefect, ParameterSet, PreparedVerifyingKey, Signature,
    arithmetic::{self, Affine},
    digest::{self, Digest},
    key_algorithm,
    number::Number,
};

/// A public key: a point of order q, checked, and its algorithm identifier as it came.
///
/// Equality is that of the whole `SubjectPublicKeyInfo`. To find one key under several OIDs,
/// compare [`curve`](Self::curve), [`x_be`](Self::x_be) and [`y_be`](Self::y_be).
#[derive(Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    set: ParameterSet,
    kind: KeyAlgorithm,
    algorithm: AlgorithmIdentifierOwned,
    point: Affine,
}

impl VerifyingKey {
    /// Reads LE(x) ‖ LE(y), the octets inside a `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    /// [`Error::PublicKey`] unless they are a point of order q with coordinates below p.
    pub fn from_le_bytes(set: ParameterSet, octets: &[u8]) -> Result<Self, Error> {
        let point = read_point(set, octets)?;
        let algorithm = key_algorithm::write(set)?;
        Ok(Self { set, kind: KeyAlgorithm::of(set), algorithm, point })
    }

    /// Reads a `SubjectPublicKeyInfo`; its algorithm identifier is kept as it is.
    ///
    /// # Errors
    /// [`Error::UnknownAlgorithm`] and [`Error::UnknownParameterSet`] for what is not ours,
    /// [`Error::Encoding`] for a structure that does not fit, [`Error::PublicKey`] for a bad point.
    pub fn from_spki(spki: &SubjectPublicKeyInfoRef<'_>) -> Result<Self, Error> {
        let (kind, set) = key_algorithm::read(spki.algorithm)?;
        let octets = spki.subject_public_key.as_bytes().ok_or(Error::Encoding)?;
        let octets = <&OctetStringRef>::from_der(octets)?.as_bytes();
        let point = read_point(set, octets)?;
        let algorithm = AlgorithmIdentifierOwned {
            oid: spki.algorithm.oid,
            parameters: spki.algorithm.parameters.map(Into::into),
        };
        Ok(Self { set, kind, algorithm, point })
    }

    /// LE(x) ‖ LE(y): 64 or 128 octets.
    #[must_use]
    pub fn to_le_bytes(&self) -> Vec<u8> {
        let mut octets = alloc::vec![0; self.set.size().saturating_mul(2)];
        let (x, y) = octets.split_at_mut(self.set.size());
        self.point.x.write_le(x);
        self.point.y.write_le(y);
        octets
    }

    /// The `SubjectPublicKeyInfo`, with the algorithm identifier this key came with.
    ///
    /// # Errors
    /// [`Error::Encoding`]; in practice none.
    pub fn to_spki(&self) -> Result<SubjectPublicKeyInfoOwned, Error> {
        let octets = OctetString::new(self.to_le_bytes())?.to_der()?;
        Ok(SubjectPublicKeyInfoOwned {
            algorithm: self.algorithm.clone(),
            subject_public_key: BitString::from_bytes(&octets)?,
        })
    }

    /// The parameter set under the OID it came with.
    #[must_use]
    pub const fn parameter_set(&self) -> ParameterSet {
        self.set
    }

    /// What the key is for: the generation, or 2012 with its length, and whether agreement alone.
    #[must_use]
    pub const fn key_algorithm(&self) -> KeyAlgorithm {
        self.kind
    }

    /// The algorithm identifier as it came.
    #[must_use]
    pub const fn algorithm(&self) -> &AlgorithmIdentifierOwned {
        &self.algorithm
    }

    /// The curve; equal for all OIDs of it.
    #[must_use]
    pub const fn curve(&self) -> Curve {
        self.set.curve()
    }

    /// The x coordinate, big-endian, 32 or 64 octets.
    #[must_use]
    pub fn x_be(&self) -> Vec<u8> {
        coordinate(&self.point.x, self.set)
    }

    /// The y coordinate, big-endian, 32 or 64 octets.
    #[must_use]
    pub fn y_be(&self) -> Vec<u8> {
        coordinate(&self.point.y, self.set)
    }

    /// Verifies a signature over a digest as Streebog outputs it (RFC 7091, 6.2).
    ///
    /// For a key of 2001 the digest is that of GOST R 34.11-94.
    ///
    /// # Errors
    /// [`Error::Forged`] for every signature of the right length that does not verify,
    /// [`Error::DigestLength`] and [`Error::SignatureLength`] for the rest.
    pub fn verify_prehash(&self, digest: &[u8], signature: &Signature) -> Result<(), Error> {
        let digest = digest::read(self.set, digest)?;
        let pair = signature.pair(self.set.size())?;
        let valid = arithmetic::of(self.curve()).verify(&self.point, &digest, &pair);
        if valid { Ok(()) } else { Err(Error::Forged) }
    }

    /// Computes multiples of the key, so that many verifications go faster.
    #[must_use]
    pub fn prepare(&self) -> PreparedVerifyingKey {
        PreparedVerifyingKey::new(self)
    }

    pub(crate) const fn point(&self) -> &Affine {
        &self.point
    }

    /// For a point that was computed here.
    pub(crate) fn from_point(set: ParameterSet, point: Affine) -> Result<Self, Error> {
        let algorithm = key_algorithm::write(set)?;
        Ok(Self { set, kind: KeyAlgorithm::of(set), algorithm, point })
    }
}

impl core::fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "VerifyingKey({}, x = ", self.set.name())?;
        self.x_be().iter().try_for_each(|octet| write!(f, "{octet:02x}"))?;
        f.write_str(")")
    }
}

impl TryFrom<SubjectPublicKeyInfoRef<'_>> for VerifyingKey {
    type Error = spki::Error;

    fn try_from(spki: SubjectPublicKeyInfoRef<'_>) -> spki::Result<Self> {
        Ok(Self::from_spki(&spki)?)
    }
}

impl TryFrom<&SubjectPublicKeyInfoOwned> for VerifyingKey {
    type Error = Error;

    fn try_from(spki: &SubjectPublicKeyInfoOwned) -> Result<Self, Error> {
        Self::from_spki(&spki.owned_to_ref())
    }
}

impl EncodePublicKey for VerifyingKey {
    fn to_public_key_der(&self) -> spki::Result<Document> {
        self.to_spki()?.try_into()
    }
}

impl PrehashVerifier<Signature> for VerifyingKey {
    fn verify_prehash(&self, prehash: &[u8], signature: &Signature) -> signature::Result<()> {
        Ok(Self::verify_prehash(self, prehash, signature)?)
    }
}

/// Hashes with Streebog of the length of the key.
impl Verifier<Signature> for VerifyingKey {
    fn verify(&self, message: &[u8], signature: &Signature) -> signature::Result<()> {
        self.multipart_verify(&[message], signature)
    }
}

impl MultipartVerifier<Signature> for VerifyingKey {
    fn multipart_verify(&self, message: &[&[u8]], signature: &Signature) -> signature::Result<()> {
        if self.kind.is_of_2001() {
            return Err(Error::UnknownAlgorithm(self.kind.signature_oid()).into()); // not Streebog
        }
        let digest = Digest::of(self.set, message);
        Ok(Self::verify_prehash(self, digest.as_slice(), signature)?)
    }
}

fn read_point(set: ParameterSet, octets: &[u8]) -> Result<Affine, Error> {
    if octets.len() != set.size().saturating_mul(2) {
        return Err(Error::PublicKey(KeyDefect::Length));
    }
    let (x, y) = octets.split_at(set.size());
    let point = Affine { x: Number::from_le(x), y: Number::from_le(y) };
    arithmetic::of(set.curve()).check(&point).map_err(Error::PublicKey)?;
    Ok(point)
}

fn coordinate(number: &Number, set: ParameterSet) -> Vec<u8> {
    let mut octets = alloc::vec![0; set.size()];
    number.write_be(&mut octets);
    octets
}
