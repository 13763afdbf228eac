//! What mechanisms, templates and signatures each algorithm has on a token.

use cryptoki_sys::{
    CK_KEY_TYPE, CK_MECHANISM_TYPE, CK_ULONG, CKA_CLASS, CKA_DERIVE, CKA_EC_PARAMS,
    CKA_EXTRACTABLE, CKA_GOSTR3410_PARAMS, CKA_GOSTR3411_PARAMS, CKA_ID, CKA_KEY_TYPE, CKA_LABEL,
    CKA_MODULUS_BITS, CKA_PRIVATE, CKA_PUBLIC_EXPONENT, CKA_SENSITIVE, CKA_SIGN, CKA_TOKEN,
    CKA_VERIFY, CKK_EC, CKK_GOSTR3410, CKK_RSA, CKM_EC_KEY_PAIR_GEN, CKM_ECDSA, CKM_GOSTR3410,
    CKM_GOSTR3410_KEY_PAIR_GEN, CKM_RSA_PKCS, CKM_RSA_PKCS_KEY_PAIR_GEN, CKO_PRIVATE_KEY,
    CKO_PUBLIC_KEY,
};
use der::Encode;
use der::asn1::{Any, ObjectIdentifier, OctetStringRef, UintRef};
use gost_ca::oid::Oid;
use gost_ca::provider::key_store::{Digest, KeyAlgorithm, Message};
use gost_ca::provider::{ErrorKind, Result};
use gost_ca::x509::PublicKey;
use gost_hash::{streebog256, streebog512};
use gost3410::ParameterSet;
use sha2::{Digest as _, Sha256};
use spki::AlgorithmIdentifierOwned;

use crate::attribute::Attribute;
use crate::constants::{
    CKK_GOSTR3410_512, CKM_GOSTR3410_512, CKM_GOSTR3410_512_KEY_PAIR_GEN,
    CKM_GOSTR3410_WITH_GOSTR3411_12_256, CKM_GOSTR3410_WITH_GOSTR3411_12_512,
};
use crate::public_key::P256;
use crate::quirks::Quirks;

/// A row: one kind of keys, as PKCS#11 and X.509 have it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Family {
    key_type: CK_KEY_TYPE,
    /// Makes key pairs.
    pub(crate) generation: CK_MECHANISM_TYPE,
    /// Signs a digest.
    pub(crate) signing: CK_MECHANISM_TYPE,
    /// Hashes and signs, where the order of things on the token is ours.
    hashing: Option<CK_MECHANISM_TYPE>,
    hash: Hash,
    signature_oid: ObjectIdentifier,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hash {
    Streebog256,
    Streebog512,
    Sha256,
}

/// What is sent to the token to be signed, and by which mechanism.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) mechanism: CK_MECHANISM_TYPE,
    pub(crate) data: Vec<u8>,
}

pub(crate) static GOST_256: Family = Family {
    key_type: CKK_GOSTR3410,
    generation: CKM_GOSTR3410_KEY_PAIR_GEN,
    signing: CKM_GOSTR3410,
    hashing: Some(CKM_GOSTR3410_WITH_GOSTR3411_12_256),
    hash: Hash::Streebog256,
    signature_oid: ObjectIdentifier::new_unwrap("1.2.643.7.1.1.3.2"),
};
pub(crate) static GOST_512: Family = Family {
    key_type: CKK_GOSTR3410_512,
    generation: CKM_GOSTR3410_512_KEY_PAIR_GEN,
    signing: CKM_GOSTR3410_512,
    hashing: Some(CKM_GOSTR3410_WITH_GOSTR3411_12_512),
    hash: Hash::Streebog512,
    signature_oid: ObjectIdentifier::new_unwrap("1.2.643.7.1.1.3.3"),
};
static ECDSA_P256: Family = Family {
    key_type: CKK_EC,
    generation: CKM_EC_KEY_PAIR_GEN,
    signing: CKM_ECDSA,
    hashing: None,
    hash: Hash::Sha256,
    signature_oid: ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2"),
};
static RSA: Family = Family {
    key_type: CKK_RSA,
    generation: CKM_RSA_PKCS_KEY_PAIR_GEN,
    signing: CKM_RSA_PKCS,
    hashing: None,
    hash: Hash::Sha256,
    signature_oid: ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11"),
};

