//! Checking a request that came in.

use core::fmt;

use const_oid::ObjectIdentifier;
use der::Decode;

use crate::oid::Oid;
use crate::profile::{Profile, is_test_set};
use crate::provider::key_store::KeyAlgorithm;
use crate::provider::verifier::{Unverified, Verifier};
use crate::registration::SubjectAttribute;
use crate::x509::{CertificationRequest, DistinguishedName, KeyIdentity, PublicKey};

/// One thing wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestDefect {
    /// The signature is not by the request's own key: possession is not proven (RFC 2986 §3).
    #[error("possession of the key is not proven: {0}")]
    Possession(Unverified),
    /// The key is no key: off its curve, of a small order, badly written.
    #[error("the key is not accepted: {0}")]
    Key(Unverified),
    /// The key's parameter set was made for examples.
    #[error("the key's parameter set {0} is for tests alone")]
    TestKey(Oid),
    /// The profile does not take keys of that parameter set.
    #[error("the profile does not take keys of the parameter set {0}")]
    KeyAlgorithm(Oid),
    /// The key names no parameter set.
    #[error("the key names no parameter set")]
    NoParameterSet,
    /// An attribute of the registration data is not in the request.
    #[error("the request lacks {0} as registered")]
    SubjectLacks(Oid),
    /// The request's subject has something that the registration data does not.
    #[error("the request has {0}, which is not registered so")]
    SubjectExceeds(Oid),
}

/// All that is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct RequestDefects(pub Vec<RequestDefect>);

impl fmt::Display for RequestDefects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(index, defect)| {
            write!(f, "{}{defect}", if index == 0 { "" } else { "; " })
        })
    }
}

impl RequestDefect {
    /// A stable code, for front-ends and the audit.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Possession(_) => "request.possession",
            Self::Key(_) => "request.key",
            Self::TestKey(_) => "request.test-key",
            Self::KeyAlgorithm(_) => "request.key-algorithm",
            Self::NoParameterSet => "request.no-parameter-set",
            Self::SubjectLacks(_) => "request.subject-lacks",
            Self::SubjectExceeds(_) => "request.subject-exceeds",
        }
    }
}

/// Checks a request and names its key.
///
/// `subject` is the registration data's; the request must have the registered attributes, as a multiset of (type, text): neither their order nor
/// their string types matter, since the certificate is written from the registration data. Attributes of
/// the request besides the subject bind nobody and are not looked at.
///
/// # Errors
/// [`RequestDefects`], all of them.
pub fn check(
    request: &CertificationRequest,
    subject: &[SubjectAttribute],
    profile: &Profile,
    verifier: &dyn Verifier,
) -> Result<KeyIdentity, RequestDefects> {
    check_proven((request, request.verify(verifier)), subject, profile, verifier)
}

/// The same, where the request's signature was checked before.
pub(crate) fn check_proven(
    (request, possession): (&CertificationRequest, Result<(), Unverified>),
    subject: &[SubjectAttribute],
    profile: &Profile,
    verifier: &dyn Verifier,
) -> Result<KeyIdentity, RequestDefects> {
    let identity = verifier.identify(request.public_key());
    let mut defects = Vec::new();
    defects.extend(identity.as_ref().err().cloned().map(RequestDefect::Key));
    defects.extend(possession.err().map(RequestDefect::Possession));
    defects.extend(check_parameter_set(request.public_key(), profile).err());
    defects.extend(compare(request.subject(), subject));
    match identity {
        Ok(identity) if defects.is_empty() => Ok(identity),
        _ => Err(RequestDefects(defects)),
    }
}

/// Whether the profile takes keys of this one's parameter set.
pub(crate) fn check_parameter_set(key: &PublicKey, profile: &Profile) -> Result<(), RequestDefect> {
    let (algorithm, name) = match key.algorithm().oid {
        RSA_ENCRYPTION => (rsa_bits(key).map(KeyAlgorithm::Rsa), Oid(RSA_ENCRYPTION)),
        EC_PUBLIC_KEY => (is_p256(key).then_some(KeyAlgorithm::EcdsaP256), Oid(EC_PUBLIC_KEY)),
        _ => {
            let set = parameter_set(key).ok_or(RequestDefect::NoParameterSet)?;
            (Some(KeyAlgorithm::Gost3410(set)), set)
        }
    };
    if is_test_set(name.0) {
        return Err(RequestDefect::TestKey(name));
    }
    let taken = algorithm.is_some_and(|algorithm| profile.key_algorithms.contains(&algorithm));
    taken.then_some(()).ok_or(RequestDefect::KeyAlgorithm(name))
}

/// Bits of an RSA key's modulus (RFC 8017 A.1.1).
fn rsa_bits(key: &PublicKey) -> Option<u16> {
    let parts = Vec::<der::Any>::from_der(key.key_octets()).ok()?;
    let modulus = parts.first()?.decode_as::<der::asn1::Uint>().ok()?;
    let octets = modulus.as_bytes();
    let unused = octets.first()?.leading_zeros();
    u16::try_from(octets.len().checked_mul(8)?.checked_sub(usize::try_from(unused).ok()?)?).ok()
}

/// Whether a key of RFC 5480 is on P-256.
fn is_p256(key: &PublicKey) -> bool {
    let curve = key.algorithm().parameters.and_then(|curve| curve.decode_as().ok());
    curve == Some(SECP256R1)
}

/// `publicKeyParamSet`, the first of the key's parameters (RFC 9215 §4.2).
pub(crate) fn parameter_set(key: &PublicKey) -> Option<Oid> {
    let parameters = key.algorithm().parameters?;
    let sets = Vec::<der::Any>::from_der(&der::Encode::to_der(&parameters).ok()?).ok()?;
    sets.first()?.decode_as::<ObjectIdentifier>().ok().map(Oid)
}

fn compare(subject: &[u8], registered: &[SubjectAttribute]) -> Vec<RequestDefect> {
    let name = DistinguishedName::from_der(subject).ok();
    let read = name.as_ref().map_or(&[][..], DistinguishedName::attributes);
    let mut left: Vec<_> = read.iter().map(|one| (Oid(*one.oid()), one.text())).collect();
    let mut defects = Vec::new();
    for attribute in registered {
        let wanted = (attribute.oid, attribute.value.as_str());
        match left.iter().position(|found| *found == wanted) {
            Some(position) => drop(left.swap_remove(position)),
            None => defects.push(RequestDefect::SubjectLacks(attribute.oid)),
        }
    }
    defects.extend(left.into_iter().map(|(oid, _)| RequestDefect::SubjectExceeds(oid)));
    defects
}

const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const SECP256R1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
