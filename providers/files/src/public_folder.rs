//! A folder from which a web server gives CRLs out.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use gost_ca::provider::publisher::Source;
use gost_ca::provider::{Publisher, Result};
use tokio::sync::Mutex;

use crate::crl_folder::sync;
use crate::name::{check, failed};
use crate::thread::Thread;

/// Publishes into a folder: whoever opens a file there finds the old one or the new one, whole.
#[derive(Debug)]
pub struct PublicFolder {
    path: PathBuf,
    thread: Thread,
    /// One publication at a time: they share the temporary name.
    turn: Mutex<()>,
}

impl PublicFolder {
    /// Opens a folder, and makes it where there is none.
    ///
    /// # Errors
    /// `Unavailable` where it cannot be opened.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref().to_owned();
        fs::create_dir_all(&path).map_err(failed("open"))?;
        Ok(Self { path, thread: Thread::start("public-folder")?, turn: Mutex::new(()) })
    }
}

#[async_trait]
impl Publisher for PublicFolder {
    async fn publish(&self, name: &str, source: &mut dyn Source) -> Result<()> {
        check(name)?;
        let _turn = self.turn.lock().await;
        let (temporary, folder) = (self.path.join(format!(".{name}.new")), self.path.clone());
        let begin = temporary.clone();
        let create = move || File::create(begin).map_err(failed("publish"));
        let mut file = self.thread.run("publish", create).await?;
        loop {
            let octets = source.next().await?;
            let end = octets.is_empty();
            let write = move || {
                file.write_all(&octets).map_err(failed("publish"))?;
                Ok(file)
            };
            file = self.thread.run("publish", write).await?;
            if end {
                break;
            }
        }
        let to = self.path.join(name);
        let finish = move || {
            let synced = file.sync_all().and_then(|()| fs::rename(temporary, to));
            synced.and_then(|()| sync(&folder)).map_err(failed("publish"))
        };
        self.thread.run("publish", finish).await
    }
}
