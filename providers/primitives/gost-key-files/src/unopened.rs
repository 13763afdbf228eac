use alloc::string::String;

use der::asn1::ObjectIdentifier;

/// Why a private key was not opened, or not written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unopened {
    /// The PIN or password is wrong.
    #[error("wrong PIN")]
    WrongPin,
    /// An algorithm that is not known here.
    #[error("unsupported algorithm {0}")]
    Unsupported(ObjectIdentifier),
    /// A container of a kind that is not read here.
    #[error("unsupported container: {0}")]
    UnsupportedContainer(&'static str),
    /// A check value that no password takes part in does not match.
    #[error("damaged: the code of {0} does not match")]
    Damaged(&'static str),
    /// The structure, a length, the iterations or the key within are not what they must be.
    #[error("malformed key")]
    Malformed,
    /// What is to be written does not fit the format.
    #[error("cannot be written: {0}")]
    Unwritable(String),
}

impl From<der::Error> for Unopened {
    fn from(_: der::Error) -> Self {
        Self::Malformed
    }
}

impl From<gost_symmetric::Error> for Unopened {
    fn from(error: gost_symmetric::Error) -> Self {
        match error {
            gost_symmetric::Error::Forged => Self::WrongPin,
            _ => Self::Malformed,
        }
    }
}

impl From<gost3410::Error> for Unopened {
    fn from(error: gost3410::Error) -> Self {
        match error {
            gost3410::Error::UnknownAlgorithm(oid) | gost3410::Error::UnknownParameterSet(oid) => {
                Self::Unsupported(oid)
            }
            _ => Self::Malformed,
        }
    }
}
