//! Digests of the length of a parameter set.

use gost_hash::{Digest as _, Streebog256, Streebog512};

use crate::{Error, ParameterSet, number::Number};

/// A Streebog digest in the octet order of its output.
pub(crate) enum Digest {
    Streebog256([u8; 32]),
    Streebog512([u8; 64]),
}

impl Digest {
    /// Hashes the parts of a message, one after the other.
    pub(crate) fn of(set: ParameterSet, message: &[&[u8]]) -> Self {
        if set.size() == 32 {
            Self::Streebog256(hash::<Streebog256>(message).finalize().into())
        } else {
            Self::Streebog512(hash::<Streebog512>(message).finalize().into())
        }
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        match self {
            Self::Streebog256(octets) => octets,
            Self::Streebog512(octets) => octets,
        }
    }
}

/// The number a digest stands for: its octets little-endian (RFC 7091, 6.1, step 2, with the
/// octet order of software, in which the numbers of the standard are reversed).
pub(crate) fn read(set: ParameterSet, digest: &[u8]) -> Result<Number, Error> {
    if digest.len() != set.size() {
        return Err(Error::DigestLength);
    }
    Ok(Number::from_le(digest))
}

fn hash<D: gost_hash::Digest>(message: &[&[u8]]) -> D {
    message.iter().fold(D::new(), gost_hash::Digest::chain_update)
}
