//! Checkpoints in a map.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use gost_ca::audit::checkpoint::SignedCheckpoint;
use gost_ca::provider::{AuditSink, ErrorKind, Result};

/// Keeps checkpoints as long as its last clone.
#[derive(Clone, Debug, Default)]
pub struct MemoryAuditSink(Arc<Mutex<BTreeMap<u64, SignedCheckpoint>>>);

#[async_trait]
impl AuditSink for MemoryAuditSink {
    async fn keep(&self, checkpoint: &SignedCheckpoint) -> Result<()> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.entry(checkpoint.checkpoint.number).or_insert_with(|| checkpoint.clone());
        let same = known.checkpoint == checkpoint.checkpoint;
        same.then_some(()).ok_or_else(|| ErrorKind::Invalid.at("keep"))
    }

    async fn newest(&self) -> Result<Option<SignedCheckpoint>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(kept.values().next_back().cloned())
    }
}
