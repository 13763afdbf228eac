//! A folder of checkpoints: on another disk, or one that is copied elsewhere.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use gost_ca::audit::checkpoint::SignedCheckpoint;
use gost_ca::provider::{AuditSink, ErrorKind, Result};

use crate::durable_file::{Lock, replace};
use gost_ca_workers::Workers;

/// Keeps each checkpoint in a file of its own, `checkpoint-00000000000000000001.json` and so on.
///
/// What is there is never written again. The folder should be where whoever can write the record cannot.
#[derive(Debug)]
pub struct CheckpointFolder {
    folder: PathBuf,
    workers: Workers,
}

impl CheckpointFolder {
    /// Keeps checkpoints in a folder, which must exist.
    ///
    /// # Errors
    /// `Unavailable` where there is no such folder, or no thread to be had.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self> {
        let folder = folder.into();
        if !folder.is_dir() {
            return Err(ErrorKind::Unavailable.at("CheckpointFolder::open"));
        }
        let workers = Workers::start("checkpoints", 1, 64)
            .map_err(|error| ErrorKind::Unavailable.at("CheckpointFolder::open").because(error))?;
        Ok(Self { folder, workers })
    }
}

#[async_trait]
impl AuditSink for CheckpointFolder {
    async fn keep(&self, checkpoint: &SignedCheckpoint) -> Result<()> {
        let (folder, checkpoint) = (self.folder.clone(), checkpoint.clone());
        self.workers.run("keep", move || keep(&folder, &checkpoint)).await
    }

    async fn newest(&self) -> Result<Option<SignedCheckpoint>> {
        let folder = self.folder.clone();
        self.workers.run("newest", move || newest(&folder)).await
    }
}

fn keep(folder: &Path, checkpoint: &SignedCheckpoint) -> Result<()> {
    let lost = |error: io::Error| ErrorKind::Unavailable.at("keep").because(error);
    let _alone = Lock::take(folder).map_err(lost)?;
    let name = name(checkpoint.checkpoint.number);
    if let Some(known) = read(&folder.join(&name))? {
        let same = known.checkpoint == checkpoint.checkpoint;
        return if same { Ok(()) } else { Err(ErrorKind::Invalid.at("keep")) };
    }
    let json = serde_json::to_vec(checkpoint);
    let json = json.map_err(|error| ErrorKind::Fault.at("keep").because(error))?;
    replace(folder, &name, &json).map_err(lost)
}

fn newest(folder: &Path) -> Result<Option<SignedCheckpoint>> {
    let lost = |error: io::Error| ErrorKind::Unavailable.at("newest").because(error);
    let mut newest = None;
    for file in fs::read_dir(folder).map_err(lost)? {
        let name = file.map_err(lost)?.file_name();
        let name = name.to_str().filter(|name| is_checkpoint(name)).map(str::to_owned);
        newest = newest.max(name); // numbers have leading zeros: names compare as they do
    }
    newest.map_or(Ok(None), |name| read(&folder.join(name)))
}

/// None where there is no such file.
fn read(path: &Path) -> Result<Option<SignedCheckpoint>> {
    let json = match fs::read(path) {
        Ok(json) => json,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(ErrorKind::Unavailable.at("newest").because(error)),
    };
    let read = serde_json::from_slice(&json);
    read.map(Some).map_err(|error| ErrorKind::Fault.at("newest").because(error))
}

fn name(number: u64) -> String {
    format!("checkpoint-{number:020}.json")
}

fn is_checkpoint(name: &str) -> bool {
    let number = name.strip_prefix("checkpoint-").and_then(|rest| rest.strip_suffix(".json"));
    number.is_some_and(|number| number.len() == 20 && number.bytes().all(|c| c.is_ascii_digit()))
}
