//! Notices in memory.

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use gost_ca::provider::{Notice, Notifier, Result};

/// Keeps what it is given.
#[derive(Debug, Default)]
pub struct MemoryNotifier(Mutex<Vec<Notice>>);

impl MemoryNotifier {
    /// What it was given so far.
    pub fn notices(&self) -> Vec<Notice> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Notice>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Notifier for MemoryNotifier {
    async fn notify(&self, notice: &Notice) -> Result<()> {
        self.lock().push(notice.clone());
        Ok(())
    }
}
