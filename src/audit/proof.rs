//! Proofs for somebody who has a checkpoint and not the record: that an entry is in it, that another
//! checkpoint continues it. They are data; checking them asks nobody.

use serde::{Deserialize, Serialize};

use super::checkpoint::{BadProof, SignedCheckpoint, batch_leaf, link_leaf};
use super::merkle::{Hash, Streebog, is_consistent, root_of_inclusion};
use super::{Head, LinkHash, link};
use crate::id::WriterId;
use crate::provider::Verifier;
use crate::provider::journal::{StoredEntry, StreamId};
use crate::x509::PublicKey;

/// Proves that an entry is in the record that a checkpoint signs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InclusionProof {
    /// The entry's stream.
    pub stream: StreamId,
    /// Its number there.
    pub index: u64,
    /// Its octets.
    #[serde(with = "crate::hex::octets")]
    pub entry: Vec<u8>,
    /// In whose chain it is linked.
    pub writer: WriterId,
    /// The number of its link there.
    pub number: u64,
    /// The hash of the link before.
    #[serde(with = "crate::hex::octets")]
    pub previous: LinkHash,
    /// From the link to the root of its batch.
    pub in_batch: Path,
    /// From the batch to the root of the record.
    pub in_record: Path,
    /// The checkpoint that signs that root: the same one, or a later one.
    pub checkpoint: SignedCheckpoint,
}

/// The way from a leaf to the root of a tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Path {
    /// The number of the leaf, from 0.
    pub index: u64,
    /// How many leaves the tree has.
    pub size: u64,
    /// The siblings, the lowest first.
    #[serde(with = "hashes")]
    pub hashes: Vec<Hash>,
}

/// Proves that a checkpoint continues an earlier one: that nothing before it was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsistencyProof {
    /// The earlier one.
    pub first: SignedCheckpoint,
    /// The later one.
    pub second: SignedCheckpoint,
    /// From the one root to the other.
    #[serde(with = "hashes")]
    pub hashes: Vec<Hash>,
}

impl InclusionProof {
    /// Checks the proof: the entry, the way to the root, the signature over it.
    ///
    /// # Errors
    /// [`BadProof`] says what does not fit.
    pub fn verify(&self, verifier: &dyn Verifier, key: &PublicKey) -> Result<(), BadProof> {
        self.checkpoint.verify(verifier, key)?;
        let before = Head { writer: self.writer, length: self.number, hash: self.previous };
        let entry = StoredEntry(self.entry.clone());
        let linked = link_leaf(&link(&before, &self.stream, self.index, &entry).hash);
        let batch = self.in_batch.root(&linked).ok_or(BadProof::Hashes)?;
        let root = self.in_record.root(&batch_leaf(self.in_batch.size, &batch));
        let checkpoint = &self.checkpoint.checkpoint;
        let holds = root == Some(checkpoint.root) && self.in_record.size == checkpoint.size;
        if holds { Ok(()) } else { Err(BadProof::Hashes) }
    }
}

impl Path {
    /// The root that a leaf comes to along this way.
    fn root(&self, leaf: &Hash) -> Option<Hash> {
        root_of_inclusion::<Streebog>(leaf, (self.index, self.size), &self.hashes)
    }
}

impl ConsistencyProof {
    /// Checks the proof: both signatures, and the way from the one root to the other.
    ///
    /// # Errors
    /// [`BadProof`] says what does not fit.
    pub fn verify(
        &self,
        verifier: &dyn Verifier,
        (first_key, second_key): (&PublicKey, &PublicKey),
    ) -> Result<(), BadProof> {
        self.first.verify(verifier, first_key)?;
        self.second.verify(verifier, second_key)?;
        let (first, second) = (&self.first.checkpoint, &self.second.checkpoint);
        let (before, after) = ((first.size, &first.root), (second.size, &second.root));
        let holds =
            first.number <= second.number && is_consistent::<Streebog>(before, after, &self.hashes);
        if holds { Ok(()) } else { Err(BadProof::Hashes) }
    }
}

/// Serde for lists of hashes as hexadecimal texts.
mod hashes {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::Hash;

    pub(super) fn serialize<S: Serializer>(
        hashes: &[Hash],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let texts: Vec<String> = hashes.iter().map(|hash| crate::hex::encode(hash)).collect();
        texts.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Hash>, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        let hashes = texts.iter().map(|text| crate::hex::array(text));
        hashes.collect::<Option<_>>().ok_or_else(|| D::Error::custom("64 digits each are wanted"))
    }
}
