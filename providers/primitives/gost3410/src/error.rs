//! Why something was refused.

use spki::ObjectIdentifier;

/// What is wrong, in a form that tells the caller the next move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The signature is not that of this key over this digest.
    #[error("the signature does not match key and digest")]
    Forged,
    /// The digest has not the length of the parameter set: 32 or 64 octets.
    #[error("the digest has a wrong length")]
    DigestLength,
    /// The signature has not the length of the parameter set: 64 or 128 octets.
    #[error("the signature has a wrong length")]
    SignatureLength,
    /// The public key is not a point of prime order.
    #[error("the public key {0}")]
    PublicKey(KeyDefect),
    /// The private key is not in [1, q-1], or not of the right length.
    #[error("the private key is out of range")]
    PrivateKey,
    /// The encoding is not what the algorithm prescribes.
    #[error("malformed DER or a structure that does not fit the algorithm")]
    Encoding,
    /// The key is of an algorithm that this crate does not know.
    #[error("unknown key algorithm {0}")]
    UnknownAlgorithm(ObjectIdentifier),
    /// The OID is none of a known parameter set.
    #[error("unknown parameter set {0}")]
    UnknownParameterSet(ObjectIdentifier),
    /// Keys of different curves do not agree.
    #[error("the keys are on different curves")]
    DifferentCurves,
    /// The user keying material is zero modulo q, or too long.
    #[error("the user keying material is zero or too long")]
    KeyingMaterial,
    /// The random number generator failed, so nothing was signed or made.
    #[error("the random number generator failed")]
    Rng,
}

/// Why octets are not a public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyDefect {
    /// Not 64 or 128 octets.
    #[error("has a wrong length")]
    Length,
    /// A coordinate is not below p.
    #[error("has a coordinate out of range")]
    Coordinate,
    /// The point does not satisfy the equation of the curve.
    #[error("is not on the curve")]
    NotOnCurve,
    /// The point is not in the subgroup of order q.
    #[error("has not the order q")]
    Order,
}

/// The classes of errors, by what the caller does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Well formed, but not authentic: reject the document.
    Forged,
    /// Not what the standards prescribe: reject the input.
    Malformed,
    /// Perhaps right, but beyond this crate: ask another implementation.
    Unsupported,
    /// No randomness: try again later.
    Unavailable,
}

impl Error {
    /// The class of the error.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Forged => ErrorKind::Forged,
            Self::UnknownAlgorithm(_) | Self::UnknownParameterSet(_) => ErrorKind::Unsupported,
            Self::Rng => ErrorKind::Unavailable,
            _ => ErrorKind::Malformed,
        }
    }
}

impl From<Error> for signature::Error {
    /// Opaque for a forgery, with the cause for everything else.
    fn from(error: Error) -> Self {
        match error {
            Error::Forged => Self::new(),
            cause => Self::from_source(cause),
        }
    }
}

impl From<Error> for spki::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::UnknownAlgorithm(oid) | Error::UnknownParameterSet(oid) => {
                Self::OidUnknown { oid }
            }
            _ => Self::KeyMalformed,
        }
    }
}

impl From<Error> for pkcs8::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::PrivateKey => Self::KeyMalformed(pkcs8::KeyError::Invalid),
            Error::Encoding => Self::ParametersMalformed,
            error => Self::PublicKey(error.into()),
        }
    }
}

impl From<der::Error> for Error {
    fn from(_: der::Error) -> Self {
        Self::Encoding
    }
}
