//! A folder that keeps CRLs.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use gost_ca::provider::{CrlDraft, CrlSink, ErrorKind, Result};

use crate::name::{check, failed};
use crate::thread::Thread;

/// Keeps CRLs in a folder of its own. One process at a time: drafts of another are swept away.
#[derive(Debug)]
pub struct CrlFolder {
    path: PathBuf,
    thread: Arc<Thread>,
    drafts: AtomicU64,
}

impl CrlFolder {
    /// Opens a folder, makes it where there is none, and removes what an interrupted process left.
    ///
    /// # Errors
    /// `Unavailable` where it cannot be opened.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref().to_owned();
        let unavailable = || failed("open");
        fs::create_dir_all(&path).map_err(unavailable())?;
        for file in fs::read_dir(&path).map_err(unavailable())? {
            let file = file.map_err(unavailable())?;
            if file.file_name().to_string_lossy().starts_with(DRAFT) {
                fs::remove_file(file.path()).map_err(unavailable())?;
            }
        }
        let thread = Arc::new(Thread::start("crl-folder")?);
        Ok(Self { path, thread, drafts: AtomicU64::new(0) })
    }
}

#[async_trait]
impl CrlSink for CrlFolder {
    async fn begin(&self) -> Result<Box<dyn CrlDraft>> {
        let number = self.drafts.fetch_add(1, Ordering::Relaxed);
        let (folder, path) = (self.path.clone(), self.path.join(format!("{DRAFT}{number}")));
        let thread = Arc::clone(&self.thread);
        let file = self.thread.run("begin", move || Draft::open(folder, path)).await?;
        Ok(Box::new(Drafting { file: Arc::new(Mutex::new(file)), thread }))
    }

    async fn read(&self, name: &str, offset: u64, limit: usize) -> Result<Vec<u8>> {
        check(name)?;
        let path = self.path.join(name);
        let read = move || {
            let mut file = File::open(path).map_err(failed("read"))?;
            read_at(&mut file, offset, limit)
        };
        self.thread.run("read", read).await
    }

    async fn remove(&self, name: &str) -> Result<()> {
        check(name)?;
        let (folder, path) = (self.path.clone(), self.path.join(name));
        let remove = move || match fs::remove_file(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            done => done.and_then(|()| sync(&folder)).map_err(failed("remove")),
        };
        self.thread.run("remove", remove).await
    }
}

#[derive(Debug)]
struct Drafting {
    file: Arc<Mutex<Draft>>,
    thread: Arc<Thread>,
}

/// A file that is removed with it, unless it was kept.
#[derive(Debug)]
struct Draft {
    file: File,
    folder: PathBuf,
    path: PathBuf,
    kept: bool,
}

impl Draft {
    fn open(folder: PathBuf, path: PathBuf) -> Result<Self> {
        let file = File::options().read(true).write(true).create_new(true).open(&path);
        Ok(Self { file: file.map_err(failed("begin"))?, folder, path, kept: false })
    }

    fn append(&mut self, octets: &[u8]) -> Result<()> {
        let end = self.file.seek(SeekFrom::End(0));
        end.and_then(|_| self.file.write_all(octets)).map_err(failed("append"))
    }

    fn keep(&mut self, name: &str) -> Result<()> {
        let (to, folder) = (self.folder.join(name), &self.folder);
        let kept = self.file.sync_all().and_then(|()| fs::rename(&self.path, to));
        self.kept = kept.is_ok();
        kept.and_then(|()| sync(folder)).map_err(failed("keep"))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.kept {
            let _the_next_start_removes_it = fs::remove_file(&self.path);
        }
    }
}

#[async_trait]
impl CrlDraft for Drafting {
    async fn append(&mut self, octets: Vec<u8>) -> Result<()> {
        self.on_thread("append", move |draft| draft.append(&octets)).await
    }

    async fn read(&mut self, offset: u64, limit: usize) -> Result<Vec<u8>> {
        self.on_thread("read", move |draft| read_at(&mut draft.file, offset, limit)).await
    }

    async fn keep(self: Box<Self>, name: &str) -> Result<()> {
        check(name)?;
        let name = name.to_owned();
        self.on_thread("keep", move |draft| draft.keep(&name)).await
    }
}

impl Drafting {
    async fn on_thread<T: Send + 'static>(
        &self,
        operation: &'static str,
        act: impl FnOnce(&mut Draft) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let file = Arc::clone(&self.file);
        let act = move || act(&mut file.lock().unwrap_or_else(PoisonError::into_inner));
        self.thread.run(operation, act).await
    }
}

fn read_at(file: &mut File, offset: u64, limit: usize) -> Result<Vec<u8>> {
    let unavailable = || failed("read");
    let length = file.metadata().map_err(unavailable())?.len();
    let rest = length.saturating_sub(offset);
    let size = rest.min(u64::try_from(limit).unwrap_or(u64::MAX));
    let size = usize::try_from(size).map_err(|_| ErrorKind::Invalid.at("read"))?;
    let mut octets = vec![0; size];
    file.seek(SeekFrom::Start(offset)).map_err(unavailable())?;
    file.read_exact(&mut octets).map_err(unavailable())?;
    Ok(octets)
}

/// Makes renames and unlinks durable.
pub(crate) fn sync(folder: &Path) -> std::io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Names of CRLs begin with a letter, so none is taken for a draft.
const DRAFT: &str = ".draft-";
