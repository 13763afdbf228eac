//! Keys and the carriers they live on. A private key never leaves its store.

use core::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use der::asn1::ObjectIdentifier;
use serde::{Deserialize, Serialize};
use spki::AlgorithmIdentifierOwned;

use super::{Result, Rng};
use crate::oid::Oid;
use crate::secret::{Pin, Secret};
use crate::x509::{Certificate, PublicKey};

/// A token, reader or folder that holds key containers.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CarrierId(pub String);

/// A key on a carrier.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct KeyId {
    /// Where it lives.
    pub carrier: CarrierId,
    /// The name of its container there.
    pub container: String,
}

/// What kind of key pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum KeyAlgorithm {
    /// GOST R 34.10-2012 on the parameter set of this object identifier.
    Gost3410(Oid),
    /// ECDSA on P-256 with SHA-256, for authorities and tokens outside of GOST.
    EcdsaP256,
    /// RSA with a modulus of so many bits, PKCS#1 v1.5 with SHA-256.
    Rsa(u16),
}

/// Whose PIN opens a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PinRule {
    /// The carrier has a PIN of its own, which opens all it holds (V5).
    OwnPin {
        /// Shortest PIN that it takes, in characters.
        min: usize,
        /// Longest PIN that it takes, in characters.
        max: usize,
    },
    /// Each container gets a password when it is made.
    PerContainer {
        /// Shortest password, in characters.
        min: usize,
    },
}

/// A carrier, as a person chooses one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carrier {
    /// How calls name it.
    pub id: CarrierId,
    /// How people name it.
    pub label: String,
    /// The token's serial number, where there is one.
    pub serial: Option<String>,
    /// Whose PIN opens what it holds.
    pub pin: PinRule,
    /// Whether it makes its own random octets; without, the biological generator is asked for (V4).
    pub hardware_rng: bool,
    /// Key pairs that it can make.
    pub algorithms: Vec<KeyAlgorithm>,
}

/// A key in a carrier, without opening it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredKey {
    /// How calls name it.
    pub id: KeyId,
    /// Its public half.
    pub public_key: PublicKey,
    /// The certificate installed beside it (V6).
    pub certificate: Option<Certificate>,
    /// Whether the PIN is a temporary one that must be changed before first use (V8).
    pub must_change_pin: bool,
}

/// What key to make, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySpec {
    /// Where it will live; the container's name must be free.
    pub id: KeyId,
    /// What kind of key pair.
    pub algorithm: KeyAlgorithm,
    /// The PIN given is temporary: the key's owner changes it before first use (V8).
    pub temporary_pin: bool,
}

/// How a carrier or container is opened.
#[derive(Debug)]
#[non_exhaustive]
pub enum Access {
    /// The PIN of a token, or of a container that exists.
    Existing(Pin),
    /// A new password, for a container to be made; opens what was made with it.
    New(Secret),
    /// The provider asks by itself, in a window or on a key pad of its own.
    Prompted,
}

/// Lists and opens keys.
#[async_trait]
pub trait KeyStore: Debug + Send + Sync {
    /// Lists the carriers that are there now.
    ///
    /// # Errors
    /// `Unavailable` when the store is out of reach.
    async fn carriers(&self) -> Result<Vec<Carrier>>;

    /// Lists a carrier's keys without opening them.
    ///
    /// # Errors
    /// `NotFound` for an unknown carrier.
    async fn keys(&self, carrier: &CarrierId) -> Result<Vec<StoredKey>>;

    /// Opens a key for signing.
    ///
    /// # Errors
    /// `NotFound`; `Denied` for a wrong PIN (never tried twice by itself) and for a temporary PIN that was
    /// not changed yet; `Locked` after too many wrong ones; `Fault` for a damaged container.
    async fn open(&self, key: &KeyId, access: &Access) -> Result<Arc<dyn Signer>>;

    /// The ability to make and change keys, where the store has it.
    fn writable(&self) -> Option<&dyn WritableKeyStore> {
        None
    }
}

