//! Checkpoints: what the whole record was at a time, in one signature.
//!
//! A checkpoint covers a *batch*: the links that came since the one before it, chain after chain. Over the
//! links of a batch there is one Merkle tree, and over all batches, from the first one on, another: its root
//! is the record's. So a checkpoint and its proofs are made from one batch and a list of roots, however long
//! the record is.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use spki::AlgorithmIdentifierOwned;

use super::merkle::{Frontier, Hash, Streebog, TreeHash as _};
use super::{Head, LinkHash};
use crate::id::WriterId;
use crate::provider::Verifier;
use crate::provider::verifier::Check;
use crate::x509::{KeyIdentity, PublicKey};

/// The version of checkpoints that is written today.
pub const VERSION: u16 = 1;

/// What a checkpoint says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// The version of its form.
    pub version: u16,
    /// Its number, from 1; greater than that of every checkpoint before it, also after a restore.
    pub number: u64,
    /// When it was made.
    pub at: Timestamp,
    /// Who signs it.
    pub key: KeyIdentity,
    /// How many links its own batch has.
    pub links: u64,
    /// The root over the links of its own batch.
    #[serde(with = "crate::hex::octets")]
    pub batch: Hash,
    /// How many batches there are, its own included.
    pub size: u64,
    /// The root over all batches.
    #[serde(with = "crate::hex::octets")]
    pub root: Hash,
    /// The chains that grew, in the order in which their links are in the batch.
    pub chains: Vec<Grown>,
}

/// A chain that grew since the checkpoint before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grown {
    /// Whose.
    pub writer: WriterId,
    /// How long it was.
    pub from: u64,
    /// How long it is.
    pub length: u64,
    /// The hash of its last link.
    #[serde(with = "crate::hex::octets")]
    pub hash: LinkHash,
}

/// A checkpoint with its signature: kept outside, and in the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedCheckpoint {
    /// What was signed.
    pub checkpoint: Checkpoint,
    /// The signature over [`Checkpoint::signed_bytes`], as X.509 carries it.
    #[serde(with = "crate::hex::octets")]
    pub signature: Vec<u8>,
}

/// Why a checkpoint, or a proof, is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadProof {
    /// It is of a version that is not known here.
    #[error("version {0} is not known")]
    Version(u16),
    /// It names another key than the one it is checked by.
    #[error("it names another key")]
    Key,
    /// The signature is not the key's.
    #[error("the signature does not verify")]
    Signature,
    /// The hashes do not come to the root.
    #[error("the hashes do not lead to the root")]
    Hashes,
    /// It speaks of something that the checkpoint does not cover.
    #[error("the checkpoint does not cover it")]
    Uncovered,
}

impl Checkpoint {
    /// The canonical octets: a label, then JSON with the fields in the order of their declaration.
    ///
    /// # Panics
    /// Never: checkpoints are plain data.
    pub fn signed_bytes(&self) -> Vec<u8> {
        #[expect(clippy::expect_used, reason = "serialising plain data to memory cannot fail")]
        let json = serde_json::to_vec(self).expect("checkpoints are plain data");
        [DOMAIN, &json].concat()
    }

    /// Where a link is in the batch, from 0; none where the batch does not have it.
    pub fn place(&self, writer: &WriterId, number: u64) -> Option<u64> {
        let mut before = 0_u64;
        for grown in &self.chains {
            if grown.writer == *writer && (grown.from..grown.length).contains(&number) {
                return number.checked_sub(grown.from)?.checked_add(before);
            }
            before = before.checked_add(grown.length.checked_sub(grown.from)?)?;
        }
        None
    }
}

impl SignedCheckpoint {
    /// Checks the signature.
    ///
    /// # Errors
    /// [`BadProof`] says what does not fit.
    pub fn verify(&self, verifier: &dyn Verifier, key: &PublicKey) -> Result<(), BadProof> {
        verify_all(verifier, &[(self, Some(key))]).pop().unwrap_or(Err(BadProof::Signature))
    }

    /// What is to be checked: the signature's algorithm, and what was signed.
    fn claim(
        &self,
        verifier: &dyn Verifier,
        key: &PublicKey,
    ) -> Result<(AlgorithmIdentifierOwned, Vec<u8>), BadProof> {
        if self.checkpoint.version != VERSION {
            return Err(BadProof::Version(self.checkpoint.version));
        }
        if verifier.identify(key).ok() != Some(self.checkpoint.key) {
            return Err(BadProof::Key);
        }
        let algorithm = verifier.signature_algorithm(key).map_err(|_| BadProof::Key)?;
        Ok((algorithm, self.checkpoint.signed_bytes()))
    }
}

/// Checks the signatures of many, each by its key, with a verdict of its own: one without a key is by none.
pub fn verify_all(
    verifier: &dyn Verifier,
    signed: &[(&SignedCheckpoint, Option<&PublicKey>)],
) -> Vec<Result<(), BadProof>> {
    let claim = |(signed, key): &(&SignedCheckpoint, Option<&PublicKey>)| {
        key.map_or(Err(BadProof::Key), |key| signed.claim(verifier, key))
    };
    let claims: Vec<_> = signed.iter().map(claim).collect();
    let mut checks = Vec::with_capacity(signed.len());
    for ((signed, key), claim) in signed.iter().zip(&claims) {
        if let (Some(key), Ok((algorithm, message))) = (key, claim) {
            checks.push(Check { key, algorithm, message, signature: &signed.signature });
        }
    }
    let mut verdicts = verifier.verify_all(&checks).into_iter();
    let mut verdict = || match verdicts.next() {
        Some(Ok(())) => Ok(()),
        _ => Err(BadProof::Signature),
    };
    claims
        .iter()
        .map(|claim| claim.as_ref().map_err(Clone::clone).and_then(|_| verdict()))
        .collect()
}

impl Grown {
    /// The chain's end.
    pub const fn head(&self) -> Head {
        Head { writer: self.writer, length: self.length, hash: self.hash }
    }
}

/// The leaf of a link in its batch's tree.
pub fn link_leaf(hash: &LinkHash) -> Hash {
    Streebog::leaf(hash)
}

/// The leaf of a batch in the record's tree: over the number of its links, and their root.
pub fn batch_leaf(links: u64, batch: &Hash) -> Hash {
    Streebog::leaf(&[&links.to_be_bytes()[..], batch].concat())
}

/// A batch while its links are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch(Frontier);

impl Batch {
    /// Adds a link.
    pub fn push(&mut self, hash: &LinkHash) {
        self.0.push::<Streebog>(link_leaf(hash));
    }

    /// How many links, and the root over them; none where there are none.
    pub fn close(&self) -> Option<(u64, Hash)> {
        Some((self.0.size(), self.0.root::<Streebog>()?))
    }
}

/// Nothing else that this library signs begins like it.
const DOMAIN: &[u8] = b"gost-ca checkpoint\0";
