//! Public keys between a token's attributes and `SubjectPublicKeyInfo`.

use cryptoki_sys::{
    CK_ATTRIBUTE_TYPE, CKA_EC_PARAMS, CKA_EC_POINT, CKA_GOSTR3410_PARAMS, CKA_GOSTR3411_PARAMS,
    CKA_KEY_TYPE, CKA_MODULUS, CKA_PUBLIC_EXPONENT, CKA_VALUE, CKK_EC, CKK_GOSTR3410, CKK_RSA,
};
use der::asn1::{Any, BitString, ObjectIdentifier, OctetString, OctetStringRef, UintRef};
use der::{Decode, Encode, Sequence};
use gost_ca::x509::PublicKey;
use gost3410::{ParameterSet, VerifyingKey};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use crate::attribute::number;
use crate::constants::CKK_GOSTR3410_512;

/// A public key object's attributes, in the order of `KINDS`.
#[derive(Clone, Debug, Default)]
pub struct PublicAttributes {
    /// `CKA_KEY_TYPE`, a `CK_ULONG` as the machine has it.
    pub key_type: Option<Vec<u8>>,
    /// `CKA_GOSTR3410_PARAMS`, an object identifier in DER.
    pub params: Option<Vec<u8>>,
    /// `CKA_GOSTR3411_PARAMS`, the same.
    pub hash_params: Option<Vec<u8>>,
    /// `CKA_VALUE`: x ‖ y, each little-endian.
    pub value: Option<Vec<u8>>,
    /// `CKA_EC_PARAMS`, an object identifier in DER.
    pub ec_params: Option<Vec<u8>>,
    /// `CKA_EC_POINT`: an uncompressed point, mostly in an OCTET STRING.
    pub ec_point: Option<Vec<u8>>,
    /// `CKA_MODULUS`, big-endian.
    pub modulus: Option<Vec<u8>>,
    /// `CKA_PUBLIC_EXPONENT`, big-endian.
    pub exponent: Option<Vec<u8>>,
}

/// What is asked of a public key object.
pub(crate) const KINDS: [CK_ATTRIBUTE_TYPE; 8] = [
    CKA_KEY_TYPE,
    CKA_GOSTR3410_PARAMS,
    CKA_GOSTR3411_PARAMS,
    CKA_VALUE,
    CKA_EC_PARAMS,
    CKA_EC_POINT,
    CKA_MODULUS,
    CKA_PUBLIC_EXPONENT,
];

/// The object is no public key that is known here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadPublicKey {
    /// The token did not give what its type needs.
    #[error("the token does not give {0}")]
    Missing(&'static str),
    /// Not of GOST R 34.10, nor on P-256, nor RSA.
    #[error("a key of another type")]
    Type,
    /// The octets are no key.
    #[error("no key: {0}")]
    Malformed(String),
}

impl From<der::Error> for BadPublicKey {
    fn from(error: der::Error) -> Self {
        Self::Malformed(error.to_string())
    }
}

impl PublicAttributes {
    /// Takes values in the order of [`KINDS`].
    pub(crate) fn from_values(values: impl IntoIterator<Item = Option<Vec<u8>>>) -> Self {
        // An empty value is as good as none.
        let mut values = values.into_iter().map(|value| value.filter(|octets| !octets.is_empty()));
        let mut next = || values.next().flatten();
        Self {
            key_type: next(),
            params: next(),
            hash_params: next(),
            value: next(),
            ec_params: next(),
            ec_point: next(),
            modulus: next(),
            exponent: next(),
        }
    }

    /// The key as X.509 carries it.
    ///
    /// # Errors
    /// [`BadPublicKey`].
    pub fn to_public_key(&self) -> Result<PublicKey, BadPublicKey> {
        let key_type = self.key_type.as_deref().and_then(number);
        let der = match key_type.ok_or(BadPublicKey::Missing("CKA_KEY_TYPE"))? {
            CKK_GOSTR3410 | CKK_GOSTR3410_512 => self.gost()?,
            CKK_EC => self.p256()?,
            CKK_RSA => self.rsa()?,
            _ => return Err(BadPublicKey::Type),
        };
        PublicKey::from_der(&der).map_err(|error| BadPublicKey::Malformed(error.to_string()))
    }