impl Family {
    /// The row of keys to be made.
    pub(crate) fn of(algorithm: KeyAlgorithm) -> Result<&'static Self> {
        match algorithm {
            KeyAlgorithm::Gost3410(Oid(oid)) => match ParameterSet::from_oid(oid) {
                Ok(set) if set.size() == 64 => Ok(&GOST_512),
                Ok(_) => Ok(&GOST_256),
                Err(error) => Err(ErrorKind::Unsupported.at("parameter set").because(error)),
            },
            KeyAlgorithm::EcdsaP256 => Ok(&ECDSA_P256),
            KeyAlgorithm::Rsa(_) => Ok(&RSA),
            _ => Err(ErrorKind::Unsupported.at("key algorithm")),
        }
    }

    /// The row of a key that is there; keys of 2001 sign nothing any more.
    pub(crate) fn of_key(key: &PublicKey) -> Result<&'static Self> {
        let oid = key.algorithm().oid;
        let rows = [
            ("1.2.643.7.1.1.1.1", &GOST_256),
            ("1.2.643.7.1.1.1.2", &GOST_512),
            ("1.2.840.10045.2.1", &ECDSA_P256),
            ("1.2.840.113549.1.1.1", &RSA),
        ];
        let row = rows.into_iter().find(|(dots, _)| ObjectIdentifier::new(dots) == Ok(oid));
        let unknown = || ErrorKind::Unsupported.at("key algorithm").because(oid.to_string());
        row.map(|(_, family)| family).ok_or_else(unknown)
    }

    /// What a token makes, by its mechanisms; `rsa` tells whether it takes RSA keys of a length.
    pub(crate) fn offered(
        mechanisms: &[CK_MECHANISM_TYPE],
        quirks: &Quirks,
        rsa: impl Fn(u16) -> bool,
    ) -> Vec<KeyAlgorithm> {
        let gost = quirks.sets.iter().map(|set| KeyAlgorithm::Gost3410(*set));
        let lengths = quirks.rsa_bits.iter().copied().filter(|bits| rsa(*bits));
        let known = gost.chain([KeyAlgorithm::EcdsaP256]).chain(lengths.map(KeyAlgorithm::Rsa));
        let can = |algorithm: &KeyAlgorithm| {
            Self::of(*algorithm).is_ok_and(|family| {
                [family.generation, family.signing].iter().all(|one| mechanisms.contains(one))
            })
        };
        known.filter(can).collect()
    }

    /// The algorithm that signatures state.
    pub(crate) fn signature_algorithm(&self) -> AlgorithmIdentifierOwned {
        // RFC 4055 §5 wants NULL; RFC 5758 §3.2 and RFC 9215 §2 want nothing.
        let parameters = (self.key_type == CKK_RSA).then(Any::null);
        AlgorithmIdentifierOwned { oid: self.signature_oid, parameters }
    }

    /// What is to be sent for a message; `on_token` has the token hash it, where it can.
    pub(crate) fn order(&self, message: Message<'_>, on_token: bool) -> Result<Order> {
        match (message, self.hashing) {
            (Message::Bytes(octets), Some(mechanism)) if on_token => {
                Ok(Order { mechanism, data: octets.to_vec() })
            }
            (Message::Bytes(octets), _) => self.signing_of(self.hash.digest(octets)),
            (Message::Digest(Digest { algorithm, octets }), _) => {
                if *algorithm != self.hash.oid() || octets.len() != self.hash.length() {
                    return Err(ErrorKind::Invalid.at("sign").because("not this key's digest"));
                }
                self.signing_of(octets.clone())
            }
            _ => Err(ErrorKind::Unsupported.at("sign")),
        }
    }

    fn signing_of(&self, digest: Vec<u8>) -> Result<Order> {
        let data = if self.key_type == CKK_RSA { digest_info(&digest)? } else { digest };
        Ok(Order { mechanism: self.signing, data })
    }

    /// The mechanism that hashes and signs.
    pub(crate) const fn hashing(&self) -> Option<CK_MECHANISM_TYPE> {
        self.hashing
    }

    /// A token's signature as X.509 carries it.
    pub(crate) fn to_x509(&self, signature: Vec<u8>) -> Result<Vec<u8>> {
        if self.key_type != CKK_EC {
            return Ok(signature); // GOST: s ‖ r, big-endian, on every token that was ever measured
        }
        let (r, s) = signature.split_at(signature.len() / 2);
        let sequence = || vec![UintRef::new(r)?, UintRef::new(s)?].to_der();
        sequence().map_err(|error| ErrorKind::Fault.at("C_Sign").because(error))
    }
}