/// Makes, changes and deletes keys.
#[async_trait]
pub trait WritableKeyStore: Debug + Send + Sync {
    /// Makes a key pair; the private half stays inside. The new key is open once, so that it can sign its own
    /// request, also where its PIN is temporary.
    ///
    /// # Errors
    /// `Conflict` when the container's name is in use, `Invalid` for a PIN against the carrier's rule,
    /// `Unsupported` for another algorithm, and the random generator's refusal as it came.
    async fn generate(
        &self,
        spec: &KeySpec,
        access: &Access,
        rng: &dyn Rng,
    ) -> Result<Arc<dyn Signer>>;

    /// Puts a certificate into its key's container; again with the same one does nothing.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` when the certificate's key is not the container's.
    async fn install(&self, key: &KeyId, certificate: &Certificate) -> Result<()>;

    /// Changes a PIN or container password.
    ///
    /// # Errors
    /// As [`KeyStore::open`]; `Invalid` for a new PIN against the carrier's rule.
    async fn change_pin(&self, key: &KeyId, old: &Access, new: &Pin) -> Result<()>;

    /// Destroys a key, also one with a temporary PIN.
    ///
    /// # Errors
    /// As [`KeyStore::open`].
    async fn delete(&self, key: &KeyId, access: &Access) -> Result<()>;
}

/// What is to be signed.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Message<'a> {
    /// The message; the signer hashes it with its algorithm's own hash.
    Bytes(&'a [u8]),
    /// The message's digest, for messages too long to hand over.
    Digest(&'a Digest),
}

/// A digest that knows its algorithm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// The hash function's object identifier.
    pub algorithm: ObjectIdentifier,
    /// Its output, in the order X.509 and CMS carry it.
    pub octets: Vec<u8>,
}

/// An open key.
#[async_trait]
pub trait Signer: Debug + Send + Sync {
    /// The public half.
    fn public_key(&self) -> &PublicKey;

    /// The algorithm its signatures state.
    fn algorithm(&self) -> &AlgorithmIdentifierOwned;

    /// Signs; gives the octets that X.509 carries, whatever the device speaks.
    ///
    /// # Errors
    /// `Invalid` for a digest of another algorithm, `Unavailable` when the device or its randomness is gone.
    async fn sign(&self, message: Message<'_>) -> Result<Vec<u8>>;

    /// Signs many; all or nothing.
    ///
    /// # Errors
    /// The first one of [`Signer::sign`].
    async fn sign_all(&self, messages: &[Message<'_>]) -> Result<Vec<Vec<u8>>> {
        let mut signatures = Vec::with_capacity(messages.len());
        for message in messages {
            signatures.push(self.sign(*message).await?);
        }
        Ok(signatures)
    }

    /// The ability to agree on secrets by the same key, where it has it.
    fn agreement(&self) -> Option<&dyn KeyAgreement> {
        None
    }
}

/// Agrees with the owners of other keys on secrets, by an open key.
#[async_trait]
pub trait KeyAgreement: Debug + Send + Sync {
    /// Derives the secret that `peer`'s owner derives from this key's public half.
    ///
    /// # Errors
    /// `Invalid` for a peer that is no key on the same curve, and for keying material that is none;
    /// `Unsupported` for a derivation that this key has not; `Unavailable` when the device is gone.
    async fn agree(&self, peer: &PublicKey, derivation: Derivation<'_>) -> Result<Secret>;
}

/// How a shared point becomes a secret.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Derivation<'a> {
    /// VKO GOST R 34.10-2012 with Streebog-256 (RFC 7836 §4.3.1): 32 octets.
    Vko256 {
        /// User keying material, a little-endian number.
        ukm: &'a [u8],
    },
    /// VKO GOST R 34.10-2012 with Streebog-512 (RFC 7836 §4.3.2), of keys of 512 bits alone: 64 octets.
    Vko512 {
        /// User keying material, a little-endian number.
        ukm: &'a [u8],
    },
    /// VKO GOST R 34.10-2001 (RFC 4357 §5.2), of keys of 2001 alone, to read what is old: 32 octets.
    Vko2001 {
        /// User keying material, a little-endian number.
        ukm: &'a [u8],
    },
    /// KEG (RFC 9189 §8.3.1): 64 octets, the key that authenticates and the key that encrypts.
    Keg {
        /// What both sides have in common, in its own order.
        h: &'a [u8; 32],
    },
}
