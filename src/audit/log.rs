//! The stream of the audit, folded: its keys, its checkpoints, the restores that were acknowledged.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Head;
use super::checkpoint::{SignedCheckpoint, batch_leaf};
use super::merkle::{self, Frontier, Hash, Streebog};
use super::proof::{ConsistencyProof, Path};
use crate::entry::Entry;
use crate::fact::AuditFact;
use crate::id::WriterId;
use crate::x509::{KeyIdentity, PublicKey};

/// What the audit's stream says now.
#[derive(Clone, Debug, Default)]
pub struct Log {
    length: u64,
    keys: Vec<(KeyIdentity, PublicKey)>,
    checkpoints: Vec<SignedCheckpoint>,
    /// The leaves of the record's tree.
    batches: Vec<Hash>,
    frontier: Frontier,
    covered: BTreeMap<WriterId, Head>,
    /// The highest number of a kept checkpoint whose loss was acknowledged.
    restored: u64,
}

impl Log {
    /// Applies one more entry.
    pub fn apply(&mut self, entry: &Entry<AuditFact>) {
        self.length = self.length.saturating_add(1);
        match &entry.fact {
            AuditFact::KeyRegistered { key, public_key } => {
                // what is no key verifies nothing
                self.keys.extend(PublicKey::from_der(public_key).ok().map(|read| (*key, read)));
            }
            AuditFact::CheckpointMade(signed) => self.absorb(signed),
            AuditFact::RestoreAcknowledged { kept, .. } => {
                self.restored = self.restored.max(kept.checkpoint.number);
            }
        }
    }

    fn absorb(&mut self, signed: &SignedCheckpoint) {
        let checkpoint = &signed.checkpoint;
        let leaf = batch_leaf(checkpoint.links, &checkpoint.batch);
        self.batches.push(leaf);
        self.frontier.push::<Streebog>(leaf);
        let heads = checkpoint.chains.iter().map(|grown| (grown.writer, grown.head()));
        self.covered.extend(heads);
        self.checkpoints.push(signed.clone());
    }

    /// How many entries were applied.
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// The key that signs now.
    pub fn key(&self) -> Option<&(KeyIdentity, PublicKey)> {
        self.keys.last()
    }

    /// The public key of this identity, where it is, or was, one of the audit's.
    pub fn key_of(&self, identity: &KeyIdentity) -> Option<&PublicKey> {
        self.keys.iter().find(|(known, _)| known == identity).map(|(_, key)| key)
    }

    /// All checkpoints, the oldest first.
    pub fn checkpoints(&self) -> &[SignedCheckpoint] {
        &self.checkpoints
    }

    /// The newest checkpoint.
    pub fn newest(&self) -> Option<&SignedCheckpoint> {
        self.checkpoints.last()
    }

    /// How far each chain is covered.
    pub const fn covered(&self) -> &BTreeMap<WriterId, Head> {
        &self.covered
    }

    /// How long each chain was at the last checkpoint before a time.
    pub fn covered_before(&self, at: Timestamp) -> BTreeMap<WriterId, u64> {
        let before = self.checkpoints.iter().take_while(|signed| signed.checkpoint.at < at);
        // what was decided just before a checkpoint may have been committed just after it: one more is read
        let count = before.count().saturating_sub(1);
        let chains =
            self.checkpoints.iter().take(count).flat_map(|signed| &signed.checkpoint.chains);
        chains.map(|grown| (grown.writer, grown.length)).collect()
    }

    /// The number of the next checkpoint: greater than any, also of those that a restore lost.
    pub fn next_number(&self) -> u64 {
        let last = self.newest().map_or(0, |newest| newest.checkpoint.number);
        last.max(self.restored).saturating_add(1)
    }

    /// The number of batches, and the root over them, after one more.
    pub fn grow(&self, links: u64, batch: &Hash) -> (u64, Hash) {
        let mut frontier = self.frontier.clone();
        frontier.push::<Streebog>(batch_leaf(links, batch));
        (frontier.size(), frontier.root::<Streebog>().unwrap_or_default())
    }

    /// How a kept checkpoint stands to this record.
    pub fn compare(&self, kept: &SignedCheckpoint) -> Kept {
        let number = kept.checkpoint.number;
        let known = self.checkpoints.iter().rev().any(|known| known.checkpoint == kept.checkpoint);
        match known {
            true => Kept::Known,
            false if number <= self.restored => Kept::Acknowledged,
            false => Kept::Lost,
        }
    }

    /// The way from a batch to the root of the newest checkpoint.
    pub fn path_of_batch(&self, batch: usize) -> Option<Path> {
        let hashes = merkle::inclusion::<Streebog>(&self.batches, batch)?;
        let (index, size) = (u64::try_from(batch).ok()?, self.frontier.size());
        Some(Path { index, size, hashes })
    }

    /// Proves that one of the checkpoints continues another one; none where the record does not have both.
    pub fn consistency(&self, first: u64, second: u64) -> Option<ConsistencyProof> {
        let numbered =
            |number| self.checkpoints.iter().position(|signed| signed.checkpoint.number == number);
        let (first, second) = (numbered(first)?, numbered(second)?);
        let leaves = self.batches.get(..=second)?;
        let hashes = merkle::consistency::<Streebog>(leaves, first.checked_add(1)?)?;
        let signed = |place: usize| self.checkpoints.get(place).cloned();
        Some(ConsistencyProof { first: signed(first)?, second: signed(second)?, hashes })
    }
}

/// How a checkpoint that was kept elsewhere stands to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "it is there, or not, or known not to be")]
pub enum Kept {
    /// The record has it, octet by octet.
    Known,
    /// A restore lost it, which an administrator acknowledged.
    Acknowledged,
    /// The record does not have it: it is an older copy, or was made anew.
    Lost,
}
