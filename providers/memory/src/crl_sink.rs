//! CRLs in a map.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use gost_ca::provider::publisher::Source;
use gost_ca::provider::{CrlDraft, CrlSink, ErrorKind, Publisher, Result};

type Files = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// Keeps CRLs until its last clone ends; also a place to publish them.
#[derive(Clone, Debug, Default)]
pub struct MemoryCrls {
    files: Files,
}

#[derive(Debug)]
struct Draft {
    octets: Vec<u8>,
    files: Files,
}

impl MemoryCrls {
    /// What is there under a name.
    pub fn get(&self, name: &str) -> Option<Vec<u8>> {
        files(&self.files).get(name).cloned()
    }

    /// All names.
    pub fn names(&self) -> Vec<String> {
        files(&self.files).keys().cloned().collect()
    }
}

#[async_trait]
impl CrlSink for MemoryCrls {
    async fn begin(&self) -> Result<Box<dyn CrlDraft>> {
        Ok(Box::new(Draft { octets: Vec::new(), files: Arc::clone(&self.files) }))
    }

    async fn read(&self, name: &str, offset: u64, limit: usize) -> Result<Vec<u8>> {
        check(name)?;
        let files = files(&self.files);
        let file = files.get(name).ok_or_else(|| ErrorKind::NotFound.at("read"))?;
        Ok(part(file, offset, limit))
    }

    async fn remove(&self, name: &str) -> Result<()> {
        check(name)?;
        files(&self.files).remove(name);
        Ok(())
    }
}

#[async_trait]
impl CrlDraft for Draft {
    async fn append(&mut self, octets: Vec<u8>) -> Result<()> {
        self.octets.extend(octets);
        Ok(())
    }

    async fn read(&mut self, offset: u64, limit: usize) -> Result<Vec<u8>> {
        Ok(part(&self.octets, offset, limit))
    }

    async fn keep(self: Box<Self>, name: &str) -> Result<()> {
        check(name)?;
        files(&self.files).insert(name.to_owned(), self.octets);
        Ok(())
    }
}

#[async_trait]
impl Publisher for MemoryCrls {
    async fn publish(&self, name: &str, file: &mut dyn Source) -> Result<()> {
        check(name)?;
        let mut whole = Vec::new();
        loop {
            let octets = file.next().await?;
            if octets.is_empty() {
                files(&self.files).insert(name.to_owned(), whole);
                return Ok(());
            }
            whole.extend(octets);
        }
    }
}

fn files(files: &Files) -> MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
    files.lock().unwrap_or_else(PoisonError::into_inner)
}

fn part(octets: &[u8], offset: u64, limit: usize) -> Vec<u8> {
    let rest = usize::try_from(offset).ok().and_then(|offset| octets.get(offset..));
    let rest = rest.unwrap_or_default();
    rest.get(..limit).unwrap_or(rest).to_vec()
}

fn check(name: &str) -> Result<()> {
    let fits = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-' || c == b'.';
    let begins = name.bytes().next().is_some_and(|c| c.is_ascii_lowercase());
    let good = begins && name.len() <= 100 && name.bytes().all(fits);
    good.then_some(()).ok_or_else(|| ErrorKind::Invalid.at("name"))
}
