//! What keys and signatures of each algorithm look like.

use der::asn1::{Any, ObjectIdentifier};
use der::{Decode, Encode};
use gost_ca::provider::key_store::{Digest, KeyAlgorithm};
use gost_hash::{streebog256, streebog512};
use sha2::Digest as _;

use crate::oids::{
    EC_PUBLIC_KEY, ECDSA_SHA_256, KEY_256, KEY_512, RSA_ENCRYPTION, RSA_SHA_256, SECP256R1,
    SHA_256, SIGNATURE_256, SIGNATURE_512, STREEBOG_256, STREEBOG_512,
};

/// An algorithm's row.
pub(super) struct Expected {
    /// The algorithm that keys state.
    pub(super) key: ObjectIdentifier,
    /// Its parameters, DER.
    pub(super) key_parameters: Vec<u8>,
    /// The algorithm that signatures state.
    pub(super) signature: ObjectIdentifier,
    /// Its parameters.
    pub(super) signature_parameters: Option<Any>,
    /// Octets of a signature: the fewest, the most.
    pub(super) lengths: (usize, usize),
    hash: ObjectIdentifier,
    digest: fn(&[u8]) -> Vec<u8>,
}

impl Expected {
    /// RFC 9215 §2, §4.1 and §4.2; RFC 5480 and RFC 5758 §3.2; RFC 4055 §5.
    pub(super) fn of(algorithm: KeyAlgorithm) -> Result<Self, String> {
        match algorithm {
            KeyAlgorithm::Gost3410(set) if is_long(set.0) => Ok(Self {
                key: KEY_512,
                key_parameters: gost_parameters(set.0)?,
                signature: SIGNATURE_512,
                signature_parameters: None,
                lengths: (128, 128),
                hash: STREEBOG_512,
                digest: |message| streebog512(message).to_vec(),
            }),
            KeyAlgorithm::Gost3410(set) => Ok(Self {
                key: KEY_256,
                key_parameters: gost_parameters(set.0)?,
                signature: SIGNATURE_256,
                signature_parameters: None,
                lengths: (64, 64),
                hash: STREEBOG_256,
                digest: |message| streebog256(message).to_vec(),
            }),
            KeyAlgorithm::EcdsaP256 => Ok(Self {
                key: EC_PUBLIC_KEY,
                key_parameters: SECP256R1.to_der().map_err(|error| error.to_string())?,
                signature: ECDSA_SHA_256,
                signature_parameters: None,
                lengths: (8, 72), // two INTEGERs of any size
                hash: SHA_256,
                digest: |message| sha2::Sha256::digest(message).to_vec(),
            }),
            KeyAlgorithm::Rsa(bits) => Ok(Self {
                key: RSA_ENCRYPTION,
                key_parameters: vec![5, 0],
                signature: RSA_SHA_256,
                signature_parameters: Some(Any::null()),
                lengths: (usize::from(bits / 8), usize::from(bits / 8)),
                hash: SHA_256,
                digest: |message| sha2::Sha256::digest(message).to_vec(),
            }),
            other => Err(format!("the kit does not know {other:?}")),
        }
    }

    /// The digest that such keys sign.
    pub(super) fn digest(&self, message: &[u8]) -> Digest {
        Digest { algorithm: self.hash, octets: (self.digest)(message) }
    }
}

/// What must differ in two signatures of one key: r; nothing where signatures are not random.
pub(super) fn nonce(algorithm: KeyAlgorithm, signature: &[u8]) -> Option<Vec<u8>> {
    match algorithm {
        KeyAlgorithm::Gost3410(_) => Some(signature.split_at(signature.len() / 2).1.to_vec()),
        KeyAlgorithm::EcdsaP256 => {
            let numbers = Vec::<Any>::from_der(signature).ok()?;
            Some(numbers.first()?.value().to_vec())
        }
        _ => None,
    }
}

/// The identifiers of CryptoPro MUST have a `digestParamSet`, those of TC26 SHOULD or MUST not.
fn gost_parameters(set: ObjectIdentifier) -> Result<Vec<u8>, String> {
    let cryptopro = set.to_string().starts_with("1.2.643.2.2.");
    let oids = if cryptopro { vec![set, STREEBOG_256] } else { vec![set] };
    oids.to_der().map_err(|error| error.to_string())
}

fn is_long(set: ObjectIdentifier) -> bool {
    set.to_string().starts_with("1.2.643.7.1.2.1.2.")
}
