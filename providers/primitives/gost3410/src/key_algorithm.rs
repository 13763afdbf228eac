//! Algorithm identifiers of keys and signatures.

use der::{Decode, Encode, Reader, SliceReader, Tag, Tagged};
use spki::{AlgorithmIdentifierOwned, AlgorithmIdentifierRef, ObjectIdentifier};

use crate::{DigestParameterRule, Error, ParameterSet};

/// The algorithm a public key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyAlgorithm {
    /// GOST R 34.10-2012 with 256-bit keys and Streebog-256: 1.2.643.7.1.1.1.1.
    Gost2012_256,
    /// GOST R 34.10-2012 with 512-bit keys and Streebog-512: 1.2.643.7.1.1.1.2.
    Gost2012_512,
    /// GOST R 34.10-2001 with GOST R 34.11-94: 1.2.643.2.2.19; only old documents have it.
    Gost2001,
    /// A 256-bit key marked for key agreement: 1.2.643.7.1.1.6.1, as exchange containers have it.
    Agreement2012_256,
    /// A 512-bit key marked for key agreement: 1.2.643.7.1.1.6.2.
    Agreement2012_512,
    /// A key of 2001 marked for key agreement: 1.2.643.2.2.98; only old containers have it.
    Agreement2001,
}

impl KeyAlgorithm {
    /// The OID of the key algorithm.
    #[must_use]
    pub const fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Gost2012_256 => KEY_256,
            Self::Gost2012_512 => KEY_512,
            Self::Gost2001 => KEY_2001,
            Self::Agreement2012_256 => AGREEMENT_256,
            Self::Agreement2012_512 => AGREEMENT_512,
            Self::Agreement2001 => AGREEMENT_2001,
        }
    }

    /// The OID of signatures made with such keys (RFC 9215 §2; RFC 4491, 2.2.2).
    ///
    /// An exchange key may sign too; whether its signatures count is the caller's to decide.
    #[must_use]
    pub const fn signature_oid(self) -> ObjectIdentifier {
        match self {
            Self::Gost2012_256 | Self::Agreement2012_256 => SIGNATURE_256,
            Self::Gost2012_512 | Self::Agreement2012_512 => SIGNATURE_512,
            Self::Gost2001 | Self::Agreement2001 => SIGNATURE_2001,
        }
    }

    /// The OID of key agreement with such keys, as CMS names it (R 1323565.1.025; RFC 4490, 4.1.1).
    #[must_use]
    pub const fn agreement_oid(self) -> ObjectIdentifier {
        match self {
            Self::Gost2012_256 | Self::Agreement2012_256 => AGREEMENT_256,
            Self::Gost2012_512 | Self::Agreement2012_512 => AGREEMENT_512,
            Self::Gost2001 | Self::Agreement2001 => AGREEMENT_2001,
        }
    }

    /// The same key for signatures: what certificates state of an exchange key.
    #[must_use]
    pub const fn for_signatures(self) -> Self {
        match self {
            Self::Gost2012_256 | Self::Agreement2012_256 => Self::Gost2012_256,
            Self::Gost2012_512 | Self::Agreement2012_512 => Self::Gost2012_512,
            Self::Gost2001 | Self::Agreement2001 => Self::Gost2001,
        }
    }

    /// Whether such keys sign digests of GOST R 34.11-94, not of Streebog.
    #[must_use]
    pub const fn is_of_2001(self) -> bool {
        matches!(self, Self::Gost2001 | Self::Agreement2001)
    }

    /// The algorithm of new keys on a set.
    pub(crate) const fn of(set: ParameterSet) -> Self {
        if set.size() == 32 { Self::Gost2012_256 } else { Self::Gost2012_512 }
    }

    const fn size(self) -> usize {
        match self {
            Self::Gost2012_512 | Self::Agreement2012_512 => 64,
            Self::Gost2012_256 | Self::Gost2001 | Self::Agreement2012_256 | Self::Agreement2001 => {
                32
            }
        }
    }
}

/// Reads algorithm and parameter set: SEQUENCE { publicKeyParamSet, digestParamSet OPTIONAL,
/// encryptionParamSet OPTIONAL } (RFC 9215 §4.2; RFC 4491, 2.3.2).
pub(crate) fn read(
    algorithm: AlgorithmIdentifierRef<'_>,
) -> Result<(KeyAlgorithm, ParameterSet), Error> {
    let kind = match algorithm.oid {
        KEY_256 => KeyAlgorithm::Gost2012_256,
        KEY_512 => KeyAlgorithm::Gost2012_512,
        KEY_2001 => KeyAlgorithm::Gost2001,
        AGREEMENT_256 => KeyAlgorithm::Agreement2012_256,
        AGREEMENT_512 => KeyAlgorithm::Agreement2012_512,
        AGREEMENT_2001 => KeyAlgorithm::Agreement2001,
        oid => return Err(Error::UnknownAlgorithm(oid)),
    };
    let parameters = algorithm.parameters.ok_or(Error::Encoding)?;
    if parameters.tag() != Tag::Sequence {
        return Err(Error::Encoding);
    }
    let mut reader = SliceReader::new(parameters.value())?;
    let set = ParameterSet::from_oid(ObjectIdentifier::decode(&mut reader)?)?;
    for _optional in 0..2 {
        if !reader.is_finished() {
            <ObjectIdentifier>::decode(&mut reader)?;
        }
    }
    reader.finish()?;
    if set.size() == kind.size() { Ok((kind, set)) } else { Err(Error::Encoding) }
}

/// The identifier of a new key, with `digestParamSet` where RFC 9215 §4.2 demands it.
pub(crate) fn write(set: ParameterSet) -> Result<AlgorithmIdentifierOwned, Error> {
    let mut oids = alloc::vec![set.oid()];
    if set.digest_parameter_rule() == DigestParameterRule::Required {
        oids.push(STREEBOG_256);
    }
    let parameters = der::Any::from_der(&oids.to_der()?)?;
    Ok(AlgorithmIdentifierOwned { oid: KeyAlgorithm::of(set).oid(), parameters: Some(parameters) })
}

const KEY_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.1.1");
const KEY_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.1.2");
const KEY_2001: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.2.2.19");
const AGREEMENT_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.6.1");
const AGREEMENT_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.6.2");
const AGREEMENT_2001: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.2.2.98");
const SIGNATURE_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.3.2");
const SIGNATURE_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.3.3");
const SIGNATURE_2001: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.2.2.3");
const STREEBOG_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.2");