    fn gost(&self) -> Result<Vec<u8>, BadPublicKey> {
        let params = need(self.params.as_deref(), "CKA_GOSTR3410_PARAMS")?;
        let set = ParameterSet::from_oid(ObjectIdentifier::from_der(params)?).map_err(malformed)?;
        let value = bare(need(self.value.as_deref(), "CKA_VALUE")?);
        let key = VerifyingKey::from_le_bytes(set, value).map_err(malformed)?;
        // One key type for 2001 and 2012: only the hash tells them apart.
        if self.hash_params.as_deref() == Some(HASH_94) {
            return of_2001(set, value);
        }
        Ok(key.to_spki().map_err(malformed)?.to_der()?)
    }

    fn p256(&self) -> Result<Vec<u8>, BadPublicKey> {
        let params = need(self.ec_params.as_deref(), "CKA_EC_PARAMS")?;
        if ObjectIdentifier::from_der(params)? != P256 {
            return Err(BadPublicKey::Type);
        }
        let point = bare(need(self.ec_point.as_deref(), "CKA_EC_POINT")?);
        let [0x04, coordinates @ ..] = point else {
            return Err(BadPublicKey::Malformed("not an uncompressed point".into()));
        };
        if coordinates.len() != 64 {
            return Err(BadPublicKey::Malformed("a point of another length".into()));
        }
        spki(EC_PUBLIC_KEY, Some(Any::from_der(params)?), point)
    }

    fn rsa(&self) -> Result<Vec<u8>, BadPublicKey> {
        let modulus = need(self.modulus.as_deref(), "CKA_MODULUS")?;
        let exponent = need(self.exponent.as_deref(), "CKA_PUBLIC_EXPONENT")?;
        let key =
            RsaPublicKey { modulus: UintRef::new(modulus)?, exponent: UintRef::new(exponent)? };
        spki(RSA_ENCRYPTION, Some(Any::null()), &key.to_der()?)
    }
}

/// RFC 8017 A.1.1.
#[derive(Sequence)]
struct RsaPublicKey<'a> {
    modulus: UintRef<'a>,
    exponent: UintRef<'a>,
}

/// RFC 4491, 2.3.2: both parameter sets are named.
fn of_2001(set: ParameterSet, value: &[u8]) -> Result<Vec<u8>, BadPublicKey> {
    let parameters =
        Any::from_der(&vec![set.oid(), ObjectIdentifier::from_der(HASH_94)?].to_der()?)?;
    spki(KEY_2001, Some(parameters), &OctetString::new(value)?.to_der()?)
}

fn spki(
    oid: ObjectIdentifier,
    parameters: Option<Any>,
    octets: &[u8],
) -> Result<Vec<u8>, BadPublicKey> {
    let algorithm = AlgorithmIdentifierOwned { oid, parameters };
    let subject_public_key = BitString::from_bytes(octets)?;
    Ok(SubjectPublicKeyInfoOwned { algorithm, subject_public_key }.to_der()?)
}

/// Some modules wrap the octets into an OCTET STRING, some do not.
fn bare(value: &[u8]) -> &[u8] {
    <&OctetStringRef>::from_der(value).map_or(value, OctetStringRef::as_bytes)
}

fn need<'a>(value: Option<&'a [u8]>, name: &'static str) -> Result<&'a [u8], BadPublicKey> {
    value.ok_or(BadPublicKey::Missing(name))
}

fn malformed(error: gost3410::Error) -> BadPublicKey {
    BadPublicKey::Malformed(error.to_string())
}

/// `OBJECT IDENTIFIER id-GostR3411-94-CryptoProParamSet`, DER.
const HASH_94: &[u8] = &[0x06, 0x07, 0x2A, 0x85, 0x03, 0x02, 0x02, 0x1E, 0x01];
const KEY_2001: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.2.2.19");
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
/// secp256r1.
pub(crate) const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
