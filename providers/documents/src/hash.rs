//! Hash functions that messages state, over content of any length.

use core::fmt;
use std::io::{self, Read};

use const_oid::ObjectIdentifier;
use digest::DynDigest;
use gost_ca::provider::key_store::Digest;
use gost_ca::x509::write;
use gost_hash::legacy::Gost94;
use gost_hash::{Streebog256, Streebog512};
use serde::{Serialize, Serializer};

use crate::error::{Error, Result};

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum HashFunction {
    /// GOST R 34.11-2012 of 256 bits.
    Streebog256,
    /// GOST R 34.11-2012 of 512 bits.
    Streebog512,
    /// GOST R 34.11-94 with the parameter set of CryptoPro, only to read what is old.
    Gost94,
    /// SHA-1: names certificates in OCSP and old references, protects nothing.
    Sha1,
    /// SHA-256, for authorities outside of GOST.
    Sha256,
}

use HashFunction::{Gost94 as Old, Sha1, Sha256, Streebog256 as Short, Streebog512 as Long};

impl HashFunction {
    /// All of them.
    pub const ALL: [Self; 5] = [Short, Long, Old, Sha1, Sha256];

    /// Its object identifier.
    pub const fn oid(self) -> ObjectIdentifier {
        // Constants: reading their dots again would take longer than comparing them.
        match self {
            Short => const { ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.2") },
            Long => const { ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.3") },
            Old => const { ObjectIdentifier::new_unwrap("1.2.643.2.2.9") },
            Sha1 => const { ObjectIdentifier::new_unwrap("1.3.14.3.2.26") },
            Sha256 => const { ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1") },
        }
    }

    /// The one of an object identifier.
    ///
    /// # Errors
    /// `Unsupported` for any other.
    pub fn from_oid(oid: &ObjectIdentifier) -> Result<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|one| one.oid() == *oid).ok_or_else(|| Error::unsupported("hash function", oid))
    }

    /// The one that signatures of an algorithm are made over (RFC 9215 §2).
    ///
    /// # Errors
    /// `Unsupported` for an algorithm that is not known here.
    pub fn of_signature(signature: &ObjectIdentifier) -> Result<Self> {
        let found = SIGNATURES.iter().find(|(known, _)| known == signature);
        found
            .map(|(_, hash)| *hash)
            .ok_or_else(|| Error::unsupported("signature algorithm", signature))
    }

    /// Hashes one message.
    pub fn digest(self, message: &[u8]) -> Digest {
        let mut hasher = self.hasher();
        hasher.update(message);
        Digest { algorithm: self.oid(), octets: hasher.finalize_reset().into_vec() }
    }

    /// `AlgorithmIdentifier` without parameters (RFC 9215 §2; RFC 5754 §2).
    pub(crate) fn algorithm(self) -> Vec<u8> {
        write::sequence(&[write::oid(&self.oid())])
    }

    fn hasher(self) -> Box<dyn DynDigest + Send> {
        match self {
            Short => Box::<Streebog256>::default(),
            Long => Box::<Streebog512>::default(),
            Old => Box::<Gost94>::default(),
            Sha1 => Box::<sha1::Sha1>::default(),
            Sha256 => Box::<sha2::Sha256>::default(),
        }
    }
}

/// By its object identifier, in dots.
impl Serialize for HashFunction {
    fn serialize<S: Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        serializer.collect_str(&self.oid())
    }
}

/// The digests of one content by several hash functions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContentDigests {
    /// Octets of content.
    pub length: u64,
    digests: Vec<Digest>,
    /// How the content begins.
    start: Vec<u8>,
}

impl ContentDigests {
    /// Reads a content to its end, in constant memory.
    ///
    /// # Errors
    /// The reader's.
    pub fn of(content: &mut impl Read, functions: &[HashFunction]) -> io::Result<Self> {
        let mut hashers = Hashers::new(functions);
        let mut buffer = vec![0; FIRST];
        loop {
            let length = match content.read(&mut buffer) {
                Ok(0) => return Ok(hashers.finish()),
                Ok(length) => length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            hashers.update(buffer.get(..length).unwrap_or_default());
            // Most contents are small: the whole buffer is cleared only for those that are not.
            if length == buffer.len() {
                buffer.resize(BUFFER, 0);
            }
        }
    }

    /// The digest by one function, where it was asked for.
    pub fn by(&self, function: HashFunction) -> Option<&Digest> {
        self.digests.iter().find(|digest| digest.algorithm == function.oid())
    }

    /// Whether the content begins as signed attributes do: with a set of sequences that begin with an object
    /// identifier. Such a content, with nothing signed beside it, may be another message's attributes.
    pub(crate) fn begins_as_attributes(&self) -> bool {
        let inside = |octets: &[u8], tag| {
            let (_, rest) = octets.split_first().filter(|(first, _)| **first == tag)?;
            let (length, rest) = rest.split_first()?;
            let skipped = if *length < 0x80 { 0 } else { usize::from(length & 0x7f) };
            rest.get(skipped..).map(<[u8]>::to_vec)
        };
        let set = inside(&self.start, write::SET);
        let sequence = set.and_then(|set| inside(&set, write::SEQUENCE));
        sequence.is_some_and(|sequence| sequence.first() == Some(&write::OBJECT_IDENTIFIER))
    }
}

/// Hashes one content by several functions.
pub(crate) struct Hashers {
    length: u64,
    start: Vec<u8>,
    running: Vec<(HashFunction, Box<dyn DynDigest + Send>)>,
}

impl Hashers {
    pub(crate) fn new(functions: &[HashFunction]) -> Self {
        let mut functions = functions.to_vec();
        functions.sort_unstable();
        functions.dedup();
        let running = functions.into_iter().map(|function| (function, function.hasher())).collect();
        Self { length: 0, start: Vec::new(), running }
    }

    pub(crate) fn update(&mut self, octets: &[u8]) {
        self.length = self.length.saturating_add(write::length(octets));
        let wanted = START.saturating_sub(self.start.len());
        self.start.extend(octets.iter().take(wanted));
        for (_, hasher) in &mut self.running {
            hasher.update(octets);
        }
    }

    pub(crate) fn finish(self) -> ContentDigests {
        let digest = |(function, mut hasher): (HashFunction, Box<dyn DynDigest + Send>)| Digest {
            algorithm: function.oid(),
            octets: hasher.finalize_reset().into_vec(),
        };
        ContentDigests {
            start: self.start,
            length: self.length,
            digests: self.running.into_iter().map(digest).collect(),
        }
    }
}

impl fmt::Debug for Hashers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hashers(after {})", self.length)
    }
}

/// Octets read and written at once.
pub(crate) const BUFFER: usize = 0x1_0000;

/// Octets that are read first.
const FIRST: usize = 0x1000;

/// Enough for the headers of a set and of a sequence in it.
const START: usize = 24;

const SIGNATURES: [(ObjectIdentifier, HashFunction); 5] = [
    (ObjectIdentifier::new_unwrap("1.2.643.7.1.1.3.2"), Short),
    (ObjectIdentifier::new_unwrap("1.2.643.7.1.1.3.3"), Long),
    (ObjectIdentifier::new_unwrap("1.2.643.2.2.3"), Old),
    (ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2"), Sha256),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11"), Sha256),
];