impl Hash {
    fn digest(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Streebog256 => streebog256(message).to_vec(),
            Self::Streebog512 => streebog512(message).to_vec(),
            Self::Sha256 => Sha256::digest(message).to_vec(),
        }
    }

    const fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Streebog256 => ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.2"),
            Self::Streebog512 => ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.3"),
            Self::Sha256 => ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1"),
        }
    }

    const fn length(self) -> usize {
        match self {
            Self::Streebog256 | Self::Sha256 => 32,
            Self::Streebog512 => 64,
        }
    }
}

/// `DigestInfo` of SHA-256 (RFC 8017 §9.2).
fn digest_info(digest: &[u8]) -> Result<Vec<u8>> {
    let encode = || -> der::Result<Vec<u8>> {
        let algorithm =
            AlgorithmIdentifierOwned { oid: Hash::Sha256.oid(), parameters: Some(Any::null()) };
        let digest = OctetStringRef::new(digest)?.to_der()?;
        Any::new(der::Tag::Sequence, [algorithm.to_der()?, digest].concat())?.to_der()
    };
    encode().map_err(|error| ErrorKind::Fault.at("DigestInfo").because(error))
}

/// The templates of a key pair.
pub(crate) struct Templates {
    pub(crate) public: Vec<Attribute>,
    pub(crate) private: Vec<Attribute>,
}

impl Templates {
    /// `params_in_private`: some tokens want the parameter sets in the private template, some refuse them.
    pub(crate) fn new(
        algorithm: KeyAlgorithm,
        (id, label): (&[u8], &[u8]),
        quirks: &Quirks,
        params_in_private: bool,
    ) -> Result<Self> {
        let family = Family::of(algorithm)?;
        let params = parameters(algorithm)?;
        let gost = matches!(algorithm, KeyAlgorithm::Gost3410(_));
        let common = |class| {
            vec![
                Attribute::number(CKA_CLASS, class),
                Attribute::number(CKA_KEY_TYPE, family.key_type),
                Attribute::flag(CKA_TOKEN, true),
                Attribute::octets(CKA_ID, id),
                Attribute::octets(CKA_LABEL, label),
            ]
        };
        let mut public = common(CKO_PUBLIC_KEY);
        public.push(Attribute::flag(CKA_PRIVATE, false));
        public.push(Attribute::flag(CKA_VERIFY, true));
        public.extend(params.iter().cloned());
        let mut private = common(CKO_PRIVATE_KEY);
        private.push(Attribute::flag(CKA_PRIVATE, true));
        private.push(Attribute::flag(CKA_SENSITIVE, true));
        private.push(Attribute::flag(CKA_EXTRACTABLE, false));
        private.push(Attribute::flag(CKA_SIGN, true));
        if gost && quirks.derive {
            private.push(Attribute::flag(CKA_DERIVE, true));
        }
        if gost && params_in_private {
            private.extend(params);
        }
        Ok(Self { public, private })
    }
}

/// What tells the token which curve or length.
fn parameters(algorithm: KeyAlgorithm) -> Result<Vec<Attribute>> {
    let der = |oid: ObjectIdentifier| {
        oid.to_der().map_err(|error| ErrorKind::Fault.at("object identifier").because(error))
    };
    Ok(match algorithm {
        KeyAlgorithm::Gost3410(Oid(set)) => {
            let hash = Family::of(algorithm)?.hash.oid();
            vec![
                Attribute::octets(CKA_GOSTR3410_PARAMS, der(set)?),
                Attribute::octets(CKA_GOSTR3411_PARAMS, der(hash)?),
            ]
        }
        KeyAlgorithm::EcdsaP256 => vec![Attribute::octets(CKA_EC_PARAMS, der(P256)?)],
        KeyAlgorithm::Rsa(bits) => vec![
            Attribute::number(CKA_MODULUS_BITS, CK_ULONG::from(bits)),
            Attribute::octets(CKA_PUBLIC_EXPONENT, [1, 0, 1]),
        ],
        _ => return Err(ErrorKind::Unsupported.at("key algorithm")),
    })
}
